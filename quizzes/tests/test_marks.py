"""What an answer is worth: answers worked out by hand, and what must hold for all."""

import json
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.marks import (
    FULL,
    UNSURE,
    Choice,
    Matching,
    Number,
    Ordering,
    again,
    number_of,
    outcome,
    read,
    score,
    write,
)
from quizzes.marks import percent as percent_of

SINGLE = Choice(frozenset("abcd"), frozenset("b"))
TRUE_FALSE = Choice(frozenset("tf"), frozenset("f"))
# Three of five are right, so a hit is worth 1/3 and a miss costs 1/2.
SEVERAL = Choice(frozenset("abcde"), frozenset("abc"))
steady = settings(max_examples=60, derandomize=True, database=None, deadline=None)


# Two to eight options, some of them right; and answers, also with values of nowhere.
specs = st.integers(2, 8).flatmap(
    lambda n: st.builds(
        Choice,
        st.just(frozenset("abcdefgh"[:n])),
        st.frozensets(st.sampled_from("abcdefgh"[:n]), min_size=1),
    )
)
questions = st.tuples(specs, st.text("abcdefgh?", max_size=12).map(list))


class TestOneAnswer:
    @pytest.mark.parametrize(
        ("spec", "chosen", "worth"),
        [
            (SINGLE, "b", 1000),
            (SINGLE, "a", 0),
            (SINGLE, "ab", 0),  # two chosen where one is right: nothing, not a half
            (SINGLE, "abcd", 0),
            (SINGLE, "", 0),
            (TRUE_FALSE, "f", 1000),
            (TRUE_FALSE, "t", 0),
            (TRUE_FALSE, "tf", 0),
        ],
    )
    def test_is_all_or_nothing(self, spec, chosen, worth):
        assert score(spec, chosen) == worth

    def test_also_where_several_could_be_chosen_and_one_is_right(self):
        one_of_three = Choice(frozenset("abc"), frozenset("a"))
        assert score(one_of_three, "a") == 1000
        assert score(one_of_three, "ab") == 0


class TestOneAnswerOfWhichACorrectedKeyTakesSeveral:
    @pytest.mark.parametrize(
        ("chosen", "worth"),
        [("a", 1000), ("b", 1000), ("c", 0), ("ab", 0), ("", 0)],
    )
    def test_is_worth_all_for_each_of_them(self, chosen, worth):
        either = Choice(frozenset("abcd"), frozenset("ab"), any_one=True)
        assert read(write(either)) == either
        assert score(either, chosen) == worth


class TestAfterACorrection:
    @pytest.mark.parametrize(
        ("before", "chosen", "never_worse", "worth"),
        [
            (0, "b", True, 1000),
            (0, "b", False, 1000),
            (1000, "a", True, 1000),
            (1000, "a", False, 0),
            (0, "a", True, 0),
        ],
    )
    def test_a_mark_follows_the_key_but_perhaps_never_falls(
        self, before, chosen, never_worse, worth
    ):
        assert again(before, SINGLE, chosen, never_worse=never_worse) == worth


class TestPercent:
    @pytest.mark.parametrize(
        ("thousandths", "of", "percent"),
        [(2000, 3, 66), (1999, 2, 99), (3000, 3, 100), (0, 4, 0), (0, 0, 0)],
    )
    def test_is_rounded_down(self, thousandths, of, percent):
        assert percent_of(thousandths, of=of) == percent


class TestSeveralAnswers:
    @pytest.mark.parametrize(
        ("chosen", "worth"),
        [
            ("abc", 1000),  # 3/3
            ("ab", 666),  # 2/3 = 0.6666…, rounded down
            ("a", 333),  # 1/3
            ("abd", 166),  # 2/3 − 1/2 = 1/6
            ("abcd", 500),  # 3/3 − 1/2
            ("abcde", 0),  # 3/3 − 2/2
            ("ad", 0),  # 1/3 − 1/2 = −1/6, and nothing is below zero
            ("de", 0),
            ("", 0),
        ],
    )
    def test_each_right_one_adds_a_share_and_each_wrong_one_takes_one(
        self, chosen, worth
    ):
        assert score(SEVERAL, chosen) == worth

    def test_the_share_is_rounded_once_and_down(self):
        """7 right, 3 wrong; 5 hits, 1 miss: 5/7 − 1/3 = 8/21 = 0.38095…

        Rounding each part would give 714 − 333 = 381.
        """
        spec = Choice(frozenset("abcdefgxyz"), frozenset("abcdefg"))
        assert score(spec, "abcdex") == 380

    def test_where_all_are_right_only_all_of_them_is_full(self):
        all_right = Choice(frozenset("abc"), frozenset("abc"))
        assert score(all_right, "abc") == 1000
        assert score(all_right, "ab") == 666


class TestMatching:
    """Three rows, each a third of the mark."""

    SPEC = Matching({"r1": "x", "r2": "y", "r3": "x"}, frozenset("xyz"))

    @pytest.mark.parametrize(
        ("chosen", "worth"),
        [
            (["r1:x", "r2:y", "r3:x"], 1000),
            (["r1:x", "r2:y", "r3:y"], 666),  # 2/3, rounded down
            (["r1:x", "r2:x", "r3:z"], 333),
            (["r1:y", "r2:x", "r3:y"], 0),
            (["r1:x"], 333),  # the others left out
            (
                ["r1:x", "r1:y", "r2:y", "r3:x"],
                666,
            ),  # a row twice counts as not matched
            (["r1:x", "r1:x", "r2:y", "r3:x"], 1000),  # a repeat is no second answer
            (["r9:x", "x", ":", ""], 0),
            ([], 0),
        ],
    )
    def test_each_row_that_is_right_earns_its_share(self, chosen, worth):
        assert score(self.SPEC, chosen) == worth


class TestOrdering:
    SPEC = Ordering(("a", "b", "c", "d"))

    @pytest.mark.parametrize(
        ("chosen", "worth"),
        [
            ("abcd", 1000),
            ("abdc", 500),  # two of four in their places
            ("bcda", 0),
            ("acdb", 250),
            ("abc", 0),  # not all of them
            ("abcdd", 0),
            ("abcx", 0),
            ("", 0),
        ],
    )
    def test_each_line_in_its_place_earns_its_share(self, chosen, worth):
        assert score(self.SPEC, list(chosen)) == worth


class TestANumber:
    SPEC = Number(Fraction("13.7"), Fraction("0.5"))

    @pytest.mark.parametrize(
        ("chosen", "worth"),
        [
            (["13.7"], 1000),
            (["13.2"], 1000),  # the ends count
            (["14.2"], 1000),
            (["13.199999"], 0),
            (["14.200001"], 0),
            (["+13.70"], 1000),
            (["-13.7"], 0),
            (["13.7", "13.7"], 0),
            (["fourteen"], 0),
            ([], 0),
        ],
    )
    def test_is_right_within_its_tolerance(self, chosen, worth):
        assert score(self.SPEC, chosen) == worth

    @pytest.mark.parametrize(
        ("text", "number"),
        [
            ("12", 12),
            (" 12 ", 12),
            ("13 864", 13864),
            ("13\u202f864", 13864),  # a narrow space, as printed numbers have
            ("0.000001", Fraction(1, 1_000_000)),
            ("-3", -3),
        ],
    )
    def test_is_read_exactly(self, text, number):
        assert number_of(text) == number

    @pytest.mark.parametrize(
        "text",
        [
            *(
                "",
                "1,5",
                "1e3",
                "NaN",
                "inf",
                "1/3",
                "0x10",
                "1_000",
                "\u0661\u0662",
                "²",
                ".5",
            ),
            *("5.", "9" * 13, "1.1234567", "--1", "1.2.3", "twelve", "12%"),
        ],
    )
    def test_in_any_other_form_is_none(self, text):
        assert number_of(text) is None


class TestAnyAnswer:
    @steady
    @given(questions)
    def test_is_worth_between_nothing_and_all(self, question):
        assert 0 <= score(*question) <= FULL

    @steady
    @given(questions)
    def test_is_worth_all_only_when_exactly_right(self, question):
        spec, chosen = question
        exactly = set(chosen) & spec.options == spec.right
        assert (score(spec, chosen) == FULL) == exactly

    @steady
    @given(questions)
    def test_counts_repeats_once(self, question):
        spec, chosen = question
        assert score(spec, chosen * 50) == score(spec, set(chosen))

    @steady
    @given(questions)
    def test_does_not_depend_on_the_order(self, question):
        spec, chosen = question
        assert score(spec, chosen[::-1]) == score(spec, chosen)

    @steady
    @given(questions)
    def test_gains_nothing_from_strange_values(self, question):
        spec, chosen = question
        own = [token for token in chosen if token in spec.options]
        assert score(spec, chosen) == score(spec, own)

    @steady
    @given(specs)
    def test_that_chooses_everything_is_worth_nothing(self, spec):
        everything_is_right = spec.right == spec.options
        assert score(spec, spec.options) == (FULL if everything_is_right else 0)

    @steady
    @given(questions)
    def test_is_within_one_thousandth_of_the_exact_share(self, question):
        spec, chosen = question
        picked = set(chosen) & spec.options
        if len(spec.right) == 1:
            exact = Fraction(picked == spec.right)
        else:
            hits = Fraction(len(picked & spec.right), len(spec.right))
            wrong = max(1, len(spec.options - spec.right))
            exact = max(Fraction(0), hits - Fraction(len(picked - spec.right), wrong))
        assert 0 <= exact * FULL - score(spec, chosen) < 1

    def test_to_a_question_without_a_key_is_worth_nothing(self):
        assert score(Choice(frozenset("ab"), frozenset()), "a") == 0


class TestTheWordForAResult:
    @pytest.mark.parametrize(
        ("spec", "chosen", "word"),
        [
            (SINGLE, ["b"], "right"),
            (SINGLE, ["a"], "wrong"),
            (SINGLE, [UNSURE], "unsure"),
            (SINGLE, [], "skipped"),
            (SEVERAL, ["a", "b", "c"], "right"),
            (SEVERAL, ["a"], "partly"),
            (SEVERAL, ["d"], "wrong"),
            (SEVERAL, ["a", "d"], "wrong"),
            (SEVERAL, [UNSURE, "a"], "unsure"),
        ],
    )
    def test_follows_from_the_mark(self, spec, chosen, word):
        assert outcome(spec, chosen) == word

    def test_to_be_unsure_is_worth_nothing_and_costs_nothing(self):
        assert score(SINGLE, [UNSURE]) == 0


class TestSpec:
    def test_is_stored_sorted_so_that_equal_ones_are_equal_text(self):
        assert write(SEVERAL) == {"options": list("abcde"), "right": list("abc")}

    @steady
    @given(specs)
    def test_is_read_as_it_was_written(self, spec):
        assert read(write(spec)) == spec

    @pytest.mark.parametrize(
        ("spec", "stored"),
        [
            (
                TestMatching.SPEC,
                {
                    "pairs": {"r1": "x", "r2": "y", "r3": "x"},
                    "choices": ["x", "y", "z"],
                },
            ),
            (TestOrdering.SPEC, {"order": ["a", "b", "c", "d"]}),
            (TestANumber.SPEC, {"value": "137/10", "tolerance": "1/2"}),
        ],
    )
    def test_of_other_kinds_too(self, spec, stored):
        assert write(spec) == stored
        assert read(json.loads(json.dumps(stored))) == spec
