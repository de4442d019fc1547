"""Mark sources as retracted or corrected, by a table of notices."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.db import transaction

from articles import publishing
from articles.models import CHECKABLE, Reference, ReferenceStatus, where_used
from articles.notices import REINSTATEMENT, RETRACTED, Notice, Table, read_notices
from articles.referencing import moment_of_status, renew_pages

# A notice never makes less of what is known: a retracted paper stays so when it was corrected
# before, and what an editor wrote about it stays.
GRAVITY = {
    ReferenceStatus.CURRENT: 0,
    ReferenceStatus.CORRECTED: 1,
    ReferenceStatus.SUPERSEDED: 2,
    ReferenceStatus.WITHDRAWN: 3,
    ReferenceStatus.RETRACTED: 3,
}


class CannotMark(Exception):
    """Nothing was changed: a source was edited while the table was read."""


@dataclass(frozen=True)
class Marking:
    """A source, the notice on it, and the live passages that cite it."""

    reference: Reference
    notice: Notice
    uses: tuple[tuple[str, str], ...]
    """(title of the page, heading of the passage)."""


@dataclass(frozen=True)
class Outcome:
    """What a table changes, what it leaves to a person, and what it told that was known."""

    marked: tuple[Marking, ...]
    for_a_person: tuple[Marking, ...]
    known: int
    table: Table


def look(
    lines: Iterable[str],
    *,
    at: dt.datetime,
    progress: Callable[[int], None] = lambda _: None,
) -> Outcome:
    """What the table would change; nothing is stored. Raises CannotReadNotices."""
    references = list(Reference.objects.all())
    by_doi = {row.doi: row for row in references if row.doi}
    by_pmid = {row.pmid: row for row in references if row.pmid}
    table = read_notices(lines, dois=by_doi, pmids=by_pmid, progress=progress)
    found: dict[int, list[Notice]] = {}
    for notice in table.notices:
        row = by_doi.get(notice.doi) or by_pmid[notice.pmid]
        found.setdefault(row.pk, []).append(notice)
    rows = [row for row in references if row.pk in found]
    return _sorted(rows, found, table, at)


def _sorted(
    rows: Sequence[Reference],
    found: dict[int, list[Notice]],
    table: Table,
    at: dt.datetime,
) -> Outcome:
    marked, for_a_person, known = [], [], 0
    for row in rows:
        notices = found[row.pk]
        for_a_person += [_marking(row, n, at) for n in notices if not n.outcome]
        notice = _gravest(notices)
        if notice and _is_news(notice, row):
            marked.append(_marking(row, notice, at))
        elif notice and _has_to_be_weighed(notice, row):
            for_a_person.append(_marking(row, notice, at))
        elif notice:
            known += 1
    return Outcome(tuple(marked), tuple(for_a_person), known, table)


def _is_news(notice: Notice, row: Reference) -> bool:
    """Also a second correction: what was checked after the first one has to be checked again."""
    status = ReferenceStatus(row.status)
    if _status(notice) == status:
        return status in CHECKABLE and _came_later(notice, row)
    return GRAVITY[status] < GRAVITY[_status(notice)]


def _has_to_be_weighed(notice: Notice, row: Reference) -> bool:
    """A correction of what newer evidence supersedes: that it does is not taken back."""
    return row.status in CHECKABLE and _came_later(notice, row)


def _came_later(notice: Notice, row: Reference) -> bool:
    return row.status_on is None or notice.on > row.status_on


def _status(notice: Notice) -> ReferenceStatus:
    return ReferenceStatus(notice.outcome)


def _gravest(notices: Sequence[Notice]) -> Notice | None:
    """The notice that counts; a retraction does not, once the paper was reinstated."""
    deciding = [n for n in notices if n.outcome and not _was_undone(n, notices)]
    return max(deciding, key=lambda n: (GRAVITY[_status(n)], n.on), default=None)


def _was_undone(notice: Notice, notices: Sequence[Notice]) -> bool:
    return notice.outcome == RETRACTED and any(
        other.nature.lower() == REINSTATEMENT and other.on >= notice.on
        for other in notices
    )


def _marking(row: Reference, notice: Notice, at: dt.datetime) -> Marking:
    uses = tuple((p.version.title, p.heading) for p in where_used(row, at=at))
    return Marking(row, notice, uses)


@transaction.atomic
def mark(
    lines: Iterable[str],
    *,
    by: AbstractBaseUser | None,
    at: dt.datetime,
    progress: Callable[[int], None] = lambda _: None,
) -> Outcome:
    """Store what the table tells, and renew the pages; a second run changes nothing.

    Raises CannotReadNotices or CannotMark, and then nothing at all has been stored.
    """
    outcome = look(lines, at=at, progress=progress)
    if outcome.marked:
        set_at = moment_of_status()
        for marking in outcome.marked:
            _mark_one(marking, by=by, set_at=set_at)
        renew_pages([marking.reference for marking in outcome.marked], at=at)
    return outcome


def _mark_one(
    marking: Marking, *, by: AbstractBaseUser | None, set_at: dt.datetime
) -> None:
    row, notice = marking.reference, marking.notice
    changed = Reference.objects.filter(pk=row.pk, status=row.status).update(
        status=notice.outcome,
        status_note=notice.words,
        status_on=notice.on,
        status_set_at=set_at,
    )
    if not changed:
        msg = f"Somebody changed @{row.key} meanwhile. Load the table again."
        raise CannotMark(msg)
    label = ReferenceStatus(notice.outcome).label
    publishing.note(by, row, f"Marked as {label}: {notice.words}")
