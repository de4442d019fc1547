"""Long words of a draft that the glossary does not explain. Advice, never proof."""

import re
from collections import Counter
from collections.abc import Collection, Iterable

from articles.sentences import running_sentences

# Of this many letters or more, or of capitals and digits, such as ADCC.
LONG = 12
WORD = re.compile(r"[^\W\d_][\w’'-]*")
SHORT_FORM = re.compile(r"(?=(?:.*[A-Z]){2})[A-Z0-9][A-Za-z0-9-]{1,}")
MOST = 20


def unexplained_words(
    bodies: Iterable[str], *, explained: Collection[str]
) -> tuple[tuple[str, int], ...]:
    """(word, how often), the most frequent first, at most twenty.

    `explained` are the names in the glossary; a word that is part of one counts as explained,
    and so does its plural.
    """
    known = {part for name in explained for part in _parts(name)}
    counts: Counter[str] = Counter()
    shown: dict[str, str] = {}
    for body in bodies:
        for sentence in running_sentences(body):
            for word in WORD.findall(sentence):
                folded = _singular(word.lower())
                if _is_hard(word) and folded not in known:
                    counts[folded] += 1
                    shown.setdefault(folded, word)
    ranked = sorted(counts.items(), key=lambda found: (-found[1], found[0]))
    return tuple((shown[folded], count) for folded, count in ranked[:MOST])


def _is_hard(word: str) -> bool:
    longest = max(len(part) for part in re.split(r"[-’']", word))
    return longest >= LONG or bool(SHORT_FORM.fullmatch(word))


def _parts(name: str) -> Iterable[str]:
    yield _singular(name.lower())
    yield from (_singular(part.lower()) for part in WORD.findall(name))


def _singular(word: str) -> str:
    return word.removesuffix("s")
