"""The sentences of a passage, as learners are asked to point at them."""

import pytest

from articles.sentences import running_sentences


@pytest.mark.parametrize(
    ("body", "sentences"),
    [
        ("One. Two.", ["One.", "Two."]),
        ("One [@a2001].", ["One."]),
        ("Is it [@a2001, p. 3]? Yes [@a2001; @b2002].", ["Is it?", "Yes."]),
        ("About 13.7 out of 100.", ["About 13.7 out of 100."]),
        (
            "A **bold** word and [a link](https://example.org).",
            ["A bold word and a link."],
        ),
        ("Over\ntwo lines.", ["Over two lines."]),
        ("Use `code`.", ["Use code."]),
        ("- First.\n- Second. Third.", ["First.", "Second.", "Third."]),
        ("### A heading\n\nText.", ["Text."]),
        ("| a | b |\n|---|---|\n| Cell. | Cell. |\n\nText.", ["Text."]),
        ("", []),
    ],
)
def test_are_those_of_paragraphs_and_lists_without_sources(body, sentences):
    assert list(running_sentences(body)) == sentences
