"""The end of an article: what readers are told, and what staff can no longer start."""

import datetime as dt

import pytest
from django.contrib.admin.models import LogEntry

from articles import publishing
from articles.models import Status
from articles.publishing import CannotMove, CannotPublish
from articles.retiring import reopen, retire
from articles.tests.desk_forms import address, confirm, said, staff_client, text
from articles.tests.factories import (
    AT,
    live,
    make_article,
    make_draft,
    make_user,
    make_version,
)

LATER = AT + dt.timedelta(days=7)
WHY = "The medicine is no longer made."

pytestmark = pytest.mark.django_db


def retired(article=None, **values):
    article = article or make_article()
    retire(article, **{"by": None, "at": LATER, "reason": WHY, **values})
    return article


class TestRetiring:
    def test_tells_readers_why_and_that_it_is_for_good(self, client):
        make_article("new", title="New advice")
        retired(replaced_by=make_article("other", title="The other page"))
        page = client.get("/articles/her2/")
        assert page.status_code == 410
        assert f"Why: {WHY}" in text(page)
        assert "13 January 2025 and will not come back" in text(page)
        assert "The other page" in text(page)

    def test_keeps_the_moment_and_writes_the_trail(self):
        pia = make_user("pia@example.org")
        article = retired(by=pia)
        article.refresh_from_db()
        assert article.retired_at == LATER
        entries = LogEntry.objects.filter(user=pia)
        messages = entries.order_by("pk").values_list("change_message", flat=True)
        assert list(messages) == [f"Withdrawn: {WHY}", f"Retired: {WHY}"]

    def test_ends_a_page_that_was_withdrawn_and_gives_the_new_reason(self, client):
        article = make_article()
        publishing.withdraw(article, by=None, at=AT, reason="Being mended.")
        retired(article)
        page = text(client.get("/articles/her2/"))
        assert WHY in page
        assert "Being mended." not in page

    def test_keeps_a_draft_but_lets_nobody_publish_it(self):
        draft = make_draft(make_article())
        retired(draft.article)
        with pytest.raises(CannotPublish, match="This page is retired"):
            publishing.publish(draft, by=None, at=LATER)
        draft.refresh_from_db()
        assert draft.status == Status.DRAFT

    @pytest.mark.parametrize("source", ["newest", "old"])
    def test_lets_nobody_start_or_restore_a_version(self, source):
        article = make_article()
        old = live(article)
        retired(article)
        with pytest.raises(CannotMove, match="This page is retired"):
            if source == "old":
                publishing.restore(old, by=None, at=LATER)
            else:
                publishing.start_draft(article, by=None, at=LATER)
        assert not article.versions.working().exists()


class TestRetiringIsRefused:
    def test_twice(self):
        article = retired()
        with pytest.raises(CannotMove, match="retired already"):
            retired(article)

    def test_before_readers_saw_the_page(self):
        article = make_article(publish=False)
        with pytest.raises(CannotMove, match="never saw this page"):
            retired(article)

    @pytest.mark.parametrize("is_live", [True, False])
    def test_without_a_reason(self, is_live):
        article = make_article()
        if not is_live:
            publishing.withdraw(article, by=None, at=AT, reason="Being mended.")
        with pytest.raises(CannotMove, match="Say why"):
            retired(article, reason=" ")
        article.refresh_from_db()
        assert article.retired_at is None

    def test_in_favour_of_itself(self):
        article = make_article()
        with pytest.raises(CannotMove, match="replaced by itself"):
            retired(article, replaced_by=article)
        assert live(article)


class TestReopening:
    def test_lets_a_draft_be_started_and_published(self, client):
        article = retired()
        reopen(article, by=None)
        assert client.get("/articles/her2/").status_code == 410
        make_version(article, at=LATER)
        assert client.get("/articles/her2/").status_code == 200

    def test_no_longer_says_that_it_is_for_good(self, client):
        reopen(retired(), by=None)
        assert "will not come back" not in text(client.get("/articles/her2/"))

    def test_of_what_is_not_retired_is_refused(self):
        with pytest.raises(CannotMove, match="not retired"):
            reopen(make_article(), by=None)


class TestTheScreens:
    def test_retire_and_reopen(self, publisher):
        article = make_article()
        response = confirm(publisher, article, "retire", reason=WHY)
        assert said(response) == ["The page is retired. Readers see your reason."]
        assert "<strong>Retired.</strong>" in text(publisher.get(address(article)))
        response = confirm(publisher, article, "reopen")
        assert "Reopened." in said(response)[0]
        assert "<strong>Withdrawn.</strong>" in text(publisher.get(address(article)))

    def test_say_how_withdrawing_and_retiring_differ(self, publisher):
        article = make_article()
        withdraw = text(publisher.get(address(article, "withdraw")))
        assert "retire it instead when it shall not come back" in withdraw
        retire = text(publisher.get(address(article, "retire")))
        assert "Withdraw it instead when it shall come back mended" in retire

    def test_of_a_retired_page_say_so_at_the_head_of_its_draft(self, publisher):
        draft = make_draft(make_article())
        words = "<strong>This page was retired on 13 January 2025.</strong>"
        assert words not in text(publisher.get(address(draft)))
        retired(draft.article)
        assert words in text(publisher.get(address(draft)))

    def test_of_a_retired_page_start_nothing(self, publisher):
        article = make_article()
        old = live(article)
        retired(article)
        for row, move in [(article, "start-draft"), (old, "restore")]:
            url = address(row, move)
            assert "This page is retired. Reopen it" in text(publisher.post(url))
        page = text(publisher.get(address(article)))
        assert "Start draft" not in page
        assert ">Restore" not in page
        assert ">Reopen</a>" in page

    @pytest.mark.parametrize(
        ("move", "sentence"),
        [("retire", "retired already"), ("reopen", "not retired")],
    )
    def test_say_why_they_cannot_go_on(self, publisher, move, sentence):
        article = retired() if move == "retire" else make_article()
        assert sentence in text(publisher.get(address(article, move)))

    def test_do_not_retire_what_nobody_saw(self, publisher):
        article = make_article(publish=False)
        shown = text(publisher.get(address(article, "retire")))
        assert "Readers never saw this page." in shown

    @pytest.mark.parametrize("move", ["retire", "reopen"])
    def test_are_for_publishers(self, move):
        author = staff_client(make_user("ana@example.org", groups=["Author"]))
        assert author.get(address(make_article(), move)).status_code == 403
