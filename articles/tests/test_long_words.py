"""Long words that the glossary lacks."""

import pytest

from articles.long_words import MOST, unexplained_words


def found(text, *explained):
    return [word for word, _ in unexplained_words([text], explained=explained)]


class TestALongWord:
    @pytest.mark.parametrize(
        "word",
        ["cardiotoxicity", "Immunotherapies", "ADCC", "T-DM1", "pCR's-cardiotoxicity"],
    )
    def test_is_one_of_twelve_letters_or_of_capitals(self, word):
        assert found(f"This is {word} here.") == [word]

    @pytest.mark.parametrize("word", ["treatment", "Asa", "well-thought-out", "A"])
    def test_is_no_shorter_one(self, word):
        assert found(f"This is {word} here.") == []

    @pytest.mark.parametrize("name", ["Cardiotoxicity", "late cardiotoxicity"])
    def test_is_explained_by_a_name_that_holds_it_also_in_the_plural(self, name):
        assert found("One cardiotoxicity, two cardiotoxicitys.", name) == []

    def test_counts_once_however_it_is_written_the_most_frequent_first(self):
        bodies = ["Immunotherapy. ADCC. immunotherapy.", "Cardiotoxicity [@key]."]
        assert unexplained_words(bodies, explained=()) == (
            ("Immunotherapy", 2),
            ("ADCC", 1),
            ("Cardiotoxicity", 1),
        )

    def test_is_not_looked_for_in_sources_and_figures(self):
        assert found("See [@abcdefghijklmnop].\n\n```\nabcdefghijklmnop\n```") == []

    def test_is_one_of_twenty_at_most(self):
        words = " ".join("abcdefghijklm" + chr(97 + n) for n in range(26))
        assert len(found(words)) == MOST
