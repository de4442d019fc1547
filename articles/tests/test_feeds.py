"""The feed of what changed: live pages, what readers were told of the change, no typing slips."""

import datetime as dt
import xml.etree.ElementTree as ET

import pytest
from django.utils import timezone

from articles import publishing, renaming
from articles.tests.factories import AT, make_article, make_draft, make_version

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(days=7)
ATOM = "{http://www.w3.org/2005/Atom}"


def entries(client):
    """(title, what changed, address) of each entry."""
    answer = client.get("/feed/")
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    root = ET.fromstring(answer.content)  # noqa: S314 - our own feed
    return [
        (
            entry.find(f"{ATOM}title").text,
            entry.find(f"{ATOM}summary").text,
            entry.find(f"{ATOM}link").get("href"),
        )
        for entry in root.iter(f"{ATOM}entry")
    ]


class TestTheFeed:
    def test_names_new_pages_and_changes_newest_first(self, client, settings):
        settings.SITE_ADDRESS = "https://learn.example.org"
        article = make_article("one", title="One", summary="First [@slamon2001].")
        make_article(
            "two", title="Two", change_note="Second.", at=AT + dt.timedelta(days=1)
        )
        change = {"change_kind": "correction", "change_note": "We had a number wrong."}
        make_version(article, at=LATER, summary="Third.", **change)
        assert entries(client) == [
            (
                "One",
                "We had a number wrong.",
                "https://learn.example.org/articles/one/",
            ),
            ("Two", "Second.", "https://learn.example.org/articles/two/"),
        ]

    def test_says_what_a_new_page_is_about(self, client):
        make_article(summary="First [@slamon2001].", change_note="")
        assert [said for _, said, _ in entries(client)] == ["First."]

    def test_leaves_out_what_was_only_reworded(self, client):
        article = make_article(summary="First.", change_note="")
        make_version(article, at=LATER, change_kind="editorial", summary="Other words.")
        assert [said for _, said, _ in entries(client)] == ["First."]

    def test_keeps_a_change_that_was_reworded_since(self, client):
        article = make_article()
        warned = {"change_kind": "safety", "change_note": "Call at once."}
        make_version(article, at=LATER, **warned)
        reworded = {"change_kind": "editorial", "change_note": "A slip."}
        make_version(article, at=LATER + dt.timedelta(days=1), **reworded)
        assert [said for _, said, _ in entries(client)] == ["Call at once."]

    def test_leaves_out_what_was_withdrawn_before_the_page_came_back(self, client):
        article = make_article(change_note="New.")
        make_version(article, at=LATER, change_kind="material", change_note="Wrong.")
        publishing.withdraw(article, by=None, at=LATER, reason="Wrong.")
        reworded = {"change_kind": "editorial", "change_note": "A slip."}
        make_version(article, at=LATER + dt.timedelta(days=1), **reworded)
        assert entries(client) == []

    def test_leaves_out_what_readers_cannot_see(self, client):
        tomorrow = timezone.now() + dt.timedelta(days=1)
        article = make_article(title="Seen")
        text = {
            "title": "Zebrafish",
            "change_note": "Zebrafish",
            "change_kind": "safety",
        }
        make_version(article, at=timezone.now(), live_from=tomorrow, **text)
        make_draft(article, **text)
        publishing.withdraw(
            make_article("gone", **text), by=None, at=AT, reason="Wrong."
        )
        assert [title for title, _, _ in entries(client)] == ["Seen"]

    def test_is_well_formed_whatever_a_title_holds(self, client):
        make_article(title="A & B </title> \x01\x0b", summary="One ￾ two.")
        assert entries(client)[0][0] == "A & B </title> "

    def test_gives_each_change_a_name_that_stays(self, client):
        article = make_article("one")
        before = client.get("/feed/").content.decode()
        renaming.rename(article, "two", by=None)
        name = f"urn:uuid:{article.uid}#1"
        assert name in before
        assert name in client.get("/feed/").content.decode()

    def test_costs_one_query(self, client, django_assert_num_queries):
        for number in range(3):
            make_article(f"page-{number}")
        with django_assert_num_queries(1):
            assert len(entries(client)) == 3
