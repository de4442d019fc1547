"""Attempts by their moves: start, answer, skip, finish, try again, all at once, checks."""

import contextlib
import datetime as dt
import uuid

import pytest
from django.db import connection

from articles.tests.factories import AT, BODY, make_article, make_user, make_version
from quizzes import answering, authoring, starting
from quizzes.models import Attempt, AttemptSlot, ResponseStep, SlotScore, Taker
from quizzes.tests.factories import (
    GUEST,
    LATER,
    NEW_BODY,
    OTHER_GUEST,
    SEVERAL,
    UNSURE,
    begin,
    current,
    edit_question,
    edit_quiz,
    give,
    leave,
    live_version,
    make_check,
    make_question,
    make_quiz,
    mark_of,
    retract,
    tokens,
)

pytestmark = pytest.mark.django_db
NEXT_DAY = LATER + dt.timedelta(days=1)


def stems(attempt):
    return [slot.question_version.stem for slot in attempt.slots.all()]


def state_of(attempt):
    attempt.refresh_from_db()
    return attempt.state


@contextlib.contextmanager
def another_tab_begins(quiz, *, times):
    """So often, after the open attempt was set aside, another tab has one of its own."""
    left = [quiz] * times

    def watch(execute, sql, *call):
        done = execute(sql, *call)
        if left and sql.startswith('UPDATE "quizzes_attempt"'):
            begin(left.pop())
        return done

    with connection.execute_wrapper(watch):
        yield
    assert not left, "the other tab had its moments"


class TestStart:
    def test_asks_the_questions_in_the_order_of_the_quiz(self):
        a, b, c = (make_question(name) for name in "abc")
        attempt = begin(make_quiz(questions=[b, c, a]))
        assert stems(attempt) == [
            "What about b?",
            "What about c?",
            "What about a?",
        ]
        assert [slot.position for slot in attempt.slots.all()] == [1, 2, 3]

    def test_keeps_to_its_own_quiz_where_a_question_stands_in_two(self):
        a, b, c = (make_question(name) for name in "abc")
        make_quiz("other", questions=[c, b])
        attempt = begin(make_quiz("this", questions=[a, b, c]))
        assert [stem[-2] for stem in stems(attempt)] == ["a", "b", "c"]

    def test_pins_the_passage_that_readers_see(self):
        article = make_article()
        attempt = begin(make_quiz(questions=1, article=article))
        (slot,) = attempt.slots.all()
        assert slot.passage == article.versions.live(AT).get().passages.get()

    def test_pins_an_order_of_all_options(self):
        attempt = begin(make_quiz(questions=1))
        (slot,) = attempt.slots.all()
        options = slot.question_version.options.values_list("token", flat=True)
        assert sorted(slot.option_order) == sorted(options)

    def test_gives_different_attempts_different_orders(self):
        quiz = make_quiz(questions=[make_question(options=SEVERAL, kind="several")])
        orders = set()
        for n in range(8):
            taker = Taker(guest_key=f"{n:032}")
            attempt = begin(quiz, taker=taker, attempt_id=uuid.UUID(int=n))
            orders.add(tuple(attempt.slots.get().option_order))
        assert len(orders) > 1

    def test_goes_on_with_the_open_attempt(self):
        quiz = make_quiz(questions=2)
        first = begin(quiz)
        give(first, 1, "A virus")
        assert begin(quiz) == first
        assert Attempt.objects.count() == 1

    def test_again_sets_the_open_attempt_aside(self):
        quiz = make_quiz(questions=1)
        first = begin(quiz)
        second = begin(quiz, again=True)
        assert second != first
        assert state_of(first) == "set_aside"
        assert state_of(second) == "in_progress"

    def test_after_the_end_begins_a_new_attempt(self):
        quiz = make_quiz(questions=1)
        first = begin(quiz)
        give(first, 1, "A protein")
        assert begin(quiz) != first

    def test_of_one_guest_leaves_the_other_guests_attempt_alone(self):
        quiz = make_quiz(questions=1)
        first = begin(quiz)
        assert begin(quiz, taker=OTHER_GUEST, again=True) != first
        assert state_of(first) == "in_progress"

    def test_of_a_user_leaves_a_guests_attempt_alone(self):
        quiz = make_quiz(questions=1)
        user = make_user()
        first = begin(quiz)
        attempt = begin(quiz, taker=Taker(user_id=user.pk), again=True)
        assert (attempt.user, attempt.guest_key) == (user, "")
        assert state_of(first) == "in_progress"

    def test_by_nobody_finds_no_attempts(self):
        begin(make_quiz(questions=1))
        assert not Taker().theirs().exists()

    def test_keeps_attempts_of_different_quizzes_apart(self):
        attempts = [begin(make_quiz(slug, questions=1)) for slug in ("one", "two")]
        assert [state_of(attempt) for attempt in attempts] == ["in_progress"] * 2

    def test_leaves_out_a_retired_question(self):
        quiz = make_quiz()
        retired = quiz.versions.get().slots.all()[1].question
        authoring.retire_question(retired, by=None, at=LATER, reason="Out of date.")
        attempt = begin(quiz, at=LATER)
        assert stems(attempt) == ["What about basics-1?", "What about basics-3?"]
        assert [slot.position for slot in attempt.slots.all()] == [1, 2]

    def test_leaves_out_a_suspect_question(self):
        other = make_article("other", passages={"what-it-is": BODY})
        suspect = make_question("suspect", passage="other#what-it-is")
        quiz = make_quiz(questions=[suspect, make_question("sound")])
        make_version(other, passages={"what-it-is": NEW_BODY}, at=LATER)
        assert stems(begin(quiz, at=LATER)) == ["What about sound?"]

    def test_is_refused_when_no_question_can_be_asked(self):
        quiz = make_quiz(questions=1)
        retract()
        with pytest.raises(starting.CannotStart, match="being checked"):
            begin(quiz)
        assert not Attempt.objects.exists()

    def test_again_keeps_the_open_attempt_when_nothing_can_be_asked_anew(self):
        quiz = make_quiz(questions=1)
        first = begin(quiz)
        retract()
        with pytest.raises(starting.CannotStart):
            begin(quiz, again=True)
        assert state_of(first) == "in_progress"

    def test_is_refused_for_an_id_that_somebody_else_has(self):
        quiz = make_quiz(questions=1)
        taken = begin(quiz, taker=OTHER_GUEST)
        with pytest.raises(starting.CannotStart, match="another browser"):
            begin(quiz, attempt_id=taken.id)

    def test_of_answered_questions_sets_aside_what_another_tab_began_meanwhile(self):
        quiz = make_quiz(questions=1)
        with another_tab_begins(quiz, times=1):
            answered = begin(quiz, again=True, attempt_id=uuid.uuid4())
        (other,) = Attempt.objects.exclude(pk=answered.pk)
        assert [state_of(answered), state_of(other)] == ["in_progress", "set_aside"]
        assert answered.slots.count() == 1

    def test_gives_up_when_another_tab_begins_again_and_again(self):
        quiz = make_quiz(questions=1)
        with (
            another_tab_begins(quiz, times=2),
            pytest.raises(starting.CannotStart, match="started twice at once"),
        ):
            begin(quiz, again=True, attempt_id=uuid.uuid4())

    def test_takes_the_newest_wording(self):
        question = make_question("q")
        quiz = make_quiz(questions=[question])
        edit_question(question, stem="What is it?")
        assert stems(begin(quiz, at=LATER)) == ["What is it?"]


class TestAnswer:
    @pytest.mark.parametrize(
        ("kind", "chosen", "mark"),
        [
            ("single", ["A protein"], 1000),
            ("single", ["A virus"], 0),
            ("single", [UNSURE], 0),
            ("true_false", ["False"], 1000),
            ("true_false", ["True"], 0),
            ("several", ["Heart", "Lungs"], 1000),
            ("several", ["Heart"], 500),  # 1 of 2 right ones
            ("several", ["Heart", "Lungs", "Hair"], 500),  # 2/2 − 1 of 2 wrong ones
            ("several", ["Heart", "Hair"], 0),
            ("several", ["Heart", "Lungs", "Hair", "Sight"], 0),
        ],
    )
    def test_is_stored_with_its_mark(self, kind, chosen, mark):
        attempt = begin(make_quiz(questions=1, kind=kind))
        assert give(attempt, 1, *chosen) == "stored"
        assert mark_of(attempt, 1) == mark
        step = ResponseStep.objects.get()
        version = attempt.slots.get().question_version
        assert step.chosen == sorted(tokens(version, *chosen))
        assert (step.kind, step.at) == ("answer", AT)

    def test_keeps_the_rule_by_which_it_was_marked(self):
        attempt = begin(make_quiz(questions=1))
        give(attempt, 1, "A protein")
        assert SlotScore.objects.get().rule == 1

    def test_repeated_stores_nothing(self):
        attempt = begin(make_quiz(questions=2))
        give(attempt, 1, "A virus")
        assert give(attempt, 1, "A virus", step=1) == "repeated"
        assert ResponseStep.objects.count() == SlotScore.objects.count() == 1

    def test_repeated_after_the_end_stores_nothing(self):
        attempt = begin(make_quiz(questions=1))
        give(attempt, 1, "A virus")
        assert give(attempt, 1, "A virus", step=1) == "repeated"

    @pytest.mark.parametrize("step", [1, 2, 0])
    def test_changed_keeps_the_first(self, step):
        attempt = begin(make_quiz(questions=2))
        give(attempt, 1, "A virus")
        assert give(attempt, 1, "A protein", step=step) == "first_kept"
        assert mark_of(attempt, 1) == 0

    def test_with_a_step_that_does_not_fit_stores_nothing(self):
        attempt = begin(make_quiz(questions=2))
        with pytest.raises(answering.StaleStep):
            give(attempt, 1, "A protein", step=7)
        assert not ResponseStep.objects.exists()

    def test_from_before_a_skip_in_another_tab_asks_again(self):
        attempt = begin(make_quiz(questions=2))
        leave(attempt, 1)
        with pytest.raises(answering.StaleStep):
            give(attempt, 1, "A protein", step=1)
        assert mark_of(attempt, 1) is None

    def test_may_follow_a_skip(self):
        attempt = begin(make_quiz(questions=2))
        leave(attempt, 1)
        assert give(attempt, 1, "A protein") == "stored"
        assert [step.kind for step in ResponseStep.objects.all()] == ["skip", "answer"]

    def test_to_the_last_open_question_ends_the_attempt(self):
        attempt = begin(make_quiz(questions=2))
        give(attempt, 2, "A virus")
        assert state_of(attempt) == "in_progress"
        give(attempt, 1, "A virus", at=LATER)
        assert state_of(attempt) == "submitted"
        assert attempt.submitted_at == LATER

    def test_does_not_end_the_attempt_while_one_is_skipped(self):
        attempt = begin(make_quiz(questions=2))
        leave(attempt, 1)
        give(attempt, 2, "A virus")
        assert state_of(attempt) == "in_progress"

    def test_is_refused_after_the_end(self):
        attempt = begin(make_quiz(questions=2))
        answering.finish(attempt.id, at=AT)
        with pytest.raises(answering.AttemptClosed):
            give(attempt, 1, "A protein")
        assert not ResponseStep.objects.exists()

    def test_is_refused_when_the_attempt_was_set_aside(self):
        quiz = make_quiz(questions=1)
        first = begin(quiz)
        begin(quiz, again=True)
        with pytest.raises(answering.AttemptClosed):
            give(first, 1, "A protein")
        assert not ResponseStep.objects.exists()

    def test_with_options_of_another_question_earns_nothing(self):
        attempt = begin(make_quiz(questions=2))
        two = attempt.slots.get(position=2)
        standing = answering.standing_of(attempt.id, 1)
        foreign = tokens(two.question_version, "A protein")
        answering.answer(standing, step=1, chosen=foreign, at=AT)
        assert mark_of(attempt, 1) == 0


class TestSkip:
    def test_leaves_the_question_open(self):
        attempt = begin(make_quiz(questions=2))
        leave(attempt, 1)
        slot = attempt.slots.get(position=1)
        assert (slot.state, slot.next_step) == ("skipped", 2)

    def test_twice_stores_one_step(self):
        attempt = begin(make_quiz(questions=2))
        leave(attempt, 1)
        leave(attempt, 1)
        assert ResponseStep.objects.count() == 1

    def test_with_a_step_that_does_not_fit_stores_nothing(self):
        attempt = begin(make_quiz(questions=2))
        leave(attempt, 1, step=5)
        assert not ResponseStep.objects.exists()

    def test_leaves_an_answered_question_as_it_is(self):
        attempt = begin(make_quiz(questions=2))
        give(attempt, 1, "A protein")
        leave(attempt, 1)
        assert attempt.slots.get(position=1).state == "answered"
        assert mark_of(attempt, 1) == 1000

    def test_is_refused_after_the_end(self):
        attempt = begin(make_quiz(questions=2))
        answering.finish(attempt.id, at=AT)
        with pytest.raises(answering.AttemptClosed):
            leave(attempt, 1)


class TestFinish:
    def test_keeps_the_moment(self):
        attempt = begin(make_quiz(questions=2))
        answering.finish(attempt.id, at=LATER)
        assert state_of(attempt) == "submitted"
        assert attempt.submitted_at == LATER

    def test_repeated_keeps_the_first_moment(self):
        attempt = begin(make_quiz(questions=2))
        answering.finish(attempt.id, at=AT)
        answering.finish(attempt.id, at=LATER)
        attempt.refresh_from_db()
        assert attempt.submitted_at == AT

    def test_leaves_an_attempt_alone_that_was_set_aside(self):
        quiz = make_quiz(questions=1)
        first = begin(quiz)
        begin(quiz, again=True)
        answering.finish(first.id, at=AT)
        assert state_of(first) == "set_aside"


class TestTryAgain:
    def test_asks_only_what_was_not_right(self):
        quiz = make_quiz(questions=4)
        attempt = begin(quiz)
        give(attempt, 1, "A protein")
        give(attempt, 2, "A virus")
        give(attempt, 3, UNSURE)
        answering.finish(attempt.id, at=AT)
        retry = starting.try_again(attempt, taker=GUEST, at=LATER)
        assert [stem[-2] for stem in stems(retry)] == ["2", "3", "4"]
        assert retry.retry_of == attempt

    def test_asks_what_was_partly_right(self):
        attempt = begin(make_quiz(questions=1, kind="several"))
        give(attempt, 1, "Heart")
        retry = starting.try_again(attempt, taker=GUEST, at=LATER)
        assert retry.slots.count() == 1

    def test_twice_goes_on_with_the_same_attempt(self):
        attempt = begin(make_quiz(questions=1))
        give(attempt, 1, "A virus")
        retries = [starting.try_again(attempt, taker=GUEST, at=LATER) for _ in range(2)]
        assert retries[0] == retries[1]

    def test_after_the_retry_ended_begins_another(self):
        attempt = begin(make_quiz(questions=1))
        give(attempt, 1, "A virus")
        first = starting.try_again(attempt, taker=GUEST, at=LATER)
        give(first, 1, "A virus")
        second = starting.try_again(attempt, taker=GUEST, at=LATER)
        assert second not in (attempt, first)

    def test_keeps_the_marks_of_the_first_attempt(self):
        attempt = begin(make_quiz(questions=1))
        give(attempt, 1, "A virus")
        retry = starting.try_again(attempt, taker=GUEST, at=LATER)
        give(retry, 1, "A protein")
        assert (mark_of(attempt, 1), mark_of(retry, 1)) == (0, 1000)

    def test_is_refused_when_all_was_right(self):
        attempt = begin(make_quiz(questions=1))
        give(attempt, 1, "A protein")
        with pytest.raises(starting.CannotStart):
            starting.try_again(attempt, taker=GUEST, at=LATER)


class TestAllAtOnce:
    sitting = uuid.UUID(int=7, version=4)

    def take(self, quiz, answers, *, taker=GUEST, at=AT):
        """`answers`: slug of the question → labels."""
        by_version = {}
        for question_slug, labels in answers.items():
            slot = current(quiz).slots.get(question__slug=question_slug)
            version = live_version(slot.question)
            by_version[version.pk] = (tokens(version, *labels), None)
        return answering.take_at_once(
            current(quiz),
            taker=taker,
            attempt_id=self.sitting,
            answers=by_version,
            at=at,
        )

    def test_stores_every_answer_and_ends(self):
        quiz = make_quiz(questions=2)
        attempt = self.take(quiz, {"basics-1": ["A protein"], "basics-2": ["A virus"]})
        assert [mark_of(attempt, n) for n in (1, 2)] == [1000, 0]
        assert state_of(attempt) == "submitted"

    def test_with_some_left_out_ends_too(self):
        quiz = make_quiz(questions=2)
        attempt = self.take(quiz, {"basics-2": ["A protein"]})
        assert [mark_of(attempt, n) for n in (1, 2)] == [None, 1000]
        assert state_of(attempt) == "submitted"

    def test_again_finds_the_first(self):
        quiz = make_quiz(questions=1)
        first = self.take(quiz, {"basics-1": ["A virus"]})
        second = self.take(quiz, {"basics-1": ["A protein"]})
        assert second == first
        assert mark_of(first, 1) == 0
        assert Attempt.objects.count() == 1

    def test_from_another_browser_with_the_same_id_is_refused(self):
        quiz = make_quiz(questions=1)
        self.take(quiz, {"basics-1": ["A virus"]})
        with pytest.raises(starting.CannotStart, match="another browser"):
            self.take(quiz, {"basics-1": ["A protein"]}, taker=OTHER_GUEST)

    def test_sets_an_open_attempt_aside(self):
        quiz = make_quiz(questions=2)
        first = begin(quiz)
        give(first, 1, "A virus")
        self.take(quiz, {"basics-1": ["A protein"]})
        assert state_of(first) == "set_aside"
        assert mark_of(first, 1) == 0

    def test_leaves_out_an_answer_to_an_older_wording(self):
        question = make_question("q")
        quiz = make_quiz(questions=[question])
        old = live_version(question)
        edit_question(question, stem="What is it?")
        attempt = answering.take_at_once(
            current(quiz),
            taker=GUEST,
            attempt_id=self.sitting,
            answers={old.pk: (tokens(old, "A protein"), None)},
            at=LATER,
        )
        assert mark_of(attempt, 1) is None


class TestASectionCheck:
    def check(self, check, *labels, taker=GUEST, at=AT):
        version = live_version(current(check).slots.get().question)
        return answering.answer_check(
            current(check),
            taker=taker,
            question_version_id=version.pk,
            chosen=sorted(set(tokens(version, *labels))),
            at=at,
        )

    def test_is_an_attempt_with_one_question(self):
        slot = self.check(make_check(), "A protein")
        assert state_of(slot.attempt) == "submitted"
        assert mark_of(slot.attempt, 1) == 1000

    @pytest.mark.parametrize("label", ["A virus", UNSURE])
    def test_answered_the_same_again_stores_nothing(self, label):
        check = make_check()
        first = self.check(check, label)
        assert self.check(check, label, at=LATER) == first
        assert AttemptSlot.objects.count() == ResponseStep.objects.count() == 1

    def test_answered_the_same_with_repeats_stores_nothing(self):
        check = make_check(kind="several")
        first = self.check(check, "Heart", "Hair")
        assert self.check(check, "Hair", "Heart", "Hair") == first

    def test_answered_otherwise_is_a_new_attempt(self):
        check = make_check()
        first = self.check(check, "A virus")
        second = self.check(check, "A protein")
        assert second != first
        assert (mark_of(first.attempt, 1), mark_of(second.attempt, 1)) == (0, 1000)

    def test_of_another_guest_is_a_new_attempt(self):
        check = make_check()
        first = self.check(check, "A virus")
        assert self.check(check, "A virus", taker=OTHER_GUEST) != first

    def test_of_a_user_is_theirs(self):
        user = make_user()
        slot = self.check(make_check(), "A virus", taker=Taker(user_id=user.pk))
        assert slot.attempt.user == user

    def test_answered_the_same_after_a_new_wording_is_a_new_attempt(self):
        question = make_question()
        check = make_check(question)
        first = self.check(check, UNSURE)
        edit_question(question, stem="What is it?")
        second = self.check(check, UNSURE, at=LATER)
        assert second.question_version.stem == "What is it?"
        assert second != first


class TestAnAttemptUnderWay:
    """Whatever staff do meanwhile, it ends as it began."""

    def pinned(self, attempt):
        return [
            (slot.question_version_id, slot.passage_id, slot.option_order)
            for slot in attempt.slots.all()
        ]

    @pytest.fixture
    def question(self):
        return make_question("q")

    @pytest.fixture
    def attempt(self, question):
        return begin(make_quiz(questions=[question, make_question("r")]))

    def check_unchanged(self, attempt, before):
        assert self.pinned(attempt) == before
        assert give(attempt, 1, "A protein", at=NEXT_DAY) == "stored"
        assert mark_of(attempt, 1) == 1000

    def test_keeps_its_wording_when_a_question_is_edited(self, question, attempt):
        before = self.pinned(attempt)
        edit_question(question, options={"A protein": False, "A virus": True})
        self.check_unchanged(attempt, before)

    def test_keeps_a_question_that_is_retired(self, question, attempt):
        before = self.pinned(attempt)
        authoring.retire_question(question, by=None, at=LATER, reason="Out of date.")
        self.check_unchanged(attempt, before)

    def test_keeps_a_question_that_becomes_suspect(self, attempt):
        before = self.pinned(attempt)
        retract()
        self.check_unchanged(attempt, before)

    def test_keeps_its_passage_when_the_article_changes(self, attempt):
        before = self.pinned(attempt)
        article = attempt.slots.first().passage.version.article
        make_version(article, passages={"what-is-her2": NEW_BODY}, at=LATER)
        self.check_unchanged(attempt, before)

    def test_goes_on_when_the_quiz_is_closed(self, attempt):
        before = self.pinned(attempt)
        authoring.close_quiz(attempt.quiz_version.quiz, by=None, at=LATER)
        self.check_unchanged(attempt, before)

    def test_goes_on_when_the_quiz_has_a_new_version(self, question, attempt):
        before = self.pinned(attempt)
        edit_quiz(attempt.quiz_version.quiz, [question])
        self.check_unchanged(attempt, before)
