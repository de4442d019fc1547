"""Quizzes done before signing in: offered once, taken only by a person's own word."""

import pytest

from articles.tests.factories import make_user
from her2site.tests.doors import shown, sign_in, sign_up, who
from quizzes.models import Attempt
from quizzes.tests.factories import answer, learner, make_quiz, result_url, start

pytestmark = pytest.mark.django_db
CLAIM = "/account/claim/"


@pytest.fixture
def client():
    return learner()


@pytest.fixture
def ana():
    return make_user("ana@example.org", is_staff=False)


@pytest.fixture
def ben():
    return make_user("ben@example.org", is_staff=False)


@pytest.fixture
def quiz():
    return make_quiz(questions=1)


def owners():
    return list(Attempt.objects.order_by("started_at").values_list("user", flat=True))


def finish(client, quiz):
    url = start(client, quiz)
    answer(client, url, "A virus")
    client.post(result_url(url))
    return result_url(url)


class TestTheOffer:
    def test_comes_after_signing_in(self, client, quiz, ana):
        start(client, quiz)
        assert sign_in(client).url == f"{CLAIM}?next=%2Fmy-learning%2F"
        assert "1 quiz was done on this device" in shown(client.get(CLAIM))

    def test_comes_after_making_an_account(self, client, quiz):
        start(client, quiz)
        assert sign_up(client).url.startswith(CLAIM)

    def test_counts_the_quizzes(self, client, quiz, ana):
        start(client, quiz)
        start(client, make_quiz("more", questions=1))
        sign_in(client)
        assert "2 quizzes were done on this device" in shown(client.get(CLAIM))

    def test_changes_nothing_by_itself(self, client, quiz, ana):
        start(client, quiz)
        sign_in(client)
        client.get(CLAIM)
        assert owners() == [None]

    def test_does_not_come_where_nothing_was_done(self, client, ana):
        assert sign_in(client).url == "/my-learning/"
        assert client.get(CLAIM).url == "/my-learning/"

    def test_is_for_people_who_are_signed_in(self, client, quiz):
        start(client, quiz)
        assert client.get(CLAIM).url.startswith("/account/login/")
        assert client.post(CLAIM, {"mine": "1"}).url.startswith("/account/login/")
        assert owners() == [None]

    @pytest.mark.parametrize(
        ("wanted", "led"),
        [
            ("/quizzes/", "/quizzes/"),
            ("//elsewhere.example/", "/my-learning/"),
            ("https://elsewhere.example/", "/my-learning/"),
        ],
    )
    def test_leads_on_within_the_site(self, client, quiz, ana, wanted, led):
        start(client, quiz)
        sign_in(client)
        assert client.post(CLAIM, {"mine": "1", "next": wanted}).url == led


class TestAdding:
    def test_puts_them_into_the_account(self, client, quiz, ana):
        url = finish(client, quiz)
        sign_in(client)
        client.post(CLAIM, {"mine": "1"})
        assert owners() == [ana.pk]
        assert client.get(url).status_code == 200

    def test_works_once(self, client, quiz, ana):
        start(client, quiz)
        sign_in(client)
        client.post(CLAIM, {"mine": "1"})
        assert "guest_key" not in client.session
        assert client.get(CLAIM).url == "/my-learning/"
        client.post(CLAIM, {"mine": "1"})
        assert owners() == [ana.pk]

    def test_reaches_nobody_elses(self, client, quiz, ana):
        start(learner(), quiz)
        start(client, quiz)
        sign_in(client)
        client.post(
            CLAIM, {"mine": "1", "guest_key": Attempt.objects.first().guest_key}
        )
        assert sorted(owners(), key=str) == [ana.pk, None]

    def test_needs_the_token_of_its_form(self, client, quiz, ana):
        start(client, quiz)
        sign_in(client)
        client.handler.enforce_csrf_checks = True
        assert client.post(CLAIM, {"mine": "1"}).status_code == 403
        assert owners() == [None]


class TestNotMine:
    def test_leaves_them_and_is_not_asked_again(self, client, quiz, ana):
        url = finish(client, quiz)
        sign_in(client)
        assert client.post(CLAIM, {"not-mine": "1"}).url == "/my-learning/"
        assert owners() == [None]
        assert client.get(CLAIM).url == "/my-learning/"
        assert client.get(url).status_code == 404


class TestASharedDevice:
    def test_offers_one_persons_quizzes_to_nobody_after_them(
        self, client, quiz, ana, ben
    ):
        start(client, quiz)
        sign_in(client)
        client.post("/account/logout/")
        assert sign_in(client, email="ben@example.org").url == "/my-learning/"
        client.post(CLAIM, {"mine": "1"})
        assert owners() == [None]

    def test_forgets_the_key_when_somebody_signs_in_over_somebody(
        self, client, quiz, ana, ben
    ):
        start(client, quiz)
        sign_in(client)
        client.force_login(ben)
        assert "guest_key" not in client.session

    def test_does_not_offer_a_persons_own_answers_to_the_next(
        self, client, quiz, ana, ben
    ):
        sign_in(client)
        start(client, quiz)
        client.post("/account/logout/")
        assert sign_in(client, email="ben@example.org").url == "/my-learning/"
        assert owners() == [ana.pk]


class TestAKiosk:
    @pytest.fixture(autouse=True)
    def kiosk(self, settings):
        settings.KIOSK = True

    def test_never_offers(self, client, quiz, ana):
        start(client, quiz)
        assert sign_in(client).url == "/my-learning/"
        assert client.get(CLAIM).url == "/my-learning/"
        client.post(CLAIM, {"mine": "1"})
        assert owners() == [None]

    def test_shows_the_result_until_the_device_is_cleared(self, client, quiz):
        url = finish(client, quiz)
        assert "Finish and clear this device" in shown(client.get(url))
        assert client.get(url).status_code == 200
        assert client.post("/account/clear/").url == "/"
        assert client.get(url).status_code == 404
        assert dict(client.session) == {}

    def test_is_not_cleared_by_a_link_or_another_site(self, client, quiz):
        url = finish(client, quiz)
        assert client.get("/account/clear/").status_code == 200
        stranger = {"sec-fetch-site": "cross-site"}
        assert client.post("/account/clear/", headers=stranger).status_code == 403
        assert client.get(url).status_code == 200

    def test_signs_a_person_out_too(self, client, ana):
        sign_in(client)
        client.post("/account/clear/")
        assert who(client) is None


class TestAnotherDevice:
    def test_is_not_asked_to_be_cleared(self, client, quiz):
        url = finish(client, quiz)
        assert "clear this device" not in shown(client.get(url))
