"""Pages for when something is wrong stand up without the database."""

import pytest
from django.template.loader import render_to_string
from pytest_django.live_server_helper import LiveServer

from her2site.tests.browser.measures import SIDEWAYS, resize

HELP = "Call your hospital’s 24-hour number or emergency services."


@pytest.fixture(scope="module")
def server():
    """The site with its database out of reach: pytest-django refuses every query."""
    server = LiveServer("localhost")
    yield server
    server.stop()


@pytest.fixture
def page(browser, server):
    context = browser.new_context(base_url=server.url)
    yield context.new_page()
    context.close()


def without_a_page_to_read(page):
    return page.goto("/nothing/")


def with_a_form_from_elsewhere(page):
    page.goto("/about/")
    action = page.url.replace("about", "quizzes/her2-treatment-basics")
    page.goto("about:blank")
    page.set_content(f"<form method=post action={action}><button>Send</button></form>")
    with page.expect_navigation() as navigation:
        page.get_by_role("button").click()
    return navigation.value


def with_the_database_away(page):
    return page.goto("/")


def with_a_host_that_is_not_ours(page):
    """The site cannot be asked by another name here, so the answer's template is shown."""
    body = render_to_string("400.html")
    page.route("**/strange/", lambda route: route.fulfill(status=400, body=body))
    return page.goto("/strange/")


def while_the_site_rests(page):
    """A proxy in front shows this one as a file when nothing answers it."""
    body = render_to_string("503.html")
    page.route("**/resting/", lambda route: route.fulfill(status=503, body=body))
    return page.goto("/resting/")


WAYS = {
    400: with_a_host_that_is_not_ours,
    403: with_a_form_from_elsewhere,
    404: without_a_page_to_read,
    500: with_the_database_away,
    503: while_the_site_rests,
}
HEADINGS = {
    400: "Sorry, we could not read that",
    403: "This could not be done",
    404: "Page not found",
    500: "Sorry, there is a problem with this site",
    503: "Sorry, this site is not available just now",
}


@pytest.mark.parametrize("status", WAYS)
class TestErrorPage:
    def test_says_what_happened_and_whom_to_call(self, page, status):
        assert WAYS[status](page).status == status
        assert page.locator("h1").inner_text() == HEADINGS[status]
        assert HELP in page.locator(".help").inner_text()

    def test_wears_the_style_of_the_site_and_fits_a_phone(self, page, status):
        resize(page, 320, 640)
        WAYS[status](page)
        assert page.evaluate("getComputedStyle(document.body).display") == "flex"
        assert page.evaluate(SIDEWAYS) <= 0

    def test_leads_back_to_the_site(self, page, status):
        WAYS[status](page)
        assert page.locator("header .name").get_attribute("href") == "/"
