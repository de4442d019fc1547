"""Add a source from a citation that was pasted."""

import pytest

from articles import referencing
from articles.bibliography import read
from articles.models import Reference
from articles.tests.desk_forms import fields_of, said, staff_client, text
from articles.tests.factories import make_article, make_reference, make_user

pytestmark = pytest.mark.django_db
PASTE = "/admin/articles/reference/paste/"
ADD = "/admin/articles/reference/add/"
ONE = """\
TY  - JOUR
AU  - Slamon, Dennis J.
TI  - Use of chemotherapy
JF  - N Engl J Med
PY  - 2001
DO  - 10.1056/one
ER  -
"""
TWO = ONE.replace("Use of", "Another").replace("/one", "/two")
HOSTILE = """\
TY  - JOUR
AU  - <img src=x onerror=alert(1)>, <b>Eve</b>
TI  - <script>alert(1)</script>
PY  - 2001
ER  -
"""


def paste(client, words):
    return client.post(PASTE, {"text": words})


def store(client, words, *numbers):
    """Paste several sources, tick these, press the button."""
    fields = fields_of(paste(client, words))
    return client.post(PASTE, {**fields, "chosen": numbers, "_store": "1"})


class TestOneSource:
    def test_fills_in_the_form_and_stores_nothing(self, author):
        response = paste(author, ONE)
        fields = fields_of(response, "reference_form")
        assert (fields["key"], fields["cited_title"]) == (
            "slamon2001",
            "Use of chemotherapy",
        )
        assert fields["authors"] == "Slamon, Dennis J."
        assert f'action="{ADD}"' in text(response)
        assert "Nothing is stored yet." in text(response)
        assert not Reference.objects.exists()

    def test_is_stored_when_the_form_is_saved(self, author):
        author.post(ADD, fields_of(paste(author, ONE), "reference_form"))
        assert Reference.objects.get().csl == {
            "type": "article-journal",
            "title": "Use of chemotherapy",
            "author": [{"family": "Slamon", "given": "Dennis J."}],
            "container-title": "N Engl J Med",
            "issued": {"date-parts": [[2001]]},
            "DOI": "10.1056/one",
        }

    def test_whose_key_is_taken_is_offered_another(self, author):
        make_reference("slamon2001")
        fields = fields_of(paste(author, ONE), "reference_form")
        assert fields["key"] == "slamon2001b"

    @pytest.mark.parametrize("words", [ONE, "https://doi.org/10.1056/ONE", "PMID: 7"])
    def test_that_is_known_is_named(self, author, words):
        make_reference("first", DOI="10.1056/One", PMID="7")
        assert "This source is stored already as @first." in text(paste(author, words))

    @pytest.mark.parametrize(
        ("words", "field", "value", "called"),
        [
            ("doi:10.1056/one", "cited_doi", "10.1056/one", "DOI"),
            ("11248153", "cited_pmid", "11248153", "PMID"),
        ],
    )
    def test_of_which_only_the_number_is_known_is_typed_by_hand(
        self, author, words, field, value, called
    ):
        response = paste(author, words)
        assert fields_of(response, "reference_form")[field] == value
        assert f"Only the {called} is known, for nothing was looked up." in text(
            response
        )

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            ("", "Paste a citation."),
            ("What is this?", "This is none of the forms that can be read."),
            ("x" * 1_000_000, "This is longer than 200,000 characters."),
            ("a\0b", "Null characters are not allowed."),
            ("[" * 10_000, "This is nested too deep."),
            ('{"title": "\\ud800"}', "This character cannot be stored."),
        ],
    )
    def test_that_cannot_be_read_is_refused_with_a_sentence(
        self, author, words, sentence
    ):
        response = paste(author, words)
        assert (response.status_code, sentence in text(response)) == (200, True)

    def test_with_a_script_in_it_is_only_letters(self, author, client):
        fields = fields_of(paste(author, HOSTILE), "reference_form")
        author.post(ADD, {**fields, "key": "eve2001"})
        make_article(passages={"what": "It works [@eve2001]."})
        pages = [
            author.get(ADD.replace("add/", "")),
            client.get("/articles/her2/"),
            client.get("/references/eve2001/"),
        ]
        for page in map(text, pages):
            assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
            assert not {"<script>alert(1)", "<img src=x", "<b>Eve"} & set(
                page.split(" ")
            )
            assert "<script>alert" not in page
        assert "&lt;img src=x onerror=alert(1)&gt; BEB" in text(pages[1])


class TestSeveralSources:
    def test_are_listed_before_anything_is_stored(self, author):
        page = text(paste(author, ONE + TWO))
        assert "Add as <code>@slamon2001</code>" in page
        assert "Add as <code>@slamon2001b</code>" in page
        assert not Reference.objects.exists()

    def test_are_stored_when_they_are_ticked(self, author):
        response = store(author, ONE + TWO, "2")
        assert said(response) == ["Added: @slamon2001b."]
        assert Reference.objects.get().doi == "10.1056/two"

    def test_are_stored_together(self, author):
        assert said(store(author, ONE + TWO, "1", "2")) == [
            "Added: @slamon2001, @slamon2001b."
        ]

    def test_say_which_are_known_repeated_or_faulty(self, author):
        make_reference("first", DOI="10.1056/one")
        page = text(paste(author, ONE + TWO + TWO + "TY  - JOUR\nER  -\n"))
        assert "line 1.</strong> Stored already as @first." in page
        assert "line 15.</strong> The same as the source of line 8." in page
        assert "line 22.</strong> It has no title." in page

    def test_of_which_none_is_ticked_ask_for_one(self, author):
        assert "Choose at least one source." in text(store(author, ONE + TWO))

    def test_are_all_left_out_when_one_was_stored_meanwhile(self, author):
        fields = fields_of(paste(author, ONE + TWO))
        make_reference("first", DOI="10.1056/two")
        response = author.post(PASTE, {**fields, "chosen": ["1", "2"], "_store": "1"})
        assert "One of these was stored meanwhile." in text(response)
        assert Reference.objects.count() == 1

    def test_are_all_left_out_when_one_is_stored_in_the_same_moment(self):
        chosen = referencing.offers(read(ONE + TWO).sources)
        make_reference("first", DOI="10.1056/two")
        with pytest.raises(referencing.CannotAdd, match="Look at the list again"):
            referencing.add_references(chosen, by=make_user())
        assert Reference.objects.count() == 1

    def test_with_a_script_are_only_letters(self, author):
        page = text(paste(author, HOSTILE + ONE))
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert "<script>alert" not in page


class TestWhoMayPaste:
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_is_who_may_add(self, author, method):
        reviewer = staff_client(
            make_user("r@example.org", groups=["Clinical reviewer"])
        )
        assert getattr(reviewer, method)(PASTE).status_code == 403
        assert getattr(author, method)(PASTE).status_code == 200

    def test_finds_the_button_on_the_list_and_on_the_form(self, author):
        make_reference()
        for url in (ADD, ADD.replace("add/", "")):
            assert f'href="{PASTE}"' in text(author.get(url))
