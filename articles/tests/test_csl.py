"""Sources as CSL-JSON: people as lines."""

import pytest

from articles.csl import line_of, person_of


class TestAPersonAsALine:
    @pytest.mark.parametrize(
        "person",
        [
            {"family": "Slamon", "given": "D. J."},
            {"literal": "World Health Organization"},
            {"literal": "Health and Care, Ltd"},
        ],
    )
    def test_is_read_again_as_it_was(self, person):
        assert person_of(line_of(person)) == person
