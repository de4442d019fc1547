"""The one question at the end of a section of an article."""

import pytest

from articles.models import Article
from articles.tests.factories import BODY, make_article, make_version
from quizzes import authoring
from quizzes.models import Attempt, Purpose, Question, Quiz, ResponseStep
from quizzes.tests.factories import (
    LATER,
    NEW_BODY,
    UNSURE,
    answer,
    edit_question,
    edit_quiz,
    filled,
    learner,
    make_check,
    make_question,
    make_quiz,
    retract,
    start,
    url_of,
)
from quizzes.tests.screens import read

pytestmark = pytest.mark.django_db
ARTICLE = "/articles/her2/"
CHANGED = "This page changed while it was open. Please read this question again and answer it."


@pytest.fixture
def client():
    return learner()


@pytest.fixture
def check():
    return make_check()


def on_the_article(client):
    return read(client.get(ARTICLE))


def send(client, check, *labels, **data):
    """Choose in the article and press "Check my answer"."""
    return client.post(
        url_of(check, "check/"), filled(on_the_article(client), *labels) | data
    )


class TestInTheArticle:
    def test_stands_at_the_end_of_its_section(self, client):
        passages = {"first": BODY, "second": BODY, "third": BODY}
        make_article(passages=passages)
        make_check(passage="her2#second")
        html = client.get(ARTICLE).content.decode()
        places = [html.index(mark) for mark in ('id="second"', "<form", 'id="third"')]
        assert places == sorted(places)

    def test_is_a_question_of_the_page_with_unsure_last(self, client, check):
        screen = on_the_article(client)
        assert screen.question.legend == "What about question-1?"
        assert list(screen.question.options)[-1] == UNSURE
        assert screen.question.checked == []

    def test_stands_also_under_a_key_with_capital_letters(self, client):
        make_article(passages={"What-Is_HER2": BODY})
        make_check(passage="her2#What-Is_HER2")
        assert len(on_the_article(client).questions) == 1

    def test_is_left_out_when_it_is_suspect(self, client, check):
        retract()
        assert on_the_article(client).questions == []

    def test_is_left_out_when_its_question_is_retired(self, client, check):
        question = Question.objects.get()
        authoring.retire_question(question, by=None, at=LATER, reason="Old.")
        assert on_the_article(client).questions == []

    def test_is_left_out_when_it_is_closed(self, client, check):
        authoring.close_quiz(check, by=None, at=LATER)
        assert on_the_article(client).questions == []

    def test_is_left_out_while_it_is_a_draft(self, client):
        make_check(publish=False)
        assert on_the_article(client).questions == []

    def test_gives_way_to_its_new_wording_at_once(self, client, check):
        on_the_article(client)
        edit_question(Question.objects.get(), stem="New words?")
        assert on_the_article(client).question.legend == "New words?"

    def test_stands_with_one_of_another_section(self, client):
        make_article(passages={"first": BODY, "second": BODY})
        make_check(passage="her2#first")
        make_check(passage="her2#second")
        legends = [q.legend for q in on_the_article(client).questions]
        assert legends == ["What about question-1?", "What about question-2?"]

    def test_leads_to_the_quizzes_of_the_page_too(self, client):
        article = make_article()
        make_quiz(article=article, questions=1)
        assert on_the_article(client).links["HER2 basics"] == "/quizzes/basics/"


class TestItsOwnPage:
    def test_asks_the_question(self, client, check):
        screen = read(client.get(url_of(check, "check/")))
        assert screen.heading == "What about question-1?"
        assert screen.links["Back to the page"] == f"{ARTICLE}#what-is-her2"

    def test_asks_it_in_the_same_order_as_the_article(self, client, check):
        own = read(client.get(url_of(check, "check/")))
        assert own.question == on_the_article(client).question

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_of_a_suspect_question_leads_back_to_the_article(
        self, client, check, method
    ):
        retract()
        response = getattr(client, method)(url_of(check, "check/"))
        assert response.headers["Location"] == ARTICLE

    def test_of_a_whole_quiz_is_not_found(self, client):
        quiz = make_quiz(questions=1)
        assert client.get(url_of(quiz, "check/")).status_code == 404

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_of_more_than_one_question_is_not_found(self, client, method):
        quiz = make_quiz(questions=2)
        Quiz.objects.update(
            purpose=Purpose.SECTION_CHECK,
            article=Article.objects.get(),
            passage_key="what-is-her2",
        )
        response = getattr(client, method)(url_of(quiz, "check/"))
        assert response.status_code == 404
        assert not Attempt.objects.exists()


class TestAnsweringIt:
    @pytest.mark.parametrize(
        ("kind", "labels", "headline"),
        [
            ("single", ["A protein"], "Correct"),
            ("single", [UNSURE], "Good to know"),
            ("several", ["Heart"], "Partly right"),
            ("true_false", ["True"], "Not quite – let’s look again"),
        ],
    )
    def test_leads_to_feedback(self, client, kind, labels, headline):
        response = send(client, make_check(kind=kind), *labels)
        assert response.status_code == 302
        assert read(client.get(response.headers["Location"])).heading == headline

    def test_leads_back_to_the_section(self, client, check):
        feedback = send(client, check, "A virus").headers["Location"]
        links = read(client.get(feedback)).links
        assert links["Back to the page"] == f"{ARTICLE}#what-is-her2"

    def test_twice_with_the_same_answer_stores_it_once(self, client, check):
        targets = {send(client, check, "A virus").headers["Location"] for _ in range(2)}
        assert len(targets) == 1
        assert ResponseStep.objects.count() == 1

    def test_again_with_another_answer_is_a_new_attempt(self, client, check):
        send(client, check, "A virus")
        feedback = send(client, check, "A protein").headers["Location"]
        assert read(client.get(feedback)).heading == "Correct"
        assert Attempt.objects.count() == 2

    def test_without_cookies_still_stores_the_answer(self, check):
        first, second = learner(), learner()
        assert send(first, check, "A virus").status_code == 302
        assert send(second, check, "A virus").status_code == 302
        assert Attempt.objects.count() == 2

    def test_leaves_an_unfinished_quiz_alone(self, client, check):
        url = start(client, make_quiz(questions=2))
        send(client, check, "A virus")
        assert client.get(url).status_code == 200

    @pytest.mark.parametrize("value", ["", "x", "\0", "-1", "NaN", "x" * 100_000])
    def test_with_a_strange_value_is_asked_again(self, client, check, value):
        name = on_the_article(client).question.name
        screen = read(client.post(url_of(check, "check/"), {name: value}))
        assert screen.title.startswith("Error: ")
        assert screen.question.errors
        assert not Attempt.objects.exists()

    def test_with_nothing_chosen_is_asked_again(self, client, check):
        screen = read(client.post(url_of(check, "check/")))
        problem = "Select an answer. You can choose “I am not sure”."
        assert screen.question.errors == [problem]
        assert screen.summary[problem].removeprefix("#") in screen.anchors


class TestAQuestionThatChangedMeanwhile:
    @pytest.mark.parametrize("label", ["A virus", UNSURE])
    def test_is_asked_again(self, client, check, label):
        data = filled(on_the_article(client), label)
        edit_question(Question.objects.get(), stem="New words?")
        screen = read(client.post(url_of(check, "check/"), data))
        assert screen.heading == "New words?"
        assert screen.question.errors == [CHANGED]
        assert screen.question.checked == []
        assert not Attempt.objects.exists()

    def test_is_asked_again_when_it_is_another_one(self, client, check):
        data = filled(on_the_article(client), "A virus")
        edit_quiz(check, [make_question("other")])
        screen = read(client.post(url_of(check, "check/"), data))
        assert screen.question.legend == "What about other?"
        assert screen.question.errors == [CHANGED]

    def test_can_be_answered_anew(self, client, check):
        send(client, check, UNSURE)
        edit_question(Question.objects.get(), stem="New words?")
        feedback = send(client, check, UNSURE).headers["Location"]
        assert "New words?" in read(client.get(feedback)).text

    def test_keeps_its_feedback(self, client, check):
        feedback = send(client, check, "A virus").headers["Location"]
        article = check.article
        make_version(article, passages={"what-is-her2": NEW_BODY}, at=LATER)
        assert read(client.get(feedback)).heading.startswith("Not quite")

    def test_answers_by_its_own_page_too(self, client, check):
        response = answer(client, url_of(check, "check/"), "A protein")
        assert response.status_code == 302
