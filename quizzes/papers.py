"""What a learner may see before the answer. Frozen, flat, and without the key."""

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery, Sum
from django.urls import reverse
from django.utils import timezone

from articles.models import ArticleVersion, Passage
from quizzes import marks
from quizzes.answers import Sheet
from quizzes.keys import Texts, shown_texts, texts_of
from quizzes.models import (
    AttemptSlot,
    AttemptState,
    Kind,
    Phase,
    Purpose,
    QuestionVersion,
    QuizSlot,
    QuizVersion,
    SlotState,
    Standing,
    Taker,
)
from quizzes.pools import asked_in, sound_versions
from quizzes.sampling import option_order

HINTS = {
    Kind.SINGLE: "Select one option.",
    Kind.TRUE_FALSE: "Select one option.",
    Kind.SEVERAL: (
        "Select all that apply. Each right one adds to the result, each wrong one "
        "takes away."
    ),
    Kind.MATCHING: "Choose one in each row. Each row that is right counts.",
    Kind.ORDERING: (
        "Give each line its place, or move it up and down. Each line in its right place "
        "counts."
    ),
    Kind.NUMBER: "Write it in figures.",
    Kind.SENTENCE: "Select the sentence that tells you.",
}
IN_PROGRESS, SET_ASIDE = AttemptState.IN_PROGRESS, AttemptState.SET_ASIDE
UNSURE_LABEL = "I am not sure"


@dataclass(frozen=True)
class Paper:
    """A question before it is answered. There is no key in it."""

    attempt_id: uuid.UUID | None
    position: int
    of: int
    quiz_slug: str
    quiz_title: str
    kind: str
    stem: str
    hint: str
    choices: tuple[tuple[str, str], ...]
    """(value, label); values are random and say nothing."""
    version_id: int
    rows: tuple[tuple[str, str], ...] = ()
    """Matching and ordering: (value, label) of each line, as shown."""
    unit: str = ""
    ask_certainty: bool = False
    deadline_at: dt.datetime | None = None
    step: int = 1
    where_url: str = ""
    where_heading: str = ""
    previous_url: str = ""
    skipped: bool = False

    @property
    def sheet(self) -> Sheet:
        """What may be answered."""
        lines = self.rows or self.choices
        tokens = (value for value, _ in lines if value != marks.UNSURE)
        return Sheet(self.kind, tuple(tokens), tuple(v for v, _ in self.choices))


@dataclass(frozen=True)
class SectionCheck:
    """The question at a section's end, as the article page shows it."""

    quiz_slug: str
    passage_key: str
    paper: Paper


@dataclass(frozen=True)
class QuizCard:
    slug: str
    title: str
    intro: str
    questions: int
    minutes: int
    article_slug: str
    article_title: str
    purpose: str
    pass_mark: int | None
    attempts_allowed: int | None
    time_limit: int | None
    gives_certificate: bool

    @property
    def is_test(self) -> bool:
        return self.purpose == Purpose.TEST

    @property
    def is_pair(self) -> bool:
        return self.purpose == Purpose.BEFORE_AFTER

    @property
    def fits_one_page(self) -> bool:
        """A test begins with an attempt, and a pair has a page to read in between."""
        return self.purpose == Purpose.SELF_CHECK


@dataclass(frozen=True)
class OpenAttempt:
    id: uuid.UUID
    answered: int
    of: int
    started_on: dt.date
    next_position: int
    is_set_aside: bool


def paper_for(slot: AttemptSlot, *, of: int) -> Paper:
    """The question of a slot; costs one query, for the options' texts."""
    version, quiz = slot.question_version, slot.attempt.quiz_version
    texts = shown_texts(version, slot.passage)
    place = where(slot.passage, slot)
    return Paper(
        attempt_id=slot.attempt_id,
        position=slot.position,
        of=of,
        quiz_slug=quiz.quiz.slug,
        quiz_title=quiz.title,
        **_question(version, slot.option_order, texts),
        ask_certainty=quiz.ask_certainty,
        deadline_at=slot.attempt.deadline_at,
        step=slot.next_step,
        where_url=place.url,
        where_heading=place.heading,
        previous_url=question_url(slot, slot.position - 1) if slot.position > 1 else "",
        skipped=slot.state == SlotState.SKIPPED,
    )


def sheet_of(standing: Standing) -> Sheet:
    """What may be answered, without the texts and so without a query."""
    return Sheet(
        standing.kind, standing.option_order, tuple(standing.scoring.get("choices", ()))
    )


def _question(
    version: QuestionVersion, order: Iterable[str], texts: Texts
) -> dict[str, Any]:
    """The part of a paper that is the question itself."""
    lines = tuple((token, texts.lines[token]) for token in order)
    is_list = version.kind in (Kind.MATCHING, Kind.ORDERING)
    return {
        "kind": version.kind,
        "stem": version.stem,
        "hint": HINTS[Kind(version.kind)],
        "rows": lines if is_list else (),
        "choices": _choices(version.kind, lines, texts.matches),
        "unit": version.unit,
        "version_id": version.pk,
    }


def _choices(
    kind: str, lines: tuple[tuple[str, str], ...], matches: dict[str, str]
) -> tuple[tuple[str, str], ...]:
    if kind == Kind.MATCHING:
        # By the alphabet, which knows nothing of the rows.
        return tuple(sorted(matches.items(), key=lambda match: match[1].lower()))
    if kind in (Kind.ORDERING, Kind.NUMBER):
        return ()
    return lines if kind == Kind.SEVERAL else (*lines, (marks.UNSURE, UNSURE_LABEL))


def papers_of(
    quiz_version: QuizVersion, *, at: dt.datetime, seed: str, taker: Taker
) -> tuple[Paper, ...]:
    """All questions of a quiz for one page, before any attempt exists."""
    found = asked_in(quiz_version, at=at, seed=seed, taker=taker)
    passages = _passages_of(found)
    return tuple(
        _unstarted(quiz_version, version, passages, position, len(found))
        for position, version in enumerate(found, 1)
    )


def _passages_of(versions: Iterable[QuestionVersion]) -> dict[int, Passage]:
    """The passages whose sentences are shown, by id; none for the other kinds."""
    ids = [
        getattr(v, "live_passage_id", None) for v in versions if v.kind == "sentence"
    ]
    return Passage.objects.in_bulk([pk for pk in ids if pk])


def _unstarted(
    quiz_version: QuizVersion,
    version: QuestionVersion,
    passages: dict[int, Passage],
    position: int,
    of: int,
) -> Paper:
    texts = texts_of(version, passages.get(getattr(version, "live_passage_id", 0)))
    slug = quiz_version.quiz.slug
    order = option_order(version.kind, list(texts.lines), seed=f"{slug}:{version.pk}")
    return Paper(
        attempt_id=None,
        position=position,
        of=of,
        quiz_slug=slug,
        quiz_title=quiz_version.title,
        ask_certainty=quiz_version.ask_certainty,
        **_question(version, order, texts),
    )


def section_checks(article_slug: str, *, at: dt.datetime) -> tuple[SectionCheck, ...]:
    """The checks on an article's page, in the same order of options for every reader."""
    quizzes = (
        QuizVersion.objects.current()
        .filter(quiz__article__slug=article_slug, quiz__purpose=Purpose.SECTION_CHECK)
        .select_related("quiz")
    )
    by_question = {
        slot.question_id: slot.version
        for slot in QuizSlot.objects.filter(version__in=quizzes).select_related(
            "version__quiz"
        )
    }
    versions = sound_versions(at).filter(question__in=by_question)
    passages = _passages_of(versions)
    found = []
    for version in versions:
        quiz = by_question[version.question_id]
        paper = _unstarted(quiz, version, passages, 1, 1)
        found.append(SectionCheck(quiz.quiz.slug, quiz.quiz.passage_key, paper))
    return tuple(found)


ON_CARDS = (
    "title",
    "intro",
    "minutes",
    "pass_mark",
    "attempts_allowed",
    "time_limit",
    "gives_certificate",
    "ask_certainty",
    "quiz__slug",
    "quiz__purpose",
    "quiz__article__slug",
)


def quiz_cards(
    *, at: dt.datetime, article_slug: str | None = None, slug: str | None = None
) -> tuple[QuizCard, ...]:
    """Quizzes that can be taken, in one query."""
    live = ArticleVersion.objects.live(at).filter(article=OuterRef("quiz__article"))
    rows = (
        QuizVersion.objects.current()
        .exclude(quiz__purpose=Purpose.SECTION_CHECK)
        .select_related("quiz__article")
        .annotate(
            questions=Sum("slots__draw"),
            article_title=Subquery(live.values("title")[:1]),
        )
        .only(*ON_CARDS)
        .order_by("quiz__article__position", "quiz__slug")
    )
    if article_slug is not None:
        rows = rows.filter(quiz__article__slug=article_slug)
    if slug is not None:
        rows = rows.filter(quiz__slug=slug)
    return tuple(_card(row) for row in rows)


def _card(row: QuizVersion) -> QuizCard:
    title = getattr(row, "article_title", None) or ""
    article = row.quiz.article
    return QuizCard(
        slug=row.quiz.slug,
        title=row.title,
        intro=row.intro,
        questions=getattr(row, "questions", 0),
        minutes=row.minutes,
        article_slug=article.slug if article and title else "",
        article_title=title,
        purpose=row.quiz.purpose,
        pass_mark=row.pass_mark,
        attempts_allowed=row.attempts_allowed,
        time_limit=row.time_limit,
        gives_certificate=row.gives_certificate,
    )


def open_attempt(quiz_version: QuizVersion, *, taker: Taker) -> OpenAttempt | None:
    """The attempt that the learner can go on with: the open one, else the last set aside."""
    unfinished = taker.theirs().filter(
        quiz_version=quiz_version, state__in=(IN_PROGRESS, SET_ASIDE)
    )
    # What is left of a review is still due, so a new one asks it.
    unfinished = unfinished.exclude(state=SET_ASIDE, is_review=True)
    # "in_progress" comes before "set_aside".
    found = unfinished.order_by("state", "-started_at").first()
    if found is None:
        return None
    slots = list(found.slots.all())
    waiting = [s.position for s in slots if s.state != SlotState.ANSWERED]
    return OpenAttempt(
        id=found.id,
        answered=len(slots) - len(waiting),
        of=len(slots),
        started_on=timezone.localdate(found.started_at),
        next_position=min(waiting, default=1),
        is_set_aside=found.state == SET_ASIDE,
    )


def halfway_attempt(quiz_version: QuizVersion, *, taker: Taker) -> uuid.UUID | None:
    """The half before reading that is done, when the other half is not begun yet."""
    done = taker.theirs().filter(
        quiz_version=quiz_version, phase=Phase.BEFORE, state=AttemptState.SUBMITTED
    )
    found = done.exclude(retries__phase=Phase.AFTER).order_by("-started_at").first()
    return found.id if found else None


def can_be_asked(quiz_version: QuizVersion, *, at: dt.datetime) -> bool:
    """Whether enough questions are sound for a new attempt."""
    found = asked_in(quiz_version, at=at, seed="", taker=Taker())
    return len(found) >= quiz_version.needed


@dataclass(frozen=True)
class Where:
    """The passage that answers a question, on today's page."""

    url: str = ""
    heading: str = ""
    article_title: str = ""
    article_slug: str = ""


def where(passage: Passage | None, slot: AttemptSlot) -> Where:
    """The passage on today's page, with the way back to this question."""
    if passage is None:
        return Where()
    slug = passage.version.article.slug
    back = f"?from={slot.attempt_id}.{slot.position}"
    return Where(
        url=f"{reverse('article', args=[slug])}{back}#{passage.key}",
        heading=passage.heading,
        article_title=passage.version.title,
        article_slug=slug,
    )


def question_url(slot: AttemptSlot, position: int) -> str:
    return reverse("question", args=[slot.attempt_id, position])
