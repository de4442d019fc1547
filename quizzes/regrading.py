"""Corrections of a key after people had answered. Nothing else adds later scores.

One person proposes, another one decides. What was answered under the old key keeps its first
mark; the correction adds one.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction

from articles.models import Reference
from articles.publishing import note
from quizzes import marks, recalling
from quizzes.authoring import touch_pages_of
from quizzes.models import (
    CorrectionState,
    KeyCorrection,
    Kind,
    QuestionVersion,
    SlotScore,
    VersionStatus,
)
from quizzes.rescores import Rescored, rescored

By = AbstractBaseUser
TAKES_ONE = (Kind.SINGLE, Kind.TRUE_FALSE, Kind.SENTENCE)
NO_KEY = (
    "This key does not fit the question: it names something else than the question."
)
DECIDED = "This proposal was decided already."


class CannotCorrect(Exception):
    """The key cannot be corrected so; the message is shown as it is."""


def checked_key(
    version: QuestionVersion, new_scoring: Mapping[str, Any]
) -> dict[str, Any]:
    """The key as it would be stored. Raises CannotCorrect."""
    if version.status != VersionStatus.PUBLISHED:
        raise CannotCorrect("This version is a draft. Change its options instead.")
    old = marks.read(version.key)
    try:
        new = marks.read(new_scoring)
    except (KeyError, ValueError, TypeError) as error:
        raise CannotCorrect(NO_KEY) from error
    if fault := _fault(old, new):
        raise CannotCorrect(fault)
    if isinstance(new, marks.Choice):
        several = version.kind in TAKES_ONE and len(new.right) > 1
        new = marks.Choice(new.options, new.right, any_one=several)
    if marks.write(new) == marks.write(old):
        raise CannotCorrect("This is the key already in force. Change something in it.")
    return marks.write(new)


def _fault(old: marks.Spec, new: marks.Spec) -> str:
    if type(old) is not type(new) or _named(old) != _named(new):
        return NO_KEY
    if isinstance(new, marks.Choice) and not new.right:
        return "Choose at least one right answer."
    if isinstance(new, marks.Number) and new.tolerance < 0:
        return "The tolerance cannot be below zero."
    return ""


def _named(spec: marks.Spec) -> tuple[Any, ...]:
    """All that a key speaks of; another key of the same question speaks of the same."""
    match spec:
        case marks.Choice():
            return (spec.options | spec.right,)
        case marks.Matching():
            return spec.pairs.keys(), spec.choices | set(spec.pairs.values())
        case marks.Ordering():
            return tuple(sorted(spec.order))
        case marks.Number():
            return ()


@transaction.atomic
def propose(
    version: QuestionVersion,
    *,
    new_scoring: Mapping[str, Any],
    reason: str,
    evidence: Reference,
    evidence_changed: bool,
    policy: str,
    by: By,
    at: dt.datetime,
) -> KeyCorrection:
    """Store another key for a published version; it waits for a second person.

    Raises CannotCorrect.
    """
    if not reason.strip():
        raise CannotCorrect("Say why the key is corrected. Learners read it.")
    held = QuestionVersion.objects.select_for_update(no_key=True).get(pk=version.pk)
    correction = KeyCorrection(
        question_version=held,
        old_scoring=held.key,
        new_scoring=checked_key(held, new_scoring),
        reason=reason.strip(),
        evidence=evidence,
        evidence_changed=evidence_changed,
        policy=policy,
        proposed_by_id=by.pk,
        proposed_at=at,
    )
    try:
        with transaction.atomic():
            correction.save(force_insert=True)
    except IntegrityError as error:
        msg = (
            "Another correction of this key waits already. Decide about that one first."
        )
        raise CannotCorrect(msg) from error
    note(by, held, f"Proposed another key: {correction.reason}")
    return correction


@transaction.atomic
def approve(correction: KeyCorrection, *, by: By, at: dt.datetime) -> None:
    """Put the new key in force and add a mark for every answer that was given before.

    Raises CannotCorrect.
    """
    if correction.proposed_by_id == by.pk:
        raise CannotCorrect("You proposed this yourself. Ask a colleague to decide.")
    # Waits for answers that are under way, and holds back later ones until the new key is
    # in force (models.key_of): each is marked by the old key and again below, or by the new.
    rows = QuestionVersion.objects.select_for_update(no_key=True)
    version = rows.get(pk=correction.question_version_id)
    _decide(correction, CorrectionState.APPLIED, by, at)
    for batch in rescored(version, correction.new_scoring, policy=correction.policy):
        _add_scores(batch, correction, at)
        _bring_back(batch, version, correction, at)
    QuestionVersion.objects.filter(pk=version.pk).update(
        corrected_scoring=correction.new_scoring
    )
    touch_pages_of(version.question, at=at)
    note(by, version, f"Approved another key: {correction.reason}")
    note(by, correction, "Approved.")


def _decide(
    correction: KeyCorrection, state: CorrectionState, by: By, at: dt.datetime
) -> None:
    decided = KeyCorrection.objects.filter(
        pk=correction.pk, state=CorrectionState.PROPOSED
    ).update(state=state, decided_by=by, decided_at=at)
    if not decided:
        raise CannotCorrect(DECIDED)
    correction.refresh_from_db()


def _add_scores(
    batch: list[Rescored], correction: KeyCorrection, at: dt.datetime
) -> None:
    SlotScore.objects.bulk_create(
        SlotScore(
            slot_id=one.slot_id,
            thousandths=one.now,
            rule=marks.RULE,
            correction=correction,
            at=at,
        )
        for one in batch
    )


def _bring_back(
    batch: list[Rescored],
    version: QuestionVersion,
    correction: KeyCorrection,
    at: dt.datetime,
) -> None:
    """Whoever got something else from the old key learnt something that does not hold."""
    people = {
        one.user_id
        for one in batch
        if one.user_id is not None and one.by_old_key != one.by_new_key
    }
    recalling.bring_back(
        user_ids=sorted(people),
        question_id=version.question_id,
        correction_id=correction.pk,
        at=at,
    )


@transaction.atomic
def reject(correction: KeyCorrection, *, by: By, at: dt.datetime) -> None:
    """Leave the key as it is. Raises CannotCorrect.

    Also for whoever proposed it: taking it back changes nothing for anybody.
    """
    _decide(correction, CorrectionState.REJECTED, by, at)
    note(by, correction.question_version, "Left the key as it is.")
    note(by, correction, "Rejected.")
