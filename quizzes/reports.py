"""What answers tell staff: what a page taught, and what people are sure of that is not so.

Never about one person. Read only; a report asks the same number of queries however many
answers there are. Staff are left out; a guest is somebody new in every browser.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum
from django.urls import reverse

from quizzes import marks
from quizzes.item_statistics import Estimate, Gain, Missing, gain, wilson
from quizzes.models import (
    AttemptSlot,
    AttemptState,
    Certainty,
    Option,
    Phase,
    Purpose,
    QuestionVersion,
    Quiz,
    QuizVersion,
    ResponseStep,
    SlotScore,
    StepKind,
)

FEWEST = 5
"""Below this nothing is said, because people could be recognised."""
FEWEST_FOR_INTERVAL = 10
NOT_STAFF = Q(attempt__user=None) | Q(attempt__user__is_staff=False)


# --- What a page taught ----------------------------------------------------------------------


@dataclass(frozen=True)
class LearningGain:
    """A quiz taken before and after reading, in the version that is asked now."""

    quiz_title: str
    version: int
    article_url: str
    finished: int
    """People who answered both times."""
    dropped_out: int
    """People who answered only before reading, until now."""
    gain: Gain | Missing

    @property
    def is_too_few(self) -> bool:
        return self.finished + self.dropped_out < FEWEST


def learning_gain(quiz: Quiz) -> LearningGain:
    """What people knew before and after, of the first time that each of them took it.

    Both halves ask the same wordings (starting.start_after). Marks are those in force. Call it
    on a quiz that is open.
    """
    (found,) = _gains(QuizVersion.objects.current().filter(quiz=quiz))
    return found


def learning_gains() -> tuple[LearningGain, ...]:
    """Of every open quiz that is taken before and after reading."""
    return _gains(
        QuizVersion.objects.current()
        .filter(quiz__purpose=Purpose.BEFORE_AFTER)
        .order_by("quiz__slug")
    )


def _gains(versions: QuerySet[QuizVersion]) -> tuple[LearningGain, ...]:
    rows = list(versions.select_related("quiz__article"))
    halves = _halves(rows)
    return tuple(_gain_of(row, halves) for row in rows)


@dataclass(frozen=True)
class Half:
    """One finished half of somebody: its share of all marks, in thousandths."""

    attempt_id: object
    version_id: int
    person: object
    share: int
    retry_of: object


def _gain_of(version: QuizVersion, halves: Sequence[Half]) -> LearningGain:
    """Of each person the first attempt before reading, with what came after it."""
    after = {half.retry_of: half.share for half in halves if half.retry_of}
    first: dict[object, Half] = {}
    for half in halves:
        if not half.retry_of and half.version_id == version.pk:
            first.setdefault(half.person, half)
    both = [
        (half.share, after[half.attempt_id])
        for half in first.values()
        if half.attempt_id in after
    ]
    article = version.quiz.article
    return LearningGain(
        quiz_title=version.title,
        version=version.number,
        article_url=reverse("article", args=[article.slug]) if article else "",
        finished=len(both),
        dropped_out=len(first) - len(both),
        gain=gain(both, most=marks.FULL),
    )


def _halves(versions: Sequence[QuizVersion]) -> list[Half]:
    """The finished halves of these versions, the first ones first."""
    rows = (
        AttemptSlot.objects.filter(
            NOT_STAFF,
            attempt__quiz_version__in=versions,
            attempt__state=AttemptState.SUBMITTED,
            attempt__phase__in=(Phase.BEFORE, Phase.AFTER),
        )
        .annotate(mark=mark_in_force("pk"))
        .values(
            "attempt_id",
            version=F("attempt__quiz_version"),
            user=F("attempt__user"),
            guest=F("attempt__guest_key"),
            retry_of=F("attempt__retry_of"),
        )
        .annotate(got=Sum("mark", default=0), of=Count("pk"))
        .order_by("attempt__started_at", "attempt_id")
    )
    return [
        Half(
            attempt_id=row["attempt_id"],
            version_id=row["version"],
            person=row["user"] or row["guest"] or row["attempt_id"],
            share=round(row["got"] / row["of"]),
            retry_of=row["retry_of"],
        )
        for row in rows
    ]


def mark_in_force(slot: str) -> Subquery:
    """The newest mark of the slot that this name leads to; none without an answer."""
    newest = SlotScore.objects.filter(slot=OuterRef(slot)).order_by("-pk")
    return Subquery(newest.values("thousandths")[:1])


# --- Sure, and wrong -------------------------------------------------------------------------


@dataclass(frozen=True)
class ConfidentlyWrong:
    """A question, and a belief that people held who were very sure of a wrong answer."""

    stem: str
    question_url: str
    passage_url: str
    passage: str
    belief: str
    """What they may believe; "" when their options name no misconception."""
    sure: int
    of: int
    """People who said at this question how sure they were."""

    @property
    def share(self) -> Estimate | None:
        """With its interval; of few people the numbers alone are said."""
        return wilson(self.sure, self.of) if self.of >= FEWEST_FOR_INTERVAL else None


@dataclass(frozen=True)
class FirstAnswer:
    """What somebody answered to a question the first time."""

    question_id: int
    person: object
    certainty: int | None
    chosen: tuple[str, ...]
    mark: int | None

    @property
    def is_sure_and_wrong(self) -> bool:
        is_wrong = self.mark == 0 and marks.UNSURE not in self.chosen
        return is_wrong and self.certainty == Certainty.VERY_SURE


def confidently_wrong() -> tuple[ConfidentlyWrong, ...]:
    """For each question and belief how many were very sure and wrong, the most first.

    Only first answers count, only ones that said how sure, and only those to wordings of the
    meaning that the question has now. Wrong is who got no mark at all. A belief is known where
    options are chosen by name: not for numbers, sentences, pairs and orders.
    """
    answers = list(_first_answers())
    said = Counter(a.question_id for a in answers)
    wrong = [
        a for a in answers if a.is_sure_and_wrong and said[a.question_id] >= FEWEST
    ]
    beliefs = _beliefs({a.question_id for a in wrong})
    counts = Counter(
        (a.question_id, belief) for a in wrong for belief in _held(a, beliefs)
    )
    versions = _versions({question for question, _ in counts})
    lines = [
        _line(versions[question], belief, sure, said[question])
        for (question, belief), sure in counts.items()
    ]
    return tuple(sorted(lines, key=lambda line: (-line.sure / line.of, line.stem)))


def _first_answers() -> Iterator[FirstAnswer]:
    """Of each person to each question, where they said how sure they were."""
    newest = QuestionVersion.objects.newest_published().filter(
        question=OuterRef("slot__question_version__question")
    )
    rows = (
        ResponseStep.objects.filter(
            Q(slot__attempt__user=None) | Q(slot__attempt__user__is_staff=False),
            kind=StepKind.ANSWER,
            slot__attempt__is_review=False,
            slot__attempt__retry_of=None,
            slot__question_version__meaning_group=Subquery(
                newest.values("meaning_group")[:1]
            ),
        )
        .annotate(mark=mark_in_force("slot"))
        .order_by("at", "pk")
        .values_list(
            "slot__question_version__question",
            "slot__attempt__user",
            "slot__attempt__guest_key",
            "slot__attempt",
            "certainty",
            "chosen",
            "mark",
        )
    )
    seen = set()
    for question, user, guest, attempt, certainty, chosen, mark in rows.iterator():
        person = user or guest or attempt
        if (question, person) not in seen and certainty is not None:
            yield FirstAnswer(question, person, certainty, tuple(chosen), mark)
        seen.add((question, person))


def _beliefs(questions: Iterable[int]) -> dict[str, str]:
    """What each option of these questions stands for, by its token."""
    options = Option.objects.filter(version__question__in=list(questions))
    named = options.exclude(misconception=None)
    return dict(named.values_list("token", "misconception__belief"))


def _held(answer: FirstAnswer, beliefs: Mapping[str, str]) -> set[str]:
    return {beliefs[token] for token in answer.chosen if token in beliefs} or {""}


def _versions(questions: Iterable[int]) -> dict[int, QuestionVersion]:
    found = QuestionVersion.objects.newest_published().filter(
        question__in=list(questions)
    )
    return {row.question_id: row for row in found.select_related("basis__article")}


def _line(
    version: QuestionVersion, belief: str, sure: int, of: int
) -> ConfidentlyWrong:
    basis = version.basis
    page = reverse("article", args=[basis.article.slug])
    return ConfidentlyWrong(
        stem=version.stem,
        question_url=reverse(
            "admin:quizzes_question_change", args=[version.question_id]
        ),
        passage_url=f"{page}#{basis.passage_key}",
        passage=f"{basis.article.slug}#{basis.passage_key}",
        belief=belief,
        sure=sure,
        of=of,
    )
