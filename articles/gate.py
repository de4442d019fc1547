"""May this text be published? One list of findings for the panel and for publish()."""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from markdown_it.token import Token

from articles import markup
from articles.anchors import RESERVED
from articles.chances import ChancesFault, parse_chances
from articles.citations import CITATION, cited_keys
from articles.readability import count_words, sentences

LONG_SENTENCE = 20
LONG_PARAGRAPH = 3
LONG_LIST = 7
MANY_BOXES = 2
# Digits within names and scales are not figures: "HER2", "T-DM1", "IHC 3+", "grade 2".
SCALE = re.compile(
    r"\b(?:IHC|ISH|grades?|phase|stage|stages|step|scores?|part|question|line)"
    r"[ \u00a0](?:of[ \u00a0])?\d\+?(?:(?:,| or| and| to|–|-)[ \u00a0]?\d\+?)*",
    re.IGNORECASE,
)
IN_A_NAME = re.compile(r"(?<!\S)\S*[A-Za-z][-/]?\d\S*|\b24-hour\b|(?<!\w)[0-3]\+")
LINK_TARGET = re.compile(r"\]\([^()]*(?:\([^()]*\)[^()]*)*\)")
FIGURE = re.compile(r"\d")
NO_TARGET = re.compile(r"(?:[a-z]+:/*)?#?", re.IGNORECASE)
BROKEN_LINK = re.compile(r"\]\(|\] \(https?:")
# With nothing but attributes inside, so that "<2 and copies >4" is not taken for a tag.
HTML_TAG = re.compile(
    r"</?[a-z][a-z0-9]*(?:\s*/?>|\s[^<>=]*=[^<>]*>)|<!--", re.IGNORECASE
)
# What the toolbar of the editor (static/js/editor.js) writes where nothing was selected.
SAMPLES = {"**bold**": "bold", "[what it says](": "what it says"}
SAMPLE_LINE = "…"
# `![](image:7 "decorative")`: a picture that says nothing and needs no words.
DECORATIVE = "decorative"
SAMPLE_COLUMN = "Heading"
DISCOURAGED = {
    "should": "Say what people do, or “ask your team”, instead of “should”.",
    "good chance": "Give the number: “N out of 100”.",
    "battle": "Avoid battle words.",
    "fight": "Avoid battle words.",
    "click here": "Let the link say where it leads.",
}


@dataclass(frozen=True)
class Finding:
    """Something to mend. `where` is a passage's key, or empty for the whole page."""

    level: Literal["blocking", "advisory"]
    code: str
    message: str
    where: str = ""


@dataclass(frozen=True)
class Draft:
    """All of a version's text that the gate looks at."""

    title: str
    summary: str
    key_points: tuple[str, ...]
    passages: tuple[tuple[str, str, str], ...]
    """(key, heading, body) in reading order."""
    change_note: str = ""
    is_first: bool = True


def findings(
    draft: Draft, *, references: Collection[str], pictures: Collection[str] = ()
) -> tuple[Finding, ...]:
    """Everything found, blocking first, in reading order.

    `references` are the keys of all stored references, `pictures` the ids of all images.
    """
    if too_long := tuple(_too_long(draft)):
        return too_long  # and not read: it may be hostile
    found = [*_of_the_page(draft), *_of_lines(draft, references)]
    for key, heading, body in draft.passages:
        found += _of_passage(Text(key, heading, body), references, pictures)
    return tuple(sorted(found, key=lambda finding: finding.level != "blocking"))


def blocking(found: Iterable[Finding]) -> tuple[str, ...]:
    return tuple(finding.message for finding in found if finding.level == "blocking")


@dataclass(frozen=True)
class Text:
    key: str
    heading: str
    body: str

    def block(self, code: str, message: str) -> Finding:
        return Finding("blocking", code, f"“{self.heading}”: {message}", self.key)

    def advise(self, code: str, message: str) -> Finding:
        return Finding("advisory", code, f"“{self.heading}”: {message}", self.key)


def _too_long(draft: Draft) -> Iterator[Finding]:
    for text in (*_lines(draft), *(Text(*passage) for passage in draft.passages)):
        if len(text.body) > markup.LONGEST:
            yield text.block("too-long", f"Longer than {markup.LONGEST:,} characters.")


def _of_the_page(draft: Draft) -> Iterator[Finding]:
    keys = cited_keys("\n".join(body for _, _, body in draft.passages))
    if not draft.passages:
        yield _page("no-passages", "The page has no passages.")
    if not draft.key_points:
        yield _page("no-key-points", "The page has no key points.")
    if draft.passages and not keys:
        yield _page("no-references", "No sentence cites a source.")
    if not draft.is_first and not draft.change_note:
        yield _page("no-change-note", "Say what changed. Readers see this note.")
    urgent = sum(
        token.type == "container_urgent_open"
        for _, _, body in draft.passages
        for token in markup.parse(body)
    )
    if urgent > 1:
        yield _page("urgent-twice", "The page has more than one urgent card.")
    if not any("not know" in heading.lower() for _, heading, _ in draft.passages):
        message = "No passage says what we do not know yet."
        yield Finding("advisory", "no-unknowns", message)


def _page(code: str, message: str) -> Finding:
    return Finding("blocking", code, message)


def _of_lines(draft: Draft, references: Collection[str]) -> Iterator[Finding]:
    below = cited_keys("\n".join(body for _, _, body in draft.passages))
    for text in _lines(draft):
        yield from _unknown_keys(text, references)
        yield from _uncited(text, [text.body])
        yield from _leftovers(text, markup.parse(text.body))
        # Else the list of references would lead to a page on which no passage is named.
        for key in cited_keys(text.body):
            if key in references and key not in below:
                message = f"Only this line cites @{key}. Cite it in a passage too."
                yield text.block("cited-above-only", message)


def _lines(draft: Draft) -> tuple[Text, ...]:
    points = enumerate(draft.key_points, 1)
    return (
        Text("", "Summary", draft.summary),
        *(Text("", f"Key point {n}", line) for n, line in points),
    )


def _of_passage(
    text: Text, references: Collection[str], pictures: Collection[str]
) -> Iterator[Finding]:
    tokens = markup.parse(text.body)
    if text.key in RESERVED:
        message = f"The page itself uses the key {text.key}. Choose another one."
        yield text.block("reserved-key", message)
    yield from _unknown_keys(text, references)
    yield from _headings(text, tokens)
    yield from _pictures(text, tokens, pictures)
    yield from _figures(text, tokens)
    yield from _leftovers(text, tokens)
    yield from _uncited(text, _statements(tokens))
    yield from _style(text, tokens)


def _unknown_keys(text: Text, references: Collection[str]) -> Iterator[Finding]:
    for key in cited_keys(text.body):
        if key not in references:
            yield text.block("unknown-key", f"No reference has the key @{key}.")


def _headings(text: Text, tokens: Sequence[Token]) -> Iterator[Finding]:
    level = 2
    for token in tokens:
        if token.type != "heading_open":
            continue
        found = int(token.tag[1])
        if found <= 2:
            yield text.block(
                "heading-high", "Begin headings inside a passage with ###."
            )
        elif found > level + 1:
            yield text.block(
                "heading-jump", f"A heading jumps from h{level} to h{found}."
            )
        level = max(2, found)


def _pictures(
    text: Text, tokens: Sequence[Token], pictures: Collection[str]
) -> Iterator[Finding]:
    for token in tokens:
        for child in token.children or []:
            if child.type != "image":
                continue
            source = str(child.attrGet("src"))
            is_described = bool(child.content.strip())
            is_decorative = child.attrGet("title") == DECORATIVE
            if not is_described and not is_decorative:
                yield text.block("no-alt", f"The picture {source} has no description.")
            if is_described and is_decorative:
                message = f"The picture {source} is described and called decorative."
                yield text.block("alt-of-decoration", message)
            if source.removeprefix("image:") not in pictures:
                yield text.block("unknown-picture", f"There is no picture {source}.")


def _figures(text: Text, tokens: Sequence[Token]) -> Iterator[Finding]:
    for token in tokens:
        if token.type != "fence" or token.info.strip() != "chances":
            continue
        try:
            chances = parse_chances(token.content)
        except ChancesFault as fault:
            yield text.block("chances", f"A figure cannot be drawn. {fault}")
            continue
        if not CITATION.search(chances.shows):
            yield text.block("chances-uncited", "A figure of chances has no source.")


def _leftovers(text: Text, tokens: Sequence[Token]) -> Iterator[Finding]:
    """What readers would see as signs, or as the toolbar's words, instead of a text."""
    in_head = False
    for token in tokens:
        if token.type in ("th_open", "th_close"):
            in_head = token.nesting == 1
        if token.type != "inline":
            continue
        for sample in _samples(token.content, in_head=in_head):
            message = f"“{sample}” is what the toolbar wrote. Put your own words there."
            yield text.block("sample", message)
        for child in token.children or []:
            yield from _not_markup(text, child, token.content)


def _samples(content: str, *, in_head: bool) -> Iterator[str]:
    yield from (words for written, words in SAMPLES.items() if written in content)
    if content == SAMPLE_LINE or (in_head and content == SAMPLE_COLUMN):
        yield content


def _not_markup(text: Text, token: Token, around: str) -> Iterator[Finding]:
    if token.type == "link_open" and NO_TARGET.fullmatch(str(token.attrGet("href"))):
        message = f"A link leads nowhere. Give its address: “{_short(around)}”"
        yield text.block("link-nowhere", message)
    if token.type != "text":
        return
    if BROKEN_LINK.search(token.content):
        message = (
            "A link did not become one. Write [words](https://address): "
            f"“{_short(token.content)}”"
        )
        yield text.block("link-broken", message)
    if tag := HTML_TAG.search(token.content):
        message = (
            f"Readers would see {tag[0]} as you typed it. Use the toolbar instead."
        )
        yield text.block("html-tag", message)


def _uncited(text: Text, statements: Iterable[str]) -> Iterator[Finding]:
    for statement in statements:
        for sentence in _with_citations(statement):
            if has_figure(sentence) and not CITATION.search(sentence):
                message = f"A number has no source: “{_short(sentence)}”"
                yield text.block("number-uncited", message)


def has_figure(sentence: str) -> bool:
    """Whether it states a number, as opposed to a name or a scale that holds a digit."""
    bare = CITATION.sub("", sentence)
    bare = LINK_TARGET.sub("]", bare)
    return bool(FIGURE.search(IN_A_NAME.sub("", SCALE.sub("", bare))))


def _with_citations(statement: str) -> list[str]:
    """Sentences; a citation right after a full stop belongs to the one before it."""
    joined: list[str] = []
    for sentence in sentences(statement):
        lead = CITATION.match(sentence)
        if joined and lead:
            joined[-1] += f" {lead[0]}"
            sentence = sentence[lead.end() :].strip()  # noqa: PLW2901
        if sentence:
            joined.append(sentence)
    return joined


def _statements(tokens: Sequence[Token]) -> Iterator[str]:
    """Paragraphs and list items; a table row counts as one statement, headings do not."""
    row: list[str] | None = None
    heading = False
    for token in tokens:
        if token.type in ("heading_open", "heading_close", "th_open", "th_close"):
            heading = token.nesting == 1
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            yield ", ".join(row or [])
            row = None
        elif token.type == "inline" and not heading:
            if row is None:
                yield token.content
            else:
                row.append(token.content)


def _style(text: Text, tokens: Sequence[Token]) -> Iterator[Finding]:
    deep = 0
    for token in tokens:
        if token.type == "container_detail_open":
            deep += 1
        if token.type == "container_detail_close":
            deep -= 1
        if token.type == "inline" and not deep:
            yield from _wording(text, token.content)
    boxes = ("container_note_open", "container_urgent_open")
    if sum(token.type in boxes for token in tokens) > MANY_BOXES:
        yield text.advise("many-boxes", "More than two boxes in one passage.")
    yield from _long_lists(text, tokens)


def _wording(text: Text, content: str) -> Iterator[Finding]:
    plain = CITATION.sub("", content)
    parts = sentences(plain)
    if len(parts) > LONG_PARAGRAPH:
        yield text.advise("long-paragraph", f"{len(parts)} sentences in a paragraph.")
    for part in parts:
        if (n := count_words(part)) > LONG_SENTENCE:
            yield text.advise("long-sentence", f"{n} words: “{_short(part)}”")
    lower = plain.lower()
    for phrase, advice in DISCOURAGED.items():
        if re.search(rf"\b{phrase}\b", lower):
            yield text.advise("wording", advice)
    if re.search(r"\b1 in \d", plain):
        yield text.advise("one-in", "Write chances as “N out of 100”, not “1 in N”.")
    if "%" in plain:
        yield text.advise("percent", "Write “N out of 100” instead of “%”.")
    if re.search(r"\d\.\d", plain):
        yield text.advise("decimal", "Round: decimals are for the detail box.")


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


def _short(sentence: str) -> str:
    return sentence if len(sentence) <= 90 else sentence[:90].rsplit(" ", 1)[0] + " …"
