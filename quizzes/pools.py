"""Which questions a new attempt asks: fixed ones, and some drawn from pools."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from quizzes.models import (
    AttemptSlot,
    Audience,
    Purpose,
    QuestionVersion,
    QuizSlot,
    QuizVersion,
    Taker,
)
from quizzes.sampling import draw

FOR_ANYBODY = (Purpose.SELF_CHECK, Purpose.SECTION_CHECK, Purpose.BEFORE_AFTER)


def sound_versions(at: dt.datetime) -> QuerySet[QuestionVersion]:
    """What may be asked now: published, not suspect, not retired; with its options."""
    return (
        QuestionVersion.objects.newest_published()
        .sound(at)
        .filter(question__retired_at__isnull=True)
        .prefetch_related("options")
    )


def asked_in(
    quiz_version: QuizVersion,
    *,
    at: dt.datetime,
    seed: str,
    taker: Taker,
    only: Collection[int] | None = None,
) -> list[QuestionVersion]:
    """The wordings that an attempt of this seed asks, in the quiz's order.

    Pools are drawn from anew for each seed, questions that this taker has not seen first.
    `only` limits everything to these question ids.
    """
    slots = list(quiz_version.slots.all())
    fixed = [slot.question_id for slot in slots if slot.question_id is not None]
    found = sound_versions(at)
    pools = {
        slot.pk: in_pool(slot, quiz_version) for slot in slots if not slot.question_id
    }
    wanted = {*fixed, *(pk for pool in pools.values() for pk in pool)}
    found = found.filter(question__in=wanted if only is None else wanted & set(only))
    by_question = {version.question_id: version for version in found}
    seen = seen_by(taker, quiz_version) if pools else []
    chosen: list[int] = []
    for slot in slots:
        if slot.question_id is not None:
            picked = [slot.question_id]
        else:
            free = [pk for pk in pools[slot.pk] if pk in by_question]
            free = [pk for pk in free if pk not in chosen and pk not in fixed]
            picked = draw(free, seen, slot.draw, seed=f"{seed}:{slot.position}")
        chosen += [pk for pk in picked if pk in by_question]
    return [by_question[pk] for pk in chosen]


def asked_again(questions: Iterable[int], *, at: dt.datetime) -> list[QuestionVersion]:
    """These questions in this order as they read now, whatever the quiz asks today.

    Those that may not be asked now are left out.
    """
    wanted = list(questions)
    found = sound_versions(at).filter(question__in=wanted)
    by_question = {version.question_id: version for version in found}
    return [by_question[pk] for pk in wanted if pk in by_question]


def in_pool(slot: QuizSlot, quiz_version: QuizVersion) -> list[int]:
    """Ids of the published questions that a pool holds, sound or not.

    A quiz for everybody draws no question that is written for professionals.
    """
    found = QuestionVersion.objects.newest_published().filter(
        question__retired_at__isnull=True
    )
    if slot.pool_topic_id:
        found = found.filter(basis__article__topic=slot.pool_topic_id)
    if slot.pool_tag_id:
        found = found.filter(question__tags=slot.pool_tag_id)
    if quiz_version.quiz.purpose in FOR_ANYBODY:
        found = found.filter(audience=Audience.PATIENT)
    return list(found.order_by("question").values_list("question", flat=True))


def seen_by(taker: Taker, quiz_version: QuizVersion) -> list[int]:
    """Questions that this person was asked in this quiz, the newest last."""
    slots = AttemptSlot.objects.filter(
        attempt__in=taker.theirs().filter(quiz=quiz_version.quiz_id)
    )
    rows: Iterable[int] = slots.order_by("attempt__started_at", "position").values_list(
        "question_version__question", flat=True
    )
    return list(rows)


def places(quiz_version: QuizVersion) -> int:
    """How many questions the quiz asks when all of them are sound."""
    return sum(slot.draw for slot in quiz_version.slots.all())


# --- For the desk: many quizzes at once -------------------------------------------------------


@dataclass(frozen=True)
class Asking:
    """How many of its `places` a quiz can fill now, and how many it needs."""

    quiz_id: int
    quiz_slug: str
    title: str
    needed: int
    places: int
    asked: int


@dataclass(frozen=True)
class Askable:
    """A question that may be asked now, as far as pools look at it."""

    audience: str
    topic_id: int
    tag_ids: frozenset[int]


def askable_in(
    versions: QuerySet[QuizVersion], *, at: dt.datetime
) -> tuple[Asking, ...]:
    """What each quiz could ask now, in two queries for all of them.

    A question counts once in a quiz, for the first place that can have it.
    """
    slots = (
        QuizSlot.objects.filter(version__in=versions.values("pk"))
        .select_related("version__quiz")
        .order_by("version", "position", "pk")
    )
    by_version = defaultdict(list)
    for slot in slots:
        by_version[slot.version].append(slot)
    askable = _askable(at) if by_version else {}
    return tuple(
        _asking(version, by_version[version], askable) for version in by_version
    )


def _askable(at: dt.datetime) -> dict[int, Askable]:
    rows = (
        QuestionVersion.objects.newest_published()
        .sound(at)
        .filter(question__retired_at__isnull=True)
        .order_by("question")
        .values_list("question", "audience", "basis__article__topic", "question__tags")
    )
    tags, plain = defaultdict(set), {}
    for question_id, audience, topic_id, tag_id in rows:
        plain[question_id] = (audience, topic_id)
        tags[question_id].add(tag_id)
    return {
        pk: Askable(audience, topic_id, frozenset(tags[pk]))
        for pk, (audience, topic_id) in plain.items()
    }


def _asking(
    version: QuizVersion, slots: Iterable[QuizSlot], askable: Mapping[int, Askable]
) -> Asking:
    slots = list(slots)
    taken = {slot.question_id for slot in slots} & askable.keys()
    for slot in slots:
        if slot.question_id is None:
            free = [pk for pk in _held_by(slot, version, askable) if pk not in taken]
            taken |= set(free[: slot.draw])
    return Asking(
        version.quiz_id,
        version.quiz.slug,
        version.title,
        version.needed,
        sum(slot.draw for slot in slots),
        len(taken),
    )


def _held_by(
    slot: QuizSlot, version: QuizVersion, askable: Mapping[int, Askable]
) -> Iterator[int]:
    """The same rule as `in_pool`, for questions that are already here."""
    for pk, question in askable.items():
        if (
            slot.pool_topic_id in (None, question.topic_id)
            and (slot.pool_tag_id is None or slot.pool_tag_id in question.tag_ids)
            and not (
                version.quiz.purpose in FOR_ANYBODY
                and question.audience != Audience.PATIENT
            )
        ):
            yield pk
