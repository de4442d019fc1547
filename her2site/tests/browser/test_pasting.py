"""Pasting into the editor: what is kept of a Word file, of Google Docs and of a web page."""

import pytest

from articles.tests.desk_forms import address
from her2site.tests.browser import clipboards

BODY = "#id_passages-0-body"
PASTE = """
    ([what, html, plain]) => {
        const clipboardData = new DataTransfer();
        clipboardData.setData("text/html", html);
        clipboardData.setData("text/plain", plain);
        const paste = {clipboardData, bubbles: true, cancelable: true};
        return document.querySelector(what).dispatchEvent(new ClipboardEvent("paste", paste));
    }
"""

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def editor(staff, draft):
    staff.goto(address(draft))
    staff.locator(BODY).fill("")
    return staff


def paste(page, html, plain="Something"):
    """Give what stands in the field then, and whether the browser is left to paste itself."""
    is_left = page.evaluate(PASTE, [BODY, html, plain])
    return page.locator(BODY).input_value(), is_left


class TestPasting:
    def test_from_word_keeps_headings_lists_tables_and_marks(self, editor):
        assert paste(editor, clipboards.WORD) == (clipboards.FROM_WORD, False)

    def test_from_google_docs_keeps_them_too_and_is_not_all_bold(self, editor):
        assert paste(editor, clipboards.DOCS) == (clipboards.FROM_DOCS, False)

    def test_takes_nothing_else_and_runs_nothing(self, editor):
        assert paste(editor, clipboards.HOSTILE) == (clipboards.FROM_HOSTILE, False)
        assert editor.evaluate("window.hurt") is None

    @pytest.mark.parametrize(
        ("typed", "made"),
        [
            ("- b", r"\- b"),
            ("# b", r"\# b"),
            ("&gt;b", r"\>b"),
            ("---", r"\---"),
            ("===", r"\==="),
            (":::", r"\:::"),
            ("1. b", r"1\. b"),
            ("--- | ---", r"\--- | ---"),
        ],
    )
    def test_begins_no_block_where_a_line_was_broken(self, editor, typed, made):
        html = f"<p>a | a<br>{typed}<br>b</p>"
        assert paste(editor, html)[0] == f"a | a\\\n{made}\\\nb"

    def test_leaves_the_place_of_a_cell_that_spans_rows_empty(self, editor):
        rows = "<tr><td>A<td>B<td>C<tr><td rowspan=2 colspan=2>1<td>3<tr><td>5"
        made = paste(editor, f"<table>{rows}</table>")[0]
        assert made.splitlines()[2:] == ["| 1 |  | 3 |", "|  |  | 5 |"]

    @pytest.mark.parametrize(
        "words",
        [
            "<s>not</s>",
            "<del>not</del>",
            '<span style="text-decoration:line-through">not</span>',
            '<span style="display:none;mso-hide:all">not</span>',
        ],
    )
    def test_takes_no_words_that_are_struck_out_or_hidden(self, editor, words):
        assert paste(editor, f"<p>a {words}<b>b</b></p>")[0] == "a **b**"

    def test_of_a_text_without_marks_is_left_to_the_browser(self, editor):
        assert paste(editor, clipboards.PLAIN, clipboards.PLAIN_TEXT) == ("", True)

    def test_of_plain_text_is_left_to_the_browser(self, editor):
        assert paste(editor, "", "Plain **text**") == ("", True)

    def test_takes_the_place_of_what_is_selected_and_can_be_undone(self, editor):
        editor.locator(BODY).fill("old")
        editor.locator(BODY).select_text()
        assert paste(editor, "<p>a <b>new</b> one</p>")[0] == "a **new** one"
        editor.keyboard.press("Control+z")
        assert editor.locator(BODY).input_value() == "old"
