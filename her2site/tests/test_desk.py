"""The desk: what waits for whom, oldest first, and in words when nothing does."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from articles import publishing, reporting, retiring
from articles.models import (
    Article,
    HiddenPassage,
    ReviewLink,
    SearchMiss,
)
from articles.tests.desk_forms import address, save, staff_client, text
from articles.tests.factories import (
    AT,
    live,
    make_article,
    make_draft,
    make_reference,
    make_sign_off,
    make_topic,
    make_user,
    make_version,
    set_status,
)
from quizzes import authoring, regrading
from quizzes.models import Tag
from quizzes.tests.corrections import REASON, propose, publisher
from quizzes.tests.factories import NEW_BODY, make_question, make_quiz

pytestmark = pytest.mark.django_db
RECENT = timezone.now() - dt.timedelta(days=2)


@pytest.fixture
def pia():
    return staff_client(make_user("pia@example.org", name="Pia", groups=["Publisher"]))


def desk(client):
    return text(client.get("/admin/"))


def mark(key, status):
    """As the form of a reference does."""
    set_status(status, key=key, at=timezone.now())


class TestAnEmptyDesk:
    def test_says_so_in_words(self, pia):
        page = desk(pia)
        assert "Nothing waits for you." in page
        assert (
            "Nothing waits in: Passages hidden from readers; Sources that no longer hold; "
            "Past their review date; Questions whose passage or source changed; "
            "Corrected keys that wait for a second person; Quizzes that lost questions; "
            "Waiting for a reviewer or a publisher; "
            "Experts who ask for changes, or did not answer; Readers said; "
            "Links that are broken (never checked); Searches without result; Drafts; "
            "Questions in draft; Waits to go live; "
            "On the site, not signed by a clinician; Due for review within 60 days."
        ) in page

    def test_names_only_the_queues_that_are_empty(self, pia):
        make_article("one", title="In writing", publish=False, at=RECENT)
        page = desk(pia)
        assert "Nothing waits for you." not in page
        assert "Searches without result; Questions in draft;" in page

    def test_greets_by_name(self, pia):
        assert ", Pia</h1>" in desk(pia)


class TestReviews:
    def test_that_are_overdue_stand_with_their_days(self, pia):
        article = make_article(title="Long unread", at=AT)
        page = desk(pia)
        assert "Past their review date <span" in page
        late = (timezone.localdate() - dt.date(2026, 1, 6)).days
        assert f"{late} days over" in page
        assert address(article) in page

    def test_that_are_near_stand_with_their_day(self, pia):
        topic = make_topic()
        monthly = make_article("near", title="Soon due", topic=topic, at=RECENT)
        Article.objects.filter(pk=monthly.pk).update(review_every_months=1)
        make_article("far", title="Long to go", at=RECENT)
        page = desk(pia)
        assert 'Soon due</a> <span class="quiet">due ' in page
        assert "Long to go" not in page.split("Due for review within 60 days")[1]

    @pytest.mark.parametrize("place", ["owner", "deputy"])
    def test_of_their_own_pages_say_so_to_owner_and_deputy(self, place):
        pia = make_user("pia@example.org", name="Pia", groups=["Publisher"])
        article = make_article(title="Long unread", at=AT)
        assert save(staff_client(pia), article, **{place: pia.pk}).status_code == 302
        assert "days over, yours" in desk(staff_client(pia))


class TestVersionsThatWait:
    def test_are_drafts_and_what_was_submitted(self, pia):
        make_article("one", title="In writing", publish=False, at=RECENT)
        waiting = make_draft(make_article("two", at=RECENT), title="To be read")
        publishing.submit(waiting, by=None)
        page = desk(pia)
        assert "In writing</a>" in page
        assert "draft, last edited 2 days ago" in page
        assert "To be read</a>" in page
        assert "in review, last edited" in page

    def test_of_a_retired_page_need_nobody(self, pia):
        article = make_article("two", at=RECENT)
        make_draft(article, title="Never to come")
        retiring.retire(article, by=None, at=RECENT, reason="Old.")
        assert "Never to come</a>" not in desk(pia)

    def test_stand_oldest_first(self, pia):
        make_article("newer", title="Newer draft", publish=False, at=RECENT)
        make_article("older", title="Older draft", publish=False, at=AT)
        page = desk(pia)
        assert page.index("Older draft") < page.index("Newer draft")


class TestVersionsToCome:
    def test_stand_with_their_moment_and_lead_to_their_page(self, pia):
        article = make_article(at=RECENT)
        later = dt.datetime(2099, 6, 1, 9, 0, tzinfo=dt.UTC)
        waiting = make_version(article, title="To come", at=RECENT, live_from=later)
        page = desk(pia)
        assert "Waits to go live <span" in page
        assert f'{address(waiting)}">To come</a>' in page
        assert "version 2, from 1 June 2099, 10:00" in page

    def test_are_gone_once_they_are_called_off(self, pia):
        later = dt.datetime(2099, 6, 1, 9, 0, tzinfo=dt.UTC)
        waiting = make_version(
            make_article(at=RECENT), title="To come", at=RECENT, live_from=later
        )
        publishing.call_off(waiting, by=None, at=RECENT)
        assert "To come</a>" not in desk(pia)


class TestPagesWithoutAClinician:
    def test_stand_here_with_their_number(self, pia):
        make_article("one", title="Unsigned page", at=RECENT)
        page = desk(pia)
        title = "On the site, not signed by a clinician"
        assert f'{title} <span class="count">(1)</span>' in page
        assert "Unsigned page</a>" in page

    def test_need_a_clinical_check_and_no_other(self, pia):
        signed = make_article("one", title="Signed page", at=RECENT)
        read = make_article("two", title="Read page", at=RECENT)
        make_sign_off(live(signed, at=timezone.now()))
        make_sign_off(
            live(read, at=timezone.now()),
            by=make_user("pat@example.org"),
            kind="patient_reader",
        )
        page = desk(pia)
        assert "Signed page</a>" not in page
        assert "Read page</a>" in page


class TestQuestions:
    def test_that_are_suspect_stand_here_and_their_quiz_too(self, pia):
        question = make_question(stem="Where does HER2 sit?", at=RECENT)
        make_quiz("basics", questions=[question], title="The basics")
        her2 = Article.objects.get(slug="her2")
        make_version(her2, passages={"what-is-her2": NEW_BODY}, at=RECENT)
        page = desk(pia)
        assert "Where does HER2 sit?</a>" in page
        assert "The basics</a>" in page
        assert "asks 0 of its 1 question" in page

    def test_that_are_retired_need_nothing_but_their_quiz_does(self, pia):
        one, two = make_question(stem="Kept?"), make_question(stem="Retired?")
        make_quiz("basics", questions=[one, two], title="The basics")
        authoring.retire_question(two, by=None, at=RECENT, reason="Old.")
        page = desk(pia)
        assert "Retired?</a>" not in page
        assert "asks 1 of its 2 questions" in page

    def test_in_draft_stand_here(self, pia):
        make_question("q", stem="Not yet?", publish=False)
        assert "Not yet?</a>" in desk(pia)


class TestQuizzes:
    def test_that_can_not_be_started_any_more_say_so_first(self, pia):
        one, two = make_question(stem="Kept?"), make_question(stem="Retired?")
        make_quiz("a", questions=[one, two], title="Goes on")
        make_quiz("b", questions=[one, two], title="Stands still", needed=2)
        authoring.retire_question(two, by=None, at=RECENT, reason="Old.")
        page = desk(pia)
        stands = "cannot be started: it needs 2, and asks 1 of its 2 questions"
        assert stands in page
        assert page.index("Stands still") < page.index("Goes on")

    def test_that_draw_from_a_pool_count_what_the_pool_still_holds(self, pia):
        tag = Tag.objects.create(name="basics")
        questions = [make_question(f"q-{n}") for n in range(3)]
        for question in questions:
            question.tags.add(tag)
        pool = {"pool_tag": tag, "draw": 2}
        make_quiz("drawn", questions=0, pools=[pool], title="Drawn anew")
        assert "Quizzes that lost questions;" in desk(pia)
        for question in questions[1:]:
            authoring.retire_question(question, by=None, at=RECENT, reason="Old.")
        assert "asks 1 of its 2 questions" in desk(pia)


class TestCorrectedKeys:
    """Proposed by Pia; Per is another publisher."""

    @pytest.fixture
    def proposal(self):
        return propose(make_question(stem="Where does HER2 sit?"), "A virus")

    def test_wait_for_a_second_person(self, proposal):
        page = desk(staff_client(publisher("per")))
        assert f"proposed by Pia: {REASON}" in page
        assert address(proposal) in page

    def test_do_not_wait_for_whoever_proposed_them(self, proposal):
        page = desk(staff_client(publisher("pia")))
        assert "Corrected keys that wait for a second person; " in page

    def test_are_nothing_for_authors(self, proposal):
        author = make_user("ana@example.org", groups=["Author"])
        assert "waits for a second person" not in desk(staff_client(author))

    def test_that_are_decided_wait_for_nobody(self, proposal):
        regrading.reject(proposal, by=publisher("per"), at=RECENT)
        page = desk(staff_client(publisher("per")))
        assert "Corrected keys that wait for a second person; " in page


class TestSources:
    def test_that_no_longer_hold_stand_with_their_pages(self, pia):
        make_article()
        mark("slamon2001", "retracted")
        page = desk(pia)
        assert "A trial by slamon2001</a>" in page
        assert "retracted, 1 live page, 1 passage, 0 questions" in page

    def test_stand_with_the_questions_that_rest_on_their_passages(self, pia):
        make_question("one")
        make_question("two")
        mark("slamon2001", "retracted")
        assert "1 live page, 1 passage, 2 questions" in desk(pia)

    def test_that_nothing_uses_need_nobody(self, pia):
        make_reference("unused", status="retracted")
        assert "A trial by unused" not in desk(pia)

    def test_that_only_a_question_names_stand_here(self, pia):
        make_question(references=["named-only"])
        mark("named-only", "withdrawn")
        assert "withdrawn, 0 live pages, 0 passages, 1 question" in desk(pia)


class TestWhoSeesWhat:
    def test_a_reviewer_sees_what_waits_for_them_and_no_drafts(self):
        make_article("one", title="In writing", publish=False)
        waiting = make_article("two", title="To be read", publish=False)
        publishing.submit(waiting.versions.get(), by=None)
        reviewer = make_user("r@example.org", groups=["Clinical reviewer"])
        page = desk(staff_client(reviewer))
        assert "To be read</a>" in page
        assert "In writing" not in page

    def test_staff_without_a_group_are_told_whom_to_ask(self):
        make_article("one", title="In writing", publish=False)
        page = desk(staff_client(make_user("new@example.org")))
        assert "In writing" not in page
        assert "Ask an administrator to add you to a group." in page


class TestHiddenPassages:
    def test_stand_first_with_their_reason_until_they_are_shown_again(self, pia):
        article = make_article(at=AT)
        row = HiddenPassage.objects.create(
            article=article, key="what-is-her2", reason="The dose is wrong."
        )
        page = desk(pia)
        assert "her2 # what-is-her2</a>" in page
        assert "The dose is wrong." in page
        assert page.index("The dose is wrong.") < page.index("days over")
        row.lifted_at = RECENT
        row.save()
        assert "The dose is wrong." not in desk(pia)


class TestExperts:
    @pytest.fixture
    def link(self):
        version = make_article(title="To be read", publish=False, at=RECENT).versions
        publishing.submit(version.get(), by=None)
        return ReviewLink.objects.create(
            version=version.get(),
            token_hash="a",
            name="Eva Berg",
            kind="clinical",
            created_at=AT,
            expires_at=RECENT + dt.timedelta(days=30),
        )

    def change(self, link, **fields):
        ReviewLink.objects.filter(pk=link.pk).update(**fields)

    def test_who_still_have_time_need_nobody(self, pia, link):
        assert "Eva Berg" not in desk(pia)

    def test_who_ask_for_changes_stand_with_their_version(self, pia, link):
        self.change(link, outcome="changes", answered_at=RECENT)
        assert "Eva Berg asks for changes" in desk(pia)

    def test_who_did_not_answer_in_time_stand_here(self, pia, link):
        self.change(link, expires_at=RECENT)
        assert "Eva Berg did not answer in time" in desk(pia)

    def test_whose_link_was_revoked_are_not_waited_for(self, pia, link):
        self.change(link, expires_at=RECENT, revoked_at=RECENT)
        assert "Eva Berg" not in desk(pia)

    def test_of_a_published_version_are_history(self, pia, link):
        self.change(link, outcome="changes", answered_at=RECENT)
        publishing.publish(link.version, by=None, at=timezone.now())
        assert "Eva Berg" not in desk(pia)


class TestReaders:
    def send(self, kind, at=RECENT):
        article = Article.objects.get(slug="her2")
        reporting.send_report(
            article.versions.get(), key="what-is-her2", kind=kind, text="", at=at
        )

    def test_who_find_a_passage_unclear_stand_together(self, pia):
        make_article(at=RECENT)
        self.send("unclear")
        self.send("wrong")
        page = desk(pia)
        assert "her2 # what-is-her2</a>" in page
        assert "2 reports, the first of" in page

    def test_who_find_it_clear_need_nobody(self, pia):
        make_article(at=RECENT)
        self.send("clear")
        assert "her2 # what-is-her2</a>" not in desk(pia)

    def test_lead_to_the_reports_of_that_passage(self, pia):
        make_article(at=RECENT)
        self.send("wrong")
        url = re.search(r'href="(/admin/articles/readerreport/[^"]+)"', desk(pia))[1]
        listed = text(pia.get(url.replace("&amp;", "&")))
        assert "1 reader report" in listed


class TestSearches:
    def test_that_found_nothing_stand_with_how_often(self, pia):
        for words, count in [("port", 1), ("hercepten", 5)]:
            day = timezone.localdate()
            SearchMiss.objects.create(words=words, count=count, last_asked_on=day)
        page = desk(pia)
        assert "“hercepten”</a>" in page
        assert "5 times" in page
        assert page.index("hercepten") < page.index("“port”")

    def test_are_struck_off_by_whoever_dealt_with_them(self, pia):
        row = SearchMiss.objects.create(words="port", last_asked_on=RECENT.date())
        assert pia.post(address(row, "delete"), {"post": "yes"}).status_code == 302
        assert "“port”</a>" not in desk(pia)


class TestCost:
    """Four queries find out who asks and what they may; eight are the desk's own."""

    def fill(self, number):
        for n in range(number):
            make_article(f"page-{n}", at=AT)
            make_article(f"draft-{n}", publish=False)
            question = make_question(f"q-{n}")
            question.tags.add(Tag.objects.get_or_create(name="basics")[0])
            pool = {"pool_tag": question.tags.get(), "draw": 1}
            make_quiz(f"quiz-{n}", questions=0, pools=[pool])
            day = RECENT.date()
            SearchMiss.objects.create(words=f"word {n}", last_asked_on=day)

    def test_is_the_same_for_one_and_for_many(self, pia, django_assert_max_num_queries):
        with django_assert_max_num_queries(12):
            pia.get("/admin/")
        self.fill(6)
        mark("slamon2001", "retracted")
        with django_assert_max_num_queries(12):
            pia.get("/admin/")
