"""Texts in words, for those who check them and do not write them."""

import time

import pytest

from articles.difference import Section, compare
from articles.plain_words import in_words, pair_in_words

CHANCES = """```chances
Shows: people with a sign [@slamon2001]
Out of: 100
Without: 10
With: 7
```"""
TABLE = "| Name | Use |\n|---|---|\n| A | early |"


class TestInWords:
    @pytest.mark.parametrize(
        ("typed", "read"),
        [
            ("It works [@slamon2001].", "It works [slamon2001]."),
            ("So [@a, p. 784; @b].", "So [a, p. 784; b]."),
            ("A **strong** and a *soft* word", "A strong and a soft word"),
            ("Both ***at once***, or __so__", "Both at once, or so"),
            ("### What next", "Heading: What next"),
            ("#### And then", "Smaller heading: And then"),
            ("![A cell](image:3)", "[Picture image:3: A cell]"),
            ("[the guide](https://a.org/b)", "the guide (https://a.org/b)"),
            ("::: urgent Call now\nYou cannot breathe.\n:::",
             "Urgent card: Call now\nYou cannot breathe.\n(End of: Urgent card)"),
            (":::note\nA note.\n:::", "Note\nA note.\n(End of: Note)"),
            (TABLE, "| Name | Use |\n| A | early |"),
            (CHANCES, "Chances figure: people with a sign [slamon2001]. "
             "Without: 10 out of 100; With: 7 out of 100."),
        ],
    )  # fmt: skip
    def test_has_no_signs(self, typed, read):
        assert in_words(typed) == read

    def test_says_which_of_two_boxes_ends(self):
        typed = "::: detail D\n:::: note N\nx\n::::\n:::"
        assert in_words(typed).endswith("x\n(End of: Note)\n(End of: More detail)")

    @pytest.mark.parametrize(
        "typed",
        [
            "5 * 3 * 2",
            "- one\n- two",
            "snake_case_name",
            "```chances\nShows nothing\n```",
            "```\nA **block** of code".replace("**", ""),
            ":::",
            "::: other\nText",
            "# A heading that no passage may have",
        ],
    )
    def test_leaves_what_it_does_not_know(self, typed):
        assert in_words(typed) == typed

    @pytest.mark.parametrize(
        "part", ["```chances\n", "- ", "|-", "*a ", "_", "![", "[@a", ":::"]
    )
    def test_is_quick_about_the_longest_text_that_can_be_typed(self, part):
        typed = part * (20_000 // len(part))
        began = time.process_time()
        in_words(typed)
        assert time.process_time() - began < 1


class TestAPairInWords:
    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("So [@a, p. 1].", "So [@a, p. 2]."),
            ("So [@a].", "So [@b]."),
            ("::: note T\nx\n:::", "::: urgent T\nx\n:::"),
            ("::: note T\nx\n:::\ny", "::: note T\nx\ny\n:::"),
            ("**never** take", "never take"),
            ("**never** take 3", "never take 4"),
            ("a **b** c", "a *b* c"),
            ("### T", "#### T"),
            (TABLE, TABLE.replace("|---|---|", "|---|:-:|")),
            (CHANCES, CHANCES.replace("10", "9")),
            (CHANCES, CHANCES.replace("100", "1000")),
            (CHANCES, CHANCES.replace("[@slamon2001]", "[@b]")),
            ("[a](https://a.org)", "[a](https://b.org)"),
            ("![a](image:1)", "![a](image:2)"),
            ("[@a]", "[a]"),
            (":::note T", "::: note T"),
        ],
    )
    def test_differs_wherever_the_texts_do(self, old, new):
        before, after = pair_in_words(old, new)
        assert before != after

    def test_shows_no_signs_where_the_same_words_are_stressed(self):
        old, new = "**never** take 3 [@a]", "**never** take 4 [@a]"
        assert pair_in_words(old, new) == ("never take 3 [a]", "never take 4 [a]")

    def test_shows_the_signs_where_other_words_are_stressed(self):
        assert pair_in_words("**a** b", "a **b**") == ("**a** b", "a **b**")


class TestADifference:
    def test_is_shown_in_words_and_finds_risks_in_what_was_typed(self):
        old = [Section("a", "A", "::: note N\nIt works [@slamon2001].\n:::")]
        new = [Section("a", "A", "::: urgent N\nIt works [@cameron2017].\n:::")]
        [change] = compare(old, new)
        gone = [part.text for part in change.parts if part.op == "gone"]
        assert gone == ["Note", "slamon2001", "Note"]
        assert [(risk.old, risk.new) for risk in change.risks] == [
            ("[slamon2001]", "[cameron2017]")
        ]

    def test_of_a_new_passage_is_in_words_too(self):
        [change] = compare([], [Section("a", "A", "It works [@slamon2001].")])
        assert change.parts[0].text == "A\n\nIt works [slamon2001]."
