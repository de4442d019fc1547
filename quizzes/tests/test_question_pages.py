"""A quiz, one question a page: start, answer, read why, go on, see the result."""

import datetime as dt

import pytest
from django.contrib.sessions.models import Session

from articles.tests.factories import make_article, make_user
from quizzes import authoring
from quizzes.models import Attempt, ResponseStep
from quizzes.tests.factories import (
    LATER,
    PASSAGE,
    UNSURE,
    answer,
    edit_question,
    learner,
    make_check,
    make_question,
    make_quiz,
    result_url,
    retract,
    skip,
    start,
    step_url,
    url_of,
)
from quizzes.tests.screens import read

pytestmark = pytest.mark.django_db


@pytest.fixture
def client():
    return learner()


def open_page(client, url):
    response = client.get(url)
    assert response.status_code == 200, response.headers
    return read(response)


class TestTheListOfQuizzes:
    def test_leads_to_each_quiz_that_can_be_taken(self, client):
        make_quiz("open", questions=1, title="Open one")
        closed = make_quiz("closed", questions=1, title="Closed one")
        make_quiz("draft", questions=1, title="Draft one", publish=False)
        authoring.close_quiz(closed, by=None, at=LATER)
        links = open_page(client, "/quizzes/").links
        assert links["Open one"] == "/quizzes/open/"
        assert not {"Closed one", "Draft one"} & set(links)

    def test_leaves_out_section_checks(self, client):
        make_check()
        assert "Check your understanding" not in open_page(client, "/quizzes/").text


class TestTheIntro:
    def test_says_what_to_expect_and_offers_to_start(self, client):
        quiz = make_quiz(questions=2, intro="Two about HER2.", minutes=4)
        screen = open_page(client, url_of(quiz))
        assert screen.heading == "HER2 basics"
        assert "Two about HER2." in screen.text
        assert "2 questions, about 4 minutes" in screen.text
        assert screen.buttons == ["Start the quiz"]

    def test_leads_to_the_page_to_read_first(self, client):
        quiz = make_quiz(questions=1, article=make_article())
        assert open_page(client, url_of(quiz)).links["About her2"] == "/articles/her2/"

    def test_of_an_unfinished_attempt_leads_to_the_first_open_question(self, client):
        quiz = make_quiz(questions=3)
        url = start(client, quiz)
        answer(client, url, "A virus")
        screen = open_page(client, url_of(quiz))
        assert "You answered 1 of 3" in screen.text
        assert screen.links["Continue"] == step_url(url, 2)

    def test_names_the_day_on_which_the_attempt_began_as_the_clocks_show_it(
        self, client
    ):
        """On 30 June at 23:30 UTC it is 1 July in London, where summer time is UTC+1."""
        quiz = make_quiz(questions=1)
        start(client, quiz)
        night = dt.datetime(2025, 6, 30, 23, 30, tzinfo=dt.UTC)
        Attempt.objects.update(started_at=night)
        assert "on 1 July" in open_page(client, url_of(quiz)).text

    @pytest.mark.parametrize("slug", ["missing", "check-question-1"])
    def test_of_no_such_quiz_is_not_found(self, client, slug):
        make_check()
        assert client.get(f"/quizzes/{slug}/").status_code == 404
        assert client.post(f"/quizzes/{slug}/").status_code == 404

    def test_of_a_closed_quiz_is_not_found(self, client):
        quiz = make_quiz(questions=1)
        authoring.close_quiz(quiz, by=None, at=LATER)
        assert client.get(url_of(quiz)).status_code == 404


class TestStarting:
    def test_leads_to_the_first_question(self, client):
        quiz = make_quiz(questions=1)
        url = start(client, quiz)
        assert url == f"/attempts/{Attempt.objects.get().id}/1/"

    def test_again_goes_on_at_the_first_open_question(self, client):
        quiz = make_quiz(questions=3)
        url = start(client, quiz)
        answer(client, url, "A virus")
        assert start(client, quiz) == step_url(url, 2)

    def test_anew_begins_another_attempt(self, client):
        quiz = make_quiz(questions=1)
        url = start(client, quiz)
        assert start(client, quiz, again="1") not in (url, None)
        assert Attempt.objects.count() == 2

    def test_when_all_is_being_checked_says_so(self, client):
        quiz = make_quiz(questions=1)
        retract()
        screen = read(client.post(url_of(quiz)))
        assert screen.title.startswith("Error: ")
        assert "Too many questions of this quiz are being checked" in screen.text

    def test_belongs_to_a_user_who_is_signed_in(self, client):
        user = make_user()
        client.force_login(user)
        start(client, make_quiz(questions=1))
        assert Attempt.objects.get().user == user

    def test_of_an_attempt_that_two_tabs_answered_leads_to_its_end(self, client):
        """Their last answers can both be stored before either sees the other's."""
        quiz = make_quiz(questions=1)
        url = start(client, quiz)
        answer(client, url, "A virus")
        Attempt.objects.update(state="in_progress", submitted_at=None)
        assert start(client, quiz) == result_url(url)
        assert "been through every question" in open_page(client, result_url(url)).text


class TestAQuestion:
    @pytest.mark.parametrize(
        ("kind", "labels", "hint"),
        [
            ("single", {"A protein", "A virus", "A medicine", UNSURE}, "Select one"),
            ("true_false", {"True", "False", UNSURE}, "Select one"),
            ("several", {"Heart", "Lungs", "Hair", "Sight"}, "Select all that apply"),
        ],
    )
    def test_shows_its_options_with_nothing_chosen(self, client, kind, labels, hint):
        screen = open_page(client, start(client, make_quiz(questions=1, kind=kind)))
        assert screen.heading == screen.question.legend == "What about basics-1?"
        assert set(screen.question.options) == labels
        assert screen.question.checked == []
        assert hint in screen.text

    @pytest.mark.parametrize("kind", ["single", "true_false"])
    def test_with_one_answer_has_unsure_last(self, client, kind):
        quiz = make_quiz(questions=4, kind=kind)
        url = start(client, quiz)
        for position in range(1, 5):
            options = open_page(client, step_url(url, position)).question.options
            assert list(options)[-1] == UNSURE

    def test_shows_true_before_false(self, client):
        screen = open_page(client, start(client, make_quiz(kind="true_false")))
        assert list(screen.question.options) == ["True", "False", UNSURE]

    def test_says_which_of_how_many_it_is(self, client):
        screen = open_page(client, step_url(start(client, make_quiz(questions=3)), 2))
        assert screen.title.startswith("Question 2 of 3, HER2 basics")

    def test_leads_to_the_passage_that_answers_it(self, client):
        url = start(client, make_quiz(questions=1))
        attempt = Attempt.objects.get()
        link = open_page(client, url).links["What is her2"]
        assert link == f"/articles/her2/?from={attempt.id}.1#what-is-her2"

    def test_leads_back_to_the_one_before(self, client):
        url = start(client, make_quiz(questions=2))
        assert "Back to question 1" not in open_page(client, url).links
        second = open_page(client, step_url(url, 2))
        assert second.links["Back to question 1"] == url

    def test_looks_the_same_after_a_reload(self, client):
        url = start(client, make_quiz(questions=1))
        assert client.get(url).content == client.get(url).content

    def test_keeps_no_copy_in_caches(self, client):
        url = start(client, make_quiz(questions=1))
        assert "no-store" in client.get(url).headers["Cache-Control"]

    def test_answers_head(self, client):
        url = start(client, make_quiz(questions=1))
        assert client.head(url).status_code == 200

    @pytest.mark.parametrize("position", ["0", "2", "99999", "9" * 30, "9" * 5000])
    @pytest.mark.parametrize("page", ["", "feedback/"])
    def test_that_is_not_there_is_not_found(self, client, position, page):
        url = step_url(start(client, make_quiz(questions=1)), position) + page
        assert client.get(url).status_code == 404
        assert client.post(url).status_code in (404, 405)

    def test_was_skipped_says_so(self, client):
        url = start(client, make_quiz(questions=2))
        skip(client, url)
        assert "You skipped this question before" in open_page(client, url).text


class TestAnAnswer:
    def test_leads_to_its_feedback(self, client):
        url = start(client, make_quiz(questions=2))
        response = answer(client, url, "A virus")
        assert response.status_code == 302
        assert response.headers["Location"] == f"{url}feedback/"

    @pytest.mark.parametrize(
        ("kind", "chosen", "headline"),
        [
            ("single", ["A protein"], "Correct"),
            ("single", ["A virus"], "Not quite – let’s look again"),
            ("single", [UNSURE], "Good to know"),
            ("true_false", ["False"], "Correct"),
            ("true_false", ["True"], "Not quite – let’s look again"),
            ("several", ["Heart", "Lungs"], "Correct"),
            ("several", ["Heart"], "Partly right"),
            ("several", ["Hair"], "Not quite – let’s look again"),
        ],
    )
    def test_is_put_into_words(self, client, kind, chosen, headline):
        url = start(client, make_quiz(questions=1, kind=kind))
        answer(client, url, *chosen)
        assert open_page(client, f"{url}feedback/").heading == headline

    def test_once_given_is_not_asked_for_again(self, client):
        url = start(client, make_quiz(questions=2))
        answer(client, url, "A virus")
        assert client.get(url).headers["Location"] == f"{url}feedback/"

    def test_sent_twice_is_stored_once(self, client):
        url = start(client, make_quiz(questions=2))
        data = {"answer": read(client.get(url)).question.options["A virus"], "step": 1}
        responses = [client.post(url, data) for _ in range(2)]
        assert {r.headers["Location"] for r in responses} == {f"{url}feedback/"}
        assert ResponseStep.objects.count() == 1

    def test_changed_after_going_back_is_not_taken(self, client):
        url = start(client, make_quiz(questions=2))
        screen = read(client.get(url))
        answer(client, url, "A virus")
        changed = {"answer": screen.question.options["A protein"], "step": 1}
        response = client.post(url, changed)
        assert response.headers["Location"] == f"{url}feedback/?kept=1"
        feedback = open_page(client, f"{url}feedback/?kept=1")
        assert "Your first answer is kept." in feedback.text
        assert "You chose: A virus" in feedback.text

    def test_missing_is_asked_for(self, client):
        url = start(client, make_quiz(questions=2))
        screen = read(answer(client, url))
        problem = "Select an answer. You can choose “I am not sure”."
        assert screen.title.startswith("Error: Question 1 of 2")
        assert screen.summary == {problem: "#id_answer_0"}
        assert screen.question.errors == [problem]
        assert "id_answer_0" in screen.anchors

    def test_missing_to_several_is_asked_for(self, client):
        url = start(client, make_quiz(questions=2, kind="several"))
        problem = "Select at least one answer."
        assert read(answer(client, url)).question.errors == [problem]

    def test_missing_to_a_question_answered_in_another_tab_leads_to_its_feedback(
        self, client
    ):
        url = start(client, make_quiz(questions=2))
        answer(client, url, "A virus")
        response = client.post(url, {"step": "1"})
        assert response.headers["Location"] == f"{url}feedback/"

    def test_missing_after_the_end_leads_to_the_result(self, client):
        url = start(client, make_quiz(questions=2))
        client.post(result_url(url))
        response = client.post(url, {"step": "1"})
        assert response.headers["Location"] == result_url(url)

    def test_after_the_end_leads_to_the_result(self, client):
        url = start(client, make_quiz(questions=2))
        screen = read(client.get(url))
        client.post(result_url(url))
        data = {"answer": screen.question.options["A virus"], "step": "1"}
        assert client.post(url, data).headers["Location"] == result_url(url)
        assert not ResponseStep.objects.exists()

    def test_of_another_question_is_refused(self, client):
        url = start(client, make_quiz(questions=2))
        other = read(client.get(step_url(url, 2))).question.options["A protein"]
        screen = read(client.post(url, {"answer": other, "step": "1"}))
        assert screen.question.errors == ["Select one of the answers shown."]
        assert not ResponseStep.objects.exists()

    def test_from_a_page_that_is_out_of_date_keeps_the_choice(self, client):
        url = start(client, make_quiz(questions=2))
        old = read(client.get(url))
        skip(client, url)
        data = {"answer": old.question.options["A virus"], **old.hidden}
        screen = read(client.post(url, data))
        assert "out of date, so nothing was stored" in screen.question.errors[0]
        assert screen.question.checked == ["A virus"]
        assert screen.summary[screen.question.errors[0]] == "#id_answer_0"

    def test_sent_again_from_that_page_is_stored(self, client):
        url = start(client, make_quiz(questions=2, kind="several"))
        old = read(client.get(url))
        skip(client, url)
        values = [old.question.options[label] for label in ("Heart", "Hair")]
        again = read(client.post(url, {"answer": values, **old.hidden}))
        assert sorted(again.question.checked) == ["Hair", "Heart"]
        response = client.post(url, {"answer": values, **again.hidden})
        assert response.headers["Location"] == f"{url}feedback/"


class TestStrangeValues:
    """Nothing that can be posted gives a wrong mark or an error of the server's."""

    VALUES = [
        "",
        " ",
        "0",
        "-1",
        "1e3",
        "NaN",
        "\0",
        "\u0661\u0662",  # Arabic-Indic digits
        "true",
        "None",
        "' OR 1=1 --",
        "<script>alert(1)</script>",
        "🧬",
        "UNSURE",
        "x" * 1_000_000,
    ]

    @pytest.mark.parametrize("kind", ["single", "several", "true_false"])
    def test_as_an_answer_are_refused(self, client, kind):
        url = start(client, make_quiz(questions=1, kind=kind))
        for value in self.VALUES:
            screen = read(client.post(url, {"answer": value, "step": "1"}))
            assert screen.title.startswith("Error: "), value[:20]
        assert not ResponseStep.objects.exists()

    def test_beside_a_good_answer_are_refused(self, client):
        url = start(client, make_quiz(questions=1, kind="several"))
        good = read(client.get(url)).question.options["Heart"]
        for value in ["", "0", "unsure", "x"]:
            response = client.post(url, {"answer": [good, value], "step": "1"})
            assert response.status_code == 200
        assert not ResponseStep.objects.exists()

    def test_as_a_step_store_nothing_and_keep_the_choice(self, client):
        url = start(client, make_quiz(questions=1))
        good = read(client.get(url)).question.options["A virus"]
        for value in [*self.VALUES, "2", "01e", "9999", "1" * 5000]:
            screen = read(client.post(url, {"answer": good, "step": value}))
            assert screen.question.checked == ["A virus"]
            assert screen.hidden["step"] == "1"
        assert not ResponseStep.objects.exists()

    def test_of_two_answers_to_one_question_store_neither(self, client):
        url = start(client, make_quiz(questions=1))
        options = read(client.get(url)).question.options
        both = [options["A virus"], options["A protein"]]
        screen = read(client.post(url, {"answer": both, "step": "1"}))
        assert screen.question.errors == ["Select one of the answers shown."]
        assert not ResponseStep.objects.exists()

    @pytest.mark.parametrize("kind", ["single", "several"])
    def test_of_one_answer_fifty_times_count_once(self, client, kind):
        url = start(client, make_quiz(questions=1, kind=kind))
        (_, value), *_ = read(client.get(url)).question.options.items()
        client.post(url, {"answer": [value] * 50, "step": "1"})
        assert ResponseStep.objects.get().chosen == [value]

    def test_as_an_array_are_no_answer(self, client):
        url = start(client, make_quiz(questions=1))
        good = read(client.get(url)).question.options["A virus"]
        for name in ["answer[]", "answer[0]", "Answer"]:
            screen = read(client.post(url, {name: good, "step": "1"}))
            assert screen.question.errors
        assert not ResponseStep.objects.exists()

    @pytest.mark.parametrize(
        ("body", "content_type"),
        [
            (b'{"answer": "x", "step": 1}', "application/json"),
            (b"answer=%ED%A0%80&step=%ED%A0%80", "application/x-www-form-urlencoded"),
            (b"answer=%FF%FE&step=%00", "application/x-www-form-urlencoded"),
            (b"%", "application/x-www-form-urlencoded"),
            (b"", "application/x-www-form-urlencoded"),
            (b"", "text/plain"),
        ],
    )
    def test_in_a_raw_body_are_no_answer(self, client, body, content_type):
        url = start(client, make_quiz(questions=1))
        response = client.post(url, body, content_type=content_type)
        assert read(response).question.errors
        assert not ResponseStep.objects.exists()

    @pytest.mark.parametrize("charset", ["raw_unicode_escape", "hex", "utf-16"])
    @pytest.mark.parametrize("page", ["question", "all"])
    def test_in_an_encoding_of_their_own_are_a_bad_request(self, client, charset, page):
        """The first of these can spell a lone surrogate, which no page could print."""
        quiz = make_quiz(questions=1)
        url = start(client, quiz) if page == "question" else url_of(quiz, "all/")
        head = 'Content-Disposition: form-data; name="step"'
        body = f"--x\r\n{head}\r\n\r\n\\ud800\r\n--x--\r\n".encode()
        form = f"multipart/form-data; boundary=x; charset={charset}"
        response = client.generic("POST", url, body, content_type=form)
        assert response.status_code == 400
        assert not ResponseStep.objects.exists()

    @pytest.mark.parametrize(
        "body",
        [
            b"answer=" + b"x" * 3_000_000,
            b"&".join(b"a=1" for _ in range(1001)),
        ],
        ids=["3 MB", "1001 fields"],
    )
    def test_that_are_too_many_are_a_bad_request(self, client, body):
        url = start(client, make_quiz(questions=1))
        kind = "application/x-www-form-urlencoded"
        assert client.post(url, body, content_type=kind).status_code == 400


class TestSkipping:
    def test_leads_to_the_next_open_question(self, client):
        url = start(client, make_quiz(questions=3))
        answer(client, step_url(url, 2), "A virus")
        assert skip(client, url).headers["Location"] == step_url(url, 3)

    def test_the_last_leads_to_the_end(self, client):
        url = start(client, make_quiz(questions=2))
        last = step_url(url, 2)
        assert skip(client, last).headers["Location"] == result_url(url)

    def test_needs_no_step(self, client):
        url = start(client, make_quiz(questions=2))
        response = client.post(url, {"skip": "1"})
        assert response.headers["Location"] == step_url(url, 2)

    def test_after_the_end_leads_to_the_result(self, client):
        url = start(client, make_quiz(questions=2))
        client.post(result_url(url))
        response = client.post(url, {"skip": "1", "step": "1"})
        assert response.headers["Location"] == result_url(url)


class TestFeedback:
    def test_gives_the_reasons_for_the_answer_chosen_and_the_right_one(self, client):
        url = start(client, make_quiz(questions=1))
        answer(client, url, "A virus")
        text = open_page(client, f"{url}feedback/").text
        assert "You chose: A virus Because of “A virus”." in text
        assert "The answer: A protein Because of “A protein”." in text
        assert "Because of “A medicine”." not in text

    def test_leads_to_the_passage_and_the_source(self, client):
        url = start(client, make_quiz(questions=1))
        answer(client, url, "A virus")
        links = open_page(client, f"{url}feedback/").links
        attempt = Attempt.objects.get()
        passage = f"/articles/her2/?from={attempt.id}.1#what-is-her2"
        assert links["Read this part again"] == passage
        assert links["A trial by slamon2001"] == "/references/slamon2001/"

    def test_leads_back_to_the_start_of_the_quiz_and_not_to_itself(self, client):
        url = start(client, make_quiz("basics", questions=1))
        answer(client, url, "A virus")
        links = open_page(client, f"{url}feedback/").links
        assert links["Back to the start of this quiz"] == "/quizzes/basics/"
        assert "Back to the question" not in links

    @pytest.mark.parametrize(("count", "is_folded"), [(2, False), (3, True)])
    def test_folds_a_long_list_of_sources(self, client, count, is_folded):
        keys = [f"trial{n}" for n in range(count)]
        question = make_question(references=keys)
        url = start(client, make_quiz(questions=[question]))
        answer(client, url, "A virus")
        screen = open_page(client, f"{url}feedback/")
        assert (f"Sources ({count})" in screen.text) is is_folded
        assert all(f"A trial by {key}" in screen.links for key in keys)

    def test_leads_on_to_the_next_open_question(self, client):
        url = start(client, make_quiz(questions=3))
        answer(client, step_url(url, 2), "A virus")
        answer(client, url, "A virus")
        links = open_page(client, f"{url}feedback/").links
        assert links["Next question"] == step_url(url, 3)

    def test_of_the_last_answer_leads_to_the_result(self, client):
        url = start(client, make_quiz(questions=1))
        answer(client, url, "A virus")
        links = open_page(client, f"{url}feedback/").links
        assert links["See your result"] == result_url(url)

    def test_of_the_last_question_leads_to_what_is_still_open(self, client):
        url = start(client, make_quiz(questions=2))
        answer(client, step_url(url, 2), "A virus")
        links = open_page(client, f"{step_url(url, 2)}feedback/").links
        assert links["Continue"] == result_url(url)

    def test_before_the_answer_leads_to_the_question(self, client):
        url = start(client, make_quiz(questions=1))
        assert client.get(f"{url}feedback/").headers["Location"] == url

    def test_of_what_was_left_out_can_be_read_after_the_end(self, client):
        url = start(client, make_quiz(questions=2))
        client.post(result_url(url))
        screen = open_page(client, f"{url}feedback/")
        assert screen.heading == "Skipped"
        assert "The answer: A protein" in screen.text

    def test_shows_the_wording_that_was_answered(self, client):
        question = make_question("q")
        url = start(client, make_quiz(questions=[question]))
        answer(client, url, "A virus")
        edit_question(question, stem="New words?", options={"X": True, "Y": False})
        assert "What about q?" in open_page(client, f"{url}feedback/").text

    def test_of_a_question_whose_passage_is_lost_has_no_link_to_it(self, client):
        url = start(client, make_quiz(questions=1))
        answer(client, url, "A virus")
        Attempt.objects.get().slots.update(passage=None)
        assert "Read this part again" not in open_page(client, f"{url}feedback/").links


class TestTheResult:
    def take(self, client, *labels):
        """Answer as many questions; None leaves one out. The address of the result."""
        url = start(client, make_quiz(questions=len(labels), article=make_article()))
        for position, label in enumerate(labels, 1):
            if label:
                answer(client, step_url(url, position), label)
        client.post(result_url(url))
        return result_url(url)

    def test_counts_what_was_right(self, client):
        url = self.take(
            client, "A protein", "A protein", "A protein", "A protein", "A virus", None
        )
        assert open_page(client, url).heading == "You got 4 of 6"

    def test_names_what_to_read_again_with_the_way_back(self, client):
        url = self.take(client, "A protein", "A virus")
        attempt = Attempt.objects.get()
        screen = open_page(client, url)
        link = f"/articles/her2/?from={attempt.id}.2#what-is-her2"
        assert screen.links["What is her2"] == link
        assert "Question 2: What about basics-2? Not quite." in screen.text
        assert "Question 1: What about basics-1?" not in screen.text

    def test_leads_to_the_reasons_of_every_answer(self, client):
        url = self.take(client, "A protein", "A virus")
        links = open_page(client, url).links
        for position in (1, 2):
            feedback = step_url(url.replace("result", "1"), position) + "feedback/"
            assert links[f"What about basics-{position}?"] == feedback

    def test_counts_unsure_and_skipped_apart(self, client):
        text = open_page(client, self.take(client, UNSURE, UNSURE, None)).text
        assert "You said “I am not sure” 2 times." in text
        assert "You skipped 1 question." in text

    def test_of_all_right_offers_no_retry(self, client):
        screen = open_page(client, self.take(client, "A protein"))
        assert "You know this well." in screen.text
        assert screen.buttons == ["Try all again", "Print my answers"]

    def test_leads_to_the_page_of_the_quiz_and_to_the_next(self, client):
        make_article("next")
        links = open_page(client, self.take(client, "A virus")).links
        assert links["About her2"] == "/articles/her2/"
        assert links["About next"] == "/articles/next/"

    def test_of_a_quiz_without_a_page_leads_to_the_first(self, client):
        url = start(client, make_quiz(questions=1))
        answer(client, url, "A virus")
        assert (
            open_page(client, result_url(url)).links["About her2"] == "/articles/her2/"
        )

    def test_of_a_closed_quiz_offers_no_retry(self, client):
        url = self.take(client, "A virus")
        attempt = Attempt.objects.get()
        authoring.close_quiz(attempt.quiz_version.quiz, by=None, at=LATER)
        assert "Try this one again" not in open_page(client, url).buttons

    def test_before_the_end_lists_what_is_open(self, client):
        url = start(client, make_quiz(questions=3))
        answer(client, url, "A virus")
        screen = open_page(client, result_url(url))
        assert screen.heading == "You answered 1 of 3"
        assert screen.links["Question 2: What about basics-2?"] == step_url(url, 2)
        assert screen.buttons == ["Finish and see my result"]

    def test_comes_after_the_end_was_asked_for(self, client):
        url = start(client, make_quiz(questions=2))
        response = client.post(result_url(url))
        assert response.headers["Location"] == result_url(url)
        assert open_page(client, result_url(url)).heading == "You got 0 of 2"

    def test_closes_the_questions(self, client):
        url = self.take(client, None)
        question = url.replace("result", "1")
        assert client.get(question).headers["Location"] == url


class TestTryingAgain:
    def retry(self, client, url):
        return client.post(result_url(url).replace("result", "retry"))

    def test_asks_only_what_was_missed(self, client):
        url = start(client, make_quiz(questions=3))
        for position, label in enumerate(["A protein", "A virus", UNSURE], 1):
            answer(client, step_url(url, position), label)
        assert "Try these 2 again" in open_page(client, result_url(url)).buttons
        target = self.retry(client, url).headers["Location"]
        assert open_page(client, target).title.startswith("Question 1 of 2")

    def test_twice_leads_to_one_attempt(self, client):
        url = start(client, make_quiz(questions=1))
        answer(client, url, "A virus")
        targets = {self.retry(client, url).headers["Location"] for _ in range(2)}
        assert len(targets) == 1

    def test_when_nothing_was_missed_says_that_there_is_nothing(self, client):
        url = start(client, make_quiz(questions=1))
        answer(client, url, "A protein")
        response = self.retry(client, url)
        assert response.status_code == 200
        assert read(response).title.startswith("Error: ")

    def test_by_a_link_is_not_possible(self, client):
        url = start(client, make_quiz(questions=1))
        retry = result_url(url).replace("result", "retry")
        assert client.get(retry).status_code == 405

    def test_of_a_closed_quiz_is_not_found(self, client):
        quiz = make_quiz(questions=1)
        url = start(client, quiz)
        answer(client, url, "A virus")
        authoring.close_quiz(quiz, by=None, at=LATER)
        assert self.retry(client, url).status_code == 404
        assert Attempt.objects.count() == 1

    def test_of_a_section_check_is_not_found(self, client):
        check = make_check(passage=PASSAGE)
        url = url_of(check, "check/")
        response = answer(client, url, "A protein")
        feedback = response.headers["Location"]
        assert self.retry(client, feedback[: -len("feedback/")]).status_code == 404


class TestALostSession:
    @pytest.fixture
    def url(self, client):
        url = start(client, make_quiz(questions=2))
        Session.objects.all().delete()
        return url

    @pytest.mark.parametrize("page", ["question", "feedback", "result"])
    def test_is_told_where_the_answers_may_be(self, client, url, page):
        address = {
            "question": url,
            "feedback": f"{url}feedback/",
            "result": result_url(url),
        }[page]
        response = client.get(address)
        assert response.status_code == 404
        assert "another device or browser, or its 30 days may have passed" in (
            read(response).text
        )

    def test_stores_no_answer(self, client, url):
        assert client.post(url, {"answer": "unsure", "step": "1"}).status_code == 404
        assert not ResponseStep.objects.exists()


class TestStaffWorkMeanwhile:
    """Edits behind a learner's back change nothing on the pages of this attempt."""

    def test_an_edited_question_looks_the_same(self, client):
        question = make_question("q")
        url = start(client, make_quiz(questions=[question]))
        before = client.get(url).content
        edit_question(question, stem="New?", options={"X": True, "Y": False})
        assert client.get(url).content == before

    def test_a_retired_question_looks_the_same(self, client):
        question = make_question("q")
        url = start(client, make_quiz(questions=[question]))
        before = client.get(url).content
        authoring.retire_question(question, by=None, at=LATER, reason="Out of date.")
        assert client.get(url).content == before
