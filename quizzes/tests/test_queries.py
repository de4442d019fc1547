"""What pages ask of the database: little, and no more as the site grows."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.tests.factories import AT, make_article, make_user
from quizzes.models import Attempt
from quizzes.tests.factories import (
    answer,
    filled,
    learner,
    make_check,
    make_question,
    make_quiz,
    result_url,
    start,
    step_url,
    url_of,
)
from quizzes.tests.screens import read

pytestmark = pytest.mark.django_db


@pytest.fixture(params=["a guest", "a user"])
def client(request):
    client = learner()
    if request.param == "a user":
        client.force_login(make_user())
    return client


def queries(call):
    with CaptureQueriesContext(connection) as captured:
        response = call()
    assert response.status_code in (200, 302)
    return len(captured)


def grow():
    """More of everything: questions, quizzes, attempts of other people."""
    article = make_article("grown")
    for n in range(3):
        questions = [make_question(f"more-{n}-{m}") for m in range(3)]
        quiz = make_quiz(f"more-{n}", questions=questions, article=article)
        other = learner()
        answer(other, start(other, quiz), "A virus")


class TestAQuestionPage:
    def test_asks_at_most_five_times(self, client):
        url = start(client, make_quiz(questions=3))
        assert queries(lambda: client.get(url)) <= 5

    def test_asks_the_same_however_much_there_is(self, client):
        url = start(client, make_quiz("small", questions=1))
        small = queries(lambda: client.get(url))
        big = start(client, make_quiz("big", questions=8, kind="several"))
        grow()
        assert queries(lambda: client.get(big)) == small


class TestAnAnswer:
    def send(self, client, quiz):
        url = start(client, quiz)
        data = filled(read(client.get(url)), "A virus")
        return queries(lambda: client.post(url, data))

    def test_asks_eight_times(self):
        """Session and standing are read; between the two ends of a transaction the step is
        taken, the key held, step and mark are written."""
        assert self.send(learner(), make_quiz(questions=4)) == 8

    def test_asks_the_same_however_much_there_is(self, client):
        small = self.send(client, make_quiz("small", questions=4))
        grow()
        assert self.send(client, make_quiz("big", questions=9)) == small


class TestOtherPages:
    """None asks more because there are more questions or more attempts."""

    @pytest.mark.parametrize("page", ["", "all/"], ids=["intro", "all"])
    def test_of_a_quiz_ask_the_same(self, client, page):
        small, big = make_quiz("small", questions=1), make_quiz("big", questions=8)
        for quiz in (small, big):
            start(client, quiz)
        asked = queries(lambda: client.get(url_of(small, page)))
        assert asked <= 9
        grow()
        assert queries(lambda: client.get(url_of(big, page))) == asked

    def test_the_list_asks_the_same(self, client):
        make_quiz("small", questions=1)
        asked = queries(lambda: client.get("/quizzes/"))
        grow()
        assert queries(lambda: client.get("/quizzes/")) == asked

    @pytest.mark.parametrize("page", ["end", "result", "feedback"])
    def test_of_an_attempt_ask_the_same(self, client, page):
        asked = set()
        for slug, size in (("small", 2), ("big", 7)):
            url = start(client, make_quiz(slug, questions=size))
            answer(client, url, "A virus")
            if page == "result":
                client.post(result_url(url))
            address = f"{url}feedback/" if page == "feedback" else result_url(url)
            asked.add(queries(lambda address=address: client.get(address)))
        assert len(asked) == 1

    def test_an_article_asks_the_same_for_every_check(self):
        passages = {f"part-{n}": "HER2 is a protein [@slamon2001]." for n in range(4)}
        make_article(passages=passages)
        asked = set()
        for days, key in enumerate(passages):
            make_check(passage=f"her2#{key}", at=AT + dt.timedelta(days=days))
            asked.add(queries(lambda: learner().get("/articles/her2/")))
        assert len(asked) == 1

    def test_starting_asks_the_same(self, client):
        """All questions are stored at once."""
        asked = set()
        for slug, size in (("first", 1), ("small", 1), ("big", 9)):
            quiz = make_quiz(slug, questions=size)
            count = queries(lambda quiz=quiz: client.post(url_of(quiz)))
            if slug != "first":  # which makes the session
                asked.add(count)
        assert len(asked) == 1
        assert Attempt.objects.count() == 3

    def test_the_second_question_asks_as_the_first(self, client):
        url = start(client, make_quiz(questions=5))
        pages = [step_url(url, position) for position in (1, 5)]
        first, last = (queries(lambda page=page: client.get(page)) for page in pages)
        assert first == last
