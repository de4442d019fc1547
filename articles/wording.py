"""Advice on how a text is worded: for patients, plainly, and with links that say where.

Of words that need explaining it says nothing: the renderer explains each at its first use.
"""

import re
from collections.abc import Iterator, Sequence

from markdown_it.token import Token

from articles.citations import CITATION
from articles.findings import Finding, Text, short
from articles.readability import count_words, sentences

LONG_SENTENCE = 20
LONG_PARAGRAPH = 3
LONG_LIST = 7
MANY_BOXES = 2
BATTLE = "Avoid battle words."
DISCOURAGED = {
    "should": "Say what people do, or “ask your team”, instead of “should”.",
    "click here": "Let the link say where it leads.",
    "good chance": "Give the number: “N out of 100”.",
    "battle": BATTLE,
    "battling": BATTLE,
    "fight": BATTLE,
    "fighting": BATTLE,
}
ONE_IN = re.compile(
    r"\b(?:1|one) in (?:every )?(?:\d|ten\b|two\b|three\b|four\b|five\b)"
)
SAYS_NOTHING = re.compile(
    r"(?:see |read )?(?:here|more|this|link|this (?:link|page|site))", re.IGNORECASE
)


def of_a_passage(text: Text, tokens: Sequence[Token]) -> Iterator[Finding]:
    """Advice on a passage; what stands in a box for details may be harder to read."""
    deep = 0
    for token in tokens:
        if token.type in ("container_detail_open", "container_detail_close"):
            deep += token.nesting
        if token.type == "inline" and not deep:
            yield from _plainly(text, token.content)
        if token.type == "inline":
            yield from _links(text, token.children or [])
    boxes = ("container_note_open", "container_urgent_open")
    if sum(token.type in boxes for token in tokens) > MANY_BOXES:
        yield text.advise("many-boxes", "More than two boxes in one passage.")
    yield from _long_lists(text, tokens)


def _plainly(text: Text, content: str) -> Iterator[Finding]:
    plain = CITATION.sub("", content)
    parts = sentences(plain)
    if len(parts) > LONG_PARAGRAPH:
        yield text.advise("long-paragraph", f"{len(parts)} sentences in a paragraph.")
    for part in parts:
        if (n := count_words(part)) > LONG_SENTENCE:
            yield text.advise("long-sentence", f"{n} words: “{short(part)}”")
    lower = plain.lower()
    for phrase, advice in DISCOURAGED.items():
        if re.search(rf"\b{phrase}\b", lower):
            yield text.advise("wording", advice)
    if ONE_IN.search(lower):
        yield text.advise("one-in", "Write chances as “N out of 100”, not “1 in N”.")
    if "%" in plain and "out of" not in lower:
        yield text.advise("percent", "Write “N out of 100” instead of “%”.")
    if re.search(r"\d\.\d", plain):
        yield text.advise("decimal", "Round: decimals are for the detail box.")


def _links(text: Text, tokens: Sequence[Token]) -> Iterator[Finding]:
    words: list[str] | None = None
    for token in tokens:
        if token.type == "link_open":
            words = []
        elif token.type == "link_close":
            said = "".join(words or []).strip(" .:→")
            if SAYS_NOTHING.fullmatch(said):
                message = f"Let the link say where it leads, instead of “{said}”."
                yield text.advise("link-words", message)
            words = None
        elif words is not None:
            words.append(token.content)


def _long_lists(text: Text, tokens: Sequence[Token]) -> Iterator[Finding]:
    items = 0
    for token in tokens:
        if token.type in ("bullet_list_open", "ordered_list_open"):
            items = 0
        items += token.type == "list_item_open"
        if token.type in ("bullet_list_close", "ordered_list_close"):
            if items > LONG_LIST:
                yield text.advise("long-list", f"A list has {items} items.")
            items = 0
