"""What the staff groups may do with questions and quizzes."""

from typing import Any

from articles.staffing import grant

WRITE = tuple(
    f"quizzes.{action}_{table}"
    for table in (
        "question",
        "questionversion",
        "option",
        "basis",
        "quiz",
        "quizversion",
        "quizslot",
    )
    for action in ("view", "add", "change")
)
READ = (
    *(name for name in WRITE if ".view_" in name),
    "quizzes.view_misconception",
)
PARTS = ("quizzes.delete_option", "quizzes.delete_quizslot", "quizzes.delete_basis")
MISCONCEPTION = (
    "quizzes.view_misconception",
    "quizzes.add_misconception",
    "quizzes.change_misconception",
)
TAGS = ("quizzes.view_tag", "quizzes.add_tag", "quizzes.change_tag")
EXTRA_TIME = tuple(
    f"quizzes.{action}_extratime" for action in ("view", "add", "change", "delete")
)
PUBLISH = (
    "quizzes.publish_questionversion",
    "quizzes.override_questionversion",
    "quizzes.correct_questionversion",
    "quizzes.publish_quizversion",
    "quizzes.view_keycorrection",
    "quizzes.view_certificate",
    "quizzes.withdraw_certificate",
)
REPORTS = ("quizzes.view_reports",)

GROUPS: dict[str, tuple[str, ...]] = {
    "Author": (*WRITE, *PARTS, *MISCONCEPTION, *TAGS),
    "Clinical reviewer": READ,
    "Publisher": (
        *WRITE,
        *PARTS,
        *MISCONCEPTION,
        *TAGS,
        *EXTRA_TIME,
        *PUBLISH,
        *REPORTS,
    ),
    "Analyst": (*READ, *REPORTS),
}


def sync_groups(**_: Any) -> None:
    """After migrate, when the permissions exist."""
    grant(GROUPS)
