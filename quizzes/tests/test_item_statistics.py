"""Intervals and learning gain, against known answers."""

from fractions import Fraction

import pytest

from quizzes.item_statistics import Estimate, Missing, gain, t_quantile, wilson


def close(known, within=0.00005):
    return pytest.approx(known, abs=within)


class TestAShare:
    """R. G. Newcombe, Stat Med 1998;17:857, table I, method 3."""

    @pytest.mark.parametrize(
        ("hits", "of", "low", "high"),
        [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0000, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ],
    )
    def test_has_the_interval_of_the_published_table(self, hits, of, low, high):
        found = wilson(hits, of)
        assert (found.low, found.high) == (close(low), close(high))
        assert found.value == hits / of

    def test_of_all_is_the_mirror_of_a_share_of_none(self):
        none, every = wilson(0, 20), wilson(20, 20)
        assert (every.low, every.high) == (close(1 - none.high), 1.0)

    @pytest.mark.parametrize(("hits", "of"), [(0, 0), (-1, 5), (6, 5)])
    def test_that_is_none_is_refused(self, hits, of):
        with pytest.raises(ValueError, match="is no share"):
            wilson(hits, of)


class TestStudentsT:
    """Table of percentage points, such as NIST/SEMATECH e-Handbook, section 1.3.6.7.2."""

    @pytest.mark.parametrize(
        ("freedom", "known"),
        [(9, 2.262), (10, 2.228), (15, 2.131), (20, 2.086), (29, 2.045), (100, 1.984)],
    )
    def test_is_that_of_the_tables(self, freedom, known):
        assert t_quantile(freedom) == close(known, within=0.0005)

    def test_is_not_given_where_the_expansion_is_poor(self):
        with pytest.raises(ValueError, match="too few"):
            t_quantile(8)


# Ten people, marks before and after. What each missed: before x = 0.6 (five) and 0.4 (five), so
# mean 1/2 and every deviation ±1/10; after y = 0.4 (five) and 0.2 (five), so mean 3/10 and every
# deviation ±1/10. Six deviate to the same side both times, four to opposite sides.
TEN = [
    *[(400, 600)] * 3,
    *[(400, 800)] * 2,
    *[(600, 600)] * 2,
    *[(600, 800)] * 3,
]
X, Y = Fraction(1, 2), Fraction(3, 10)
# Σd² = 10 · 1/100, over (n - 1) n = 90; and Σdd' = (6 - 4) · 1/100.
V, C = Fraction(1, 900), Fraction(1, 4500)
T = Fraction("2.262157")  # 97.5 % point with 9 degrees of freedom, from the table


def inside(ratio):
    """Whether Fieller's set holds a ratio, by its definition and in exact arithmetic."""
    return (Y - ratio * X) ** 2 <= T**2 * (V - 2 * ratio * C + ratio**2 * V)


class TestTheGain:
    def test_is_what_was_learnt_of_what_was_missing(self):
        """g = 1 - (3/10) / (1/2) = 2/5."""
        found = gain(TEN, most=1000)
        assert (found.n, found.before, found.after) == (10, close(0.5), close(0.7))
        assert found.hake.value == close(0.4)

    def test_has_fiellers_interval(self):
        """Its ends lie just inside the set that defines it, and beyond them nothing does."""
        hake = gain(TEN, most=1000).hake
        step = Fraction(1, 50_000)
        for end, outwards in ((hake.low, -step), (hake.high, step)):
            assert inside(1 - (Fraction(end) - outwards))
            assert not inside(1 - (Fraction(end) + outwards))
        assert (hake.low, hake.high) == (close(0.22897), close(0.55241))

    def test_has_the_mean_change_beside_it(self):
        """Changes: six of 0.2, two of 0.4, two of 0, mean 0.2. Σd² = 4 · 0.04 = 0.16, so
        s / √n = √(0.16 / 90) = 0.042164, times 2.262157 = 0.095381.
        """
        change = gain(TEN, most=1000).change
        assert change.value == close(0.2)
        assert (change.low, change.high) == (close(0.104619), close(0.295381))

    def test_does_not_depend_on_the_unit_of_marks(self):
        tenfold = [(10 * before, 10 * after) for before, after in TEN]
        assert gain(tenfold, most=10_000) == gain(TEN, most=1000)

    def test_of_people_who_all_learnt_the_same_is_certain(self):
        found = gain([(500, 750)] * 10, most=1000)
        assert found.hake == Estimate(0.5, 0.5, 0.5)
        assert found.change == Estimate(0.25, 0.25, 0.25)

    def test_is_below_nought_when_people_knew_less(self):
        found = gain([(after, before) for before, after in TEN], most=1000)
        assert found.hake.value == close(-2 / 3)
        assert found.change.high < 0

    @pytest.mark.parametrize(
        ("number", "why"),
        [
            (0, "only 0 people answered both times, and 10 are needed"),
            (1, "only 1 person answered both times, and 10 are needed"),
            (9, "only 9 people answered both times, and 10 are needed"),
        ],
    )
    def test_of_few_people_is_not_given(self, number, why):
        assert gain(TEN[:number], most=1000) == Missing(why)

    def test_is_not_given_when_there_was_nothing_to_learn(self):
        found = gain([(1000, 1000)] * 9 + [(1000, 900)], most=1000)
        assert found.hake == Missing("everybody knew everything before reading")
        assert found.change.value == close(-0.01)

    def test_is_not_given_when_its_interval_has_no_end(self):
        """One of ten missed something: the mean could as well be nought."""
        found = gain([(1000, 1000)] * 9 + [(500, 1000)], most=1000)
        assert found.hake == Missing("too little was unknown before reading")
        assert found.change.value == close(0.05)
