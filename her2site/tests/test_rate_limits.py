"""Guessing is stopped, in whichever process it lands; a classroom is not."""

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import connection

from articles.tests.factories import make_article, make_user
from her2site.tests.doors import LOGIN, browser, shown, sign_in, sign_up, who

pytestmark = pytest.mark.django_db
WRONG = "wrong horse battery"
TOO_MANY = "There were too many tries."


def fail(times, *, email="ana@example.org", client=None):
    client = client or browser()
    return [sign_in(client, email=email, password=WRONG) for _ in range(times)][-1]


class TestOneAccount:
    def test_takes_five_wrong_passwords(self):
        make_user("ana@example.org", is_staff=False)
        assert TOO_MANY not in shown(fail(5))
        assert TOO_MANY in shown(fail(1))

    def test_then_waits_even_with_the_right_one(self):
        make_user("ana@example.org", is_staff=False)
        fail(5)
        client = browser()
        assert TOO_MANY in shown(sign_in(client))
        assert who(client) is None

    def test_can_be_entered_by_a_code_meanwhile(self):
        make_user("ana@example.org", is_staff=False)
        fail(5)
        answer = browser().post("/account/login/code/", {"email": "ana@example.org"})
        assert answer.url == "/account/login/code/confirm/"

    def test_does_not_keep_its_neighbour_out(self):
        make_user("ben@example.org", is_staff=False)
        fail(6)
        client = browser()
        sign_in(client, email="ben@example.org")
        assert who(client)

    def test_is_not_told_from_an_account_that_does_not_exist(self):
        make_user("ana@example.org", is_staff=False)
        assert shown(fail(6)) == shown(fail(6, email="nobody@example.org"))

    def test_is_also_guarded_where_staff_come_in(self):
        client = browser()
        make_user("ana@example.org")
        answer = client.get("/admin/login/?next=/admin/")
        assert answer.url == f"{LOGIN}?next=%2Fadmin%2F"


class TestOneAddress:
    def test_lets_a_classroom_in(self):
        for n in range(40):
            make_user(f"pupil-{n}@example.org", is_staff=False)
        clients = [browser() for _ in range(40)]
        for n, client in enumerate(clients):
            sign_in(client, email=f"pupil-{n}@example.org", password=WRONG)
            sign_in(client, email=f"pupil-{n}@example.org")
        assert all(who(client) for client in clients)

    def test_lets_a_classroom_make_accounts(self):
        clients = [browser() for _ in range(40)]
        for n, client in enumerate(clients):
            sign_up(client, email=f"pupil-{n}@example.org")
        assert all(who(client) for client in clients)

    def test_is_stopped_when_it_tries_many_accounts(self):
        answers = [fail(1, email=f"pupil-{n}@example.org") for n in range(200)]
        stopped = [answer for answer in answers if answer.status_code == 429]
        assert len(stopped) >= 100
        assert "Please wait a few minutes" in shown(stopped[-1])

    def test_is_stopped_when_it_asks_for_many_links(self):
        client = browser()
        for n in range(61):
            words = {"email": f"pupil-{n}@example.org"}
            answer = client.post("/account/password/reset/", words)
        assert answer.status_code == 429


class TestTheCount:
    def test_is_the_same_in_another_process(self):
        """Which has a cache object of its own, and the same database."""
        fail(5)
        here = caches["default"]
        elsewhere = DatabaseCache("her2site_cache", {})
        with connection.cursor() as cursor:
            cursor.execute("SELECT cache_key FROM her2site_cache")
            keys = [row[0].split(":", 2)[2] for row in cursor.fetchall()]
        assert keys
        assert [elsewhere.get(key) for key in keys] == [here.get(key) for key in keys]
        assert any(len(elsewhere.get(key)) == 5 for key in keys)

    @pytest.mark.parametrize(("proxies", "stopped"), [(0, True), (1, False)])
    def test_believes_only_the_proxys_own_entry(self, settings, proxies, stopped):
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
        settings.ACCOUNT_RATE_LIMITS = {"login_failed": "1/m/ip"}
        pages = []
        for address in ["192.0.2.1", "192.0.2.2"]:
            client = browser(x_forwarded_for=f"198.51.100.7, {address}")
            pages.append(shown(fail(1, client=client)))
        assert (TOO_MANY in pages[1]) == stopped

    def test_is_not_escaped_by_inventing_an_address(self, settings):
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
        settings.ACCOUNT_RATE_LIMITS = {"login_failed": "1/m/ip"}
        for n in range(2):
            client = browser(x_forwarded_for=f"203.0.113.{n}, 192.0.2.1")
            page = fail(1, client=client)
        assert TOO_MANY in shown(page)


class TestReading:
    def test_neither_asks_the_cache_nor_makes_a_session(
        self, django_assert_num_queries
    ):
        make_article("her2")
        client = browser()
        client.get("/articles/her2/")
        asked = []
        with connection.execute_wrapper(lambda do, *call: note(asked, do, *call)):
            client.get("/articles/her2/")
            client.get("/")
        assert not [
            sql for sql in asked if settings.CACHES["default"]["LOCATION"] in sql
        ]
        assert not Session.objects.exists()


def note(asked, execute, sql, params, many, context):
    asked.append(sql)
    return execute(sql, params, many, context)
