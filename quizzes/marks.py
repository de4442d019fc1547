"""What an answer is worth. Whole thousandths, no chance, no database."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Literal

RULE = 1
FULL = 1000
UNSURE = "unsure"

Outcome = Literal["right", "partly", "wrong", "unsure", "skipped"]


@dataclass(frozen=True)
class Spec:
    """What a mark depends on: the options' tokens and which of them are right."""

    options: frozenset[str]
    right: frozenset[str]

    @classmethod
    def read(cls, scoring: Mapping[str, Any]) -> "Spec":
        return cls(frozenset(scoring["options"]), frozenset(scoring["right"]))

    def write(self) -> dict[str, list[str]]:
        return {"options": sorted(self.options), "right": sorted(self.right)}


def score(spec: Spec, chosen: Collection[str]) -> int:
    """Thousandths of a question's worth, from 0 to 1000.

    With one right answer it is all or nothing. With several, each right one chosen adds a
    share and each wrong one chosen takes a share away, never below zero: choosing
    everything earns nothing more than choosing nothing. Repeats count once. Options of
    other questions and "unsure" earn nothing.
    """
    picked = set(chosen) & spec.options
    if not spec.right or not picked:
        return 0
    if len(spec.right) == 1:
        return FULL if picked == spec.right else 0
    hits, misses = len(picked & spec.right), len(picked - spec.right)
    right, wrong = len(spec.right), max(1, len(spec.options - spec.right))
    # One fraction, one rounding down: exact, and 1000 only when all is right.
    return max(0, (hits * wrong - misses * right) * FULL // (right * wrong))


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
