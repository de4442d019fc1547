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


def option_order(kind: str, tokens: Sequence[str], *, seed: str) -> list[str]:
    """Shuffled, but "True" stays before "False"."""
    return list(tokens) if kind == "true_false" else shuffled(tokens, seed=seed)
