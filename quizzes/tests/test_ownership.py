"""An attempt belongs to whoever made it; for all others it does not exist."""

import uuid

import pytest

from articles.tests.factories import make_user
from quizzes.models import Attempt, ResponseStep
from quizzes.tests.factories import (
    answer,
    learner,
    make_quiz,
    start,
)

pytestmark = pytest.mark.django_db
# After the id: what is asked, and how.
ADDRESSES = [
    ("get", "1/"),
    ("get", "2/"),
    ("get", "1/feedback/"),
    ("get", "2/feedback/"),
    ("get", "result/"),
    ("get", "receipt/"),
    ("get", "certificate/"),
    ("post", "1/"),
    ("post", "2/"),
    ("post", "result/"),
    ("post", "certificate/"),
    ("post", "retry/"),
]


def signed_in(email):
    client = learner()
    client.force_login(make_user(email))
    return client


def other_guest():
    client = learner()
    start(client, make_quiz("other", questions=1))
    return client


OWNERS = {"a guest": learner, "a user": lambda: signed_in("asa@example.org")}
OTHERS = {
    "somebody new": learner,
    "another guest": other_guest,
    "another user": lambda: signed_in("bo@example.org"),
}


@pytest.mark.parametrize("owner", OWNERS.values(), ids=OWNERS.keys())
class TestAnAttempt:
    def begin(self, owner):
        """Two questions, the first answered. The owner, and the attempt."""
        client = owner()
        url = start(client, make_quiz(questions=2))
        answer(client, url, "A virus")
        return client, Attempt.objects.get(quiz_version__quiz__slug="basics")

    def test_answers_its_owner_at_every_address(self, owner):
        client, attempt = self.begin(owner)
        for method, page in ADDRESSES:
            response = getattr(client, method)(f"/attempts/{attempt.id}/{page}")
            assert response.status_code in (200, 302), (method, page)

    @pytest.mark.parametrize("other", OTHERS.values(), ids=OTHERS.keys())
    def test_looks_to_others_as_if_it_did_not_exist(self, owner, other):
        _, attempt = self.begin(owner)
        stranger = other()
        steps = ResponseStep.objects.count()
        attempts = Attempt.objects.count()
        missing = uuid.UUID(int=1, version=4)
        for method, page in ADDRESSES:
            ask = getattr(stranger, method)
            theirs = ask(f"/attempts/{attempt.id}/{page}", {"answer": "unsure"})
            nobodys = ask(f"/attempts/{missing}/{page}", {"answer": "unsure"})
            assert theirs.status_code == nobodys.status_code == 404, (method, page)
            assert theirs.content == nobodys.content, (method, page)
            assert headers_of(theirs) == headers_of(nobodys), (method, page)
        attempt.refresh_from_db()
        assert attempt.state == "in_progress"
        assert ResponseStep.objects.count() == steps
        assert Attempt.objects.count() == attempts


def headers_of(response):
    """Without the second in which it was made."""
    return {name: value for name, value in response.items() if name != "Expires"}


class TestAGuest:
    def test_who_signs_in_has_no_access_to_what_the_guest_did(self):
        client = learner()
        url = start(client, make_quiz(questions=1))
        client.force_login(make_user())
        assert client.get(url).status_code == 404

    def test_finds_no_open_attempt_of_a_user_at_the_start(self):
        quiz = make_quiz(questions=1)
        start(signed_in("asa@example.org"), quiz)
        assert b"Welcome back" not in learner().get(quiz.get_absolute_url()).content

    def test_with_an_empty_key_in_the_session_has_no_attempts(self):
        url = start(signed_in("asa@example.org"), make_quiz(questions=1))
        client = other_guest()
        session = client.session
        session["guest_key"] = ""
        session.save()
        assert client.get(url).status_code == 404


class TestTheAddressOfAnAttempt:
    def test_cannot_be_guessed(self):
        """Version 4 of a UUID has 122 random bits (RFC 9562, section 5.4)."""
        start(learner(), make_quiz(questions=1))
        assert Attempt.objects.get().id.version == 4

    @pytest.mark.parametrize("attempt_id", ["1", "x" * 36, "%00", "../admin"])
    def test_that_is_none_is_not_found(self, attempt_id):
        response = learner().get(f"/attempts/{attempt_id}/1/")
        assert response.status_code in (301, 404)
