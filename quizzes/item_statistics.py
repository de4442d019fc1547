"""What figures about answers say, and how sure one can be of them. No database.

Everything that a small number of people makes uncertain has a 95 % interval beside it, and what
cannot be worked out says why instead of being nought.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist, covariance, fmean, variance

CONFIDENCE = 0.975
"""The upper end of a two-sided interval of 95 %."""
FEWEST_PAIRS = 10


@dataclass(frozen=True)
class Estimate:
    """A figure and its 95 % interval, in the unit of what it was made from."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Missing:
    """A figure that there is not; `why` ends the sentence “not available because …”."""

    why: str


@dataclass(frozen=True)
class Gain:
    """How much a group knew before and after, of `n` persons; shares of all marks."""

    n: int
    before: float
    after: float
    change: Estimate
    """Mean of after minus before."""
    hake: Estimate | Missing
    """Of what was not known before, the share that is known after."""


def wilson(hits: int, of: int) -> Estimate:
    """A share with its Wilson score interval.

    E. B. Wilson, J Am Stat Assoc 1927;22:209, as method 3 of R. G. Newcombe, Stat Med
    1998;17:857. Raises ValueError when `of` is not positive or less than `hits`.
    """
    if not 0 <= hits <= of or of == 0:
        raise ValueError(f"{hits} of {of} is no share")
    z = NormalDist().inv_cdf(CONFIDENCE)
    share = hits / of
    middle = 2 * hits + z * z
    spread = z * sqrt(z * z + 4 * hits * (1 - share))
    width = 2 * (of + z * z)
    low = max(0.0, (middle - spread) / width)
    return Estimate(share, low, min(1.0, (middle + spread) / width))


def gain(pairs: Sequence[tuple[int, int]], *, most: int) -> Gain | Missing:
    """The learning gain of persons who answered the same questions before and after.

    `pairs`: marks before and after of each person, in thousandths; `most`: all that could be
    had. The gain is Hake's g of the means, (after - before) / (most - before), and not the mean
    of each person's g, which is biased when marks have errors (R. R. Hake, Am J Phys 1998;66:64;
    arXiv:2407.07730).
    """
    if len(pairs) < FEWEST_PAIRS:
        people = f"{len(pairs)} {'person' if len(pairs) == 1 else 'people'}"
        return Missing(
            f"only {people} answered both times, and {FEWEST_PAIRS} are needed"
        )
    before = [first / most for first, _ in pairs]
    after = [second / most for _, second in pairs]
    return Gain(
        n=len(pairs),
        before=fmean(before),
        after=fmean(after),
        change=_mean([b - a for a, b in zip(before, after, strict=True)]),
        hake=_hake([1 - share for share in before], [1 - share for share in after]),
    )


def _mean(values: Sequence[float]) -> Estimate:
    """A mean with its t interval: mean ± t · s / √n."""
    middle, n = fmean(values), len(values)
    spread = t_quantile(n - 1) * sqrt(variance(values) / n)
    return Estimate(middle, middle - spread, middle + spread)


def _hake(
    missed_before: Sequence[float], missed_after: Sequence[float]
) -> Estimate | Missing:
    """One minus the ratio of what is still missed to what was missed before.

    With the interval of E. C. Fieller, J R Stat Soc B 1954;16:175, for a ratio R of two means x
    and y of the same persons: all R with (y - R x)² ≤ t² (V(y) - 2 R C(x,y) + R² V(x)), V and C
    being those of the means.
    """
    x, y, n = fmean(missed_before), fmean(missed_after), len(missed_before)
    if x == 0:
        return Missing("everybody knew everything before reading")
    t2 = t_quantile(n - 1) ** 2
    a = x * x - t2 * variance(missed_before) / n
    if a <= 0:
        return Missing("too little was unknown before reading")
    b = x * y - t2 * covariance(missed_before, missed_after) / n
    c = y * y - t2 * variance(missed_after) / n
    root = sqrt(max(0.0, b * b - a * c))
    return Estimate(1 - y / x, 1 - (b + root) / a, 1 - (b - root) / a)


def t_quantile(freedom: int) -> float:
    """The 97.5 % point of Student's t distribution, for 9 degrees of freedom or more.

    The expansion 26.7.5 in M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions,
    1964. From 9 on it is within 0.00002 of the tables; below it is worse, and not used. Raises
    ValueError there.
    """
    if freedom < FEWEST_PAIRS - 1:
        raise ValueError(f"{freedom} degrees of freedom are too few")
    x = NormalDist().inv_cdf(CONFIDENCE)
    terms = (
        x,
        (x**3 + x) / 4,
        (5 * x**5 + 16 * x**3 + 3 * x) / 96,
        (3 * x**7 + 19 * x**5 + 17 * x**3 - 15 * x) / 384,
        (79 * x**9 + 776 * x**7 + 1482 * x**5 - 1920 * x**3 - 945 * x) / 92160,
    )
    return sum(term / float(freedom) ** power for power, term in enumerate(terms))
