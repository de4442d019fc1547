"""Citations: find `[@key, p. 12; @other]` in text and put a source into words."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

KEY_PATTERN = r"[A-Za-z0-9][A-Za-z0-9_-]*"
_ONE = rf"@{KEY_PATTERN}(?:,[^\[\];@]*)?"
CITATION = re.compile(rf"\[({_ONE}(?:;\s*{_ONE})*)\]")
NAMED_AUTHORS = 6
PLAIN_FIELDS = (
    "title",
    "container-title",
    "publisher",
    "volume",
    "issue",
    "page",
    "DOI",
    "PMID",
    "PMCID",
    "URL",
)


@dataclass(frozen=True)
class Cite:
    """One source within a citation; `locator` says where in it, such as "p. 784"."""

    key: str
    locator: str = ""


def parse_citation(inside: str) -> tuple[Cite, ...]:
    """Split what stands between the brackets: "@a, p. 1; @b" gives two."""
    cites = []
    for part in inside.split(";"):
        key, _, locator = part.strip().removeprefix("@").partition(",")
        cites.append(Cite(key.strip(), locator.strip()))
    return tuple(cites)


def cited_keys(text: str) -> tuple[str, ...]:
    """Every key cited in the text, each once, in order of first use."""
    found = (
        cite.key
        for match in CITATION.finditer(text)
        for cite in parse_citation(match[1])
    )
    return tuple(dict.fromkeys(found))


def csl_faults(csl: Mapping[str, Any]) -> Iterator[str]:
    """What keeps a CSL-JSON item from being put into words."""
    if not str(csl.get("title", "")).strip():
        yield "The source has no title."
    for name in PLAIN_FIELDS:
        if not isinstance(csl.get(name, ""), str | int):
            yield f"{name} is a text."
    authors = csl.get("author", [])
    if not isinstance(authors, list) or not all(_is_person(p) for p in authors):
        yield "Each author has a family name, or a literal one."
    if "issued" in csl and not _is_date(csl["issued"]):
        yield 'The date is written as {"date-parts": [[2001, 3, 15]]}.'


def _is_person(person: Any) -> bool:
    return (
        isinstance(person, dict)
        and all(isinstance(value, str) for value in person.values())
        and bool(person.get("literal") or person.get("family"))
    )


def _is_date(issued: Any) -> bool:
    """With a year that fits into its column."""
    try:
        return 0 < int(issued["date-parts"][0][0]) < 10_000
    except (KeyError, IndexError, TypeError, ValueError, OverflowError):
        return False


@dataclass(frozen=True)
class SourceLine:
    """A source in words (plain text, not HTML) and where to find it."""

    text: str
    url: str
    url_label: str


def source_line(csl: Mapping[str, Any]) -> SourceLine:
    """Put a CSL-JSON item into words, roughly as the Vancouver style does.

    Vancouver: Citing Medicine, 2nd edition, US National Library of Medicine. Authors after
    the sixth become "et al."; an item of unknown type is written like a web page.
    """
    parts = [_authors(csl), _sentence(csl.get("title", "")), _published(csl)]
    url, label = _address(csl)
    return SourceLine(" ".join(part for part in parts if part), url, label)


def _authors(csl: Mapping[str, Any]) -> str:
    people = csl.get("author", [])
    names = [_name(person) for person in people[:NAMED_AUTHORS]]
    if not names:
        return ""
    tail = ", et al" if len(people) > NAMED_AUTHORS else ""
    return _sentence(", ".join(names) + tail)


def _name(person: Mapping[str, str]) -> str:
    if "literal" in person:
        return person["literal"]
    initials = re.sub(r"[^A-Z]", "", person.get("given", "").title())
    return f"{person.get('family', '')} {initials}".strip()


def _published(csl: Mapping[str, Any]) -> str:
    where = csl.get("container-title", "") or csl.get("publisher", "")
    year = _year(csl)
    volume, issue, page = (
        str(csl.get(field, "")) for field in ("volume", "issue", "page")
    )
    numbers = volume + (f"({issue})" if issue else "") + (f":{page}" if page else "")
    when = ";".join(part for part in (year, numbers) if part)
    return " ".join(_sentence(part) for part in (where, when) if part)


def _year(csl: Mapping[str, Any]) -> str:
    parts = csl.get("issued", {}).get("date-parts", [])
    return str(parts[0][0]) if parts and parts[0] else ""


def _address(csl: Mapping[str, Any]) -> tuple[str, str]:
    if doi := str(csl.get("DOI", "")).strip():
        return f"https://doi.org/{doi}", f"doi:{doi}"
    if pmid := str(csl.get("PMID", "")).strip():
        return f"https://pubmed.ncbi.nlm.nih.gov/{pmid}/", f"PMID {pmid}"
    if pmcid := str(csl.get("PMCID", "")).strip():
        return f"https://pmc.ncbi.nlm.nih.gov/articles/{pmcid}/", pmcid
    url = str(csl.get("URL", "")).strip()
    if url.startswith(("https://", "http://")):
        return url, url.split("://", 1)[1].split("/", 1)[0]
    return "", ""


def _sentence(text: str) -> str:
    text = text.strip()
    return text if not text or text.endswith((".", "?", "!")) else text + "."
