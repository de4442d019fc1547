"""Links for people without an account: made, revoked, and answered once."""

import datetime as dt
import threading

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection

from articles import inviting, publishing
from articles.inviting import CannotInvite, CannotRevoke, NoSuchLink, open_link, revoke
from articles.models import ArticleVersion, LinkOutcome, ReviewLink, SignOff
from articles.reviewing import CannotSignOff
from articles.tests.factories import (
    AT,
    live,
    make_article,
    make_draft,
    make_user,
    make_version,
    write,
)

SOON = AT + dt.timedelta(days=1)
MANY = 6


@pytest.fixture
def submitted(db):
    version = make_article(publish=False).versions.get()
    publishing.submit(version, by=None)
    return version


def invite(version, *, by=None, at=AT, **values):
    asked = {"name": "Bo Lind", "role": "oncologist", "kind": "clinical", "days": 14}
    return inviting.invite(version, by=by, at=at, **{**asked, **values})


def answer(link, *, outcome=LinkOutcome.SIGNED, at=SOON, **values):
    said = {"name": "Bo Lind", "role": "oncologist", "remark": "", **values}
    if "seen_hash" not in said:
        said["seen_hash"] = link.version.content_hash
    return inviting.answer(link, outcome=outcome, at=at, **said)


class TestALink:
    def test_leads_to_its_version(self, submitted):
        _, secret = invite(submitted)
        assert open_link(secret, at=SOON).version == submitted

    def test_for_a_sign_off_is_not_made_by_the_last_editor(self, submitted):
        """They could send it to themselves."""
        pia = make_user("pia@example.org")
        ArticleVersion.objects.filter(pk=submitted.pk).update(edited_by=pia)
        with pytest.raises(CannotInvite, match="somebody else has to ask"):
            invite(submitted, by=pia)
        link, _ = invite(submitted, by=pia, kind="")
        assert link.kind == ""
        boss = make_user("boss@example.org", superuser=True)
        ArticleVersion.objects.filter(pk=submitted.pk).update(edited_by=boss)
        assert invite(submitted, by=boss)[0].kind == "clinical"

    def test_keeps_only_a_hash_of_its_secret(self, submitted):
        link, secret = invite(submitted)
        assert len(secret) >= 43
        stored = ReviewLink.objects.filter(pk=link.pk).values().get()
        assert secret not in str(stored)
        assert len(stored["token_hash"]) == 64

    def test_is_written_into_the_trail_without_its_secret(self, submitted):
        pia = make_user("pia@example.org")
        link, _ = invite(submitted, by=pia)
        revoke(link, by=pia, at=SOON)
        entries = LogEntry.objects.filter(user=pia).order_by("pk")
        assert [entry.change_message for entry in entries] == [
            "Made a link for Bo Lind: clinical check, until 20 January 2025.",
            "Revoked the link for Bo Lind.",
        ]

    def test_follows_its_version_through_publication(self, submitted):
        _, secret = invite(submitted)
        publishing.publish(submitted, by=None, at=AT)
        assert open_link(secret, at=SOON)

    def test_shows_a_version_that_waits_for_its_moment(self, submitted):
        _, secret = invite(submitted)
        publishing.publish(submitted, by=None, at=AT, live_from=AT.replace(year=2030))
        assert open_link(secret, at=SOON)

    @pytest.mark.parametrize("signed", [True, False])
    def test_goes_with_a_draft_that_is_discarded(self, submitted, signed):
        link, _ = invite(submitted)
        if signed:
            answer(link)
        publishing.discard(submitted, by=None)
        assert not ReviewLink.objects.exists()
        assert not SignOff.objects.exists()


@pytest.mark.django_db
class TestALinkLeadsNowhere:
    def test_when_its_secret_is_wrong(self, submitted, django_assert_num_queries):
        invite(submitted)
        with django_assert_num_queries(1), pytest.raises(NoSuchLink):
            open_link("A" * 43, at=SOON)

    def test_after_it_was_revoked(self, submitted):
        link, secret = invite(submitted)
        revoke(link, by=None, at=AT)
        with pytest.raises(NoSuchLink):
            open_link(secret, at=SOON)

    def test_after_its_days(self, submitted):
        _, secret = invite(submitted, days=1)
        assert open_link(secret, at=AT + dt.timedelta(hours=23))
        with pytest.raises(NoSuchLink):
            open_link(secret, at=AT + dt.timedelta(days=1))

    def test_when_its_version_was_replaced(self):
        article = make_article()
        _, secret = invite(live(article))
        make_version(article, at=SOON)
        with pytest.raises(NoSuchLink):
            open_link(secret, at=SOON)

    def test_when_its_version_was_withdrawn(self):
        article = make_article()
        _, secret = invite(live(article))
        publishing.withdraw(article, by=None, at=AT, reason="Wrong.")
        with pytest.raises(NoSuchLink):
            open_link(secret, at=SOON)


@pytest.mark.django_db
class TestInvitingIsRefused:
    def test_to_sign_a_draft_but_not_to_look_at_it(self):
        draft = make_article(publish=False).versions.get()
        with pytest.raises(CannotInvite, match="A draft can still change"):
            invite(draft)
        assert invite(draft, kind="")

    @pytest.mark.parametrize("days", [0, 31])
    def test_for_too_many_days_or_none(self, submitted, days):
        with pytest.raises(CannotInvite, match="1 to 30 days"):
            invite(submitted, days=days)
        assert invite(submitted, days=30)

    def test_to_a_version_that_was_replaced(self):
        article = make_article()
        old = live(article)
        make_version(article, at=SOON)
        with pytest.raises(CannotInvite, match="any more"):
            invite(old, at=SOON)


class TestRevoking:
    def test_keeps_what_was_answered(self, submitted):
        link, _ = invite(submitted)
        answer(link)
        revoke(link, by=None, at=SOON)
        assert SignOff.objects.get().link == link

    def test_twice_is_refused(self, submitted):
        link, _ = invite(submitted)
        revoke(link, by=None, at=AT)
        with pytest.raises(CannotRevoke, match="leads nowhere any more"):
            revoke(link, by=None, at=SOON)


class TestAnAnswer:
    def test_that_signs_is_a_sign_off_like_any_other(self, submitted):
        link, _ = invite(submitted)
        answer(link, name="Bo A. Lind", remark="Well said.")
        signed = SignOff.objects.in_force().get()
        assert (signed.link, signed.reviewer) == (link, None)
        assert (signed.name, signed.kind) == ("Bo A. Lind", "clinical")
        assert (signed.note, signed.signed_at) == ("Well said.", SOON)

    def test_that_asks_for_changes_stays_on_the_link(self, submitted):
        link, _ = invite(submitted)
        answer(link, outcome=LinkOutcome.CHANGES, remark="Name the trial.")
        link.refresh_from_db()
        assert (link.outcome, link.remark) == ("changes", "Name the trial.")
        assert link.answered_at == SOON
        assert not SignOff.objects.exists()

    def test_is_given_once_and_given_again_gets_the_first_result(self, submitted):
        link, _ = invite(submitted)
        answer(link)
        again = answer(link, outcome=LinkOutcome.CHANGES, remark="No.")
        assert (again.outcome, again.remark) == ("signed", "")
        assert SignOff.objects.count() == 1

    def test_to_a_text_that_changed_is_refused_and_can_be_given_again(self, submitted):
        link, _ = invite(submitted)
        seen = submitted.content_hash
        publishing.return_for_changes(submitted, by=None, reason="Shorter.")
        write(submitted, title="Shorter")
        publishing.submit(submitted, by=None)
        with pytest.raises(CannotSignOff, match="The text changed"):
            answer(link, seen_hash=seen)
        link.refresh_from_db()
        assert link.outcome == ""
        link.version.refresh_from_db()
        assert answer(link).outcome == "signed"

    def test_to_a_draft_can_ask_for_changes_only(self, submitted):
        link, _ = invite(submitted)
        publishing.return_for_changes(submitted, by=None, reason="Shorter.")
        with pytest.raises(CannotSignOff, match="are changing this text now"):
            answer(link)
        assert answer(link, outcome=LinkOutcome.CHANGES, remark="Why?").outcome

    @pytest.mark.parametrize("end", ["revoked", "over", "asks for nothing"])
    def test_through_a_link_that_ended_is_refused(self, submitted, end):
        link, _ = invite(
            submitted, kind="" if end == "asks for nothing" else "clinical"
        )
        if end == "revoked":
            revoke(link, by=None, at=AT)
        at = AT + dt.timedelta(days=99) if end == "over" else SOON
        with pytest.raises(NoSuchLink):
            answer(link, at=at)
        assert not SignOff.objects.exists()

    def test_in_the_next_version_does_not_count(self, submitted):
        link, _ = invite(submitted)
        answer(link)
        publishing.publish(submitted, by=None, at=SOON)
        make_draft(submitted.article, title="Next")
        assert SignOff.objects.in_force().get().version == submitted


@pytest.mark.django_db(transaction=True)
class TestAtTheSameTime:
    def test_six_answers_make_one_sign_off(self):
        version = make_article(publish=False).versions.get()
        publishing.submit(version, by=None)
        link, _ = invite(version)
        barrier, outcomes = threading.Barrier(MANY), []

        def work():
            try:
                barrier.wait(timeout=10)
                mine = ReviewLink.objects.select_related("version").get(pk=link.pk)
                outcomes.append(answer(mine).outcome)
            finally:
                connection.close()

        threads = [threading.Thread(target=work) for _ in range(MANY)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
        assert outcomes == ["signed"] * MANY
        assert SignOff.objects.count() == 1
        assert ArticleVersion.objects.get(pk=version.pk).sign_offs.count() == 1
