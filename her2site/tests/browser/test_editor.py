"""The editor of a draft in a real browser: its toolbar, its dialogs and its preview."""

import pytest

from articles.tests.desk_forms import address
from articles.tests.factories import make_reference, make_term
from her2site.tests.browser.stock import add_picture
from her2site.tests.browser.test_staff import violations

BODY = "#id_passages-0-body"
SHEET = "#live-preview .sheet"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def editor(staff, draft):
    """A draft whose first passage is empty and has the focus."""
    staff.goto(address(draft))
    staff.locator(BODY).fill("")
    return staff


def value(page):
    return page.locator(BODY).input_value()


def press(page, name):
    bar = page.get_by_role("toolbar").first
    bar.get_by_role("button", name=name, exact=True).click()


def wait_for_value(page, text):
    page.wait_for_function(
        "([what, text]) => document.querySelector(what).value === text",
        arg=[BODY, text],
    )


class TestTheToolbar:
    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("Bold", "**bold**"),
            ("Italic", "*italic*"),
            ("Link", "[what it says](https://)"),
            ("Heading", "### "),
            ("List", "- "),
            ("Numbers", "1. "),
            ("Note box", "::: note Good to know\n…\n:::\n"),
        ],
    )
    def test_writes_markdown(self, editor, name, text):
        press(editor, name)
        assert value(editor) == text

    def test_numbers_every_selected_line_and_can_be_undone(self, editor):
        editor.locator(BODY).fill("one\ntwo")
        editor.locator(BODY).select_text()
        press(editor, "Numbers")
        assert value(editor) == "1. one\n2. two"
        editor.keyboard.press("Control+z")
        assert value(editor) == "one\ntwo"

    @pytest.mark.parametrize(
        ("keys", "text"),
        [
            ("Control+b", "**HER2**"),
            ("Control+i", "*HER2*"),
            ("Control+k", "[HER2](https://)"),
            ("Control+Alt+3", "### HER2"),
            ("Control+Shift+Digit8", "- HER2"),
            ("Control+Shift+Digit7", "1. HER2"),
        ],
    )
    def test_has_shortcuts(self, editor, keys, text):
        editor.locator(BODY).fill("HER2")
        editor.locator(BODY).select_text()
        editor.keyboard.press(keys)
        assert value(editor) == text

    def test_tells_its_shortcuts(self, editor):
        bold = editor.get_by_role("toolbar").first.get_by_role("button").first
        assert bold.get_attribute("title") == "Bold (Ctrl+B)"
        assert bold.get_attribute("aria-keyshortcuts") == "Control+B"

    def test_is_one_stop_for_the_tab_key(self, editor):
        press(editor, "Bold")
        editor.keyboard.press("Shift+Tab")
        focused = "document.activeElement.textContent"
        assert editor.evaluate(focused) == "Bold"
        editor.keyboard.press("ArrowRight")
        assert editor.evaluate(focused) == "Italic"
        editor.keyboard.press("End")
        assert editor.evaluate(focused) == "Survival box"

    def test_comes_with_an_added_passage(self, editor):
        before = editor.get_by_role("toolbar").count()
        editor.get_by_role("button", name="Add another Passage").click()
        assert editor.get_by_role("toolbar").count() == before + 1


class TestTheSources:
    @pytest.mark.parametrize("words", ["trial slamon", "2001", "GINES", "slamon2001"])
    def test_are_found_by_author_title_year_and_key(self, editor, words):
        make_reference(
            "other", author=[{"family": "Ek"}], issued={"date-parts": [[1999]]}
        )
        author = [{"family": "Ginés", "given": "A"}]
        reference = make_reference()
        type(reference).objects.filter(pk=reference.pk).update(
            csl={**reference.csl, "author": author}
        )
        press(editor, "Cite")
        editor.get_by_role("searchbox", name="Search the sources").fill(words)
        editor.keyboard.press("Enter")
        wait_for_value(editor, "[@slamon2001]")
        assert editor.locator(BODY).evaluate("a => a === document.activeElement")

    def test_are_cited_with_a_place_in_them(self, editor):
        press(editor, "Cite")
        editor.get_by_label("Where in it").fill("p. 784]")
        editor.get_by_role("button", name="slamon2001").click()
        assert value(editor) == "[@slamon2001, p. 784]"

    def test_that_are_taken_back_say_so(self, editor):
        make_reference("gone", status="retracted", status_note="Read the notice.")
        press(editor, "Cite")
        editor.get_by_role("button", name="gone").get_by_text("Retracted.").wait_for()

    def test_stand_in_a_dialog_that_is_accessible_and_can_be_left(self, editor):
        editor.keyboard.press("Control+Alt+c")
        editor.get_by_role("button", name="slamon2001").wait_for()
        assert violations(editor) == []
        editor.keyboard.press("Escape")
        assert editor.locator(BODY).evaluate("a => a === document.activeElement")


class TestThePictures:
    @pytest.fixture
    def choosing(self, editor):
        self.number = add_picture().pk
        press(editor, "Picture")
        editor.get_by_role("button", name="A circle").click()
        return editor

    def insert(self, page):
        page.get_by_role("button", name="Insert picture").click()

    def test_are_inserted_with_their_description(self, choosing):
        choosing.get_by_label("What the picture shows").fill("A circle in plum")
        self.insert(choosing)
        assert value(choosing) == f"![A circle in plum](image:{self.number})\n"

    def test_may_only_decorate(self, choosing):
        choosing.get_by_label("It only decorates").check()
        self.insert(choosing)
        assert value(choosing) == f'![](image:{self.number} "decorative")\n'

    def test_need_one_of_both(self, choosing):
        self.insert(choosing)
        choosing.get_by_role("alert").get_by_text(
            "Say what the picture shows"
        ).wait_for()
        assert violations(choosing) == []
        assert value(choosing) == ""

    def test_need_no_more_than_one(self, choosing):
        choosing.get_by_label("What the picture shows").fill("A circle in plum")
        choosing.get_by_label("It only decorates").check()
        self.insert(choosing)
        choosing.get_by_role("alert").get_by_text("Take one of the two").wait_for()
        assert value(choosing) == ""


class TestAFigureOfChances:
    @pytest.fixture
    def drawing(self, editor):
        press(editor, "Chances figure")
        editor.get_by_label("What is counted").fill("people who relapsed")
        editor.get_by_role("button", name="Search the sources").click()
        editor.get_by_role("button", name="slamon2001").click()
        editor.get_by_label("How many of the first group").fill("20")
        return editor

    def test_is_written_with_its_source_and_said_in_words(self, drawing):
        drawing.get_by_label("How many of the second group").fill("12")
        says = "The difference: 8 fewer out of 100 with treatment."
        drawing.get_by_role("status").get_by_text(says).wait_for()
        assert violations(drawing) == []
        drawing.get_by_role("button", name="Insert figure").click()
        wait_for_value(
            drawing,
            "```chances\nShows: people who relapsed [@slamon2001]\nOut of: 100\n"
            "Without treatment: 20\nWith treatment: 12\n```\n",
        )

    def test_may_not_have_more_than_all(self, drawing):
        drawing.get_by_label("How many of the second group").fill("101")
        drawing.get_by_role("button", name="Insert figure").click()
        refusal = "A group cannot have more than 100 out of 100."
        drawing.get_by_role("status").get_by_text(refusal).wait_for()
        assert value(drawing) == ""


class TestTheLivePreview:
    def test_follows_the_typing(self, staff, draft):
        staff.goto(address(draft))
        staff.locator(BODY).fill("Fresh **words** typed now.")
        staff.locator(SHEET).get_by_text("Fresh words typed now.").wait_for()

    def test_looks_like_the_site(self, staff, draft):
        staff.goto(address(draft))
        key_points = staff.locator(f"{SHEET} .key")
        key_points.wait_for()
        border = key_points.evaluate("e => getComputedStyle(e).borderTopWidth")
        assert border == "2px"

    def test_opens_the_whole_page_in_a_new_tab(self, staff, draft):
        staff.goto(address(draft))
        staff.locator("#id_title").fill("Typed now")
        with staff.expect_popup() as opened:
            staff.get_by_role("button", name="Preview in a new tab").click()
        assert opened.value.locator("h1").inner_text() == "Typed now"
        assert staff.locator("#id_title").input_value() == "Typed now"

    def test_opens_the_page_as_wide_as_a_phone(self, staff, draft):
        staff.goto(address(draft))
        staff.locator("#id_title").fill("Typed now")
        with staff.expect_popup() as opened:
            staff.get_by_role("button", name="Preview as on a phone").click()
        opened.value.get_by_role("heading", name="Typed now").wait_for()
        assert opened.value.evaluate("innerWidth") == 360

    def test_lists_the_words_that_the_page_explains_and_those_that_it_does_not(
        self, staff, draft
    ):
        make_term("Antibody")
        staff.goto(address(draft))
        staff.locator(BODY).fill("An antibody and immunohistochemistry.")
        staff.get_by_text("Words", exact=True).click()
        words = staff.locator("#word-lists")
        words.get_by_role("listitem").get_by_text("Antibody").wait_for()
        words.get_by_role("listitem").get_by_text("immunohistochemistry").wait_for()
