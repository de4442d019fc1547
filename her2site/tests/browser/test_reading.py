"""Reading on a phone, enlarged, with spread-out text, on paper; finding the way and back."""

import re

import pytest
from django.conf import settings

from her2site.tests.browser.conftest import visiting
from her2site.tests.browser.measures import (
    COUNT_SHIFTS,
    SIDEWAYS,
    UNTIL_PAINTED,
    measure,
)
from her2site.tests.browser.tour import (
    EVERYTHING,
    FLAGSHIP,
    KINDS,
    SAMPLE_ARTICLES,
    TOUR,
    answer,
    press,
    start,
)

PHONE = {"width": 360, "height": 740}
FRAMELESS = {"400", "500", "503"}  # these have no navigation, see templates/_bare.html


@pytest.fixture(scope="module")
def walk(browser, site):
    """The measures of every page in every state, by the state's name."""
    found = {}
    with visiting(browser, site.url) as open_page:
        for name, reach in TOUR.items():
            page = open_page(viewport=PHONE, reduced_motion="reduce")
            page.add_init_script(COUNT_SHIFTS)
            reach(page)
            found[name] = measure(page)
            page.context.close()
    return found


def having(walk, measured):
    """Where this was measured to be anything but nothing."""
    return {name: found[measured] for name, found in walk.items() if found[measured]}


def in_view(locator):
    return locator.evaluate(
        "(e) => { const r = e.getBoundingClientRect();"
        " return r.bottom > 0 && r.top < innerHeight; }"
    )


class TestNarrowScreens:
    """320 by 640 pixels are also 1280 enlarged to 400 percent."""

    def test_no_page_scrolls_sideways(self, walk):
        assert having(walk, "sideways at 320") == {}

    def test_no_page_scrolls_sideways_from_right_to_left(self, walk):
        assert having(walk, "sideways from right to left") == {}


class TestATableOnAPhone:
    @pytest.fixture
    def table(self, new_reader):
        page = new_reader(viewport=PHONE)
        page.goto(FLAGSHIP)
        return page.get_by_role("table").first

    def test_stands_within_the_screen(self, table):
        assert table.locator("..").evaluate("e => e.scrollWidth <= e.clientWidth")

    def test_names_the_column_before_each_cell(self, table):
        name = "e => getComputedStyle(e, '::before').content"
        assert '"Main thing to watch"' in table.locator("td").nth(3).evaluate(name)

    def test_is_a_table_all_the_same(self, table):
        heads = table.get_by_role("columnheader").all_inner_texts()
        assert heads == [
            "Medicine",
            "What it is",
            "When it is used",
            "Main thing to watch",
        ]
        assert table.get_by_role("row").nth(1).get_by_role("cell").count() == 4

    def test_turned_to_the_side_has_its_columns_again(self, table):
        table.page.set_viewport_size({"width": 740, "height": 360})
        assert table.locator("td").first.evaluate(
            "e => getComputedStyle(e).display"
        ) == ("table-cell")


class TestACardOnAPhone:
    def test_shows_three_lines_of_its_summary(self, new_reader):
        page = new_reader(viewport=PHONE)
        page.goto("/articles/")
        card = page.locator(".card").filter(has=page.locator(f"[href='{FLAGSHIP}']"))
        line, height = card.locator("p").first.evaluate(
            "e => [parseFloat(getComputedStyle(e).lineHeight), e.clientHeight]"
        )
        assert 2 * line < height <= 3 * line + 1


class TestLargeText:
    def test_of_200_percent_scrolls_nothing_sideways(self, walk):
        assert having(walk, "sideways at 200 percent") == {}

    def test_of_200_percent_is_not_cut_off(self, walk):
        assert having(walk, "cut off at 200 percent") == {}


class TestSpreadOutText:
    def test_scrolls_nothing_sideways(self, walk):
        assert having(walk, "sideways when spread") == {}

    def test_is_not_cut_off(self, walk):
        assert having(walk, "cut off when spread") == {}


class TestTargets:
    def test_are_large_enough_for_fingers(self, walk):
        assert having(walk, "small targets") == {}


class TestMotion:
    def test_nothing_moves_for_who_wants_it_still(self, walk):
        assert having(walk, "moving") == {}


class TestLayout:
    def test_stays_where_it_was_first_painted(self, walk):
        assert having(walk, "shift") == {}

    @pytest.mark.parametrize(
        "path", [FLAGSHIP, f"{FLAGSHIP}#what-her2-is", f"{KINDS}all/", "/help/"]
    )
    def test_stays_also_when_the_script_comes_late(self, new_reader, path):
        page = new_reader(viewport=PHONE)
        page.add_init_script(COUNT_SHIFTS)
        held_back = []

        def hold_back(route):
            held_back.append(route)

        page.route("**/site*.js", hold_back)
        page.goto(path, wait_until="commit")
        page.evaluate(UNTIL_PAINTED)
        held_back[0].continue_()
        page.wait_for_load_state()
        assert page.evaluate("window.shifts") == 0


class TestTitles:
    def test_are_short_enough_for_a_tab_or_a_list_of_results(self, walk):
        long = {name: m["title"] for name, m in walk.items() if len(m["title"]) > 70}
        assert long == {}

    def test_say_when_something_is_wrong(self, walk):
        saying = {name for name, m in walk.items() if m["title"].startswith("Error: ")}
        assert saying == {
            name for name in walk if name.endswith(("with error", "with errors"))
        } | {"intro with a problem"}

    def test_of_feedback_begin_with_the_result(self, walk):
        assert walk["feedback, right"]["title"].startswith("Correct: ")
        assert walk["feedback, partly right"]["title"].startswith("Partly right: ")
        assert walk["feedback, wrong"]["title"].startswith("Not quite")
        assert walk["feedback, not sure"]["title"].startswith("Good to know: ")
        assert walk["feedback, skipped"]["title"].startswith("Skipped: ")


class TestHelp:
    def test_stands_in_the_same_order_on_every_page(self, walk):
        orders = {
            tuple(m["help links"]) for name, m in walk.items() if name not in FRAMELESS
        }
        assert len(orders) == 1


class TestClasses:
    """The style sheet and the pages know the same classes."""

    def in_the_style_sheet(self):
        folder = settings.BASE_DIR / "static/css"
        sheets = [folder / name for name in ("site.css", "account.css", "review.css")]
        text = "".join(sheet.read_text(encoding="utf-8") for sheet in sheets)
        text = re.sub(r"/\*.*?\*/", "", text, flags=re.S)
        selectors = re.sub(r"{[^{}]*}", "{}", text)
        return set(re.findall(r"\.([a-z][\w-]*)", selectors))

    def test_every_class_on_a_page_is_in_the_style_sheet(self, walk):
        used = {name for found in walk.values() for name in found["classes"]}
        assert used - self.in_the_style_sheet() == set()

    def test_every_class_in_the_style_sheet_is_on_a_page(self, walk):
        used = {name for found in walk.values() for name in found["classes"]}
        assert self.in_the_style_sheet() - used == set()


class TestFirstScreen:
    @pytest.mark.parametrize("path", SAMPLE_ARTICLES)
    def test_of_a_phone_shows_three_key_points(self, new_reader, path):
        page = new_reader(viewport=PHONE)
        page.goto(path)
        page.goto(
            path
        )  # again: on a busy machine the typeface can miss the first showing
        third = page.locator(".key li").nth(2).bounding_box()
        assert third["y"] + third["height"] <= PHONE["height"]


class TestCitation:
    def test_leads_to_its_reference_and_back(self, reader):
        reader.goto(FLAGSHIP)
        cite = reader.locator(".text .passage .cite").first
        anchor = cite.get_attribute("id")
        cite.click()
        reference = reader.locator(".references li:target")
        assert in_view(reference)
        reference.locator(f"a[href='#{anchor}']").click()
        assert reader.url.endswith(f"#{anchor}")
        assert in_view(cite)


class TestPassage:
    def test_that_a_question_is_about_leads_back_to_its_feedback(self, reader):
        start(reader)
        answer(reader, "A virus")
        feedback = reader.url
        press(reader, "Read this part again")
        assert in_view(reader.locator(".passage:target"))
        assert in_view(reader.locator(".way-back"))
        press(reader, "Back to your quiz")
        assert reader.url == feedback

    def test_that_may_help_leads_back_to_the_question(self, reader):
        start(reader)
        question = reader.url
        press(reader, "What is her2")
        press(reader, "Back to your quiz")
        assert reader.url == question

    @pytest.mark.parametrize("origin", ["", "?from=elsewhere", "?from=//evil.example"])
    def test_offers_no_way_back_to_who_came_from_elsewhere(self, reader, origin):
        reader.goto(f"{EVERYTHING}{origin}#all-of-it")
        assert not reader.locator(".way-back").is_visible()


class TestPaper:
    @pytest.fixture
    def printed(self, new_reader):
        """The flagship as it is sent to the printer, from a screen as wide as A4."""
        page = new_reader(viewport={"width": 794, "height": 1123})
        page.goto(FLAGSHIP)
        return print_out(page)

    def test_shows_key_points_and_all_passages(self, printed):
        assert printed.locator(".key").is_visible()
        assert all(
            passage.is_visible() for passage in printed.locator(".passage").all()
        )

    def test_unfolds_details(self, printed):
        assert all(p.is_visible() for p in printed.locator("details.more p").all())

    def test_shows_no_figures_about_survival(self, printed):
        boxes = printed.locator("details.survival").all()
        assert boxes
        assert not any(box.is_visible() for box in boxes)

    def test_shows_figures_about_survival_to_who_opened_them(self, new_reader):
        page = new_reader()
        page.goto(FLAGSHIP)
        page.locator("details.survival summary").first.click()
        printed = print_out(page)
        assert printed.locator("details.survival[open] p").first.is_visible()

    def test_has_an_urgent_card_that_can_be_read_without_colours(self, new_reader):
        page = new_reader()
        page.goto(EVERYTHING)
        heading = print_out(page).locator(".urgent h3").first
        assert heading.evaluate(
            "e => [getComputedStyle(e).color, getComputedStyle(e).backgroundColor]"
        ) == ["rgb(0, 0, 0)", "rgba(0, 0, 0, 0)"]

    def test_begins_in_the_size_of_its_text(self, printed):
        size = "e => getComputedStyle(e).fontSize"
        lead = printed.locator(".lead").first
        assert lead.evaluate(size) == printed.locator("body").evaluate(size)

    def test_explains_the_words(self, printed):
        meanings = printed.locator(".word p:nth-child(2)").all()
        assert meanings
        assert all(meaning.is_visible() for meaning in meanings)

    def test_says_when_it_was_printed_and_where_newer_ones_are(self, printed):
        line = printed.locator(".paper").inner_text()
        assert re.match(r"Printed on \d+ \w+ \d{4} from localhost", line)
        assert line.endswith(f"Check for a newer version at {FLAGSHIP}")

    def test_has_no_navigation_and_no_questions(self, printed):
        parts = "header nav, footer nav, .crumbs, .contents, .learn, .btn, .skip"
        assert not any(part.is_visible() for part in printed.locator(parts).all())

    def test_fits_across_a_sheet(self, printed):
        assert printed.evaluate(SIDEWAYS) <= 0

    def test_can_be_made(self, reader):
        reader.goto(FLAGSHIP)
        assert reader.pdf(format="A4").startswith(b"%PDF")

    def test_leaves_the_screen_as_it_was(self, printed):
        printed.evaluate("dispatchEvent(new Event('afterprint'))")
        assert printed.locator("details[open]").count() == 0


def print_out(page):
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    return page
