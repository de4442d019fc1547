"""The block that draws chances."""

import pytest

from articles.chances import Chances, ChancesFault, parse_chances

BLOCK = """Shows: people with a heart event [@cameron2017]
Out of: 100
No trastuzumab: 1
One year of trastuzumab: 4
"""


def fault(text):
    with pytest.raises(ChancesFault) as caught:
        parse_chances(text)
    return str(caught.value)


class TestABlock:
    def test_is_read_line_by_line(self):
        assert parse_chances(BLOCK) == Chances(
            shows="people with a heart event [@cameron2017]",
            of=100,
            arms=(("No trastuzumab", 1), ("One year of trastuzumab", 4)),
        )

    def test_counts_out_of_100_unless_it_says_otherwise(self):
        assert parse_chances(BLOCK.replace("Out of: 100\n", "")).of == 100

    def test_may_count_out_of_1000(self):
        assert parse_chances(BLOCK.replace("100", "1000")).of == 1000

    def test_may_have_colons_in_what_it_shows_and_in_its_groups(self):
        block = "Shows: events: all\nWith ratio 2:1: 3\nWithout: 4"
        chances = parse_chances(block)
        assert chances.shows == "events: all"
        assert chances.arms == (("With ratio 2:1", 3), ("Without", 4))

    def test_may_show_nobody_and_everybody(self):
        chances = parse_chances("Shows: x\nA: 0\nB: 100")
        assert chances.arms == (("A", 0), ("B", 100))


class TestTheDifference:
    def of(self, first, second):
        return parse_chances(f"Shows: x\nBefore: {first}\nAfter: {second}").difference

    def test_says_how_many_more(self):
        assert self.of(1, 4) == "The difference: 3 more out of 100 in “After”."

    def test_says_how_many_fewer(self):
        assert self.of(17, 8) == "The difference: 9 fewer out of 100 in “After”."

    def test_says_that_there_is_none(self):
        said = "The number is the same in both groups: 5 out of 100."
        assert self.of(5, 5) == said


class TestAFault:
    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("", "Begin with a line that says what is counted"),
            ("A: 1\nB: 2", "Begin with a line that says what is counted"),
            ("Shows:\nA: 1\nB: 2", "Begin with a line that says what is counted"),
            ("Shows: x\nA: 1", "exactly two groups"),
            ("Shows: x\nA: 1\nB: 2\nC: 3", "exactly two groups"),
            ("Shows: x\nA: 1\nA: 2", "exactly two groups"),
            ("Shows: x\nA: 1\nA: 1\nB: 2", "exactly two groups"),
            ("Shows: x\nShows: y\nA: 1\nB: 2", "exactly two groups"),
            ("Shows: x\nOut of: 50\nA: 1\nB: 2", "must be 100, or 1000"),
            ("Shows: x\nOut of: many\nA: 1\nB: 2", "“Out of” needs a whole number"),
            ("Shows: x\nA: 101\nB: 2", "more than 100 out of 100"),
            ("Shows: x\nA: 1\nB: 101", "more than 100 out of 100"),
            ("Shows: x\nA 1\nB: 2", "“A 1” has no colon"),
            ("Shows: x\n: 1\nB: 2", "“: 1” has no colon"),
        ],
    )
    def test_is_a_sentence_for_the_author(self, text, sentence):
        assert sentence in fault(text)

    @pytest.mark.parametrize(
        "count", ["", "-1", "1.5", "1e3", "NaN", "٣", "³", "9" * 5000, "1 000"]
    )
    def test_is_any_count_that_is_not_a_plain_number(self, count):
        assert "“A” needs a whole number" in fault(f"Shows: x\nA: {count}\nB: 2")
