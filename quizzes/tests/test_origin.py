"""Forms that other sites send are refused, by what the browser says of their origin."""

import pytest
from django.test import Client

from quizzes.models import Attempt, ResponseStep
from quizzes.tests.factories import (
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

FROM_ELSEWHERE = {
    "nothing said": {},
    "another site": {"sec-fetch-site": "cross-site"},
    "another host of this site": {"sec-fetch-site": "same-site"},
    "an unknown word": {"sec-fetch-site": "own"},
    "another site that forges the origin": {
        "sec-fetch-site": "cross-site",
        "origin": "http://testserver",
    },
    "an origin elsewhere": {"origin": "https://evil.example"},
    "an origin that begins alike": {"origin": "http://testserver.evil.example"},
    "another port": {"origin": "http://testserver:8080"},
    "another scheme": {"origin": "https://testserver"},
    "a hidden origin": {"origin": "null"},
    "no address": {"origin": "http://[::1"},
    "an empty origin": {"origin": "", "referer": ""},
    "an origin elsewhere, a page from here": {
        "origin": "https://evil.example",
        "referer": "http://testserver/quizzes/",
    },
    "a page elsewhere": {"referer": "https://evil.example/?http://testserver/"},
    "a page elsewhere with our name": {"referer": "http://testserver@evil.example/"},
}
FROM_HERE = {
    "a page of ours": {"sec-fetch-site": "same-origin"},
    "the address line": {"sec-fetch-site": "none"},
    "our origin, over http": {"origin": "http://testserver"},
    "a page of ours, in an old browser": {"referer": "http://testserver/quizzes/x/"},
}


def every(cases):
    return pytest.mark.parametrize("headers", cases.values(), ids=cases.keys())


class TestStarting:
    @every(FROM_ELSEWHERE)
    def test_from_elsewhere_is_refused(self, headers):
        response = Client(headers=headers).post(url_of(make_quiz(questions=1)))
        assert response.status_code == 403
        assert "Your browser sent this from another page" in read(response).text
        assert not response.cookies
        assert not Attempt.objects.exists()

    @every(FROM_HERE)
    def test_from_here_is_done(self, headers):
        response = Client(headers=headers).post(url_of(make_quiz(questions=1)))
        assert response.status_code == 302
        assert Attempt.objects.exists()

    def test_from_a_trusted_origin_is_done(self, settings):
        settings.CSRF_TRUSTED_ORIGINS = ["https://learn.example.org"]
        headers = {"origin": "https://learn.example.org", "sec-fetch-site": "same-site"}
        response = Client(headers=headers).post(url_of(make_quiz(questions=1)))
        assert response.status_code == 302

    def test_from_here_over_https_is_done(self):
        client = Client(headers={"origin": "https://testserver"})
        response = client.post(url_of(make_quiz(questions=1)), secure=True)
        assert response.status_code == 302

    def test_needs_no_token(self):
        client = Client(
            enforce_csrf_checks=True, headers={"sec-fetch-site": "same-origin"}
        )
        assert client.post(url_of(make_quiz(questions=1))).status_code == 302


class TestEveryForm:
    """The same guard stands before each address that takes a form."""

    @pytest.fixture
    def quiz(self):
        return make_quiz(questions=2)

    @pytest.fixture
    def client(self):
        return learner()

    def elsewhere(self, client, url, data):
        return client.post(url, data, headers={"sec-fetch-site": "cross-site"})

    def test_an_answer_from_elsewhere_is_refused(self, client, quiz):
        url = start(client, quiz)
        data = filled(read(client.get(url)), "A virus")
        assert self.elsewhere(client, url, data).status_code == 403
        assert not ResponseStep.objects.exists()

    def test_the_end_from_elsewhere_is_refused(self, client, quiz):
        url = start(client, quiz)
        assert self.elsewhere(client, result_url(url), {}).status_code == 403
        assert Attempt.objects.open().exists()

    def test_a_retry_from_elsewhere_is_refused(self, client, quiz):
        url = start(client, quiz)
        client.post(result_url(url))
        retry = result_url(url).replace("result", "retry")
        assert self.elsewhere(client, retry, {}).status_code == 403
        assert Attempt.objects.count() == 1

    def test_a_whole_page_from_elsewhere_is_refused(self, client, quiz):
        page = url_of(quiz, "all/")
        assert self.elsewhere(client, page, {"partial": "1"}).status_code == 403
        assert not Attempt.objects.exists()

    def test_a_check_from_elsewhere_is_refused(self, client):
        page = url_of(make_check(), "check/")
        data = filled(read(client.get(page)), "A virus")
        assert self.elsewhere(client, page, data).status_code == 403
        assert not Attempt.objects.exists()

    @pytest.mark.parametrize("method", ["put", "patch", "delete"])
    def test_other_methods_are_not_allowed(self, client, quiz, method):
        assert getattr(client, method)(url_of(quiz)).status_code == 405

    def test_a_signed_in_user_is_no_exception(self, client, quiz, admin_user):
        client.force_login(admin_user)
        assert self.elsewhere(client, url_of(quiz), {}).status_code == 403


class TestReading:
    @every(FROM_ELSEWHERE)
    def test_from_elsewhere_is_allowed(self, headers):
        quiz, client = make_quiz(questions=1), Client(headers=headers)
        for page in ("", "all/"):
            assert client.get(url_of(quiz, page)).status_code == 200
            assert client.head(url_of(quiz, page)).status_code == 200
