"""Accounts of learners: making one, signing in and out, and getting back in."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail

from articles.tests.factories import make_user
from her2site.models import User
from her2site.tests.doors import (
    LOGIN,
    PASSWORD,
    browser,
    confirm_password,
    last_mail,
    link_in,
    shown,
    sign_in,
    sign_up,
    who,
)

pytestmark = pytest.mark.django_db
CODE = "/account/login/code/"
RESET = "/account/password/reset/"
NOT_RIGHT = "The e-mail address or the password is not right."
AWAY = [
    "https://elsewhere.example/",
    "//elsewhere.example/",
    "///elsewhere.example/",
    "/\\elsewhere.example/",
    "http:///elsewhere.example/",
    "javascript:alert(1)",
    "\thttps://elsewhere.example/",
]


@pytest.fixture
def client():
    return browser()


@pytest.fixture
def ana():
    return make_user("ana@example.org", is_staff=False)


def cookie_of(response):
    return response.cookies[settings.SESSION_COOKIE_NAME]


class TestSignUp:
    def test_signs_in_at_once(self, client):
        assert sign_up(client).url == "/my-learning/"
        user = User.objects.get(email="new@example.org")
        assert who(client) == str(user.pk)
        assert not user.is_staff

    def test_asks_by_mail_whether_the_address_is_right(self, client):
        sign_up(client)
        assert last_mail().to == ["new@example.org"]
        link = link_in(last_mail())
        assert "Is this your e-mail address?" in shown(client.get(link))
        client.post(link)
        assert "new@example.org is confirmed" in shown(client.get("/account/"))

    def test_names_the_illness_in_no_mail(self, client):
        sign_up(client)
        words = last_mail().subject + last_mail().body
        assert "her2" not in words.lower()

    @pytest.mark.parametrize(
        ("fields", "sentence"),
        [
            ({"email": ""}, "Please fill in “E-mail address”."),
            ({"email": "ana"}, "Write the e-mail address like name@example.org."),
            ({"password": "short"}, "This password is too short."),
            ({"password": "123456789012"}, "This password is entirely numeric."),
        ],
    )
    def test_says_what_to_mend(self, client, fields, sentence):
        page = sign_up(client, **fields)
        assert sentence in shown(page)
        assert b"<title>Error: " in page.content
        assert who(client) is None

    def test_with_somebodys_address_makes_no_second_account(self, client, ana):
        page = sign_up(client, email="ANA@example.org")
        assert "Somebody already signs in with this e-mail address." in shown(page)
        assert User.objects.count() == 1

    def test_asks_for_the_password_once_and_writes_no_label_into_a_field(self, client):
        page = client.get("/account/signup/").content.decode()
        assert page.count('type="password"') == 1
        assert 'autocomplete="new-password"' in page
        assert "placeholder" not in page

    def test_cannot_make_staff(self, client):
        sign_up(client, is_staff="on", is_superuser="on")
        user = User.objects.get()
        assert not user.is_staff
        assert not user.is_superuser


class TestSignIn:
    def test_leads_to_ones_learning(self, client, ana):
        assert sign_in(client).url == "/my-learning/"
        assert who(client) == str(ana.pk)

    def test_does_not_mind_capitals_in_the_address(self, client, ana):
        sign_in(client, email="ANA@Example.org")
        assert who(client) == str(ana.pk)

    def test_leads_back_to_where_one_wanted_to_go(self, client, ana):
        page = client.get("/account/password/change/")
        assert page.url == f"{LOGIN}?next=/account/password/change/"
        answer = sign_in(client, next="/account/password/change/")
        assert answer.url == "/account/password/change/"

    @pytest.mark.parametrize("away", AWAY)
    def test_never_leads_to_another_site(self, client, ana, away):
        assert sign_in(client, next=away).url == "/my-learning/"
        assert who(client) == str(ana.pk)

    def test_ends_with_the_browser(self, client, ana):
        assert not cookie_of(sign_in(client))["max-age"]

    def test_is_kept_for_a_month_by_who_says_so(self, client, ana):
        cookie = cookie_of(sign_in(client, remember="on"))
        assert cookie["max-age"] == 30 * 24 * 60 * 60

    def test_gives_the_session_another_key(self, client, ana):
        session = client.session
        session["anything"] = "kept"
        session.save()
        before = session.session_key
        client.cookies[settings.SESSION_COOKIE_NAME] = before
        sign_in(client)
        assert client.session.session_key != before
        assert client.session["anything"] == "kept"

    def test_with_a_wrong_password_is_refused_and_keeps_the_address(self, client, ana):
        page = sign_in(client, password="wrong horse battery")
        assert NOT_RIGHT in shown(page)
        assert 'value="ana@example.org"' in page.content.decode()
        assert "wrong horse" not in page.content.decode()
        assert who(client) is None

    def test_reads_the_same_for_an_unknown_address(self, client, ana):
        known = shown(sign_in(client, password="wrong horse battery"))
        unknown = shown(sign_in(client, email="nobody@example.org"))
        assert known == unknown

    def test_to_a_closed_account_is_refused(self, client):
        make_user("gone@example.org", is_staff=False, is_active=False)
        answer = sign_in(client, email="gone@example.org")
        assert "This account is closed" in shown(client.get(answer.url))
        assert who(client) is None

    def test_needs_the_token_of_its_form(self, ana):
        guarded = browser()
        guarded.handler.enforce_csrf_checks = True
        assert sign_in(guarded).status_code == 403


class TestCodeByMail:
    def test_signs_in(self, client, ana):
        answer = client.post(CODE, {"email": "ana@example.org"})
        assert answer.url == f"{CODE}confirm/"
        code = re.search(r"^[A-Z]{4}-[A-Z]{4}$", last_mail().body, re.M)[0]
        client.post(answer.url, {"code": code})
        assert who(client) == str(ana.pk)

    def test_ends_with_the_browser_too(self, client, ana):
        self.test_signs_in(client, ana)
        assert client.session.get_expire_at_browser_close()

    def test_that_is_wrong_is_refused(self, client, ana):
        client.post(CODE, {"email": "ana@example.org"})
        page = client.post(f"{CODE}confirm/", {"code": "AAA-AAA"})
        assert "This code is not right." in shown(page)
        assert who(client) is None

    def test_reads_the_same_for_an_unknown_address(self, ana):
        pages = []
        for email in ["ana@example.org", "nobody@example.org"]:
            one = browser()
            page = one.get(one.post(CODE, {"email": email}).url)
            pages.append(shown(page).replace(email, "…"))
        assert pages[0] == pages[1]
        assert len(mail.outbox) == 2


class TestForgottenPassword:
    def ask(self, client, email="ana@example.org"):
        answer = client.post(RESET, {"email": email})
        return shown(client.get(answer.url))

    def test_is_replaced_through_a_link(self, client, ana):
        assert "Look into your e-mail" in self.ask(client)
        link = link_in(last_mail())
        form = client.get(link).url
        done = client.post(form, {"password1": "another long password"})
        assert "Your password is changed" in shown(client.get(done.url))
        ana.refresh_from_db()
        assert ana.check_password("another long password")
        assert who(client) is None

    def test_link_works_once(self, client, ana):
        self.test_is_replaced_through_a_link(client, ana)
        link = link_in(mail.outbox[0])
        assert "does not work any more" in shown(browser().get(link))

    def test_reads_the_same_for_an_unknown_address(self, client, ana):
        assert self.ask(client) == self.ask(client, "nobody@example.org")

    def test_ends_all_sessions(self, client, ana):
        elsewhere = browser()
        sign_in(elsewhere)
        self.test_is_replaced_through_a_link(client, ana)
        assert elsewhere.get("/account/").url.startswith(LOGIN)


class TestOwnAccount:
    @pytest.fixture(autouse=True)
    def signed_in(self, client, ana):
        sign_in(client)

    def test_shows_whose_it_is(self, client):
        assert "You are signed in as ana@example.org." in shown(client.get("/account/"))

    def test_changes_its_password(self, client, ana):
        words = {"oldpassword": PASSWORD, "password1": "another long password"}
        client.post("/account/password/change/", words)
        ana.refresh_from_db()
        assert ana.check_password("another long password")
        assert who(client) == str(ana.pk)

    def test_changes_no_password_without_the_old_one(self, client, ana):
        words = {"oldpassword": "wrong", "password1": "another long password"}
        page = client.post("/account/password/change/", words)
        assert "This is not your current password." in shown(page)
        ana.refresh_from_db()
        assert ana.check_password(PASSWORD)

    def test_ends_by_a_post_only(self, client):
        assert "Sign out?" in shown(client.get("/account/logout/"))
        assert who(client)
        answer = client.post("/account/logout/")
        assert answer.url == "/"
        assert who(client) is None

    def test_leaves_nothing_behind_when_it_ends(self, client):
        session = client.session
        session["anything"] = "mine"
        session.save()
        client.post("/account/logout/")
        assert dict(client.session) == {}


class TestAddress:
    URL = "/account/email/"

    def change(self, client, email="new@example.org"):
        sign_in(client)
        confirm_password(client)
        return client.post(self.URL, {"email": email, "action_add": "1"})

    def link_to(self, email):
        (message,) = [m for m in mail.outbox if m.to == [email]]
        return link_in(message)

    def confirmed(self, user):
        EmailAddress.objects.create(
            user=user, email=user.email, primary=True, verified=True
        )

    def test_changes_when_the_link_is_opened(self, client, ana):
        self.confirmed(ana)
        self.change(client)
        ana.refresh_from_db()
        assert ana.email == "ana@example.org"
        assert "We have sent a link to new@example.org" in shown(client.get(self.URL))
        client.post(self.link_to("new@example.org"))
        ana.refresh_from_db()
        assert ana.email == "new@example.org"

    def test_that_was_never_confirmed_changes_at_once(self, client, ana):
        """It may have been a slip, and then its link can never be opened."""
        self.change(client)
        ana.refresh_from_db()
        assert ana.email == "new@example.org"
        assert self.link_to("new@example.org")
        assert [a.email for a in ana.emailaddress_set.all()] == ["new@example.org"]

    @pytest.mark.parametrize("is_confirmed", [True, False])
    def test_of_somebody_else_changes_nothing_and_tells_nothing(
        self, client, ana, is_confirmed
    ):
        make_user("ben@example.org", is_staff=False)
        if is_confirmed:
            self.confirmed(ana)
        answer = self.change(client, "Ben@example.org")
        assert answer.url == self.URL
        ana.refresh_from_db()
        assert ana.email == "ana@example.org"

    def test_is_not_changed_on_a_screen_that_was_left_unlocked(self, client, ana):
        sign_in(client)
        answer = client.post(self.URL, {"email": "new@example.org", "action_add": "1"})
        assert answer.url.startswith("/account/reauthenticate/")
        ana.refresh_from_db()
        assert ana.email == "ana@example.org"


class TestPages:
    def test_of_an_account_are_kept_by_no_cache(self, client, ana):
        sign_in(client)
        assert "no-store" in client.get("/account/")["Cache-Control"]
        assert "no-store" in browser().get(LOGIN)["Cache-Control"]

    @pytest.mark.parametrize("path", ["/", "/articles/", "/quizzes/", "/help/"])
    def test_of_the_site_offer_everybody_the_same_way_in(self, client, path):
        page = client.get(path)
        assert 'href="/my-learning/"' in page.content.decode()
        assert not page.cookies
