"""The order in which options are shown: random to the eye, the same for one seed."""

import hashlib
from collections.abc import Iterable, Sequence


def shuffled(tokens: Iterable[str], *, seed: str) -> list[str]:
    """Order by a hash of seed and token.

    Unlike random.shuffle it depends on nothing but these, least of all on which is right.
    """
    return sorted(
        tokens,
        key=lambda token: hashlib.sha256(f"{seed}:{token}".encode()).digest(),
    )


KEPT_IN_ORDER = ("true_false", "sentence")


def option_order(kind: str, tokens: Sequence[str], *, seed: str) -> list[str]:
    """Shuffled, but "True" stays before "False" and sentences stay as they are read."""
    return list(tokens) if kind in KEPT_IN_ORDER else shuffled(tokens, seed=seed)


def choice_token(text: str) -> str:
    """Names what rows may belong to: the same for the same text, and not the row's own."""
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def draw(
    candidates: Sequence[int], seen: Sequence[int], count: int, *, seed: str
) -> list[int]:
    """Choose `count` of the candidates: unseen ones first, then those seen longest ago.

    `seen` holds ids in the order in which they were asked, the newest last. The same seed
    draws the same.
    """
    when = {number: place for place, number in enumerate(seen, 1)}
    mixed = shuffled(map(str, candidates), seed=seed)
    return sorted(map(int, mixed), key=lambda number: when.get(number, 0))[:count]
