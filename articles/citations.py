"""Citations: find `[@key, p. 12; @other]` in text and put a source into words."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

KEY_PATTERN = r"[A-Za-z0-9][A-Za-z0-9_-]*"
_ONE = rf"@{KEY_PATTERN}(?:,[^\[\];@]*)?"
CITATION = re.compile(rf"\[({_ONE}(?:;\s*{_ONE})*)\]")
NAMED_AUTHORS = 6
MEDIUM = {"webpage": " [Internet]", "dataset": " [dataset]"}
PARTS = ("chapter", "paper-conference")
ENDINGS = {"1": "st", "2": "nd", "3": "rd"}
MONTHS = (
    "Jan",
    "Feb",
    "Mar",
    "Apr",
    "May",
    "Jun",
    "Jul",
    "Aug",
    "Sep",
    "Oct",
    "Nov",
    "Dec",
)
PLAIN_FIELDS = (
    "title",
    "container-title",
    "publisher",
    "publisher-place",
    "edition",
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
    for role in ("author", "editor"):
        people = csl.get(role, [])
        if not isinstance(people, list) or not all(_is_person(p) for p in people):
            yield f"Each {role} has a family name, or a literal one."
    if any(name in csl and not _is_date(csl[name]) for name in ("issued", "accessed")):
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
        year, *rest = (int(part) for part in issued["date-parts"][0])
        return 0 < year < 10_000 and all(0 < part < 32 for part in rest)
    except (KeyError, IndexError, TypeError, ValueError, OverflowError):
        return False


@dataclass(frozen=True)
class SourceLine:
    """A source in words (plain text, not HTML) and where to find it."""

    text: str
    url: str
    url_label: str


def source_line(csl: Mapping[str, Any]) -> SourceLine:
    """Put a CSL-JSON item into words, as the Vancouver style does.

    Vancouver: Citing Medicine, 2nd edition, US National Library of Medicine. Authors after
    the sixth become "et al."; an item of unknown type is written like a book.
    """
    kind = str(csl.get("type", ""))
    title = f"{csl.get('title', '')}{MEDIUM.get(kind, '')}"
    where = _in_journal if _is_in_journal(csl) else _on_its_own
    if kind in PARTS and not _is_in_journal(csl):
        where = _in_book
    parts = [_people(csl, "author"), _sentence(title), *where(csl)]
    url, label = _address(csl)
    return SourceLine(" ".join(part for part in parts if part), url, label)


def _is_in_journal(csl: Mapping[str, Any]) -> bool:
    """Papers of conferences stand in the supplements of journals, too."""
    kind = csl.get("type", "")
    in_supplement = kind == "paper-conference" and bool(csl.get("volume"))
    return kind == "article-journal" or in_supplement


def _people(csl: Mapping[str, Any], role: str) -> str:
    return _sentence(_names(csl.get(role, [])))


def _names(people: Sequence[Mapping[str, str]]) -> str:
    names = [_name(person) for person in people[:NAMED_AUTHORS]]
    tail = ", et al" if len(people) > NAMED_AUTHORS else ""
    return ", ".join(names) + tail


def _name(person: Mapping[str, str]) -> str:
    if "literal" in person:
        return person["literal"]
    initials = re.sub(r"[^A-Z]", "", person.get("given", "").title())
    return f"{person.get('family', '')} {initials}".strip()


def _in_journal(csl: Mapping[str, Any]) -> list[str]:
    where = csl.get("container-title", "") or csl.get("publisher", "")
    return [_sentence(where), _sentence(_when(csl))]


def _in_book(csl: Mapping[str, Any]) -> list[str]:
    """“In: Berg E, editor. The book. 2nd ed. Oxford: The press; 2019. p. 12-34.”"""
    editors = csl.get("editor", [])
    role = "editor" if len(editors) == 1 else "editors"
    edited = _sentence(f"{_names(editors)}, {role}") if editors else ""
    book = _sentence(csl.get("container-title", ""))
    inside = " ".join(part for part in (edited, book) if part)
    page = str(csl.get("page", ""))
    return [
        f"In: {inside}" if inside else "",
        _edition(csl),
        _sentence(_imprint(csl.get("publisher", ""), csl, _year(csl))),
        _sentence(f"p. {page}") if page else "",
    ]


def _on_its_own(csl: Mapping[str, Any]) -> list[str]:
    """“Edition. The site. Oxford: The press; 2019 [cited 2026 Mar 5].”"""
    series = csl.get("container-title", "")
    publisher = csl.get("publisher", "")
    if not publisher:
        series, publisher = "", series
    imprint = _imprint(publisher, csl, _when(csl))
    cited = _cited(csl)
    return [
        _edition(csl),
        _sentence(series),
        _sentence(" ".join(part for part in (imprint, cited) if part)),
    ]


def _imprint(publisher: str, csl: Mapping[str, Any], when: str) -> str:
    place = csl.get("publisher-place", "")
    house = f"{place}: {publisher}" if place and publisher else publisher or place
    return "; ".join(part for part in (house, when) if part)


def _edition(csl: Mapping[str, Any]) -> str:
    edition = str(csl.get("edition", "")).strip()
    if not edition or re.search(r"\bed(ition)?\b", edition):
        return _sentence(edition)
    return f"{_ordinal(edition)} ed."


def _ordinal(number: str) -> str:
    if not re.fullmatch("[0-9]{1,3}", number):
        return number
    is_teen = number[-2:-1] == "1"
    return number + ("th" if is_teen else ENDINGS.get(number[-1], "th"))


def _cited(csl: Mapping[str, Any]) -> str:
    """When we read what may have changed since."""
    parts = csl.get("accessed", {}).get("date-parts", [])
    if not parts or not parts[0]:
        return ""
    year, *rest = (int(part) for part in parts[0])
    month = [MONTHS[rest[0] - 1]] if rest and 0 < rest[0] < 13 else []
    day = [str(rest[1])] if month and len(rest) > 1 else []
    return f"[cited {' '.join([str(year), *month, *day])}]"


def _when(csl: Mapping[str, Any]) -> str:
    volume, issue, page = (
        str(csl.get(field, "")) for field in ("volume", "issue", "page")
    )
    numbers = volume + (f"({issue})" if issue else "")
    when = ";".join(part for part in (_year(csl), numbers) if part)
    return ":".join(part for part in (when, page) if part)


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


def _sentence(text: str | int) -> str:
    text = str(text).strip()
    return text if not text or text.endswith((".", "?", "!")) else text + "."
