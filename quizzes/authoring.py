"""The moves of questions and quizzes: draft, publish, accept a changed passage, retire."""

import datetime as dt
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.db import IntegrityError, models, transaction

from articles.fingerprint import content_hash
from articles.publishing import note
from articles.rendering import hold_stock, touch
from quizzes import marks
from quizzes.faults import question_faults, quiz_faults
from quizzes.keys import figures, options_in_force, spec_of
from quizzes.models import (
    Audience,
    Basis,
    EditKind,
    Misconception,
    Option,
    Question,
    QuestionVersion,
    Quiz,
    QuizSlot,
    QuizVersion,
    VersionStatus,
)
from quizzes.suspicion import (
    accepted_passage,
    has_other_sentences,
    live_passage,
    notices,
    seal,
)

By = AbstractBaseUser | None
QUIZ_COPIED = (
    "title",
    "intro",
    "minutes",
    "ask_certainty",
    "needed",
    "pass_mark",
    "attempts_allowed",
    "time_limit",
    "gives_certificate",
)
COPIED = ("kind", "stem", "audience", "explanation", "tolerance", "unit")


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
        change_kind=EditKind.CLARITY if source else EditKind.NEW,
        edited_at=at,
        edited_by_id=by.pk if by else None,
        **(_copied(source) if source else {}),
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


def _copied(source: QuestionVersion) -> dict[str, Any]:
    """The fields of a version as its key in force has them."""
    fields = {name: getattr(source, name) for name in COPIED}
    if source.corrected_scoring is None:
        return fields
    # What was written about the key that was corrected has to be written anew.
    fields["explanation"] = ""
    match marks.read(source.key):
        case marks.Number() as number:
            fields["tolerance"] = figures(number.tolerance)
    return fields


def _copy_parts(source: QuestionVersion, draft: QuestionVersion) -> None:
    basis = source.basis
    options = options_in_force(source, accepted_passage(basis))
    for option in options:
        option.version = draft
    Option.objects.bulk_create(options)
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


@transaction.atomic
def discard_question_draft(version: QuestionVersion, *, by: By) -> None:
    """Throw a draft away. Raises CannotMove when it was changed or published meanwhile."""
    _discard(version, QuestionVersion.objects.all())
    note(by, version.question, f"Discarded draft {version.number}: {version.stem}")


@transaction.atomic
def discard_quiz_draft(version: QuizVersion, *, by: By) -> None:
    """Throw a draft away. Raises CannotMove when it was changed or published meanwhile."""
    _discard(version, QuizVersion.objects.all())
    note(by, version.quiz, f"Discarded draft {version.number}: {version.title}")


def _discard(version: QuestionVersion | QuizVersion, rows: models.QuerySet) -> None:
    # Locked: a save or publication between the look and the delete would be lost.
    draft = rows.select_for_update().filter(
        pk=version.pk, status=VersionStatus.DRAFT, edit_token=version.edit_token
    )
    if not draft:
        msg = "This draft was changed, published or discarded by somebody else."
        raise CannotMove(msg)
    draft.delete()


@transaction.atomic
def publish_question(
    version: QuestionVersion,
    *,
    by: By,
    at: dt.datetime,
    override_reason: str = "",
    seen_sources: str = "",
) -> None:
    """Freeze the draft, accept its passage's wording and ask it from now on.

    What patients are asked is published by somebody else than its last editor, or with a
    reason why not. Raises CannotPublish with reasons, or CannotMove like `accept_passage`.
    Attempts already started keep their version.
    """
    version.refresh_from_db()
    reasons = [*question_faults(version, at=at)]
    if version.number > 1 and version.change_kind == EditKind.NEW:
        reasons.append(
            "Say what kind of change this is: typing error, clearer or new meaning."
        )
    if is_own(version, by) and not override_reason.strip():
        reasons.append(
            "You wrote this yourself. Ask a colleague to check and publish it, because "
            "patients read it."
        )
    if reasons:
        raise CannotPublish(*reasons)
    accept_passage(version, by=by, at=at, seen_sources=seen_sources)
    published = QuestionVersion.objects.filter(
        pk=version.pk, status=VersionStatus.DRAFT, edit_token=version.edit_token
    ).update(
        status=VersionStatus.PUBLISHED,
        published_at=at,
        published_by=by,
        content_hash=question_hash(version),
        meaning_group=_meaning_group(version),
        override_reason=override_reason if is_own(version, by) else "",
        scoring=marks.write(spec_of(version, live_passage(version.basis, at=at))),
    )
    if not published:
        raise CannotPublish(
            "Somebody else changed or published this draft. Look again."
        )
    version.refresh_from_db()
    reason = f" Without a second person: {override_reason}" if override_reason else ""
    note(by, version, f"Published.{reason}")


def is_own(version: QuestionVersion, by: By) -> bool:
    """Whether a second person has to look: patients read it, and `by` wrote it last."""
    is_author = by is not None and version.edited_by_id == by.pk
    return is_author and version.audience == Audience.PATIENT


def _meaning_group(version: QuestionVersion) -> int:
    published = version.question.versions.filter(status=VersionStatus.PUBLISHED)
    before = published.order_by("-number").first()
    if before is None:
        return 1
    return before.meaning_group + (version.change_kind == EditKind.MEANING)


def question_hash(version: QuestionVersion) -> str:
    """Over everything that a learner can come to see of the question, and its key."""
    basis = Basis.objects.filter(version=version).first()
    return content_hash(
        {
            "kind": version.kind,
            "stem": version.stem,
            "audience": version.audience,
            "explanation": version.explanation,
            "tolerance": version.tolerance,
            "unit": version.unit,
            "options": [
                [o.text, o.match, o.is_right, o.explanation, _slug(o.misconception)]
                for o in version.options.select_related("misconception")
            ],
            "references": sorted(version.references.values_list("key", flat=True)),
            "passage": str(basis) if basis else "",
        }
    )


def _slug(misconception: Misconception | None) -> str:
    return misconception.slug if misconception else ""


@transaction.atomic
def accept_passage(
    version: QuestionVersion, *, by: By, at: dt.datetime, seen_sources: str = ""
) -> None:
    """Say that the question is right for the passage as it reads now, and for its sources.

    `seen_sources` is the seal (`suspicion.seal`) of what was told of them; "": nothing was.
    Raises CannotMove.
    """
    # Else a status that is being set meanwhile would count as seen.
    hold_stock()
    basis = Basis.objects.select_related("article").get(version=version)
    passage = live_passage(basis, at=at)
    if passage is None:
        msg = f"The passage {basis} is not on the site. Choose another passage."
        raise CannotMove(msg)
    if has_other_sentences(version, passage):
        msg = (
            "Its answers are the sentences of the passage, and these have changed. Start a "
            "draft, so that the right one is chosen among the new ones."
        )
        raise CannotMove(msg)
    if seal(notices(version, at=at)) != seen_sources:
        msg = (
            "What is said of a source of this question was not shown yet. Read it before "
            "you say that the question is right."
        )
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
    draft = QuizVersion(
        quiz=quiz,
        number=(source.number if source else 0) + 1,
        edited_at=at,
        edited_by_id=by.pk if by else None,
        **({name: getattr(source, name) for name in QUIZ_COPIED} if source else {}),
    )
    _insert(draft, "This quiz already has a draft. Edit that one.")
    QuizSlot.objects.bulk_create(
        QuizSlot(
            version=draft,
            position=slot.position,
            question=slot.question,
            pool_topic=slot.pool_topic,
            pool_tag=slot.pool_tag,
            draw=slot.draw,
        )
        for slot in (source.slots.all() if source else ())
    )
    note(by, draft, "Draft started.")
    return draft


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
