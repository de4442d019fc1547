"""A Word file as passages of Markdown, with a list of what was left out."""

import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET
from xml.parsers import expat

import mammoth

from articles.word_markdown import TableIsTooLarge, WordPassage, passages_of

LARGEST_FILE = 5 * 1024 * 1024
MOST_UNPACKED = 20 * 1024 * 1024
MOST_XML = 4 * 1024 * 1024  # a hundred times the text of a long page
MOST_PARTS = 2000
DEEPEST = 100
LONGEST_CHAIN = 20  # of styles that rest on each other; Word makes some ten
# Paragraphs, runs of words, cells and styles, in one part. Some thousand of them take a second.
MOST_PIECES = {"p": 5_000, "r": 20_000, "tc": 20_000, "style": 2_000}
NOT_WORD = "This is not a Word file that we can read. Save it as .docx and try again."
TOO_LARGE = "The file is larger than 5 MB. Take out its pictures and try again."
TOO_MUCH = "The file unpacks to more than we read. Take out its pictures, or divide it."
TOO_LONG = "The file is too long for us to read. Divide it."
TABLE_TOO_LARGE = "A table in the file is too large for a page. Divide it."
NO_TEXT = "The file holds no text."
# What cannot become Markdown. The nearest of these around another one counts: a text box that is
# stored twice, for newer and for older programs, is one.
LEFT_OUT = {
    "AlternateContent": "pictures and text boxes",
    "drawing": "pictures and text boxes",
    "pict": "pictures and text boxes",
    "object": "embedded objects",
    "footnoteReference": "footnotes",
    "endnoteReference": "footnotes",
    "commentReference": "comments",
    "del": "deletions that were tracked",
    "oMath": "formulas",
    # mammoth leaves these out, and says once for all of them that it did.
    "fldSimple": "fields",
    "dir": "texts with a direction of their own",
    "bdo": "texts with a direction of their own",
    "ruby": "words with a reading above them",
    "altChunk": "files within the file",
}
# Marks of words that are not part of the text, and what of such a run is not words.
GONE = {
    "strike": "pieces of struck-out text",
    "dstrike": "pieces of struck-out text",
    "vanish": "pieces of hidden text",
}
OFF = ("0", "false", "off")
# What of GONE is set, and what is set back.
Marks = dict[str, bool]
UNMARKED: Marks = {}
ABOUT = ("rPr", "pPr")
NO_WORDS = ("rPr", "pPr", "fldChar", "instrText")
# How a message of mammoth begins that tells of something lost. It says each of them once.
LOST = {
    "An unrecognised element": "kinds of elements that we do not know",
    "A w:sym element": "kinds of symbols that we do not know",
}
NO_LOSS = ("w:tblPrEx", "w:permStart", "w:permEnd")
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    expat.ExpatError,
    ET.ParseError,
    NotImplementedError,
    RuntimeError,  # locked with a password
    OSError,
    EOFError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
)


class CannotReadWordFile(Exception):
    """The file is not one that we can take in; the message says what to do."""


@dataclass(frozen=True)
class WordText:
    """What a file holds. `left_out` are (what, how many)."""

    passages: tuple[WordPassage, ...]
    left_out: tuple[tuple[str, int], ...]


def read_word_file(content: bytes) -> WordText:
    """Turn a .docx into passages. Raises CannotReadWordFile with a sentence."""
    if len(content) > LARGEST_FILE:
        raise CannotReadWordFile(TOO_LARGE)
    try:
        cleaned, left_out = _cleaned(content)
        converted = mammoth.convert_to_html(
            cleaned, include_embedded_style_map=False, external_file_access=False
        )
    except BROKEN as error:
        raise CannotReadWordFile(NOT_WORD) from error
    try:
        passages, empty = passages_of(converted.value)
    except TableIsTooLarge as error:
        raise CannotReadWordFile(TABLE_TOO_LARGE) from error
    if not passages:
        raise CannotReadWordFile(NO_TEXT)
    left_out += _lost(message.message for message in converted.messages)
    left_out["headings without a text"] = empty
    counted = tuple((what, n) for what, n in left_out.items() if n)
    return WordText(passages, counted)


def _lost(messages: Iterable[str]) -> Counter[str]:
    return Counter(
        what
        for message in messages
        for begins, what in LOST.items()
        if message.startswith(begins) and not message.endswith(NO_LOSS)
    )


def _cleaned(content: bytes) -> tuple[io.BytesIO, Counter[str]]:
    """The file again, with nothing in it but harmless XML that we can turn into text."""
    left_out: Counter[str] = Counter()
    cleaned = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as given,
        zipfile.ZipFile(cleaned, "w") as kept,
    ):
        parts = {part.filename: given.read(part) for part in _parts(given)}
        roots = {name: _root_of(xml) for name, xml in parts.items()}
        # Building blocks that Word keeps in the file have styles of their own.
        ours = (root for name, root in roots.items() if "/glossary/" not in name)
        styles = _styles_in(ours)
        for name, root in roots.items():
            if _name(root) == "document":
                _drop(root, left_out, styles=styles)
                parts[name] = ET.tostring(root)
            kept.writestr(name, parts[name])
    cleaned.seek(0)
    return cleaned, left_out


def _parts(given: zipfile.ZipFile) -> Iterator[zipfile.ZipInfo]:
    """Those that are XML, once it is sure that unpacking them is little work.

    `zipfile` never reads beyond the size that a part claims to have.
    """
    parts = given.infolist()
    wanted = [part for part in parts if part.filename.endswith((".xml", ".rels"))]
    if "[Content_Types].xml" not in given.namelist():
        raise CannotReadWordFile(NOT_WORD)
    if (
        len(parts) > MOST_PARTS
        or sum(part.file_size for part in parts) > MOST_UNPACKED
        or sum(part.file_size for part in wanted) > MOST_XML
    ):
        raise CannotReadWordFile(TOO_MUCH)
    yield from wanted


def _refuse_hostile(xml: bytes) -> None:
    """Word writes no document type; one who does defines entities that grow without end."""
    parser = expat.ParserCreate()
    depth = 0

    def refuse(*_: Any) -> None:
        raise CannotReadWordFile(NOT_WORD)

    def enter(*_: Any) -> None:
        nonlocal depth
        depth += 1
        if depth > DEEPEST:
            refuse()

    def leave(*_: Any) -> None:
        nonlocal depth
        depth -= 1

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = enter
    parser.EndElementHandler = leave
    parser.ParseFile(io.BytesIO(xml))


def _root_of(xml: bytes) -> ET.Element:
    _refuse_hostile(xml)
    root = ET.fromstring(xml)  # noqa: S314 - without a document type, see above
    _refuse_long(root)
    return root


def _refuse_long(root: ET.Element) -> None:
    pieces = Counter(map(_name, root.iter()))
    if any(pieces[name] > most for name, most in MOST_PIECES.items()):
        raise CannotReadWordFile(TOO_LONG)


def _drop(
    parent: ET.Element,
    left_out: Counter[str],
    *,
    styles: Mapping[str, Marks],
    around: Marks = UNMARKED,
) -> None:
    """Take out what cannot become text. `around`: the marks of the paragraph."""
    marks = around | _marks_of(parent, styles)
    if _name(parent) == "r" and (what := _why_gone(marks)):
        left_out[what] += _drop_words(parent)
    kept = []
    for child in parent:
        if what := LEFT_OUT.get(_name(child), ""):
            left_out[what] += 1
            continue
        kept.append(child)
        if _name(child) not in NO_WORDS:
            # What stands in a box within a run has paragraphs, and so marks, of its own.
            inherited = marks if _name(parent) == "p" else around
            _drop(child, left_out, styles=styles, around=inherited)
    # All at once: to remove one after the other takes as many looks as there are pairs.
    parent[:] = kept


def _why_gone(marks: Marks) -> str:
    return next((GONE[name] for name, is_set in marks.items() if is_set), "")


def _marks_of(element: ET.Element, styles: Mapping[str, Marks]) -> Marks:
    """Those of the style of a run or paragraph, and over them a run's own."""
    about = [mark for part in element if _name(part) in ABOUT for mark in part]
    named = (_value(mark) for mark in about if _name(mark) in ("rStyle", "pStyle"))
    marks = next((styles.get(style, UNMARKED) for style in named), UNMARKED)
    # The marks of a paragraph itself are those of the sign at its end.
    return marks | (_marks_in(about) if _name(element) == "r" else UNMARKED)


def _marks_in(marks: Iterable[ET.Element]) -> Marks:
    return {_name(m): _value(m) not in OFF for m in marks if _name(m) in GONE}


def _value(element: ET.Element) -> str:
    return next((v for k, v in element.attrib.items() if k.endswith("}val")), "")


def _styles_in(roots: Iterable[ET.Element]) -> dict[str, Marks]:
    """The marks that each style of the file gives to words, by its id."""
    found = [style for root in roots if _name(root) == "styles" for style in root]
    styles = {
        v: _own(s) for s in found for k, v in s.attrib.items() if k.endswith("}styleId")
    }
    return {name: _marks_of_style(name, styles) for name in styles}


@dataclass(frozen=True)
class _Style:
    """What a style says itself, and the id of the one that it rests on, or ""."""

    marks: Marks
    below: str


def _own(style: ET.Element) -> _Style:
    # Once for each: many styles may rest on one that is long.
    own = [mark for part in style if _name(part) == "rPr" for mark in part]
    below = (_value(part) for part in style if _name(part) == "basedOn")
    return _Style(_marks_in(own), next(below, ""))


def _marks_of_style(name: str, styles: Mapping[str, _Style]) -> Marks:
    """With those of the styles that it rests on, as far as they do not go round."""
    chain: list[str] = []
    while name in styles and name not in chain and len(chain) < LONGEST_CHAIN:
        chain.append(name)
        name = styles[name].below
    marks: Marks = {}
    for style in reversed(chain):
        marks |= styles[style].marks
    return marks


def _drop_words(run: ET.Element) -> bool:
    """Whether there were any. The bounds of a field stay, or it would go on without end."""
    kept = [part for part in run if _name(part) in NO_WORDS]
    had_words = len(kept) < len(run)
    run[:] = kept
    return had_words


def _name(element: ET.Element) -> str:
    return element.tag.rpartition("}")[2]
