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


def passage_hash(*, heading: str, body: str) -> str:
    """SHA-256 over what a reader sees, the sources and the link targets.

    Bold, list marks and line breaks do not count. Every visible character does: dropping
    symbols would make "<5" and ">5" equal.
    """
    return _sha256(_normal(f"{heading}\n{visible_text(body)}"))


def words_of(body: str) -> str:
    """The words of a passage alone, to find them again elsewhere: also with another source."""
    return _normal(SOURCE.sub("", visible_text(body)))


def holds(body: str, words: str) -> bool:
    """Whether a passage holds these words, all of them in their order; no words: no."""
    return bool(words) and f" {words} " in f" {words_of(body)} "


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
