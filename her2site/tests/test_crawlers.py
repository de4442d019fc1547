"""What search engines are told."""

import datetime as dt
import xml.etree.ElementTree as ET

import pytest
from django.utils import timezone

from articles import publishing, renaming
from articles.tests.factories import AT, make_article, make_topic, make_version
from quizzes.tests.factories import make_quiz

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(days=7)
SITE = "https://learn.example.org"


@pytest.fixture(autouse=True)
def site_address(settings):
    settings.SITE_ADDRESS = SITE


def listed(client):
    """The day of each address in the map of the site, or None."""
    answer = client.get("/sitemap.xml")
    assert answer["Content-Type"] == "application/xml"
    space = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    root = ET.fromstring(answer.content)  # noqa: S314 - our own map
    return {
        url.find("s:loc", space).text.removeprefix(SITE): url.findtext(
            "s:lastmod", namespaces=space
        )
        for url in root
    }


class TestTheMap:
    def test_lists_pages_topics_and_quizzes(self, client):
        make_quiz(article=make_article())
        found = listed(client)
        assert found["/articles/her2/"] == "2025-01-06"
        assert found["/topics/basics/"] == "2025-01-06"
        assert {"/", "/articles/", "/glossary/", "/quizzes/basics/"} <= found.keys()

    def test_says_when_the_content_of_a_page_changed(self, client):
        article = make_article()
        make_version(article, at=LATER, change_kind="material", summary="Another.")
        typo = LATER + dt.timedelta(days=3)
        make_version(article, at=typo, change_kind="editorial", summary="A nother.")
        assert listed(client)["/articles/her2/"] == "2025-01-13"

    def test_gives_a_topic_the_day_of_its_newest_page(self, client):
        make_article("new", at=LATER)
        make_article("old")
        assert listed(client)["/topics/basics/"] == "2025-01-13"

    def test_leaves_out_what_there_is_not_to_read(self, client):
        make_topic("empty")
        make_article("draft", publish=False)
        publishing.withdraw(make_article("gone"), by=None, at=AT, reason="Wrong.")
        waiting = make_article("waiting", publish=False).versions.get()
        now = timezone.now()
        tomorrow = now + dt.timedelta(days=1)
        publishing.publish(waiting, by=None, at=now, live_from=tomorrow)
        found = [path for path in listed(client) if path.count("/") == 3]
        assert found == []

    def test_names_a_renamed_page_by_its_new_address_alone(self, client):
        renaming.rename(make_article("old"), "new", by=None)
        found = listed(client)
        assert "/articles/new/" in found
        assert "/articles/old/" not in found

    def test_costs_the_same_for_many_pages(self, client, django_assert_num_queries):
        for number in range(3):
            make_article(f"page-{number}")
        with django_assert_num_queries(2):
            listed(client)


class TestRobots:
    def test_are_kept_out_of_what_is_not_for_lists_and_led_to_the_map(self, client):
        answer = client.get("/robots.txt")
        assert answer["Content-Type"] == "text/plain"
        lines = answer.content.decode().splitlines()
        assert lines[0] == "User-agent: *"
        for path in ("/admin/", "/attempts/", "/account/", "/search/"):
            assert f"Disallow: {path}" in lines
        assert lines[-1] == f"Sitemap: {SITE}/sitemap.xml"
