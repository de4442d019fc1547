"""All questions of a quiz on one page, sent at once."""

import pytest

from articles.tests.factories import BODY, make_article
from quizzes import authoring
from quizzes.models import Attempt, ResponseStep
from quizzes.tests.factories import (
    LATER,
    UNSURE,
    answer,
    edit_question,
    learner,
    make_question,
    make_quiz,
    retract,
    start,
    step_url,
    url_of,
)
from quizzes.tests.screens import read

pytestmark = pytest.mark.django_db
SELECT = "Select an answer. You can choose “I am not sure”."
CHANGED = "This page changed while it was open. Please read this question again and answer it."


@pytest.fixture
def client():
    return learner()


@pytest.fixture
def quiz():
    return make_quiz(questions=3)


def open_all(client, quiz):
    response = client.get(url_of(quiz, "all/"))
    assert response.status_code == 200
    return read(response)


def chosen(screen, *labels, **data):
    """What the browser sends when these labels are chosen, from the first question on."""
    body = dict(screen.hidden)
    for question, label in zip(screen.questions, labels, strict=False):
        if label:
            body[question.name] = question.options[label]
    return body | data


def send(client, quiz, *labels, **data):
    """Open the page, choose and press a button."""
    screen = open_all(client, quiz)
    return client.post(url_of(quiz, "all/"), chosen(screen, *labels, **data))


class TestThePage:
    def test_shows_every_question_with_its_number(self, client, quiz):
        screen = open_all(client, quiz)
        assert [question.legend for question in screen.questions] == [
            f"Question {n} of 3: What about basics-{n}?" for n in (1, 2, 3)
        ]
        assert screen.buttons == ["Print the questions", "Check my answers"]

    def test_has_unsure_last_for_one_answer_and_not_at_all_for_several(self, client):
        one, several = make_question("a"), make_question("b", kind="several")
        screen = open_all(client, make_quiz(questions=[one, several]))
        first, second = (list(question.options) for question in screen.questions)
        assert first[-1] == UNSURE
        assert UNSURE not in second

    def test_has_nothing_chosen(self, client, quiz):
        assert not any(q.checked for q in open_all(client, quiz).questions)

    def test_leaves_out_retired_questions(self, client, quiz):
        retired = quiz.versions.get().slots.first().question
        authoring.retire_question(retired, by=None, at=LATER, reason="Out of date.")
        assert [q.legend for q in open_all(client, quiz).questions] == [
            "Question 1 of 2: What about basics-2?",
            "Question 2 of 2: What about basics-3?",
        ]

    def test_keeps_the_order_of_the_quiz_where_a_question_stands_in_two(self, client):
        a, b, c = (make_question(name) for name in "abc")
        make_quiz("other", questions=[c, b])
        screen = open_all(client, make_quiz("this", questions=[a, b, c]))
        assert [q.legend[-2] for q in screen.questions] == ["a", "b", "c"]

    def test_may_not_be_shared_between_readers(self, client, quiz):
        """It carries the name of one sitting, by which what is sent twice is found."""
        response = client.get(url_of(quiz, "all/"))
        assert "private" in response.headers["Cache-Control"]

    def test_names_each_sitting_anew(self, client, quiz):
        sittings = {open_all(client, quiz).hidden["sitting"] for _ in range(2)}
        assert len(sittings) == 2

    def test_of_no_such_quiz_is_not_found(self, client):
        assert client.get("/quizzes/missing/all/").status_code == 404


class TestSendingIt:
    def test_with_every_answer_leads_to_the_result(self, client, quiz):
        response = send(client, quiz, "A protein", "A virus", "A protein")
        assert response.status_code == 302
        result = read(client.get(response.headers["Location"]))
        assert result.heading == "You got 2 of 3"

    def test_marks_each_kind(self, client):
        kinds = ["single", "several", "true_false"]
        quiz = make_quiz(questions=[make_question(kind=kind) for kind in kinds])
        screen = open_all(client, quiz)
        data = chosen(screen, "A protein", None, "False")
        several = screen.questions[1]
        data[several.name] = [several.options[label] for label in ("Heart", "Lungs")]
        response = client.post(url_of(quiz, "all/"), data)
        result = read(client.get(response.headers["Location"]))
        assert result.heading == "You got 3 of 3"

    def test_with_some_unanswered_lists_them(self, client, quiz):
        screen = read(send(client, quiz, "A protein"))
        assert screen.title.startswith("Error: All questions")
        second, third = screen.questions[1:]
        assert list(screen.summary) == [
            f"Question 2: {SELECT}",
            f"Question 3: {SELECT}",
        ]
        assert set(screen.summary.values()) <= {f"#{a}" for a in screen.anchors}
        assert second.errors == third.errors == [SELECT]
        assert not Attempt.objects.exists()

    def test_says_that_a_question_can_be_left_out(self, client, quiz):
        text = open_all(client, quiz).text
        assert "You can leave questions out; we ask once whether you forgot" in text

    def test_with_no_answer_to_several_names_no_button_that_is_not_there(self, client):
        quiz = make_quiz(questions=[make_question(kind="several")])
        screen = read(send(client, quiz))
        assert list(screen.summary) == ["Question 1: Select at least one answer."]
        assert "Skip this question" not in screen.buttons

    def test_with_some_unanswered_keeps_the_others(self, client, quiz):
        first, *_ = read(send(client, quiz, "A virus")).questions
        assert first.checked == ["A virus"]
        assert first.errors == []

    def test_with_some_unanswered_offers_to_check_the_answered_ones(self, client, quiz):
        buttons = read(send(client, quiz, "A virus")).buttons
        assert "Check the ones I answered" in buttons

    def test_in_part_counts_the_others_as_skipped(self, client, quiz):
        response = send(client, quiz, "A protein", partial="1")
        result = read(client.get(response.headers["Location"]))
        assert result.heading == "You got 1 of 3"
        assert "You skipped 2 questions." in result.text

    def test_with_a_strange_value_is_refused_also_in_part(self, client, quiz):
        screen = open_all(client, quiz)
        data = chosen(screen, "A protein", partial="1")
        data[screen.questions[1].name] = "nonsense"
        again = read(client.post(url_of(quiz, "all/"), data))
        assert list(again.summary) == ["Question 2: Select one of the answers shown."]
        assert not Attempt.objects.exists()

    def test_with_an_option_of_another_question_is_refused(self, client, quiz):
        screen = open_all(client, quiz)
        first, second, _ = screen.questions
        data = chosen(screen, "A protein", None, "A protein", partial="1")
        data[second.name] = first.options["A protein"]
        client.post(url_of(quiz, "all/"), data)
        assert not Attempt.objects.exists()

    def test_sets_an_unfinished_attempt_aside(self, client, quiz):
        url = start(client, quiz)
        answer(client, url, "A virus")
        send(client, quiz, *["A protein"] * 3)
        assert Attempt.objects.get(pk=url.split("/")[2]).state == "set_aside"
        assert not Attempt.objects.open().exists()

    def test_when_all_is_being_checked_says_so(self, client, quiz):
        retract()
        screen = read(client.post(url_of(quiz, "all/")))
        assert "Too many questions of this quiz are being checked" in screen.text
        assert screen.title.startswith("Error: ")

    def test_its_answers_can_be_read_one_by_one(self, client, quiz):
        result = send(client, quiz, *["A virus"] * 3).headers["Location"]
        first = step_url(result.replace("result", "1"), 1)
        assert client.get(first).headers["Location"] == f"{first}feedback/"


class TestSendingItTwice:
    @pytest.mark.parametrize("with_cookie", [True, False])
    def test_finds_the_first_attempt(self, quiz, with_cookie):
        """Without one, both are sent before the first answer sets a cookie."""
        clients = [learner(), learner()]
        if with_cookie:
            start(clients[0], make_quiz("other", questions=1))
            clients[1].cookies = clients[0].cookies
        data = chosen(open_all(clients[0], quiz), *["A protein"] * 3)
        responses = [c.post(url_of(quiz, "all/"), data) for c in clients]
        assert len({r.headers["Location"] for r in responses}) == 1
        assert Attempt.objects.filter(quiz_version__quiz=quiz).count() == 1
        assert ResponseStep.objects.count() == 3
        for sender, response in zip(clients, responses, strict=True):
            assert sender.get(response.headers["Location"]).status_code == 200

    def test_keeps_the_first_answers(self, client, quiz):
        screen = open_all(client, quiz)
        for label in ("A virus", "A protein"):
            response = client.post(url_of(quiz, "all/"), chosen(screen, *[label] * 3))
        result = read(client.get(response.headers["Location"]))
        assert result.heading == "You got 0 of 3"

    def test_by_somebody_else_with_an_own_session_is_refused(self, quiz):
        mine, theirs = learner(), learner()
        start(theirs, make_quiz("other", questions=1))
        data = chosen(open_all(mine, quiz), *["A protein"] * 3)
        mine.post(url_of(quiz, "all/"), data)
        response = theirs.post(url_of(quiz, "all/"), data)
        assert "already sent from another browser" in read(response).text

    def test_its_attempt_has_an_address_that_does_not_give_the_sitting_away(
        self, client, quiz
    ):
        sitting = open_all(client, quiz).hidden["sitting"]
        response = send(client, quiz, *["A protein"] * 3, sitting=sitting)
        assert sitting[:8] not in response.headers["Location"]

    @pytest.mark.parametrize("sitting", ["", "\0", "x" * 100_000, "🧬", "é"])
    def test_with_a_strange_sitting_is_an_attempt_all_the_same(
        self, client, quiz, sitting
    ):
        response = send(client, quiz, *["A protein"] * 3, sitting=sitting)
        assert client.get(response.headers["Location"]).status_code == 200


class TestAQuestionThatChangedMeanwhile:
    @pytest.fixture
    def sent(self, client):
        """The answers on a page of which the second question has new words since."""
        questions = [make_question(name) for name in "abc"]
        quiz = make_quiz(questions=questions)
        screen = open_all(client, quiz)
        edit_question(questions[1], stem="New words?")
        return chosen(screen, "A protein", "A virus", "A protein")

    def test_is_asked_again(self, client, sent):
        screen = read(client.post("/quizzes/basics/all/", sent))
        assert list(screen.summary) == [f"Question 2: {CHANGED}"]
        first, second, third = screen.questions
        assert second.legend == "Question 2 of 3: New words?"
        assert (first.checked, second.checked, third.checked) == (
            ["A protein"],
            [],
            ["A protein"],
        )
        assert not Attempt.objects.exists()

    def test_is_asked_again_also_in_part(self, client, sent):
        """Its answer would be lost otherwise, and counted as skipped."""
        response = client.post("/quizzes/basics/all/", {**sent, "partial": "1"})
        assert read(response).questions[1].errors == [CHANGED]
        assert not Attempt.objects.exists()

    def test_can_be_left_out_then(self, client, sent):
        screen = read(client.post("/quizzes/basics/all/", sent))
        data = chosen(screen, "A protein", None, "A protein", partial="1")
        assert client.post("/quizzes/basics/all/", data).status_code == 302

    def test_and_left_the_quiz_does_not_hold_up_the_others(self, client):
        other = make_article("other", passages={"part": BODY})
        questions = [make_question("a"), make_question("b", passage="other#part")]
        quiz = make_quiz(questions=questions)
        screen = open_all(client, quiz)
        authoring.retire_question(questions[1], by=None, at=LATER, reason="Old.")
        data = chosen(screen, "A protein", "A protein")
        assert client.post(url_of(quiz, "all/"), data).status_code == 302
        assert other.slug == "other"

    @pytest.mark.parametrize("name", ["q0-answer", f"q{'9' * 40}-answer", "q٣-answer"])
    def test_is_not_confused_with_names_of_nowhere(self, client, quiz, name):
        response = send(client, quiz, *["A protein"] * 3, **{name: "x"})
        assert response.status_code == 302
