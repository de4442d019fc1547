"""RIS and PubMed's nbib: sources as lines that begin with a tag."""

import re
from collections.abc import Callable, Iterator
from typing import Any

from articles.citations import MONTHS
from articles.csl import CannotRead, date_of, person_of

Fields = dict[str, list[str]]
Read = tuple[int, dict[str, Any]]
TAG = re.compile(r"(?=.{4}-)([A-Z][A-Z0-9]{1,3}) *-(?: |$)(.*)")
KINDS = {
    "JOUR": "article-journal",
    "EJOUR": "article-journal",
    "JFULL": "article-journal",
    "MGZN": "article-journal",
    "BOOK": "book",
    "EBOOK": "book",
    "EDBOOK": "book",
    "CHAP": "chapter",
    "ECHAP": "chapter",
    "CONF": "paper-conference",
    "CPAPER": "paper-conference",
    "RPRT": "report",
    "GOVDOC": "report",
    "ELEC": "webpage",
    "BLOG": "webpage",
    "ICOMM": "webpage",
    "DATA": "dataset",
    "DBASE": "dataset",
}


def read_ris(text: str) -> Iterator[Read]:
    """The sources of a RIS file: the line on which each begins, and its CSL fields."""
    return _read(text, first="TY", last="ER", source=_from_ris)


def read_nbib(text: str) -> Iterator[Read]:
    """The sources of PubMed's own format: where each begins, and its CSL fields."""
    return _read(text, first="PMID", last="", source=_from_nbib)


def _read(
    text: str, *, first: str, last: str, source: Callable[[Fields], dict[str, Any]]
) -> Iterator[Read]:
    for line, fields in _records(text, first=first, last=last):
        yield line, source(fields)


def _records(text: str, *, first: str, last: str) -> Iterator[tuple[int, Fields]]:
    begun, fields, tag = 0, Fields(), ""
    for number, line in enumerate(text.splitlines(), 1):
        match = TAG.match(line)
        if match and match[1] == first:
            if begun:
                _refuse_open(begun, last)
                yield begun, fields
            begun, fields, tag = number, {first: [match[2].strip()]}, first
        elif match and match[1] == last:
            if begun:
                yield begun, fields
            begun = 0
        elif not line.strip():
            continue
        elif not begun:
            msg = (
                f"Line {number}: A source begins with {first}, and this line does not."
            )
            raise CannotRead(msg)
        elif match:
            tag = match[1]
            fields.setdefault(tag, []).append(match[2].strip())
        else:
            fields[tag][-1] += f" {line.strip()}"
    if begun:
        _refuse_open(begun, last)
        yield begun, fields


def _refuse_open(begun: int, last: str) -> None:
    """A source without its last line was cut off when it was copied."""
    if last:
        msg = f"Line {begun}: This source has no end. Its last line is “{last}  -”."
        raise CannotRead(msg)


def _one(fields: Fields, *tags: str) -> str:
    return next((fields[tag][0] for tag in tags if fields.get(tag)), "")


def _all(fields: Fields, *tags: str) -> list[str]:
    return [value for tag in tags for value in fields.get(tag, []) if value]


def _from_ris(fields: Fields) -> dict[str, Any]:
    pages = "-".join(dict.fromkeys(_all(fields, "SP", "EP")))
    return {
        "type": KINDS.get(_one(fields, "TY"), "document"),
        "title": _one(fields, "TI", "T1", "CT"),
        "author": [person_of(line) for line in _all(fields, "AU", "A1")],
        "editor": [person_of(line) for line in _all(fields, "A2", "ED")],
        "container-title": _one(fields, "JF", "T2", "BT", "JO", "JA", "J2"),
        "issued": date_of(_one(fields, "PY", "Y1", "DA")),
        "accessed": date_of(_one(fields, "Y2")),
        "publisher": _one(fields, "PB"),
        "publisher-place": _one(fields, "CY", "PP"),
        "edition": _one(fields, "ET"),
        "volume": _one(fields, "VL"),
        "issue": _one(fields, "IS"),
        "page": pages,
        "DOI": _one(fields, "DO"),
        "URL": _one(fields, "UR"),
    }


def _from_nbib(fields: Fields) -> dict[str, Any]:
    book = _one(fields, "BTI")
    title = _one(fields, "TI", "CTI")
    kind = "article-journal"
    if book:
        kind = "chapter" if title else "book"
    people = [person_of(line) for line in _all(fields, "FAU")]
    return {
        "type": kind,
        "title": (title or book).removesuffix("."),
        "author": people or [_initials(line) for line in _all(fields, "AU")],
        "editor": [person_of(line) for line in _all(fields, "FED")],
        "container-title": _one(fields, "TA", "JT") or (book if title else ""),
        "issued": _published(_one(fields, "DP")),
        "publisher": _one(fields, "PB"),
        "publisher-place": _one(fields, "PL") if book else "",
        "volume": _one(fields, "VI"),
        "issue": _one(fields, "IP"),
        "page": _one(fields, "PG"),
        "DOI": _doi(_all(fields, "AID", "LID")),
        "PMID": _one(fields, "PMID"),
        "PMCID": _one(fields, "PMC"),
    } | _bodies(fields, people)


def _bodies(fields: Fields, people: list[dict[str, str]]) -> dict[str, Any]:
    """Groups that signed the paper stand after its people, or alone."""
    names = [{"literal": name} for name in _all(fields, "CN")]
    return {"author": people + names} if names else {}


def _initials(line: str) -> dict[str, str]:
    """“Slamon DJ” as PubMed writes it in short."""
    family, _, given = line.rpartition(" ")
    return {"family": family, "given": given} if family else {"literal": line}


def _published(words: str) -> dict[str, Any]:
    """“2001 Mar 15”, of which the month may be missing or a season."""
    parts = words.split()
    if not parts or not re.fullmatch(r"[0-9]{4}", parts[0]):
        return {}
    numbers = [int(parts[0])]
    if len(parts) > 1 and parts[1] in MONTHS:
        numbers.append(MONTHS.index(parts[1]) + 1)
        numbers += [int(day) for day in parts[2:3] if re.fullmatch(r"[0-9]{1,2}", day)]
    return {"date-parts": [numbers]}


def _doi(names: list[str]) -> str:
    found = (name for name in names if name.endswith("[doi]"))
    return next(found, "").removesuffix("[doi]").strip()
