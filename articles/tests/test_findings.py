"""What the stored things beside a text say of it: the same list in the panel and at the move."""

import datetime as dt

import pytest

from articles import hiding, publishing
from articles.models import LinkTarget
from articles.publishing import CannotPublish
from articles.tests.desk_forms import address, confirm, text
from articles.tests.factories import (
    AT,
    BODY,
    live,
    make_article,
    make_draft,
    make_sign_off,
    set_status,
)

pytestmark = pytest.mark.django_db
KEY = "what-is-her2"
GONE = "@slamon2001 is retracted."
LATER = AT + dt.timedelta(days=1)


@pytest.fixture
def article():
    return make_article()


def codes(version):
    return [found.code for found in publishing.findings(version)]


def retract():
    set_status("retracted")


class TestASignOff:
    def test_by_a_clinician_is_missed_until_it_is_there(self, article):
        version = live(article)
        assert "unsigned" in codes(version)
        make_sign_off(version)
        assert "unsigned" not in codes(version)

    def test_of_another_kind_is_not_enough(self, article):
        version = live(article)
        make_sign_off(version, kind="plain_language")
        assert "unsigned" in codes(version)

    def test_of_the_words_before_is_not_enough(self, article):
        make_sign_off(live(article))
        draft = make_draft(article, passages={KEY: f"{BODY} It is new."}, at=LATER)
        assert "unsigned" in codes(draft)


class TestAHiddenPassage:
    def test_is_named_before_it_is_published_and_stays_hidden(self, publisher, article):
        hiding.hide(article, key=KEY, by=None, at=LATER, reason="Wrong.")
        draft = make_draft(article)
        page = text(publisher.get(address(draft, "publish")))
        assert "it is hidden until somebody shows it again" in page

    def test_is_not_named_once_it_is_shown_again(self, article):
        hiding.hide(article, key=KEY, by=None, at=LATER, reason="Wrong.")
        hiding.show_again(article, key=KEY, by=None, at=LATER)
        assert "hidden" not in codes(make_draft(article))


class TestARetractedSource:
    def test_is_named_in_the_panel_and_on_the_screen(self, publisher, article):
        draft = make_draft(article)
        for move in ("change", "publish"):
            assert GONE not in text(publisher.get(address(draft, move)))
        retract()
        for move in ("change", "publish"):
            assert GONE in text(publisher.get(address(draft, move)))

    def test_keeps_the_page_from_being_published(self, publisher, article):
        draft = make_draft(article)
        retract()
        with pytest.raises(CannotPublish, match=GONE):
            publishing.publish(draft, by=None, at=LATER)
        assert GONE in text(confirm(publisher, draft, "publish", when="now"))
        assert live(article, at=LATER) != draft


class TestADeadLink:
    def test_is_named_while_it_is_broken(self, article):
        body = f"{BODY} See [the site](https://a.example/)."
        draft = make_draft(article, passages={KEY: body})
        assert "dead-link" not in codes(draft)
        LinkTarget.objects.create(
            url_hash="a", url="https://a.example/", health="broken", failures=2
        )
        assert "dead-link" in codes(draft)
        publishing.publish(draft, by=None, at=LATER)
