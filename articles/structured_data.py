"""What a page says of itself to machines: a schema.org MedicalWebPage, as JSON-LD."""

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# So that no text can end the element that it stands in; the same as Django's json_script.
ESCAPES = str.maketrans({"<": "\\u003C", ">": "\\u003E", "&": "\\u0026"})


@dataclass(frozen=True)
class Reviewer:
    name: str
    role: str


@dataclass(frozen=True)
class PageFacts:
    """What is known of a page; nothing is claimed that is not."""

    url: str
    name: str
    description: str
    topic: str
    published_on: dt.date
    modified_on: dt.date
    reviewed_on: dt.date | None
    reviewers: tuple[Reviewer, ...]
    sources: tuple[Mapping[str, Any], ...]
    """CSL-JSON of each source that the page cites."""


def medical_web_page(facts: PageFacts) -> dict[str, Any]:
    page: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "MedicalWebPage",
        "url": facts.url,
        "name": facts.name,
        "description": facts.description,
        "inLanguage": "en-GB",
        "about": {"@type": "MedicalCondition", "name": "HER2-positive breast cancer"},
        "articleSection": facts.topic,
        "medicalAudience": [
            {"@type": "MedicalAudience", "audienceType": audience}
            for audience in ("Patient", "Caregiver", "Clinician")
        ],
        "datePublished": facts.published_on.isoformat(),
        "dateModified": facts.modified_on.isoformat(),
        "isAccessibleForFree": True,
    }
    return page | _reviews(facts) | _citations(facts)


def _reviews(facts: PageFacts) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if facts.reviewed_on:
        found["lastReviewed"] = facts.reviewed_on.isoformat()
    if facts.reviewers:
        found["reviewedBy"] = [
            {"@type": "Person", "name": reviewer.name, "jobTitle": reviewer.role}
            for reviewer in facts.reviewers
        ]
    return found


def _citations(facts: PageFacts) -> dict[str, Any]:
    """By address where there is one: the titles stand on the page already."""
    citations = [_citation(csl) for csl in facts.sources]
    return {"citation": citations} if citations else {}


def _citation(csl: Mapping[str, Any]) -> str:
    if csl.get("DOI"):
        return f"https://doi.org/{csl['DOI']}"
    return str(csl.get("URL") or csl.get("title", ""))


def as_html(page: Mapping[str, Any]) -> str:
    """The JSON as it may stand inside of a script element."""
    return json.dumps(page, ensure_ascii=False, separators=(",", ":")).translate(
        ESCAPES
    )
