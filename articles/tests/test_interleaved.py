"""What staff do while somebody else publishes: in the worst order, on either database."""

import datetime as dt

import pytest

from articles import publishing, retracting
from articles.models import ArticleVersion, Reference
from articles.tests.desk_forms import open_form, staff_client
from articles.tests.factories import (
    AT,
    BODY,
    make_article,
    make_draft,
    make_reference,
    make_user,
)
from articles.tests.interleaved import interleave
from articles.tests.test_notices import HEAD, line

pytestmark = pytest.mark.django_db(transaction=True)
LATER = AT + dt.timedelta(days=1)
SOON = dt.datetime(2099, 6, 1, 9, 0, tzinfo=dt.UTC)
STORING = 'UPDATE "articles_articleversion"'
WARNING = "This source is corrected"


def publish(draft, *, live_from=None):
    publishing.publish(draft, by=None, at=LATER, live_from=live_from)


def page_of(version):
    version.refresh_from_db()
    return version.html


class TestAPageThatIsWithdrawnDuringAPublication:
    @pytest.mark.parametrize("live_from", [None, SOON], ids=["now", "later"])
    def test_does_not_come_back(self, live_from):
        article = make_article()
        draft = make_draft(article, at=LATER)
        interleave(
            lambda: publish(draft, live_from=live_from),
            lambda: publishing.withdraw(article, by=None, at=LATER, reason="Wrong."),
            before=STORING,
        )
        assert not article.versions.on_the_site(LATER).exists()
        statuses = article.versions.values_list("status", flat=True)
        assert list(statuses) == ["withdrawn", "withdrawn"]

    def test_stays_where_nobody_withdraws_it(self):
        article = make_article()
        draft = make_draft(article, at=LATER)
        interleave(lambda: publish(draft), lambda: None, before=STORING)
        assert article.versions.live(LATER).get() == draft


class TestASourceThatIsMarkedDuringAPublication:
    @pytest.fixture
    def source(self):
        return make_reference(DOI="10.1000/Ours")

    @pytest.fixture
    def draft(self, source):
        return make_article(publish=False).versions.get()

    def by_table(self):
        rows = (HEAD, line(nature="Correction"))
        lines = [f"{row}\n" for row in rows]
        return lambda: retracting.mark(lines, by=None, at=LATER)

    def by_form(self):
        publisher = staff_client(make_user("pia@example.org", groups=["Publisher"]))
        url, fields = open_form(publisher, Reference.objects.get())
        said = {"status_note": "By the journal.", "status_on": "2026-03-05"}
        return lambda: publisher.post(url, {**fields, "status": "corrected", **said})

    @pytest.mark.parametrize("mark", ["by_table", "by_form"])
    def test_warns_on_the_page_that_was_laid_out_before(self, draft, mark):
        interleave(lambda: publish(draft), getattr(self, mark)(), before=STORING)
        assert WARNING in page_of(draft)

    def test_warns_on_the_page_that_is_laid_out_after_the_others(self, draft):
        """The pages that print the source are known by then, and this one is not among them."""
        other = make_article("other")
        interleave(self.by_table(), lambda: publish(draft), before=STORING)
        assert [WARNING in page_of(row) for row in (other.versions.get(), draft)] == [
            True,
            True,
        ]

    def test_warns_nowhere_when_nobody_marks_it(self, draft):
        interleave(lambda: publish(draft), lambda: None, before=STORING)
        assert WARNING not in page_of(draft)
        assert BODY.split("[")[0].strip() in page_of(draft)


class TestASourceThatIsRetractedDuringAPublication:
    def test_keeps_the_page_that_comes_after_it_from_being_published(self):
        make_reference(DOI="10.1000/Ours")
        make_article()
        draft = make_article("other", publish=False).versions.get()

        def retract():
            retracting.mark([f"{HEAD}\n", f"{line()}\n"], by=None, at=LATER)

        def refuse():
            with pytest.raises(publishing.CannotPublish, match="is retracted"):
                publish(draft)

        interleave(retract, refuse, before=STORING)
        assert ArticleVersion.objects.get(pk=draft.pk).status == "draft"
