"""Many requests at the same moment: double clicks, two tabs, an impatient thumb.

Each runs in a thread with a connection of its own, so that the database decides.
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial

import pytest
from django.db import connections
from django.utils import timezone

from quizzes import regrading, rescores
from quizzes.models import Attempt, KeyCorrection, Question, ResponseStep, SlotScore
from quizzes.tests.corrections import propose, publisher
from quizzes.tests.factories import (
    answer,
    filled,
    learner,
    make_check,
    make_question,
    make_quiz,
    mark_of,
    result_url,
    start,
    step_url,
    url_of,
)
from quizzes.tests.screens import read

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = 4


def at_once(*calls):
    """Let all calls begin at the same moment; their results, in order."""
    ready = threading.Barrier(len(calls))

    def run(call):
        ready.wait()
        try:
            return call()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def same_browser(client):
    """Another tab of the same browser."""
    tab = learner()
    tab.cookies.update(client.cookies)
    return tab


def posts(client, url, bodies):
    """One call for each body, all from tabs of the same browser."""
    tabs = [same_browser(client) for _ in bodies]
    return [
        lambda tab=tab, body=body: tab.post(url, body)
        for tab, body in zip(tabs, bodies, strict=True)
    ]


def targets(responses):
    return {response.headers.get("Location") for response in responses}


def counts():
    return ResponseStep.objects.count(), SlotScore.objects.count()


class TestAnsweringAtOnce:
    @pytest.mark.parametrize("size", [1, 3])
    def test_sixteen_times_the_same_stores_one_step_and_one_mark(self, size):
        """Also where it is the last answer, which ends the attempt."""
        quiz = make_quiz(questions=size)
        for done in range(1, ROUNDS + 1):
            client = learner()
            url = start(client, quiz)
            body = filled(read(client.get(url)), "A protein")
            responses = at_once(*posts(client, url, [body] * 16))
            assert counts() == (done, done)
            assert targets(responses) == {f"{url}feedback/"}

    def test_with_different_options_keeps_one(self):
        quiz = make_quiz(questions=2)
        for done in range(1, ROUNDS + 1):
            client = learner()
            url = start(client, quiz)
            screen = read(client.get(url))
            labels = ["A protein", "A virus", "A medicine"] * 2
            bodies = [filled(screen, label) for label in labels]
            responses = at_once(*posts(client, url, bodies))
            assert counts() == (done, done)
            assert targets(responses) == {f"{url}feedback/", f"{url}feedback/?kept=1"}

    def test_the_last_two_questions_ends_the_attempt(self):
        quiz = make_quiz(questions=2)
        for _ in range(ROUNDS):
            client = learner()
            url = start(client, quiz)
            screens = {n: read(client.get(step_url(url, n))) for n in (1, 2)}
            at_once(
                *(
                    posts(client, step_url(url, n), [filled(screen, "A protein")])[0]
                    for n, screen in screens.items()
                )
            )
            assert not Attempt.objects.open().exists()

    def test_with_skipping_stores_one_of_them(self):
        quiz = make_quiz(questions=2)
        for done in range(1, ROUNDS + 1):
            client = learner()
            url = start(client, quiz)
            screen = read(client.get(url))
            bodies = [filled(screen, "A protein"), {**screen.hidden, "skip": "1"}] * 4
            responses = at_once(*posts(client, url, bodies))
            assert {response.status_code for response in responses} <= {200, 302}
            assert ResponseStep.objects.count() == done


class TestAnsweringAndFinishingAtOnce:
    @pytest.mark.parametrize("size", [1, 2])
    def test_either_keeps_the_answer_or_says_that_it_came_too_late(self, size):
        quiz = make_quiz(questions=size)
        for _ in range(ROUNDS * 2):
            client = learner()
            url = start(client, quiz)
            body = filled(read(client.get(url)), "A protein")
            answered, finished = at_once(
                *posts(client, url, [body]), *posts(client, result_url(url), [{}])
            )
            attempt = Attempt.objects.order_by("started_at").last()
            kept = attempt.slots.get(position=1).scores.count()
            expected = f"{url}feedback/" if kept else result_url(url)
            assert answered.headers["Location"] == expected
            assert finished.headers["Location"] == result_url(url)
            assert attempt.state == "submitted"


class TestCorrectingAKeyAndAnsweringAtOnce:
    def test_leaves_no_answer_without_the_mark_of_the_new_key(self):
        for done in range(ROUNDS * 2):
            question = make_question(f"question-{done}")
            quiz = make_quiz(f"quiz-{done}", questions=[question])
            clients = [learner() for _ in range(6)]
            urls = [start(client, quiz) for client in clients]
            answers = [
                posts(client, url, [filled(read(client.get(url)), "A virus")])[0]
                for client, url in zip(clients, urls, strict=True)
            ]
            correction, per = propose(question, "A virus"), publisher("per")
            at_once(*answers, partial(decide, correction.pk, per))
            attempts = Attempt.objects.filter(quiz=quiz)
            assert [mark_of(attempt, 1) for attempt in attempts] == [1000] * 6
            assert [found for _, found in rescores.differences() if found] == []

    def test_by_two_people_corrects_it_once(self):
        quiz = make_quiz(questions=[make_question("q")])
        client = learner()
        answer(client, start(client, quiz), "A virus")
        correction = propose(Question.objects.get(), "A virus")
        deciders = [publisher(name) for name in ("per", "pat", "pam")]
        at_once(*(partial(decide, correction.pk, by) for by in deciders))
        assert SlotScore.objects.filter(correction=correction).count() == 1


def decide(pk, by):
    correction = KeyCorrection.objects.get(pk=pk)
    with suppress(regrading.CannotCorrect):
        regrading.approve(correction, by=by, at=timezone.now())


class TestStartingAtOnce:
    def test_eight_times_gives_one_open_attempt(self):
        quiz, other = make_quiz(questions=1), make_quiz("other", questions=1)
        for done in range(1, ROUNDS + 1):
            client = learner()
            start(client, other)
            responses = at_once(*posts(client, url_of(quiz), [{}] * 8))
            assert len(targets(responses)) == 1
            assert current_attempts(quiz) == done

    def test_eight_times_anew_leaves_one_open_attempt(self):
        quiz = make_quiz(questions=1)
        for done in range(1, ROUNDS + 1):
            client = learner()
            start(client, quiz)
            responses = at_once(*posts(client, url_of(quiz), [{"again": "1"}] * 8))
            assert {response.status_code for response in responses} == {302}
            assert current_attempts(quiz) == done

    def test_a_retry_eight_times_leaves_one_open_attempt(self):
        quiz = make_quiz(questions=1)
        for done in range(1, ROUNDS + 1):
            client = learner()
            url = start(client, quiz)
            answer(client, url, "A virus")
            retry = result_url(url).replace("result", "retry")
            responses = at_once(*posts(client, retry, [{}] * 8))
            assert {response.status_code for response in responses} == {302}
            assert current_attempts(quiz) == done


def current_attempts(quiz):
    return Attempt.objects.open().filter(quiz_version__quiz=quiz).count()


class TestAllOnOnePageAtOnce:
    @pytest.mark.parametrize("with_cookie", [True, False])
    def test_eight_times_the_same_page_is_one_attempt(self, with_cookie):
        quiz, other = make_quiz(questions=2), make_quiz("other", questions=1)
        for done in range(1, ROUNDS + 1):
            client = learner()
            if with_cookie:
                start(client, other)
            screen = read(client.get(url_of(quiz, "all/")))
            body = dict(screen.hidden)
            for question in screen.questions:
                body[question.name] = question.options["A protein"]
            responses = at_once(*posts(client, url_of(quiz, "all/"), [body] * 8))
            assert {response.status_code for response in responses} == {302}
            assert len(targets(responses)) == 1
            attempts = Attempt.objects.filter(quiz_version__quiz=quiz)
            assert attempts.count() == done
            assert counts() == (2 * done, 2 * done)


class TestASectionCheckAtOnce:
    def test_eight_times_the_same_stores_one_answer(self):
        check, quiz = make_check(), make_quiz(questions=1)
        for done in range(1, ROUNDS + 1):
            client = learner()
            start(client, quiz)
            url = url_of(check, "check/")
            body = filled(read(client.get(url)), "A virus")
            responses = at_once(*posts(client, url, [body] * 8))
            assert len(targets(responses)) == 1
            assert counts() == (done, done)
