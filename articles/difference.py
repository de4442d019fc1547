"""What changed between two versions, passage by passage."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal

from articles.risks import Names, Risk, risks

Op = Literal["same", "gone", "new"]
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
    kind: Literal["added", "removed", "changed", "moved"]
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
    changes = [_change(before.get(key), section) for key, section in after.items()]
    changes += [_removed(before[key]) for key in before if key not in after]
    moved = _moved(before, after)
    found = tuple(
        change or Change(key, after[key].heading, "moved", ())
        for key, change in zip([*after, *_gone(before, after)], changes, strict=True)
        if change or key in moved
    )
    return tuple(_with_risks(change, names) for change in found) if before else found


def _with_risks(change: Change, names: Names) -> Change:
    old, new = (
        "".join(part.text for part in change.parts if part.op != other)
        for other in ("new", "gone")
    )
    return replace(change, risks=risks(old, new, names=names))


def _gone(before: Mapping[str, Section], after: Mapping[str, Section]) -> list[str]:
    return [key for key in before if key not in after]


def _moved(before: Mapping[str, Section], after: Mapping[str, Section]) -> set[str]:
    """Keys that must move so that those in both versions stand in the new order."""
    old = [key for key in before if key in after]
    new = [key for key in after if key in before]
    kept = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    in_place = {key for block in kept for key in new[block.b : block.b + block.size]}
    return set(new) - in_place


def _change(old: Section | None, new: Section) -> Change | None:
    if old is None:
        return Change(new.key, new.heading, "added", (Part("new", _whole(new)),))
    if _whole(old) == _whole(new):
        return None
    return Change(new.key, new.heading, "changed", words(_whole(old), _whole(new)))


def _removed(old: Section) -> Change:
    return Change(old.key, old.heading, "removed", (Part("gone", _whole(old)),))


def _whole(section: Section) -> str:
    return f"{section.heading}\n\n{section.text}".strip()


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
