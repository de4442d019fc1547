"""The moves of questions and quizzes: draft, publish, accept a changed passage, retire."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, models, transaction

from articles.fingerprint import content_hash
from articles.models import Passage
from articles.publishing import note, touch
from quizzes.marks import Spec
from quizzes.models import (
    Basis,
    EditKind,
    Kind,
    Misconception,
    Option,
    Question,
    QuestionVersion,
    Quiz,
    QuizSlot,
    QuizVersion,
    VersionStatus,
)

By = AbstractBaseUser | None
FEWEST_OPTIONS = 2


class CannotPublish(Exception):
    """The question or quiz may not go live; `reasons` are shown as they are."""

    def __init__(self, *reasons: str) -> None:
        super().__init__(" ".join(reasons))
        self.reasons = reasons


class CannotMove(Exception):
    """The row is not in a state from which this move can start."""


class StaleDraft(Exception):
    """Somebody else saved the draft after this form was opened."""


# --- Questions -------------------------------------------------------------------------------


@transaction.atomic
def start_question_draft(
    question: Question, *, by: By, at: dt.datetime
) -> QuestionVersion:
    """Start a draft from the newest version, with its options and passage."""
    source = question.versions.order_by("-number").first()
    draft = QuestionVersion(
        question=question,
        number=(source.number if source else 0) + 1,
        kind=source.kind if source else Kind.SINGLE,
        stem=source.stem if source else "",
        change_kind=EditKind.CLARITY if source else EditKind.NEW,
        edited_at=at,
        edited_by_id=by.pk if by else None,
    )
    _insert(draft, "This question already has a draft. Edit that one.")
    if source:
        draft.references.set(source.references.all())
        _copy_parts(source, draft)
    note(by, draft, "Draft started.")
    return draft


def _insert(row: models.Model, refusal: str) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise CannotMove(refusal) from error


def _copy_parts(source: QuestionVersion, draft: QuestionVersion) -> None:
    Option.objects.bulk_create(
        Option(
            version=draft,
            position=option.position,
            text=option.text,
            is_right=option.is_right,
            explanation=option.explanation,
            misconception=option.misconception,
        )
        for option in source.options.all()
    )
    basis = source.basis
    Basis.objects.create(
        version=draft, article=basis.article, passage_key=basis.passage_key
    )


def take_question_turn(
    version: QuestionVersion, *, token: int, by: By, at: dt.datetime
) -> None:
    """Claim the right to save over edit number `token`. Raises StaleDraft."""
    _take_turn(version, token=token, by=by, at=at)


def take_quiz_turn(
    version: QuizVersion, *, token: int, by: By, at: dt.datetime
) -> None:
    """Claim the right to save over edit number `token`. Raises StaleDraft."""
    _take_turn(version, token=token, by=by, at=at)


def _take_turn(
    version: QuestionVersion | QuizVersion, *, token: int, by: By, at: dt.datetime
) -> None:
    rows: models.QuerySet[Any] = (
        QuizVersion.objects.all()
        if isinstance(version, QuizVersion)
        else QuestionVersion.objects.all()
    )
    claimed = rows.filter(
        pk=version.pk, status=VersionStatus.DRAFT, edit_token=token
    ).update(edit_token=token + 1, edited_at=at, edited_by=by)
    if not claimed:
        raise StaleDraft
    version.edit_token, version.edited_at = token + 1, at
    version.edited_by_id = by.pk if by else None


def question_faults(version: QuestionVersion, *, at: dt.datetime) -> tuple[str, ...]:
    """What keeps a question from being published, as sentences."""
    return (*_option_faults(version), *_basis_faults(version, at))


def _option_faults(version: QuestionVersion) -> Iterator[str]:
    options = list(version.options.all())
    right = sum(option.is_right for option in options)
    if not version.stem.strip():
        yield "The question has no text."
    if len(options) < FEWEST_OPTIONS:
        yield "A question needs at least two options."
    if version.kind == Kind.TRUE_FALSE and [o.text for o in options] != [
        "True",
        "False",
    ]:
        yield "A true or false question has the options “True” and “False”."
    if version.kind == Kind.SEVERAL and right == 0:
        yield "No option is marked as right."
    if version.kind != Kind.SEVERAL and right != 1:
        yield f"This type needs exactly one right option; {right} are marked."
    if len({option.text.strip().lower() for option in options}) < len(options):
        yield "Two options have the same text."
    for option in options:
        if not option.explanation.strip():
            yield f"The option “{option.text}” has no explanation."
        if not option.is_right and option.misconception_id is None:
            yield f"The wrong option “{option.text}” names no misconception."


def _basis_faults(version: QuestionVersion, at: dt.datetime) -> Iterator[str]:
    basis = Basis.objects.filter(version=version).select_related("article").first()
    if basis is None:
        yield "The question rests on no passage. Choose the passage that answers it."
    elif _live_passage(basis, at) is None:
        yield f"The passage {basis} is not on the site, so nobody could be sent to it."
    if not version.references.exists():
        yield "The question names no source."
    for reference in version.references.exclude(status="current"):
        yield f"The source {reference.key} is {reference.get_status_display()}."


def _live_passage(basis: Basis, at: dt.datetime) -> Passage | None:
    return (
        Passage.objects.live(at)
        .filter(version__article=basis.article_id, key=basis.passage_key)
        .first()
    )


@transaction.atomic
def publish_question(version: QuestionVersion, *, by: By, at: dt.datetime) -> None:
    """Freeze the draft, accept its passage's wording and ask it from now on.

    Raises CannotPublish with reasons. Attempts already started keep their version.
    """
    version.refresh_from_db()
    if reasons := question_faults(version, at=at):
        raise CannotPublish(*reasons)
    if version.number > 1 and version.change_kind == EditKind.NEW:
        reason = (
            "Say what kind of change this is: typing error, clearer or new meaning."
        )
        raise CannotPublish(reason)
    accept_passage(version, by=by, at=at)
    options = list(version.options.all())
    spec = Spec(
        frozenset(option.token for option in options),
        frozenset(option.token for option in options if option.is_right),
    )
    published = QuestionVersion.objects.filter(
        pk=version.pk, status=VersionStatus.DRAFT, edit_token=version.edit_token
    ).update(
        status=VersionStatus.PUBLISHED,
        published_at=at,
        published_by=by,
        content_hash=question_hash(version),
        scoring=spec.write(),
    )
    if not published:
        raise CannotPublish(
            "Somebody else changed or published this draft. Look again."
        )
    version.refresh_from_db()
    note(by, version, "Published.")


def question_hash(version: QuestionVersion) -> str:
    """Over everything that a learner can come to see of the question, and its key."""
    basis = Basis.objects.filter(version=version).first()
    return content_hash(
        {
            "kind": version.kind,
            "stem": version.stem,
            "options": [
                [o.text, o.is_right, o.explanation, _slug(o.misconception)]
                for o in version.options.select_related("misconception")
            ],
            "references": sorted(version.references.values_list("key", flat=True)),
            "passage": str(basis) if basis else "",
        }
    )


def _slug(misconception: Misconception | None) -> str:
    return misconception.slug if misconception else ""


@transaction.atomic
def accept_passage(version: QuestionVersion, *, by: By, at: dt.datetime) -> None:
    """Say that the question is right for the passage as it reads now."""
    basis = Basis.objects.select_related("article").get(version=version)
    passage = _live_passage(basis, at)
    if passage is None:
        msg = f"The passage {basis} is not on the site. Choose another passage."
        raise CannotMove(msg)
    Basis.objects.filter(pk=basis.pk).update(
        accepted_hash=passage.text_hash, accepted_at=at, accepted_by=by
    )
    touch_pages_of(version.question, at=at)
    note(by, version, f"Checked against the passage “{passage.heading}”.")


@transaction.atomic
def retire_question(
    question: Question, *, by: By, at: dt.datetime, reason: str
) -> None:
    """Stop asking a question; attempts under way keep it."""
    if not reason.strip():
        raise CannotMove("Say why the question is retired.")
    retired = Question.objects.filter(pk=question.pk, retired_at=None).update(
        retired_at=at, retired_reason=reason
    )
    if not retired:
        raise CannotMove("This question is already retired.")
    touch_pages_of(question, at=at)
    note(by, question, f"Retired: {reason}")


def touch_pages_of(question: Question, *, at: dt.datetime) -> None:
    """Articles that offer a quiz with this question show something new."""
    quizzes = Quiz.objects.filter(versions__slots__question=question)
    ids = quizzes.exclude(article=None).values_list("article", flat=True)
    touch([pk for pk in ids if pk is not None], at=at)


# --- Quizzes ---------------------------------------------------------------------------------


@transaction.atomic
def start_quiz_draft(quiz: Quiz, *, by: By, at: dt.datetime) -> QuizVersion:
    """Start a draft from the newest version, with its questions in order."""
    source = quiz.versions.order_by("-number").first()
    copied = ("title", "intro", "minutes")
    draft = QuizVersion(
        quiz=quiz,
        number=(source.number if source else 0) + 1,
        edited_at=at,
        edited_by_id=by.pk if by else None,
        **({name: getattr(source, name) for name in copied} if source else {}),
    )
    _insert(draft, "This quiz already has a draft. Edit that one.")
    QuizSlot.objects.bulk_create(
        QuizSlot(version=draft, position=slot.position, question=slot.question)
        for slot in (source.slots.all() if source else ())
    )
    note(by, draft, "Draft started.")
    return draft


def quiz_faults(version: QuizVersion, *, at: dt.datetime) -> tuple[str, ...]:
    """What keeps a quiz from being published, as sentences."""
    return tuple(_quiz_faults(version, at))


def _quiz_faults(version: QuizVersion, at: dt.datetime) -> Iterator[str]:
    slots = list(version.slots.select_related("question"))
    if not version.title.strip():
        yield "The quiz has no title."
    if not slots:
        yield "The quiz has no questions."
    if version.quiz.passage_key and len(slots) > 1:
        yield "A section check has exactly one question."
    askable = set(Question.objects.askable(at).values_list("pk", flat=True))
    for slot in slots:
        if slot.question_id not in askable:
            yield (
                f"The question “{slot.question}” cannot be asked: it is not published, "
                "retired, or suspect because its passage or source changed."
            )


@transaction.atomic
def publish_quiz(version: QuizVersion, *, by: By, at: dt.datetime) -> None:
    """Freeze the draft; new attempts get it from now on. Raises CannotPublish."""
    version.refresh_from_db()
    if reasons := quiz_faults(version, at=at):
        raise CannotPublish(*reasons)
    published = QuizVersion.objects.filter(
        pk=version.pk, status=VersionStatus.DRAFT, edit_token=version.edit_token
    ).update(status=VersionStatus.PUBLISHED, published_at=at, published_by=by)
    if not published:
        raise CannotPublish(
            "Somebody else changed or published this draft. Look again."
        )
    version.refresh_from_db()
    if version.quiz.article_id:
        touch([version.quiz.article_id], at=at)
    note(by, version, "Published.")


@transaction.atomic
def close_quiz(quiz: Quiz, *, by: By, at: dt.datetime) -> None:
    """Offer the quiz no longer; attempts under way can be finished."""
    if not Quiz.objects.filter(pk=quiz.pk, closed_at=None).update(closed_at=at):
        raise CannotMove("This quiz is already closed.")
    if quiz.article_id:
        touch([quiz.article_id], at=at)
    note(by, quiz, "Closed.")
