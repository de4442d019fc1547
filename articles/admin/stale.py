"""A stale save: lay what a person typed beside what somebody else stored meanwhile."""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, Literal

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.forms import BaseForm
from django.forms.models import model_to_dict
from django.http import QueryDict

from articles.difference import Part, words

Fate = Literal["both", "gone", "added", "new"]
TICKED = "on"
LONG = 60  # characters from which the words that differ are marked


@dataclass(frozen=True)
class Rows:
    """The rows of one inline as they are stored now; `match` names the same row in both."""

    prefix: str
    parent: str
    match: str
    fields: tuple[str, ...]
    stored: tuple[models.Model, ...]


@dataclass(frozen=True)
class Beside:
    """What is stored for one field."""

    text: str
    value: str
    parts: tuple[Part, ...]


@dataclass
class Stale:
    """Who saved in between, what they stored, and the fate of each row of the form."""

    who: str
    when: dt.datetime
    stored: models.Model
    fields: tuple[str, ...]
    rows: tuple[Rows, ...]
    fates: dict[str, list[tuple[Fate, models.Model | None]]] = field(
        default_factory=dict
    )

    def rebase(self, post: QueryDict) -> QueryDict:
        """The same text, posted upon the rows that are stored now.

        Without this, rows that somebody else removed would make the form invalid for ever, and
        rows that somebody else added would not be seen.
        """
        new = post.copy()
        for rows in self.rows:
            _rebase(new, rows, self.fates.setdefault(rows.prefix, []), self.stored)
        return new

    def mark(self, form: BaseForm) -> None:
        """Put the stored text beside each field of the main form that differs."""
        _mark(form, self.stored, self.fields)

    def mark_row(self, prefix: str, index: int, form: BaseForm) -> None:
        """The same for one row, and say whether somebody else added or removed it."""
        fates = self.fates.get(prefix, [])
        fate, stored = fates[index] if index < len(fates) else ("new", None)
        setattr(form, "fate", fate)  # noqa: B010 - for the template
        rows = next(rows for rows in self.rows if rows.prefix == prefix)
        if stored is not None and fate == "both":
            _mark(form, stored, rows.fields)


def _rebase(
    post: QueryDict,
    rows: Rows,
    fates: list[tuple[Fate, models.Model | None]],
    parent: models.Model,
) -> None:
    posted = _take_rows(post, rows.prefix)
    stored = {_value(row, rows.match): row for row in rows.stored}
    both: list[tuple[dict[str, list[str]], models.Model]] = []
    extra: list[dict[str, list[str]]] = []
    for row in posted:
        mine = row.get(rows.match, [""])[0]
        other = stored.pop(mine, None) if mine else None
        if other is None:
            extra.append(row)
        else:
            both.append((row, other))
    lines: list[tuple[dict[str, list[str]], Fate, models.Model | None]] = []
    lines += [(row, "both", other) for row, other in both]
    lines += [(_as_posted(row, rows), "added", row) for row in stored.values()]
    initial = len(lines)
    lines += [(row, "gone" if row.get("id", [""])[0] else "new", None) for row in extra]
    for index, (row, fate, other) in enumerate(lines):
        row["id"] = [str(other.pk) if other is not None else ""]
        row[rows.parent] = [str(parent.pk)]
        for name, values in row.items():
            post.setlist(f"{rows.prefix}-{index}-{name}", values)
        fates.append((fate, other))
    post[f"{rows.prefix}-TOTAL_FORMS"] = str(len(lines))
    post[f"{rows.prefix}-INITIAL_FORMS"] = str(initial)


def is_row_number(text: str) -> bool:
    """Whether it numbers a row of a form, however hostile the one who wrote it."""
    return text.isdecimal() and len(text) < len("10000")


def _take_rows(post: QueryDict, prefix: str) -> list[dict[str, list[str]]]:
    """Remove the posted rows from `post`, in their order; empty ones are dropped."""
    found: dict[int, dict[str, list[str]]] = {}
    for name in list(post):
        head, _, rest = name.partition(f"{prefix}-")
        number, _, column = rest.partition("-")
        if not head and is_row_number(number) and column:
            found.setdefault(int(number), {})[column] = post.pop(name)
    rows = [found[number] for number in sorted(found)]
    return [row for row in rows if any(v for values in row.values() for v in values)]


def _as_posted(row: models.Model, rows: Rows) -> dict[str, list[str]]:
    values = {name: _value(row, name) for name in {*rows.fields, rows.match}}
    return {name: [value] for name, value in values.items() if value}


def _value(row: models.Model, name: str) -> str:
    """A stored value as a form posts it."""
    if name == "id":
        return str(row.pk)
    value = model_to_dict(row, [name]).get(name, getattr(row, name, None))
    if isinstance(value, bool):
        return TICKED if value else ""
    if isinstance(value, list):
        return ", ".join(sorted(str(item.pk) for item in value))
    return "" if value is None else str(value)


def _mark(form: BaseForm, stored: models.Model, names: tuple[str, ...]) -> None:
    for name in names:
        if name not in form.fields:
            continue
        mine = _mine(form, name)
        theirs = _value(stored, name)
        if _flat(mine) != _flat(theirs):
            shown = _shown(stored, name)
            parts = words(_flat(theirs), _flat(mine)) if len(shown) > LONG else ()
            setattr(form.fields[name], "beside", Beside(shown, theirs, parts))  # noqa: B010


def _mine(form: BaseForm, name: str) -> str:
    value: Any = form[name].data
    if isinstance(value, bool):
        return TICKED if value else ""
    if isinstance(value, list):
        return ", ".join(sorted(value))
    return str(value or "")


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


def _flat(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def last_act(row: models.Model) -> LogEntry | None:
    """The newest entry of the audit trail, which says who moved a row on."""
    return acts_of(row).first()


def acts_of(row: models.Model) -> models.QuerySet[LogEntry]:
    """The audit trail of a row, newest first."""
    kind = ContentType.objects.get_for_model(row)
    entries = LogEntry.objects.filter(content_type=kind, object_id=str(row.pk))
    return entries.select_related("user").order_by("-action_time", "-pk")
