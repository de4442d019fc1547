"""What somebody typed into the search box, as the words that are looked for.

Only stems get into an expression, and a stem is letters and digits: no quote and no
operator of either database can.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from articles.stems import Run, joined, runs, stems_of

MOST_CHARACTERS = 200
MOST_CLAUSES = 8
Phrase = tuple[str, ...]
# From each name to the other names of the same thing.
Names = Mapping[Phrase, tuple[Phrase, ...]]
IN_BRACKETS = re.compile(r"\(.*?\)")
STOP_WORDS = frozenset(
    stems_of(
        "a about am an and are as at be been but by can could did do does for from get had has "
        "have how i if in into is it its long may me might mean means much my not of on or our "
        "should so some than that the their them there these they this to us was we were what "
        "when where which who whom why will with would you your"
    )
)
# By the marks that each database gives to the fields of an entry.
COLUMNS = {"A": "title", "B": "heading", "C": "body"}
ANYWHERE = "ABC"


@dataclass(frozen=True)
class Clause:
    """One thing asked for: all words as typed, or one of its other names as a phrase."""

    typed: Phrase
    phrases: tuple[Phrase, ...] = ()
    is_name: bool = False


@lru_cache(maxsize=1)
def names_of(things: tuple[tuple[str, ...], ...]) -> Names:
    """`things` are the names of one thing each, such as ("Trastuzumab", "Herceptin")."""
    names: dict[Phrase, dict[Phrase, None]] = {}
    for thing in things:
        spelt = spellings_of(thing)
        for phrase in spelt:
            names.setdefault(phrase, {}).update(spelt)
    return {phrase: tuple(others) for phrase, others in names.items()}


def spellings_of(thing: Iterable[str]) -> dict[Phrase, None]:
    """All that the names of one thing are found by, in order."""
    return dict.fromkeys(phrase for name in thing for phrase in _spellings(name))


def _spellings(name: str) -> tuple[Phrase, ...]:
    bare = IN_BRACKETS.sub(" ", name)
    as_one = [(joined(run),) for run in runs(bare) if len(run) > 1]
    whole = stems_of(bare)
    return (whole, *(as_one if len(list(runs(bare))) == 1 else ())) if whole else ()


def clauses_of(text: str, names: Names) -> tuple[Clause, ...]:
    """The longest names of known things, hyphened words, and single words.

    Words like "the" count only where there are no others.
    """
    found = tuple(_clauses(tuple(runs(text[:MOST_CHARACTERS])), names))
    telling = [clause for clause in found if not STOP_WORDS.issuperset(clause.typed)]
    return tuple(dict.fromkeys(telling or found))[:MOST_CLAUSES]


def _clauses(asked: Sequence[Run], names: Names) -> Iterable[Clause]:
    stems = [word.stem for run in asked for word in run]
    starts = _starts(asked)
    place = 0
    while place < len(stems):
        clause = _name_at(stems, place, names) or _word_at(stems, place, starts)
        yield clause
        place += len(clause.typed)


def _starts(asked: Sequence[Run]) -> dict[int, Run]:
    """Each run by the place of its first word."""
    starts, place = {}, 0
    for run in asked:
        starts[place] = run
        place += len(run)
    return starts


def _name_at(stems: Sequence[str], place: int, names: Names) -> Clause | None:
    longest = max(map(len, names), default=0)
    for length in range(min(longest, len(stems) - place), 0, -1):
        typed = tuple(stems[place : place + length])
        if typed in names:
            others = tuple(name for name in names[typed] if _differ(name, typed))
            return Clause(typed, others, is_name=True)
    return None


def _differ(one: Phrase, other: Phrase) -> bool:
    """Whether neither says all that the other does; a name that says less finds too much."""
    return not (set(one) <= set(other) or set(other) <= set(one))


def _word_at(stems: Sequence[str], place: int, starts: Mapping[int, Run]) -> Clause:
    run = starts.get(place, ())
    if len(run) > 1:
        return Clause(tuple(word.stem for word in run), ((joined(run),),))
    return Clause((stems[place],))


def fts5(clauses: Iterable[Clause], *, every: bool, fields: str = ANYWHERE) -> str:
    """The expression for SQLite: every clause, or any of them, within these fields."""
    inside = (" AND " if every else " OR ").join(map(_fts5_clause, clauses))
    columns = " ".join(COLUMNS[field] for field in fields)
    return f"{{{columns}}} : ({inside})"


def _fts5_clause(clause: Clause) -> str:
    typed = " AND ".join(f'"{stem}"' for stem in clause.typed)
    others = (f'"{" ".join(phrase)}"' for phrase in clause.phrases)
    return f"({' OR '.join([f'({typed})', *others])})"


def tsquery(clauses: Iterable[Clause], *, every: bool, fields: str = ANYWHERE) -> str:
    """The same for PostgreSQL."""
    inside = (_tsquery_clause(clause, fields) for clause in clauses)
    return (" & " if every else " | ").join(inside)


def _tsquery_clause(clause: Clause, fields: str) -> str:
    ways = [" & ".join(f"'{stem}':{fields}" for stem in clause.typed)]
    ways += (
        " <-> ".join(f"'{stem}':{fields}" for stem in phrase)
        for phrase in clause.phrases
    )
    return f"({' | '.join(f'({way})' for way in ways)})"
