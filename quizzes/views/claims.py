"""Quizzes that somebody did before they signed in."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_http_methods

from quizzes import access, starting


@never_cache
@login_required
@csrf_protect
@require_http_methods(["GET", "HEAD", "POST"])
def claim(request: HttpRequest) -> HttpResponse:
    """Ask once, and only on this person's own word; the key goes with either answer.

    On a shared device, whatever was added without asking would be somebody else's.
    """
    assert request.user.pk is not None  # for the type checker: login_required saw to it
    count = access.claimable_in(request).count()
    if request.method == "POST":
        if "mine" in request.POST:
            starting.claim(access.guest_before(request), user_id=request.user.pk)
        access.forget_guest(request)
    if request.method == "POST" or not count:
        return HttpResponseRedirect(_next_of(request))
    context = {"count": count, "next": _next_of(request)}
    return render(request, "quizzes/claim.html", context)


def _next_of(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next", "")
    is_here = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_here else resolve_url("my-learning")
