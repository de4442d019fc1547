"""The sentences of a passage, as a reader sees them."""

import re
from itertools import pairwise

from markdown_it.token import Token

from articles.markup import parse
from articles.readability import sentences

SURVIVAL = "container_survival_"
SPACE_BEFORE_STOP = re.compile(r"\s+([.,;:!?])")


def running_sentences(body: str) -> tuple[str, ...]:
    """Those of paragraphs and lists, without their sources and without formatting."""
    paragraphs = [
        "".join(map(_read_aloud, token.children or []))
        for before, token in pairwise(parse(body))
        if before.type == "paragraph_open"
    ]
    return tuple(found for text in paragraphs for found in sentences(_tidy(text)))


def searchable_text(body: str) -> str:
    """All that is worth finding, without sources, pictures and the lines of charts.

    What a survival box holds is left out: readers see it only if they open the box, and a
    list of what was found must not show it to them before.
    """
    parts: list[str] = []
    boxes = 0
    for token in parse(body):
        is_shown = boxes == 0
        boxes += token.nesting if token.type.startswith(SURVIVAL) else 0
        parts += [_words_of(token)] if is_shown else []
    return "\n".join(part for part in parts if part)


def _words_of(token: Token) -> str:
    if token.type.startswith("container_") and token.nesting == 1:
        # "note Good to know": the kind of box, and its title.
        return token.info.strip().partition(" ")[2]
    return _tidy("".join(map(_read_aloud, token.children or [])))


def _read_aloud(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return " "
    return token.content if token.type in ("text", "code_inline") else ""


def _tidy(text: str) -> str:
    """A source that was left out leaves a space before the full stop."""
    return SPACE_BEFORE_STOP.sub(r"\1", " ".join(text.split()))
