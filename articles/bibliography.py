"""Read a pasted source, in any form that databases hand out, without asking anybody."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from articles.bibtex import read_bibtex
from articles.csl import DOI, MOST, CannotRead, bare_doi, tidy
from articles.files import UNSTORABLE, FaultyContent, parse_json
from articles.ris import read_nbib, read_ris

# Some fifty papers with their abstracts.
LONGEST = 200_000
LONGEST_NUMBER = 200
PMID = re.compile(
    r"(?:https://pubmed\.ncbi\.nlm\.nih\.gov/|PMID:?\s*)?([0-9]{1,9})/?", re.IGNORECASE
)
STARTS_BIBTEX = re.compile(r"^[ \t]*@\w+[ \t]*[{(]", re.MULTILINE)
STARTS_RIS = re.compile(r"^TY  - ", re.MULTILINE)
STARTS_NBIB = re.compile(r"^PMID- ", re.MULTILINE)
NOTHING = (
    "This is none of the forms that can be read. Paste a DOI, a PMID, RIS, BibTeX, CSL-JSON or "
    "what PubMed gives as “PubMed” format."
)


@dataclass(frozen=True)
class Found:
    """A source that was read; `fault` says why it cannot be taken in as it is."""

    where: str
    csl: Mapping[str, Any]
    fault: str = ""


@dataclass(frozen=True)
class Pasted:
    """Sources, or only the number of one, whose details have to be typed."""

    sources: tuple[Found, ...] = ()
    doi: str = ""
    pmid: str = ""


def read(text: str) -> Pasted:
    """What was pasted. Raises CannotRead with what is wrong and where."""
    text = text.strip().removeprefix("\ufeff")
    if len(text) > LONGEST:
        msg = f"This is longer than {LONGEST:,} characters. Paste fewer sources at a time."
        raise CannotRead(msg)
    if UNSTORABLE.search(text):
        raise CannotRead("This has a character in it that cannot be stored.")
    if DOI.fullmatch(bare_doi(text)) and len(text) <= LONGEST_NUMBER:
        return Pasted(doi=bare_doi(text))
    if number := PMID.fullmatch(text):
        return Pasted(pmid=number[1])
    return Pasted(sources=_checked(_items(text)))


def _items(text: str) -> Iterator[tuple[str, Any]]:
    """(where, item as it was written) of each source."""
    if text.startswith(("{", "[")):
        yield from _from_json(text)
        return
    for starts, read_form in (
        (STARTS_RIS, read_ris),
        (STARTS_NBIB, read_nbib),
        (STARTS_BIBTEX, read_bibtex),
    ):
        if starts.search(text):
            yield from ((f"line {line}", item) for line, item in read_form(text))
            return
    raise CannotRead(NOTHING)


def _from_json(text: str) -> Iterator[tuple[str, Any]]:
    try:
        whole = parse_json(Path("CSL-JSON"), text)
    except FaultyContent as error:
        raise CannotRead(error.faults[0]) from error
    items = whole if isinstance(whole, list) else [whole]
    yield from ((f"source {number}", item) for number, item in enumerate(items, 1))


def _checked(items: Iterable[tuple[str, Any]]) -> tuple[Found, ...]:
    found = tuple(_one(where, item) for where, item in items)
    if not found:
        raise CannotRead(NOTHING)
    if len(found) > MOST:
        msg = f"These are {len(found)} sources. Paste at most {MOST} at a time."
        raise CannotRead(msg)
    if len(found) == 1 and found[0].fault:
        raise CannotRead(f"This source cannot be taken in: {found[0].fault}")
    return found


def _one(where: str, item: Any) -> Found:
    if not isinstance(item, dict):
        return Found(where, {}, "It is not an item of CSL-JSON.")
    try:
        return Found(where, tidy(item))
    except CannotRead as error:
        title = item.get("title")
        shown = {"title": title[:500]} if isinstance(title, str) else {}
        return Found(where, shown, str(error))


# --- Keys ------------------------------------------------------------------------------------


def proposed_key(csl: Mapping[str, Any], *, taken: Collection[str]) -> str:
    """Surname and year, such as slamon2001; slamon2001b when that is taken."""
    stem = f"{_surname(csl)[:40]}{_year(csl)}"
    key, number = stem, 1
    while key in taken:
        number += 1
        key = f"{stem}{_letter(number)}"
    return key


def _surname(csl: Mapping[str, Any]) -> str:
    person: Mapping[str, str] = next(iter(csl.get("author", [])), {})
    name = person.get("family") or _short(person.get("literal", ""))
    return _letters(name) or "source"


def _short(body: str) -> str:
    """WHO for World Health Organization, and one word as it is."""
    words = body.split()
    if len(words) < 2:
        return body
    return "".join(word[0] for word in words if word[0].isupper()) or words[0]


def _letters(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return re.sub("[^a-z0-9]", "", plain.lower())


def _year(csl: Mapping[str, Any]) -> str:
    return str(csl["issued"]["date-parts"][0][0]) if "issued" in csl else ""


def _letter(number: int) -> str:
    alphabet = "abcdefghijklmnopqrstuvwxyz"
    return alphabet[number - 1] if number <= len(alphabet) else f"-{number}"
