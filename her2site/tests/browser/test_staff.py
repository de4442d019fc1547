"""The admin in a real browser: no fault, no violation, and the editor's comforts."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from articles.tests.desk_forms import address
from articles.tests.factories import (
    make_reference,
    write,
)
from articles.tests.test_notices import HEAD, line
from her2site.tests.browser.measures import SIDEWAYS
from quizzes import authoring
from quizzes.tests.factories import LATER, make_question, make_quiz

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
COLOURS = ["color-contrast", "link-in-text-block"]
RUN = """
    async (tags) => (await axe.run({runOnly: tags, preload: false, elementRef: false}))
        .violations.map((rule) => `${rule.id}: ${rule.nodes[0].target.join(" ")}`)
"""

pytestmark = pytest.mark.django_db(transaction=True)


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

    def test_a_list_stands_as_cards_on_a_phone(self, staff, draft):
        staff.set_viewport_size({"width": 360, "height": 740})
        staff.goto("/admin/articles/articleversion/")
        cell = staff.locator("#result_list td.field-edited_at").first
        box = cell.bounding_box()
        assert box["x"] + box["width"] <= 360
        assert "Edited at" in cell.evaluate(
            "e => getComputedStyle(e, '::before').content"
        )
        assert staff.evaluate(SIDEWAYS) <= 0
        assert violations(staff) == []

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
            address(draft, "import-word"),
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

    def test_that_answers_a_paste_or_a_table_is_accessible(self, staff, draft):
        make_reference("ours", DOI="10.1000/ours")
        staff.goto("/admin/articles/reference/paste/")
        staff.locator("textarea").fill(
            "10.1000/ours\n@article{a, title={One}, doi={10.1000/one}}\n"
            "@article{b, title={Two}, year={2020}}"
        )
        staff.get_by_role("button", name="Read it").click()
        staff.get_by_text("Which of these do you want to add?").wait_for()
        assert violations(staff) == []
        staff.goto("/admin/articles/reference/retractions/")
        table = "\n".join([HEAD, line(), line(nature="Expression of concern")])
        file = {"name": "t.csv", "mimeType": "text/csv", "buffer": table.encode()}
        staff.locator("input[type=file]").set_input_files(file)
        staff.locator(".submit-row input, .submit-row button").first.click()
        staff.get_by_text("For you to decide").wait_for()
        assert violations(staff) == []

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


class TestALinkForAnExpert:
    def test_is_copied_at_a_press(self, staff, draft):
        staff.context.grant_permissions(["clipboard-read", "clipboard-write"])
        staff.goto(address(draft, "invite"))
        staff.locator("#id_name").fill("Bo Lind")
        staff.locator(".submit-row .default").click()
        staff.get_by_role("button", name="Copy").click()
        staff.get_by_text("Copied.").wait_for()
        copied = staff.evaluate("navigator.clipboard.readText()")
        assert copied == staff.get_by_label("Address").input_value()
        assert violations(staff) == []


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
