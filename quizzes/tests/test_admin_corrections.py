"""Correcting a key in the admin: the effect is seen first, and another person decides."""

import pytest

from articles.models import Reference
from articles.tests.desk_forms import (
    address,
    confirm,
    fields_of,
    said,
    staff_client,
    text,
)
from articles.tests.factories import AT, make_reference, make_user
from quizzes import regrading
from quizzes.models import Certificate, KeyCorrection, Purpose
from quizzes.tests.corrections import (
    NEW_KEY,
    REASON,
    correct,
    key_of,
    propose,
    publisher,
)
from quizzes.tests.factories import (
    LATER,
    OPTIONS,
    OTHER_GUEST,
    begin,
    edit_question,
    give,
    live_version,
    make_question,
    make_quiz,
    mark_of,
)

pytestmark = pytest.mark.django_db
LIST = "/admin/quizzes/keycorrection/"


@pytest.fixture
def pia():
    return staff_client(publisher("pia"))


@pytest.fixture
def per():
    return staff_client(publisher("per"))


@pytest.fixture
def ana():
    return staff_client(make_user("ana@example.org", name="Ana", groups=["Author"]))


@pytest.fixture
def question():
    return make_question("q", stem="What is HER2?")


@pytest.fixture
def attempt(question):
    """One answer that is wrong by the first key."""
    found = begin(make_quiz(questions=[question]))
    give(found, 1, "A virus")
    return found


def entered(version, *right):
    """The key as the form of its kind takes it."""
    key = key_of(version, *right)
    if version.kind == "number":
        return key
    if version.kind == "ordering":
        return {f"place-{token}": n for n, token in enumerate(key["order"], 1)}
    if version.kind == "matching":
        return {f"row-{row}": choice for row, choice in key["pairs"].items()}
    return {"right": key["right"]}


def why(**changes):
    source = Reference.objects.get(key="slamon2001").pk
    return {"reason": REASON, "evidence": source, **changes}


def look(client, row, *right, **changes):
    """Fill in the form and press "See what it does"."""
    version = changes.pop("version", None) or live_version(row)
    values = {**why(**changes), **entered(version, *right)}
    return confirm(client, row, "correct", **values)


def press_again(client, row, shown, **changes):
    return client.post(address(row, "correct"), {**fields_of(shown), **changes})


class TestProposing:
    @pytest.mark.parametrize("kind", OPTIONS)
    def test_stores_the_key_that_was_entered(self, pia, kind):
        question = make_question("q", kind=kind)
        shown = look(pia, question, *NEW_KEY[kind])
        response = press_again(pia, question, shown)
        correction = KeyCorrection.objects.get()
        assert response.url == address(correction)
        version = live_version(question)
        assert correction.new_scoring == key_of(version, *NEW_KEY[kind])
        assert correction.policy == "never_worse"
        assert correction.proposed_by == publisher("pia")

    def test_shows_what_it_does_before_anything_is_stored(self, pia, question, attempt):
        page = text(look(pia, question, "A virus"))
        assert "Of 1 mark: 1 mark goes up, 0 go down." in page
        assert "Nothing is stored yet." in page
        assert not KeyCorrection.objects.exists()

    def test_shows_it_again_when_something_else_is_entered(
        self, pia, question, attempt
    ):
        shown = look(pia, question, "A virus")
        other = entered(live_version(question), "A medicine")
        page = text(press_again(pia, question, shown, **other))
        assert "Of 1 mark: 0 marks go up, 0 go down." in page
        assert not KeyCorrection.objects.exists()

    def test_shows_the_key_in_force(self, pia, question):
        page = text(pia.get(address(question, "correct")))
        assert "The key in force</h2> <ul><li>A protein</li></ul>" in page

    @pytest.mark.parametrize(
        ("kind", "values", "refusal"),
        [
            ("single", {"right": []}, "Choose at least one right answer."),
            ("single", {}, "This is the key already in force."),
            ("single", {"right": ["made-up"]}, "Select a valid choice."),
            ("number", {"value": "many"}, "Enter both numbers in figures"),
            ("number", {"tolerance": "-1"}, "The tolerance cannot be below zero."),
            ("single", {"reason": ""}, "Say why the key is corrected."),
            ("single", {"evidence": ""}, "Choose the source that shows it."),
        ],
    )
    def test_of_something_that_cannot_be_says_why(self, pia, kind, values, refusal):
        question = make_question("q", kind=kind)
        page = text(confirm(pia, question, "correct", **{**why(), **values}))
        assert refusal in page
        assert not KeyCorrection.objects.exists()

    def test_with_two_lines_in_one_place_says_so(self, pia):
        question = make_question("q", kind="ordering")
        first, second, _ = live_version(question).scoring["order"]
        values = {f"place-{first}": 2, f"place-{second}": 2}
        page = text(confirm(pia, question, "correct", **why(), **values))
        assert "Give each line a place of its own." in page

    def test_offers_no_source_that_no_longer_holds(self, pia, question):
        make_reference("old1999", status="retracted")
        assert "old1999" not in text(pia.get(address(question, "correct")))

    def test_while_another_one_waits_is_not_offered(self, pia, question):
        propose(question, "A virus")
        assert address(question, "correct") not in text(pia.get(address(question)))
        page = pia.get(address(question, "correct"))
        assert "waits for a decision already" in text(page)

    def test_for_an_older_version_stands_on_its_own_page(self, pia, question):
        old = live_version(question)
        edit_question(question)
        assert address(old, "correct") in text(pia.get(address(old)))
        shown = look(pia, old, "A virus", version=old)
        press_again(pia, old, shown)
        assert KeyCorrection.objects.get().question_version == old

    def test_of_a_draft_is_not_offered(self, pia):
        question = make_question("q", publish=False)
        page = pia.get(address(question.versions.get(), "correct"))
        assert "There is no published version yet" in text(page)
        page = pia.get(address(question, "correct"))
        assert "There is no published version yet" in text(page)

    def test_is_not_for_authors(self, ana, question):
        assert ana.get(address(question, "correct")).status_code == 403
        assert ana.post(address(question, "correct"), why()).status_code == 403
        assert address(question, "correct") not in text(ana.get(address(question)))


class TestDeciding:
    def test_shows_both_keys_the_reason_the_source_and_the_effect(
        self, per, question, attempt
    ):
        correction = propose(question, "A virus", evidence_changed=True)
        page = text(per.get(address(correction, "approve")))
        for shown in (
            "The old key</h2> <ul><li>A protein</li></ul>",
            "The new key</h2> <ul><li>A virus</li></ul>",
            REASON,
            "slamon2001",
            "The evidence changed since",
            "nobody gets less than before",
            "Proposed by Pia",
            "Of 1 mark: 1 mark goes up, 0 go down.",
        ):
            assert shown in page

    def test_shows_no_codes(self, per, question):
        proposal = propose(question, "A virus")
        page = text(per.get(address(proposal)))
        assert "&quot;options&quot;" not in page
        assert "new scoring" not in page.lower()

    def test_approving_puts_the_key_in_force(self, per, question, attempt):
        correction = propose(question, "A virus")
        response = confirm(per, correction, "approve")
        assert said(response) == ["Approved. The new key is in force."]
        assert mark_of(attempt, 1) == 1000
        assert "Applied by Per" in text(per.get(address(correction)))

    def test_rejecting_leaves_it(self, per, question, attempt):
        correction = propose(question, "A virus")
        response = confirm(per, correction, "reject")
        assert said(response) == ["Rejected. The key stays as it is."]
        assert mark_of(attempt, 1) == 0

    def test_ones_own_proposal_is_refused(self, pia, question, attempt):
        correction = propose(question, "A virus")
        assert address(correction, "approve") not in text(pia.get(address(correction)))
        page = text(confirm(pia, correction, "approve"))
        assert "You proposed this yourself. Ask a colleague to decide." in page
        assert mark_of(attempt, 1) == 0

    def test_taking_ones_own_proposal_back_is_possible(self, pia, question):
        correction = propose(question, "A virus")
        confirm(pia, correction, "reject")
        assert KeyCorrection.objects.get().state == "rejected"

    def test_twice_is_refused(self, per, question):
        correction = correct(question, "A virus")
        page = text(per.post(address(correction, "reject")))
        assert regrading.DECIDED in page

    def test_is_not_for_authors(self, ana, question):
        correction = propose(question, "A virus")
        assert ana.get(address(correction)).status_code == 403
        assert ana.post(address(correction, "approve")).status_code in (403, 404)
        assert KeyCorrection.objects.get().state == "proposed"


class TestTheListOfCorrections:
    def test_names_question_and_state(self, per, question):
        correct(question, "A virus")
        page = text(per.get(LIST))
        assert "What is HER2? (version 1)" in page
        assert "applied</td>" in page

    def test_can_be_read_only(self, per, question):
        correction = correct(question, "A virus")
        assert per.get(f"{LIST}add/").status_code == 403
        assert per.post(address(correction), {"reason": "Forged"}).status_code == 403
        assert per.post(address(correction, "delete")).status_code == 403
        assert KeyCorrection.objects.get().reason == REASON

    def test_costs_the_same_for_one_and_for_many(
        self, per, django_assert_max_num_queries
    ):
        for n in range(6):
            correct(make_question(f"q-{n}"), "A virus")
        with django_assert_max_num_queries(8):
            per.get(LIST)


class TestCertificates:
    @pytest.fixture
    def certificate(self, question):
        """Of a test that was passed by the first key."""
        fields = {"purpose": Purpose.TEST, "pass_mark": 100, "gives_certificate": True}
        exam = make_quiz("exam", questions=[question], **fields)
        attempt = begin(exam, taker=OTHER_GUEST, at=AT)
        give(attempt, 1, "A protein")
        return Certificate.objects.create(attempt=attempt, name="Asa Ek")

    def test_in_doubt_are_left_for_a_person_to_decide(self, per, question, certificate):
        correction = correct(question, "A virus", policy="strict", at=LATER)
        page = text(per.get(address(correction)))
        assert "Certificates of tests that are not passed any more" in page
        assert certificate.code in page

    def test_that_still_hold_are_not_named(self, per, question, certificate):
        correction = correct(question, "A virus", at=LATER)
        assert certificate.code not in text(per.get(address(correction)))
