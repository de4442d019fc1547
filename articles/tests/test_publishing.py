"""The moves of a version: draft, review, publish, withdraw, restore, rename."""

import datetime as dt
import threading
from dataclasses import replace

import pytest
from django.contrib.admin.models import LogEntry
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from articles import publishing, renaming, rendering
from articles.models import Article, ArticleVersion, Citation, SlugHistory, Status
from articles.publishing import CannotMove, CannotPublish, StaleDraft
from articles.tests.factories import (
    AT,
    BODY,
    live,
    make_article,
    make_draft,
    make_reference,
    make_user,
    make_version,
    set_status,
    write,
)
from articles.texts import text_of

LATER = AT + dt.timedelta(days=7)
BAD = {"what-is-her2": "It helped 9 out of 100 people."}
MANY = 6


def texts(version):
    return list(version.passages.values_list("key", "heading", "body"))


def trail(row):
    return list(
        LogEntry.objects.filter(object_id=row.pk, content_type__model=row._meta.model_name)
        .order_by("pk")
        .values_list("change_message", flat=True)
    )  # fmt: skip


@pytest.mark.django_db
class TestADraft:
    def test_of_a_new_article_is_empty_and_number_one(self):
        article = make_article(publish=False)
        draft = article.versions.get()
        assert (draft.number, draft.based_on, draft.status) == (1, None, "draft")
        assert draft.change_kind == "new"

    def test_of_a_live_article_begins_with_its_text_and_keys(self):
        article = make_article(passages={"a": BODY, "b": "Two."})
        draft = publishing.start_draft(article, by=None, at=LATER)
        assert texts(draft) == texts(live(article))
        assert draft.title == live(article).title
        assert draft.based_on == live(article)
        assert draft.change_kind == "editorial"
        assert draft.change_note == ""

    def test_begins_from_what_waits_when_something_does(self):
        article = make_article(title="Now")
        make_version(article, title="Later", live_from=LATER)
        assert publishing.start_draft(article, by=None, at=AT).title == "Later"

    def test_begins_from_what_is_live_when_nothing_waits(self):
        article = make_article(title="Now")
        waiting = make_version(article, title="Later", live_from=LATER)
        publishing.call_off(waiting, by=None, at=AT)
        assert publishing.start_draft(article, by=None, at=AT).title == "Now"

    def test_of_a_withdrawn_article_begins_from_its_newest_version(self):
        article = make_article(title="One")
        make_version(article, title="Two", at=LATER)
        publishing.withdraw(article, by=None, at=LATER, reason="Wrong.")
        assert publishing.start_draft(article, by=None, at=LATER).title == "Two"

    def test_has_the_text_it_began_from_and_no_note_yet(self):
        article = make_article()
        draft = publishing.start_draft(article, by=None, at=LATER)
        began_from = replace(text_of(live(article)), change_note="")
        assert draft.content_hash == began_from.content_hash

    def test_is_refused_beside_another_one(self):
        article = make_article(publish=False)
        with pytest.raises(CannotMove, match="already has a draft"):
            publishing.start_draft(article, by=None, at=LATER)
        assert article.versions.count() == 1

    def test_does_not_change_what_readers_see(self):
        article = make_article(title="Now")
        make_draft(article, title="Then")
        assert live(article, at=LATER).title == "Now"

    def test_names_who_started_it(self):
        asa = make_user()
        draft = publishing.start_draft(make_article(), by=asa, at=LATER)
        assert (draft.created_by, draft.edited_by) == (asa, asa)
        assert trail(draft) == ["Started from version 1."]

    def test_can_be_thrown_away(self):
        asa = make_user()
        article = make_article()
        publishing.discard(make_draft(article, title="Then"), by=asa)
        assert article.versions.get() == live(article)
        assert trail(article) == ["Discarded draft 2: Then"]

    def test_cannot_be_thrown_away_once_it_is_published(self):
        article = make_article()
        draft = make_draft(article)
        seen = ArticleVersion.objects.get(pk=draft.pk)
        publishing.publish(draft, by=None, at=LATER)
        with pytest.raises(CannotMove, match="was published or discarded"):
            publishing.discard(seen, by=None)
        assert live(article, at=LATER) == draft

    def test_thrown_away_makes_room_for_the_next(self):
        article = make_article()
        publishing.discard(make_draft(article), by=None)
        assert make_draft(article).number == 2


@pytest.mark.django_db
class TestASave:
    def test_renews_hash_words_and_citations(self):
        make_reference("new2020")
        draft = make_article(publish=False).versions.get()
        before = draft.content_hash
        write(draft, passages={"a": "Three more words [@new2020]. [@nobody]"})
        draft.refresh_from_db()
        cited = Citation.objects.filter(passage__version=draft)
        assert draft.content_hash != before
        assert [c.reference.key for c in cited] == ["new2020"]
        # Summary 8, key point 4, heading 1, body 3.
        assert draft.words == 8 + 4 + 1 + 3 - 1

    def test_from_an_old_form_is_refused_and_changes_nothing(self):
        draft = make_article(publish=False).versions.get()
        old = ArticleVersion.objects.get(pk=draft.pk)
        write(draft, title="Mine")
        with pytest.raises(StaleDraft):
            write(old, title="Yours")
        draft.refresh_from_db()
        assert draft.title == "Mine"

    @pytest.mark.parametrize("move", [publishing.submit, publishing.publish])
    def test_after_the_draft_moved_on_is_refused(self, move):
        draft = make_article(publish=False).versions.get()
        old = ArticleVersion.objects.get(pk=draft.pk)
        move(draft, by=None, **({"at": AT} if move is publishing.publish else {}))
        with pytest.raises(StaleDraft):
            publishing.take_turn(old, token=old.edit_token, by=None, at=AT)

    def test_names_who_saved_and_when(self):
        asa = make_user()
        draft = make_article(publish=False).versions.get()
        write(draft, by=asa, at=LATER)
        draft.refresh_from_db()
        assert (draft.edited_by, draft.edited_at) == (asa, LATER)


@pytest.mark.django_db
class TestAReview:
    def test_goes_from_draft_to_approved(self):
        asa = make_user()
        draft = make_article(publish=False).versions.get()
        publishing.submit(draft, by=asa)
        assert ArticleVersion.objects.get(pk=draft.pk).status == Status.IN_REVIEW
        publishing.approve(draft, by=asa)
        assert ArticleVersion.objects.get(pk=draft.pk).status == Status.APPROVED
        assert trail(draft) == ["Submitted for review.", "Approved."]

    @pytest.mark.parametrize("approved", [False, True])
    def test_can_give_the_draft_back(self, approved):
        asa = make_user()
        draft = make_article(publish=False).versions.get()
        publishing.submit(draft, by=asa)
        if approved:
            publishing.approve(draft, by=asa)
        publishing.return_for_changes(draft, by=asa, reason="Too long.")
        assert ArticleVersion.objects.get(pk=draft.pk).status == Status.DRAFT
        assert trail(draft)[-1] == "Returned for changes: Too long."

    def test_of_what_is_not_submitted_is_refused(self):
        draft = make_article(publish=False).versions.get()
        with pytest.raises(CannotMove):
            publishing.approve(draft, by=None)
        with pytest.raises(CannotMove):
            publishing.return_for_changes(draft, by=None, reason="Too long.")
        assert ArticleVersion.objects.get(pk=draft.pk).status == Status.DRAFT

    def test_cannot_begin_twice(self):
        draft = make_article(publish=False).versions.get()
        publishing.submit(draft, by=None)
        with pytest.raises(CannotMove):
            publishing.submit(draft, by=None)

    def test_cannot_begin_with_a_text_that_was_changed_meanwhile(self):
        draft = make_article(publish=False).versions.get()
        old = ArticleVersion.objects.get(pk=draft.pk)
        write(draft, title="Changed")
        with pytest.raises(CannotMove, match="Look at it again"):
            publishing.submit(old, by=None)

    def test_of_a_published_version_is_refused(self):
        version = live(make_article())
        for move in (publishing.submit, publishing.approve):
            with pytest.raises(CannotMove):
                move(version, by=None)


@pytest.mark.django_db
class TestPublication:
    def test_makes_the_version_live_from_now(self):
        asa = make_user()
        draft = make_draft(make_article(), title="Then")
        publishing.publish(draft, by=asa, at=LATER)
        assert live(draft.article, at=LATER) == draft
        assert (draft.published_by, draft.published_at) == (asa, LATER)
        assert trail(draft) == ["Published from 13 January 2025 09:00 UTC."]

    @pytest.mark.parametrize("moves", [[], ["submit"], ["submit", "approve"]])
    def test_may_come_at_any_stage_of_the_work(self, moves):
        draft = make_article(publish=False).versions.get()
        for move in moves:
            getattr(publishing, move)(draft, by=None)
        publishing.publish(draft, by=None, at=AT)
        assert live(draft.article) == draft

    def test_fixes_the_page_as_html(self):
        draft = make_article(publish=False).versions.get()
        publishing.publish(draft, by=None, at=AT)
        assert 'href="#ref-slamon2001"' in draft.html
        assert draft.rendered_at == AT

    def test_of_what_the_gate_blocks_is_refused_with_its_sentences(self):
        draft = make_article(publish=False, passages=BAD).versions.get()
        with pytest.raises(CannotPublish) as refused:
            publishing.publish(draft, by=None, at=AT)
        assert refused.value.reasons == (
            "No sentence cites a source.",
            "“What is her2”: A number has no source: “It helped 9 out of 100 people.”",
        )
        assert ArticleVersion.objects.get(pk=draft.pk).status == Status.DRAFT

    def test_of_a_draft_checks_the_text_that_is_stored_now(self):
        draft = make_article(publish=False).versions.get()
        old = ArticleVersion.objects.get(pk=draft.pk)
        write(draft, passages=BAD)
        with pytest.raises(CannotPublish, match="A number has no source"):
            publishing.publish(old, by=None, at=AT)

    def test_twice_is_refused(self):
        version = live(make_article())
        with pytest.raises(CannotPublish, match="moved on by somebody else"):
            publishing.publish(version, by=None, at=LATER)

    def test_in_the_past_is_refused(self):
        draft = make_article(publish=False).versions.get()
        with pytest.raises(CannotPublish, match="has passed"):
            publishing.publish(
                draft, by=None, at=AT, live_from=AT - dt.timedelta(seconds=1)
            )

    def test_at_a_moment_that_another_version_has_is_refused(self):
        article = make_article()
        make_version(article, live_from=LATER)
        with pytest.raises(CannotPublish, match="has this very moment"):
            make_version(article, live_from=LATER)
        assert article.versions.working().count() == 1

    def test_makes_room_for_the_next_draft(self):
        assert make_draft(make_article()).number == 2


@pytest.mark.django_db
class TestAMomentToCome:
    def test_changes_the_page_when_it_comes_and_not_before(self):
        article = make_article(title="Now")
        make_version(article, title="Then", live_from=LATER)
        before = LATER - dt.timedelta(microseconds=1)
        assert live(article, at=before).title == "Now"
        assert live(article, at=LATER).title == "Then"

    def test_keeps_a_new_article_hidden_until_it_comes(self):
        article = make_article(publish=False)
        publishing.publish(article.versions.get(), by=None, at=AT, live_from=LATER)
        assert not article.versions.live(AT).exists()
        assert article.versions.live(LATER).exists()

    @pytest.mark.parametrize("early", [None, LATER - dt.timedelta(minutes=1)])
    def test_keeps_a_correction_from_going_live_before_it(self, early):
        article = make_article(title="One")
        make_version(article, title="Waiting", live_from=LATER)
        draft = make_draft(article, title="Corrected")
        with pytest.raises(CannotPublish) as refused:
            publishing.publish(draft, by=None, at=AT, live_from=early)
        assert refused.value.reasons == (
            "Version 2 waits for 13 January 2025, 09:00 and would replace this one. "
            "Call it off first, or choose a later moment.",
        )
        assert live(article, at=LATER).title == "Waiting"

    def test_lets_a_correction_come_after_it(self):
        article = make_article(title="One")
        make_version(article, title="Waiting", live_from=LATER)
        after = LATER + dt.timedelta(minutes=1)
        make_version(article, title="Corrected", live_from=after)
        assert live(article, at=LATER).title == "Waiting"
        assert live(article, at=after).title == "Corrected"


@pytest.mark.django_db
class TestCallingOff:
    def test_keeps_the_version_from_going_live(self):
        article = make_article(title="Now")
        waiting = make_version(article, title="Then", live_from=LATER)
        publishing.call_off(waiting, by=None, at=AT)
        assert live(article, at=LATER).title == "Now"

    def test_makes_room_for_a_correction(self):
        article = make_article(title="Now")
        publishing.call_off(make_version(article, live_from=LATER), by=None, at=AT)
        make_version(article, title="Corrected", at=AT + dt.timedelta(days=1))
        assert live(article, at=LATER).title == "Corrected"

    def test_says_who_when_and_why(self):
        asa = make_user()
        version = make_version(make_article(), live_from=LATER)
        publishing.call_off(version, by=asa, at=AT)
        version.refresh_from_db()
        assert (version.withdrawn_by, version.withdrawn_at) == (asa, AT)
        assert version.withdrawn_reason == "Called off before anybody saw it."
        assert trail(version) == ["Called off before it went live."]

    def test_of_a_new_article_tells_readers_nothing_of_it(self, client):
        article = make_article(publish=False, title="Secret")
        waiting = article.versions.get()
        publishing.publish(waiting, by=None, at=AT, live_from=LATER)
        publishing.call_off(waiting, by=None, at=AT)
        answer = client.get("/articles/her2/")
        assert answer.status_code == 404
        assert "Secret" not in answer.content.decode()

    def test_gives_the_page_a_new_name_for_caches(self):
        article = make_article()
        before = Article.objects.get(pk=article.pk).page_changed_at
        publishing.call_off(make_version(article, live_from=LATER), by=None, at=AT)
        assert Article.objects.get(pk=article.pk).page_changed_at != before

    def test_once_its_moment_has_come_is_refused(self):
        waiting = make_version(make_article(), live_from=LATER)
        with pytest.raises(CannotMove, match="does not wait any more"):
            publishing.call_off(waiting, by=None, at=LATER)
        assert live(waiting.article, at=LATER) == waiting

    def test_twice_is_refused(self):
        waiting = make_version(make_article(), live_from=LATER)
        publishing.call_off(waiting, by=None, at=AT)
        with pytest.raises(CannotMove, match="does not wait any more"):
            publishing.call_off(waiting, by=None, at=AT)

    def test_of_a_draft_is_refused(self):
        draft = make_draft(make_article())
        with pytest.raises(CannotMove, match="does not wait any more"):
            publishing.call_off(draft, by=None, at=AT)


@pytest.mark.django_db
class TestAWithdrawal:
    def test_takes_every_version_off_the_site_also_those_that_wait(self):
        article = make_article()
        make_version(article, at=AT + dt.timedelta(days=1))
        make_version(article, at=AT + dt.timedelta(days=2), live_from=LATER)
        publishing.withdraw(article, by=None, at=AT, reason="Wrong dose.")
        assert not article.versions.live(LATER).exists()
        assert set(article.versions.values_list("status", flat=True)) == {"withdrawn"}

    def test_says_who_why_when_and_what_to_read_instead(self):
        asa = make_user()
        article, other = make_article(), make_article("other")
        publishing.withdraw(
            article, by=asa, at=LATER, reason="Wrong dose.", replaced_by=other
        )
        version = article.versions.get()
        assert version.withdrawn_reason == "Wrong dose."
        assert (version.withdrawn_by, version.withdrawn_at) == (asa, LATER)
        assert version.replaced_by == other
        assert trail(article) == ["Withdrawn: Wrong dose."]

    def test_leaves_a_draft_to_go_on_with(self):
        article = make_article()
        draft = make_draft(article)
        publishing.withdraw(article, by=None, at=AT, reason="Wrong dose.")
        publishing.publish(draft, by=None, at=LATER)
        assert live(article, at=LATER) == draft

    @pytest.mark.parametrize("reason", ["", "  "])
    def test_without_a_reason_is_refused(self, reason):
        article = make_article()
        with pytest.raises(CannotMove, match="Say why"):
            publishing.withdraw(article, by=None, at=AT, reason=reason)
        assert live(article)

    def test_in_favour_of_itself_is_refused(self):
        article = make_article()
        with pytest.raises(CannotMove, match="by itself"):
            publishing.withdraw(
                article, by=None, at=AT, reason="Wrong.", replaced_by=article
            )

    def test_of_what_is_not_published_is_refused(self):
        article = make_article(publish=False)
        with pytest.raises(CannotMove, match="no published version"):
            publishing.withdraw(article, by=None, at=AT, reason="Wrong.")


@pytest.mark.django_db
class TestARestoration:
    def test_starts_a_draft_with_the_old_text(self):
        article = make_article(title="One", passages={"a": BODY})
        make_version(article, title="Two", passages={"b": BODY}, at=LATER)
        old = article.versions.get(number=1)
        draft = publishing.restore(old, by=None, at=LATER)
        assert (draft.number, draft.title, draft.based_on) == (3, "One", old)
        assert [key for key, _, _ in texts(draft)] == ["a"]

    def test_leaves_the_old_version_as_it_is(self):
        article = make_article()
        old = live(article)
        publishing.withdraw(article, by=None, at=AT, reason="Wrong.")
        publishing.restore(old, by=None, at=LATER)
        assert article.versions.get(number=1).status == Status.WITHDRAWN


@pytest.mark.django_db
class TestANewAddress:
    def test_is_where_the_old_one_leads_in_one_step(self, client):
        asa = make_user()
        article = make_article("one")
        renaming.rename(article, "two", by=asa)
        renaming.rename(article, "three", by=asa)
        for old in ("one", "two"):
            answer = client.get(reverse("article", args=[old]))
            assert answer.status_code == 301
            assert answer["Location"] == "/articles/three/"
        assert client.get("/articles/three/").status_code == 200
        assert trail(article) == [
            "Renamed from one to two.",
            "Renamed from two to three.",
        ]

    def test_may_be_one_that_the_article_had_before(self, client):
        article = make_article("one")
        renaming.rename(article, "two", by=None)
        renaming.rename(article, "one", by=None)
        assert client.get("/articles/one/").status_code == 200
        assert client.get("/articles/two/")["Location"] == "/articles/one/"
        assert SlugHistory.objects.count() == 1

    def test_may_not_be_one_that_another_article_had(self):
        renaming.rename(make_article("one"), "two", by=None)
        other = make_article("other")
        with pytest.raises(CannotMove, match="Another article once had"):
            renaming.rename(other, "one", by=None)
        assert Article.objects.filter(slug="other").exists()

    def test_may_not_be_one_that_another_article_has(self):
        make_article("one")
        other = make_article("other")
        with pytest.raises(CannotMove, match="Another article has"):
            renaming.rename(other, "one", by=None)

    def test_that_is_the_present_one_changes_nothing(self):
        asa = make_user()
        article = make_article("one")
        renaming.rename(article, "one", by=asa)
        assert not SlugHistory.objects.exists()
        assert trail(article) == []

    def test_of_the_second_article_at_an_address_takes_its_links_along(self, client):
        renaming.rename(make_article("one"), "two", by=None)
        second = make_article("one")
        renaming.rename(second, "three", by=None)
        assert client.get("/articles/one/")["Location"] == "/articles/three/"

    def test_stands_on_the_page_at_once(self, client):
        article = make_article("one")
        client.get("/articles/one/")
        renaming.rename(article, "two", by=None)
        page = client.get("/articles/two/").content.decode()
        assert "/articles/two/" in page
        assert "/articles/one/" not in page


@pytest.mark.django_db
class TestARerender:
    def test_shows_a_changed_source_without_a_new_version(self):
        article = make_article()
        set_status("retracted", note="By the journal.")
        count = rendering.rerender(ArticleVersion.objects.all(), at=LATER)
        version = article.versions.get()
        assert count == 1
        assert "This source is retracted. By the journal." in version.html
        assert version.rendered_at == LATER

    def test_passes_over_drafts_and_withdrawn_versions(self):
        article = make_article()
        publishing.withdraw(article, by=None, at=AT, reason="Wrong.")
        make_draft(article)
        assert rendering.rerender(ArticleVersion.objects.all(), at=LATER) == 0

    def test_leaves_text_and_hash_alone(self):
        version = live(make_article())
        before = (version.content_hash, texts(version))
        rendering.rerender(ArticleVersion.objects.all(), at=LATER)
        version.refresh_from_db()
        assert (version.content_hash, texts(version)) == before

    def test_follows_an_update_by_a_command(self, capsys):
        article = make_article()
        set_status("retracted")
        call_command("rerender")
        assert "This source is retracted." in article.versions.get().html
        assert "1" in capsys.readouterr().out


def at_once(work, times=MANY):
    """Run `work(n)` in threads that start together; what each returned or raised."""
    barrier = threading.Barrier(times)
    results = [None] * times

    def run(n):
        try:
            barrier.wait(timeout=10)
            results[n] = work(n)
        except (CannotMove, CannotPublish, StaleDraft) as refusal:
            results[n] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[n]) for n in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


@pytest.mark.django_db(transaction=True)
class TestAtTheSameTime:
    def test_of_six_publications_one_succeeds(self):
        draft = make_article(publish=False).versions.get()

        def publish(n):
            mine = ArticleVersion.objects.get(pk=draft.pk)
            publishing.publish(mine, by=None, at=AT + dt.timedelta(minutes=n))
            return "published"

        results = at_once(publish)
        assert results.count("published") == 1
        refusals = [r for r in results if isinstance(r, CannotPublish)]
        assert len(refusals) == MANY - 1

    def test_of_six_new_drafts_one_is_made(self):
        article = make_article()
        results = at_once(
            lambda n: publishing.start_draft(article, by=None, at=LATER).number
        )
        assert sorted(r for r in results if isinstance(r, int)) == [2]
        assert article.versions.working().count() == 1

    def test_of_six_saves_of_one_form_one_is_kept(self):
        draft = make_article(publish=False).versions.get()

        def save(n):
            mine = ArticleVersion.objects.get(pk=draft.pk)
            mine.edit_token = draft.edit_token
            return write(mine, title=f"Title {n}").title

        results = at_once(save)
        (kept,) = [r for r in results if isinstance(r, str)]
        draft.refresh_from_db()
        assert draft.title == kept

    def test_a_publication_and_a_discard_leave_the_whole_version_or_none(self):
        draft = make_article(publish=False).versions.get()
        moves = [
            lambda v: publishing.publish(v, by=None, at=AT),
            lambda v: publishing.discard(v, by=None),
        ]
        versions = [ArticleVersion.objects.get(pk=draft.pk) for _ in moves]
        refused = at_once(lambda n: moves[n](versions[n]), times=2)
        left = ArticleVersion.objects.filter(pk=draft.pk).first()
        assert [r is None for r in refused].count(True) == 1
        assert left is None or (left.status, left.passages.count()) == ("published", 1)
