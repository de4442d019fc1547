"""A real Chromium, and pages that tolerate no fault: see `visiting`."""

import contextlib
import os
import shutil
from pathlib import Path

import pytest
from django.core.cache import caches
from django.core.management import call_command
from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from playwright.sync_api import sync_playwright
from pytest_django.live_server_helper import LiveServer

from articles.tests.factories import make_article, make_draft, make_user
from her2site.tests.browser.stock import fill

NAMES = ["/usr/bin/chromium", "chromium", "chromium-browser", "google-chrome"]
# Off: whatever makes Chromium talk to anybody but the site under test.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
REPORT_CSP = """
    document.addEventListener("securitypolicyviolation", (event) => {
        console.error(`CSP: ${event.effectiveDirective} refused ${event.blockedURI}`);
    });
"""
HERE = Path(__file__).parent


def pytest_collection_modifyitems(items):
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


def find_chromium():
    wanted = os.environ.get("CHROMIUM")
    if wanted:
        return wanted
    return next(filter(None, map(shutil.which, NAMES)), None)


@pytest.fixture(scope="session")
def browser():
    program = find_chromium()
    if program is None:
        reason = "no Chromium found: install one, or set CHROMIUM to its path"
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(reason)
        pytest.skip(reason)
    # Playwright keeps an event loop in this thread, and Django would refuse to query beside it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@contextlib.contextmanager
def visiting(browser, address):
    """Give a function that opens pages with any context options: `(java_script_enabled=False)`.

    At the end, no page may have printed an error, broken the content security policy, missed a
    file, opened a dialog, or asked any other host for anything.
    """
    contexts, faults = [], []

    def open_page(**options):
        context = browser.new_context(base_url=address, **options)
        contexts.append(context)
        page = context.new_page()
        # Long, because another program may keep the processors busy; nothing waits without need.
        page.set_default_timeout(30_000)
        watch(page, address, faults)
        return page

    try:
        yield open_page
    finally:
        for context in contexts:
            context.close()
    assert faults == []


@pytest.fixture
def new_page(browser, live_server):
    """Open pages of a site that holds only what the test itself has made."""
    with visiting(browser, live_server.url) as open_page:
        yield open_page


@pytest.fixture
def page(new_page):
    return new_page()


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


@pytest.fixture(scope="session")
def tables(django_db_setup, django_db_blocker):
    """The test database, also where no test has asked pytest-django for it."""
    database = connection.settings_dict
    if database["NAME"] == database["TEST"]["NAME"]:
        yield
        return
    with django_db_blocker.unblock():
        names = setup_databases(0, interactive=False, aliases={"default"})
    yield
    with django_db_blocker.unblock():
        teardown_databases(names, 0)


@pytest.fixture(scope="module")
def site(tables, django_db_blocker):
    """The site with all that `stock` puts on it, once for all tests of a module.

    They may answer quizzes, each as a new guest, and change nothing else.
    """
    with django_db_blocker.unblock():
        for cache in caches.settings:
            caches[cache].clear()
        fill()
        server = LiveServer("localhost")
        yield server
        server.stop()
        call_command("flush", verbosity=0, interactive=False)
        caches["pages"].clear()


@pytest.fixture
def new_reader(browser, site):
    """Open pages of the filled site."""
    with visiting(browser, site.url) as open_page:
        yield open_page


@pytest.fixture
def reader(new_reader):
    return new_reader()


def watch(page, own_address, faults):
    page.add_init_script(REPORT_CSP)
    page.on("dialog", lambda dialog: note_dialog(dialog, faults))
    page.on("pageerror", lambda error: faults.append(f"script: {error}"))
    page.on("console", lambda message: note_message(message, faults))
    page.on("request", lambda request: note_request(request, own_address, faults))
    page.on("requestfailed", lambda request: note_failure(request, faults))
    page.on("response", lambda response: note_answer(response, faults))


def note_dialog(dialog, faults):
    faults.append(f"dialog: {dialog.message}")
    dialog.dismiss()


def note_message(message, faults):
    # A file that is missing is noted below; a *page* that answers 404 may be what is tested.
    if message.type == "error" and "Failed to load resource" not in message.text:
        faults.append(f"console: {message.text}")


def note_request(request, own_address, faults):
    if not request.url.startswith((f"{own_address}/", "blob:", "data:")):
        faults.append(f"third party: {request.url}")


def note_failure(request, faults):
    # A page that is left while something still loads aborts it; nobody has lost anything.
    if request.failure != "net::ERR_ABORTED":
        faults.append(f"failed: {request.url} ({request.failure})")


def note_answer(response, faults):
    is_page = response.request.resource_type == "document"
    if response.status >= (500 if is_page else 400):
        faults.append(f"{response.status}: {response.url}")
