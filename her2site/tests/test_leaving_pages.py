"""The pages on which people take along what is kept about them, or have it erased."""

import json

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session

from articles.tests.factories import make_user
from her2site.leaving import export_person
from her2site.models import User
from quizzes.models import Attempt, Certificate
from quizzes.tests.factories import answer, learner, make_quiz, result_url, start
from quizzes.tests.screens import read

pytestmark = pytest.mark.django_db
EMAIL = "asa@example.org"
PASSWORD = "correct horse battery"
ADDRESSES = ["/account/export/", "/account/export/file/", "/account/delete/"]


@pytest.fixture
def person():
    return make_user(EMAIL, is_staff=False)


@pytest.fixture
def client(person):
    return sign_in(person)


def sign_in(person):
    client = learner()
    client.force_login(person)
    return client


def delete(client, proof):
    return client.post("/account/delete/", {"proof": proof})


class TestSomebodyWhoIsNotSignedIn:
    @pytest.mark.parametrize("url", ADDRESSES)
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_is_asked_to_sign_in(self, url, method):
        response = getattr(learner(), method)(url, {"proof": PASSWORD})
        assert response.status_code == 302
        assert "login" in response.url


class TestTheExportPage:
    def test_leads_to_the_file(self, client):
        screen = read(client.get("/account/export/"))
        assert screen.links["Download the file"] == "/account/export/file/"

    def test_gives_the_persons_export_as_a_file(self, client, person):
        answer(client, start(client, make_quiz(questions=1)), "A virus")
        response = client.get("/account/export/file/")
        person.refresh_from_db()
        assert response.json() == json.loads(json.dumps(export_person(person)))
        assert response["Content-Disposition"].startswith("attachment; ")
        assert "no-store" in response["Cache-Control"]


class TestDeleting:
    def test_says_what_goes_and_what_stays(self, client):
        screen = read(client.get("/account/delete/"))
        assert "What goes" in screen.text
        assert "What stays" in screen.text
        assert "Delete my account" in screen.buttons

    def test_erases_signs_out_and_says_so(self, client):
        answer(client, start(client, make_quiz(questions=1)), "A virus")
        response = client.post("/account/delete/", {"proof": PASSWORD}, follow=True)
        assert read(response).heading == "Your account is deleted"
        assert response.wsgi_request.user.is_anonymous
        assert not User.objects.exists()
        assert not Session.objects.exists()
        assert Attempt.objects.get().user is None

    def test_ends_the_sign_in_on_other_devices(self, client, person):
        phone = sign_in(person)
        delete(client, PASSWORD)
        assert phone.get("/account/export/").status_code == 302

    @pytest.mark.parametrize(
        ("proof", "words"),
        [
            ("", "Enter your password."),
            ("wrong", "This is not the password of this account. Nothing was deleted."),
            (EMAIL, "This is not the password of this account. Nothing was deleted."),
            ("x" * 10_000, "This is not the password of this account."),
            ("\x00", "Null characters are not allowed."),
        ],
    )
    def test_is_refused_with_a_summary_without_the_password(self, client, proof, words):
        screen = read(delete(client, proof))
        assert screen.title.startswith("Error: ")
        ((said, link),) = screen.summary.items()
        assert words in said
        assert link.removeprefix("#") in screen.anchors
        assert User.objects.exists()

    def test_asks_somebody_without_a_password_for_the_address(self, client, person):
        person.set_unusable_password()
        person.save()
        client.force_login(person)
        assert "Your e-mail address" in read(client.get("/account/delete/")).text
        assert b"not the e-mail address" in delete(client, "bo@example.org").content
        assert b"Enter your e-mail" in delete(client, "").content
        assert User.objects.exists()
        assert delete(client, f" {EMAIL.upper()} ").status_code == 302
        assert not User.objects.exists()

    def test_is_not_offered_to_staff(self):
        client = sign_in(make_user("boss@example.org"))
        screen = read(client.get("/account/delete/"))
        assert "take that right away first" in screen.text
        assert screen.buttons == []
        assert delete(client, PASSWORD).status_code == 200
        assert User.objects.exists()

    def test_is_refused_from_another_site(self, person):
        client = learner(**{"sec-fetch-site": "cross-site"})
        client.force_login(person)
        assert delete(client, PASSWORD).status_code == 403
        assert User.objects.exists()

    def test_by_a_get_changes_nothing(self, client):
        client.get("/account/delete/", {"proof": PASSWORD})
        assert User.objects.exists()


class TestClearingADevice:
    def clear(self, client):
        return client.post("/account/clear/", follow=True)

    def test_makes_a_guests_answers_nobodys(self):
        client = learner()
        url = start(client, make_quiz(questions=1))
        answer(client, url, "A virus")
        assert "1 quiz or section check" in read(client.get("/account/clear/")).text
        response = self.clear(client)
        assert "No answers can be opened again" in read(response).text
        assert client.get(result_url(url)).status_code == 404
        assert Attempt.objects.get().guest_key == ""
        assert not Session.objects.exists()

    def test_leaves_another_guests_answers(self):
        client = learner()
        url = start(client, make_quiz(questions=1))
        self.clear(learner())
        assert client.get(url).status_code == 200

    def test_by_somebody_signed_in_keeps_what_is_in_the_account(self, client, person):
        answer(client, start(client, make_quiz(questions=1)), "A virus")
        screen = read(client.get("/account/clear/"))
        assert "No answers can be opened again" in screen.text
        assert "Delete your account and what belongs to it" in screen.links
        self.clear(client)
        assert Attempt.objects.get().user == person

    def test_is_refused_from_another_site(self):
        client = learner()
        url = start(client, make_quiz(questions=1))
        headers = {"sec-fetch-site": "cross-site"}
        assert client.post("/account/clear/", headers=headers).status_code == 403
        assert client.get(url).status_code == 200

    @pytest.mark.parametrize("url", ["/account/clear/", "/account/deleted/"])
    def test_sets_no_cookie_for_somebody_who_only_looks(self, url):
        response = learner().get(url)
        assert response.status_code == 200
        assert settings.SESSION_COOKIE_NAME not in response.cookies

    @pytest.mark.parametrize("page", ["/privacy/", "/quizzes/basics/"])
    def test_is_linked_where_it_is_spoken_of(self, page):
        make_quiz(questions=1)
        links = read(learner().get(page)).links
        assert "/account/clear/" in links.values()


class TestACertificate:
    def test_is_gone_with_its_owner(self, client, person):
        answer(client, start(client, make_quiz(questions=1)), "A protein")
        Certificate.objects.create(attempt=Attempt.objects.get(), name="Asa Ek")
        delete(client, PASSWORD)
        assert not Certificate.objects.exists()
