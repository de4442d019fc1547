"""Tests, quizzes before and after reading, pools, certainty and what was left half done."""

import datetime as dt

import pytest

from articles.models import Topic
from articles.tests.factories import AT, make_article, make_user
from quizzes import answering, authoring, faults, starting
from quizzes.models import (
    Attempt,
    ExtraTime,
    Purpose,
    Question,
    ResponseStep,
    Tag,
    Taker,
    standing_of,
)
from quizzes.tests.factories import (
    GUEST,
    LATER,
    OTHER_GUEST,
    answer,
    begin,
    current,
    edit_question,
    filled,
    give,
    learner,
    leave,
    make_check,
    make_question,
    make_quiz,
    mark_of,
    result_url,
    retract,
    start,
    step_url,
    url_of,
)
from quizzes.tests.screens import read

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def client():
    return learner()


def asked(attempt):
    return [slot.question_version.question.slug for slot in attempt.slots.all()]


def state_of(attempt):
    attempt.refresh_from_db()
    return attempt.state


def make_test(questions=2, **settings):
    return make_quiz("exam", questions=questions, purpose=Purpose.TEST, **settings)


def user_taker(email="eva@example.org"):
    return Taker(user_id=make_user(email, is_staff=False).pk)


class TestATest:
    def test_says_its_rules_before_it_begins(self, client):
        exam = make_test(pass_mark=70, time_limit=20, gives_certificate=True)
        text = read(client.get(url_of(exam))).text
        assert "The pass mark is 70%. If you pass, you can print a certificate." in text
        assert "You have 20 minutes from when you start." in text

    def test_gives_no_answer_away_before_the_end(self, client):
        url = start(client, make_test())
        response = answer(client, url, "A virus")
        assert response.headers["Location"] == step_url(url, 2)
        again = read(client.get(f"{url}feedback/"))
        assert again.heading == "What about exam-1?"
        assert "You answered: A virus" in again.text
        assert "The answer" not in again.text
        assert "Because of" not in again.text

    @pytest.mark.parametrize(
        ("answers", "words"),
        [
            (
                ["A protein", "A protein"],
                "100% of all marks. The pass mark is 70%. You passed.",
            ),
            (
                ["A protein", "A virus"],
                "50% of all marks. The pass mark is 70%. You did not reach it this time.",
            ),
        ],
    )
    def test_ends_with_marks_in_words(self, client, answers, words):
        url = start(client, make_test(pass_mark=70))
        for position, label in enumerate(answers, 1):
            answer(client, step_url(url, position), label)
        screen = read(client.get(result_url(url)))
        assert words in screen.text
        assert "Try these" not in screen.text

    def test_shows_all_answers_at_the_end(self, client):
        url = start(client, make_test(questions=1))
        answer(client, url, "A virus")
        assert read(client.get(f"{url}feedback/")).heading.startswith("Not quite")

    def test_is_not_offered_on_one_page(self, client):
        exam = make_test()
        assert client.get(url_of(exam, "all/")).status_code == 404
        assert "one page" not in read(client.get(url_of(exam))).text

    def test_is_not_practised_in_part(self, client):
        url = start(client, make_test(questions=1))
        answer(client, url, "A virus")
        refused = client.post(f"{url.rsplit('/', 2)[0]}/retry/")
        assert "Only a whole try counts here" in read(refused).text


class TestTriesThatAreCounted:
    def exam(self):
        return make_test(questions=1, attempts_allowed=2)

    def test_are_refused_to_guests_with_what_to_do(self, client):
        screen = read(client.post(url_of(self.exam())))
        assert "Please sign in to take it." in screen.text

    def test_end_after_the_last_one(self):
        exam, eva = self.exam(), user_taker()
        numbers = [begin(exam, taker=eva, again=True).number for _ in range(2)]
        assert numbers == [1, 2]
        with pytest.raises(starting.CannotStart, match="used all 2 tries"):
            begin(exam, taker=eva, again=True)

    def test_are_counted_for_each_person(self):
        exam = self.exam()
        assert begin(exam, taker=user_taker()).number == 1
        assert begin(exam, taker=user_taker("ida@example.org")).number == 1

    def test_are_not_used_up_by_going_on(self):
        exam, eva = self.exam(), user_taker()
        assert begin(exam, taker=eva) == begin(exam, taker=eva)


class TestADeadline:
    def exam(self, **settings):
        return make_test(questions=2, time_limit=20, **settings)

    def test_is_fixed_at_the_start(self):
        assert begin(self.exam()).deadline_at == AT + 20 * MINUTE

    def test_is_later_for_who_was_given_more_time(self):
        exam, eva = self.exam(), user_taker()
        ExtraTime.objects.create(quiz=exam, user_id=eva.user_id, minutes=10)
        assert begin(exam, taker=eva).deadline_at == AT + 30 * MINUTE
        assert begin(exam, taker=user_taker("ida@example.org")).deadline_at == (
            AT + 20 * MINUTE
        )

    @pytest.mark.parametrize("seconds", [0, 20 * 60, 20 * 60 + 60])
    def test_lets_an_answer_through_that_comes_in_time_or_a_little_late(self, seconds):
        attempt = begin(self.exam())
        at = AT + dt.timedelta(seconds=seconds)
        assert give(attempt, 1, "A protein", at=at) == "stored"

    def test_refuses_what_comes_later_and_stores_nothing(self):
        attempt = begin(self.exam())
        late = AT + 21 * MINUTE + dt.timedelta(seconds=1)
        with pytest.raises(answering.TimeIsUp):
            give(attempt, 1, "A protein", at=late)
        with pytest.raises(answering.TimeIsUp):
            leave(attempt, 1, at=late)
        assert not ResponseStep.objects.exists()

    def test_that_passed_keeps_what_was_answered(self, client):
        """The exam began in the past, so its time is up by now."""
        exam = self.exam()
        url = start(client, exam)
        answer(client, url, "A protein")
        Attempt.objects.update(deadline_at=AT)
        second = step_url(url, 2)
        response = client.post(second, {"answer": "x", "step": "1", "skip": "1"})
        assert response.headers["Location"] == result_url(url)
        assert client.get(second).headers["Location"] == result_url(url)
        screen = read(client.get(result_url(url)))
        assert "The time for this test is up." in screen.text
        client.post(result_url(url))
        assert read(client.get(result_url(url))).heading == "You got 1 of 2"

    def test_refuses_a_late_answer_on_its_page(self, client):
        url = start(client, self.exam())
        sent = filled(read(client.get(url)), "A protein")
        Attempt.objects.update(deadline_at=AT)
        assert client.post(url, sent).headers["Location"] == result_url(url)
        assert client.post(url, {}).headers["Location"] == result_url(url)
        assert not ResponseStep.objects.exists()

    def test_is_said_on_the_question(self, client):
        assert "This test ends at" in read(client.get(start(client, self.exam()))).text


class TestBeforeAndAfter:
    @pytest.fixture
    def pair(self):
        article = make_article()
        return make_quiz(
            "pair", questions=2, article=article, purpose=Purpose.BEFORE_AFTER
        )

    def take(self, client, url, *labels):
        for position, label in enumerate(labels, 1):
            answer(client, step_url(url, position), label)

    def test_shows_no_answer_between_the_halves(self, client, pair):
        url = start(client, pair)
        self.take(client, url, "A virus", "A virus")
        screen = read(client.get(result_url(url)))
        assert screen.heading == "Thank you. Now read the page"
        assert "You answered: A virus" in read(client.get(f"{url}feedback/")).text

    def test_asks_the_same_wording_again_even_when_it_was_edited(self, client, pair):
        url = start(client, pair)
        self.take(client, url, "A virus", "A virus")
        edit_question(Question.objects.get(slug="pair-1"), stem="Another wording?")
        retry = f"{url.rsplit('/', 2)[0]}/retry/"
        after = client.post(retry).headers["Location"]
        assert read(client.get(after)).heading == "What about pair-1?"
        assert client.post(retry).headers["Location"] == after

    def test_ends_with_both_results_and_all_answers(self, client, pair):
        url = start(client, pair)
        self.take(client, url, "A virus", "A virus")
        after = client.post(f"{url.rsplit('/', 2)[0]}/retry/").headers["Location"]
        self.take(client, after, "A protein", "A virus")
        screen = read(client.get(result_url(after)))
        assert "Before reading: 0 of 2. After reading: 1 of 2." in screen.text
        assert read(client.get(f"{url}feedback/")).heading.startswith("Not quite")

    def test_is_gone_on_with_from_its_start_page(self, client, pair):
        url = start(client, pair)
        self.take(client, url, "A virus", "A virus")
        screen = read(client.get(url_of(pair)))
        assert screen.links["Continue"] == result_url(url)

    def test_needs_the_first_half_before_the_second(self, client, pair):
        url = start(client, pair)
        refused = client.post(f"{url.rsplit('/', 2)[0]}/retry/")
        assert "answer the questions before reading first" in read(refused).text


class TestAPool:
    def pool(self, count=6, draw=2, **fields):
        tag = Tag.objects.create(name="basics")
        for number in range(count):
            make_question(f"pool-{number}", **fields).tags.add(tag)
        return {"pool_tag": tag, "draw": draw}

    def quiz(self, **options):
        fixed = [make_question("fixed")]
        return make_quiz(questions=fixed, pools=[self.pool(**options)])

    def test_adds_as_many_as_it_says_to_the_fixed_ones(self):
        found = asked(begin(self.quiz()))
        assert found[0] == "fixed"
        assert len(set(found)) == 3

    def test_stays_the_same_within_an_attempt(self):
        attempt = begin(self.quiz())
        before = asked(attempt)
        give(attempt, 1, "A protein")
        assert asked(begin(attempt.quiz)) == before

    def test_asks_unseen_questions_first_the_next_time(self):
        quiz = self.quiz(count=4)
        first = set(asked(begin(quiz)))
        second = set(asked(begin(quiz, again=True, at=LATER)))
        assert first & second == {"fixed"}

    def test_draws_differently_for_different_people(self):
        quiz = self.quiz(count=12)
        draws = {
            tuple(asked(begin(quiz, taker=Taker(guest_key=f"{n:032}"))))
            for n in range(6)
        }
        assert len(draws) > 1

    def test_leaves_out_what_is_suspect_retired_or_in_the_quiz_already(self):
        quiz = self.quiz(count=4)
        tag = Tag.objects.get()
        Question.objects.get(slug="fixed").tags.add(tag)
        gone = Question.objects.get(slug="pool-0")
        authoring.retire_question(gone, by=None, at=LATER, reason="Out of date.")
        found = [
            slug
            for n in range(6)
            for slug in asked(begin(quiz, taker=Taker(guest_key=f"{n:032}"), at=LATER))
        ]
        assert "pool-0" not in found
        assert found.count("fixed") == 6

    def test_of_a_topic_holds_what_rests_on_its_pages(self):
        make_question("on-topic")
        topic = Topic.objects.get()
        quiz = make_quiz(questions=[], pools=[{"pool_topic": topic, "draw": 1}])
        assert asked(begin(quiz)) == ["on-topic"]

    def test_of_a_quiz_for_everybody_holds_nothing_for_professionals(self):
        pool = self.pool(count=3, audience="professional")
        patients = make_quiz("easy", questions=1, pools=[pool], publish=False)
        version = patients.versions.get()
        assert faults.quiz_faults(version, at=AT) == (
            "Place 2. 2 drawn from basics: the pool holds only 0 that can be asked.",
        )
        exam = make_quiz("exam", questions=1, pools=[pool], purpose=Purpose.TEST)
        assert len(asked(begin(exam))) == 3

    def test_is_drawn_once_for_all_questions_on_one_page(self, client):
        quiz = self.quiz(count=12)
        page = read(client.get(url_of(quiz, "all/")))
        legends = [question.legend for question in page.questions]
        sent = {**page.hidden}
        for question in page.questions:
            sent[question.name] = question.options["A protein"]
        result = read(
            client.get(client.post(url_of(quiz, "all/"), sent).headers["Location"])
        )
        assert len(legends) == 3
        assert result.heading == "You got 3 of 3"


class TestAQuizWithTooFewQuestions:
    def test_says_so_instead_of_starting(self, client):
        quiz = make_quiz(questions=3, needed=3)
        question = Question.objects.get(slug="basics-1")
        authoring.retire_question(question, by=None, at=AT, reason="Out of date.")
        screen = read(client.get(url_of(quiz)))
        assert "Please come back later." in screen.text
        assert "Start the quiz" not in screen.buttons
        refused = read(client.post(url_of(quiz)))
        assert refused.title.startswith("Error: ")
        assert not Attempt.objects.exists()

    def test_still_lets_a_started_one_go_on(self, client):
        quiz = make_quiz(questions=3, needed=3)
        start(client, quiz)
        retract()
        screen = read(client.get(url_of(quiz)))
        assert "Continue" in screen.links
        assert "Start again" not in screen.buttons

    def test_lets_a_missed_one_be_tried_alone(self):
        attempt = begin(make_quiz(questions=2, needed=2))
        give(attempt, 1, "A protein")
        give(attempt, 2, "A virus")
        retry = starting.try_again(attempt, taker=GUEST, at=LATER)
        assert asked(retry) == ["basics-2"]

    @pytest.mark.parametrize(
        ("settings", "fault"),
        [
            ({"needed": 2}, "The quiz needs 2 questions and has only 1."),
            ({"pass_mark": 70}, "Only a test has a pass mark."),
            ({"time_limit": 20}, "Only a test has a time limit."),
            ({"attempts_allowed": 2}, "Only a test has a number of tries."),
        ],
    )
    def test_or_with_rules_of_a_test_is_not_published(self, settings, fault):
        quiz = make_quiz(questions=1, publish=False, **settings)
        (found,) = faults.quiz_faults(quiz.versions.get(), at=AT)
        assert found.startswith(fault)


class TestCertainty:
    def test_is_not_asked_unless_the_quiz_says_so(self, client):
        url = start(client, make_quiz(questions=1))
        assert "How sure are you?" not in read(client.get(url)).text

    def test_is_asked_in_words_and_kept_without_a_mark(self, client):
        url = start(client, make_quiz(questions=1, ask_certainty=True))
        screen = read(client.get(url))
        sure = screen.questions[1]
        assert sure.legend == "How sure are you?"
        assert list(sure.options) == ["I am guessing", "Fairly sure", "Very sure"]
        chosen = screen.questions[0].options["A virus"]
        sent = {**screen.hidden, "answer": chosen, "certainty": "3"}
        client.post(url, sent)
        assert ResponseStep.objects.get().certainty == 3
        assert mark_of(Attempt.objects.get(), 1) == 0
        assert (
            "How sure you were: very sure." in read(client.get(f"{url}feedback/")).text
        )

    @pytest.mark.parametrize("value", ["", "0", "4", "x", "\u0663", "3.0", "-1"])
    def test_that_is_none_of_those_is_left_out(self, client, value):
        url = start(client, make_quiz(questions=1, ask_certainty=True))
        screen = read(client.get(url))
        chosen = screen.questions[0].options["A protein"]
        client.post(url, {**screen.hidden, "answer": chosen, "certainty": value})
        assert ResponseStep.objects.get().certainty is None

    def test_is_shown_beside_what_was_right_at_the_end(self, client):
        quiz = make_quiz(questions=3, ask_certainty=True)
        url = start(client, quiz)
        for position, (label, sure) in enumerate(
            [("A virus", "3"), ("A protein", "3"), ("A protein", "1")], 1
        ):
            screen = read(client.get(step_url(url, position)))
            chosen = screen.questions[0].options[label]
            sent = {**screen.hidden, "answer": chosen, "certainty": sure}
            client.post(step_url(url, position), sent)
        text = read(client.get(result_url(url))).text
        assert "“Very sure”: 1 of 2 right “I am guessing”: 1 of 1 right" in text

    def test_is_asked_on_one_page_too(self, client):
        quiz = make_quiz(questions=1, ask_certainty=True)
        screen = read(client.get(url_of(quiz, "all/")))
        question, sure = screen.questions
        sent = {
            **screen.hidden,
            question.name: question.options["A protein"],
            sure.name: sure.options["Fairly sure"],
        }
        client.post(url_of(quiz, "all/"), sent)
        assert ResponseStep.objects.get().certainty == 2


class TestWhatWasLeft:
    def test_is_set_aside_when_nobody_answered_since(self):
        quiz = make_quiz(questions=2)
        idle, busy = begin(quiz), begin(quiz, taker=OTHER_GUEST)
        give(busy, 1, "A protein", at=LATER)
        assert starting.set_aside_idle(before=LATER) == 1
        assert (state_of(idle), state_of(busy)) == ("set_aside", "in_progress")

    def test_is_gone_on_with_where_it_was_left(self, client):
        quiz = make_quiz(questions=2)
        url = start(client, quiz)
        answer(client, url, "A protein")
        Attempt.objects.update(state="set_aside")
        assert "You answered 1 of 2" in read(client.get(url_of(quiz))).text
        again = client.post(f"{url.rsplit('/', 2)[0]}/retry/")
        assert again.headers["Location"] == step_url(url, 2)

    def test_takes_the_place_of_one_begun_since(self):
        quiz = make_quiz(questions=1)
        old = begin(quiz)
        new = begin(quiz, again=True)
        old.refresh_from_db()
        starting.resume(old)
        assert (state_of(old), state_of(new)) == ("in_progress", "set_aside")
        starting.resume(old)
        assert state_of(old) == "in_progress"

    def test_cannot_be_gone_on_with_once_it_is_finished(self):
        attempt = begin(make_quiz(questions=1))
        answering.finish(attempt.id, at=AT)
        attempt.refresh_from_db()
        with pytest.raises(starting.CannotStart, match="finished already"):
            starting.resume(attempt)

    def test_of_guests_is_out_of_reach_after_its_time(self):
        quiz = make_quiz(questions=1)
        old = begin(quiz)
        young = begin(quiz, taker=OTHER_GUEST, at=LATER)
        assert starting.forget_guests(before=LATER) == 1
        assert (state_of(old), state_of(young)) == ("set_aside", "in_progress")
        assert not GUEST.theirs().exists()
        assert OTHER_GUEST.theirs().get() == young

    def test_takes_no_answer_while_it_is_set_aside(self):
        attempt = begin(make_quiz(questions=1))
        starting.set_aside_idle(before=LATER)
        with pytest.raises(answering.AttemptClosed):
            give(attempt, 1, "A protein")


class TestAClaim:
    def test_gives_a_guests_attempts_to_a_person_once(self):
        quiz = make_quiz(questions=1)
        attempt = begin(quiz)
        eva = user_taker()
        assert starting.claimable(GUEST).get() == attempt
        assert starting.claim(GUEST, user_id=eva.user_id) == 1
        assert starting.claim(GUEST, user_id=eva.user_id) == 0
        assert eva.theirs().get() == attempt
        assert standing_of(attempt.id, 1).user_id == eva.user_id

    def test_leaves_other_guests_alone(self):
        other = begin(make_quiz(questions=1), taker=OTHER_GUEST)
        starting.claim(GUEST, user_id=user_taker().user_id)
        assert OTHER_GUEST.theirs().get() == other

    @pytest.mark.parametrize("guest_first", [True, False])
    def test_of_an_open_quiz_leaves_the_newer_one_open(self, guest_first):
        quiz, eva = make_quiz(questions=1), user_taker()
        first, second = (GUEST, eva) if guest_first else (eva, GUEST)
        older = begin(quiz, taker=first, at=AT)
        newer = begin(quiz, taker=second, at=LATER)
        starting.claim(GUEST, user_id=eva.user_id)
        assert (state_of(older), state_of(newer)) == ("set_aside", "in_progress")

    def test_offers_no_section_checks(self):
        check = make_check()
        slot = answering.answer_check(
            current(check),
            taker=GUEST,
            question_version_id=current(check).slots.get().question.versions.get().pk,
            chosen=["unsure"],
            at=AT,
        )
        assert not starting.claimable(GUEST).filter(pk=slot.attempt_id).exists()
