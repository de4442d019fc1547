"""Load articles, sources and words from files, by the same moves that staff use."""

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import models, transaction

from articles import publishing, rendering
from articles.citations import csl_faults
from articles.files import (
    FaultyContent,
    line_of,
    parse_json,
    parse_toml,
    quoted,
    read_text,
)
from articles.models import (
    Article,
    ArticleVersion,
    ChangeKind,
    GlossaryTerm,
    Passage,
    Reference,
    Topic,
)
from articles.texts import VersionText

FRONT_MATTER = re.compile(r"\A\+\+\+\n(.*?)\n\+\+\+\n", re.DOTALL)
HEADING = re.compile(r"^## (?P<heading>.+?)\s*\{#(?P<key>[a-z0-9-]+)\}\s*$")
# Of PostgreSQL's columns.
LARGEST_SMALL, LARGEST = 2**15 - 1, 2**31 - 1
REQUIRED = {
    "title": str,
    "slug": str,
    "topic": str,
    "summary": str,
    "key_points": list,
    "written_by": str,
    "review_every_months": int,
    "change_note": str,
}


@dataclass
class LoadReport:
    """What a run of the loader made and what it found already there."""

    made: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)

    def add(self, name: str, *, made: bool) -> None:
        (self.made if made else self.unchanged).append(name)


@dataclass(frozen=True)
class ArticleFile:
    path: Path
    fields: dict[str, Any]
    text: VersionText
    lines: dict[str, int]
    """The line on which each passage begins."""


@transaction.atomic
def load_articles(
    folder: Path, *, by: AbstractBaseUser | None, at: dt.datetime
) -> LoadReport:
    """Bring the site up to the files below `folder`; a second run changes nothing.

    A text that was published before stays as it was: staff may have moved on from it, or
    withdrawn it. Raises FaultyContent, and then nothing at all has been stored.
    """
    report = LoadReport()
    load_rows(report, folder / "topics.toml", "topic", Topic)
    for path in sorted((folder / "glossary").glob("*.toml")):
        load_rows(report, path, "term", GlossaryTerm)
    _load_references(report, folder / "references.json")
    if report.made:
        rendering.rerender(ArticleVersion.objects.all(), at=at)
    faults: list[str] = []
    for place, path in enumerate(sorted((folder / "articles").glob("*.md")), 1):
        try:
            _load_article(report, read_article(path), place=place, by=by, at=at)
        except FaultyContent as error:
            faults += error.faults
    if faults:
        raise FaultyContent(faults)
    return report


def load_rows(
    report: LoadReport, path: Path, table: str, model: type[models.Model]
) -> None:
    """Store the rows of one table that a file holds."""
    text = read_text(path)
    rows = parse_toml(path, text)
    if rows.keys() != {table} or not is_rows(rows[table]):
        fault = f"{path.name}, line 1: The file holds [[{table}]] tables, no others."
        raise FaultyContent([fault])
    for fields in rows[table]:
        where = f"{path.name}, line {line_of(text, quoted(fields.get('slug', '')))}"
        names = fields.get("also", [])
        # An empty name would be found everywhere, and a bare text letter by letter.
        if not isinstance(names, list) or not all(_is_text(name) for name in names):
            raise FaultyContent([f"{where}: “also” is a list of texts."])
        made = upsert(model, fields, key="slug", where=where)
        report.add(f"{table} {fields['slug']}", made=made)


def is_rows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(row, dict) for row in value)


def upsert(
    model: type[models.Model], fields: dict[str, Any], *, key: str, where: str
) -> bool:
    """Store a row unless the very same one is there; say whether anything changed."""
    manager = model._default_manager  # noqa: SLF001 - Django's own name for it
    row = manager.filter(**{key: fields.get(key)}).first() or model()
    same = row.pk and all(getattr(row, f, None) == v for f, v in fields.items())
    if same:
        return False
    known = {f.name for f in row._meta.concrete_fields if not f.primary_key}  # noqa: SLF001 - Django's own name
    for name, value in fields.items():
        if name not in known:
            raise FaultyContent([f"{where}: There is no field “{name}”."])
        setattr(row, name, value)
    check(row, where)
    row.save()
    return True


def _load_references(report: LoadReport, path: Path) -> None:
    text = read_text(path)
    items = parse_json(path, text)
    if not is_rows(items):
        raise FaultyContent([f"{path.name}, line 1: The file holds a list of sources."])
    for item in items:
        key = item.pop("id", "")
        where = f"{path.name}, line {line_of(text, quoted(key))}"
        if faults := [f"{where}: {fault}" for fault in csl_faults(item)]:
            raise FaultyContent(faults)
        made = upsert(Reference, {"key": key, "csl": item}, key="key", where=where)
        report.add(f"reference {key}", made=made)


def read_article(path: Path) -> ArticleFile:
    """Split a file into its front matter and passages."""
    whole = read_text(path)
    match = FRONT_MATTER.match(whole)
    if not match:
        fault = f"{path.name}, line 1: The file does not begin with +++ front matter."
        raise FaultyContent([fault])
    fields = parse_toml(path, match[1], first_line=2)
    faults = [f"{path.name}, line 1: {fault}" for fault in _faults_of(fields)]
    first = whole[: match.end()].count("\n") + 1
    if stray := _line_before_passages(whole[match.end() :], first):
        fault = "This text stands before the first “## Heading {#key}”."
        faults.append(f"{path.name}, line {stray}: {fault}")
    passages, lines = [], {}
    for line, key, heading, body in _passages(whole[match.end() :], first):
        if key in lines:
            faults.append(f"{path.name}, line {line}: The key “{key}” is used twice.")
        lines[key] = line
        passages.append((key, heading, body))
    if faults:
        raise FaultyContent(faults)
    text = VersionText(
        title=fields["title"],
        summary=fields["summary"],
        key_points=tuple(" ".join(point.split()) for point in fields["key_points"]),
        written_by=fields["written_by"],
        passages=tuple(passages),
        change_note=fields["change_note"],
    )
    return ArticleFile(path, fields, text, lines)


def _faults_of(fields: dict[str, Any]) -> Iterator[str]:
    for name, kind in REQUIRED.items():
        # Not isinstance, for which true is a whole number.
        if type(fields.get(name)) is not kind:
            yield f"The front matter needs {name} ({kind.__name__})."
    points = fields.get("key_points")
    if isinstance(points, list) and not all(_is_text(point) for point in points):
        yield "Each of the key points is a text."


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _line_before_passages(text: str, first: int) -> int | None:
    for number, line in enumerate(text.splitlines(), first):
        if line.strip():
            return None if HEADING.match(line) else number
    return None


def _passages(text: str, first: int) -> Iterator[tuple[int, str, str, str]]:
    """(line, key, heading, body) of each `## Heading {#key}` section."""
    current: tuple[int, str, str] | None = None
    body: list[str] = []
    for number, line in enumerate(text.splitlines(), first):
        match = HEADING.match(line)
        if not match:
            body.append(line)
            continue
        if current:
            yield (*current, "\n".join(body).strip())
        current, body = (number, match["key"], match["heading"]), []
    if current:
        yield (*current, "\n".join(body).strip())


def _load_article(
    report: LoadReport,
    file: ArticleFile,
    *,
    place: int,
    by: AbstractBaseUser | None,
    at: dt.datetime,
) -> None:
    name = f"article {file.fields['slug']}"
    article = _article_for(file, place)
    loaded = article.versions.frozen().filter(content_hash=file.text.content_hash)
    if loaded.exists():
        report.add(name, made=False)
        return
    try:
        draft = publishing.start_draft(article, by=by, at=at)
        _write(draft, file, by=by, at=at)
        publishing.publish(draft, by=by, at=at)
    except publishing.CannotMove as error:
        raise FaultyContent([f"{file.path.name}, line 1: {error}"]) from error
    except publishing.CannotPublish as error:
        faults = [f"{file.path.name}, {_line(file, r)}: {r}" for r in error.reasons]
        raise FaultyContent(faults) from error
    report.add(name, made=True)


def _line(file: ArticleFile, reason: str) -> str:
    """The line of the passage that the reason names, else the file's first."""
    for key, heading, _ in file.text.passages:
        if reason.startswith(f"“{heading}”"):
            return f"line {file.lines[key]}"
    return "line 1"


def _article_for(file: ArticleFile, place: int) -> Article:
    topic = Topic.objects.filter(slug=file.fields["topic"]).first()
    if topic is None:
        fault = f"There is no topic “{file.fields['topic']}”."
        raise FaultyContent([f"{file.path.name}, line 1: {fault}"])
    wanted = {
        "topic": topic,
        "review_every_months": file.fields["review_every_months"],
        "position": file.fields.get("position", place),
    }
    slug = file.fields["slug"]
    article = Article.objects.filter(slug=slug).first()
    if article is None:
        article = Article(slug=slug, **wanted)
        check(article, f"{file.path.name}, line 1")
        article.save()
    return article


def _write(
    draft: ArticleVersion,
    file: ArticleFile,
    *,
    by: AbstractBaseUser | None,
    at: dt.datetime,
) -> None:
    publishing.take_turn(draft, token=draft.edit_token, by=by, at=at)
    for name in ("title", "summary", "written_by", "change_note"):
        setattr(draft, name, getattr(file.text, name))
    draft.key_points = "\n".join(file.text.key_points)
    draft.change_kind = ChangeKind.NEW if draft.number == 1 else ChangeKind.MATERIAL
    check(draft, f"{file.path.name}, line 1")
    draft.save()
    draft.passages.all().delete()
    for position, (key, heading, body) in enumerate(file.text.passages):
        passage = Passage(
            version=draft, key=key, position=position, heading=heading, body=body
        )
        check(passage, f"{file.path.name}, line {file.lines[key]}")
        passage.save()
    publishing.settle(draft)


def check(row: models.Model, where: str, *, exclude: Iterable[str] = ()) -> None:
    """Raise FaultyContent when the row may not be stored, on either database."""
    faults = list(_number_faults(row))
    try:
        if not faults:
            row.full_clean(exclude=exclude)
    except ValidationError as error:
        faults = error.messages
    if faults:
        raise FaultyContent([f"{where}: {'; '.join(faults)}"])


def _number_faults(row: models.Model) -> Iterator[str]:
    """SQLite would store what is too large for its column, and a truth as a number."""
    for column in row._meta.concrete_fields:  # noqa: SLF001 - Django's own name for it
        value = getattr(row, column.attname)
        if not isinstance(column, models.IntegerField) or value is None:
            continue
        small = isinstance(column, models.PositiveSmallIntegerField)
        largest = LARGEST_SMALL if small else LARGEST
        if type(value) is not int or not 0 <= value <= largest:
            yield f"{column.name} is a whole number, from 0 to {largest:,}."
