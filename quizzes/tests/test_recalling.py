"""Spaced review: what is due when, and looking at it again."""

import datetime as dt
import json

import pytest
from django.contrib.auth import get_user_model
from fsrs import Card, Rating, Scheduler

from articles.tests.factories import AT, make_user
from quizzes import authoring, recalling, starting
from quizzes.models import Attempt, ReviewCard, ReviewLog, Taker
from quizzes.tests.factories import (
    LATER,
    UNSURE,
    answer,
    begin,
    current,
    edit_question,
    edit_quiz,
    filled,
    give,
    learner,
    make_check,
    make_correction,
    make_question,
    make_quiz,
    result_url,
    retract,
    start,
    take,
    url_of,
)
from quizzes.tests.screens import read
from quizzes.tests.test_parallel import at_once, same_browser

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
RIGHT, WRONG = "A protein", "A virus"
GUESSING, FAIRLY_SURE, VERY_SURE = 1, 2, 3


@pytest.fixture
def eva():
    return Taker(user_id=make_user("eva@example.org", is_staff=False).pk)


@pytest.fixture
def client(eva):
    browser = learner()
    browser.force_login(get_user_model().objects.get(pk=eva.user_id))
    return browser


def card_of(question):
    return ReviewCard.objects.get(question=question)


def due(at=LATER):
    cards = ReviewCard.objects.due(at).select_related("question")
    return [card.question.slug for card in cards]


def asked(attempt):
    return [slot.question_version.question.slug for slot in attempt.slots.all()]


def again(quiz, taker, at=LATER):
    return starting.start_review(current(quiz), taker=taker, at=at)


class TestAnAnswer:
    def test_makes_a_card_whether_it_was_right_or_not(self, eva):
        take(make_quiz(questions=3), RIGHT, WRONG, UNSURE, taker=eva)
        assert ReviewCard.objects.filter(user=eva.user_id).count() == 3

    @pytest.mark.parametrize(
        ("text", "certainty", "rating"),
        [
            (RIGHT, VERY_SURE, Rating.Easy),
            (RIGHT, FAIRLY_SURE, Rating.Good),
            (RIGHT, GUESSING, Rating.Good),
            (RIGHT, None, Rating.Good),
            (WRONG, VERY_SURE, Rating.Again),
            (UNSURE, None, Rating.Again),
        ],
    )
    def test_is_rated_by_what_was_known(self, eva, text, certainty, rating):
        take(make_quiz(questions=1), text, taker=eva, certainty=certainty)
        assert ReviewLog.objects.get().rating == rating.value

    def test_that_is_partly_right_is_rated_as_hard(self, eva):
        attempt = begin(make_quiz(questions=1, kind="several"), taker=eva)
        give(attempt, 1, "Heart")
        assert ReviewLog.objects.get().rating == Rating.Hard.value

    def test_of_a_guest_makes_none(self):
        take(make_quiz(questions=1), WRONG)
        assert not ReviewCard.objects.exists()

    @pytest.mark.parametrize("purpose", ["test", "before_after"])
    def test_outside_of_a_plain_quiz_makes_none(self, eva, purpose):
        question = make_question("one")
        article = question.versions.get().basis.article
        quiz = make_quiz(questions=[question], article=article, purpose=purpose)
        take(quiz, WRONG, taker=eva)
        assert not ReviewCard.objects.exists()

    def test_at_a_sections_end_makes_none(self, client):
        check = make_check()
        url = url_of(check, "check/")
        client.post(url, filled(read(client.get(url)), WRONG))
        assert Attempt.objects.get().user_id is not None
        assert not ReviewCard.objects.exists()

    def test_of_another_person_has_a_card_of_its_own(self, eva):
        quiz = make_quiz(questions=1)
        ida = Taker(user_id=make_user("ida@example.org", is_staff=False).pk)
        take(quiz, RIGHT, taker=eva)
        take(quiz, WRONG, taker=ida)
        assert ReviewCard.objects.count() == 2

    def test_in_another_quiz_moves_the_same_card(self, eva):
        question = make_question("one")
        take(make_quiz("first", questions=[question]), RIGHT, taker=eva)
        second = make_quiz("second", questions=[question])
        take(second, RIGHT, taker=eva, at=AT + 2 * DAY)
        card = card_of(question)
        assert card.quiz == second
        assert card.log.count() == 2

    def test_in_another_time_zone_counts_from_the_same_moment(self, eva):
        zone = dt.timezone(dt.timedelta(hours=-8))
        take(make_quiz(questions=1), RIGHT, taker=eva, at=AT.astimezone(zone))
        assert ReviewCard.objects.get().due_at == AT + 2 * DAY


class TestTheSchedule:
    """Known answers of FSRS-6 with its default weights: the package fsrs 6.3.2,
    https://github.com/open-spaced-repetition/py-fsrs, without fuzz and learning steps.
    """

    SEQUENCE = (
        # what is answered, how sure, days until it is due again
        (RIGHT, None, 2),
        (RIGHT, None, 11),
        (WRONG, None, 2),
        (RIGHT, None, 5),
        (RIGHT, VERY_SURE, 19),
    )

    def test_gives_the_days_of_a_worked_example(self, eva):
        quiz, at = make_quiz(questions=1), AT
        for text, certainty, days in self.SEQUENCE:
            take(quiz, text, taker=eva, at=at, certainty=certainty)
            card = ReviewCard.objects.get()
            assert card.due_at - at == days * DAY
            at = card.due_at

    def test_is_the_packages_own_card_after_any_number_of_answers(self, eva):
        scheduler = Scheduler(
            learning_steps=(), relearning_steps=(), enable_fuzzing=False
        )
        ratings = [Rating.Good, Rating.Good, Rating.Again, Rating.Good, Rating.Easy]
        quiz, at, known = make_quiz(questions=1), AT, Card(card_id=0)
        for (text, certainty, _), rating in zip(self.SEQUENCE, ratings, strict=True):
            take(quiz, text, taker=eva, at=at, certainty=certainty)
            known, _ = scheduler.review_card(known, rating, review_datetime=at)
            assert ReviewCard.objects.get().state == json.loads(known.to_json())
            at = known.due

    def test_logs_every_answer(self, eva):
        quiz = make_quiz(questions=1)
        for days, text in enumerate((RIGHT, WRONG)):
            take(quiz, text, taker=eva, at=AT + days * DAY)
        log = ReviewLog.objects.values_list("rating", "at")
        assert list(log) == [(3, AT), (1, AT + DAY)]


class TestWhatIsDue:
    @pytest.fixture
    def quiz(self, eva):
        quiz = make_quiz(questions=2)
        take(quiz, RIGHT, WRONG, taker=eva)
        return quiz

    def test_waits_for_its_day(self, quiz):
        assert due(AT) == []
        assert sorted(due()) == ["basics-1", "basics-2"]

    def test_comes_with_what_was_missed_first(self, eva):
        """A wrong answer comes back sooner than a right one."""
        take(make_quiz(questions=2), RIGHT, WRONG, taker=eva)
        assert due() == ["basics-2", "basics-1"]

    def test_begins_with_what_changed(self, eva, quiz):
        changed = card_of(quiz.versions.get().slots.first().question)
        correction = make_correction(changed.question)
        recalling.bring_back(
            user_ids=[eva.user_id],
            question_id=changed.question_id,
            correction_id=correction.pk,
            at=LATER,
        )
        assert due() == ["basics-1", "basics-2"]

    def test_is_not_what_changed_for_others(self, quiz):
        ida = make_user("ida@example.org")
        card = ReviewCard.objects.first()
        recalling.bring_back(
            user_ids=[ida.pk],
            question_id=card.question_id,
            correction_id=make_correction(card.question).pk,
            at=AT,
        )
        assert not ReviewCard.objects.filter(changed_by__isnull=False).exists()

    def test_is_no_suspect_question(self, quiz):
        retract()
        assert due() == []

    def test_is_no_retired_question(self, quiz):
        question = ReviewCard.objects.first().question
        authoring.retire_question(question, by=None, at=AT, reason="Unclear.")
        assert len(due()) == 1
        assert question.slug not in due()

    def test_is_nothing_of_a_closed_quiz(self, quiz):
        authoring.close_quiz(quiz, by=None, at=AT)
        assert due() == []


class TestAReview:
    def test_asks_what_is_due_and_nothing_else(self, eva):
        quiz = make_quiz(questions=3)
        take(quiz, RIGHT, WRONG, taker=eva)
        review = again(quiz, eva)
        assert review.is_review
        assert asked(review) == ["basics-2", "basics-1"]

    def test_asks_the_wording_of_today(self, eva):
        quiz = make_quiz(questions=1)
        take(quiz, WRONG, taker=eva)
        newer = edit_question(ReviewCard.objects.get().question, stem="Said better?")
        assert again(quiz, eva).slots.get().question_version == newer

    def test_also_asks_what_the_quiz_has_given_up(self, eva):
        quiz = make_quiz(questions=1)
        take(quiz, WRONG, taker=eva)
        edit_quiz(quiz, [make_question("another")])
        assert asked(again(quiz, eva)) == ["basics-1"]

    def test_moves_the_cards_and_forgets_that_they_changed(self, eva):
        quiz = make_quiz(questions=1)
        take(quiz, WRONG, taker=eva)
        card = ReviewCard.objects.get()
        recalling.bring_back(
            user_ids=[eva.user_id],
            question_id=card.question_id,
            correction_id=make_correction(card.question).pk,
            at=AT,
        )
        give(again(quiz, eva), 1, RIGHT, at=LATER)
        card.refresh_from_db()
        assert card.changed_by is None
        assert due() == []

    def test_twice_finds_the_first(self, eva):
        quiz = make_quiz(questions=1)
        take(quiz, WRONG, taker=eva)
        assert again(quiz, eva) == again(quiz, eva)

    def test_sets_a_quiz_under_way_aside(self, eva):
        quiz = make_quiz(questions=2)
        under_way = take(quiz, WRONG, taker=eva)
        again(quiz, eva)
        under_way.refresh_from_db()
        assert under_way.state == "set_aside"

    def test_of_nothing_is_refused_and_changes_nothing(self, eva):
        quiz = make_quiz(questions=2)
        under_way = take(quiz, WRONG, taker=eva, at=LATER)
        with pytest.raises(starting.CannotStart, match="nothing to look at again"):
            again(quiz, eva)
        under_way.refresh_from_db()
        assert under_way.state == "in_progress"

    def test_of_somebody_elses_cards_is_refused(self, eva):
        quiz = make_quiz(questions=1)
        take(quiz, WRONG, taker=eva)
        ida = Taker(user_id=make_user("ida@example.org").pk)
        with pytest.raises(starting.CannotStart):
            again(quiz, ida)


class TestTheReviewPages:
    def test_ask_one_by_one_with_feedback_after_each(self, client, eva):
        quiz = make_quiz(questions=2)
        take(quiz, WRONG, RIGHT, taker=eva)
        url = client.post(url_of(quiz, "review/")).headers["Location"]
        shown = read(answer(client, url, WRONG) and client.get(f"{url}feedback/"))
        assert shown.heading.startswith("Not quite")
        assert "Question 1 of 2" in shown.text

    def test_end_with_a_result_whose_missed_ones_are_a_review_too(self, client, eva):
        quiz = make_quiz(questions=1)
        take(quiz, WRONG, taker=eva)
        url = client.post(url_of(quiz, "review/")).headers["Location"]
        answer(client, url, WRONG)
        client.post(result_url(url).replace("result", "retry"))
        assert Attempt.objects.open().get().is_review

    def test_say_when_there_is_nothing(self, client):
        response = client.post(url_of(make_quiz(questions=1), "review/"))
        assert "nothing to look at again in this quiz" in read(response).text
        assert not Attempt.objects.exists()

    def test_say_the_same_to_a_guest(self):
        response = learner().post(url_of(make_quiz(questions=1), "review/"))
        assert "nothing to look at again in this quiz" in read(response).text

    def test_are_for_plain_quizzes(self, client):
        exam = make_quiz(questions=1, purpose="test")
        assert client.post(url_of(exam, "review/")).status_code == 404

    def test_are_not_begun_by_following_a_link(self, client):
        assert client.get(url_of(make_quiz(questions=1), "review/")).status_code == 405

    def test_left_half_way_are_not_offered_as_the_quiz(self, client, eva):
        quiz = make_quiz(questions=1)
        take(quiz, WRONG, taker=eva)
        client.post(url_of(quiz, "review/"))
        assert "Welcome back" in read(client.get(url_of(quiz))).text
        starting.set_aside_idle(before=LATER + 3650 * DAY)
        assert "Welcome back" not in read(client.get(url_of(quiz))).text


@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    def test_two_first_answers_count_one_after_the_other(self):
        """To one question in two quizzes, from two tabs."""
        question = make_question("one")
        quizzes = [make_quiz(slug, questions=[question]) for slug in ("a", "b")]
        for number in range(4):
            client = learner()
            client.force_login(make_user(f"eva{number}@example.org", is_staff=False))
            urls = [start(client, quiz) for quiz in quizzes]
            bodies = [filled(read(client.get(url)), RIGHT) for url in urls]
            tabs = [same_browser(client) for _ in urls]
            responses = at_once(
                *(
                    lambda tab=tab, url=url, body=body: tab.post(url, body)
                    for tab, url, body in zip(tabs, urls, bodies, strict=True)
                )
            )
            assert {response.status_code for response in responses} == {302}
            assert ReviewCard.objects.count() == number + 1
            assert ReviewLog.objects.count() == 2 * (number + 1)

    def test_a_review_started_eight_times_is_one(self):
        quiz = make_quiz(questions=1)
        user = make_user("eva@example.org", is_staff=False)
        take(quiz, WRONG, taker=Taker(user_id=user.pk))
        client = learner()
        client.force_login(user)
        tabs = [same_browser(client) for _ in range(8)]
        at_once(*(lambda t=tab: t.post(url_of(quiz, "review/")) for tab in tabs))
        assert Attempt.objects.open().filter(is_review=True).count() == 1
