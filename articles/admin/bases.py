"""What a form began from: a mark of each stored field, to tell later who changed what.

The text itself would double the form, and of an old text only one thing is asked: is it this one?
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256

LENGTH = 16  # of 64 digits, for one form of one person
Values = list[str]


@dataclass(frozen=True)
class Base:
    """Marks by place: the name of a field, or `prefix:row:name` in a row."""

    marks: Mapping[str, str]

    @classmethod
    def read(cls, text: str) -> "Base":
        """As it was posted. What cannot be read is no mark, so the field counts as changed."""
        pairs = (word.rpartition("=") for word in text.split())
        return cls({place: mark for place, _, mark in pairs})

    def is_still(self, place: str, values: Values) -> bool:
        """Whether a field holds what it began with."""
        return self.marks.get(place) == _mark(values)


def written(fields: Iterable[tuple[str, Values]]) -> str:
    """The marks of (place, values), for a hidden field."""
    return " ".join(f"{place}={_mark(values)}" for place, values in fields)


def flat(values: Values) -> str:
    """Values as they are compared: browsers send two characters for a line break."""
    return ", ".join(sorted(v.replace("\r\n", "\n").strip() for v in values if v))


def _mark(values: Values) -> str:
    return sha256(flat(values).encode()).hexdigest()[:LENGTH]
