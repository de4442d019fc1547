"""Pages with questions but without an attempt yet: all on one page, and section checks."""

import hashlib
import secrets
import uuid
from collections.abc import Sequence

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from articles.origin import from_this_site
from quizzes import access, answering, papers, starting
from quizzes.forms import AnswerForm, ask_again_if_changed
from quizzes.models import Purpose, QuizVersion
from quizzes.views.attempts import intro

CHANGED = "This page changed while it was open. Please read this question again and answer it."
SITTING_LENGTH = 32


# Not for shared caches: the page names a sitting, which is one reader's.
@cache_control(private=True)
@from_this_site
@require_http_methods(["GET", "HEAD", "POST"])
def quiz_all(request: HttpRequest, slug: str) -> HttpResponse:
    version = access.quiz_version_for(slug, Purpose.SELF_CHECK)
    sitting = request.POST.get("sitting", "")[:SITTING_LENGTH] or secrets.token_hex(16)
    asked = papers.papers_of(
        version,
        at=timezone.now(),
        seed=str(_Sitting(sitting).attempt_id),
        taker=access.taker_of(request),
    )
    if request.method != "POST":
        return _show_all(request, version, _forms(asked), sitting)
    forms = _forms(asked, request.POST)
    if errors := _errors(forms, request):
        return _show_all(request, version, forms, sitting, errors)
    return _mark_all(request, version, [f for f in forms if f.is_valid()], sitting)


def _forms(asked: Sequence[papers.Paper], data: object = None) -> list[AnswerForm]:
    return [AnswerForm(paper, data, legend_tag="h2", of_many=True) for paper in asked]


def _errors(forms: Sequence[AnswerForm], request: HttpRequest) -> list[tuple[str, str]]:
    """What keeps the page from being marked; unanswered ones only the first time."""
    changed = ask_again_if_changed(forms, problem=CHANGED)
    partial = "partial" in request.POST and not changed
    errors = []
    for form in forms:
        if form.is_valid() or (partial and not form.was_answered):
            continue
        problem = f"Question {form.paper.position}: {form.errors['answer'][0]}"
        errors.append((form.anchor, problem))
    return errors


def _show_all(
    request: HttpRequest,
    version: QuizVersion,
    forms: Sequence[AnswerForm],
    sitting: str,
    errors: Sequence[tuple[str, str]] = (),
) -> HttpResponse:
    (card,) = papers.quiz_cards(at=timezone.now(), slug=version.quiz.slug)
    context = {
        "quiz": card,
        "forms": forms,
        "errors": errors,
        "offer_partial": bool(errors),
        "sitting": sitting,
    }
    return render(request, "quizzes/all.html", context)


class _Sitting:
    """What the page itself names, so that a double click without a cookie yet finds what
    the first one stored. The address of the attempt does not give the sitting away.
    """

    def __init__(self, name: str) -> None:
        digest = hashlib.sha256(name.encode(errors="replace")).hexdigest()
        self.attempt_id = uuid.UUID(digest[:32], version=4)
        self.guest_key = digest[32:]


def _mark_all(
    request: HttpRequest,
    version: QuizVersion,
    answered: Sequence[AnswerForm],
    name: str,
) -> HttpResponse:
    sitting = _Sitting(name)
    try:
        attempt = answering.take_at_once(
            version,
            taker=access.taker_to_keep(request, guest_key=sitting.guest_key),
            attempt_id=sitting.attempt_id,
            answers={
                form.paper.version_id: (form.chosen, form.certainty)
                for form in answered
            },
            at=timezone.now(),
        )
    except starting.CannotStart as error:
        return intro(request, version, problem=str(error))
    return redirect("result", attempt.id)


@from_this_site
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, slug: str) -> HttpResponse:
    version = access.quiz_version_for(slug, Purpose.SECTION_CHECK)
    asked = papers.papers_of(
        version, at=timezone.now(), seed=slug, taker=access.taker_of(request)
    )
    if not asked:
        return redirect(version.quiz.article or "quiz-list")
    if len(asked) > 1:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = AnswerForm(asked[0], data, legend_tag="h1", is_check=True)
    if data is None or not form.is_valid():
        if data is not None:
            ask_again_if_changed([form], problem=CHANGED)
        context = {"paper": form.paper, "form": form, "quiz": version.quiz}
        return render(request, "quizzes/check.html", context)
    slot = answering.answer_check(
        version,
        taker=access.taker_to_keep(request),
        question_version_id=form.paper.version_id,
        chosen=form.chosen,
        at=timezone.now(),
    )
    return redirect("feedback", slot.attempt_id, 1)
