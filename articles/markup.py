"""Markdown to safe HTML. The only place where raw HTML is made.

Two walls: markdown-it escapes every tag that an author types, and nh3 lets through only the
elements and attributes that the rules below make.
"""

import re
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.subscript import sub_plugin
from mdit_py_plugins.superscript import superscript_plugin

from articles.allowlist import CLEANER, SCHEMES
from articles.chances import ChancesFault, parse_chances
from articles.citations import CITATION, parse_citation, source_line
from articles.tables import name_cells, render_table

# Deeper nesting than any text needs; a bound on the work that a hostile text can cause.
NESTING = 12
# Longest body of a passage, in characters: some 3,000 words, or a third of a second's rendering
# of the worst that can be typed.
LONGEST = 20_000
CIRCLE_STEP = 20
PER_ROW = 10


@dataclass(frozen=True)
class Term:
    """A glossary word and every name by which the text may call it."""

    slug: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Picture:
    src: str
    width: int
    height: int
    credit: str


@dataclass
class Page:
    """What one page gathers while its parts are rendered in reading order.

    Sources are numbered by first use; a glossary word is marked at its first use only.
    """

    known: Collection[str]
    terms: Sequence[Term] = ()
    pictures: Mapping[str, Picture] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)
    uses: Counter[str] = field(default_factory=Counter)
    words: list[str] = field(default_factory=list)

    def passage(self, body: str) -> str:
        """Render a passage's Markdown."""
        html = _BLOCKS.render(body, {"page": self, "mark_words": True})
        # A picture alone in a paragraph leaves an empty one on each side of its figure.
        return CLEANER.clean(html).replace("<p></p>", "")

    def line(self, text: str) -> str:
        """Render one line: no blocks, no glossary marks."""
        return CLEANER.clean(_BLOCKS.renderInline(text, {"page": self}))

    def cite(self, key: str, locator: str) -> str:
        if key not in self.known:
            return f"[unknown source: {escape(key)}]"
        number = self.numbers.setdefault(key, len(self.numbers) + 1)
        self.uses[key] += 1
        label = f"{number}, {locator}" if locator else str(number)
        return (
            f'<a class="cite" id="cite-{key}-{self.uses[key]}" href="#ref-{key}" '
            f'aria-label="Reference {escape(label)}">[{escape(label)}]</a>'
        )


def source_html(csl: Mapping[str, Any]) -> str:
    """A source in words with its link, escaped."""
    line = source_line(csl)
    text = escape(line.text)
    if not line.url:
        return text
    return f'{text} <a href="{escape(line.url)}">{escape(line.url_label)}</a>'


def visible_text(body: str) -> str:
    """The words a reader sees, with sources, link and picture targets; no formatting."""
    return "\n".join(_words_of(token) for token in parse(body) if _words_of(token))


def parse(body: str) -> list[Token]:
    """The Markdown as a flat list of tokens."""
    return _BLOCKS.parse(body, {})


def _words_of(token: Token) -> str:
    if token.type == "fence":
        return f"{token.info}\n{token.content}"
    if token.type.startswith("container_") and token.nesting == 1:
        return token.info
    if token.type == "ordered_list_open":
        return str(token.attrGet("start") or "")
    return "".join(_inline_words(child) for child in token.children or [])


def _inline_words(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return " "
    if token.type == "link_open":
        return f"({token.attrGet('href')})"
    if token.tag in ("sup", "sub"):
        return token.markup  # else 10^9^ would read like 109
    if token.type == "image":
        return f"({token.attrGet('src')}) {token.content}"
    return token.content


# --- Rules -----------------------------------------------------------------------------------


def _safe_link(url: str) -> bool:
    scheme, colon, _ = url.partition(":")
    if not colon or "/" in scheme or "#" in scheme:
        return not url.startswith("//")
    return scheme.lower() in {*SCHEMES, "image"}


def _citation_rule(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - their API
    match = CITATION.match(state.src, state.pos, state.posMax)
    if not match:
        return False
    if not silent:
        token = state.push("citation", "", 0)
        token.content = match[0]
        token.meta = {"cites": parse_citation(match[1])}
    state.pos = match.end()
    return True


def _render_citation(
    _: RendererHTML, tokens: Sequence[Token], index: int, __: Any, env: Any
) -> str:
    page: Page = env["page"]
    cites = tokens[index].meta["cites"]
    return " ".join(page.cite(cite.key, cite.locator) for cite in cites)


HEADS = ("heading_open", "heading_close", "th_open", "th_close")


def _mark_words(state: StateCore) -> None:
    page: Page | None = state.env.get("page")
    if page is None or not page.terms or not state.env.get("mark_words"):
        return
    heading = False
    for token in state.tokens:
        if token.type in HEADS:
            heading = token.type.endswith("_open")
        if token.type == "inline" and not heading:
            token.children = _with_marks(token.children or [], page)


def _with_marks(children: list[Token], page: Page) -> list[Token]:
    marked: list[Token] = []
    links = 0
    for child in children:
        links += child.nesting if child.type.startswith("link_") else 0
        plain = child.type == "text" and links == 0
        marked += _mark_text(child, page) if plain else [child]
    return marked


def _mark_text(token: Token, page: Page) -> list[Token]:
    pattern, slugs = _word_pattern(tuple(page.terms))
    parts: list[Token] = []
    done = 0
    for match in pattern.finditer(token.content):
        slug = slugs.get(match[1]) or slugs.get(match[1].lower())
        # No slug: a long s or dotless i matches s or i, yet its lower case is another letter.
        if slug is None or slug in page.words:
            continue
        page.words.append(slug)
        parts.append(_text(token.content[done : match.start()]))
        parts.append(Token("term", "", 0, content=match[0], meta={"slug": slug}))
        done = match.end()
    return [*parts, _text(token.content[done:])]


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


_PATTERNS: dict[tuple[Term, ...], tuple[re.Pattern[str], dict[str, str]]] = {}


def _word_pattern(
    terms: tuple[Term, ...],
) -> tuple[re.Pattern[str], dict[str, str]]:
    """A pattern for all names, longest first, and the slug for each name.

    "HER2" must match as written; "receptor" also as "Receptor" and "receptors".
    """
    if terms not in _PATTERNS:
        _PATTERNS.clear()
        slugs = {_folded(name): t.slug for t in terms for name in t.names}
        names = sorted(slugs, key=len, reverse=True)
        either = "|".join(
            re.escape(n) if _is_name(n) else f"(?i:{re.escape(n)})" for n in names
        )
        _PATTERNS[terms] = re.compile(rf"(?<![\w-])({either})s?(?![\w-])"), slugs
    return _PATTERNS[terms]


def _is_name(word: str) -> bool:
    return word[1:] != word[1:].lower()


def _folded(word: str) -> str:
    return word if _is_name(word) else word.lower()


def _render_term(_: RendererHTML, tokens: Sequence[Token], index: int, *__: Any) -> str:
    token = tokens[index]
    return (
        f'<button type="button" class="term" popovertarget="word-{token.meta["slug"]}">'
        f"{escape(token.content)}</button>"
    )


def _render_image(
    _: RendererHTML, tokens: Sequence[Token], index: int, __: Any, env: Any
) -> str:
    token = tokens[index]
    source = str(token.attrGet("src"))
    picture = env["page"].pictures.get(source.removeprefix("image:"))
    if picture is None or not source.startswith("image:"):
        return f"[unknown picture: {escape(source)}]"
    credit = f"<figcaption>{escape(picture.credit)}</figcaption>"
    return (
        f'<figure class="picture"><img src="{picture.src}" alt="{escape(token.content)}" '
        f'width="{picture.width}" height="{picture.height}" loading="lazy">'
        f"{credit if picture.credit else ''}</figure>"
    )


def _render_fence(
    renderer: RendererHTML, tokens: Sequence[Token], index: int, _: Any, env: Any
) -> str:
    token = tokens[index]
    if token.info.strip() != "chances":
        return f"<pre><code>{escape(token.content)}</code></pre>"
    try:
        chances = parse_chances(token.content)
    except ChancesFault as fault:
        return (
            '<aside class="note"><h3>This figure cannot be drawn</h3>'
            f"<p>{escape(str(fault))}</p></aside>"
        )
    arms = "".join(_arm(label, n, chances.of) for label, n in chances.arms)
    shows = _BLOCKS.renderInline(chances.shows, {"page": env["page"]})
    return (
        f'<figure class="chances"><div class="arms">{arms}</div>'
        f"<figcaption><p>{shows}</p><p>{escape(chances.difference)}</p></figcaption>"
        "</figure>"
    )


def _arm(label: str, affected: int, of: int) -> str:
    rest = of - affected
    name = (
        f"{_circles(affected, 'filled')} and {_circles(rest, 'empty')}, {of} in total"
    )
    height = CIRCLE_STEP * of // PER_ROW
    # Dotted lines with round caps: a hundred circles in three elements. An empty circle
    # is a large dot with a smaller one of the paper's colour on it.
    empty = _dots(affected, of)
    return (
        f'<div class="arm"><p class="arm-label"><strong>{escape(label)}:</strong> '
        f"{affected} out of {of}</p>"
        f'<svg class="array" viewBox="0 0 200 {height}" role="img" aria-label="{name}">'
        f'<path class="on" d="{_dots(0, affected)}"/>'
        f'<path class="off" d="{empty}"/><path class="hole" d="{empty}"/></svg></div>'
    )


def _dots(first: int, end: int) -> str:
    """A line through the circles from number `first` up to `end`, row by row."""
    lines = []
    while first < end:
        row, column = divmod(first, PER_ROW)
        count = min(end - first, PER_ROW - column)
        # One unit beyond the last dot, so that rounding cannot lose it.
        length = CIRCLE_STEP * (count - 1) + 1
        lines.append(f"M{10 + CIRCLE_STEP * column} {10 + CIRCLE_STEP * row}h{length}")
        first += count
    return "".join(lines) or "M0 0"


def _circles(count: int, kind: str) -> str:
    return f"{count} {kind} circle{'' if count == 1 else 's'}"


Box = Callable[[str], tuple[str, str]]
Rule = Callable[..., str]


def _titled(tag: str, attributes: str) -> Box:
    def box(title: str) -> tuple[str, str]:
        heading = f"<h3>{title}</h3>" if title else ""
        return f"<{tag} {attributes.format(title)}>{heading}", f"</{tag}>"

    return box


def _folding(kind: str) -> Box:
    def box(title: str) -> tuple[str, str]:
        return (
            f'<details class="{kind}"><summary>{title or "More detail"}</summary>',
            "</details>",
        )

    return box


BOXES: dict[str, Box] = {
    "urgent": _titled("section", 'class="urgent" aria-label="{}"'),
    "note": _titled("aside", 'class="note"'),
    "detail": _folding("more"),
    "survival": _folding("survival"),
}


def _add_box(markdown: MarkdownIt, name: str, box: Box) -> None:
    def render(_: RendererHTML, tokens: Sequence[Token], index: int, *__: Any) -> str:
        token = tokens[index]
        title = escape(token.info.strip().removeprefix(name).strip())
        opening, closing = box(title)
        return opening if token.nesting == 1 else closing

    container_plugin(markdown, name, render=render)


def _make() -> MarkdownIt:
    markdown = MarkdownIt("commonmark", {"html": False, "maxNesting": NESTING})
    markdown.enable("table").disable(["code", "lheading", "reference"])
    markdown.use(superscript_plugin).use(sub_plugin)
    markdown.validateLink = _safe_link  # type: ignore[method-assign]
    markdown.inline.ruler.before("link", "citation", _citation_rule)
    markdown.core.ruler.push("words", _mark_words)
    markdown.core.ruler.push("cells", name_cells)
    for name, box in BOXES.items():
        _add_box(markdown, name, box)
    rules: dict[str, Rule] = {
        "citation": _render_citation,
        "term": _render_term,
        "image": _render_image,
        "fence": _render_fence,
        "table_open": render_table,
    }
    for kind, rule in rules.items():
        markdown.add_render_rule(kind, rule)
    markdown.add_render_rule("table_close", lambda *_: "</table></div>")
    return markdown


_BLOCKS = _make()
