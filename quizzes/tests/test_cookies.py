"""No cookie for a reader; one, for the place in the quiz, from the first answer on."""

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection

from articles.tests.factories import make_article
from quizzes.tests.factories import (
    answer,
    filled,
    learner,
    make_check,
    make_quiz,
    result_url,
    start,
    url_of,
)
from quizzes.tests.screens import read

pytestmark = pytest.mark.django_db
READING = [
    "/quizzes/",
    "/quizzes/basics/",
    "/quizzes/basics/all/",
    "/quizzes/check-basics-1/check/",
    "/articles/her2/",
    "/quizzes/missing/",
]


@pytest.fixture
def client():
    return learner()


@pytest.fixture
def quiz():
    quiz = make_quiz(questions=2, article=make_article())
    make_check(quiz.versions.get().slots.first().question)
    return quiz


class TestReading:
    @pytest.mark.parametrize("url", READING)
    def test_sets_no_cookie_and_stores_no_session(self, client, quiz, url):
        response = client.get(url)
        assert response.status_code in (200, 404)
        assert not response.cookies
        assert not Session.objects.exists()

    def test_writes_nothing(self, client, quiz):
        """Neither before the first answer nor in the middle of an attempt."""
        url = start(client, quiz)
        answer(client, url, "A virus")
        pages = [*READING, url, f"{url}feedback/", result_url(url)]
        with connection.execute_wrapper(refuse_writes):
            for browser in (learner(), client):
                for page in pages:
                    assert browser.get(page).status_code < 500
                    assert browser.head(page).status_code < 500


def refuse_writes(execute, sql, params, many, context):
    assert sql.split()[0].upper() in {"SELECT", "SAVEPOINT", "RELEASE"}, sql
    return execute(sql, params, many, context)


class TestTheFirstPost:
    def test_of_a_start_sets_the_cookie(self, client, quiz):
        self.check(client.post(url_of(quiz)))

    def test_of_a_whole_page_sets_the_cookie(self, client, quiz):
        page = url_of(quiz, "all/")
        screen = read(client.get(page))
        self.check(client.post(page, {**screen.hidden, "partial": "1"}))

    def test_of_a_check_sets_the_cookie(self, client, quiz):
        page = "/quizzes/check-basics-1/check/"
        screen = read(client.get(page))
        self.check(client.post(page, filled(screen, "A virus")))

    def check(self, response):
        assert list(response.cookies) == [settings.SESSION_COOKIE_NAME]
        cookie = response.cookies[settings.SESSION_COOKIE_NAME]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["max-age"] == 30 * 24 * 60 * 60

    def test_with_nothing_in_it_sets_none(self, client, quiz):
        for page in ("all/", "check/"):
            slug = "check-basics-1" if page == "check/" else "basics"
            assert not client.post(f"/quizzes/{slug}/{page}").cookies

    def test_keeps_a_key_that_cannot_be_guessed(self, client, quiz):
        """As 32 hexadecimal digits: 128 bits."""
        start(client, quiz)
        key = client.session["guest_key"]
        assert len(bytes.fromhex(key)) == 16


class TestLaterPosts:
    def test_set_no_other_cookie(self, client, quiz):
        url = start(client, quiz)
        assert not answer(client, url, "A virus").cookies

    def test_keep_the_key(self, client, quiz):
        start(client, quiz)
        key = client.session["guest_key"]
        start(client, quiz, again="1")
        assert client.session["guest_key"] == key
