"""References, words and pictures in the admin, and how pages follow at once."""

import datetime as dt
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image as Pixels

from articles.models import GlossaryTerm, Image, Reference
from articles.tests.desk_forms import (
    address,
    fields_of,
    open_form,
    save,
    staff_client,
    text,
)
from articles.tests.factories import (
    make_article,
    make_draft,
    make_reference,
    make_term,
    make_user,
    make_version,
)

RETRACTED = {
    "status": "retracted",
    "status_note": "The Journal, 2026.",
    "status_on": "2026-03-05",
}
pytestmark = pytest.mark.django_db
ADD = "/admin/articles/reference/add/"
ADD_IMAGE = "/admin/articles/image/add/"


def new_reference(client, **changes):
    fields = fields_of(client.get(ADD), "reference_form")
    given = {
        "key": "new2020",
        "type": "article-journal",
        "cited_title": "A trial",
        "authors": "Slamon, D. J.\nWorld Health Organization",
        "published_in": "2020",
        "container": "The Journal",
    }
    return client.post(ADD, {**fields, **given, **changes})


class TestAReference:
    def test_is_written_in_fields_and_kept_as_csl(self, author):
        new_reference(author, cited_doi="10.1000/xyz1")
        stored = Reference.objects.get(key="new2020")
        assert stored.csl == {
            "type": "article-journal",
            "title": "A trial",
            "container-title": "The Journal",
            "author": [
                {"family": "Slamon", "given": "D. J."},
                {"literal": "World Health Organization"},
            ],
            "issued": {"date-parts": [[2020]]},
            "DOI": "10.1000/xyz1",
        }
        assert (stored.title, stored.year) == ("A trial", 2020)

    @pytest.mark.parametrize(
        ("changes", "sentence"),
        [
            ({"cited_doi": "doi.org/10"}, "A DOI begins with 10."),
            ({"cited_pmid": "12a"}, "A PMID is a number"),
            ({"pmcid": "12"}, "A PMCID is PMC and a number."),
            ({"key": "a key"}, "Use letters, digits, - and _."),
            ({"key": "slamon2001"}, "already exists"),
            ({"url": "javascript:alert(1)"}, "Enter a valid URL."),
            ({"published_in": "20x"}, "Enter a whole number."),
        ],
    )
    def test_with_a_slip_is_refused_with_a_sentence(self, author, changes, sentence):
        make_reference()
        assert sentence in text(new_reference(author, **changes))
        assert not Reference.objects.filter(title="A trial").exists()

    def test_keeps_a_long_title_as_one_line(self, publisher):
        reference = make_reference("long")
        title = "Use of chemotherapy\r\nplus a  monoclonal antibody"
        save(publisher, reference, cited_title=title)
        reference.refresh_from_db()
        assert reference.title == "Use of chemotherapy plus a monoclonal antibody"

    def test_keeps_what_the_form_does_not_know(self, publisher):
        row = make_reference("odd", note="kept", issued={"date-parts": [[2001, 2, 3]]})
        save(publisher, row, cited_title="Another title")
        row.refresh_from_db()
        assert row.csl["note"] == "kept"
        assert row.csl["issued"] == {"date-parts": [[2001, 2, 3]]}
        assert row.title == "Another title"

    def test_key_never_changes(self, publisher):
        row = make_reference()
        save(publisher, row, key="other")
        row.refresh_from_db()
        assert row.key == "slamon2001"

    def test_that_is_retracted_warns_on_its_pages_at_once(self, publisher, client):
        make_article()
        client.get("/articles/her2/")
        save(publisher, make_reference(), **RETRACTED)
        sentence = "retracted (5 March 2026).%s The Journal, 2026."
        assert sentence % "" in text(client.get("/articles/her2/"))
        source = text(client.get("/references/slamon2001/"))
        assert sentence % "</strong>" in source

    def test_keeps_a_retraction_that_came_while_its_form_was_open(self, publisher):
        source = make_reference("slamon2001")
        url, fields = open_form(publisher, source)
        save(publisher, source, **RETRACTED)
        late = publisher.post(url, {**fields, "cited_title": "Mine"})
        assert "Somebody changed this source" in text(late)
        source.refresh_from_db()
        assert (source.status, source.title) == ("retracted", "A trial by slamon2001")
        shown = fields_of(late, "reference_form")
        assert (shown["status"], shown["cited_title"]) == ("retracted", "Mine")
        publisher.post(url, shown)
        source.refresh_from_db()
        assert (source.status, source.title) == ("retracted", "Mine")

    def test_keeps_details_that_came_while_its_form_was_open(self, publisher):
        source = make_reference("slamon2001")
        url, fields = open_form(publisher, source)
        save(publisher, source, volume="345")
        late = publisher.post(url, {**fields, "cited_title": "Mine"})
        assert "Somebody changed this source" in text(late)
        source.refresh_from_db()
        assert source.csl["volume"] == "345"

    @pytest.mark.parametrize("status", ["retracted", "withdrawn"])
    def test_that_is_taken_back_is_named_where_the_text_cites_it(
        self, publisher, client, status
    ):
        cited = "It helps [@slamon2001], it does [@other2002; @slamon2001]."
        other = make_reference("other2002")
        texts = {"one": cited, "two": "It does not [@other2002].", "three": cited}
        make_article(passages=texts, key_points=["It helps [@slamon2001]."])
        assert "withdrawn" not in text(client.get("/articles/her2/"))
        save(publisher, make_reference(), **RETRACTED | {"status": status})
        page = text(client.get("/articles/her2/"))
        named = (
            'has been withdrawn: <a href="#ref-slamon2001" aria-label="Reference 1">'
        )
        assert page.count(f"A source of this part {named}[1]</a>.</strong>") == 2
        assert page.count(f"A source of the key points and the summary {named}") == 1
        assert (
            "withdrawn" not in page.partition('id="two"')[2].partition("</section")[0]
        )
        save(publisher, other, **RETRACTED | {"status": status})
        page = text(client.get("/articles/her2/"))
        assert page.count("Some sources of this part have been withdrawn") == 2
        assert ', <a href="#ref-other2002" aria-label="Reference 2">[2]</a>' in page

    def test_that_was_corrected_is_named_in_the_list_alone(self, publisher, client):
        make_article()
        save(publisher, make_reference(), **RETRACTED | {"status": "corrected"})
        page = text(client.get("/articles/her2/"))
        assert "This source is corrected" in page
        assert "We are checking what this means" not in page

    @pytest.mark.parametrize(
        ("missing", "sentence"),
        [("status_note", "Who says so, and where?"), ("status_on", "Since which day?")],
    )
    @pytest.mark.parametrize(
        "status", ["corrected", "superseded", "retracted", "withdrawn"]
    )
    def test_that_no_longer_holds_needs_a_source_and_a_day(
        self, publisher, status, missing, sentence
    ):
        row = make_reference()
        page = save(publisher, row, **RETRACTED | {"status": status, missing: ""})
        assert sentence in text(page)
        row.refresh_from_db()
        assert row.status == "current"

    @pytest.mark.parametrize(
        ("changes", "is_new"),
        [
            ({"status": "superseded"}, True),
            ({"status": "current"}, True),
            ({"status_note": "A second notice."}, True),
            ({"status_on": "2026-04-01"}, True),
            ({"volume": "7"}, False),
            ({}, False),
        ],
    )
    def test_keeps_when_its_status_was_set_until_it_is_set_anew(
        self, publisher, changes, is_new
    ):
        row = make_reference()
        save(publisher, row, **RETRACTED)
        row.refresh_from_db()
        before = row.status_set_at
        save(publisher, row, **changes)
        row.refresh_from_db()
        assert (row.status_set_at > before) is is_new

    def test_cannot_be_stored_as_retracted_without_the_moment(self):
        row = make_reference()
        with pytest.raises(IntegrityError), transaction.atomic():
            Reference.objects.update(status="retracted")
        row.refresh_from_db()
        assert row.status == "current"

    def test_that_is_new_and_does_not_hold_has_its_moment(self, publisher):
        new_reference(publisher, **RETRACTED)
        assert Reference.objects.get(key="new2020").status_set_at

    def test_with_a_day_that_is_none_is_refused_once(self, publisher):
        page = text(save(publisher, make_reference(), **RETRACTED | {"status_on": "x"}))
        assert "Enter a valid date." in page
        assert "Since which day?" not in page

    def test_keeps_a_body_whose_name_has_a_comma(self, author):
        new_reference(author, authors="{Health and Care, Ltd}\nBerg, Eva")
        stored = Reference.objects.get(key="new2020")
        assert stored.csl["author"] == [
            {"literal": "Health and Care, Ltd"},
            {"family": "Berg", "given": "Eva"},
        ]

    def test_has_editors_and_a_day_on_which_it_was_read(self, publisher):
        row = make_reference()
        save(publisher, row, editors="Ek, Asa", accessed_on="2026-03-05")
        row.refresh_from_db()
        assert row.csl["editor"] == [{"family": "Ek", "given": "Asa"}]
        assert row.csl["accessed"] == {"date-parts": [[2026, 3, 5]]}
        _, fields = open_form(publisher, row)
        assert fields["accessed_on"] == "05/03/2026"
        save(publisher, row, editors="", accessed_on="")
        row.refresh_from_db()
        assert not {"editor", "accessed"} & row.csl.keys()

    @pytest.mark.parametrize("field", ["cited_doi", "cited_pmid"])
    def test_whose_number_another_has_is_refused(self, publisher, field):
        make_reference("first", DOI="10.1000/same", PMID="7")
        number = {"cited_doi": "10.1000/Same", "cited_pmid": "7"}[field]
        page = text(save(publisher, make_reference(), **{field: number}))
        assert "The source @first has this" in page

    def test_says_which_drafts_and_waiting_texts_use_it(self, publisher):
        later = timezone.now() + dt.timedelta(days=30)
        waiting, drafted = make_article("waiting"), make_article("drafted")
        make_version(waiting, live_from=later, title="In a month")
        make_draft(drafted, title="Not yet")
        page = text(publisher.get(address(make_reference())))
        assert "In a month, version 2</a>: What is her2" in page
        assert "Not yet, version 2</a>: What is her2" in page

    def test_says_which_pages_use_it(self, publisher):
        make_article(title="About HER2")
        page = text(publisher.get(address(make_reference())))
        assert "About HER2</a>: What is her2" in page

    def test_cannot_supersede_itself(self, publisher):
        row = make_reference()
        changes = {"status": "superseded", "superseded_by": row.pk}
        assert "cannot be superseded by itself" in text(save(publisher, row, **changes))

    @pytest.mark.parametrize("pk", ["x", "9" * 40])
    def test_cannot_be_superseded_by_what_is_none(self, publisher, pk):
        page = text(save(publisher, make_reference(), superseded_by=pk))
        assert "Select a valid choice." in page

    def test_can_be_added_but_not_changed_by_an_author(self, author):
        row = make_reference()
        assert author.get(address(row)).status_code == 200
        assert author.post(address(row), {"status": "retracted"}).status_code == 403

    def test_is_never_deleted(self):
        boss = staff_client(make_user(superuser=True))
        url = address(make_reference(), "delete")
        assert boss.post(url, {"post": "yes"}).status_code == 403


class TestAWord:
    def test_takes_its_other_names_from_lines(self, publisher):
        row = make_term("Trastuzumab", also=["Herceptin"])
        _, fields = open_form(publisher, row)
        assert fields["names"] == "Herceptin"
        save(publisher, row, names="Herceptin\r\n\r\n Ontruzant \r\nHerceptin")
        row.refresh_from_db()
        assert row.also == ["Herceptin", "Ontruzant"]

    def test_is_explained_on_live_pages_at_once(self, publisher, client):
        make_article()
        client.get("/articles/her2/")
        url = "/admin/articles/glossaryterm/add/"
        fields = fields_of(publisher.get(url), "glossaryterm_form")
        word = {"term": "protein", "slug": "protein", "definition": "A building block."}
        publisher.post(url, {**fields, **word})
        assert "A building block." in client.get("/articles/her2/").content.decode()

    def test_that_is_deleted_leaves_the_pages(self, client):
        boss = staff_client(make_user(superuser=True))
        row = make_term("protein", definition="A building block.")
        make_article()
        assert "A building block." in client.get("/articles/her2/").content.decode()
        boss.post(address(row, "delete"), {"post": "yes"})
        assert "A building block." not in client.get("/articles/her2/").content.decode()
        assert not GlossaryTerm.objects.exists()

    def test_with_too_long_a_name_is_refused(self, publisher):
        response = save(publisher, make_term(), names="x" * 81)
        assert "A name has at most 80 characters." in text(response)


class TestAPicture:
    def upload(self, client, content, **changes):
        file = SimpleUploadedFile("cell.png", content, content_type="image/png")
        return client.post(ADD_IMAGE, {"file": file, "title": "A cell", **changes})

    def png(self):
        target = io.BytesIO()
        Pixels.new("RGB", (30, 20), "teal").save(target, "PNG")
        return target.getvalue()

    def test_is_stored_and_shows_how_a_text_uses_it(self, author):
        response = self.upload(author, self.png(), credit="Ana")
        image = Image.objects.get()
        assert response.url == address(image)
        page = text(author.get(response.url))
        assert f"![what it shows](image:{image.pk})" in page
        assert "30 by 20" in page

    def test_that_is_none_is_refused_with_a_sentence(self, author):
        page = text(self.upload(author, b"not a picture"))
        assert "This is not a picture we can read." in page
        assert not Image.objects.exists()

    def test_needs_a_file_and_a_title(self, author):
        page = text(author.post(ADD_IMAGE, {"title": ""}))
        assert page.count("This field is required.") == 2

    def test_is_not_for_reviewers_to_add(self):
        reviewer = staff_client(
            make_user("r@example.org", groups=["Clinical reviewer"])
        )
        assert reviewer.get(ADD_IMAGE).status_code == 403

    def test_shows_a_changed_credit_at_once(self, publisher, client):
        self.upload(publisher, self.png(), credit="Ana")
        image = Image.objects.get()
        body = f"HER2 is a protein [@slamon2001].\n\n![A cell](image:{image.pk})"
        make_article(passages={"cell": body})
        client.get("/articles/her2/")
        save(publisher, image, credit="Ana Berg")
        assert "Ana Berg" in client.get("/articles/her2/").content.decode()
