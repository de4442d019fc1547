"""Notices that papers were retracted or corrected, read from a table of them.

Two tables are understood: that of Retraction Watch, and one of our own with the columns doi,
date and source. Only lines about papers that we use are looked at closely: a table of the
world's retractions has thousands of lines with something missing, and these are not ours to mend.
"""

import csv
import datetime as dt
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain

from articles.csl import DOI, bare_doi
from articles.files import UNSTORABLE

RETRACTED, CORRECTED = "retracted", "corrected"
# What each kind of notice makes of a source. The others are a person's to weigh: a concern is
# neither a correction nor a retraction, and a reinstated paper may have been replaced here.
OUTCOMES = {"retraction": RETRACTED, "correction": CORRECTED}
REINSTATEMENT = "reinstatement"
LONGEST_NOTE = 300
MOST_FAULTS = 20
WATCH = {"originalpaperdoi", "retractiondate", "retractionnature"}
OWN = {"doi", "date", "source"}
AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: 0{1,2}:00(?::00)?)?")
EVERY = 10_000
HALF_READ = "\ufffd"


class CannotReadNotices(Exception):
    """The table cannot be used; `reasons` are sentences that name lines."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


@dataclass(frozen=True)
class Notice:
    """One line about a paper of ours. An empty `outcome` is for a person to decide."""

    line: int
    doi: str
    pmid: str
    nature: str
    outcome: str
    on: dt.date
    words: str


@dataclass
class Table:
    """What was read: notices on our papers, how many lines, and those that name no paper."""

    notices: list[Notice] = field(default_factory=list)
    nameless: list[int] = field(default_factory=list)
    lines: int = 0


Row = Mapping[str, str]


def read_notices(
    lines: Iterable[str],
    *,
    dois: Collection[str],
    pmids: Collection[str],
    progress: Callable[[int], None] = lambda _: None,
) -> Table:
    """The notices on papers with these DOIs, in small letters, and PMIDs.

    Raises CannotReadNotices when a line that is about one of them has a fault.
    """
    table, faults = Table(), []
    for line, row in _rows(lines):
        table.lines += 1
        if table.lines % EVERY == 0:
            progress(table.lines)
        doi, pmid = bare_doi(row["doi"]).lower(), row["pmid"]
        if doi in dois or pmid in pmids:
            try:
                table.notices.append(_notice(line, doi, pmid, row))
            except ValueError as error:
                faults.append(f"Line {line}: {error}")
        elif not DOI.fullmatch(doi) and pmid.strip("0") == "":
            table.nameless.append(line)
    if faults:
        raise CannotReadNotices(*faults[:MOST_FAULTS])
    return table


def _rows(lines: Iterable[str]) -> Iterator[tuple[int, Row]]:
    """(line, cells by our names) below the heading."""
    source = iter(lines)
    head = next(source, "")
    is_semicolon = ";" in head and "," not in head
    table = csv.reader(
        chain([head], source), delimiter=";" if is_semicolon else ",", strict=True
    )
    try:
        places = _places(next(table, []))
        for cells in table:
            if cells:
                yield table.line_num, _named(cells, places)
    except csv.Error as error:
        msg = f"Line {table.line_num}: This is not a line of a table: {error}."
        raise CannotReadNotices(msg) from error


def _places(head: list[str]) -> dict[str, int]:
    """Where each column stands, by our name for it."""
    found = {re.sub(r"[\s_\ufeff]", "", name.lower()): n for n, name in enumerate(head)}
    if found.keys() >= WATCH:
        called = {
            "doi": "originalpaperdoi",
            "pmid": "originalpaperpubmedid",
            "date": "retractiondate",
            "nature": "retractionnature",
            "notice": "retractiondoi",
            "reason": "reason",
        }
        return {
            name: found[theirs] for name, theirs in called.items() if theirs in found
        }
    if found.keys() >= OWN:
        return {name: found[name] for name in OWN}
    msg = (
        "Line 1: The columns are not those of Retraction Watch (OriginalPaperDOI, "
        "RetractionDate, RetractionNature, …), nor doi, date and source."
    )
    raise CannotReadNotices(msg)


def _named(cells: list[str], places: Mapping[str, int]) -> Row:
    row = dict.fromkeys(
        ("doi", "pmid", "date", "nature", "notice", "reason", "source"), ""
    )
    for name, place in places.items():
        if place < len(cells):
            row[name] = cells[place].strip()
    return row


def _notice(line: int, doi: str, pmid: str, row: Row) -> Notice:
    """Raises ValueError with a sentence."""
    words = row["source"] or _words(row)
    if HALF_READ in words:
        msg = "This is not UTF-8. Save the file as “CSV UTF-8”."
        raise ValueError(msg)
    if UNSTORABLE.search(words):
        msg = "This has a character in it that cannot be stored."
        raise ValueError(msg)
    if not words:
        msg = "The source is missing: who says so, and where?"
        raise ValueError(msg)
    # A table of our own tells of retractions only.
    nature = row["nature"] or "Retraction"
    return Notice(
        line,
        doi,
        pmid,
        nature,
        OUTCOMES.get(nature.lower(), ""),
        _day(row["date"]),
        words[:LONGEST_NOTE],
    )


def _words(row: Row) -> str:
    """Who says so and where, as readers see it."""
    if not row["nature"]:
        return ""
    notice = bare_doi(row["notice"])
    where = f", doi:{notice}" if DOI.fullmatch(notice) else ""
    reasons = "; ".join(
        reason.strip(" +") for reason in row["reason"].split(";") if reason.strip(" +")
    )
    because = f" Reasons given: {reasons}." if reasons else ""
    return f"{row['nature']}{where}, as listed by Retraction Watch.{because}"


def _day(text: str) -> dt.date:
    """2026-03-05, or 3/5/2026 0:00 as Retraction Watch writes it."""
    american = AMERICAN.fullmatch(text)
    try:
        if american:
            month, day, year = (int(part) for part in american.groups())
            return dt.date(year, month, day)
        return dt.date.fromisoformat(text[:10])
    except ValueError as error:
        msg = f"“{text[:40]}” is not a day. Write it as 2026-03-05."
        raise ValueError(msg) from error
