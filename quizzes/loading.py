"""Load misconceptions, questions and quizzes from files, by the moves staff use."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction

from articles.files import FaultyContent, line_of, parse_toml, quoted, read_text
from articles.loading import LoadReport, check, is_rows, load_rows
from articles.models import CHECKABLE, Article, Reference
from quizzes import authoring
from quizzes.models import (
    Basis,
    EditKind,
    Misconception,
    Option,
    Purpose,
    Question,
    QuestionVersion,
    Quiz,
    QuizSlot,
    QuizVersion,
    Tag,
    VersionStatus,
)
from quizzes.suspicion import notices, what_it_is

By = AbstractBaseUser | None
# What a quiz file may set beside its words.
SETTINGS = (
    "ask_certainty",
    "needed",
    "pass_mark",
    "attempts_allowed",
    "time_limit",
    "gives_certificate",
)


@dataclass(frozen=True)
class QuizFile:
    path: Path
    text: str
    fields: dict[str, Any]

    def fault(self, needle: str, message: str) -> FaultyContent:
        """A fault at the line on which `needle` stands as a TOML string."""
        return FaultyContent([f"{self.where(needle)}: {message}"])

    def where(self, needle: str) -> str:
        return f"{self.path.name}, line {line_of(self.text, quoted(needle))}"

    def need(self, fields: dict[str, Any], name: str, kind: type, near: str) -> Any:
        value = fields.get(name)
        # Not isinstance, for which true is a whole number.
        if type(value) is not kind:
            raise self.fault(near, f"“{near}” needs {name} ({kind.__name__}).")
        return value

    def texts(self, fields: dict[str, Any], name: str) -> list[str]:
        """The list of texts that a question holds under this name."""
        found: list[str] = self.need(fields, name, list, fields["id"])
        if not all(isinstance(text, str) for text in found):
            raise self.fault(fields["id"], f"“{name}” is a list of texts.")
        return found

    def need_tables(
        self, fields: dict[str, Any], name: str, near: str
    ) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = fields.get(name, [])
        if name not in fields or not is_rows(rows):
            raise self.fault(near, f"“{near}” needs {name} (list of tables).")
        return rows


@transaction.atomic
def load_quizzes(folder: Path, *, by: By, at: dt.datetime) -> LoadReport:
    """Bring questions and quizzes up to the files; a second run changes nothing.

    Load the articles first. Raises FaultyContent, and then nothing has been stored.
    """
    report = LoadReport()
    for path in sorted((folder / "misconceptions").glob("*.toml")):
        load_rows(report, path, "misconception", Misconception)
    faults: list[str] = []
    for path in sorted((folder / "quizzes").glob("*.toml")):
        try:
            with transaction.atomic():
                _load_quiz(report, path, by=by, at=at)
        except FaultyContent as error:
            faults += error.faults
    if faults:
        raise FaultyContent(faults)
    return report


def _load_quiz(report: LoadReport, path: Path, *, by: By, at: dt.datetime) -> None:
    text = read_text(path)
    file = QuizFile(path, text, parse_toml(path, text))
    slug = file.need(file.fields, "slug", str, "title")
    slots = [Place(question=question) for question in _asked(file, slug)]
    if "question" in file.fields or not (slots or "pool" in file.fields):
        for fields in file.need_tables(file.fields, "question", slug):
            question = _load_row(report, file, fields, by=by, at=at)
            slots.append(Place(question=question))
    slots += [_pool(file, fields, slug) for fields in file.fields.get("pool", [])]
    article = _article(file, file.need(file.fields, "article", str, slug))
    purpose = file.fields.get("purpose", Purpose.SELF_CHECK)
    quiz = _identity(file, Quiz, slug, article=article, purpose=purpose)
    made = _publish_quiz(file, quiz, file.fields, slots, by=by, at=at)
    report.add(f"quiz {slug}", made=made)


def _load_row(
    report: LoadReport,
    file: QuizFile,
    fields: dict[str, Any],
    *,
    by: By,
    at: dt.datetime,
) -> Question:
    question, made = _load_question(file, fields, by=by, at=at)
    report.add(f"question {question.slug}", made=made)
    if fields.get("section_check"):
        made = _load_check(file, fields, question, by=by, at=at)
        report.add(f"section check {question.slug}", made=made)
    return question


@dataclass(frozen=True)
class Place:
    """A place in a quiz as the file says it: a question, or some of a tag's."""

    question: Question | None = None
    pool_tag: Tag | None = None
    draw: int = 1


def _asked(file: QuizFile, slug: str) -> list[Question]:
    """Questions of other files, which are loaded by then: files go by their names."""
    found = []
    for name in file.fields.get("ask", []):
        question = Question.objects.filter(slug=name).first()
        if question is None:
            raise file.fault(name, f"“{slug}”: there is no question “{name}” yet.")
        found.append(question)
    return found


def _pool(file: QuizFile, fields: dict[str, Any], slug: str) -> Place:
    name = file.need(fields, "tag", str, slug)
    tag = Tag.objects.filter(name=name).first()
    if tag is None:
        raise file.fault(name, f"“{slug}”: no question has the tag “{name}”.")
    return Place(pool_tag=tag, draw=file.need(fields, "draw", int, name))


Identity = TypeVar("Identity", Question, Quiz)


def _identity(
    file: QuizFile, model: type[Identity], slug: str, **fields: Any
) -> Identity:
    """The question or quiz of this name as it is stored, or a new one."""
    stored = model._default_manager.filter(slug=slug).first()  # noqa: SLF001 - Django's own name for it
    if stored is not None:
        return stored
    row = model(slug=slug, **fields)
    _check(file, slug, row)
    row.save()
    return row


def _article(file: QuizFile, slug: str) -> Article:
    article = Article.objects.filter(slug=slug).first()
    if article is None:
        raise file.fault(slug, f"There is no article “{slug}”.")
    return article


# --- Questions -------------------------------------------------------------------------------


def _load_question(
    file: QuizFile, fields: dict[str, Any], *, by: By, at: dt.datetime
) -> tuple[Question, bool]:
    name = file.need(fields, "id", str, fields.get("stem", file.fields["slug"]))
    question = _identity(file, Question, name)
    question.tags.set(_tags(file, fields))
    live = question.versions.filter(status=VersionStatus.PUBLISHED).first()
    try:
        with transaction.atomic():
            draft = authoring.start_question_draft(question, by=None, at=at)
            _write_question(draft, file, fields, at=at)
            if live and live.content_hash == authoring.question_hash(draft):
                return question, _keep(draft, live, by=by, at=at)
            _refuse_told(draft, file, name, at)
            authoring.publish_question(draft, by=by, at=at)
    except authoring.CannotMove as error:
        raise file.fault(name, f"“{name}”: {error}") from error
    except authoring.CannotPublish as error:
        faults = [file.fault(name, f"“{name}”: {r}").faults[0] for r in error.reasons]
        raise FaultyContent(faults) from error
    return question, True


def _refuse_told(
    draft: QuestionVersion, file: QuizFile, name: str, at: dt.datetime
) -> None:
    """Nobody reads here what is said of a source before it is leant on."""
    for row in notices(draft, at=at):
        if row.status in CHECKABLE:
            why = f"{what_it_is(row)} Make this change in the admin, where somebody reads why."
            raise file.fault(name, f"“{name}”: {why}")


def _tags(file: QuizFile, fields: dict[str, Any]) -> list[Tag]:
    found = []
    for name in file.texts(fields, "tags") if "tags" in fields else ():
        tag = Tag.objects.filter(name=name).first() or Tag(name=name)
        _check(file, fields["id"], tag)
        tag.save()
        found.append(tag)
    return found


def _keep(
    draft: QuestionVersion, live: QuestionVersion, *, by: By, at: dt.datetime
) -> bool:
    """The file says what is live already; only its passage may need accepting anew.

    Not where something is told of its sources: a person has to read that.
    """
    draft.delete()
    is_sound = QuestionVersion.objects.sound(at).filter(pk=live.pk).exists()
    if is_sound or notices(live, at=at):
        return False
    authoring.accept_passage(live, by=by, at=at)
    return True


def _write_question(
    draft: QuestionVersion,
    file: QuizFile,
    fields: dict[str, Any],
    *,
    at: dt.datetime,
) -> None:
    name = fields["id"]
    # Nobody here wrote it, so whoever loads the file is the second person to see it.
    authoring.take_question_turn(draft, token=draft.edit_token, by=None, at=at)
    draft.kind = file.need(fields, "type", str, name)
    draft.stem = file.need(fields, "stem", str, name)
    for field in ("audience", "explanation", "tolerance", "unit"):
        if field in fields:
            setattr(draft, field, file.need(fields, field, str, name))
    draft.change_kind = EditKind.NEW if draft.number == 1 else EditKind.MEANING
    _check(file, name, draft)
    draft.save()
    draft.references.set(_references(file, fields))
    slug, _, key = file.need(fields, "passage", str, name).partition("#")
    Basis.objects.update_or_create(
        version=draft, defaults={"article": _article(file, slug), "passage_key": key}
    )
    draft.options.all().delete()
    for position, option in enumerate(file.need_tables(fields, "option", name)):
        row = _option(draft, position, option, file, name)
        _check(file, option.get("text", name), row)
        row.save()


def _references(file: QuizFile, fields: dict[str, Any]) -> list[Reference]:
    keys = file.texts(fields, "references")
    found = {row.key: row for row in Reference.objects.filter(key__in=keys)}
    for key in keys:
        if key not in found:
            raise file.fault(fields["id"], f"“{fields['id']}”: no reference @{key}.")
    return list(found.values())


def _option(
    draft: QuestionVersion,
    position: int,
    fields: dict[str, Any],
    file: QuizFile,
    name: str,
) -> Option:
    slug = fields.get("misconception")
    misconception = Misconception.objects.filter(slug=slug).first() if slug else None
    if slug and misconception is None:
        raise file.fault(slug, f"“{name}”: there is no misconception “{slug}”.")
    return Option(
        version=draft,
        position=position,
        text=file.need(fields, "text", str, name),
        match=fields.get("match", ""),
        is_right="right" in fields and file.need(fields, "right", bool, name),
        explanation=fields.get("explanation", ""),
        misconception=misconception,
    )


def _check(file: QuizFile, near: str, row: models.Model) -> None:
    made_later = ["content_hash", "scoring", "corrected_scoring"]
    check(row, file.where(near), exclude=made_later)


# --- Quizzes ---------------------------------------------------------------------------------


def _load_check(
    file: QuizFile,
    fields: dict[str, Any],
    question: Question,
    *,
    by: By,
    at: dt.datetime,
) -> bool:
    slug, _, key = fields["passage"].partition("#")
    quiz = _identity(
        file,
        Quiz,
        f"check-{question.slug}",
        purpose=Purpose.SECTION_CHECK,
        article=_article(file, slug),
        passage_key=key,
    )
    words = {"title": "Check your understanding", "minutes": 1}
    return _publish_quiz(file, quiz, words, [Place(question=question)], by=by, at=at)


def _publish_quiz(
    file: QuizFile,
    quiz: Quiz,
    fields: dict[str, Any],
    places: list[Place],
    *,
    by: By,
    at: dt.datetime,
) -> bool:
    wanted = {
        "title": file.need(fields, "title", str, quiz.slug),
        "intro": fields.get("intro", ""),
        "minutes": file.need(fields, "minutes", int, quiz.slug),
        **{name: fields[name] for name in SETTINGS if name in fields},
    }
    live = quiz.versions.filter(status=VersionStatus.PUBLISHED).first()
    if live and _same(live, wanted, places):
        return False
    try:
        draft = authoring.start_quiz_draft(quiz, by=by, at=at)
        _write_quiz(draft, wanted, places, file, by=by, at=at)
        authoring.publish_quiz(draft, by=by, at=at)
    except (authoring.CannotMove, authoring.CannotPublish) as error:
        raise file.fault(quiz.slug, f"“{quiz.slug}”: {error}") from error
    return True


def _same(live: QuizVersion, wanted: dict[str, Any], places: list[Place]) -> bool:
    slots = live.slots.select_related("question", "pool_tag")
    stored = [Place(slot.question, slot.pool_tag, slot.draw) for slot in slots]
    return stored == places and all(
        getattr(live, name) == value for name, value in wanted.items()
    )


def _write_quiz(
    draft: QuizVersion,
    wanted: dict[str, Any],
    places: list[Place],
    file: QuizFile,
    *,
    by: By,
    at: dt.datetime,
) -> None:
    authoring.take_quiz_turn(draft, token=draft.edit_token, by=by, at=at)
    for name, value in wanted.items():
        setattr(draft, name, value)
    _check(file, draft.quiz.slug, draft)
    draft.save()
    draft.slots.all().delete()
    for position, place in enumerate(places, 1):
        slot = QuizSlot(
            version=draft,
            position=position,
            question=place.question,
            pool_tag=place.pool_tag,
            draw=place.draw,
        )
        _check(file, draft.quiz.slug, slot)
        slot.save()
