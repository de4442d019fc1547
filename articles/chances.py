"""Chances as pictures: the `chances` block and what it says in words."""

from dataclasses import dataclass

ARMS = 2
DENOMINATORS = (100, 1000)


class ChancesFault(Exception):
    """A `chances` block that cannot be drawn; the message says what to change."""


@dataclass(frozen=True)
class Chances:
    """Two groups with one denominator. `arms` are (label, how many of `of`)."""

    shows: str
    of: int
    arms: tuple[tuple[str, int], tuple[str, int]]

    @property
    def difference(self) -> str:
        """The subtraction, done for the reader."""
        (_, first), (label, second) = self.arms
        gap = second - first
        if gap == 0:
            return f"The number is the same in both groups: {first} out of {self.of}."
        word = "more" if gap > 0 else "fewer"
        named = label.startswith(("With ", "Without ", "After "))
        group = label[0].lower() + label[1:] if named else f"in “{label}”"
        return f"The difference: {abs(gap)} {word} out of {self.of} {group}."


def parse_chances(text: str) -> Chances:
    """Read `Shows:`, `Out of:` and two groups, one on each line.

    Raises ChancesFault with a sentence for the author.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    pairs = [_split(line) for line in lines]
    given = dict(pairs)
    shows = given.pop("Shows", "")
    if not shows:
        msg = "Begin with a line that says what is counted: “Shows: …”."
        raise ChancesFault(msg)
    of = _whole(given.pop("Out of", "100"), "Out of")
    if of not in DENOMINATORS:
        msg = "“Out of” must be 100, or 1000 when a figure is below 1 in 100."
        raise ChancesFault(msg)
    if len(given) != ARMS or len(pairs) != len(dict(pairs)):
        msg = "Give exactly two groups with different names, one on each line."
        raise ChancesFault(msg)
    first, second = ((label, _whole(count, label)) for label, count in given.items())
    if max(first[1], second[1]) > of:
        msg = f"A group cannot have more than {of} out of {of}."
        raise ChancesFault(msg)
    return Chances(shows, of, (first, second))


def chances_block(
    *,
    shows: str,
    source: str,
    of: str,
    first: str,
    first_count: str,
    second: str,
    second_count: str,
) -> str:
    """The lines of a `chances` block; whether it can be drawn is for `parse_chances`."""
    cited = f" [@{source.strip()}]" if source.strip() else ""
    lines = (
        f"Shows: {shows.strip()}{cited}" if shows.strip() else "",
        f"Out of: {of.strip()}",
        f"{first.strip()}: {first_count.strip()}",
        f"{second.strip()}: {second_count.strip()}",
    )
    # One line each, whatever was pasted into a field.
    return "\n".join(" ".join(line.split()) for line in lines if line)


def _split(line: str) -> tuple[str, str]:
    if line.startswith("Shows:"):
        return "Shows", line.removeprefix("Shows:").strip()
    label, colon, count = line.rpartition(":")
    if not colon or not label.strip():
        msg = f"“{line[:60]}” has no colon. Write “Name of the group: 12”."
        raise ChancesFault(msg)
    return label.strip(), count.strip()


def _whole(text: str, label: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= len("1000")):
        msg = f"“{label[:60]}” needs a whole number, not “{text[:20]}”."
        raise ChancesFault(msg)
    return int(text)
