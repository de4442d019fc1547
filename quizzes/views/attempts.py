"""The pages on which learners answer."""

import uuid

from django.conf import settings
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_http_methods,
    require_POST,
    require_safe,
)

from articles.origin import from_this_site
from quizzes import access, answering, answers, papers, receipts, results, starting
from quizzes import feedback as feedbacks
from quizzes.forms import (
    AnswerForm,
    certainty_in,
    order_in,
    order_posted,
    posted_in,
    step_in,
)
from quizzes.models import (
    Attempt,
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


@require_safe
def quiz_list(request: HttpRequest) -> HttpResponse:
    cards = papers.quiz_cards(at=timezone.now())
    return render(request, "quizzes/list.html", {"quizzes": cards})


@from_this_site
@require_http_methods(["GET", "HEAD", "POST"])
def quiz(request: HttpRequest, slug: str) -> HttpResponse:
    version = access.quiz_version_for(slug)
    if request.method == "POST":
        return _start(request, version)
    return intro(request, version)


def _start(request: HttpRequest, version: QuizVersion) -> HttpResponse:
    try:
        attempt = starting.start(
            version,
            taker=access.taker_to_keep(request),
            at=timezone.now(),
            again="again" in request.POST,
        )
    except starting.CannotStart as error:
        return intro(request, version, problem=str(error))
    waiting = attempt.slots.exclude(state=SlotState.ANSWERED).first()
    if waiting is None:
        return redirect("result", attempt.id)
    return redirect("question", attempt.id, waiting.position)


def intro(
    request: HttpRequest, version: QuizVersion, *, problem: str = ""
) -> HttpResponse:
    """The page before a quiz."""
    at = timezone.now()
    (card,) = papers.quiz_cards(at=at, slug=version.quiz.slug)
    taker = access.taker_of(request)
    context = {
        "quiz": card,
        "open_attempt": papers.open_attempt(version, taker=taker),
        "halfway": papers.halfway_attempt(version, taker=taker)
        if card.is_pair
        else None,
        "problem": problem,
        "may_ask": papers.can_be_asked(version, at=at),
    }
    return render(request, "quizzes/intro.html", context)


@never_cache
@from_this_site
@require_http_methods(["GET", "HEAD", "POST"])
def question(
    request: HttpRequest, attempt_id: uuid.UUID, position: int
) -> HttpResponse:
    if request.method == "POST":
        standing = access.standing_for(request, attempt_id, position)
        if "move" in request.POST:
            return _move(request, standing)
        if "skip" in request.POST:
            return _skip(request, standing)
        return _answer(request, standing)
    slot = access.slot_for(request, attempt_id, position)
    order = order_in(request.GET.get("order", ""))
    return _moved_on(slot) or _ask(request, AnswerForm(_paper(slot), order=order))


def _moved_on(slot: AttemptSlot) -> HttpResponse | None:
    """Where a question leads that takes no answer any more."""
    if slot.state == SlotState.ANSWERED:
        return redirect("feedback", slot.attempt_id, slot.position)
    deadline = slot.attempt.deadline_at
    is_over = deadline is not None and timezone.now() > deadline + answering.GRACE
    if slot.attempt.state != AttemptState.IN_PROGRESS or is_over:
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
    paper = _paper(slot)
    shown = order_in(request.POST.get("shown", ""))
    form = AnswerForm(paper, request.POST, order=shown)
    if problem:
        form.add_error("answer", problem)
        form.renew_step(slot.next_step)
    return _ask(request, form)


def _move(request: HttpRequest, standing: Standing) -> HttpResponse:
    """Show the lines of an ordering question with one of them a place further."""
    slot = access.slot_for(request, standing.attempt_id, standing.position)
    if elsewhere := _moved_on(slot):
        return elsewhere
    way, _, token = request.POST["move"].partition(":")
    lines = order_posted(request.POST, _paper(slot))
    order = answers.moved(lines, token, up=way == "up")
    url = reverse("question", args=[slot.attempt_id, slot.position])
    place = order.index(token) if token in order else 0
    return HttpResponseRedirect(f"{url}?order={','.join(order)}#id_answer_{place}")


def _skip(request: HttpRequest, standing: Standing) -> HttpResponse:
    try:
        answering.skip(standing, step=step_in(request.POST), at=timezone.now())
    except (answering.AttemptClosed, answering.TimeIsUp):
        return redirect("result", standing.attempt_id)
    slot = access.slot_for(request, standing.attempt_id, standing.position)
    return HttpResponseRedirect(feedbacks.next_after(slot)[0])


def _answer(request: HttpRequest, standing: Standing) -> HttpResponse:
    try:
        chosen = answers.read(papers.sheet_of(standing), posted_in(request.POST))
        stored = answering.answer(
            standing,
            step=step_in(request.POST),
            chosen=chosen,
            at=timezone.now(),
            certainty=certainty_in(request.POST.get("certainty", "")),
        )
    except answers.NotAnAnswer:
        return _ask_again(request, standing)
    except answering.StaleStep:
        return _ask_again(request, standing, OUT_OF_DATE)
    except (answering.AttemptClosed, answering.TimeIsUp):
        return redirect("result", standing.attempt_id)
    if feedbacks.comes_at_the_end(standing.purpose):
        slot = access.slot_for(request, standing.attempt_id, standing.position)
        return HttpResponseRedirect(feedbacks.next_after(slot)[0])
    url = reverse("feedback", args=[standing.attempt_id, standing.position])
    return HttpResponseRedirect(f"{url}?kept=1" if stored == "first_kept" else url)


@never_cache
@require_safe
def feedback(
    request: HttpRequest, attempt_id: uuid.UUID, position: int
) -> HttpResponse:
    slot = access.slot_for(request, attempt_id, position)
    given = feedbacks.given_in(slot)
    if given is None and slot.attempt.state == AttemptState.IN_PROGRESS:
        return redirect("question", attempt_id, position)
    if feedbacks.is_withheld(slot.attempt):
        kept = feedbacks.kept_for(slot, given or feedbacks.Given())
        return render(request, "quizzes/kept.html", {"kept": kept})
    context = {
        "feedback": feedbacks.feedback_for(slot, given or feedbacks.Given()),
        "already": "kept" in request.GET,
    }
    return render(request, "quizzes/feedback.html", context)


@never_cache
@from_this_site
@require_http_methods(["GET", "HEAD", "POST"])
def result(request: HttpRequest, attempt_id: uuid.UUID) -> HttpResponse:
    attempt = access.attempt_for(request, attempt_id)
    at = timezone.now()
    if request.method == "POST":
        answering.finish(attempt.id, at=at)
        return redirect("result", attempt_id)
    if attempt.state != AttemptState.SUBMITTED:
        deadline = attempt.deadline_at
        is_over = deadline is not None and at > deadline + answering.GRACE
        finish = results.finish_for(attempt, is_over=is_over)
        return render(request, "quizzes/finish.html", {"finish": finish})
    if feedbacks.is_withheld(attempt):
        halfway = results.halfway_for(attempt)
        return render(request, "quizzes/halfway.html", {"halfway": halfway})
    outcome = results.result_for(attempt, at=at)
    context = {"result": outcome, "kiosk": settings.KIOSK}
    return render(request, "quizzes/result.html", context)


@never_cache
@require_safe
def receipt(request: HttpRequest, attempt_id: uuid.UUID) -> HttpResponse:
    """A file with what was asked, answered and marked; not before the right answers show."""
    attempt = access.attempt_for(request, attempt_id)
    if not receipts.shows_key(attempt):
        return redirect("result", attempt_id)
    return JsonResponse(
        receipts.receipt(attempt),
        json_dumps_params={"indent": 2, "ensure_ascii": False},
        headers={"Content-Disposition": f'attachment; filename="{attempt_id}.json"'},
    )


@from_this_site
@require_POST
def retry(request: HttpRequest, attempt_id: uuid.UUID) -> HttpResponse:
    """Go on after an attempt: with what was missed, after reading, or where it was left."""
    attempt = access.attempt_for(request, attempt_id)
    # A quiz that was closed begins no more attempts; a section check has no start page.
    access.quiz_version_for(attempt.quiz_version.quiz.slug)
    try:
        started = starting.go_on(
            attempt, taker=access.taker_of(request), at=timezone.now()
        )
    except starting.CannotStart as error:
        return intro(request, attempt.quiz_version, problem=str(error))
    return _to_first_open(started)


@from_this_site
@require_POST
def review(request: HttpRequest, slug: str) -> HttpResponse:
    """Ask again what is due of a quiz."""
    version = access.quiz_version_for(slug, Purpose.SELF_CHECK)
    try:
        attempt = starting.start_review(
            version, taker=access.taker_of(request), at=timezone.now()
        )
    except starting.CannotStart as error:
        return intro(request, version, problem=str(error))
    return _to_first_open(attempt)


def _to_first_open(attempt: Attempt) -> HttpResponse:
    waiting = attempt.slots.exclude(state=SlotState.ANSWERED).first()
    return redirect("question", attempt.id, waiting.position if waiting else 1)
