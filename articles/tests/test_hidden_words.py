"""The words of a hidden passage under another key: somebody renamed or moved it."""

import datetime as dt

import pytest

from articles import hiding, publishing
from articles.models import HiddenPassage
from articles.publishing import CannotPublish
from articles.tests.desk_forms import address, confirm, said, text
from articles.tests.factories import (
    AT,
    BODY,
    make_article,
    make_draft,
    make_version,
)

pytestmark = pytest.mark.django_db
KEY = "what-is-her2"
WRONG = "Take twice the dose [@slamon2001]."
LATER = AT + dt.timedelta(days=1)
SOON = dt.datetime(2099, 6, 1, 9, 0, tzinfo=dt.UTC)
REASON = "The dose was wrong."
BACK = "It holds the words of the passage “dose”, which is hidden from readers."
WAITS = "Version 2 waits for 1 June 2099"


@pytest.fixture
def article():
    return make_article(passages={KEY: BODY, "dose": WRONG})


def hide(article):
    hiding.hide(article, key="dose", by=None, at=LATER, reason=REASON)


def draft_with(article, **passages):
    """Keys are written with underscores."""
    bodies = {key.replace("_", "-"): body for key, body in passages.items()}
    return make_draft(article, at=LATER, passages={KEY: BODY, **bodies})


def publish(draft, *, at=LATER + dt.timedelta(hours=1)):
    publishing.publish(draft, by=None, at=at)


class TestAVersionWithThem:
    @pytest.mark.parametrize(
        "body",
        [
            WRONG,
            "Take **twice** the\ndose [@slamon2001, p. 2].",
            "Take twice the dose.",
            f"First of all [@slamon2001].\n\n{WRONG}\n\nThen rest.",
        ],
        ids=["renamed", "dressed", "without its source", "moved"],
    )
    def test_is_not_published_until_they_are_shown_again(self, article, body):
        draft = draft_with(article, how_much=body)
        hide(article)
        with pytest.raises(CannotPublish, match=BACK):
            publish(draft)
        hiding.show_again(article, key="dose", by=None, at=LATER)
        publish(draft)

    @pytest.mark.parametrize("move", [publishing.submit, publishing.approve])
    def test_is_not_published_by_way_of_a_review(self, article, move):
        draft = draft_with(article, how_much=WRONG)
        publishing.submit(draft, by=None)
        if move is publishing.approve:
            move(draft, by=None)
        hide(article)
        with pytest.raises(CannotPublish, match=BACK):
            publish(draft)

    def test_is_published_once_they_are_mended(self, article):
        hide(article)
        publish(draft_with(article, how_much="Take half the dose [@slamon2001]."))

    def test_is_published_when_they_stand_where_they_are_hidden(self, article):
        hide(article)
        publish(draft_with(article, dose=WRONG))

    def test_is_published_when_only_what_mended_them_was_moved(self, article):
        hide(article)
        mended = "Take half the dose [@slamon2001]."
        publish(draft_with(article, dose=mended))
        publish(draft_with(article, how_much=mended), at=LATER + dt.timedelta(hours=2))

    def test_of_another_page_is_no_matter_of_this_one(self, article):
        hide(article)
        make_article("other", passages={"how-much": WRONG})

    def test_is_told_so_beside_the_editor_and_on_the_screen(self, publisher, article):
        draft = draft_with(article, how_much=WRONG)
        hide(article)
        for move in ("change", "publish"):
            assert BACK in text(publisher.get(address(draft, move)))


class TestHidingThem:
    def wait(self, article, **passages):
        draft = draft_with(article, **passages)
        publishing.publish(draft, by=None, at=LATER, live_from=SOON)
        return draft

    def press(self, client, article):
        return confirm(client, article, "hide", passage="dose", reason=REASON)

    def test_names_a_version_that_waits_with_them(self, publisher, article):
        waiting = self.wait(article, how_much=WRONG)
        (message,) = said(self.press(publisher, article))
        assert message.startswith("The passage is hidden.")
        assert WAITS in message
        assert "would show the same words under “How much”." in message
        page = text(publisher.get(address(article)))
        assert f'<a href="{address(waiting, "call-off")}">Call off</a>' in page

    def test_is_done_at_once_all_the_same(self, publisher, article, client):
        self.wait(article, how_much=WRONG)
        self.press(publisher, article)
        assert HiddenPassage.objects.in_force().exists()
        assert REASON in text(client.get("/articles/her2/"))

    def test_names_no_version_that_waits_without_them(self, publisher, article):
        self.wait(article, dose=WRONG, how_much="Take half the dose [@slamon2001].")
        (message,) = said(self.press(publisher, article))
        assert message == "The passage is hidden. Readers see your reason in its place."
        assert "Call off" not in text(publisher.get(address(article)))

    def test_names_it_no_more_once_it_was_called_off(self, publisher, article):
        waiting = self.wait(article, how_much=WRONG)
        self.press(publisher, article)
        assert WAITS in text(publisher.get(address(article)))
        confirm(publisher, waiting, "call-off")
        assert WAITS not in text(publisher.get(address(article)))

    def test_sends_who_may_not_call_off_to_a_publisher(self, reviewer, article):
        self.wait(article, how_much=WRONG)
        self.press(reviewer, article)
        page = text(reviewer.get(address(article)))
        assert WAITS in page
        assert "Ask a publisher to stop that." in page

    def test_names_where_readers_still_see_them(self, publisher, article):
        make_version(article, at=LATER, passages={"dose": WRONG, "again": WRONG})
        (message,) = said(self.press(publisher, article))
        assert "Readers still see the same words under “Again”." in message
        page = text(publisher.get(address(article)))
        assert f'<a href="{address(article, "hide")}">Hide a passage</a>' in page
        confirm(publisher, article, "hide", passage="again", reason=REASON)
        assert "Readers still see" not in text(publisher.get(address(article)))
