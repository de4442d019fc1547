"""The pages on which learners answer."""

import hashlib
import secrets
import uuid
from collections.abc import Sequence

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from quizzes import access, answering, papers, results
from quizzes.forms import AnswerForm, ask_again_if_changed, chosen_in, step_in
from quizzes.models import (
    AttemptSlot,
    AttemptState,
    Purpose,
    QuizVersion,
    SlotState,
    Standing,
)

OUT_OF_DATE = (
    "This page was out of date, so nothing was stored. Please choose your answer again."
)
CHANGED = "This page changed while it was open. Please read this question again and answer it."
SITTING_LENGTH = 32


@require_safe
def quiz_list(request: HttpRequest) -> HttpResponse:
    cards = papers.quiz_cards(at=timezone.now())
    return render(request, "quizzes/list.html", {"quizzes": cards})


@access.from_this_site
@require_http_methods(["GET", "HEAD", "POST"])
def quiz(request: HttpRequest, slug: str) -> HttpResponse:
    version = access.quiz_version_for(slug)
    if request.method == "POST":
        return _start(request, version)
    return _intro(request, version)


def _start(request: HttpRequest, version: QuizVersion) -> HttpResponse:
    try:
        attempt = answering.start(
            version,
            taker=access.taker_to_keep(request),
            at=timezone.now(),
            again="again" in request.POST,
        )
    except answering.CannotStart as error:
        return _intro(request, version, problem=str(error))
    waiting = attempt.slots.exclude(state=SlotState.ANSWERED).first()
    if waiting is None:
        return redirect("result", attempt.id)
    return redirect("question", attempt.id, waiting.position)


def _intro(
    request: HttpRequest, version: QuizVersion, *, problem: str = ""
) -> HttpResponse:
    at = timezone.now()
    (card,) = papers.quiz_cards(at=at, slug=version.quiz.slug)
    going_on = papers.open_attempt(version, taker=access.taker_of(request))
    context = {"quiz": card, "open_attempt": going_on, "problem": problem}
    return render(request, "quizzes/intro.html", context)


@never_cache
@access.from_this_site
@require_http_methods(["GET", "HEAD", "POST"])
def question(
    request: HttpRequest, attempt_id: uuid.UUID, position: int
) -> HttpResponse:
    if request.method == "POST":
        standing = access.standing_for(request, attempt_id, position)
        return _skip(request, standing) or _answer(request, standing)
    slot = access.slot_for(request, attempt_id, position)
    return _moved_on(slot) or _ask(request, AnswerForm(_paper(slot)))


def _moved_on(slot: AttemptSlot) -> HttpResponse | None:
    """Where a question leads that takes no answer any more."""
    if slot.state == SlotState.ANSWERED:
        return redirect("feedback", slot.attempt_id, slot.position)
    if slot.attempt.state != AttemptState.IN_PROGRESS:
        return redirect("result", slot.attempt_id)
    return None


def _paper(slot: AttemptSlot) -> papers.Paper:
    return papers.paper_for(slot, of=slot.attempt.slots.count())


def _ask(request: HttpRequest, form: AnswerForm) -> HttpResponse:
    context = {"paper": form.paper, "form": form}
    return render(request, "quizzes/question.html", context)


def _ask_again(
    request: HttpRequest, standing: Standing, problem: str = ""
) -> HttpResponse:
    slot = access.slot_for(request, standing.attempt_id, standing.position)
    if elsewhere := _moved_on(slot):
        return elsewhere
    form = AnswerForm(_paper(slot), request.POST)
    if problem:
        form.add_error("answer", problem)
        form.renew_step(slot.next_step)
    return _ask(request, form)


def _skip(request: HttpRequest, standing: Standing) -> HttpResponse | None:
    """None when the learner did not ask to skip."""
    if "skip" not in request.POST:
        return None
    try:
        answering.skip(standing, step=step_in(request.POST), at=timezone.now())
    except answering.AttemptClosed:
        return redirect("result", standing.attempt_id)
    slot = access.slot_for(request, standing.attempt_id, standing.position)
    return HttpResponseRedirect(results.next_after(slot)[0])


def _answer(request: HttpRequest, standing: Standing) -> HttpResponse:
    chosen = chosen_in(request.POST, papers.answers_to(standing))
    if not chosen:
        return _ask_again(request, standing)
    try:
        stored = answering.answer(
            standing, step=step_in(request.POST), chosen=chosen, at=timezone.now()
        )
    except answering.StaleStep:
        return _ask_again(request, standing, OUT_OF_DATE)
    except answering.AttemptClosed:
        return redirect("result", standing.attempt_id)
    url = reverse("feedback", args=[standing.attempt_id, standing.position])
    return HttpResponseRedirect(f"{url}?kept=1" if stored == "first_kept" else url)


@never_cache
@require_safe
def feedback(
    request: HttpRequest, attempt_id: uuid.UUID, position: int
) -> HttpResponse:
    slot = access.slot_for(request, attempt_id, position)
    chosen = results.chosen_in(slot)
    if chosen is None and slot.attempt.state == AttemptState.IN_PROGRESS:
        return redirect("question", attempt_id, position)
    context = {
        "feedback": results.feedback_for(slot, chosen or []),
        "already": "kept" in request.GET,
    }
    return render(request, "quizzes/feedback.html", context)


@never_cache
@access.from_this_site
@require_http_methods(["GET", "HEAD", "POST"])
def result(request: HttpRequest, attempt_id: uuid.UUID) -> HttpResponse:
    attempt = access.attempt_for(request, attempt_id)
    at = timezone.now()
    if request.method == "POST":
        answering.finish(attempt.id, at=at)
        return redirect("result", attempt_id)
    if attempt.state == AttemptState.IN_PROGRESS:
        finish = results.finish_for(attempt)
        return render(request, "quizzes/finish.html", {"finish": finish})
    outcome = results.result_for(attempt, at=at)
    return render(request, "quizzes/result.html", {"result": outcome})


@access.from_this_site
@require_POST
def retry(request: HttpRequest, attempt_id: uuid.UUID) -> HttpResponse:
    attempt = access.attempt_for(request, attempt_id)
    # A quiz that was closed begins no more attempts; a section check has no start page.
    access.quiz_version_for(attempt.quiz_version.quiz.slug)
    try:
        started = answering.try_again(
            attempt, taker=access.taker_of(request), at=timezone.now()
        )
    except answering.CannotStart as error:
        return _intro(request, attempt.quiz_version, problem=str(error))
    return redirect("question", started.id, 1)


# --- All questions on one page ---------------------------------------------------------------


# Not for shared caches: the page names a sitting, which is one reader's.
@cache_control(private=True)
@access.from_this_site
@require_http_methods(["GET", "HEAD", "POST"])
def quiz_all(request: HttpRequest, slug: str) -> HttpResponse:
    version = access.quiz_version_for(slug)
    asked = papers.papers_of(version, at=timezone.now(), seed=slug)
    if request.method != "POST":
        return _show_all(request, version, _forms(asked), secrets.token_hex(16))
    sitting = request.POST.get("sitting", "")[:SITTING_LENGTH] or secrets.token_hex(16)
    forms = _forms(asked, request.POST)
    if errors := _errors(forms, request):
        return _show_all(request, version, forms, sitting, errors)
    answers = {form.paper.version_id: form.chosen for form in forms if form.is_valid()}
    return _mark_all(request, version, answers, sitting)


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


def _mark_all(
    request: HttpRequest,
    version: QuizVersion,
    answers: dict[int, list[str]],
    sitting: str,
) -> HttpResponse:
    # Both come from the page itself, so that a double click without a cookie yet finds
    # what the first one stored. The address of the attempt does not give `sitting` away.
    digest = hashlib.sha256(sitting.encode(errors="replace")).hexdigest()
    try:
        attempt = answering.take_at_once(
            version,
            taker=access.taker_to_keep(request, guest_key=digest[32:]),
            attempt_id=uuid.UUID(digest[:32], version=4),
            answers=answers,
            at=timezone.now(),
        )
    except answering.CannotStart as error:
        return _intro(request, version, problem=str(error))
    return redirect("result", attempt.id)


# --- One question at the end of a section ----------------------------------------------------


@access.from_this_site
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest, slug: str) -> HttpResponse:
    version = access.quiz_version_for(slug, purpose=Purpose.SECTION_CHECK)
    asked = papers.papers_of(version, at=timezone.now(), seed=slug)
    if not asked:
        return redirect(version.quiz.article or "quiz-list")
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
