"""The HTML that a Word file becomes, as passages of Markdown."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

UNTITLED = "Text before the first heading"
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
MARKS = {"strong": "**", "em": "*", "sup": "^", "sub": "~"}
LINK = re.compile(r"https?://", re.IGNORECASE)
BLANKS = re.compile(r"\s+")
SIGNS = re.compile(r"[\\*`]|[~^](?=\S*[~^])|(?<!\w)_|_(?!\w)")
# The last is the line below the head of a table.
LINE_START = re.compile(
    r"#{1,6}(?=\s|$)|[-+](?=\s|$)|>|:::|=+$|-+$|[-|:][-|: ]*$|\[(?!@)[^\]]*\]:"
)
NUMBER_START = re.compile(r"(\d+)([.)])(?=\s|$)")
BREAK = "\\\n"
LONGEST_HEADING = 150
MOST_CELLS = 20_000


class TableIsTooLarge(Exception):
    """A table has more cells than a page can show."""


@dataclass(frozen=True)
class WordPassage:
    heading: str
    body: str


def passages_of(html: str) -> tuple[tuple[WordPassage, ...], int]:
    """Passages, one for each heading of the first two levels, and how many were empty.

    `html` is what mammoth makes: well-formed, and nothing in it but a text's own elements.
    """
    root = ET.fromstring(f"<body>{html}</body>")  # noqa: S314 - written by mammoth
    found: list[tuple[str, list[str]]] = []
    deepest = 2
    for element in root:
        if element.tag in HEADINGS[:2]:
            found.append((_heading(element), []))
            deepest = 2
            continue
        if not found:
            found.append((UNTITLED, []))
        if element.tag in HEADINGS:
            # The levels of a page go down one at a time.
            deepest = min(int(element.tag[1]), deepest + 1)
            block = (
                f"{'#' * deepest} {_in_one_line(element)}" if _plain(element) else ""
            )
        else:
            block = _block(element)
        found[-1][1].append(block)
    rows = [(head, "\n\n".join(filter(None, blocks))) for head, blocks in found]
    kept = tuple(WordPassage(head or UNTITLED, body) for head, body in rows if body)
    return kept, sum(bool(head) and not body for head, body in rows)


def _heading(element: ET.Element) -> str:
    words = _plain(element)
    if len(words) <= LONGEST_HEADING:
        return words
    return words[: LONGEST_HEADING - 2].rsplit(" ", 1)[0] + " …"


def _plain(element: ET.Element) -> str:
    return BLANKS.sub(" ", "".join(element.itertext())).strip()


def _block(element: ET.Element) -> str:
    if element.tag in ("ul", "ol"):
        return "\n".join(_items(element, indent=""))
    if element.tag == "table":
        return "\n".join(_table(element))
    return _start(_inline(element))


def _start(text: str) -> str:
    """Keep each line from beginning like a heading, a list or a box."""
    return BREAK.join(_start_line(line.strip()) for line in text.split(BREAK))


def _start_line(text: str) -> str:
    text = NUMBER_START.sub(r"\1\\\2", text, count=1) if text[:1].isdigit() else text
    return f"\\{text}" if LINE_START.match(text) else text


def _items(rows: ET.Element, *, indent: str) -> Iterator[str]:
    for number, item in enumerate(rows, 1):
        mark = f"{number}. " if rows.tag == "ol" else "- "
        nested = [child for child in item if child.tag in ("ul", "ol")]
        for inner in nested:
            item.remove(inner)
        yield f"{indent}{mark}{_start(_inline(item))}".rstrip()
        for inner in nested:
            yield from _items(inner, indent=indent + " " * len(mark))


def _table(table: ET.Element) -> Iterator[str]:
    """The first row heads the columns, whether or not Word says so."""
    lines = list(_lines(table))
    _refuse_large([sum(map(_span, line)) for line in lines])
    below: dict[int, int] = {}
    rows = [_cells(line, below) for line in lines]
    _refuse_large([len(row) for row in rows])
    width = max(map(len, rows), default=0)
    if not width:
        return
    head, *rest = [row + [""] * (width - len(row)) for row in rows]
    yield _row(cell.removeprefix("**").removesuffix("**") for cell in head)
    yield _row("---" for _ in head)
    yield from map(_row, rest)


def _lines(table: ET.Element) -> Iterator[list[ET.Element]]:
    """The cells of each row, and not those of a table within a cell."""
    for part in table:
        for row in part if part.tag in ("thead", "tbody") else [part]:
            if row.tag == "tr":
                yield [cell for cell in row if cell.tag in ("td", "th")]


def _refuse_large(widths: Sequence[int]) -> None:
    """Before it is filled up: a cell may say that it spans ninety-nine columns."""
    if max(widths, default=0) * len(widths) > MOST_CELLS:
        raise TableIsTooLarge


def _cells(line: Sequence[ET.Element], below: dict[int, int]) -> list[str]:
    """The words of a row. `below` says of each column how many more rows a cell above takes."""
    cells: list[str] = []
    for cell in line:
        _add_taken(cells, below)
        words = _in_one_line(cell).replace("|", "\\|")
        for part in [words, *[""] * (_span(cell) - 1)]:
            below[len(cells)] = _span(cell, "rowspan") - 1
            cells.append(part)
    _add_taken(cells, below)
    return cells


def _add_taken(cells: list[str], below: dict[int, int]) -> None:
    while below.get(len(cells), 0) > 0:
        below[len(cells)] -= 1
        cells.append("")


def _span(cell: ET.Element, over: str = "colspan") -> int:
    """How many columns, or rows, a cell takes."""
    span = cell.get(over, "1")
    longest = len("99") if over == "colspan" else len("9999")
    is_likely = span.isdecimal() and len(span) <= longest
    return max(1, int(span)) if is_likely else 1


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _inline(element: ET.Element) -> str:
    """The words of an element, with the marks of bold, links and so on around them."""
    return _spread(element).strip()


def _in_one_line(element: ET.Element) -> str:
    return BLANKS.sub(" ", _inline(element).replace(BREAK, " "))


def _child(child: ET.Element) -> str:
    if child.tag == "br":
        return BREAK
    words = _spread(child)
    if child.tag in ("p", "ul", "ol", "li", "td", "th", "tr"):
        return f" {words} "
    if child.tag == "a" and LINK.match(child.get("href", "")):
        return _around(words, "[", f"]({_target(child.get('href', ''))})")
    mark = MARKS.get(child.tag, "")
    return _around(words, mark, mark)


def _spread(element: ET.Element) -> str:
    """As `_inline`, and the blanks at both ends stay."""
    parts = [_escaped(element.text)]
    for child in element:
        parts += [_child(child), _escaped(child.tail)]
    return "".join(parts)


def _around(words: str, before: str, after: str) -> str:
    """Marks stand right beside the words, or they would not count as marks."""
    core = words.strip()
    if not core:
        return words
    lead, tail = words[: words.index(core)], words[words.index(core) + len(core) :]
    if before in ("^", "~"):
        core = core.replace(" ", "\\ ")
    return f"{lead}{before}{core}{after}{tail}"


def _target(url: str) -> str:
    return url.replace(" ", "%20").replace("(", "%28").replace(")", "%29")


def _escaped(text: str | None) -> str:
    return SIGNS.sub(lambda sign: f"\\{sign[0]}", BLANKS.sub(" ", text or ""))
