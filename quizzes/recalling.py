"""Spaced review: when a person looks at a question again. The only writer of cards."""

import datetime as dt
import json

from fsrs import Card, Rating, Scheduler

from quizzes.marks import Outcome
from quizzes.models import Certainty, ReviewCard, ReviewLog

# No fuzz: the same answers give the same days, which is easier to explain and to test. No
# steps of minutes: nobody is to sit in front of a screen and wait.
SCHEDULER = Scheduler(learning_steps=(), relearning_steps=(), enable_fuzzing=False)


def rating_of(outcome: Outcome, certainty: int | None) -> Rating:
    """How well it was known. Only somebody who was sure, and right, knew it with ease."""
    if outcome == "right":
        return Rating.Easy if certainty == Certainty.VERY_SURE else Rating.Good
    return Rating.Hard if outcome == "partly" else Rating.Again


def remember(
    *,
    user_id: int,
    question_id: int,
    quiz_id: int,
    outcome: Outcome,
    certainty: int | None,
    at: dt.datetime,
) -> None:
    """Take an answer into the person's schedule, in the caller's transaction.

    The row is locked, so that two answers to one question count one after the other.
    """
    card, _ = ReviewCard.objects.select_for_update().get_or_create(
        user_id=user_id,
        question_id=question_id,
        defaults={"quiz_id": quiz_id, "state": {}, "due_at": at},
    )
    before = Card.from_json(json.dumps(card.state)) if card.state else Card(card_id=0)
    rating = rating_of(outcome, certainty)
    after, _ = SCHEDULER.review_card(before, rating, review_datetime=in_utc(at))
    card.state = json.loads(after.to_json())
    card.due_at = after.due
    card.quiz_id = quiz_id
    card.changed_by = None
    card.save()
    ReviewLog.objects.create(card=card, rating=rating.value, at=at)


def in_utc(at: dt.datetime) -> dt.datetime:
    """The scheduler takes no other time zone."""
    return at.astimezone(dt.UTC)


def bring_back(
    *, user_ids: list[int], question_id: int, correction_id: int, at: dt.datetime
) -> None:
    """Make a question due now for people whose answer is not the answer any more."""
    ReviewCard.objects.filter(user__in=user_ids, question=question_id).update(
        due_at=at, changed_by=correction_id
    )
