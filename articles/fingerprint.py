"""Hashes: of a passage as a reader sees it, and of a whole version to the letter."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Sequence
from typing import Any

from articles.citations import CITATION
from articles.markup import visible_text

SOURCE = re.compile(rf"\s*{CITATION.pattern}")
WORD = re.compile(r"[<>≤≥]|\w+(?:[.,]\w+)*")
TELLING = 4  # words


def passage_hash(*, heading: str, body: str) -> str:
    """SHA-256 over what a reader sees, the sources and the link targets.

    Bold, list marks and line breaks do not count. Every visible character does: dropping
    symbols would make "<5" and ">5" equal.
    """
    return _sha256(_normal(f"{heading}\n{visible_text(body)}"))


def words_of(body: str) -> str:
    """The words of a passage alone, to find them again elsewhere.

    Capitals, sources, formatting and all signs but those of comparison do not count.
    """
    text = unicodedata.normalize("NFC", SOURCE.sub("", visible_text(body)))
    return " ".join(WORD.findall(text.casefold()))


def holds(body: str, words: str) -> bool:
    """Whether a passage holds these words, all of them in their order; no words: no.

    A few words, such as “See your team.”, say nothing inside of others.
    """
    there = words_of(body)
    if words.count(" ") + 1 < TELLING:
        return bool(words) and there == words
    return f" {words} " in f" {there} "


def content_hash(content: dict[str, Any] | Sequence[Any]) -> str:
    """SHA-256 over canonical JSON: sorted keys, NFC text, no spaces."""
    text = json.dumps(
        content, sort_keys=True, ensure_ascii=False, separators=(",", ":")
    )
    return _sha256(unicodedata.normalize("NFC", text))


def _normal(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
