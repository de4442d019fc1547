"""When a question is suspect: its passage or its evidence is not what it was checked against."""

import datetime as dt

import pytest

from articles import publishing, renaming
from articles.models import Article
from articles.tests.factories import BODY, make_article, make_reference, make_version
from quizzes import authoring, suspicion
from quizzes.models import Question, QuestionVersion
from quizzes.tests.factories import (
    LATER,
    NEW_BODY,
    SENTENCES,
    edit_question,
    live_version,
    make_question,
    retract,
)

pytestmark = pytest.mark.django_db
KEY = "what-is-her2"


@pytest.fixture
def article():
    """Two passages; the second cites a source of its own."""
    make_reference("other2002")
    other = BODY.replace("slamon2001", "other2002")
    return make_article(passages={KEY: BODY, "more": other})


@pytest.fixture
def question(article):
    return make_question("q")


def is_suspect(question, *, at=LATER):
    suspect = QuestionVersion.objects.newest_published().suspect(at)
    found = suspect.filter(question=question).exists()
    assert Question.objects.askable(at).contains(question) is not found
    return found


def seal_of(question):
    """What somebody who looks at the question now has seen."""
    return suspicion.seal(suspicion.notices(live_version(question), at=LATER))


def accept(question, *, seen=None, at=LATER):
    seen = seal_of(question) if seen is None else seen
    authoring.accept_passage(live_version(question), by=None, at=at, seen_sources=seen)


def republish(article, body, *, heading="What is her2", at=LATER, live_from=None):
    """The article with other words in the passage."""
    passages = [(KEY, heading, body), ("more", "More", BODY)]
    return make_version(article, passages=passages, at=at, live_from=live_from)


class TestAQuestion:
    def test_is_sound_when_it_is_published(self, question):
        assert not is_suspect(question)

    def test_is_sound_when_the_article_is_published_again_as_it_was(
        self, article, question
    ):
        make_version(article, at=LATER)
        assert not is_suspect(question)

    @pytest.mark.parametrize(
        "body",
        [
            BODY.replace("protein", "receptor"),
            BODY.replace("[@slamon2001]", "[@other2002]"),
            BODY.replace("[@slamon2001]", "[@slamon2001, Methods]"),
            BODY.replace("cells", "<5 cells"),
            f"{BODY} It is not rare [@slamon2001].",
            BODY.replace("cells", "[cells](/glossary/)"),
        ],
        ids=["word", "source", "place", "sign", "sentence", "link"],
    )
    def test_becomes_suspect_when_the_passage_says_something_else(
        self, article, question, body
    ):
        republish(article, body)
        assert is_suspect(question)

    def test_becomes_suspect_when_the_heading_changes(self, article, question):
        republish(article, BODY, heading="Is it HER2?")
        assert is_suspect(question)

    @pytest.mark.parametrize(
        "body",
        [
            BODY.replace("protein", "**protein**"),
            BODY.replace("protein", "*protein*"),
            BODY.replace(" a protein", "\na  protein"),
        ],
        ids=["bold", "italic", "line break"],
    )
    def test_stays_sound_when_only_the_looks_change(self, article, question, body):
        republish(article, body)
        assert not is_suspect(question)

    def test_stays_sound_when_another_passage_changes(self, article, question):
        make_version(article, passages={KEY: BODY, "more": NEW_BODY}, at=LATER)
        assert not is_suspect(question)

    def test_stays_sound_when_passages_change_places(self, article, question):
        other = BODY.replace("slamon2001", "other2002")
        make_version(article, passages={"more": other, KEY: BODY}, at=LATER)
        assert not is_suspect(question)

    def test_stays_sound_while_the_change_is_a_draft(self, article, question):
        publishing.start_draft(article, by=None, at=LATER)
        assert not is_suspect(question)

    def test_becomes_suspect_at_the_moment_the_change_goes_live(
        self, article, question
    ):
        version = republish(article, NEW_BODY, at=LATER)
        just_before = version.live_from.replace(minute=0, hour=8)
        assert not is_suspect(question, at=just_before)
        assert is_suspect(question, at=version.live_from)

    def test_becomes_suspect_when_its_passage_is_removed(self, article, question):
        make_version(article, passages={"more": BODY}, at=LATER)
        assert is_suspect(question)

    def test_becomes_suspect_when_the_article_is_withdrawn(self, article, question):
        publishing.withdraw(article, by=None, at=LATER, reason="Out of date.")
        assert is_suspect(question)

    def test_stays_sound_when_the_article_gets_another_address(self, article, question):
        renaming.rename(article, "about-her2", by=None)
        assert not is_suspect(question)

    @pytest.mark.parametrize(
        "status", ["corrected", "superseded", "retracted", "withdrawn"]
    )
    def test_becomes_suspect_when_a_source_of_its_passage_is_not_current(
        self, article, status
    ):
        make_reference("own2003")
        question = make_question("q", references=["own2003"])
        retract("slamon2001", status=status)
        assert is_suspect(question)

    @pytest.mark.parametrize(
        "status", ["corrected", "superseded", "retracted", "withdrawn"]
    )
    def test_becomes_suspect_when_its_own_source_is_not_current(self, article, status):
        question = make_question("q", references=["own2003"])
        retract("own2003", status=status)
        assert is_suspect(question)

    def test_stays_sound_when_a_source_of_another_passage_is_retracted(self, question):
        retract("other2002")
        assert not is_suspect(question)

    def test_is_sound_again_when_its_source_is(self, question):
        retract()
        retract(status="current")
        assert not is_suspect(question)

    def test_is_sound_again_when_the_old_words_are_back(self, article, question):
        republish(article, NEW_BODY)
        republish(article, BODY, at=LATER.replace(hour=23))
        assert not is_suspect(question, at=LATER.replace(hour=23))


class TestAcceptingThePassage:
    def test_makes_the_question_sound(self, article, question):
        republish(article, NEW_BODY)
        accept(question)
        assert not is_suspect(question)

    def test_is_possible_where_its_sentences_are_the_answers_and_stayed(self):
        question = make_question("point", kind="sentence")
        sentences = Article.objects.get(slug="sentences")
        passages = [("read-it", "Another heading", SENTENCES)]
        make_version(sentences, passages=passages, at=LATER)
        assert is_suspect(question)
        accept(question)
        assert not is_suspect(question)

    def test_is_refused_where_its_sentences_are_the_answers_and_changed(self):
        question = make_question("point", kind="sentence")
        sentences = Article.objects.get(slug="sentences")
        body = f"First of all [@slamon2001]. {SENTENCES}"
        make_version(sentences, passages={"read-it": body}, at=LATER)
        with pytest.raises(authoring.CannotMove, match="Start a draft"):
            accept(question)
        assert is_suspect(question)

    def test_holds_until_the_next_change(self, article, question):
        republish(article, NEW_BODY)
        accept(question)
        later = LATER.replace(hour=23)
        republish(article, f"{NEW_BODY} And more [@slamon2001].", at=later)
        assert is_suspect(question, at=later)


class TestAcceptingWhatIsToldOfASource:
    """The question names one source, and its passage cites another."""

    @pytest.fixture
    def question(self, article):
        make_reference("own2003")
        return make_question("q", references=["own2003"])

    @pytest.mark.parametrize("status", ["corrected", "superseded"])
    @pytest.mark.parametrize("key", ["own2003", "slamon2001"])
    def test_makes_the_question_sound(self, question, key, status):
        retract(key, status=status)
        assert is_suspect(question)
        accept(question)
        assert not is_suspect(question)

    @pytest.mark.parametrize("status", ["retracted", "withdrawn"])
    @pytest.mark.parametrize("key", ["own2003", "slamon2001"])
    def test_does_not_make_up_for_one_that_is_gone(self, question, key, status):
        retract(key, status=status)
        accept(question)
        assert is_suspect(question)

    def test_holds_until_something_new_is_told(self, question):
        retract(status="corrected")
        accept(question)
        retract(status="corrected", at=LATER + dt.timedelta(days=1))
        assert is_suspect(question)

    def test_of_one_does_not_settle_what_came_after_it_of_the_other(self, question):
        retract(status="corrected")
        accept(question)
        retract("own2003", status="superseded", at=LATER + dt.timedelta(days=1))
        assert is_suspect(question)

    @pytest.mark.parametrize("status", ["corrected", "retracted"])
    def test_is_refused_when_it_was_not_seen(self, question, status):
        retract(status=status)
        with pytest.raises(authoring.CannotMove, match="was not shown yet"):
            accept(question, seen="")
        assert is_suspect(question)

    def test_is_refused_when_something_else_was_seen(self, question):
        retract(status="corrected")
        seen = seal_of(question)
        retract(status="superseded")
        with pytest.raises(authoring.CannotMove, match="was not shown yet"):
            accept(question, seen=seen)
        assert is_suspect(question)


class TestANewVersion:
    def test_that_rests_on_the_new_words_is_sound(self, article, question):
        republish(article, NEW_BODY)
        edit_question(question)
        assert not is_suspect(question)

    def test_counts_instead_of_the_old_one(self, article, question):
        edit_question(question, passage="her2#more")
        republish(article, NEW_BODY)
        accept(question)
        assert not is_suspect(question)

    def test_that_is_a_draft_changes_nothing(self, article, question):
        edit_question(question, publish=False, references=["other2002"])
        retract("other2002")
        assert not is_suspect(question)
