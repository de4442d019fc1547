"""A stale save: join what a person typed with what somebody else stored meanwhile.

A field that only one of the two changed takes that change. Where both did, the texts stand beside
each other. Nothing is stored before the person has seen it and saves again.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.forms import BaseForm
from django.forms.models import model_to_dict
from django.http import QueryDict

from articles.admin import bases
from articles.admin.bases import Base, Values, flat
from articles.difference import Part, words

Fate = Literal["both", "gone", "added", "new"]
Row = dict[str, Values]
TICKED = "on"
LONG = 60  # characters from which the words that differ are marked


@dataclass(frozen=True)
class Rows:
    """The rows of one inline as they are stored now; `match` names the same row in both.

    `called` is the column that gives a row its name, where one does.
    """

    prefix: str
    parent: str
    match: str
    fields: tuple[str, ...]
    stored: tuple[models.Model, ...]
    called: str = ""

    def name_of(self, row: models.Model) -> str:
        """The same for the same row in both; a draw from a pool has nothing but its id."""
        return _value(row, self.match) or f"={row.pk}"

    def name_in(self, posted: Row) -> str:
        return _first(posted, self.match) or f"={_first(posted, 'id')}"

    def place(self, name: str) -> str:
        """Where the fields of a row stand among the marks of a form."""
        return f"{self.prefix}:{name}:"


@dataclass(frozen=True)
class Beside:
    """What is stored for one field."""

    text: str
    value: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Line:
    """One row of the form: what it holds, its fate, and the columns taken from the other."""

    posted: Row
    fate: Fate
    stored: models.Model | None = None
    taken: frozenset[str] = frozenset()


@dataclass
class Stale:
    """Who saved in between, what they stored, and what became of each part of the form."""

    who: str
    when: dt.datetime
    stored: models.Model
    fields: tuple[str, ...]
    rows: tuple[Rows, ...]
    base: Base
    taken: frozenset[str] = frozenset()
    lines: dict[str, list[Line]] = field(default_factory=dict)
    let_go: dict[str, list[str]] = field(default_factory=dict)
    """By prefix, the names of rows that the other removed and this person had left alone."""

    def rebase(self, post: QueryDict) -> QueryDict:
        """The same text, posted upon the rows that are stored now.

        Without this, rows that somebody else removed would make the form invalid for ever, and
        rows that somebody else added would not be seen.
        """
        new = post.copy()
        mine = {name: new.getlist(name) for name in self.fields}
        self.taken = _take_theirs(mine, self.stored, self.fields, "", self.base)
        for name in self.taken:
            _put(new, name, mine[name])
        for rows in self.rows:
            self._rebase_rows(new, rows)
        return new

    def _rebase_rows(self, post: QueryDict, rows: Rows) -> None:
        lines, gone = _joined(_take_rows(post, rows.prefix), rows, self.base)
        self.lines[rows.prefix] = lines
        self.let_go[rows.prefix] = [_first(row, rows.called) for row in gone]
        for index, line in enumerate(lines):
            line.posted["id"] = [str(line.stored.pk) if line.stored else ""]
            line.posted[rows.parent] = [str(self.stored.pk)]
            for name, values in line.posted.items():
                _put(post, f"{rows.prefix}-{index}-{name}", values)
        is_stored = sum(line.stored is not None for line in lines)
        post[f"{rows.prefix}-TOTAL_FORMS"] = str(len(lines))
        post[f"{rows.prefix}-INITIAL_FORMS"] = str(is_stored)

    def marks(self) -> str:
        """What the form begins from when it is shown again."""
        return marks_of(self.stored, self.fields, self.rows)

    def mark(self, form: BaseForm) -> None:
        """Put the stored text beside each field of the main form that both changed."""
        self._mark(form, self.fields, "", Line({}, "both", self.stored, self.taken))

    def mark_row(self, prefix: str, index: int, form: BaseForm) -> None:
        """The same for one row, and say whether somebody else added or removed it."""
        lines = self.lines.get(prefix, [])
        line = lines[index] if index < len(lines) else Line({}, "new")
        setattr(form, "fate", line.fate)  # noqa: B010 - for the template
        rows = next(rows for rows in self.rows if rows.prefix == prefix)
        if line.fate == "both" and line.stored:
            place = rows.place(rows.name_of(line.stored))
            self._mark(form, rows.fields, place, line)

    def _mark(
        self, form: BaseForm, names: Iterable[str], place: str, line: Line
    ) -> None:
        assert line.stored
        for name in names:
            if name not in form.fields:
                continue
            bound = form.fields[name]
            setattr(bound, "taken", name in line.taken)  # noqa: B010 - for the template
            theirs = _values(line.stored, name)
            both_changed = not self.base.is_still(f"{place}{name}", theirs)
            if both_changed and flat(_mine(form, name)) != flat(theirs):
                setattr(bound, "beside", _beside(form, line.stored, name))  # noqa: B010


def marks_of(
    stored: models.Model, fields: tuple[str, ...], rows: Iterable[Rows]
) -> str:
    """A mark of each field of a draft and of its rows."""
    places = [(name, _values(stored, name)) for name in fields]
    places += [
        (f"{part.place(part.name_of(row))}{name}", _values(row, name))
        for part in rows
        for row in part.stored
        for name in part.fields
    ]
    return bases.written(places)


def _take_theirs(
    mine: Row, stored: models.Model, names: Iterable[str], place: str, base: Base
) -> frozenset[str]:
    """Give the fields that this person left alone what is stored; say which these are."""
    taken = set()
    for name in names:
        theirs = _values(stored, name)
        posted = mine.get(name, [])
        if base.is_still(f"{place}{name}", posted) and flat(posted) != flat(theirs):
            mine[name] = theirs
            taken.add(name)
    return frozenset(taken)


def _joined(
    posted: Iterable[Row], rows: Rows, base: Base
) -> tuple[list[Line], list[Row]]:
    """The rows of both, stored ones first, and those that both let go."""
    stored = {rows.name_of(row): row for row in rows.stored}
    both, extra, gone = [], [], []
    for row in posted:
        other = stored.pop(rows.name_in(row), None)
        place = rows.place(rows.name_in(row))
        if other is not None:
            # Who ticked “Delete” has to see what they would delete.
            names = () if _first(row, "DELETE") else rows.fields
            taken = _take_theirs(row, other, names, place, base)
            both.append(Line(row, "both", other, taken))
        elif not _first(row, "id"):
            extra.append(Line(row, "new"))
        elif _is_left_alone(row, rows, base):
            gone.append(row)
        else:
            extra.append(Line(row, "gone"))
    added = [Line(_as_posted(row, rows), "added", row) for row in stored.values()]
    return [*both, *added, *extra], gone


def _is_left_alone(row: Row, rows: Rows, base: Base) -> bool:
    place = rows.place(rows.name_in(row))
    return bool(_first(row, "DELETE")) or all(
        base.is_still(f"{place}{name}", row.get(name, [])) for name in rows.fields
    )


def _first(row: Row, name: str) -> str:
    return next(iter(row.get(name, [])), "")


def _put(post: QueryDict, name: str, values: Values) -> None:
    """A list without a value would be printed as “[]”."""
    post.pop(name, None)
    if values:
        post.setlist(name, values)


def is_row_number(text: str) -> bool:
    """Whether it numbers a row of a form, however hostile the one who wrote it."""
    return text.isdecimal() and len(text) < len("10000")


def _take_rows(post: QueryDict, prefix: str) -> list[Row]:
    """Remove the posted rows from `post`, in their order; empty ones are dropped."""
    found: dict[int, Row] = {}
    for name in list(post):
        head, _, rest = name.partition(f"{prefix}-")
        number, _, column = rest.partition("-")
        if not head and is_row_number(number) and column:
            found.setdefault(int(number), {})[column] = post.pop(name)
    rows = [found[number] for number in sorted(found)]
    return [row for row in rows if any(v for values in row.values() for v in values)]


def _as_posted(row: models.Model, rows: Rows) -> Row:
    values = {name: _values(row, name) for name in (*rows.fields, rows.match)}
    return {name: kept for name, kept in values.items() if kept}


def _values(row: models.Model, name: str) -> Values:
    """A stored value as a form posts it."""
    if name == "id":
        return [str(row.pk)]
    value = model_to_dict(row, [name]).get(name, getattr(row, name, None))
    if isinstance(value, bool):
        return [TICKED] if value else []
    if isinstance(value, list):
        return [str(item.pk) for item in value]
    return [] if value in (None, "") else [str(value)]


def _value(row: models.Model, name: str) -> str:
    return ", ".join(_values(row, name))


def _beside(form: BaseForm, stored: models.Model, name: str) -> Beside:
    mine, theirs = flat(_mine(form, name)), flat(_values(stored, name))
    shown = _shown(stored, name)
    parts = words(theirs, mine) if len(shown) > LONG else ()
    return Beside(shown, _value(stored, name), parts)


def _mine(form: BaseForm, name: str) -> Values:
    value: Any = form[name].data
    if isinstance(value, bool):
        return [TICKED] if value else []
    if isinstance(value, list):
        return value
    return [] if value in (None, "") else [str(value)]


def _shown(stored: models.Model, name: str) -> str:
    """The stored value in words."""
    display = getattr(stored, f"get_{name}_display", None)
    if display:
        return str(display())
    kept = getattr(stored, name)
    if isinstance(kept, bool):
        return "yes" if kept else "no"
    if isinstance(kept, models.Manager):
        return ", ".join(str(row) for row in kept.all()) or "(none)"
    return str(kept) if kept not in (None, "") else "(empty)"


def last_act(row: models.Model) -> LogEntry | None:
    """The newest entry of the audit trail, which says who moved a row on."""
    return acts_of(row).first()


def acts_of(row: models.Model) -> models.QuerySet[LogEntry]:
    """The audit trail of a row, newest first."""
    kind = ContentType.objects.get_for_model(row)
    entries = LogEntry.objects.filter(content_type=kind, object_id=str(row.pk))
    return entries.select_related("user").order_by("-action_time", "-pk")
