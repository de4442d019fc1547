"""BibTeX as CSL fields; the splitting is bibtexparser's."""

import logging
import re
from collections.abc import Iterator, Mapping
from typing import Any

from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import NormalizeFieldKeys, SeparateCoAuthors
from bibtexparser.middlewares.names import (
    InvalidNameError,
    parse_single_name_into_parts,
)
from bibtexparser.model import (
    Block,
    DuplicateBlockKeyBlock,
    DuplicateFieldKeyBlock,
    Entry,
)
from pylatexenc.latex2text import LatexNodes2Text

from articles.csl import MOST, CannotRead, date_of

KINDS = {
    "article": "article-journal",
    "book": "book",
    "booklet": "book",
    "inbook": "chapter",
    "incollection": "chapter",
    "inproceedings": "paper-conference",
    "conference": "paper-conference",
    "techreport": "report",
    "report": "report",
    "online": "webpage",
    "electronic": "webpage",
    "www": "webpage",
    "dataset": "dataset",
}
# What each field may be called; the first that is there counts.
NAMES = {
    "title": ("title",),
    "container-title": ("journal", "journaltitle", "booktitle"),
    "publisher": ("publisher", "institution", "organization", "school"),
    "publisher-place": ("address", "location"),
    "edition": ("edition",),
    "volume": ("volume",),
    "issue": ("number", "issue"),
    "page": ("pages",),
    "DOI": ("doi",),
    "PMID": ("pmid",),
    "PMCID": ("pmcid",),
    "URL": ("url",),
}
# No field that we keep is longer, and LaTeX takes long to read.
LONGEST = 2000
ENTRY = re.compile(r"@\w+[ \t]*[{(]")
LATEX = re.compile(r"[\\{}$~]|--|``|''")
# It warns of each entry that it cannot read, and quotes it.
logging.getLogger("bibtexparser").setLevel(logging.ERROR)


def read_bibtex(text: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """The sources of a BibTeX file: the line on which each begins, and its CSL fields."""
    _refuse_many(text)
    tools = [NormalizeFieldKeys(), SeparateCoAuthors()]
    library = parse_string(text, append_middleware=tools)
    for block in library.failed_blocks:
        raise CannotRead(f"Line {_line(block)}: {_why(block)}")
    for entry in library.entries:
        try:
            yield _line(entry), _source(entry)
        except CannotRead as error:
            raise CannotRead(f"Line {_line(entry)}: {error}") from error


def _refuse_many(text: str) -> None:
    """Before it is parsed: each entry that does not end is read to the end of the text."""
    number = len(ENTRY.findall(text))
    if number > MOST:
        msg = f"These are {number:,} entries. Paste at most {MOST} at a time."
        raise CannotRead(msg)


def _line(block: Block) -> int:
    return (block.start_line or 0) + 1


def _why(block: Block) -> str:
    if isinstance(block, DuplicateBlockKeyBlock):
        return "This entry has the same key as another."
    if isinstance(block, DuplicateFieldKeyBlock):
        return "This entry names a field twice."
    return "This entry cannot be read. Look for a brace or a quotation mark that does not close."


def _source(entry: Entry) -> dict[str, Any]:
    fields = {field.key: field.value for field in entry.fields}
    source: dict[str, Any] = {
        name: _plain(_first(fields, called)) for name, called in NAMES.items()
    }
    source["page"] = re.sub("[-–]+", "-", source["page"])
    return source | {
        "type": KINDS.get(entry.entry_type.lower(), "document"),
        "author": [_person(name) for name in fields.get("author", [])],
        "editor": [_person(name) for name in fields.get("editor", [])],
        "issued": date_of(str(_first(fields, ("date", "year")))),
        "accessed": date_of(str(_first(fields, ("urldate",)))),
    }


def _first(fields: Mapping[str, Any], called: tuple[str, ...]) -> str:
    return next((str(fields[name]) for name in called if fields.get(name)), "")


def _person(name: str) -> dict[str, str]:
    if name.startswith("{") and name.endswith("}"):
        return {"literal": _plain(name)}
    try:
        parts = parse_single_name_into_parts(name)
    except InvalidNameError as error:
        raise CannotRead(f"“{name[:60]}” is not a name.") from error
    family = " ".join([*parts.von, *parts.last])
    given = " ".join([*parts.first, *parts.jr])
    return {"family": _plain(family), "given": _plain(given)}


def _plain(text: str) -> str:
    """LaTeX as plain characters."""
    if not LATEX.search(text):
        return text
    if len(text) > LONGEST:
        raise CannotRead(f"A field is longer than {LONGEST} characters.")
    try:
        return str(LatexNodes2Text().latex_to_text(text))
    except RecursionError as error:
        raise CannotRead("A field has too many braces within braces.") from error
