"""The admin in a real browser: no fault, no violation, and the editor's comforts."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from articles.tests.desk_forms import address
from articles.tests.factories import (
    make_article,
    make_draft,
    make_reference,
    make_user,
    write,
)
from her2site.tests.browser.measures import SIDEWAYS
from quizzes import authoring
from quizzes.tests.factories import LATER, make_question, make_quiz

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
COLOURS = ["color-contrast", "link-in-text-block"]
RUN = """
    async (tags) => (await axe.run({runOnly: tags, preload: false, elementRef: false}))
        .violations.map((rule) => `${rule.id}: ${rule.nodes[0].target.join(" ")}`)
"""
BODY = "#id_passages-0-body"
SHEET = "#live-preview .sheet"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def groups(transactional_db):
    """Where each test empties all tables, the groups have to be made again."""
    from articles.staffing import sync_groups as of_articles  # noqa: PLC0415
    from quizzes.staffing import sync_groups as of_quizzes  # noqa: PLC0415

    of_articles()
    of_quizzes()


@pytest.fixture
def boss(groups):
    return make_user("boss@example.org", superuser=True, name="Bo")


@pytest.fixture
def staff(new_page, boss):
    """A browser in which Bo has signed in."""
    page = new_page(viewport={"width": 1280, "height": 900})
    page.goto("/admin/")
    page.get_by_label("E-mail address").fill(boss.email)
    page.get_by_label("Password").fill("correct horse battery")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/admin/")
    return page


@pytest.fixture
def draft(groups):
    return make_draft(make_article())


def violations(page):
    """What axe finds in the light, and what the dark adds to it."""
    page.evaluate(Axe().axe_script)
    # At the end the row of buttons rests where it belongs, and half covers no field above it.
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    found = page.evaluate(RUN, TAGS)
    page.emulate_media(color_scheme="dark")
    # Links of the admin fade from colour to colour.
    page.evaluate("document.getAnimations().forEach((fade) => fade.finish())")
    found += page.evaluate(RUN, COLOURS)
    page.emulate_media(color_scheme="light")
    return found


class TestRoom:
    def test_an_article_with_its_versions_fits_a_phone(self, staff, draft):
        staff.set_viewport_size({"width": 360, "height": 740})
        staff.goto(address(draft.article))
        assert staff.locator(".versions").is_visible()
        assert staff.evaluate(SIDEWAYS) <= 0

    def test_the_button_that_saves_is_in_sight_at_the_head_of_a_long_form(
        self, staff, draft
    ):
        write(draft, passages=dict.fromkeys("abc", "Text."))
        staff.goto(address(draft))
        button = staff.get_by_role("button", name="Save draft")
        assert button.bounding_box()["y"] < 900
        assert staff.evaluate("document.documentElement.scrollHeight") > 2 * 900


class TestEveryScreen:
    def test_is_accessible_in_light_and_dark(self, staff, draft):
        question = make_question("q1")
        quiz = make_quiz("quiz", questions=[question])
        in_question = authoring.start_question_draft(question, by=None, at=LATER)
        in_quiz = authoring.start_quiz_draft(quiz, by=None, at=LATER)
        urls = [
            "/admin/",
            "/admin/articles/article/",
            "/admin/articles/image/add/",
            address(draft.article),
            address(draft.article, "withdraw"),
            address(draft.article, "hide"),
            address(draft.article, "review"),
            address(draft),
            address(draft, "invite"),
            address(draft, "publish"),
            address(draft, "compare"),
            address(make_reference()),
            "/admin/articles/reference/",
            "/admin/articles/reference/add/",
            "/admin/articles/reference/paste/",
            "/admin/articles/reference/retractions/",
            "/admin/articles/linktarget/",
            address(question),
            address(question, "retire"),
            address(in_question),
            address(in_question, "publish"),
            address(quiz),
            address(in_quiz),
            address(in_quiz, "publish"),
        ]
        found = {}
        for url in urls:
            staff.goto(url)
            found[url] = violations(staff)
        assert {url: faults for url, faults in found.items() if faults} == {}

    def test_of_the_desk_fits_a_phone(self, staff, draft):
        staff.set_viewport_size({"width": 360, "height": 740})
        staff.goto("/admin/")
        width = staff.evaluate("document.documentElement.scrollWidth")
        assert width <= 360


class TestTheSignIn:
    def test_is_accessible(self, new_page, groups):
        page = new_page()
        page.goto("/admin/login/")
        assert violations(page) == []


class TestTheToolbar:
    @pytest.fixture
    def editor(self, staff, draft):
        staff.goto(address(draft))
        staff.locator(BODY).fill("")
        return staff

    def value(self, page):
        return page.locator(BODY).input_value()

    def press(self, page, name):
        page.get_by_role("toolbar").first.get_by_role("button", name=name).click()

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("Bold", "**bold**"),
            ("Link", "[what it says](https://)"),
            ("Heading", "### "),
            ("List", "- "),
            ("Numbers", "1. "),
            ("Note box", "::: note Good to know\n…\n:::\n"),
        ],
    )
    def test_writes_markdown(self, editor, name, text):
        self.press(editor, name)
        assert self.value(editor) == text

    def test_numbers_every_selected_line_and_can_be_undone(self, editor):
        editor.locator(BODY).fill("one\ntwo")
        editor.locator(BODY).select_text()
        self.press(editor, "Numbers")
        assert self.value(editor) == "1. one\n2. two"
        editor.keyboard.press("Control+z")
        assert self.value(editor) == "one\ntwo"

    def test_has_shortcuts(self, editor):
        editor.locator(BODY).fill("HER2")
        editor.locator(BODY).select_text()
        editor.keyboard.press("Control+b")
        assert self.value(editor) == "**HER2**"

    def test_is_one_stop_for_the_tab_key(self, editor):
        self.press(editor, "Bold")
        editor.keyboard.press("Shift+Tab")
        focused = "document.activeElement.textContent"
        assert editor.evaluate(focused) == "Bold"
        editor.keyboard.press("ArrowRight")
        assert editor.evaluate(focused) == "Link"

    def test_finds_a_source_by_its_title_and_cites_it(self, editor):
        self.press(editor, "Cite")
        editor.get_by_role("searchbox", name="Search the sources").fill("trial slamon")
        editor.keyboard.press("Enter")
        assert self.value(editor) == "[@slamon2001]"
        assert editor.locator(BODY).evaluate("a => a === document.activeElement")

    def test_comes_with_an_added_passage(self, editor):
        before = editor.get_by_role("toolbar").count()
        editor.get_by_role("button", name="Add another Passage").click()
        assert editor.get_by_role("toolbar").count() == before + 1


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


class TestAStaleForm:
    def test_offers_their_text_at_a_press(self, staff, draft):
        staff.goto(address(draft))
        staff.locator("#id_title").fill("My title")
        write(draft, title="Their title")
        staff.get_by_role("button", name="Save draft").click()
        staff.get_by_text("saved this draft on").wait_for()
        assert violations(staff) == []
        staff.get_by_role("button", name="Take their text").first.click()
        assert staff.locator("#id_title").input_value() == "Their title"

    def test_works_without_javascript(self, new_page, boss, draft, client):
        page = new_page(java_script_enabled=False)
        page.goto(address(draft))
        page.get_by_label("E-mail address").fill(boss.email)
        page.get_by_label("Password").fill("correct horse battery")
        page.get_by_role("button", name="Sign in").click()
        page.locator("#id_title").fill("Without scripts")
        page.locator("#id_passages-1-heading").fill("Another one")
        page.locator("#id_passages-1-body").fill("Its text.")
        page.get_by_role("button", name="Save draft").click()
        draft.refresh_from_db()
        assert draft.title == "Without scripts"
        assert draft.passages.filter(key="another-one").exists()
