"""What counts as an answer in a form, for every kind of question."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.answers import NotAnAnswer, Sheet, moved, read

SINGLE = Sheet("single", ("a", "b", "c"))
SEVERAL = Sheet("several", ("a", "b", "c"))
MATCHING = Sheet("matching", ("r", "s"), ("x", "y"))
ORDERING = Sheet("ordering", ("a", "b", "c"))
NUMBER = Sheet("number", ())
SHEETS = [SINGLE, SEVERAL, MATCHING, ORDERING, NUMBER]
steady = settings(max_examples=80, derandomize=True, database=None, deadline=None)


def answer(sheet, **fields):
    """Read an answer; underscores in names stand for hyphens."""
    sent = {name.replace("_", "-"): values for name, values in fields.items()}
    return read(sheet, lambda name: sent.get(name, []))


def refusal(sheet, **fields):
    with pytest.raises(NotAnAnswer) as refused:
        answer(sheet, **fields)
    return str(refused.value)


class TestOneChoice:
    @pytest.mark.parametrize("value", ["a", "c", "unsure"])
    def test_is_one_of_those_shown_or_not_sure(self, value):
        assert answer(SINGLE, answer=[value]) == [value]

    def test_sent_twice_is_one(self):
        assert answer(SINGLE, answer=["a", "a"]) == ["a"]

    def test_missing_is_asked_for(self):
        assert refusal(SINGLE).startswith("Select an answer.")

    @pytest.mark.parametrize(
        "values", [["x"], [""], ["a", "b"], ["a", "unsure"], ["A"]]
    )
    def test_of_anything_else_is_refused(self, values):
        assert refusal(SINGLE, answer=values) == "Select one of the answers shown."


class TestSeveralChoices:
    def test_are_sorted_and_each_there_once(self):
        assert answer(SEVERAL, answer=["c", "a", "c"]) == ["a", "c"]

    def test_missing_are_asked_for(self):
        assert refusal(SEVERAL).startswith("Select at least one answer")

    @pytest.mark.parametrize("values", [["a", "x"], ["unsure"]])
    def test_of_anything_else_are_refused(self, values):
        assert refusal(SEVERAL, answer=values) == "Select one of the answers shown."


class TestMatching:
    def test_gives_pairs_in_one_order(self):
        assert answer(MATCHING, answer_s=["x"], answer_r=["y"]) == ["r:y", "s:x"]

    @pytest.mark.parametrize("values", [[], [""]])
    def test_asks_for_every_row(self, values):
        sentence = refusal(MATCHING, answer_r=["x"], answer_s=values)
        assert sentence.startswith("Choose an answer in every row")

    @pytest.mark.parametrize("values", [["z"], ["x", "y"], ["r"]])
    def test_of_anything_else_is_refused(self, values):
        sentence = refusal(MATCHING, answer_r=["x"], answer_s=values)
        assert sentence == "Choose one of the answers shown in every row."


class TestOrdering:
    def test_gives_the_lines_in_the_order_of_their_places(self):
        chosen = answer(ORDERING, answer_a=["3"], answer_b=["1"], answer_c=["2"])
        assert chosen == ["b", "c", "a"]

    @pytest.mark.parametrize("place", ["2", "0", "4", "", "x", "\u0663", "3.0", " 3"])
    def test_without_a_place_of_its_own_for_each_is_refused(self, place):
        sentence = refusal(ORDERING, answer_a=[place], answer_b=["1"], answer_c=["2"])
        assert sentence == "Give each line a place of its own, from 1 to 3."

    def test_with_two_places_for_a_line_is_refused(self):
        fields = {"answer_a": ["3", "1"], "answer_b": ["1"], "answer_c": ["2"]}
        assert refusal(ORDERING, **fields).startswith("Give each line")


class TestANumber:
    @pytest.mark.parametrize(
        ("typed", "kept"), [("15", "15"), (" 13 864 ", "13864"), ("-1.5", "-1.5")]
    )
    def test_is_kept_without_its_spaces(self, typed, kept):
        assert answer(NUMBER, answer=[typed]) == [kept]

    @pytest.mark.parametrize("values", [[], [""], ["  "]])
    def test_missing_is_asked_for(self, values):
        assert refusal(NUMBER, answer=values).startswith("Enter a number")

    @pytest.mark.parametrize("values", [["twelve"], ["1", "2"], ["9" * 41], ["NaN"]])
    def test_in_any_other_form_is_refused(self, values):
        sentence = refusal(NUMBER, answer=values)
        assert sentence == "Enter one number in figures, such as 12 or 3.5."


class TestAnyForm:
    """Whatever is sent, it is an answer in its one form or a sentence."""

    @steady
    @given(
        st.sampled_from(SHEETS),
        st.dictionaries(
            st.sampled_from(["answer", *(f"answer-{t}" for t in "abcrs")]),
            st.lists(
                st.one_of(st.sampled_from([*"abcxy123", "unsure"]), st.text()),
                max_size=4,
            ),
        ),
    )
    def test_is_read_or_refused(self, sheet, sent):
        try:
            chosen = read(sheet, lambda name: sent.get(name, []))
        except NotAnAnswer as refused:
            assert str(refused).endswith((".", "5.", "sure”."))
        else:
            assert chosen
            assert len(set(chosen)) == len(chosen)

    def test_may_have_fields_of_another_name(self):
        sent = {"q7-answer": ["b"]}
        found = read(SINGLE, lambda name: sent.get(name, []), name="q7-answer")
        assert found == ["b"]


class TestALineThatIsMoved:
    @pytest.mark.parametrize(
        ("token", "up", "order"),
        [
            ("b", True, "bac"),
            ("b", False, "acb"),
            ("a", True, "abc"),
            ("c", False, "abc"),
            ("x", True, "abc"),
        ],
    )
    def test_changes_places_with_its_neighbour(self, token, up, order):
        assert moved("abc", token, up=up) == list(order)
