"""Sources as CSL-JSON: which fields are kept, and how people are written as lines."""

import calendar
import re
from collections.abc import Mapping
from typing import Any

from articles.citations import csl_faults

KINDS = (
    "article-journal",
    "report",
    "webpage",
    "book",
    "chapter",
    "paper-conference",
    "dataset",
    "document",
)
MOST = 100  # sources in one paste
DOI = re.compile(r"10\.\d{4,9}/\S+")
# The longest text of each field that is kept.
LONGEST = {
    "title": 500,
    "container-title": 300,
    "publisher": 200,
    "publisher-place": 100,
    "edition": 60,
    "volume": 40,
    "issue": 40,
    "page": 60,
    "DOI": 200,
    "PMID": 9,
    "PMCID": 12,
    "URL": 2000,
}
PEOPLE = ("author", "editor")
DATES = ("issued", "accessed")
LONGEST_NAME = 300
FIRST_YEAR, LAST_YEAR = 1800, 2100
# What the form for a source takes; library programs write addresses of their own, too.
WEB = re.compile(
    r"https?://[\w.-]+\.[^\W\d_]{2,}(?::\d{1,5})?(?:[/?#]\S*)?", re.IGNORECASE
)
# CSL-JSON may mark words in titles. What only looks like a mark stays as it is.
MARKS = re.compile(r"</?(?:i|b|em|strong|sup|sub|sc|scp)>")
BEFORE_A_DOI = re.compile(r"^(?:https?://(?:dx\.)?doi\.org/|doi:)\s*", re.IGNORECASE)
YEAR_FIRST = re.compile(r"\s*(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?(?!\d)")


class CannotRead(Exception):
    """This is no source that we can take in; the message says why."""


def bare_doi(text: str) -> str:
    """A DOI without the address or word before it."""
    return BEFORE_A_DOI.sub("", text.strip())


def tidy(item: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an item that we keep, in the form in which we keep them.

    Raises CannotRead.
    """
    kind = item.get("type")
    kept: dict[str, Any] = {"type": kind if kind in KINDS else "document"}
    kept |= {name: _text(name, item.get(name)) for name in LONGEST}
    kept["DOI"] = bare_doi(kept["DOI"])
    kept["URL"] = kept["URL"] if WEB.fullmatch(kept["URL"]) else ""
    kept |= {name: _people(name, item.get(name)) for name in PEOPLE}
    kept |= {name: _date(item.get(name)) for name in DATES}
    _refuse(kept)
    found = {name: value for name, value in kept.items() if value}
    for fault in csl_faults(found):
        raise CannotRead(fault)
    return found


def _text(name: str, value: Any) -> str:
    # Crossref gives titles as lists.
    first = value[0] if isinstance(value, list) and value else value
    if first is None or first == []:
        return ""
    if not isinstance(first, str | int):
        raise CannotRead(f"Its {name} is not a text.")
    words = " ".join(MARKS.sub("", str(first)).split())
    if name != "DOI" and len(words) > LONGEST[name]:
        raise CannotRead(f"Its {name} is longer than {LONGEST[name]} characters.")
    return words


def _people(name: str, value: Any) -> list[dict[str, str]]:
    if value is None:
        return []
    if not isinstance(value, list) or not all(isinstance(p, dict) for p in value):
        raise CannotRead(f"Its {name} is not a list of people.")
    return [person for person in map(_person, value) if person]


def _person(given: Mapping[str, Any]) -> dict[str, str]:
    names = {
        name: " ".join(value.split())[:LONGEST_NAME]
        for name, value in given.items()
        if isinstance(value, str)
    }
    whole = names.get("literal") or names.get("name")
    if whole:
        return {"literal": whole}
    particle = names.get("non-dropping-particle", "")
    family = f"{particle} {names.get('family', '')}".strip()
    if not family:
        return {"literal": names["given"]} if names.get("given") else {}
    given_name = names.get("given", "")
    return {"family": family, **({"given": given_name} if given_name else {})}


def _date(value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        return {}
    parts = value.get("date-parts")
    if parts is None:
        words = str(value.get("raw") or value.get("literal") or "")
        parts = date_of(words).get("date-parts")
    if parts is None:
        return {}
    year, month, day = _numbers(parts)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        msg = f"Its date has no year between {FIRST_YEAR} and {LAST_YEAR}."
        raise CannotRead(msg)
    return {"date-parts": [[year, *_in_calendar(year, month, day)]]}


def _numbers(parts: Any) -> list[int]:
    """Year, month and day; what is not given is 0."""
    not_a_date = CannotRead("Its date is not year, month, day.")
    try:
        first = parts[0]
        if not isinstance(first, list):
            raise not_a_date
        return [int(part or 0) for part in [*first, 0, 0, 0][:3]]
    except (TypeError, ValueError, IndexError, KeyError, OverflowError) as error:
        raise not_a_date from error


def _in_calendar(year: int, month: int, day: int) -> list[int]:
    """The month and the day, as far as there are such."""
    if not 1 <= month <= 12:
        return []
    _, last = calendar.monthrange(year, month)
    return [month, day] if 1 <= day <= last else [month]


def date_of(text: str) -> dict[str, Any]:
    """A date that begins with its year, such as 2001, 2001-03 or 2001/03/15."""
    found = YEAR_FIRST.match(text)
    if not found:
        return {}
    return {"date-parts": [[int(part) for part in found.groups() if part]]}


def _refuse(item: Mapping[str, Any]) -> None:
    if not item["title"]:
        raise CannotRead("It has no title.")
    doi = item["DOI"]
    if doi and not (DOI.fullmatch(doi) and len(doi) <= LONGEST["DOI"]):
        raise CannotRead(f"“{doi[:60]}” is not a DOI.")
    if item["PMID"] and not re.fullmatch(r"[0-9]{1,9}", item["PMID"]):
        raise CannotRead(f"“{item['PMID']}” is not a PMID.")


# --- People as lines -------------------------------------------------------------------------


def person_of(line: str) -> dict[str, str]:
    """Who a line names: “Slamon, D. J.” a person, a name without a comma a body.

    A body whose name has a comma stands in braces.
    """
    line = line.strip()
    if line.startswith("{") and line.endswith("}"):
        return {"literal": line[1:-1].strip()}
    family, comma, given = line.partition(",")
    if not comma:
        return {"literal": line}
    return {"family": family.strip(), "given": given.strip()}


def line_of(person: Mapping[str, str]) -> str:
    """A person or a body as a line; `person_of` reads it again."""
    if "literal" in person:
        name = person["literal"]
        return f"{{{name}}}" if "," in name else name
    return f"{person.get('family', '')}, {person.get('given', '')}".rstrip(" ")
