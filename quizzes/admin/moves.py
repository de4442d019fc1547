"""The moves of questions and quizzes, as buttons with confirm screens."""

import datetime as dt
from typing import Any, TypeVar

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from articles import publishing
from articles.admin.confirm import Done, Move, Values, admin_url
from articles.forms import SeenForm
from articles.models import CHECKABLE, Frozen
from quizzes import authoring, faults, regrading, suspicion
from quizzes.admin.corrections import CORRECT_MOVE
from quizzes.admin.forms import AcceptForm, PublishQuestionForm, RetireForm
from quizzes.admin.suspects import changed_words, told_of
from quizzes.models import (
    Basis,
    Question,
    QuestionVersion,
    Quiz,
    QuizVersion,
    VersionStatus,
)

By = AbstractBaseUser
REFUSALS: tuple[type[Exception], ...] = (
    authoring.CannotPublish,
    authoring.CannotMove,
    regrading.CannotCorrect,
    publishing.CannotMove,
    Frozen,
)
WRITE_QUESTION = "quizzes.change_questionversion"
PUBLISH_QUESTION = "quizzes.publish_questionversion"
WRITE_QUIZ = "quizzes.change_quizversion"
PUBLISH_QUIZ = "quizzes.publish_quizversion"
CHANGED = (
    "Somebody changed, published or discarded this after you opened the page. Read it "
    "again before you go on."
)
DONE = "This version is published already. Start a new draft to change it."


# --- Questions -------------------------------------------------------------------------------


def _start_question(question: Question, _: Values, by: By, at: dt.datetime) -> Done:
    draft = authoring.start_question_draft(question, by=by, at=at)
    return Done(f"Draft {draft.number} is open for you.", admin_url(draft))


def _has_draft(row: Question | Quiz) -> str:
    if row.versions.filter(status=VersionStatus.DRAFT).exists():
        return "There is a draft already. Edit that one."
    return ""


def _retire(question: Question, values: Values, by: By, at: dt.datetime) -> Done:
    authoring.retire_question(question, by=by, at=at, reason=values["reason"])
    return Done("Retired. Nobody is asked it any more.", admin_url(question))


def _is_retired(question: Question) -> str:
    return "This question is already retired." if question.retired_at else ""


def _accept(question: Question, values: Values, by: By, at: dt.datetime) -> Done:
    version = question.in_use
    basis = Basis.objects.filter(version=version).first()
    passage = suspicion.live_passage(basis, at=at) if basis else None
    if version is None or (passage and passage.text_hash != values["seen_hash"]):
        raise authoring.CannotMove(CHANGED)
    authoring.accept_passage(version, by=by, at=at, seen_sources=values["seen_sources"])
    return Done("The question is checked against this wording.", admin_url(question))


def _needs_no_check(question: Any) -> str:
    """`question` carries what `questions.with_state` annotates."""
    if question.retired_at:
        return "This question is retired."
    if not question.live_pk:
        return "The question is not published yet. Publishing it checks it."
    if not question.live_hash:
        return "Its passage is not on the site. Start a draft and choose another one."
    if question.live_hash != question.accepted_hash:
        return ""
    if question.is_well_sourced:
        return "The question was checked against the passage as it reads now."
    return _is_past_checking(question.in_use)


def _is_past_checking(version: QuestionVersion) -> str:
    """Why to look at the sources does not help, where one of them is gone."""
    told = suspicion.notices(version, at=timezone.now())
    gone = next((row for row in told if row.status not in CHECKABLE), None)
    if gone is None:
        return ""
    return (
        f"{suspicion.what_it_is(gone)} No check makes up for that. Take it out of the "
        "passage, or start a draft that rests on something else."
    )


def _show_passages(question: Question, at: dt.datetime) -> dict[str, Any]:
    version = question.in_use
    basis = Basis.objects.filter(version=version).first()
    if version is None or basis is None:
        return {}
    old = suspicion.accepted_passage(basis)
    new = suspicion.live_passage(basis, at=at)
    old_parts, new_parts = changed_words(old, new) if new else ((), ())
    return {
        "version": version,
        "options": version.options.all(),
        "old": old_parts if old else (),
        "new": new_parts,
        "why": suspicion.reasons(version, at=at),
        "told": told_of(suspicion.notices(version, at=at)),
    }


QUESTION_MOVES = (
    Move(
        name="accept",
        verb="Accept passage",
        title="Check the question against its passage",
        explain="You say that the question and all its answers are right for the passage as it "
        "reads now, and for what is said below of its sources. If they are not, start a draft "
        "instead.",
        permissions=(PUBLISH_QUESTION,),
        run=_accept,
        refusal=_needs_no_check,
        form=AcceptForm,
        show=_show_passages,
        template="admin/quizzes/accept.html",
    ),
    Move(
        name="start-draft",
        verb="Start draft",
        title="Start a draft",
        explain="The draft begins with the newest version. Learners keep getting that one "
        "until you publish.",
        permissions=(WRITE_QUESTION,),
        run=_start_question,
        refusal=_has_draft,
        at_once=True,
    ),
    Move(
        name="retire",
        verb="Retire",
        title="Retire this question",
        explain="Nobody is asked it from now on. Quizzes under way keep it.",
        permissions=(PUBLISH_QUESTION,),
        run=_retire,
        refusal=_is_retired,
        form=RetireForm,
        grave=True,
    ),
    CORRECT_MOVE,
)


Version = TypeVar("Version", QuestionVersion, QuizVersion)


def _as_seen(version: Version, values: Values) -> Version:
    """The stored version, locked, if it is still the one that the screen showed."""
    stored = type(version).objects.select_for_update().filter(pk=version.pk).first()
    if stored is None or stored.edit_token != values["token"]:
        raise authoring.CannotMove(CHANGED)
    return stored


def _publish_question(
    version: QuestionVersion, values: Values, by: By, at: dt.datetime
) -> Done:
    stored = _as_seen(version, values)
    reason = values.get("override_reason", "")
    authoring.publish_question(
        stored,
        by=by,
        at=at,
        override_reason=reason,
        seen_sources=values["seen_sources"],
    )
    return Done("Published. New attempts get this version.", admin_url(stored.question))


def _discard_question(
    version: QuestionVersion, values: Values, by: By, _: dt.datetime
) -> Done:
    question = version.question
    authoring.discard_question_draft(_as_seen(version, values), by=by)
    return Done("The draft is gone.", admin_url(question))


def _is_published(version: QuestionVersion | QuizVersion) -> str:
    return DONE if version.status == VersionStatus.PUBLISHED else ""


def show_question(version: QuestionVersion, at: dt.datetime) -> dict[str, Any]:
    basis = Basis.objects.filter(version=version).select_related("article").first()
    return {
        "faults": faults.question_faults(version, at=at),
        "options": version.options.select_related("misconception"),
        "basis": basis,
        "passage": suspicion.live_passage(basis, at=at) if basis else None,
        "before": version.question.in_use,
        "told": told_of(suspicion.notices(version, at=at)),
    }


QUESTION_VERSION_MOVES = (
    Move(
        name="publish",
        verb="Publish",
        title="Publish this question",
        explain="New attempts get this version. You say that it is right for its passage as "
        "that reads now. After that it cannot be changed, only replaced.",
        permissions=(PUBLISH_QUESTION,),
        run=_publish_question,
        refusal=_is_published,
        form=PublishQuestionForm,
        show=show_question,
        template="admin/quizzes/publish_question.html",
    ),
    Move(
        name="discard",
        verb="Discard draft",
        title="Discard this draft",
        explain="The draft is thrown away. This cannot be undone. What learners are asked "
        "stays as it is.",
        permissions=(WRITE_QUESTION,),
        run=_discard_question,
        refusal=_is_published,
        form=SeenForm,
        show=show_question,
        template="admin/quizzes/publish_question.html",
        grave=True,
    ),
    CORRECT_MOVE,
)


# --- Quizzes ---------------------------------------------------------------------------------


def _start_quiz(quiz: Quiz, _: Values, by: By, at: dt.datetime) -> Done:
    draft = authoring.start_quiz_draft(quiz, by=by, at=at)
    return Done(f"Draft {draft.number} is open for you.", admin_url(draft))


def _close(quiz: Quiz, _: Values, by: By, at: dt.datetime) -> Done:
    authoring.close_quiz(quiz, by=by, at=at)
    return Done("Closed. Attempts under way can be finished.", admin_url(quiz))


QUIZ_MOVES = (
    Move(
        name="start-draft",
        verb="Start draft",
        title="Start a draft",
        explain="The draft begins with the newest version. Learners keep getting that one "
        "until you publish.",
        permissions=(WRITE_QUIZ,),
        run=_start_quiz,
        refusal=_has_draft,
        at_once=True,
    ),
    Move(
        name="close",
        verb="Close quiz",
        title="Close this quiz",
        explain="It is offered no longer. Attempts under way can be finished. A closed quiz "
        "cannot be opened again.",
        permissions=(PUBLISH_QUIZ,),
        run=_close,
        refusal=lambda quiz: "This quiz is closed." if quiz.closed_at else "",
        grave=True,
    ),
)


def _publish_quiz(
    version: QuizVersion, values: Values, by: By, at: dt.datetime
) -> Done:
    stored = _as_seen(version, values)
    authoring.publish_quiz(stored, by=by, at=at)
    return Done("Published. New attempts get this version.", admin_url(stored.quiz))


def _discard_quiz(version: QuizVersion, values: Values, by: By, _: dt.datetime) -> Done:
    quiz = version.quiz
    authoring.discard_quiz_draft(_as_seen(version, values), by=by)
    return Done("The draft is gone.", admin_url(quiz))


def show_quiz(version: QuizVersion, at: dt.datetime) -> dict[str, Any]:
    return {
        "faults": faults.quiz_faults(version, at=at),
        "slots": version.slots.select_related("question"),
    }


QUIZ_VERSION_MOVES = (
    Move(
        name="publish",
        verb="Publish",
        title="Publish this quiz",
        explain="New attempts get these questions in this order. After that this version "
        "cannot be changed, only replaced.",
        permissions=(PUBLISH_QUIZ,),
        run=_publish_quiz,
        refusal=_is_published,
        form=SeenForm,
        show=show_quiz,
        template="admin/quizzes/publish_quiz.html",
    ),
    Move(
        name="discard",
        verb="Discard draft",
        title="Discard this draft",
        explain="The draft is thrown away. This cannot be undone. The quiz that learners get "
        "stays as it is.",
        permissions=(WRITE_QUIZ,),
        run=_discard_quiz,
        refusal=_is_published,
        form=SeenForm,
        show=show_quiz,
        template="admin/quizzes/publish_quiz.html",
        grave=True,
    ),
)
