"""Getting a certificate, printing it, checking one, and withdrawing one in the admin."""

import pytest

from articles.tests.desk_forms import address, confirm, staff_client, text
from articles.tests.factories import (
    AT,
    live,
    make_article,
    make_sign_off,
    make_user,
    make_version,
)
from quizzes import certifying
from quizzes.models import Attempt, Certificate, Purpose
from quizzes.tests.factories import (
    LATER,
    answer,
    learner,
    make_quiz,
    result_url,
    start,
    step_url,
    take,
)
from quizzes.tests.screens import read

pytestmark = pytest.mark.django_db
RIGHT, WRONG = "A protein", "A virus"


@pytest.fixture
def client():
    browser = learner()
    user = make_user("eva@example.org", name="Eva Berg", is_staff=False)
    browser.force_login(user)
    return browser


def make_test(**settings):
    fields = {"pass_mark": 50, "gives_certificate": True, **settings}
    return make_quiz("exam", questions=2, purpose=Purpose.TEST, **fields)


def pass_test(client, *labels, **settings):
    """Take the test; the address of its result."""
    url = start(client, make_test(**settings))
    for position, label in enumerate(labels or (RIGHT, WRONG), 1):
        answer(client, step_url(url, position), label)
    return result_url(url)


def form_url(result):
    return result.replace("result", "certificate")


def get_certificate(client, name="Eva Berg", **settings):
    """Pass the test and ask for the certificate; its address."""
    url = form_url(pass_test(client, **settings))
    return client.post(url, {"name": name}).headers["Location"]


class TestAskingForACertificate:
    def test_begins_at_the_result(self, client):
        result = pass_test(client)
        links = read(client.get(result)).links
        assert links["Get your certificate"] == form_url(result)

    def test_offers_the_name_of_the_account(self, client):
        page = client.get(form_url(pass_test(client))).content.decode()
        assert 'value="Eva Berg"' in page
        assert "Your name, as you want it printed" in page

    def test_offers_a_guest_no_name(self):
        guest = learner()
        page = guest.get(form_url(pass_test(guest)))
        assert read(page).texts == ["name"]

    def test_leads_to_the_certificate(self, client):
        url = get_certificate(client, name="Dr Eva Berg")
        assert url == Certificate.objects.get().get_absolute_url()
        assert "Dr Eva Berg" in read(client.get(url)).text

    def test_twice_leads_to_the_same_one(self, client):
        url = form_url(pass_test(client))
        first = client.post(url, {"name": "Eva Berg"})
        second = client.post(url, {"name": "Ida Holm"})
        assert first.headers["Location"] == second.headers["Location"]
        assert client.get(url).headers["Location"] == first.headers["Location"]
        assert Certificate.objects.get().name == "Eva Berg"

    @pytest.mark.parametrize(
        ("name", "problem"),
        [
            ("", "Write the name that is to stand on the certificate."),
            ("\u202e", "Write the name that is to stand on the certificate."),
            ("n" * 121, "A name can have 120 characters at most."),
        ],
    )
    def test_says_what_is_wrong_with_the_name(self, client, name, problem):
        response = client.post(form_url(pass_test(client)), {"name": name})
        screen = read(response)
        assert screen.title.startswith("Error: ")
        assert screen.summary[problem] == "#id_name"
        assert not Certificate.objects.exists()

    def test_leads_to_the_result_when_the_test_was_not_passed(self, client):
        result = pass_test(client, WRONG, WRONG)
        for ask in (client.get, client.post):
            assert ask(form_url(result)).headers["Location"] == result
        assert not Certificate.objects.exists()

    def test_looks_to_others_as_if_there_were_no_attempt(self, client):
        url = form_url(pass_test(client))
        for ask in (learner().get, learner().post):
            assert ask(url, {"name": "Ida Holm"}).status_code == 404
        assert not Certificate.objects.exists()

    def test_is_not_taken_from_another_site(self, client):
        url = form_url(pass_test(client))
        response = client.post(
            url, {"name": "Eva"}, headers={"sec-fetch-site": "cross-site"}
        )
        assert response.status_code == 403


class TestTheCertificate:
    def test_prints_all_that_it_stands_for(self, client):
        url = get_certificate(client, title="Heart checks", minutes=10)
        shown = read(client.get(url)).text
        code = Certificate.objects.get().code
        for words in (
            "Eva Berg",
            "Heart checks",
            "50% of all marks",
            "about 10 minutes",
            "version 1",
            f"{code[:4]}-{code[4:8]}-{code[8:12]}-{code[12:]}",
            f"http://testserver/certificates/{code}/",
            "It is not a licence or an accredited award.",
        ):
            assert words in shown

    def test_names_the_page_as_it_was_when_the_test_was_taken(self, client):
        article = make_article()
        make_sign_off(live(article))
        get_certificate(client, article=article)
        make_version(article, at=LATER, title="Another title")
        Attempt.objects.update(submitted_at=AT)
        shown = read(client.get(Certificate.objects.get().get_absolute_url())).text
        assert "“About her2”, as published on 6 January 2025 and checked by" in shown

    def test_says_nothing_of_a_page_that_nobody_could_read(self, client):
        draft = make_article("draft", publish=False)
        url = get_certificate(client, article=draft)
        assert "It is about" not in read(client.get(url)).text

    def test_is_linked_from_the_result(self, client):
        result = pass_test(client)
        url = client.post(form_url(result), {"name": "Eva"}).headers["Location"]
        assert read(client.get(result)).links["See your certificate"] == url

    def test_says_to_its_holder_why_it_was_withdrawn(self, client):
        url = get_certificate(client)
        certificate = Certificate.objects.get()
        certifying.withdraw(certificate, by=None, reason="Issued in error.", at=AT)
        shown = read(client.get(url)).text
        assert "withdrawn on 6 January 2025. Issued in error." in shown
        assert "Print the certificate" not in shown


class TestCheckingACertificate:
    def test_says_title_date_and_that_it_is_valid(self, client):
        url = get_certificate(client, title="Heart checks")
        Attempt.objects.update(submitted_at=AT)
        screen = read(learner().get(url))
        assert screen.heading == "This certificate is valid"
        assert "Heart checks" in screen.text
        assert "6 January 2025" in screen.text

    @pytest.mark.parametrize("who", ["a guest", "another user", "staff"])
    def test_tells_neither_name_nor_score(self, client, who):
        url = get_certificate(client)
        stranger = learner()
        if who != "a guest":
            stranger.force_login(make_user("ida@example.org", is_staff=who == "staff"))
        text_ = read(stranger.get(url)).text
        assert "Eva" not in text_
        assert "% of all marks" not in text_

    def test_says_when_it_was_withdrawn_and_not_why(self, client):
        url = get_certificate(client)
        certificate = Certificate.objects.get()
        certifying.withdraw(certificate, by=None, reason="Issued in error.", at=AT)
        screen = read(learner().get(url))
        assert screen.heading == "This certificate was withdrawn"
        assert "Withdrawn on: 6 January 2025" in screen.text
        assert "in error" not in screen.text

    def test_takes_a_code_as_people_type_it(self, client):
        url = get_certificate(client)
        code = Certificate.objects.get().code
        typed = f"{code[:4]}-{code[4:8]} {code[8:12]}-{code[12:]}".lower()
        response = learner().get(f"/certificates/{typed}/")
        assert response.headers["Location"] == url

    @pytest.mark.parametrize(
        "code",
        ["2222222222222222", "ABC", "0000-0000-0000-0000", "-", "%00", "x" * 300],
    )
    def test_says_kindly_that_there_is_none(self, code):
        response = learner().get(f"/certificates/{code}/")
        assert response.status_code == 404
        assert read(response).heading == "We cannot find that certificate"

    def test_is_kept_from_search_engines_and_caches(self, client):
        url = get_certificate(client)
        for browser, address_ in (
            (client, url),
            (learner(), url),
            (learner(), "/certificates/no/"),
        ):
            response = browser.get(address_)
            assert response["X-Robots-Tag"] == "noindex"
            assert "no-store" in response["Cache-Control"]
            assert b'<meta name="robots" content="noindex">' in response.content

    def test_is_done_by_following_a_link_only(self, client):
        assert client.post(get_certificate(client)).status_code == 405


class TestTheAdmin:
    @pytest.fixture
    def certificate(self):
        return certifying.issue(take(make_test(), RIGHT, RIGHT), name="Eva", at=AT)

    @pytest.fixture
    def pia(self):
        user = make_user("pia@example.org", name="Pia", groups=["Publisher"])
        return staff_client(user)

    def test_lists_code_test_and_state(self, pia, certificate):
        page = text(pia.get("/admin/quizzes/certificate/"))
        assert certificate.code in page
        assert "HER2 basics (version 1)" in page
        assert 'class="field-state">Valid</td>' in page

    def test_withdraws_after_asking_why(self, pia, certificate):
        confirm(pia, certificate, "withdraw", reason="Issued in error.")
        certificate.refresh_from_db()
        assert certificate.withdrawn_reason == "Issued in error."
        page = text(pia.get(address(certificate)))
        assert "by Pia" in page
        assert "/withdraw/" not in page

    def test_withdraws_nothing_without_a_reason(self, pia, certificate):
        response = confirm(pia, certificate, "withdraw", reason="")
        assert "Say why the certificate is withdrawn." in text(response)
        certificate.refresh_from_db()
        assert certificate.withdrawn_at is None

    def test_refuses_to_withdraw_twice(self, pia, certificate):
        certifying.withdraw(certificate, by=None, reason="In error.", at=AT)
        response = confirm(pia, certificate, "withdraw", reason="Again.")
        assert "This certificate is withdrawn." in text(response)

    def test_lets_nobody_write_one(self, pia, certificate):
        assert pia.get("/admin/quizzes/certificate/add/").status_code == 403
        pia.post(address(certificate), {"name": "Ida"})
        assert pia.get(address(certificate, "delete")).status_code == 403
        certificate.refresh_from_db()
        assert certificate.name == "Eva"

    @pytest.mark.parametrize("group", ["Author", "Analyst", "Clinical reviewer"])
    def test_is_closed_to_others(self, certificate, group):
        other = staff_client(make_user("ana@example.org", groups=[group]))
        assert other.get("/admin/quizzes/certificate/").status_code == 403
        assert other.post(address(certificate, "withdraw")).status_code in (403, 404)
        certificate.refresh_from_db()
        assert certificate.withdrawn_at is None
