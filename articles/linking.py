"""Keep the list of addresses that pages lead to, and what each answered."""

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from django.db import transaction

from articles.addresses import addresses_in, addresses_of
from articles.models import LinkHealth, LinkTarget, LinkUse, Passage, Reference
from articles.models.links import LONGEST_ADDRESS
from articles.probes import Answer, Verdict

STRIKES = 2
LONGEST_WORDS = 250
Place = tuple[int | None, int | None]
"""(passage, reference): the one in which an address stands."""


@transaction.atomic
def collect(*, at: dt.datetime) -> list[LinkTarget]:
    """Bring the list up to what readers see now, and give the addresses that are in it.

    What was found before stays; addresses that no page leads to any more leave the list.
    """
    wanted = _places(at)
    _add(wanted)
    targets = {row.url_hash: row for row in LinkTarget.objects.all()}
    for url_hash, row in targets.items():
        if url_hash not in wanted:
            row.delete()
    kept = [row for url_hash, row in targets.items() if url_hash in wanted]
    _renew_uses(kept, {key: places for key, (_, places) in wanted.items()})
    return kept


def _places(at: dt.datetime) -> Mapping[str, tuple[str, set[Place]]]:
    """Each address by its hash, with the places in which it stands."""
    found: dict[str, set[Place]] = defaultdict(set)
    for url, place in _standing(at):
        if len(url) <= LONGEST_ADDRESS:
            found[url].add(place)
    return {hash_of(url): (url, places) for url, places in found.items()}


def _standing(at: dt.datetime) -> Iterator[tuple[str, Place]]:
    shown = Passage.objects.shown(at)
    for pk, body in shown.values_list("pk", "body"):
        yield from ((url, (pk, None)) for url in addresses_in(body))
    cited = Reference.objects.filter(citations__passage__in=shown).distinct()
    for row in cited:
        yield from ((url, (None, row.pk)) for url in addresses_of(row.csl))


def hash_of(url: str) -> str:
    return hashlib.sha256(url.encode()).hexdigest()


def _add(wanted: Mapping[str, tuple[str, set[Place]]]) -> None:
    there = set(LinkTarget.objects.values_list("url_hash", flat=True))
    LinkTarget.objects.bulk_create(
        [
            LinkTarget(url_hash=url_hash, url=url)
            for url_hash, (url, _) in wanted.items()
            if url_hash not in there
        ],
        # Another run may have begun in the same moment.
        ignore_conflicts=True,
    )


def _renew_uses(
    targets: Iterable[LinkTarget], places: Mapping[str, set[Place]]
) -> None:
    LinkUse.objects.all().delete()
    LinkUse.objects.bulk_create(
        LinkUse(target=target, passage_id=passage, reference_id=reference)
        for target in targets
        for passage, reference in places[target.url_hash]
    )


def record(target: LinkTarget, answer: Answer, *, at: dt.datetime) -> bool:
    """Store what an address answered; say whether it is still in the list as it was read.

    One failure may be chance: from the second in a row on the address is broken. A good
    answer clears it. A doubtful one neither counts nor clears.
    """
    failures = _failures(target, answer.verdict)
    return bool(
        LinkTarget.objects.filter(
            pk=target.pk, failures=target.failures, checked_at=target.checked_at
        ).update(
            health=_health(failures, answer.verdict),
            failures=failures,
            found=_words(answer, failures),
            checked_at=at,
        )
    )


def _words(answer: Answer, failures: int) -> str:
    words = answer.words[:LONGEST_WORDS]
    if answer.verdict == Verdict.FAILED and failures < STRIKES:
        return f"{words} (once so far, and asked again)"
    return words


def _failures(target: LinkTarget, verdict: Verdict) -> int:
    if verdict == Verdict.WORKS:
        return 0
    # The column is small, and the count has said all it can.
    more = 1 if verdict == Verdict.FAILED and target.failures < 1000 else 0
    return target.failures + more


def _health(failures: int, verdict: Verdict) -> LinkHealth:
    if verdict == Verdict.WORKS:
        return LinkHealth.WORKS
    return LinkHealth.BROKEN if failures >= STRIKES else LinkHealth.DOUBTFUL
