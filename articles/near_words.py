"""The known word that somebody probably meant."""

from collections.abc import Collection, Iterable
from difflib import get_close_matches

LIKE_ENOUGH = 0.82
SHORTEST, LONGEST = 4, 30
LENGTHS_APART = 3


def nearest(word: str, known: Iterable[Collection[str]]) -> str:
    """A word that is spelt nearly so, from the first collection that has one; else ""."""
    if not SHORTEST <= len(word) <= LONGEST:
        return ""
    for words in known:
        near = [w for w in words if abs(len(w) - len(word)) <= LENGTHS_APART]
        if found := get_close_matches(word, near, n=1, cutoff=LIKE_ENOUGH):
            return found[0]
    return ""
