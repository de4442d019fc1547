"""Every stored mark can be derived again from the answer, the keys and the rule."""

import datetime as dt
import random
from io import StringIO

import pytest
from django.core.management import call_command

from quizzes import rescores
from quizzes.models import ResponseStep, SlotScore, Taker
from quizzes.tests.corrections import NEW_KEY, correct, propose
from quizzes.tests.factories import (
    LATER,
    OPTIONS,
    begin,
    give,
    make_question,
    make_quiz,
)
from quizzes.tests.test_regrading import FIRST

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
# Another answer to each kind; with FIRST and NEW_KEY three that earn different marks.
THIRD = {
    "single": ["A medicine"],
    "several": ["Lungs", "Sight"],
    "true_false": ["I am not sure"],
    "matching": [
        "Trastuzumab: A tablet",
        "Tucatinib: A tablet",
        "Pertuzumab: A tablet",
    ],
    "ordering": ["Check", "Treat", "Test"],
    "number": ["83.5"],
    "sentence": ["HER2 is a receptor."],
}


def recompute():
    """(what it said, its exit code)"""
    out = StringIO()
    try:
        call_command("recompute_scores", stdout=out, stderr=StringIO())
    except SystemExit as end:
        return out.getvalue(), end.code
    return out.getvalue(), 0


@pytest.fixture
def answered():
    """An attempt with one question answered, whose key was corrected after it."""
    question = make_question("q")
    attempt = begin(make_quiz(questions=[question]))
    give(attempt, 1, "A virus")
    correct(question, "A virus")
    return attempt


class TestRecomputing:
    @pytest.mark.parametrize("kind", OPTIONS)
    @pytest.mark.parametrize("policy", ["never_worse", "strict"])
    def test_finds_nothing_after_answers_before_between_and_after_two_corrections(
        self, kind, policy
    ):
        chance = random.Random(f"{kind} {policy}")  # noqa: S311 - no secret
        question = make_question("q", kind=kind)
        quiz = make_quiz(questions=[question])
        possible = [
            FIRST[kind],
            NEW_KEY[kind][:1] if kind == "number" else NEW_KEY[kind],
        ]
        possible.append(THIRD[kind])

        def answer_some(at):
            for _ in range(4):
                key = f"{chance.getrandbits(128):032x}"
                attempt = begin(quiz, taker=Taker(guest_key=key), at=at)
                give(attempt, 1, *chance.choice(possible), at=at)

        answer_some(LATER - DAY)
        correct(question, *NEW_KEY[kind], policy=policy, at=LATER)
        answer_some(LATER + DAY)
        back = FIRST[kind] + ["1"] if kind == "number" else FIRST[kind]
        correct(question, *back, policy="never_worse", at=LATER + 2 * DAY)
        answer_some(LATER + 3 * DAY)
        propose(question, *NEW_KEY[kind], at=LATER + 4 * DAY)
        assert SlotScore.objects.count() == 12 + 4 + 8
        assert recompute() == ("Every mark holds.\n", 0)

    def test_of_an_empty_site_finds_nothing(self):
        assert recompute() == ("Every mark holds.\n", 0)

    def test_names_a_mark_that_somebody_changed(self, answered):
        SlotScore.objects.filter(correction=None).update(thousandths=500)
        said, code = recompute()
        assert (
            f"{answered.id}/1, first: stored 500 by rule 1, derived 0 by rule 1."
            in said
        )
        assert "1 of the marks differ." in said
        assert code == 1

    def test_names_a_mark_that_was_removed(self, answered):
        SlotScore.objects.filter(correction=None).delete()
        assert "first: stored none, derived 0 by rule 1." in recompute()[0]

    def test_names_a_mark_of_a_correction_that_was_removed(self, answered):
        SlotScore.objects.exclude(correction=None).delete()
        assert "stored none, derived 1000 by rule 1." in recompute()[0]

    def test_names_a_mark_without_an_answer(self, answered):
        ResponseStep.objects.all().delete()
        assert "first: stored 0 by rule 1, derived none." in recompute()[0]

    def test_names_a_mark_of_a_rule_that_is_not_known(self, answered):
        SlotScore.objects.filter(correction=None).update(rule=7)
        assert "stored 0 by rule 7, derived 0 by rule 1." in recompute()[0]

    def test_names_what_lies_beyond_the_first_that_are_read_at_once(
        self, answered, monkeypatch
    ):
        monkeypatch.setattr(rescores, "BATCH", 1)
        give(begin(make_quiz("other", questions=1)), 1, "A virus")
        SlotScore.objects.filter(correction=None).update(thousandths=400)
        assert "2 of the marks differ." in recompute()[0]

    def test_changes_nothing(self, answered):
        SlotScore.objects.filter(correction=None).update(thousandths=500)
        recompute()
        assert SlotScore.objects.get(correction=None).thousandths == 500
