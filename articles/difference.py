"""What changed between two versions, passage by passage."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal

from articles.plain_words import in_words, pair_in_words
from articles.risks import Names, Risk, risks

Op = Literal["same", "gone", "new"]
Kind = Literal["added", "removed", "changed", "moved"]
# A sign belongs to its number: "<5" and ">5" differ as a whole.
WORDS = re.compile(r"\s+|[<>≤≥=~±−+@.-]{0,2}\w+(?:[@.,:+'’-]+\w+)*[+%]?|[^\w\s]")
# Longer texts are shown whole, the old and then the new: a hostile one would take minutes.
MOST_WORDS = 20_000
NO_NAMES: Names = {}


@dataclass(frozen=True)
class Part:
    """Text that is in both versions, only in the old or only in the new one."""

    op: Op
    text: str


@dataclass(frozen=True)
class Change:
    """One passage (or the title, summary …) that differs."""

    key: str
    heading: str
    kind: Kind
    parts: tuple[Part, ...]
    risks: tuple[Risk, ...] = ()
    """None in a text that is new from end to end: all of it is to be looked at closely."""


@dataclass(frozen=True)
class Section:
    key: str
    heading: str
    text: str


def compare(
    old: Iterable[Section], new: Iterable[Section], *, names: Names = NO_NAMES
) -> tuple[Change, ...]:
    """The sections that differ, in the order of the new version, removed ones last."""
    before = {section.key: section for section in old}
    after = {section.key: section for section in new}
    moved = _moved(before, after)
    changes = [
        change
        for key in [*after, *_gone(before, after)]
        if (change := _change(before.get(key), after.get(key), moved=key in moved))
    ]
    if not before:
        return tuple(changes)
    # Of the texts as they are typed: what is shown is in words.
    return tuple(
        replace(
            change,
            risks=risks(
                _whole(before.get(change.key)),
                _whole(after.get(change.key)),
                names=names,
            ),
        )
        for change in changes
    )


def _gone(before: Mapping[str, Section], after: Mapping[str, Section]) -> list[str]:
    return [key for key in before if key not in after]


def _moved(before: Mapping[str, Section], after: Mapping[str, Section]) -> set[str]:
    """Keys that must move so that those in both versions stand in the new order."""
    old = [key for key in before if key in after]
    new = [key for key in after if key in before]
    kept = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    in_place = {key for block in kept for key in new[block.b : block.b + block.size]}
    return set(new) - in_place


def _change(old: Section | None, new: Section | None, *, moved: bool) -> Change | None:
    section = new or old
    assert section
    if not (old and new):
        text = in_words(_whole(section))
        if new:
            return _made(section, "added", (Part("new", text),))
        return _made(section, "removed", (Part("gone", text),))
    if _whole(old) != _whole(new):
        return _made(
            section, "changed", words(*pair_in_words(_whole(old), _whole(new)))
        )
    return _made(section, "moved", ()) if moved else None


def _made(section: Section, kind: Kind, parts: tuple[Part, ...]) -> Change:
    return Change(section.key, section.heading, kind, parts)


def _whole(section: Section | None) -> str:
    return f"{section.heading}\n\n{section.text}".strip() if section else ""


def words(old: str, new: str) -> tuple[Part, ...]:
    """Word by word, with the words of both texts kept whole and in order."""
    left, right = WORDS.findall(old), WORDS.findall(new)
    if max(len(left), len(right)) > MOST_WORDS:
        return Part("gone", old), Part("new", new)
    parts: list[Part] = []
    matcher = SequenceMatcher(None, left, right)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            parts.append(Part("same", "".join(left[i1:i2])))
            continue
        if gone := "".join(left[i1:i2]):
            parts.append(Part("gone", gone))
        if added := "".join(right[j1:j2]):
            parts.append(Part("new", added))
    return tuple(parts)
