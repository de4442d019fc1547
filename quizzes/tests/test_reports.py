"""What answers tell staff: learning gain, and what people are sure of that is not so."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article
from articles.tests.desk_forms import staff_client, text
from articles.tests.factories import AT, make_article, make_user
from quizzes import authoring, reports, starting
from quizzes.item_statistics import Missing, gain
from quizzes.models import Attempt, Purpose, Taker
from quizzes.tests.factories import (
    LATER,
    UNSURE,
    edit_question,
    edit_quiz,
    give,
    make_misconception,
    make_question,
    make_quiz,
    take,
)

pytestmark = pytest.mark.django_db
SCREEN = "/admin/quizzes/quiz/reports/"
RIGHT, WRONG, OTHER = "A protein", "A virus", "A medicine"
FAIRLY_SURE, VERY_SURE = 2, 3


def guest(number):
    return Taker(guest_key=f"{number:032x}")


def user(number, **fields):
    return Taker(user_id=make_user(f"u{number}@example.org", **fields).pk)


def make_pair(questions=2, **fields):
    article = Article.objects.filter(slug="her2").first() or make_article("her2")
    return make_quiz(
        "pair",
        questions=questions,
        article=article,
        purpose=Purpose.BEFORE_AFTER,
        **fields,
    )


def read_between(quiz, before, after=None, *, taker, at=AT):
    """Answer, read, and answer again; without `after` they give up in between."""
    first = take(quiz, *before, taker=taker, at=at)
    if after is not None:
        second = starting.start_after(first, taker=taker, at=at)
        for position, label in enumerate(after, 1):
            give(second, position, label, at=at)
    return first


def group(quiz, number, before, after=None, *, start=1):
    for n in range(start, start + number):
        read_between(quiz, before, after, taker=guest(n))


class TestLearningGain:
    def test_pairs_what_each_person_knew_before_and_after(self):
        quiz = make_pair()
        group(quiz, 6, [WRONG, WRONG], [RIGHT, RIGHT])
        group(quiz, 4, [RIGHT, WRONG], [RIGHT, WRONG], start=7)
        found = reports.learning_gain(quiz)
        assert found.gain == gain([(0, 1000)] * 6 + [(500, 500)] * 4, most=1000)
        assert (found.finished, found.dropped_out) == (10, 0)
        assert (found.quiz_title, found.version) == ("HER2 basics", 1)
        assert found.article_url == "/articles/her2/"

    def test_counts_who_gave_up_in_between(self):
        quiz = make_pair()
        group(quiz, 3, [WRONG, WRONG], [RIGHT, RIGHT])
        group(quiz, 2, [WRONG, WRONG], start=4)
        group(quiz, 1, [WRONG, WRONG], [RIGHT], start=6)
        found = reports.learning_gain(quiz)
        assert (found.finished, found.dropped_out) == (3, 3)

    def test_is_not_available_of_few(self):
        quiz = make_pair()
        group(quiz, 9, [WRONG, WRONG], [RIGHT, RIGHT])
        found = reports.learning_gain(quiz)
        assert found.gain == Missing(
            "only 9 people answered both times, and 10 are needed"
        )
        assert not found.is_too_few

    def test_takes_the_first_time_of_each_person(self):
        quiz, eva = make_pair(), user(1, is_staff=False)
        read_between(quiz, [WRONG, WRONG], [RIGHT, RIGHT], taker=eva)
        read_between(quiz, [RIGHT, RIGHT], taker=eva, at=LATER)
        found = reports.learning_gain(quiz)
        assert (found.finished, found.dropped_out) == (1, 0)

    def test_counts_guests_whose_keys_were_cut_one_by_one(self):
        quiz = make_pair()
        group(quiz, 5, [WRONG, WRONG], [RIGHT, RIGHT])
        starting.forget_guests(before=LATER)
        assert reports.learning_gain(quiz).finished == 5

    def test_leaves_staff_out(self):
        quiz = make_pair()
        read_between(quiz, [WRONG, WRONG], [RIGHT, RIGHT], taker=user(1, is_staff=True))
        found = reports.learning_gain(quiz)
        assert (found.finished, found.dropped_out) == (0, 0)

    def test_leaves_out_who_did_not_finish_the_first_half(self):
        quiz = make_pair()
        read_between(quiz, [WRONG], taker=guest(1))
        assert reports.learning_gain(quiz).dropped_out == 0

    def test_begins_anew_with_a_new_version_of_the_quiz(self):
        quiz = make_pair()
        group(quiz, 3, [WRONG, WRONG], [RIGHT, RIGHT])
        edit_quiz(quiz, [make_question("another")])
        read_between(quiz, [WRONG], [RIGHT], taker=guest(9), at=LATER)
        found = reports.learning_gain(quiz)
        assert (found.version, found.finished) == (2, 1)

    def test_of_all_quizzes_leaves_other_kinds_out(self):
        make_quiz("plain")
        make_pair()
        assert [found.version for found in reports.learning_gains()] == [1]


@pytest.fixture
def quiz():
    return make_quiz("sure", questions=1, ask_certainty=True)


def answers(quiz, number, label, certainty, *, start=1):
    for n in range(start, start + number):
        take(quiz, label, taker=guest(n), certainty=certainty)


class TestConfidentlyWrong:
    def test_counts_the_sure_ones_of_all_who_said_how_sure(self, quiz):
        answers(quiz, 3, WRONG, VERY_SURE)
        answers(quiz, 2, WRONG, FAIRLY_SURE, start=4)
        answers(quiz, 4, RIGHT, VERY_SURE, start=6)
        (line,) = reports.confidently_wrong()
        assert (line.sure, line.of) == (3, 9)
        assert line.belief == "a-belief holds."
        assert line.stem == "What about sure-1?"
        assert line.passage_url == "/articles/her2/#what-is-her2"

    def test_says_nothing_below_five_answers(self, quiz):
        answers(quiz, 4, WRONG, VERY_SURE)
        assert reports.confidently_wrong() == ()
        answers(quiz, 1, RIGHT, FAIRLY_SURE, start=5)
        assert [(found.sure, found.of) for found in reports.confidently_wrong()] == [
            (4, 5)
        ]

    def test_leaves_out_who_did_not_say(self, quiz):
        answers(quiz, 5, WRONG, VERY_SURE)
        answers(quiz, 5, WRONG, None, start=6)
        (line,) = reports.confidently_wrong()
        assert (line.sure, line.of) == (5, 5)

    @pytest.mark.parametrize(
        ("label", "certainty"),
        [(RIGHT, VERY_SURE), (UNSURE, VERY_SURE), (WRONG, FAIRLY_SURE)],
    )
    def test_is_nobody_who_was_right_or_not_sure(self, quiz, label, certainty):
        answers(quiz, 6, label, certainty)
        assert reports.confidently_wrong() == ()

    def test_is_nobody_who_was_partly_right(self):
        several = make_quiz("several", questions=1, kind="several")
        answers(several, 6, "Heart", VERY_SURE)
        assert reports.confidently_wrong() == ()

    def test_takes_first_answers_only(self, quiz):
        answers(quiz, 5, RIGHT, VERY_SURE)
        answers(quiz, 5, WRONG, VERY_SURE)
        assert reports.confidently_wrong() == ()

    def test_takes_no_second_try_and_no_review(self, quiz):
        answers(quiz, 4, RIGHT, VERY_SURE)
        eva = user(1, is_staff=False)
        missed = take(quiz, UNSURE, taker=eva, certainty=None)
        give(
            starting.try_again(missed, taker=eva, at=AT), 1, WRONG, certainty=VERY_SURE
        )
        review = starting.start_review(missed.quiz_version, taker=eva, at=LATER)
        give(review, 1, WRONG, certainty=VERY_SURE, at=LATER)
        assert reports.confidently_wrong() == ()

    def test_leaves_staff_out(self, quiz):
        answers(quiz, 5, WRONG, VERY_SURE)
        take(quiz, WRONG, taker=user(1, is_staff=True), certainty=VERY_SURE)
        assert reports.confidently_wrong()[0].of == 5

    def test_keeps_beliefs_apart(self):
        question = make_question("two", publish=False)
        draft = question.versions.get()
        other = draft.options.get(text=OTHER)
        other.misconception = make_misconception("b-belief")
        other.save()
        authoring.publish_question(draft, by=None, at=AT)
        quiz = make_quiz("sure", questions=[question])
        answers(quiz, 2, WRONG, VERY_SURE)
        answers(quiz, 3, OTHER, VERY_SURE, start=3)
        found = {line.belief: line.sure for line in reports.confidently_wrong()}
        assert found == {"b-belief holds.": 3, "a-belief holds.": 2}

    def test_says_when_no_belief_is_named(self):
        quiz = make_quiz("sure", questions=1, kind="number")
        answers(quiz, 5, "85", VERY_SURE)
        (line,) = reports.confidently_wrong()
        assert (line.belief, line.sure) == ("", 5)

    def test_begins_with_the_largest_share(self, quiz):
        answers(quiz, 6, WRONG, VERY_SURE)
        other = make_quiz("other", questions=1)
        answers(other, 2, WRONG, VERY_SURE)
        answers(other, 6, RIGHT, VERY_SURE, start=3)
        stems = [found.stem for found in reports.confidently_wrong()]
        assert stems == ["What about sure-1?", "What about other-1?"]

    @pytest.mark.parametrize(("change", "of"), [("clarity", 6), ("meaning", 5)])
    def test_begins_anew_when_the_meaning_changed(self, quiz, change, of):
        question = quiz.versions.get().slots.get().question
        take(quiz, WRONG, taker=guest(99), certainty=VERY_SURE)
        edit_question(question, stem="Said better?", change_kind=change)
        for n in range(1, 6):
            take(quiz, WRONG, taker=guest(n), certainty=VERY_SURE, at=LATER)
        (line,) = reports.confidently_wrong()
        assert (line.stem, line.of) == ("Said better?", of)

    @pytest.mark.parametrize(
        ("number", "low", "high"), [(9, None, None), (20, 0.8389, 1.0)]
    )
    def test_has_an_interval_from_ten_on(self, quiz, number, low, high):
        """20 of 20: the mirror of 0 of 20 in Newcombe's table."""
        answers(quiz, number, WRONG, VERY_SURE)
        share = reports.confidently_wrong()[0].share
        found = (round(share.low, 4), share.high) if share else (None, None)
        assert found == (low, high)


class TestTheScreen:
    @pytest.fixture
    def lea(self):
        return staff_client(make_user("lea@example.org", groups=["Analyst"]))

    def test_says_so_when_there_is_nothing(self, lea):
        page = text(lea.get(SCREEN))
        assert "No quiz is taken before and after reading." in page
        assert "Nobody was, at any question that at least 5 people answered" in page

    def test_shows_a_gain_in_words_with_how_sure_one_can_be(self, lea):
        quiz = make_pair()
        group(quiz, 6, [WRONG, WRONG], [RIGHT, RIGHT])
        group(quiz, 4, [RIGHT, WRONG], [RIGHT, WRONG], start=7)
        group(quiz, 3, [RIGHT, WRONG], start=11)
        page = text(lea.get(SCREEN))
        for words in (
            "<td>10</td> <td>3</td>",
            "<td>20 of 100 marks</td> <td>80 of 100 marks</td>",
            "<td>+60 of 100 marks, likely +23 to +97</td>",
            "<td>0.75, likely 0.37 to 0.98</td>",
        ):
            assert words in page

    def test_shows_a_loss_with_a_minus(self, lea):
        quiz = make_pair(questions=1)
        group(quiz, 5, [RIGHT], [WRONG])
        group(quiz, 5, [WRONG], [WRONG], start=6)
        page = text(lea.get(SCREEN))
        assert "−50 of 100 marks, likely −88 to −12" in page
        assert "−1.00, likely −" in page

    @pytest.mark.parametrize(
        ("number", "words"),
        [
            (4, "Too few to say."),
            (5, "Not available because only 5 people answered both times"),
        ],
    )
    def test_says_why_there_is_no_gain(self, lea, number, words):
        group(make_pair(), number, [WRONG, WRONG], [RIGHT, RIGHT])
        page = text(lea.get(SCREEN))
        assert words in page
        assert (f"<td>{number}</td>" in page) is (number >= 5)

    def test_says_why_a_gain_has_no_end(self, lea):
        group(make_pair(), 10, [RIGHT, RIGHT], [RIGHT, RIGHT])
        page = text(lea.get(SCREEN))
        assert "Not available because everybody knew everything before reading" in page

    def test_shows_who_was_sure_and_wrong_with_the_passage(self, lea, quiz):
        answers(quiz, 10, WRONG, VERY_SURE)
        page = text(lea.get(SCREEN))
        assert "<td>10 of 10</td> <td>100 of 100, likely 72 to 100</td>" in page
        assert '<a href="/articles/her2/#what-is-her2">' in page
        assert "a-belief holds." in page

    def test_shows_the_bare_numbers_of_few(self, lea, quiz):
        answers(quiz, 5, WRONG, VERY_SURE)
        assert "<td>5 of 5</td> <td>Too few to say more</td>" in text(lea.get(SCREEN))

    def test_is_linked_from_the_list_of_quizzes(self, lea):
        assert f'href="{SCREEN}"' in text(lea.get("/admin/quizzes/quiz/"))

    @pytest.mark.parametrize("group_", ["Author", "Clinical reviewer"])
    def test_is_closed_to_others(self, group_):
        ana = staff_client(make_user("ana@example.org", groups=[group_]))
        assert ana.get(SCREEN).status_code == 403
        assert SCREEN not in text(ana.get("/admin/quizzes/quiz/"))

    def test_names_nobody(self, lea, quiz):
        for n in range(5):
            eva = user(n, is_staff=False)
            take(quiz, WRONG, taker=eva, certainty=VERY_SURE)
        page = text(lea.get(SCREEN))
        assert "5 of 5" in page
        assert "u1@example.org" not in page
        assert str(Attempt.objects.first().pk) not in page

    def test_asks_the_same_however_many_answers_there_are(self, lea, quiz):
        pair = make_pair()
        answers(quiz, 5, WRONG, VERY_SURE)
        group(pair, 5, [WRONG, WRONG], [RIGHT, RIGHT])
        asked = set()
        for start in (20, 40):
            with CaptureQueriesContext(connection) as captured:
                lea.get(SCREEN)
            asked.add(len(captured))
            answers(quiz, 9, WRONG, VERY_SURE, start=start)
            group(pair, 9, [WRONG, WRONG], [RIGHT, RIGHT], start=start)
            more = make_quiz(f"more-{start}", questions=1, ask_certainty=True)
            answers(more, 6, WRONG, VERY_SURE)
        assert len(asked) == 1
