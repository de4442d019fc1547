"""What the checks of a text report, and the piece of text that they look at."""

from dataclasses import dataclass
from typing import Literal

SHOWN = 90


@dataclass(frozen=True)
class Finding:
    """Something to mend. `where` is a passage's key, or empty for the whole page."""

    level: Literal["blocking", "advisory"]
    code: str
    message: str
    where: str = ""


@dataclass(frozen=True)
class Text:
    """A passage, or a line above the passages, which has no key."""

    key: str
    heading: str
    body: str

    def block(self, code: str, message: str) -> Finding:
        return Finding("blocking", code, f"“{self.heading}”: {message}", self.key)

    def advise(self, code: str, message: str) -> Finding:
        return Finding("advisory", code, f"“{self.heading}”: {message}", self.key)


def short(sentence: str) -> str:
    """As much of a sentence as it takes to find it again."""
    if len(sentence) <= SHOWN:
        return sentence
    return sentence[:SHOWN].rsplit(" ", 1)[0] + " …"
