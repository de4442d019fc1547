"""What the editor's dialogs look up: sources, pictures, and what a figure of chances will say."""

import unicodedata

from django.db.models import Q
from django.http import HttpRequest, JsonResponse

from articles.chances import ChancesFault, chances_block, parse_chances
from articles.citations import source_line
from articles.models import Image, Reference, ReferenceStatus

MOST = 50
LONGEST_SEARCH = 200
FIELDS = ("shows", "source", "of", "first", "first_count", "second", "second_count")


def sources(request: HttpRequest) -> JsonResponse:
    """References whose authors, title, year or key hold every word of `q`."""
    # Read one by one: the databases differ in how they search within JSON, and they are few.
    rows = [row for row in Reference.objects.all() if _holds(row, _words(request))]
    found = [
        {
            "key": row.key,
            "text": source_line(row.csl).text,
            "warning": _warning(row),
        }
        for row in rows[:MOST]
    ]
    return JsonResponse({"found": found, "count": len(rows)})


def _holds(row: Reference, words: list[str]) -> bool:
    people = row.csl.get("author", [])
    names = " ".join(part for person in people for part in person.values())
    text = _folded(f"{row.key} {row.title} {row.year or ''} {names}")
    return all(_folded(word) in text for word in words)


def _folded(text: str) -> str:
    """In lower case and without accents, so that "gines" finds "Ginés"."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(part for part in parts if not unicodedata.combining(part))


def _words(request: HttpRequest) -> list[str]:
    return request.GET.get("q", "")[:LONGEST_SEARCH].replace("\0", "").split()


def _warning(row: Reference) -> str:
    is_current = row.status == ReferenceStatus.CURRENT
    return "" if is_current else str(row.get_status_display()).capitalize()


def pictures(request: HttpRequest) -> JsonResponse:
    """Pictures whose title or credit holds every word of `q`."""
    rows = Image.objects.all()
    for word in _words(request):
        rows = rows.filter(Q(title__icontains=word) | Q(credit__icontains=word))
    found = [
        {
            "id": row.pk,
            "title": row.title,
            "credit": row.credit,
            "url": row.get_absolute_url(),
        }
        for row in rows[:MOST]
    ]
    return JsonResponse({"found": found, "count": rows.count()})


def chances(request: HttpRequest) -> JsonResponse:
    """The block that draws what was filled in and its sentence, or what to change."""
    asked = {name: request.GET.get(name, "")[:LONGEST_SEARCH] for name in FIELDS}
    block = chances_block(**asked)
    try:
        said = parse_chances(block)
    except ChancesFault as fault:
        return JsonResponse({"fault": str(fault)})
    arms = ". ".join(f"{label}: {n} out of {said.of}" for label, n in said.arms)
    says = f"{arms}. {said.difference}"
    return JsonResponse({"block": f"```chances\n{block}\n```", "says": says})
