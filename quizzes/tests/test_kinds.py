"""Every kind of question through its pages: asked, answered, marked, explained."""

import pytest

from articles import hiding
from articles.models import Article
from articles.tests.factories import make_version
from quizzes.models import Attempt, ResponseStep
from quizzes.tests.factories import (
    LATER,
    OPTIONS,
    RIGHT,
    WRONG,
    answer,
    filled,
    learner,
    make_check,
    make_question,
    make_quiz,
    mark_of,
    result_url,
    start,
    url_of,
)
from quizzes.tests.screens import read

pytestmark = pytest.mark.django_db
KINDS = list(OPTIONS)


def labels(answers, kind):
    given = answers[kind]
    return given if isinstance(given, list) else [given]


@pytest.fixture
def client():
    return learner()


def begin(client, kind, **content):
    quiz = make_quiz(questions=[make_question("asked", kind=kind, **content)])
    return start(client, quiz)


def mark():
    return mark_of(Attempt.objects.get(), 1)


def feedback_after(client, url, *given):
    response = answer(client, url, *given)
    return read(client.get(response.headers["Location"]))


@pytest.mark.parametrize("kind", KINDS)
class TestEachKind:
    def test_says_how_it_is_marked_before_it_is_answered(self, client, kind):
        hints = {
            "single": "Select one option.",
            "true_false": "Select one option.",
            "several": "Each right one adds",
            "matching": "Each row that is right counts.",
            "ordering": "Each line in its right place counts.",
            "number": "Write it in figures.",
            "sentence": "Select the sentence that tells you.",
        }
        assert hints[kind] in read(client.get(begin(client, kind))).text

    def test_answered_rightly_is_worth_all(self, client, kind):
        screen = feedback_after(client, begin(client, kind), *labels(RIGHT, kind))
        assert screen.heading == "Correct"
        assert mark() == 1000

    def test_answered_wrongly_shows_the_answer_and_the_passage(self, client, kind):
        screen = feedback_after(client, begin(client, kind), *labels(WRONG, kind))
        assert screen.heading.startswith("Not quite")
        assert "Read this part again" in screen.links
        assert mark() == 0

    def test_without_an_answer_asks_for_one_and_keeps_what_was_chosen(
        self, client, kind
    ):
        url = begin(client, kind)
        screen = read(client.post(url, {"step": "1", "check": "1"}))
        assert screen.title.startswith("Error: ")
        assert len(screen.summary) == 1
        (target,) = screen.summary.values()
        assert target.removeprefix("#") in screen.anchors
        assert not ResponseStep.objects.exists()

    def test_stands_at_the_end_of_a_section_too(self, client, kind):
        question = make_question("asked", kind=kind)
        basis = question.versions.get().basis
        passage = f"{basis.article.slug}#{basis.passage_key}"
        make_check(question, passage=passage)
        page = client.get("/quizzes/check-asked/check/")
        given = filled(read(page), *labels(RIGHT, kind))
        sent = client.post("/quizzes/check-asked/check/", given)
        assert read(client.get(sent.headers["Location"])).heading == "Correct"

    def test_is_answered_on_one_page_with_others(self, client, kind):
        quiz = make_quiz(questions=[make_question("asked", kind=kind)])
        given = filled(read(client.get(url_of(quiz, "all/"))), *labels(RIGHT, kind))
        sent = client.post(url_of(quiz, "all/"), given)
        assert read(client.get(sent.headers["Location"])).heading == "You got 1 of 1"

    def test_left_alone_on_one_page_counts_as_left_out(self, client, kind):
        quiz = make_quiz(questions=[make_question("asked", kind=kind)])
        screen = read(client.get(url_of(quiz, "all/")))
        untouched = {
            select.name: "".join(select.checked) and select.options[select.checked[0]]
            for select in screen.selects.values()
        }
        sent = {**screen.hidden, **untouched, "partial": "1"}
        response = client.post(url_of(quiz, "all/"), sent)
        assert (
            read(client.get(response.headers["Location"])).heading == "You got 0 of 1"
        )
        assert not ResponseStep.objects.exists()


class TestMatching:
    PARTLY = {
        "Trastuzumab": "An antibody",
        "Tucatinib": "An antibody",
        "Pertuzumab": "An antibody",
    }

    def test_offers_each_thing_once_by_the_alphabet(self, client):
        screen = read(client.get(begin(client, "matching")))
        for select in screen.selects.values():
            assert list(select.options) == [
                "Choose an answer",
                "A tablet",
                "An antibody",
            ]

    def test_gives_a_share_for_each_row(self, client):
        screen = feedback_after(client, begin(client, "matching"), self.PARTLY)
        assert screen.heading == "Partly right"
        assert mark() == 666
        assert "Tucatinib: A tablet. You chose An antibody." in screen.text
        assert "Because of “Tucatinib”." in screen.text

    def test_with_a_row_left_open_keeps_the_others(self, client):
        url = begin(client, "matching")
        sent = filled(read(client.get(url)), {"Tucatinib": "A tablet"})
        screen = read(client.post(url, sent))
        assert "Choose an answer in every row" in "".join(screen.summary)
        assert screen.selects["Tucatinib"].checked == ["A tablet"]


class TestOrdering:
    def lines(self, screen):
        return list(screen.selects)

    def test_shows_the_lines_with_the_places_at_which_they_stand(self, client):
        screen = read(client.get(begin(client, "ordering")))
        assert [s.checked for s in screen.selects.values()] == [["1"], ["2"], ["3"]]

    def test_moves_a_line_without_script_and_stores_nothing(self, client):
        url = begin(client, "ordering")
        screen = read(client.get(url))
        first, second, third = self.lines(screen)
        token = screen.selects[second].name.removeprefix("answer-")
        sent = filled(screen) | {"move": f"up:{token}"}
        for select in screen.selects.values():
            sent[select.name] = select.checked[0]
        response = client.post(url, sent)
        assert response.headers["Location"].endswith("#id_answer_0")
        moved = read(client.get(response.headers["Location"]))
        assert self.lines(moved) == [second, first, third]
        assert not ResponseStep.objects.exists()

    def test_moved_and_sent_is_answered_as_it_stands(self, client):
        url = begin(client, "ordering")
        screen = read(client.get(url))
        names = {label: select.name for label, select in screen.selects.items()}
        tokens = [
            names[label].removeprefix("answer-") for label in ("Test", "Treat", "Check")
        ]
        moved = read(client.get(f"{url}?order={','.join(tokens)}"))
        sent = filled(moved) | {s.name: s.checked[0] for s in moved.selects.values()}
        client.post(url, sent)
        assert mark() == 1000

    @pytest.mark.parametrize("order", ["x", "a,b", "1,2,3", "<b>", "0123456789," * 3])
    def test_with_a_tampered_order_shows_the_first_one(self, client, order):
        url = begin(client, "ordering")
        before = self.lines(read(client.get(url)))
        assert self.lines(read(client.get(url, {"order": order}))) == before

    @pytest.mark.parametrize("move", ["", "up:", "up:x", "down:0123456789", "sideways"])
    def test_with_a_tampered_move_stays_as_it_is(self, client, move):
        url = begin(client, "ordering")
        response = client.post(url, filled(read(client.get(url))) | {"move": move})
        assert response.status_code == 302
        assert not ResponseStep.objects.exists()

    def test_answered_already_leads_to_its_feedback(self, client):
        url = begin(client, "ordering")
        answer(client, url, RIGHT["ordering"])
        response = client.post(url, {"move": "up:x"})
        assert response.headers["Location"] == f"{url}feedback/"

    def test_with_the_same_place_twice_keeps_what_was_chosen(self, client):
        url = begin(client, "ordering")
        sent = filled(read(client.get(url)), {"Test": "1", "Treat": "1", "Check": "3"})
        screen = read(client.post(url, sent))
        assert list(screen.summary) == [
            "Give each line a place of its own, from 1 to 3."
        ]
        assert screen.selects["Treat"].checked == ["1"]

    def test_shows_the_places_after_the_answer(self, client):
        given = {"Test": "1", "Treat": "3", "Check": "2"}
        screen = feedback_after(client, begin(client, "ordering"), given)
        assert screen.heading == "Partly right"
        assert mark() == 333
        assert "Treat: place 2. You chose place 3." in screen.text


class TestANumber:
    @pytest.mark.parametrize(
        ("typed", "worth"),
        [("14", 1000), ("16", 1000), ("16.01", 0), (" 15 ", 1000), ("85", 0)],
    )
    def test_counts_within_its_tolerance(self, client, typed, worth):
        answer(client, begin(client, "number"), typed)
        assert mark() == worth

    def test_says_its_unit(self, client):
        assert "out of 100" in read(client.get(begin(client, "number"))).text

    def test_that_was_foreseen_is_explained(self, client):
        screen = feedback_after(client, begin(client, "number"), "85")
        assert "Because of “85”." in screen.text

    def test_that_was_not_foreseen_gets_the_reason_of_the_answer(self, client):
        screen = feedback_after(client, begin(client, "number"), "40")
        assert "The answer: 15 out of 100" in screen.text
        assert "It is 15." in screen.text

    @pytest.mark.parametrize("typed", ["fifteen", "\u0661\u0665", "1,5", "NaN"])
    def test_in_words_is_asked_for_again_and_kept_in_the_field(self, client, typed):
        url = begin(client, "number")
        response = client.post(url, {"answer": typed, "step": "1"})
        assert list(read(response).summary) == [
            "Enter one number in figures, such as 12 or 3.5."
        ]
        assert f'value="{typed}"' in response.content.decode()


class TestASentence:
    def test_is_chosen_among_all_of_the_passage_in_reading_order(self, client):
        screen = read(client.get(begin(client, "sentence")))
        assert list(screen.question.options) == [
            "HER2 is a receptor.",
            "It can tell the cell to grow.",
            "Healthy cells have it too.",
            "I am not sure",
        ]

    def test_that_an_option_foresaw_is_explained(self, client):
        screen = feedback_after(
            client, begin(client, "sentence"), "Healthy cells have it too."
        )
        assert "Because of “Healthy cells have it too.”." in screen.text

    def test_is_read_from_the_passage_as_it_was_when_the_attempt_began(self, client):
        url = begin(client, "sentence")
        article = Article.objects.get(slug="sentences")
        make_version(article, passages={"read-it": "Another [@slamon2001]."}, at=LATER)
        screen = feedback_after(client, url, "It can tell the cell to grow.")
        assert screen.heading == "Correct"

    def test_is_covered_once_its_passage_is_hidden(self, client):
        url = begin(client, "sentence")
        article = Article.objects.get(slug="sentences")
        hiding.hide(article, key="read-it", by=None, at=LATER, reason="Wrong.")
        screen = read(client.get(url))
        assert "It can tell the cell to grow." not in screen.text
        assert list(screen.question.options)[1] == (
            "This sentence is hidden while it is being corrected (2)"
        )
        answer(client, url, "I am not sure")
        after = client.get(f"{url}feedback/").content.decode()
        assert "hidden while it is being corrected (1)" in after

    def test_shows_in_the_result(self, client):
        url = begin(client, "sentence")
        answer(client, url, "I am not sure")
        assert read(client.get(result_url(url))).heading == "You got 0 of 1"
