"""What changed from one version of a question to the next, for staff."""

from typing import Any

from articles.difference import Change, Section, compare
from quizzes import marks
from quizzes.keys import answer_lines
from quizzes.models import Option, QuestionVersion, VersionStatus
from quizzes.suspicion import accepted_passage


def shown(version: QuestionVersion) -> dict[str, Any]:
    """The version before a published one, what changed since, and corrections of its key."""
    before = before_this(version)
    return {
        "before": before,
        "changes": changes(before, version) if before else (),
        "corrections": version.corrections.select_related("proposed_by", "decided_by"),
    }


def before_this(version: QuestionVersion) -> QuestionVersion | None:
    published = version.question.versions.filter(status=VersionStatus.PUBLISHED)
    return published.filter(number__lt=version.number).first()


def changes(old: QuestionVersion, new: QuestionVersion) -> tuple[Change, ...]:
    return compare(_sections(old), _sections(new))


def _sections(version: QuestionVersion) -> tuple[Section, ...]:
    """Everything of a published version, as it was published."""
    passage = accepted_passage(version.basis)
    key = answer_lines(version, marks.read(version.scoring), passage)
    options = "\n".join(
        map(_in_a_line, version.options.select_related("misconception"))
    )
    sources = version.references.values_list("key", flat=True)
    text = f"{passage.heading}\n\n{passage.body}" if passage else ""
    return (
        Section("=question", "Question", version.stem),
        Section("=kind", "Type", version.get_kind_display()),
        Section("=audience", "Written for", version.get_audience_display()),
        Section("=options", "Options", options),
        Section("=key", "Right answer", "\n".join(key)),
        Section("=explanation", "Explanation", version.explanation),
        Section("=sources", "Sources", "\n".join(sources)),
        Section("=passage", "Passage", f"{version.basis}\n\n{text}"),
    )


def _in_a_line(option: Option) -> str:
    belief = f" [{option.misconception}]" if option.misconception else ""
    return f"{option.text} – {option.explanation}{belief}"
