"""The sentences of a passage, as a reader sees them."""

import re
from itertools import pairwise

from markdown_it.token import Token

from articles.markup import parse
from articles.readability import sentences

SPACE_BEFORE_STOP = re.compile(r"\s+([.,;:!?])")


def running_sentences(body: str) -> tuple[str, ...]:
    """Those of paragraphs and lists, without their sources and without formatting."""
    paragraphs = [
        "".join(map(_read_aloud, token.children or []))
        for before, token in pairwise(parse(body))
        if before.type == "paragraph_open"
    ]
    return tuple(found for text in paragraphs for found in sentences(_tidy(text)))


def _read_aloud(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return " "
    return token.content if token.type in ("text", "code_inline") else ""


def _tidy(text: str) -> str:
    """A source that was left out leaves a space before the full stop."""
    return SPACE_BEFORE_STOP.sub(r"\1", " ".join(text.split()))
