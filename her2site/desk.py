"""The desk: what waits for whom, from both apps. Read only."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils import timezone

from her2site import queues, short_queues
from her2site.queues import Lines

WRITE = "articles.change_articleversion"
PUBLISH = "articles.publish_articleversion"
SIGN_OFF = "articles.sign_off_articleversion"
QUESTIONS = "quizzes.view_question"


@dataclass(frozen=True)
class Queue:
    """What a queue is called, who works on it (any one permission), and its button.

    Without `list_url` the button opens the first line.
    """

    id: str
    title: str
    button: str
    permissions: tuple[str, ...]
    list_url: str = ""
    query: str = ""
    is_urgent: bool = False


QUEUES = (
    Queue(
        "hidden",
        "Passages hidden from readers",
        "Open the page",
        ("articles.hide_passage", WRITE),
        is_urgent=True,
    ),
    Queue(
        "sources",
        "Sources that no longer hold",
        "See where it is used",
        (WRITE, SIGN_OFF),
        is_urgent=True,
    ),
    Queue(
        "late",
        "Past their review date",
        "Start the review",
        (WRITE, SIGN_OFF),
        is_urgent=True,
    ),
    Queue(
        "suspect",
        "Questions whose passage or source changed",
        "See them all",
        (QUESTIONS,),
        "quizzes_question",
        "?suspect=yes",
        is_urgent=True,
    ),
    Queue(
        "corrections",
        "Corrected keys that wait for a second person",
        "See them all",
        ("quizzes.correct_questionversion",),
        "quizzes_keycorrection",
        is_urgent=True,
    ),
    Queue(
        "quizzes",
        "Quizzes that lost questions",
        "Open the quiz",
        ("quizzes.view_quiz",),
        is_urgent=True,
    ),
    Queue(
        "waiting",
        "Waiting for a reviewer or a publisher",
        "Open the oldest",
        (SIGN_OFF, PUBLISH),
    ),
    Queue(
        "experts",
        "Experts who ask for changes, or did not answer",
        "Open the version",
        (SIGN_OFF, PUBLISH),
    ),
    Queue(
        "reports",
        "Readers said",
        "Read what they said",
        ("articles.change_readerreport",),
        "articles_readerreport",
        "?state=unread",
    ),
    Queue(
        "links",
        "Links that are broken",
        "See them all",
        (WRITE,),
        "articles_linktarget",
        "?health__exact=broken",
    ),
    Queue(
        "misses",
        "Searches without result",
        "See them all",
        (WRITE,),
        "articles_searchmiss",
    ),
    Queue(
        "drafts",
        "Drafts",
        "See them all",
        (WRITE,),
        "articles_articleversion",
        "?status__exact=draft",
    ),
    Queue("question-drafts", "Questions in draft", "Open the oldest", (QUESTIONS,)),
    Queue("coming", "Waits to go live", "Open the first", (PUBLISH, WRITE)),
    Queue(
        "unsigned",
        "On the site, not signed by a clinician",
        "Open the oldest",
        (SIGN_OFF, PUBLISH),
    ),
    Queue("soon", "Due for review within 60 days", "Open the first", (WRITE, SIGN_OFF)),
)
NOTHING = Lines(0, ())
OF_PAGES = {"late", "soon", "unsigned", "coming"}
OF_VERSIONS = {"drafts", "waiting"}
OF_QUESTIONS = {"suspect", "question-drafts"}


@dataclass(frozen=True)
class Block:
    """A queue with what is in it."""

    queue: Queue
    lines: Lines
    remark: str = ""

    @property
    def id(self) -> str:
        return self.queue.id

    @property
    def title(self) -> str:
        return self.queue.title

    @property
    def more(self) -> int:
        return self.lines.total - len(self.lines.shown)

    @property
    def button_url(self) -> str:
        queue = self.queue
        if queue.list_url:
            return reverse(f"admin:{queue.list_url}_changelist") + queue.query
        return self.lines.shown[0].url


@dataclass(frozen=True)
class Desk:
    """`may` says whether the person has a permission; they see only what is theirs to do."""

    at: dt.datetime
    may: Callable[[str], bool]
    user_id: int | None

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The queues with work in them, urgent ones first."""
        return tuple(block for block in self._all if block.lines.total)

    @cached_property
    def empty(self) -> tuple[Block, ...]:
        return tuple(block for block in self._all if not block.lines.total)

    @cached_property
    def _all(self) -> tuple[Block, ...]:
        mine = [queue for queue in QUEUES if any(map(self.may, queue.permissions))]
        lines = self._lines({queue.id for queue in mine})
        checked = "".join(line.text for line in lines.get("checked", NOTHING).shown)
        remarks = {"links": checked or "never checked"}
        return tuple(
            Block(queue, lines.get(queue.id, NOTHING), remarks.get(queue.id, ""))
            for queue in mine
        )

    def _lines(self, wanted: set[str]) -> Mapping[str, Lines]:
        found: dict[str, Lines] = {}
        if OF_PAGES & wanted:
            found |= queues.published(self.at, user_id=self.user_id)
        if OF_VERSIONS & wanted:
            found |= queues.working(self.at)
        if OF_QUESTIONS & wanted:
            found |= queues.questions(self.at)
        if "sources" in wanted:
            found["sources"] = queues.sources(self.at)
        if "quizzes" in wanted:
            found["quizzes"] = queues.quizzes(self.at)
        if "links" in wanted:
            wanted = {*wanted, "checked"}
        return found | short_queues.short(self.at, wanted=wanted, user_id=self.user_id)

    @property
    def greeting(self) -> str:
        hour = timezone.localtime(self.at).hour
        if hour < 12:
            return "Good morning"
        return "Good afternoon" if hour < 18 else "Good evening"
