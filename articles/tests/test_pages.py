"""The pages that readers read, as a browser gets them."""

import datetime as dt
import gzip

import brotli
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import finished, publishing, renaming, rendering
from articles.models import ArticleVersion, SignOffKind
from articles.tests.factories import (
    AT,
    BODY,
    live,
    make_article,
    make_draft,
    make_reference,
    make_sign_off,
    make_term,
    make_topic,
    make_user,
    make_version,
    set_status,
)
from articles.tests.test_picturing import add, picture
from quizzes import authoring
from quizzes.tests.factories import make_check, make_quiz

pytestmark = pytest.mark.django_db
UNSIGNED = "No clinician has checked this page yet."
LATER = AT + dt.timedelta(days=7)


def text(answer):
    return answer.content.decode()


def page(client, slug="her2", **headers):
    return client.get(f"/articles/{slug}/", headers=headers)


def max_age(answer):
    ages = dict(
        part.strip().split("=")
        for part in answer["Cache-Control"].split(",")
        if "=" in part
    )
    assert ages["max-age"] == ages["s-maxage"]
    return int(ages["max-age"])


class TestAnArticle:
    def test_shows_its_title_key_points_passages_and_author(self, client):
        make_article(title="About HER2", key_points=["One point.", "Another."])
        answer = page(client)
        assert answer.status_code == 200
        for part in (
            "<h1>About HER2</h1>",
            "<li>One point.</li>",
            'id="what-is-her2"',
            '<a href="#what-is-her2">What is her2</a>',
            "HER2 is a protein on the surface of cells",
            "Asa Ek, nurse",
        ):
            assert part in text(answer)

    def test_leads_from_each_citation_to_its_source_and_back(self, client):
        make_reference("hudis2007")
        make_article(
            passages={
                "a": f"{BODY} More [@hudis2007].",
                "b": "Again [@slamon2001].",
            }
        )
        shown = text(page(client))
        for anchor in ("ref-slamon2001", "ref-hudis2007"):
            assert f'href="#{anchor}"' in shown
            assert f'<li id="{anchor}">' in shown
        for anchor in ("cite-slamon2001-1", "cite-slamon2001-2", "cite-hudis2007-1"):
            assert f'id="{anchor}"' in shown
            assert f'href="#{anchor}"' in shown

    def test_explains_the_words_it_uses(self, client):
        make_term("Antibody", say="an-ti-bo-dy")
        make_term("Biopsy")
        make_article(passages={"a": f"{BODY} An antibody."})
        shown = text(page(client))
        assert 'popovertarget="word-antibody"' in shown
        assert 'id="word-antibody"' in shown
        assert "What Antibody means." in shown
        assert "word-biopsy" not in shown

    def test_warns_of_a_source_that_is_no_longer_current(self, client):
        make_article()
        set_status("retracted", note="By the journal.")
        rendering.rerender(ArticleVersion.objects.all(), at=LATER)
        warning = "<strong>This source is retracted. By the journal.</strong>"
        assert warning in text(page(client))

    def test_says_when_readers_first_saw_it_and_what_changed(self, client):
        article = make_article(at=AT)
        make_version(article, at=LATER, change_note="A new trial.")
        shown = text(page(client))
        assert "<dd>6 January 2025</dd>" in shown
        assert "13 January 2025, version 2. What changed: A new trial." in shown

    def test_does_not_count_a_version_that_was_withdrawn_before_its_moment(
        self, client
    ):
        article = make_article(publish=False)
        publishing.publish(article.versions.get(), by=None, at=AT, live_from=LATER)
        publishing.withdraw(article, by=None, at=AT, reason="Wrong.")
        make_version(article, at=LATER + dt.timedelta(days=1))
        shown = text(page(client))
        assert "13 January 2025" not in shown
        assert "<dd>14 January 2025</dd>" in shown

    @pytest.mark.parametrize(("days", "shown"), [(-360, False), (-370, True)])
    def test_says_when_its_check_is_overdue(self, client, days, shown):
        make_article(at=timezone.now() + dt.timedelta(days=days))
        assert ("This page is due a check" in text(page(client))) is shown

    def test_is_due_a_check_on_the_last_day_of_a_shorter_month(self, client):
        article = make_article(at=dt.datetime(2024, 8, 31, 12, tzinfo=dt.UTC))
        type(article).objects.update(review_every_months=6)
        assert "<dd>28 February 2025</dd>" in text(page(client))

    def test_shows_what_is_live_and_no_draft(self, client):
        make_draft(make_article(title="Now"), title="Then")
        assert "<h1>Now</h1>" in text(page(client))

    def test_escapes_what_is_not_markdown(self, client, monkeypatch):
        # The gate would refuse it; this is the wall behind it.
        monkeypatch.setattr("articles.gate.blocking", lambda found: ())
        hostile = '"><script>alert(x)</script>'
        make_article(
            title=hostile,
            summary=hostile,
            written_by=hostile,
            key_points=[hostile],
            change_note=hostile,
            passages=[("a", hostile, BODY)],
        )
        assert "<script>alert" not in text(page(client))


class TestTheBanner:
    def test_says_that_no_clinician_checked_the_page(self, client):
        make_article()
        assert UNSIGNED in text(page(client))

    def test_goes_when_a_clinician_signed(self, client):
        article = make_article()
        make_sign_off(live(article), at=LATER)
        shown = text(page(client))
        assert UNSIGNED not in shown
        assert "Bo Lind, oncologist, 13 January 2025" in shown

    def test_stays_when_somebody_else_signed(self, client):
        article = make_article()
        make_sign_off(live(article), kind=SignOffKind.PATIENT_READER)
        shown = text(page(client))
        assert UNSIGNED in shown
        assert "Read by a patient or carer" in shown

    def test_comes_back_with_the_next_version(self, client):
        article = make_article()
        make_sign_off(live(article))
        make_version(article, at=LATER, title="Changed")
        assert UNSIGNED in text(page(client))


class TestAWrongAddress:
    @pytest.mark.parametrize(
        "url",
        [
            "/articles/nothing/",
            "/topics/nothing/",
            "/references/nothing/",
            "/images/nothing.webp",
        ],
    )
    def test_gives_a_page_that_says_so(self, client, url):
        assert client.get(url).status_code == 404

    def test_is_that_of_an_article_with_nothing_published(self, client):
        make_article(publish=False)
        assert page(client).status_code == 404

    def test_is_that_of_an_article_that_waits_for_its_moment(self, client):
        article = make_article(publish=False)
        moment = timezone.now() + dt.timedelta(days=1)
        draft = article.versions.get()
        publishing.publish(draft, by=None, at=timezone.now(), live_from=moment)
        assert page(client).status_code == 404

    def test_does_not_betray_the_new_name_of_an_article_nobody_has_seen(self, client):
        renaming.rename(make_article("old", publish=False), "secret", by=None)
        assert page(client, "old").status_code == 404

    @pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
    def test_is_any_that_is_written_to(self, client, method):
        make_article()
        assert getattr(client, method)("/articles/her2/").status_code == 405


class TestAWithdrawnArticle:
    def test_is_gone_with_a_reason_and_a_day(self, client):
        article = make_article(title="Old advice")
        publishing.withdraw(article, by=None, at=LATER, reason="The dose was wrong.")
        answer = page(client)
        assert answer.status_code == 410
        assert "“Old advice” was taken off this site on 13 January 2025" in text(answer)
        assert "The dose was wrong." in text(answer)

    def test_leads_to_what_to_read_instead(self, client):
        other = make_article("new", title="New advice", summary="Short.")
        publishing.withdraw(
            make_article(), by=None, at=AT, reason="Wrong.", replaced_by=other
        )
        assert '<a href="/articles/new/">New advice</a>' in text(page(client))

    def test_does_not_lead_to_what_is_not_live(self, client):
        other = make_article("new", title="New advice", publish=False)
        publishing.withdraw(
            make_article(), by=None, at=AT, reason="Wrong.", replaced_by=other
        )
        assert "new" not in text(page(client)).split("<main", 1)[1].split("</main>")[0]

    def test_shows_the_version_that_readers_knew(self, client):
        article = make_article(title="Old advice")
        moment = timezone.now() + dt.timedelta(days=1)
        make_version(article, title="Secret plan", live_from=moment)
        publishing.withdraw(article, by=None, at=timezone.now(), reason="Wrong.")
        assert "Old advice" in text(page(client))
        assert "Secret plan" not in text(page(client))

    def test_that_nobody_ever_saw_is_not_there(self, client):
        article = make_article(publish=False)
        moment = timezone.now() + dt.timedelta(days=1)
        draft = article.versions.get()
        publishing.publish(draft, by=None, at=timezone.now(), live_from=moment)
        publishing.withdraw(article, by=None, at=timezone.now(), reason="Wrong.")
        assert page(client).status_code == 404

    def test_is_on_no_list(self, client):
        article = make_article(title="Old advice")
        publishing.withdraw(article, by=None, at=AT, reason="Wrong.")
        for url in ("/", "/articles/", "/topics/basics/"):
            assert "Old advice" not in text(client.get(url))

    def test_under_its_old_address_leads_to_the_reason(self, client):
        article = make_article("old")
        renaming.rename(article, "new", by=None)
        publishing.withdraw(article, by=None, at=AT, reason="Wrong.")
        assert client.get("/articles/old/", follow=True).status_code == 410

    def test_is_back_when_it_is_published_again(self, client):
        article = make_article()
        publishing.withdraw(article, by=None, at=AT, reason="Wrong.")
        make_version(article, at=LATER)
        assert page(client).status_code == 200


class TestLists:
    @pytest.fixture(autouse=True)
    def shelves(self):
        basics = make_topic("basics", description="First things.", position=1)
        care = make_topic("care", position=2)
        make_topic("empty", position=3)
        make_article(
            "one", topic=basics, title="The first", summary="In short [@slamon2001]."
        )
        make_article("two", topic=care, title="The second")
        make_article("three", topic=care, title="Unseen", publish=False)

    def test_of_everything_shows_topics_in_order_with_their_articles(self, client):
        shown = text(client.get("/articles/"))
        places = [shown.index(t) for t in ("Basics", "The first", "Care", "The second")]
        assert places == sorted(places)
        assert "Unseen" not in shown
        assert "Empty" not in shown

    def test_of_a_topic_shows_only_its_articles(self, client):
        shown = text(client.get("/topics/basics/"))
        assert "First things." in shown
        assert "The first" in shown
        assert "The second" not in shown

    def test_of_a_topic_without_articles_says_so(self, client):
        assert "no pages on this topic yet" in text(client.get("/topics/empty/"))

    def test_show_summaries_without_their_citations(self, client):
        shown = text(client.get("/topics/basics/"))
        assert "<p>In short.</p>" in shown

    def test_say_since_when_a_clinician_stands_for_a_page(self, client):
        # 23:30 in London is 22:30 in UTC in summer; the day is London's.
        evening = dt.datetime(2025, 7, 1, 23, 30, tzinfo=dt.UTC)
        version = ArticleVersion.objects.get(article__slug="one")
        make_sign_off(version, at=evening)
        assert "Checked by a clinician 2 July 2025" in text(client.get("/articles/"))

    def test_without_any_topic_say_so(self, client):
        ArticleVersion.objects.filter(status="draft").delete()
        for row in ArticleVersion.objects.all():
            publishing.withdraw(row.article, by=None, at=AT, reason="Wrong.")
        assert "The first" not in text(client.get("/articles/"))


class TestASource:
    def test_shows_its_words_and_the_passages_that_use_it(self, client):
        make_article(title="About HER2")
        shown = text(client.get("/references/slamon2001/"))
        assert "A trial by slamon2001. 2001." in shown
        assert '<a href="/articles/her2/#what-is-her2">What is her2</a>' in shown
        assert "in “About HER2”" in shown

    def test_says_that_it_is_no_longer_current(self, client):
        make_reference(status="corrected", status_note="A table was wrong.")
        make_article()
        shown = text(client.get("/references/slamon2001/"))
        assert "This source is corrected.</strong> A table was wrong." in shown

    def test_that_only_a_draft_cites_is_not_there(self, client):
        article = make_article()
        make_reference("secret2026")
        make_draft(article, passages={"a": "Proven [@secret2026]."})
        assert client.get("/references/secret2026/").status_code == 404

    def test_that_only_an_old_version_cites_is_not_there(self, client):
        article = make_article()
        make_reference("new2020")
        make_version(article, at=LATER, passages={"a": "Proven [@new2020]."})
        assert client.get("/references/slamon2001/").status_code == 404
        assert client.get("/references/new2020/").status_code == 200


class TestTheGlossary:
    def test_shows_each_word_with_its_meaning_and_other_names(self, client):
        make_term("Biopsy", say="by-op-see", also=["tissue test"])
        make_term("antibody")
        shown = text(client.get("/glossary/"))
        assert shown.index('id="antibody"') < shown.index('id="biopsy"')
        for part in ("What Biopsy means.", "by-op-see", "tissue test"):
            assert part in shown

    def test_without_words_says_so(self, client):
        assert "No words have been added yet." in text(client.get("/glossary/"))


class TestAPictureFile:
    def test_is_webp_and_kept_for_a_year(self, client):
        image = add(picture())
        answer = client.get(image.get_absolute_url())
        assert answer["Content-Type"] == "image/webp"
        assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer.content == image.read()

    def test_stands_on_the_page_that_shows_it(self, client):
        image = add(picture())
        make_article(passages={"a": f"{BODY}\n\n![Cells](image:{image.pk})"})
        assert f'src="{image.get_absolute_url()}"' in text(page(client))


class TestAKeptPage:
    """What browsers and proxies are told about keeping a page."""

    def test_is_asked_for_again_and_not_sent_again(
        self, client, django_assert_num_queries
    ):
        make_article()
        etag = page(client)["ETag"]
        with django_assert_num_queries(1):
            again = page(client, if_none_match=etag)
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == etag
        assert again["Cache-Control"] == page(client)["Cache-Control"]

    def test_costs_one_query_for_every_reader_after_the_first(
        self, client, django_assert_num_queries
    ):
        make_article()
        first = page(client)
        with django_assert_num_queries(1):
            assert page(client).content == first.content

    def test_is_sent_again_to_who_has_another(self, client):
        make_article()
        assert page(client, if_none_match='W/"other"').status_code == 200

    def test_has_no_cookie_and_does_not_depend_on_one(self, client):
        make_article()
        answer = page(client)
        assert not answer.cookies
        assert answer["Vary"] == "Accept-Encoding"

    @pytest.mark.parametrize(
        ("accepted", "encoding", "unpack"),
        [
            ("gzip, deflate, br, zstd", "br", brotli.decompress),
            ("gzip, deflate", "gzip", gzip.decompress),
            ("GZIP", "gzip", gzip.decompress),
            ("identity", None, bytes),
            ("gzip;q=0, br;q=0", None, bytes),
            ("", None, bytes),
        ],
    )
    def test_comes_packed_as_the_browser_wants(
        self, client, accepted, encoding, unpack
    ):
        make_article()
        answer = page(client, accept_encoding=accepted)
        assert answer.headers.get("Content-Encoding") == encoding
        assert unpack(answer.content) == page(client).content

    def test_may_be_kept_for_a_minute(self, client):
        make_article()
        assert max_age(page(client)) == 60

    @pytest.mark.parametrize(("seconds", "longest"), [(30, 30), (90, 60)])
    def test_is_never_kept_beyond_the_next_versions_moment(
        self, client, seconds, longest
    ):
        article = make_article()
        moment = timezone.now() + dt.timedelta(seconds=seconds)
        make_version(article, at=timezone.now(), live_from=moment)
        make_version(
            article, at=timezone.now(), live_from=moment + dt.timedelta(days=1)
        )
        assert longest - 5 <= max_age(page(client)) <= longest

    def test_is_not_kept_while_somebody_works_on_the_site(self, client, settings):
        settings.DEBUG = True
        make_article()
        etag = page(client)["ETag"]
        assert page(client, if_none_match=etag).status_code == 200


class TestAReaderWhoComesFromAQuiz:
    QUESTION = "0b8c1f2e-1111-4222-8333-944445555666"

    def test_is_offered_the_way_back(self, client):
        make_article()
        answer = client.get("/articles/her2/", {"from": f"{self.QUESTION}.3"})
        assert f'href="/attempts/{self.QUESTION}/3/"' in text(answer)

    def test_gets_a_page_that_is_kept_for_nobody_else(self, client):
        make_article()
        answer = client.get("/articles/her2/", {"from": f"{self.QUESTION}.3"})
        assert answer["Cache-Control"] == "private, no-store"
        assert "Back to your quiz" not in text(page(client))

    @pytest.mark.parametrize(
        "origin",
        [
            "elsewhere",
            "//evil.example",
            "<script>",
            f"{QUESTION}.99999",
            f"{QUESTION}.٣",
            f"{QUESTION}.3/../",
            "\x00",
        ],
    )
    def test_is_offered_none_when_the_address_was_tampered_with(self, client, origin):
        make_article()
        answer = client.get("/articles/her2/", {"from": origin})
        assert answer.status_code == 200
        assert "Back to your quiz" not in text(answer)


class TestTheETag:
    """It is another one whenever the page shows something else, and only then."""

    @pytest.fixture
    def article(self):
        return make_article()

    @pytest.fixture
    def etag(self, client, article):
        return lambda: page(client)["ETag"]

    def test_stays_while_nothing_happens(self, etag):
        assert etag() == etag()

    def test_stays_while_a_draft_is_written(self, etag, article):
        before = etag()
        make_draft(article, title="Then")
        assert etag() == before

    def test_stays_when_another_article_is_published(self, etag):
        before = etag()
        make_article("other")
        assert etag() == before

    def test_changes_with_a_new_version(self, etag, article):
        before = etag()
        make_version(article, at=LATER)
        assert etag() != before

    def test_changes_when_a_waiting_versions_moment_comes(
        self, client, article, monkeypatch
    ):
        now = timezone.now()
        moment = now + dt.timedelta(hours=1)
        make_version(article, at=now, live_from=moment, title="Then")
        before = page(client)
        monkeypatch.setattr(timezone, "now", lambda: moment)
        after = page(client, if_none_match=before["ETag"])
        assert after.status_code == 200
        assert "<h1>Then</h1>" in text(after)

    def test_changes_with_a_sign_off(self, etag, article):
        before = etag()
        make_sign_off(live(article))
        assert etag() != before

    def test_changes_when_a_source_does(self, etag):
        before = etag()
        set_status("retracted")
        rendering.rerender(ArticleVersion.objects.all(), at=LATER)
        assert etag() != before

    def test_stays_when_a_page_comes_out_the_same(self, etag):
        before = etag()
        rendering.rerender(ArticleVersion.objects.all(), at=LATER)
        assert etag() == before

    def test_changes_when_a_check_at_a_sections_end_is_published(
        self, client, etag, article
    ):
        before = etag()
        make_check(at=LATER, passage="her2#what-is-her2", stem="What is HER2?")
        assert etag() != before
        assert "What is HER2?" in text(page(client))

    def test_changes_when_a_check_is_closed_or_its_question_retired(
        self, etag, article
    ):
        check = make_check(at=LATER)
        before = etag()
        question = check.versions.get().slots.get().question
        later = [LATER + dt.timedelta(days=days) for days in (1, 2)]
        authoring.retire_question(question, by=None, at=later[0], reason="Old.")
        retired = etag()
        authoring.close_quiz(check, by=None, at=later[1])
        assert len({before, retired, etag()}) == 3

    def test_changes_when_a_quiz_is_offered(self, client, etag, article):
        before = etag()
        make_quiz("offer", article=article, at=LATER, title="See what stuck")
        assert etag() != before

    def test_changes_with_a_new_address(self, client, etag, article):
        before = etag()
        renaming.rename(article, "new", by=None)
        assert page(client, "new")["ETag"] != before

    def test_changes_when_the_check_becomes_overdue(self, client, monkeypatch):
        article = make_article("fresh", at=timezone.now())
        later = timezone.now() + dt.timedelta(days=400)
        before = page(client, "fresh")["ETag"]
        monkeypatch.setattr(timezone, "now", lambda: later)
        assert page(client, article.slug)["ETag"] != before

    def test_changes_with_the_hosts_number_for_urgent_help(self, etag, settings):
        before = etag()
        settings.URGENT_HELP = "Call 112."
        finished.release.cache_clear()
        try:
            assert etag() != before
        finally:
            settings.URGENT_HELP = ""
            finished.release.cache_clear()


class TestTheCost:
    """Queries are few, and no more of them for a long list than for a short one."""

    LISTS = {
        "/articles/": 2,
        "/topics/basics/": 2,
        "/references/slamon2001/": 2,
        "/glossary/": 1,
    }

    def count(self, client, url, capture):
        with capture() as queries:
            assert client.get(url).status_code == 200
        return len(queries)

    @pytest.fixture
    def capture(self):
        return lambda: CaptureQueriesContext(connection)

    def test_of_a_list_does_not_grow_with_its_rows(self, client, capture):
        make_article("first")
        make_term("first")
        few = {url: self.count(client, url, capture) for url in self.LISTS}
        for n in range(49):
            make_article(f"more-{n}")
            make_term(f"more-{n}")
        many = {url: self.count(client, url, capture) for url in self.LISTS}
        assert many == few == self.LISTS

    def test_of_an_article_does_not_grow_with_its_parts(self, client, capture):
        make_article("short")
        few = self.count(client, "/articles/short/", capture)
        for n in range(12):
            make_reference(f"source{n}")
            make_term(f"word{n}")
        passages = {f"p{n}": f"A word{n} [@source{n}]." for n in range(12)}
        article = make_article("long", passages=passages)
        for n in range(3):
            make_sign_off(live(article), by=make_user(f"u{n}@example.org"))
        many = self.count(client, "/articles/long/", capture)
        assert many == few == 6

    def test_of_an_article_does_not_grow_with_its_checks(self, client, capture):
        article = make_article("one", passages={f"p{n}": BODY for n in range(6)})
        make_check(passage="one#p0", at=AT)
        few = self.count(client, "/articles/one/", capture)
        for n in range(1, 6):
            make_check(passage=f"one#p{n}", at=LATER)
        make_quiz("offer", article=article, at=LATER)
        assert self.count(client, "/articles/one/", capture) == few == 8
