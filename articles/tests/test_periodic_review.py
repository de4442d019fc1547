"""A named person's word on whether a page that stands still holds, and what readers see of it."""

import datetime as dt

import pytest
from django.contrib.admin.models import LogEntry
from django.utils import timezone

from articles.models import PeriodicReview, ReviewOutcome
from articles.reviewing import CannotReview, record_periodic_review
from articles.tests.desk_forms import (
    address,
    confirm,
    fields_of,
    said,
    staff_client,
    text,
)
from articles.tests.factories import AT, live, make_article, make_user, make_version

LATER = AT + dt.timedelta(days=100)
STILL_RIGHT = {"outcome": "no_change", "evidence_checked": "on"}
WHO = {"name": "Bo Lind", "role": "oncologist"}

pytestmark = pytest.mark.django_db


def review(article, *, at=LATER, outcome=ReviewOutcome.NO_CHANGE, **values):
    given = {"by": None, "evidence_checked": True, **WHO, **values}
    if "seen_version_id" not in given:
        given["seen_version_id"] = live(article, at=at).pk
    return record_periodic_review(article, outcome=outcome, at=at, **given)


def reviewed_on(article):
    article.refresh_from_db()
    return article.last_reviewed_on


class TestAReviewThatFindsThePageStillRight:
    def test_names_the_person_the_version_and_the_moment(self):
        article, bo = make_article(), make_user("bo@example.org")
        made = review(article, by=bo)
        assert (made.reviewer, made.name, made.role) == (bo, "Bo Lind", "oncologist")
        assert (made.version, made.done_at) == (live(article), LATER)

    def test_sets_the_day_and_touches_the_page(self):
        article = make_article()
        review(article)
        assert reviewed_on(article) == dt.date(2025, 4, 16)
        assert article.page_changed_at == LATER

    def test_shows_readers_two_dates(self, client):
        article = make_article()
        review(article)
        page = text(client.get("/articles/her2/"))
        assert "Last changed 6 January 2025, last reviewed 16 April 2025" in page
        assert "<dt>Last reviewed</dt><dd>16 April 2025" in page

    def test_counts_the_next_one_from_its_day(self, client):
        review(make_article())
        assert "<dd>16 April 2026</dd>" in text(client.get("/articles/her2/"))

    def test_does_not_count_after_a_later_change(self, client):
        article = make_article()
        review(article)
        make_version(article, at=LATER + dt.timedelta(days=100))
        assert "<dd>25 July 2026</dd>" in text(client.get("/articles/her2/"))

    def test_takes_the_notice_off_an_overdue_page(self, client):
        article = make_article()
        before = client.get("/articles/her2/")
        assert "This page is due a check" in text(before)
        review(article, at=timezone.now())
        after = client.get("/articles/her2/")
        assert "This page is due a check" not in text(after)
        assert after["ETag"] != before["ETag"]

    def test_ends_its_being_overdue_in_the_list_of_articles(self, reviewer):
        review(make_article(), at=timezone.now())
        assert "overdue" not in text(reviewer.get("/admin/articles/article/"))

    def test_of_an_earlier_day_takes_nothing_back(self):
        article = make_article()
        review(article)
        review(article, at=AT + dt.timedelta(days=1))
        assert reviewed_on(article) == dt.date(2025, 4, 16)

    def test_may_be_done_by_who_made_the_last_edit(self):
        asa = make_user()
        assert review(make_article(by=asa), by=asa)

    def test_is_written_into_the_trail(self):
        bo = make_user("bo@example.org")
        review(make_article(), by=bo, remark="Read the new guideline.")
        said = "Reviewed, still right, no change needed: Read the new guideline."
        assert LogEntry.objects.get(user=bo).change_message == said

    def test_without_a_look_at_the_evidence_is_refused(self):
        article = make_article()
        with pytest.raises(CannotReview, match="Look at the evidence"):
            review(article, evidence_checked=False)
        assert reviewed_on(article) is None


class TestAnotherOutcome:
    @pytest.mark.parametrize("outcome", ["change", "retire"])
    def test_is_recorded_and_puts_nothing_off(self, outcome):
        article = make_article()
        made = review(article, outcome=ReviewOutcome(outcome), evidence_checked=False)
        assert made.outcome == outcome
        assert reviewed_on(article) is None
        assert article.page_changed_at != LATER


class TestAReviewIsRefused:
    def test_of_a_page_that_nobody_can_see(self):
        with pytest.raises(CannotReview, match="nothing to review"):
            review(make_article(publish=False), seen_version_id=1)

    def test_of_a_version_that_was_replaced_meanwhile(self):
        article = make_article()
        seen = live(article).pk
        make_version(article, at=AT + dt.timedelta(days=1))
        with pytest.raises(CannotReview, match="Readers see another version"):
            review(article, seen_version_id=seen)


class TestTheScreen:
    def test_records_what_was_found(self, reviewer):
        article = make_article()
        response = confirm(reviewer, article, "review", **STILL_RIGHT, **WHO)
        assert response.url == address(article)
        assert "Recorded. Readers see today" in said(response)[0]
        assert reviewed_on(article) == timezone.localdate()
        page = text(reviewer.get(address(article)))
        assert "still right, no change needed, says Bo Lind, oncologist" in page

    def test_leads_to_the_page_as_readers_see_it(self, reviewer):
        article = make_article(title="Heart checks")
        review(article)
        shown = text(reviewer.get(address(article, "review")))
        assert "Heart checks" in shown
        assert "last reviewed 16 April 2025" in shown
        assert 'href="/articles/her2/"' in shown

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({"outcome": "no_change"}, "Look at the evidence"),
            ({"outcome": "change"}, "Say what has to change"),
            ({"outcome": "retire"}, "Say what has to change"),
            ({}, "“What you found” is open. Please choose."),
        ],
    )
    def test_asks_for_what_the_answer_needs(self, reviewer, values, sentence):
        article = make_article()
        response = confirm(reviewer, article, "review", **values, **WHO)
        assert sentence in text(response)
        assert not PeriodicReview.objects.exists()

    def test_keeps_what_has_to_change_for_colleagues(self, reviewer):
        article = make_article()
        values = {"outcome": "change", "remark": "Name the new trial.", **WHO}
        confirm(reviewer, article, "review", **values)
        assert "Name the new trial." in text(reviewer.get(address(article)))

    def test_says_when_readers_see_another_version_by_now(self, reviewer):
        article = make_article()
        seen = fields_of(reviewer.get(address(article, "review")))
        make_version(article, at=AT + dt.timedelta(days=1))
        url = address(article, "review")
        response = reviewer.post(url, {**seen, **STILL_RIGHT, **WHO})
        assert "Readers see another version" in text(response)
        again = reviewer.post(url, {**fields_of(response), **STILL_RIGHT, **WHO})
        assert again.status_code == 302

    def test_is_closed_while_the_page_is_not_on_the_site(self, reviewer):
        article = make_article(publish=False)
        shown = reviewer.get(address(article, "review"))
        assert "There is nothing to review." in text(shown)
        assert fields_of(shown) == {}

    def test_is_not_for_authors(self):
        author = staff_client(make_user("ana@example.org", groups=["Author"]))
        article = make_article()
        assert author.get(address(article, "review")).status_code == 403
