"""Which questions a new attempt asks: fixed ones, and some drawn from pools."""

import datetime as dt
from collections.abc import Collection, Iterable

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
