"""How hard a text is to read, with answers counted by hand."""

import pytest

from articles.readability import Readability, count_words, measure, sentences


class TestSentences:
    def test_end_at_a_full_stop_question_or_exclamation_mark(self):
        assert sentences("Is it? Yes! It is.") == ["Is it?", "Yes!", "It is."]

    def test_do_not_end_at_a_decimal_point(self):
        assert sentences("About 12.5 in all. Then more.") == [
            "About 12.5 in all.",
            "Then more.",
        ]

    def test_may_end_with_a_quotation_mark(self):
        assert len(sentences("She said “no.” He left.")) == 2

    def test_do_not_end_within_a_citation(self):
        assert sentences("It helped [@modi2022, p. 784]. Then more.") == [
            "It helped [@modi2022, p. 784].",
            "Then more.",
        ]

    def test_end_before_a_citation_that_follows_the_full_stop(self):
        assert sentences("It helped. [@modi2022, p. 784] Then more.") == [
            "It helped.",
            "[@modi2022, p. 784] Then more.",
        ]

    def test_are_none_in_an_empty_text(self):
        assert sentences(" \n ") == []


class TestWords:
    @pytest.mark.parametrize(
        ("text", "count"),
        [
            ("", 0),
            ("one two", 2),
            ("T-DM1 and the heart's pump", 5),
            ("HER2-positive", 1),
            ("… – !", 0),
        ],
    )
    def test_are_counted_with_their_hyphens_and_apostrophes(self, text, count):
        assert count_words(text) == count


class TestLix:
    """LIX = words / sentences + 100 × long words / words (Björnsson 1968)."""

    def test_of_short_words_is_their_number_in_a_sentence(self):
        # 6 words, 2 sentences, no word over six letters: 6/2 + 0.
        assert measure("The sun is up. It shines.") == Readability(6, 3.0)

    def test_rises_with_words_over_six_letters(self):
        # 5 words, 1 sentence, 2 long (Trastuzumab, receptor): 5/1 + 100 × 2/5.
        assert measure("Trastuzumab sticks to a receptor.") == Readability(5, 45.0)

    def test_is_rounded_to_one_decimal(self):
        # 7 words, 1 sentence, 1 long (antibody): 7 + 100/7 = 21.2857…
        assert measure("This antibody is one of the drugs.").lix == 21.3

    def test_of_words_without_an_end_counts_them_as_one_sentence(self):
        assert measure("one two three") == Readability(3, 3.0)

    def test_of_nothing_is_nothing(self):
        assert measure("") == Readability(0, 0.0)
