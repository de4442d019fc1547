"""May this text be published? One list of findings for the panel and for publish()."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from articles import figures, markup, wording
from articles.anchors import RESERVED
from articles.chances import ChancesFault, parse_chances
from articles.citations import CITATION, cited_keys
from articles.findings import Finding, Text, short
from articles.fingerprint import holds

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
CURRENT = "current"
# Sources that prove nothing any more. A text may still tell that they were taken back.
GONE = ("retracted", "withdrawn")
TELLS = re.compile(r"retract|withdr[ae]w", re.IGNORECASE)
ACTION = re.compile(
    r"\b(?:ask|act|call|tell|next steps?|get help|"
    r"(?:what|how) (?:you can|can you|can i|i can|to) (?:do|prepare))\b",
    re.IGNORECASE,
)
# In a text the verb alone says little: "doctors call it HER2".
ADVICE = re.compile(
    r"\b(?:ask|call|contact|phone|ring|tell|(?:speak|talk) (?:to|with)) "
    r"(?:your\b|at once\b|now\b|straight away\b|[0-9]{3}\b"
    r"|the (?:[\w-]+ )?(?:clinic|hospital|number|team|unit|ward)\b)",
    re.IGNORECASE,
)


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
    is_signed: bool = True
    """Whether a clinician's sign-off of this very text is in force."""
    hidden: Mapping[str, str] = field(default_factory=dict)
    """The keys of passages that readers must not see now, each with the words it had."""


@dataclass(frozen=True)
class Known:
    """What is stored of the things that a text points at."""

    references: Mapping[str, str]
    """Each key with its status."""
    pictures: Collection[str] = ()
    broken_links: Collection[str] = ()


def findings(draft: Draft, *, known: Known) -> tuple[Finding, ...]:
    """Everything found, blocking first, in reading order."""
    if too_long := tuple(_too_long(draft)):
        return too_long  # and not read: it may be hostile
    found = [*_of_the_page(draft), *_of_lines(draft, known)]
    for key, heading, body in draft.passages:
        text, is_hidden = Text(key, heading, body), key in draft.hidden
        found += _of_passage(text, known, is_hidden=is_hidden)
        if not is_hidden:
            found += _comes_back(text, draft.hidden)
    return tuple(sorted(found, key=lambda finding: finding.level != "blocking"))


def blocking(found: Iterable[Finding]) -> tuple[str, ...]:
    return tuple(finding.message for finding in found if finding.level == "blocking")


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
    yield from _missing(draft, has_urgent=urgent > 0)


def _page(code: str, message: str) -> Finding:
    return Finding("blocking", code, message)


def _missing(draft: Draft, *, has_urgent: bool) -> Iterator[Finding]:
    """What a good page has, and a page may go without."""
    headings = [heading for _, heading, _ in draft.passages]
    if not any("not know" in heading.lower() for heading in headings):
        message = "No passage says what we do not know yet."
        yield Finding("advisory", "no-unknowns", message)
    if not has_urgent and not _says_what_to_do(draft):
        message = "No passage says what readers can do, such as what to ask their team."
        yield Finding("advisory", "no-action", message)
    if not draft.is_signed:
        message = "No clinician has signed off this text. Its page will say so."
        yield Finding("advisory", "unsigned", message)


def _says_what_to_do(draft: Draft) -> bool:
    return any(
        ACTION.search(heading) or ADVICE.search(body)
        for _, heading, body in draft.passages
    )


def _of_lines(draft: Draft, known: Known) -> Iterator[Finding]:
    below = cited_keys("\n".join(body for _, _, body in draft.passages))
    for text in _lines(draft):
        tokens = markup.parse(text.body)
        yield from _sources(text, tokens, known.references, is_hidden=False)
        yield from figures.of_a_line(text)
        yield from _leftovers(text, tokens)
        # Else the list of references would lead to a page on which no passage is named.
        for key in cited_keys(text.body):
            if key in known.references and key not in below:
                message = f"Only this line cites @{key}. Cite it in a passage too."
                yield text.block("cited-above-only", message)


def _lines(draft: Draft) -> tuple[Text, ...]:
    points = enumerate(draft.key_points, 1)
    return (
        Text("", "Summary", draft.summary),
        *(Text("", f"Key point {n}", line) for n, line in points),
    )


def _of_passage(text: Text, known: Known, *, is_hidden: bool) -> Iterator[Finding]:
    tokens = markup.parse(text.body)
    if text.key in RESERVED:
        message = f"The page itself uses the key {text.key}. Choose another one."
        yield text.block("reserved-key", message)
    if is_hidden:
        message = "Readers do not see it: it is hidden until somebody shows it again."
        yield text.advise("hidden", message)
    yield from _sources(text, tokens, known.references, is_hidden=is_hidden)
    yield from _headings(text, tokens)
    yield from _pictures(text, tokens, known.pictures)
    yield from _chances(text, tokens)
    yield from _leftovers(text, tokens)
    yield from _dead_links(text, tokens, known.broken_links)
    yield from figures.of_a_passage(text, tokens)
    yield from wording.of_a_passage(text, tokens)


def _comes_back(text: Text, hidden: Mapping[str, str]) -> Iterator[Finding]:
    """Words that are hidden under another key: of a passage that was renamed or moved."""
    for key, words in hidden.items():
        if holds(text.body, words):
            message = (
                f"It holds the words of the passage “{key}”, which is hidden from readers. "
                "Take them out or mend them. If they are right, show that passage again first."
            )
            yield text.block("hidden-elsewhere", message)


def _sources(
    text: Text,
    tokens: Sequence[Token],
    references: Mapping[str, str],
    *,
    is_hidden: bool,
) -> Iterator[Finding]:
    for key in cited_keys(text.body):
        status = references.get(key)
        if status is None:
            yield text.block("unknown-key", f"No reference has the key @{key}.")
        elif status in GONE and not is_hidden and not _tells(key, tokens):
            message = f"@{key} is {status}. Take it out, or tell readers that it is."
            yield text.block("source-gone", message)
        elif status != CURRENT:
            message = f"@{key} is {status}. Check whether the text still holds."
            yield text.advise("source-old", message)


def _tells(key: str, tokens: Sequence[Token]) -> bool:
    """Whether each sentence that cites the source says what became of it."""
    figure_texts = (token.content for token in tokens if token.type == "fence")
    said = (*figures.statements(tokens), *figure_texts)
    sentences = (found for each in said for found in figures.cited_sentences(each))
    citing = [found for found in sentences if key in cited_keys(found)]
    return bool(citing) and all(map(TELLS.search, citing))


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


def _chances(text: Text, tokens: Sequence[Token]) -> Iterator[Finding]:
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
        message = f"A link leads nowhere. Give its address: “{short(around)}”"
        yield text.block("link-nowhere", message)
    if token.type != "text":
        return
    if BROKEN_LINK.search(token.content):
        message = (
            "A link did not become one. Write [words](https://address): "
            f"“{short(token.content)}”"
        )
        yield text.block("link-broken", message)
    if tag := HTML_TAG.search(token.content):
        message = (
            f"Readers would see {tag[0]} as you typed it. Use the toolbar instead."
        )
        yield text.block("html-tag", message)


def _dead_links(
    text: Text, tokens: Sequence[Token], broken: Collection[str]
) -> Iterator[Finding]:
    for token in tokens:
        for child in token.children or []:
            target = str(child.attrGet("href") or "")
            if target in broken or target.partition("#")[0] in broken:
                yield text.advise("dead-link", f"This link does not work: {target}")
