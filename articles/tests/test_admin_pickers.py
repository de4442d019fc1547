"""What the editor's dialogs look up, and the words beside the preview."""

import pytest
from django.urls import reverse

from articles.admin.pickers import MOST
from articles.gate import Draft, Known, findings
from articles.markup import LONGEST
from articles.models import Image
from articles.tests.desk_forms import address, open_form, staff_client, text
from articles.tests.factories import (
    make_article,
    make_draft,
    make_reference,
    make_term,
    make_user,
)

pytestmark = pytest.mark.django_db
AUTHORS = [{"family": "Ginés", "given": "Ana"}, {"literal": "Trial Group"}]
FIGURE = {
    "shows": "people who relapsed",
    "source": "slamon2001",
    "of": "100",
    "first": "Without treatment",
    "first_count": "20",
    "second": "With treatment",
    "second_count": "12",
}


@pytest.fixture
def ana():
    return staff_client(make_user("ana@example.org", groups=["Author"]))


def ask(client, what, **query):
    url = reverse(f"admin:articles_articleversion_{what}")
    return client.get(url, query)


def keys(response):
    return [row["key"] for row in response.json()["found"]]


class TestSources:
    @pytest.fixture(autouse=True)
    def two(self):
        make_reference("gines1999", author=AUTHORS, issued={"date-parts": [[1999]]})
        make_reference("slamon2001", title="A trial of trastuzumab")

    @pytest.mark.parametrize(
        "words", ["gines", "GINÉS", "group", "1999", "ines19", "ana trial gines1999"]
    )
    def test_are_found_by_author_title_year_and_key(self, ana, words):
        assert keys(ask(ana, "sources", q=words)) == ["gines1999"]

    @pytest.mark.parametrize("words", ["", "  "])
    def test_are_all_there_without_a_word(self, ana, words):
        assert keys(ask(ana, "sources", q=words)) == ["gines1999", "slamon2001"]

    @pytest.mark.parametrize("words", ["nobody", "gines trastuzumab", "\0%_"])
    def test_hold_every_word(self, ana, words):
        assert keys(ask(ana, "sources", q=words)) == []

    def test_come_in_words_with_a_warning(self, ana):
        make_reference("gone", status="retracted", status_note="Read the notice.")
        (row,) = ask(ana, "sources", q="gone").json()["found"]
        assert row["text"].startswith("A trial by gone.")
        assert row["warning"] == "Retracted"

    def test_are_fifty_at_most_and_all_are_counted(self, ana):
        for number in range(MOST):
            make_reference(f"more{number}")
        answer = ask(ana, "sources").json()
        assert len(answer["found"]) == MOST
        assert answer["count"] == MOST + 2


class TestPictures:
    @pytest.fixture(autouse=True)
    def two(self):
        for number, title in enumerate(["A circle", "A square"]):
            Image.objects.create(
                title=title, credit="Ek", sha256=f"{number}", width=1, height=1
            )

    def test_are_found_by_title_and_credit(self, ana):
        (row,) = ask(ana, "pictures", q="ek circ").json()["found"]
        assert row["title"] == "A circle"
        assert row["url"] == "/images/0.webp"


class TestChances:
    def test_come_as_a_block_that_the_gate_lets_through(self, ana):
        answer = ask(ana, "chances", **FIGURE).json()
        draft = Draft("T", "S", ("K",), (("p", "P", answer["block"]),))
        found = findings(draft, known=Known({"slamon2001": "current"}))
        assert [f.code for f in found if f.level == "blocking"] == []

    def test_say_what_the_page_will_print(self, ana):
        assert ask(ana, "chances", **FIGURE).json()["says"] == (
            "Without treatment: 20 out of 100. With treatment: 12 out of 100. "
            "The difference: 8 fewer out of 100 with treatment."
        )

    @pytest.mark.parametrize(
        ("changes", "refusal"),
        [
            ({"second_count": "101"}, "more than 100 out of 100"),
            ({"second_count": "1.5"}, "needs a whole number"),
            ({"of": "50"}, "must be 100, or 1000"),
            ({"second": "Without treatment"}, "two groups with different names"),
            ({"shows": ""}, "what is counted"),
            ({"first": ""}, "has no colon"),
        ],
    )
    def test_that_cannot_be_drawn_say_why(self, ana, changes, refusal):
        answer = ask(ana, "chances", **{**FIGURE, **changes}).json()
        assert refusal in answer["fault"]

    def test_stay_four_lines_whatever_is_pasted(self, ana):
        answer = ask(ana, "chances", **{**FIGURE, "first": "a\nb: 1\nc"}).json()
        assert answer["block"].splitlines()[3] == "a b: 1 c: 20"


class TestEachOfThem:
    @pytest.mark.parametrize("what", ["sources", "pictures", "chances"])
    def test_is_for_those_who_may_see_it_and_kept_by_nobody(self, ana, what):
        response = ask(ana, what)
        assert response.status_code == 200
        assert "no-store" in response["Cache-Control"]

    @pytest.mark.parametrize("what", ["sources", "pictures", "chances"])
    def test_is_not_for_analysts(self, what):
        analyst = staff_client(make_user("a@example.org", groups=["Analyst"]))
        assert ask(analyst, what).status_code == 403


class TestTheWordsOfADraft:
    def words(self, client, body):
        draft = make_draft(make_article())
        _, fields = open_form(client, draft)
        url = address(draft, "preview") + "?words"
        return text(client.post(url, {**fields, "passages-0-body": body}))

    def test_are_those_that_the_page_explains_and_long_ones_that_it_does_not(self, ana):
        make_term("Antibody")
        page = self.words(ana, "An antibody and immunohistochemistry.")
        assert "<li>Antibody</li>" in page
        assert "<li>immunohistochemistry</li>" in page

    def test_may_be_none(self, ana):
        page = self.words(ana, "It is so.")
        assert "uses no word of the glossary" in page
        assert "<p>None.</p>" in page

    def test_are_not_looked_for_in_what_is_too_long(self, ana):
        assert self.words(ana, "x" * (LONGEST + 1)) == ""
