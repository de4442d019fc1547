"""A Word file into a draft: through the screen that asks for it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from articles import publishing
from articles.importing import MOST_PASSAGES
from articles.markup import LONGEST
from articles.models import Status
from articles.tests.desk_forms import address, fields_of, said, staff_client, text
from articles.tests.docx import docx, heading, para
from articles.tests.factories import make_article, make_draft, make_user, write
from articles.word_files import LARGEST_FILE, NOT_WORD, TOO_LARGE

pytestmark = pytest.mark.django_db
COMMENT = '<w:r><w:commentReference w:id="1"/></w:r>'
FILE = docx(heading(1, "What is HER2?"), para("A protein."))


@pytest.fixture
def ana():
    return staff_client(make_user("ana@example.org", groups=["Author"]))


@pytest.fixture
def draft():
    return make_draft(make_article())


def upload(client, draft, content=FILE, **changes):
    url = address(draft, "import-word")
    file = SimpleUploadedFile("text.docx", content)
    shown = client.get(url)
    return client.post(url, {**fields_of(shown), "file": file, **changes})


def rows(draft):
    found = draft.passages.order_by("position", "pk")
    return list(found.values_list("key", "heading", "body"))


class TestAnImport:
    def test_comes_after_what_stands_there_under_a_key_never_used(self, ana, draft):
        before = rows(draft)
        assert upload(ana, draft).status_code == 302
        assert before[0][0] == "what-is-her2"
        new = ("what-is-her2-2", "What is HER2?", "A protein.")
        assert rows(draft) == [*before, new]

    def test_renews_what_is_known_of_the_text(self, ana, draft):
        upload(ana, draft, docx(para("Known [@slamon2001].")))
        before = draft.content_hash
        draft.refresh_from_db()
        assert draft.content_hash != before
        assert draft.edited_by.email == "ana@example.org"
        assert draft.passages.last().citations.count() == 1

    def test_says_what_came_in(self, ana, draft):
        (message,) = said(upload(ana, draft))
        assert "1 passage; nothing was left out." in message

    def test_says_what_was_left_out(self, ana, draft):
        (message,) = said(upload(ana, draft, docx(para("A.", COMMENT), para("B."))))
        assert "Left out: comments (1)." in message

    def test_is_in_the_history(self, ana, draft):
        upload(ana, draft)
        history = text(ana.get(address(draft, "history")))
        assert "Imported from a Word file: 1 passage; nothing was left out." in history

    def test_is_offered_by_the_page_of_a_draft(self, ana, draft):
        assert address(draft, "import-word") in text(ana.get(address(draft)))


class TestARefusal:
    def refused(self, client, draft, *args, **changes):
        before = rows(draft)
        page = text(upload(client, draft, *args, **changes))
        assert rows(draft) == before
        return page

    def test_of_what_is_no_word_file_says_so(self, ana, draft):
        assert NOT_WORD in self.refused(ana, draft, b"Dear colleagues")

    def test_of_a_large_file_says_so(self, ana, draft):
        assert TOO_LARGE in self.refused(ana, draft, b"x" * (LARGEST_FILE + 1))

    def test_of_no_file_says_so(self, ana, draft):
        assert "Choose a file." in self.refused(ana, draft, file="")

    def test_of_a_passage_that_is_too_long_names_it(self, ana, draft):
        words = para("word " * (LONGEST // 5 + 1))
        page = self.refused(ana, draft, docx(heading(1, "Too much"), words))
        assert f"“Too much” is longer than {LONGEST:,} characters." in page

    def test_of_too_many_passages_says_so(self, ana, draft):
        many = [heading(1, "One"), para("A.")] * MOST_PASSAGES
        page = self.refused(ana, draft, docx(*many))
        assert f"more than {MOST_PASSAGES} passages" in page

    def test_of_a_form_that_was_opened_before_another_save(self, ana, draft):
        url = address(draft, "import-word")
        fields = fields_of(ana.get(url))
        write(draft, title="Their title")
        before = rows(draft)
        sent = {**fields, "file": SimpleUploadedFile("text.docx", FILE)}
        page = ana.post(url, sent)
        assert "Somebody changed the text" in text(page)
        assert rows(draft) == before

    def test_of_what_is_no_draft_any_more(self, ana, draft):
        url = address(draft, "import-word")
        fields = fields_of(ana.get(url))
        publishing.submit(draft, by=None)
        before = rows(draft)
        page = ana.post(url, {**fields, "file": SimpleUploadedFile("a.docx", FILE)})
        assert "Only a draft takes in a file." in text(page)
        assert rows(draft) == before
        draft.refresh_from_db()
        assert draft.status == Status.IN_REVIEW

    def test_of_people_who_only_review(self, draft):
        user = make_user("r@example.org", groups=["Clinical reviewer"])
        reviewer = staff_client(user)
        url = address(draft, "import-word")
        assert reviewer.get(url).status_code == 403
        assert reviewer.post(url, {}).status_code == 403
