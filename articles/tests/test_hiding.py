"""The emergency lane: one passage goes from the readers' page at once, and comes back."""

import datetime as dt
import threading

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection

from articles import hiding, publishing, renaming, rendering
from articles.hiding import CannotHide
from articles.models import ArticleVersion, HiddenPassage
from articles.tests.desk_forms import (
    address,
    confirm,
    fields_of,
    said,
    text,
)
from articles.tests.factories import (
    AT,
    BODY,
    live,
    make_article,
    make_draft,
    make_reference,
    make_term,
    make_user,
    make_version,
)
from quizzes.models import Question
from quizzes.tests.factories import answer as answer_question
from quizzes.tests.factories import (
    learner,
    make_check,
    make_question,
    make_quiz,
    start,
)

pytestmark = pytest.mark.django_db
KEY = "what-is-her2"
OTHER = "Heart checks matter [@cameron2017]."
REASON = "The figure was wrong."
PAGE = "/articles/her2/"
LATER = AT + dt.timedelta(days=1)
SOON = dt.datetime(2099, 6, 1, 9, 0, tzinfo=dt.UTC)


@pytest.fixture
def article():
    make_reference("cameron2017")
    return make_article(passages={KEY: BODY, "heart": OTHER})


def hide(article, key="heart", *, reason=REASON, by=None, at=LATER):
    return hiding.hide(article, key=key, by=by, at=at, reason=reason)


def show(article, key="heart", *, by=None, at=LATER):
    hiding.show_again(article, key=key, by=by, at=at)


def on_the_page(client, path=PAGE):
    return client.get(path).content.decode()


class TestAHiddenPassage:
    def test_keeps_its_heading_and_its_anchor_and_says_why(self, article, client):
        hide(article)
        page = on_the_page(client)
        assert '<section class="passage" id="heart"' in page
        assert '<h2 id="h-heart">Heart</h2>' in page
        assert '<a href="#heart">' in page
        assert REASON in page

    def test_has_no_text_any_more(self, article, client):
        assert "Heart checks matter" in on_the_page(client)
        hide(article)
        assert "Heart checks matter" not in on_the_page(client)

    def test_leaves_the_others_as_they_were(self, article, client):
        hide(article)
        assert "HER2 is a protein on the surface" in on_the_page(client)

    def test_has_its_reason_printed_and_not_obeyed(self, article, client):
        hide(article, reason="<script>alert(1)</script>")
        assert "<script>alert" not in on_the_page(client)

    def test_takes_its_sources_along(self, article, client):
        assert 'id="ref-cameron2017"' in on_the_page(client)
        assert client.get("/references/cameron2017/").status_code == 200
        hide(article)
        assert 'id="ref-cameron2017"' not in on_the_page(client)
        assert client.get("/references/cameron2017/").status_code == 404

    def test_takes_its_words_along(self, article, client):
        make_term("Heart")
        rendering.rerender(ArticleVersion.objects.all(), at=AT)
        assert 'id="word-heart"' in on_the_page(client)
        hide(article)
        assert 'id="word-heart"' not in on_the_page(client)

    def test_takes_its_check_along(self, article, client):
        make_check(passage="her2#heart")
        assert "<form" in on_the_page(client).split('id="heart"')[1]
        hide(article)
        assert "<form" not in on_the_page(client).split('id="heart"')[1]

    def test_is_gone_for_who_kept_the_page(self, article, client):
        kept = client.get(PAGE).headers["ETag"]
        assert client.get(PAGE, headers={"if-none-match": kept}).status_code == 304
        hide(article)
        assert client.get(PAGE, headers={"if-none-match": kept}).status_code == 200

    def test_leaves_the_published_text_as_it_was(self, article):
        before = live(article).content_hash
        hide(article)
        assert live(article).content_hash == before
        assert live(article).passages.get(key="heart").body == OTHER

    def test_stays_hidden_in_the_next_version(self, article, client):
        hide(article)
        make_version(
            article, at=LATER, passages={"heart": "Mended text [@slamon2001]."}
        )
        assert "Mended text" not in on_the_page(client)
        assert REASON in on_the_page(client)

    def test_is_hidden_in_a_version_that_waits_too(self, article):
        waiting = make_version(article, live_from=SOON)
        hide(article)
        waiting.refresh_from_db()
        assert REASON in waiting.html
        assert "Heart checks matter" not in waiting.html

    def test_stays_hidden_at_a_new_address(self, article, client):
        hide(article)
        renaming.rename(article, "heart-and-her2", by=None)
        assert REASON in on_the_page(client, "/articles/heart-and-her2/")

    def test_stays_hidden_when_the_page_was_withdrawn_and_comes_back(
        self, article, client
    ):
        hide(article)
        publishing.withdraw(article, by=None, at=LATER, reason="All of it was wrong.")
        make_version(article, at=LATER + dt.timedelta(hours=1))
        assert REASON in on_the_page(client)

    def test_stays_hidden_when_pages_are_rendered_anew(self, article, client):
        hide(article)
        rendering.rerender(ArticleVersion.objects.all(), at=LATER)
        assert REASON in on_the_page(client)

    def test_is_written_into_the_history(self, article):
        user = make_user("pia@example.org")
        hide(article, by=user)
        (entry,) = LogEntry.objects.filter(object_id=str(article.pk))
        assert entry.get_change_message() == f"Hid “Heart”: {REASON}"
        assert HiddenPassage.objects.get().hidden_by == user


class TestHiding:
    @pytest.mark.parametrize(
        ("changes", "why"),
        [
            ({"reason": " "}, "Say why the passage is hidden."),
            ({"key": "nothing"}, "Readers do not see this passage any more."),
            ({"at": AT - dt.timedelta(days=1)}, "Readers do not see this passage"),
        ],
    )
    def test_is_refused_with_a_reason(self, article, changes, why):
        with pytest.raises(CannotHide, match=why):
            hide(article, **changes)
        assert not HiddenPassage.objects.exists()

    def test_is_refused_a_second_time(self, article):
        hide(article)
        with pytest.raises(CannotHide, match="already"):
            hide(article, reason="Another reason.")
        assert HiddenPassage.objects.get().reason == REASON


class TestShowingAgain:
    def test_gives_the_text_back(self, article, client):
        before = on_the_page(client)
        hide(article)
        show(article)
        assert on_the_page(client) == before

    def test_gives_the_text_of_the_version_that_is_live_now(self, article, client):
        hide(article)
        make_version(
            article, at=LATER, passages={"heart": "Mended text [@slamon2001]."}
        )
        show(article)
        assert "Mended text" in on_the_page(client)

    def test_is_kept_with_who_did_it_and_when(self, article):
        user = make_user("pia@example.org")
        row = hide(article)
        show(article, by=user)
        row.refresh_from_db()
        assert (row.lifted_at, row.lifted_by) == (LATER, user)
        assert LogEntry.objects.get().get_change_message() == "Showed “heart” again."

    def test_is_refused_when_it_is_not_hidden(self, article):
        with pytest.raises(CannotHide, match="not hidden any more"):
            show(article)

    def test_lets_it_be_hidden_anew(self, article, client):
        hide(article)
        show(article)
        hide(article, reason="Wrong once more.")
        assert "Wrong once more." in on_the_page(client)


class TestAQuestionOnIt:
    @pytest.fixture
    def question(self, article):
        return make_question("q", passage="her2#heart")

    def test_is_not_asked_while_it_is_hidden(self, article, question):
        assert Question.objects.askable(LATER).contains(question)
        hide(article)
        assert not Question.objects.askable(LATER).contains(question)
        show(article)
        assert Question.objects.askable(LATER).contains(question)

    def test_leaves_the_quiz_that_is_begun_afterwards(self, article, question, client):
        quiz = make_quiz("quiz", questions=[question, make_question("r")])
        browser = learner()
        hide(article)
        first = browser.get(start(browser, quiz)).content.decode()
        assert "What about r?" in first
        assert "question 1 of 1" in first.lower()

    def test_answered_before_still_leads_to_its_place_on_the_page(
        self, article, question
    ):
        browser = learner()
        url = start(browser, make_quiz("quiz", questions=[question]))
        answer_question(browser, url, "A virus")
        hide(article)
        feedback = browser.get(f"{url}feedback/").content.decode()
        assert "#heart" in feedback
        assert 'id="heart"' in on_the_page(browser)


class TestTheScreen:
    def test_offers_the_passages_that_readers_see(self, publisher, article):
        hide(article, KEY)
        make_draft(article, passages={"new-one": BODY})
        page = text(publisher.get(address(article, "hide")))
        assert 'value="heart"' in page
        assert f'value="{KEY}"' not in page
        assert 'value="new-one"' not in page

    def test_names_the_questions_that_rest_on_the_page(self, publisher, article):
        make_question("q", passage="her2#heart", stem="What does it check?")
        assert "What does it check?" in text(publisher.get(address(article, "hide")))

    def test_hides_the_chosen_one(self, publisher, article, client):
        response = confirm(publisher, article, "hide", passage="heart", reason=REASON)
        assert said(response) == [
            "The passage is hidden. Readers see your reason in its place."
        ]
        assert REASON in on_the_page(client)

    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ({"passage": "heart"}, "Why is it hidden?"),
            ({"passage": "heart", "reason": " "}, "Why is it hidden?"),
            ({"reason": REASON}, "Choose the passage."),
            ({"passage": "none", "reason": REASON}, "Somebody else was faster"),
        ],
    )
    def test_needs_a_passage_and_a_reason(self, publisher, article, values, words):
        response = confirm(publisher, article, "hide", **values)
        assert words in text(response)
        assert not HiddenPassage.objects.exists()

    def test_changes_nothing_when_it_is_only_looked_at(self, publisher, article):
        publisher.get(address(article, "hide"))
        assert not HiddenPassage.objects.exists()

    def test_shows_the_passage_again(self, publisher, article, client):
        hide(article)
        response = confirm(publisher, article, "show-again", passage="heart")
        assert said(response) == ["Readers see the passage again."]
        assert "Heart checks matter" in on_the_page(client)

    def test_refuses_when_somebody_else_was_faster(self, publisher, article):
        hide(article)
        url = address(article, "show-again")
        fields = fields_of(publisher.get(url))
        show(article)
        response = publisher.post(url, {**fields, "passage": "heart"})
        assert "No passage of this article is hidden." in text(response)

    def test_refuses_where_readers_see_nothing(self, publisher):
        draft = make_article(publish=False)
        page = text(publisher.get(address(draft, "hide")))
        assert "Readers see no passage of this article." in page

    def test_is_open_to_clinical_reviewers(self, reviewer, article, client):
        confirm(reviewer, article, "hide", passage="heart", reason=REASON)
        assert REASON in on_the_page(client)

    @pytest.mark.parametrize("move", ["hide", "show-again"])
    def test_is_closed_to_authors(self, author, article, move):
        hide(article, KEY)
        assert author.get(address(article, move)).status_code == 403
        fields = {"passage": "heart", "reason": REASON}
        assert author.post(address(article, move), fields).status_code == 403
        assert HiddenPassage.objects.in_force().count() == 1


class TestTheArticleInTheAdmin:
    def test_says_what_is_hidden_and_why(self, publisher, article):
        hide(article, by=make_user("bo@example.org", name="Bo"))
        page = text(publisher.get(address(article)))
        assert "Hidden from readers:" in page
        assert REASON in page
        assert address(article, "show-again") in page

    def test_names_what_the_live_version_has_no_more_by_its_key(
        self, publisher, article
    ):
        hide(article)
        make_version(article, at=LATER, passages={KEY: BODY})
        assert ">heart</a>" in text(publisher.get(address(article)))

    def test_offers_to_show_again_only_what_is_hidden(self, publisher, article):
        page = text(publisher.get(address(article)))
        assert address(article, "hide") in page
        assert address(article, "show-again") not in page


class TestAPreview:
    def test_of_a_version_shows_it_as_readers_will_see_it(self, publisher, article):
        hide(article)
        draft = make_draft(article)
        page = text(publisher.get(address(draft, "preview")))
        assert REASON in page
        assert "Heart checks matter" not in page

    def test_beside_the_editor_shows_the_text_that_is_mended(self, publisher, article):
        hide(article)
        draft = make_draft(article)
        fields = fields_of(publisher.get(address(draft)), "articleversion_form")
        panel = publisher.post(f"{address(draft, 'preview')}?panel", fields)
        assert "Heart checks matter" in text(panel)


@pytest.mark.django_db(transaction=True)
class TestAtTheSameTime:
    def test_a_publication_never_brings_a_hidden_text_back(self, article):
        """Whichever is first: the page that is stored last knows of the hidden passage."""
        draft = make_draft(article, at=LATER)
        barrier = threading.Barrier(2)

        def run(move):
            try:
                barrier.wait(timeout=10)
                move()
            finally:
                connection.close()

        moves = [
            lambda: publishing.publish(draft, by=None, at=LATER),
            lambda: hide(article, at=LATER),
        ]
        threads = [threading.Thread(target=run, args=[move]) for move in moves]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=30)
        pages = ArticleVersion.objects.filter(article=article, status="published")
        assert pages.count() == 2
        assert all(REASON in version.html for version in pages)
