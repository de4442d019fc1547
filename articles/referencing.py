"""Take in sources, and renew the pages that print them."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from articles import publishing, rendering
from articles.bibliography import Found, proposed_key
from articles.models import Article, ArticleVersion, Reference


class CannotAdd(Exception):
    """These sources cannot be stored; none of them was."""


@dataclass(frozen=True)
class Offer:
    """A source that was pasted, the key it would get, and why it cannot be added."""

    number: int
    where: str
    key: str
    csl: Mapping[str, Any]
    refusal: str


def twin_of(csl: Mapping[str, Any]) -> Reference | None:
    """The stored source with the same DOI or PMID."""
    same = Q()
    if doi := str(csl.get("DOI", "")):
        same |= Q(doi=doi.lower())
    if pmid := str(csl.get("PMID", "")):
        same |= Q(pmid=pmid)
    return Reference.objects.filter(same).first() if same else None


def offers(sources: Iterable[Found]) -> tuple[Offer, ...]:
    """What can be added of these, each under a key of its own."""
    taken = set(Reference.objects.values_list("key", flat=True))
    seen: dict[str, str] = {}
    made = []
    for number, found in enumerate(sources, 1):
        key = proposed_key(found.csl, taken=taken)
        refusal = found.fault or _known(found.csl) or _repeated(found, seen)
        if not refusal:
            taken.add(key)
        made.append(Offer(number, found.where, key, found.csl, refusal))
    return tuple(made)


def _known(csl: Mapping[str, Any]) -> str:
    twin = twin_of(csl)
    return f"Stored already as @{twin.key}." if twin else ""


def _repeated(found: Found, seen: dict[str, str]) -> str:
    """Whether a source before it in the same text has its DOI or PMID."""
    names = [
        f"{name} {value}"
        for name in ("DOI", "PMID")
        if (value := str(found.csl.get(name, "")).lower())
    ]
    before = next((seen[name] for name in names if name in seen), "")
    for name in names:
        seen.setdefault(name, found.where)
    return f"The same as the source of {before}." if before else ""


@transaction.atomic
def add_references(
    chosen: Sequence[Offer], *, by: AbstractBaseUser
) -> tuple[Reference, ...]:
    """Store these sources, all of them or, with CannotAdd, none."""
    if not chosen:
        raise CannotAdd("Choose at least one source.")
    if any(offer.refusal for offer in chosen):
        raise CannotAdd("One of these was stored meanwhile. Look at the list again.")
    rows = tuple(Reference(key=offer.key, csl=dict(offer.csl)) for offer in chosen)
    try:
        with transaction.atomic():
            for row in rows:
                row.save(force_insert=True)
    except IntegrityError as error:
        msg = "Somebody stored one of these meanwhile. Look at the list again."
        raise CannotAdd(msg) from error
    for row in rows:
        publishing.note(by, row, "Added from a citation.")
    return rows


def moment_of_status() -> dt.datetime:
    """When a status counts as set; ask in the transaction that sets it.

    Not the moment at which a request began or a table was opened: a question that somebody
    checked meanwhile, without knowing of it, would count as checked since.
    """
    rendering.hold_stock()
    return timezone.now()


@transaction.atomic
def renew_pages(references: Sequence[Reference], *, at: dt.datetime) -> None:
    """Render the pages again that print these sources."""
    pages = ArticleVersion.objects.on_the_site(at).filter(
        passages__citations__reference__in=references
    )
    rendering.rerender(pages.distinct(), at=at)
    # Pages that ask a question which rests on one of them change too.
    rendering.touch(list(Article.objects.values_list("pk", flat=True)), at=at)
