"""Suspect questions: their list with reasons, and accepting several at once."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.db import models, transaction
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils import timezone

from articles import markup
from articles.admin.confirm import admin_url, who
from articles.difference import Part, words
from articles.models import Passage, Reference
from articles.plain_words import pair_in_words
from articles.rendering import hold_stock
from quizzes import authoring, suspicion
from quizzes.models import Question, QuestionVersion


class SuspectFilter(admin.SimpleListFilter):
    """`questions.with_state` annotates what it asks for."""

    title = "suspect"
    parameter_name = "suspect"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("yes", "Yes"), ("no", "No")]

    def queryset(
        self, request: HttpRequest, queryset: models.QuerySet[Any]
    ) -> models.QuerySet[Any]:
        if self.value() is None:
            return queryset
        asked = queryset.filter(live_pk__isnull=False, retired_at=None)
        return asked.filter(is_sound=self.value() == "no")


def in_words(question: Any) -> str:
    """Whether and why it is suspect; `question` comes from `questions.with_state`."""
    if question.retired_at or not question.live_pk:
        return "–"
    reasons = []
    if not question.live_hash:
        reasons.append("its passage is not on the site")
    elif question.live_hash != question.accepted_hash:
        reasons.append("its passage changed")
    if not question.is_well_sourced:
        reasons.append("a source no longer holds")
    return f"Yes – {' and '.join(reasons)}" if reasons else "No"


def whole(passage: Passage | None) -> str:
    return f"{passage.heading}\n\n{passage.body}" if passage else ""


def changed_words(
    old: Passage | None, new: Passage
) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """The old passage with what is gone marked in it, and the new one with what is new."""
    parts = words(*pair_in_words(whole(old), whole(new)))
    return (
        tuple(part for part in parts if part.op != "new"),
        tuple(part for part in parts if part.op != "gone"),
    )


@dataclass(frozen=True)
class Told:
    """What is said of a source that is not what it was."""

    key: str
    url: str
    status: str
    note: str
    source_html: str
    newer: str


def told_of(sources: Iterable[Reference]) -> tuple[Told, ...]:
    return tuple(
        Told(
            row.key,
            admin_url(row),
            row.status_in_words,
            row.status_note,
            markup.source_html(row.csl),
            row.superseded_by.key if row.superseded_by else "",
        )
        for row in sources
    )


# --- Accepting several at once ---------------------------------------------------------------


@dataclass(frozen=True)
class Ready:
    """A question whose passage changed in wording only."""

    version: QuestionVersion
    url: str
    parts: tuple[Part, ...]
    seen_hash: str


@dataclass(frozen=True)
class LeftOut:
    stem: str
    url: str
    why: str


def sort_out(
    questions: Iterable[Question], *, at: dt.datetime
) -> tuple[list[Ready], list[LeftOut]]:
    """Which of the chosen questions can be accepted together, and why not the others."""
    ready: list[Ready] = []
    left_out: list[LeftOut] = []
    for question in questions:
        version = question.in_use
        if version is None or question.retired_at:
            why = "Nobody is asked it, so there is nothing to check."
            left_out.append(LeftOut(str(question), admin_url(question), why))
        elif why := suspicion.needs_a_look(version, at=at):
            left_out.append(LeftOut(version.stem, admin_url(question), why))
        else:
            ready.append(_ready(version, at))
    return ready, left_out


def _ready(version: QuestionVersion, at: dt.datetime) -> Ready:
    new = suspicion.live_passage(version.basis, at=at)
    assert new is not None  # needs_a_look would have said so
    old = suspicion.accepted_passage(version.basis)
    parts = words(*pair_in_words(whole(old), whole(new)))
    return Ready(version, admin_url(version.question), parts, new.text_hash)


@admin.action(
    description="Accept passages whose wording alone changed", permissions=["publish"]
)
def accept_wording(
    model_admin: Any, request: HttpRequest, questions: models.QuerySet[Question]
) -> TemplateResponse | None:
    """First the screen that shows every change; its button does it."""
    if "confirmed" not in request.POST:
        ready, left_out = sort_out(questions, at=timezone.now())
        return _screen(model_admin, request, ready, left_out)
    seen, chosen = _accept_seen(request, questions)
    message = f"{seen} of {chosen} questions are checked now."
    messages.success(request, message)
    return None


@transaction.atomic
def _accept_seen(
    request: HttpRequest, questions: models.QuerySet[Question]
) -> tuple[int, int]:
    """Accept what the screen showed; how many these are, and how many were chosen."""
    # What is sorted out here has to be so still when it is accepted.
    hold_stock()
    at = timezone.now()
    ready, left_out = sort_out(questions, at=at)
    seen = [
        one
        for one in ready
        if request.POST.get(f"seen-{one.version.pk}") == one.seen_hash
    ]
    for one in seen:
        authoring.accept_passage(one.version, by=who(request), at=at)
    return len(seen), len(ready) + len(left_out)


def _screen(
    model_admin: Any,
    request: HttpRequest,
    ready: list[Ready],
    left_out: list[LeftOut],
) -> TemplateResponse:
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Accept passages whose wording alone changed",
        "opts": model_admin.opts,
        "ready": ready,
        "left_out": left_out,
        "chosen": request.POST.getlist("_selected_action"),
    }
    return TemplateResponse(request, "admin/quizzes/accept_several.html", context)
