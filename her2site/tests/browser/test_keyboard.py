"""Everything by keyboard alone: reach it, see where you are, use it, and get back."""

import pytest

from her2site.tests.browser.tour import (
    EVERYTHING,
    KINDS,
    RIGHT,
    TOUR,
    answer,
    question_with_error,
    start,
)

# What has the focus: its words, its visible ring in pixels, and what lies over it, if anything.
FOCUSED = """
    () => {
        const element = document.activeElement;
        if (!element || element === document.body) return null;
        const label = element.labels?.[0];
        const rings = [element, label].filter(Boolean).map((part) => {
            const style = getComputedStyle(part);
            const drawn = style.outlineStyle !== "none" && style.outlineColor !== "transparent";
            return drawn ? parseFloat(style.outlineWidth) : 0;
        });
        const box = element.getClientRects()[0];
        const over = document.elementFromPoint(
            (Math.max(box.left, 0) + Math.min(box.right, innerWidth)) / 2,
            (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2);
        const free = over && (element.contains(over) || over.contains(element));
        const words = label || element.getAttribute("aria-label") ? "" : element.innerText;
        return {
            id: element.id,
            words: (label?.innerText || element.getAttribute("aria-label") || words).trim(),
            ring: Math.max(...rings),
            covered: free ? "" : String(over?.outerHTML.slice(0, 60)),
        };
    }
"""
MOST_STOPS = 400


def focused(page):
    return page.evaluate(FOCUSED)


def stops(page):
    """Every stop of the Tab key, from the top of the page to its end."""
    found = []
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        stop = focused(page)
        if stop is None or (found and stop["words"] == "Skip to main content"):
            return found
        found.append(stop)
    pytest.fail("The Tab key never left the page.")


def tab_to(page, words):
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if (focused(page) or {}).get("words") == words:
            return
    pytest.fail(f"The Tab key never came to “{words}”.")


def tab_into_options(page):
    """To the question's first option, or the only one of a group that the Tab key visits."""
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.opt input')"):
            return
    pytest.fail("The Tab key never came to the options.")


def press_key(page, key):
    """Press a key that leads to another page."""
    with page.expect_navigation():
        page.keyboard.press(key)


def choose_by_keys(page, wanted):
    """Arrows walk through radios and choose on the way; Tab and Space choose boxes."""
    boxes = page.locator(".opt input[type=checkbox]").count()
    tab_into_options(page)
    for _ in range(20):
        here = focused(page)["words"]
        if boxes and here in wanted:
            page.keyboard.press("Space")
            wanted = [words for words in wanted if words != here]
        if not boxes and here == wanted[0]:
            page.keyboard.press("Space")
            return
        if not wanted:
            return
        page.keyboard.press("Tab" if boxes else "ArrowDown")
    pytest.fail(f"The keys never came to {wanted}.")


class TestTab:
    def test_comes_first_to_the_link_past_the_navigation(self, reader):
        reader.goto(EVERYTHING)
        reader.keyboard.press("Tab")
        assert focused(reader)["words"] == "Skip to main content"
        assert reader.locator(".skip").bounding_box()["y"] >= 0
        reader.keyboard.press("Enter")
        assert focused(reader)["id"] == "main"
        reader.keyboard.press("Tab")
        assert reader.locator("main :focus").count() == 1

    @pytest.mark.parametrize(
        "name",
        [
            "home",
            "article, unfolded",
            "words",
            "intro, to go on",
            "question, one answer",
            "question, several answers",
            "question, one answer, with error",
            "feedback, wrong",
            "result, some right",
            "all questions, with errors",
        ],
    )
    def test_shows_a_ring_that_nothing_covers_at_every_stop(self, reader, name):
        TOUR[name](reader)
        reader.evaluate("document.activeElement.blur(), scrollTo(0, 0)")
        found = stops(reader)
        assert len(found) > 5
        assert [stop for stop in found if stop["ring"] < 2 or stop["covered"]] == []


class TestQuiz:
    def test_can_be_taken_without_a_mouse(self, reader):
        reader.goto(KINDS)
        tab_to(reader, "Start the quiz")
        press_key(reader, "Enter")
        for labels, forward in zip(
            RIGHT, ["Next question", "Next question", "See your result"], strict=True
        ):
            choose_by_keys(reader, list(labels))
            tab_to(reader, "Check my answer")
            press_key(reader, "Enter")
            assert focused(reader)["id"] == "feedback"
            tab_to(reader, forward)
            press_key(reader, "Enter")
        assert reader.locator("h1").inner_text() == "You got 3 of 3"

    def test_puts_the_focus_on_what_went_wrong(self, reader):
        question_with_error(1)(reader)
        assert focused(reader)["id"] == "error-summary"
        reader.keyboard.press("Tab")
        reader.keyboard.press("Enter")
        assert reader.evaluate(
            "document.activeElement === document.querySelector('.opt input')"
        )

    def test_shows_an_answered_question_to_read_only_after_going_back(self, reader):
        start(reader)
        question = reader.url
        answer(reader, "A virus")
        reader.goto(KINDS)
        for _ in range(2):
            reader.go_back()
        assert reader.url in (question, f"{question}feedback/")
        assert reader.locator("#feedback").is_visible()
        assert reader.get_by_text("You chose this").is_visible()
        assert reader.locator(".opt").count() == 0


class TestWordExplained:
    @pytest.fixture
    def opened(self, reader):
        reader.goto(EVERYTHING)
        tab_to(reader, "antibody")
        reader.keyboard.press("Enter")
        return reader

    def test_opens_with_enter(self, opened):
        assert opened.locator(":popover-open").get_attribute("aria-label")

    def test_closes_with_escape_and_gives_the_focus_back(self, opened):
        opened.keyboard.press("Escape")
        assert opened.locator(":popover-open").count() == 0
        assert focused(opened)["words"] == "antibody"

    def test_lets_the_keyboard_in_and_closes_with_its_own_button(self, opened):
        opened.keyboard.press("Tab")
        assert focused(opened)["words"] == "See it in the word list"
        opened.keyboard.press("Tab")
        opened.keyboard.press("Enter")
        assert opened.locator(":popover-open").count() == 0
        assert focused(opened)["words"] == "antibody"
