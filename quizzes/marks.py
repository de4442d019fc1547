"""What an answer is worth. Whole thousandths, no chance, no database."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Literal

RULE = 1
FULL = 1000
UNSURE = "unsure"
# A comma could be a thousands mark or a decimal point, so it is neither.
FIGURES = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,6})?")

Outcome = Literal["right", "partly", "wrong", "unsure", "skipped"]


@dataclass(frozen=True)
class Choice:
    """One answer or several: the options' tokens and which of them are right."""

    options: frozenset[str]
    right: frozenset[str]
    any_one: bool = False
    """Where one can be chosen and a corrected key takes several: each of them is enough."""


@dataclass(frozen=True)
class Matching:
    """What each row belongs to, token to token, and all that can be chosen."""

    pairs: Mapping[str, str]
    choices: frozenset[str]


@dataclass(frozen=True)
class Ordering:
    """The tokens in their right order."""

    order: tuple[str, ...]


@dataclass(frozen=True)
class Number:
    """The right number, and how far from it an answer still counts as right."""

    value: Fraction
    tolerance: Fraction


Spec = Choice | Matching | Ordering | Number


def read(scoring: Mapping[str, Any]) -> Spec:
    """The spec in a stored key. Raises KeyError when it is none."""
    if "pairs" in scoring:
        return Matching(dict(scoring["pairs"]), frozenset(scoring["choices"]))
    if "order" in scoring:
        return Ordering(tuple(scoring["order"]))
    if "value" in scoring:
        return Number(Fraction(scoring["value"]), Fraction(scoring["tolerance"]))
    return Choice(
        frozenset(scoring["options"]),
        frozenset(scoring["right"]),
        bool(scoring.get("any_one")),
    )


def write(spec: Spec) -> dict[str, Any]:
    """Equal specs are written as equal text."""
    match spec:
        case Matching():
            pairs = dict(sorted(spec.pairs.items()))
            return {"pairs": pairs, "choices": sorted(spec.choices)}
        case Ordering():
            return {"order": list(spec.order)}
        case Number():
            return {"value": str(spec.value), "tolerance": str(spec.tolerance)}
        case Choice():
            key = {"options": sorted(spec.options), "right": sorted(spec.right)}
            return {**key, "any_one": True} if spec.any_one else key


def number_of(text: str) -> Fraction | None:
    """The number that somebody typed, exactly; None when it is none.

    Spaces between digits are fine, as in 13 864.
    """
    squeezed = "".join(text.split())
    return Fraction(squeezed) if FIGURES.fullmatch(squeezed) else None


def score(spec: Spec, chosen: Collection[str]) -> int:
    """Thousandths of a question's worth, from 0 to 1000.

    `chosen` is what answers.read gives. An answer "unsure" earns nothing.
    """
    match spec:
        case Choice():
            return _score_choice(spec, chosen)
        case Matching():
            return _score_matching(spec, chosen)
        case Ordering():
            return _score_ordering(spec, tuple(chosen))
        case Number():
            return _score_number(spec, tuple(chosen))


def _score_choice(spec: Choice, chosen: Collection[str]) -> int:
    """With one right answer it is all or nothing.

    With several, each right one chosen adds a share and each wrong one chosen takes a
    share away, never below zero: choosing everything earns nothing more than choosing
    nothing. Repeats count once. Options of other questions earn nothing.
    """
    picked = set(chosen) & spec.options
    if not spec.right or not picked:
        return 0
    if spec.any_one:
        return FULL if len(picked) == 1 and picked <= spec.right else 0
    if len(spec.right) == 1:
        return FULL if picked == spec.right else 0
    hits, misses = len(picked & spec.right), len(picked - spec.right)
    right, wrong = len(spec.right), max(1, len(spec.options - spec.right))
    # One fraction, one rounding down: exact, and 1000 only when all is right.
    return max(0, (hits * wrong - misses * right) * FULL // (right * wrong))


def _score_matching(spec: Matching, chosen: Collection[str]) -> int:
    """Each row that is matched rightly earns its share; a row matched twice earns none."""
    rows = [pair.partition(":")[0] for pair in set(chosen)]
    right = {f"{row}:{choice}" for row, choice in spec.pairs.items()}
    hits = [pair for pair in set(chosen) if pair in right]
    hits = [pair for pair in hits if rows.count(pair.partition(":")[0]) == 1]
    return len(hits) * FULL // max(1, len(spec.pairs))


def _score_ordering(spec: Ordering, chosen: Sequence[str]) -> int:
    """Each item that stands in its right place earns its share."""
    if sorted(chosen) != sorted(spec.order):
        return 0
    hits = sum(a == b for a, b in zip(chosen, spec.order, strict=True))
    return hits * FULL // max(1, len(spec.order))


def _score_number(spec: Number, chosen: Sequence[str]) -> int:
    """All within the tolerance, its ends included; else nothing."""
    number = number_of(chosen[0]) if len(chosen) == 1 else None
    if number is None:
        return 0
    return FULL if abs(number - spec.value) <= spec.tolerance else 0


def again(
    before: int, spec: Spec, chosen: Collection[str], *, never_worse: bool
) -> int:
    """Thousandths after a key was corrected to `spec`, where `before` were in force."""
    by_key = score(spec, chosen)
    return max(before, by_key) if never_worse else by_key


def percent(thousandths: int, *, of: int) -> int:
    """Of all marks of `of` questions, rounded down, so that nobody passes by rounding."""
    return thousandths * 100 // (FULL * max(1, of))


def outcome(spec: Spec, chosen: Collection[str]) -> Outcome:
    """The result in a word; an empty answer was skipped."""
    if not chosen:
        return "skipped"
    if UNSURE in chosen:
        return "unsure"
    mark = score(spec, chosen)
    if mark == FULL:
        return "right"
    return "partly" if mark else "wrong"
