"""The preview: the page that an unsaved form would make, by the renderer that publishes."""

import pytest

from articles.markup import LONGEST
from articles.tests.desk_forms import address, open_form, staff_client, text
from articles.tests.factories import live, make_article, make_draft, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    return make_draft(make_article())


def preview(client, draft, query="", **changes):
    _, fields = open_form(client, draft)
    return client.post(address(draft, "preview") + query, {**fields, **changes})


class TestAPreview:
    def test_shows_what_stands_in_the_form(self, author, draft):
        changes = {"title": "Typed now", "passages-0-body": "Typed **body** too."}
        page = text(preview(author, draft, **changes))
        assert "<h1>Typed now</h1>" in page
        assert "Typed <strong>body</strong> too." in page

    def test_says_that_readers_do_not_see_it(self, author, draft, client):
        banner = "Preview of version 2, which readers do not see."
        assert banner in text(preview(author, draft))
        assert banner in text(author.get(address(draft, "preview")))
        assert "Preview of version" not in text(client.get("/articles/her2/"))

    def test_does_not_say_so_of_what_readers_see(self, author, draft):
        seen = address(live(draft.article), "preview")
        assert "Preview of version" not in text(author.get(seen))

    def test_asks_nobody_whether_it_was_clear(self, author, draft, client):
        assert "Was this clear?" not in text(preview(author, draft))
        assert "Was this clear?" in text(client.get("/articles/her2/"))

    def test_stores_nothing(self, author, draft):
        before = draft.content_hash
        preview(author, draft, title="Typed now")
        draft.refresh_from_db()
        assert draft.title != "Typed now"
        assert draft.content_hash == before

    def test_is_letter_by_letter_what_publication_stores(self, author):
        article = make_article()
        panel = preview(author, make_draft(article), "?panel").content.decode()
        assert panel == live(article).html

    def test_leaves_out_a_passage_that_is_to_be_deleted(self, author, draft):
        page = text(preview(author, draft, **{"passages-0-DELETE": "on"}))
        assert "on the surface of cells" not in page

    def test_includes_a_passage_that_is_not_stored_yet(self, author, draft):
        row = {"passages-1-heading": "New one", "passages-1-body": "Fresh words."}
        page = text(preview(author, draft, **row))
        assert "New one" in page
        assert "Fresh words." in page

    def test_is_kept_by_nobody(self, author, draft):
        response = preview(author, draft)
        assert "no-store" in response["Cache-Control"]
        assert response["X-Robots-Tag"] == "noindex"

    @pytest.mark.parametrize("query", ["", "?panel"])
    def test_makes_hostile_text_harmless(self, author, draft, query):
        hostile = "<script>alert(1)</script> [x](javascript:alert(1))"
        page = preview(author, draft, query, **{"passages-0-body": hostile})
        assert "<script>alert" not in page.content.decode()
        assert 'href="javascript' not in page.content.decode()

    def test_says_when_a_passage_is_too_long(self, author, draft):
        page = preview(
            author, draft, "?panel", **{"passages-0-body": "x" * (LONGEST + 1)}
        )
        assert f"longer than {LONGEST:,} characters" in text(page)

    @pytest.mark.parametrize("total", ["", "x", "-1", "9" * 12])
    def test_survives_an_absurd_number_of_rows(self, author, draft, total):
        page = preview(author, draft, **{"passages-TOTAL_FORMS": total})
        assert page.status_code == 200

    def test_of_the_stored_text_is_for_everyone_who_may_read_it(self, draft):
        reviewer = staff_client(
            make_user("r@example.org", groups=["Clinical reviewer"])
        )
        assert reviewer.get(address(draft, "preview")).status_code == 200
        assert reviewer.post(address(draft, "preview"), {}).status_code == 403

    def test_is_not_for_analysts(self, draft):
        analyst = staff_client(make_user("a@example.org", groups=["Analyst"]))
        assert analyst.get(address(draft, "preview")).status_code == 403

    def test_needs_a_token_against_foreign_forms(self, author, draft):
        author.handler.enforce_csrf_checks = True
        assert author.post(address(draft, "preview"), {}).status_code == 403
