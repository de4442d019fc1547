"""What keys give to stored answers: what a correction would change. Read only."""

import datetime as dt
import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery

from quizzes import marks
from quizzes.models import (
    Attempt,
    AttemptSlot,
    AttemptState,
    Certificate,
    CorrectionState,
    KeyCorrection,
    Policy,
    QuestionVersion,
    ResponseStep,
    SlotScore,
    SlotState,
    StepKind,
)

BATCH = 500
# An answer that was under way while a key was corrected may have come before or after it.
UNDER_WAY = dt.timedelta(minutes=2)


@dataclass(frozen=True)
class Rescored:
    """One stored answer under another key, in thousandths."""

    slot_id: int
    attempt_id: uuid.UUID
    user_id: int | None
    before: int
    """In force until then."""
    by_old_key: int
    by_new_key: int
    now: int


def rescored(
    version: QuestionVersion, new_scoring: Mapping[str, Any], *, policy: str
) -> Iterator[list[Rescored]]:
    """Every stored answer of a version, in batches, under `new_scoring`."""
    old, new = marks.read(version.key), marks.read(new_scoring)
    for batch in _in_batches(_answered(version)):
        yield [_rescored(slot, old, new, policy) for slot in batch]


def _answered(version: QuestionVersion) -> QuerySet[AttemptSlot]:
    """Annotate `mark` in force, `chosen` and `user`."""
    steps = ResponseStep.objects.filter(slot=OuterRef("pk"), kind=StepKind.ANSWER)
    return AttemptSlot.objects.filter(
        question_version=version, state=SlotState.ANSWERED
    ).annotate(
        mark=Subquery(_newest().values("thousandths")[:1]),
        chosen=Subquery(steps.values("chosen")[:1]),
    )


def _newest() -> QuerySet[SlotScore]:
    return SlotScore.objects.filter(slot=OuterRef("pk")).order_by("-pk")


def _in_batches(rows: QuerySet[AttemptSlot]) -> Iterator[list[AttemptSlot]]:
    """By their ids, so that rows may be added between two batches."""
    rows, last = rows.select_related("attempt").order_by("pk"), 0
    while batch := list(rows.filter(pk__gt=last)[:BATCH]):
        yield batch
        last = batch[-1].pk


def _rescored(slot: Any, old: marks.Spec, new: marks.Spec, policy: str) -> Rescored:
    never_worse = policy == Policy.NEVER_WORSE
    return Rescored(
        slot_id=slot.pk,
        attempt_id=slot.attempt_id,
        user_id=slot.attempt.user_id,
        before=slot.mark,
        by_old_key=marks.score(old, slot.chosen),
        by_new_key=marks.score(new, slot.chosen),
        now=marks.again(slot.mark, new, slot.chosen, never_worse=never_worse),
    )


# --- Looking ahead ---------------------------------------------------------------------------


@dataclass(frozen=True)
class Effect:
    """What a correction does to the marks of a version, and to tests with a pass mark."""

    answers: int
    up: int
    down: int
    spared: int
    """Would go down, but nobody gets less."""
    now_pass: int
    no_longer_pass: int

    @property
    def sentences(self) -> tuple[str, ...]:
        """The effect in words, for staff."""
        if not self.answers:
            return ("Nobody has answered this version yet.",)
        up = f"{_count(self.up, 'mark goes', 'marks go')} up"
        down = f"{_count(self.down, 'goes', 'go')} down"
        found = [f"Of {_count(self.answers, 'mark', 'marks')}: {up}, {down}."]
        if self.spared:
            found.append(
                f"{self.spared} would go down but {_word(self.spared, 'stays', 'stay')}, "
                "because nobody gets less."
            )
        found.append(
            f"{_count(self.now_pass, 'person passes', 'people pass')} a test who had not; "
            f"{_count(self.no_longer_pass, 'person no longer passes', 'people no longer pass')}."
        )
        return tuple(found)


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {_word(number, one, many)}"


def _word(number: int, one: str, many: str) -> str:
    return one if number == 1 else many


def dry_run(
    version: QuestionVersion, new_scoring: Mapping[str, Any], *, policy: str
) -> Effect:
    """What correcting the key would do now."""
    counts: Counter[str] = Counter()
    for batch in rescored(version, new_scoring, policy=policy):
        counts["answers"] += len(batch)
        counts["up"] += sum(one.now > one.before for one in batch)
        counts["down"] += sum(one.now < one.before for one in batch)
        counts["spared"] += sum(one.by_new_key < one.now for one in batch)
        counts += _verdicts([one for one in batch if one.now != one.before])
    names = ("answers", "up", "down", "spared", "now_pass", "no_longer_pass")
    return Effect(**{name: counts[name] for name in names})


def _verdicts(changed: Sequence[Rescored]) -> Counter[str]:
    """How many finished tests are passed by these changes, or not passed any more."""
    by_attempt = {one.attempt_id: one for one in changed}
    tests = Attempt.objects.filter(
        pk__in=by_attempt,
        state=AttemptState.SUBMITTED,
        quiz_version__pass_mark__isnull=False,
    )
    totals = _totals(list(tests.values_list("pk", flat=True)))
    counts: Counter[str] = Counter()
    for test in tests.select_related("quiz_version"):
        got, of = totals[test.pk]
        one, needed = by_attempt[test.pk], test.quiz_version.pass_mark or 0
        was = marks.percent(got, of=of) >= needed
        now = marks.percent(got - one.before + one.now, of=of) >= needed
        counts["now_pass"] += now and not was
        counts["no_longer_pass"] += was and not now
    return counts


def _totals(attempts: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[int, int]]:
    """Thousandths in force and number of questions of each attempt."""
    rows = AttemptSlot.objects.filter(attempt__in=attempts).annotate(
        mark=Subquery(_newest().values("thousandths")[:1])
    )
    got: Counter[uuid.UUID] = Counter()
    of: Counter[uuid.UUID] = Counter()
    for attempt_id, mark in rows.values_list("attempt", "mark"):
        got[attempt_id] += mark or 0
        of[attempt_id] += 1
    return {attempt_id: (got[attempt_id], of[attempt_id]) for attempt_id in of}


def doubtful_certificates(correction: KeyCorrection) -> tuple[Certificate, ...]:
    """Valid certificates of tests that this correction touched and that are not passed now.

    They are for a person to decide about.
    """
    found = Certificate.objects.filter(
        withdrawn_at=None, attempt__slots__scores__correction=correction
    ).select_related("attempt__quiz_version")
    totals = _totals([one.attempt_id for one in found])
    return tuple(one for one in found if not _is_passed(one.attempt, totals))


def _is_passed(attempt: Attempt, totals: Mapping[uuid.UUID, tuple[int, int]]) -> bool:
    got, of = totals[attempt.pk]
    return marks.percent(got, of=of) >= (attempt.quiz_version.pass_mark or 0)


# --- Looking back ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    """A stored mark that is not what the answer, the keys and the rule give."""

    slot: str
    correction_id: int | None
    stored: str
    derived: str


Row = tuple[int, int]
"""Thousandths, and the number of the rule."""


def differences() -> Iterator[tuple[int, list[Difference]]]:
    """Derive every stored mark again, in batches: how many questions, and what differs."""
    rows = AttemptSlot.objects.select_related("question_version").prefetch_related(
        "steps", "scores", "question_version__corrections"
    )
    for batch in _in_batches(rows):
        yield len(batch), [found for slot in batch for found in _differences(slot)]


def _differences(slot: AttemptSlot) -> Iterator[Difference]:
    stored: dict[int | None, Row] = {
        score.correction_id: (score.thousandths, score.rule)
        for score in slot.scores.all()
    }
    derived = _derived(slot, stored.keys())
    for key in sorted(stored.keys() | derived.keys(), key=lambda pk: pk or 0):
        if stored.get(key) != derived.get(key):
            yield Difference(
                str(slot), key, _in_words(stored.get(key)), _in_words(derived.get(key))
            )


def _in_words(row: Row | None) -> str:
    return f"{row[0]} by rule {row[1]}" if row else "none"


def _derived(slot: AttemptSlot, scored: Any) -> dict[int | None, Row]:
    """By correction, None for the first: the marks that a question should have got."""
    answers = [step for step in slot.steps.all() if step.kind == StepKind.ANSWER]
    if not answers:
        return {}
    answer, version = answers[0], slot.question_version
    applied = [
        row for row in version.corrections.all() if row.state == CorrectionState.APPLIED
    ]
    later = [row for row in applied if _came_after(row, answer, scored)]
    earlier = applied[: len(applied) - len(later)]
    first = earlier[-1].new_scoring if earlier else version.scoring
    mark = marks.score(marks.read(first), answer.chosen)
    found: dict[int | None, Row] = {None: (mark, marks.RULE)}
    for row in later:
        never_worse = row.policy == Policy.NEVER_WORSE
        spec = marks.read(row.new_scoring)
        mark = marks.again(mark, spec, answer.chosen, never_worse=never_worse)
        found[row.pk] = (mark, marks.RULE)
    return found


def _came_after(row: KeyCorrection, answer: ResponseStep, scored: Any) -> bool:
    """Whether a correction found this answer there, and so has a mark for it."""
    assert row.decided_at is not None  # a constraint of applied ones
    return row.pk in scored or answer.at < row.decided_at - UNDER_WAY
