"""Pages of the site itself: home, help, about, one's own account and learning."""

from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import SECRET_SESSION_KEY
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from articles.access import topics
from her2site.learning import learning_of
from quizzes.papers import quiz_cards

# What newcomers read first: the first article of each of the first topics.
FIRST_STEPS = 3


def urgent_help(_: HttpRequest) -> dict[str, str]:
    """For every template: whom this site's readers call, when the host has set it."""
    return {"urgent_help": settings.URGENT_HELP}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    at = timezone.now()
    shelves = [shelf for shelf in topics(at=at) if shelf.articles]
    firsts = [shelf.articles[0] for shelf in shelves][:FIRST_STEPS]
    context = {
        "topics": shelves,
        "start_here": firsts,
        "doors": _doors(firsts[0].slug if firsts else ""),
        "quizzes": quiz_cards(at=at),
    }
    return render(request, "pages/home.html", context)


def _doors(first: str) -> tuple[tuple[str, str, str], ...]:
    """(label, hint, address): the same pages for all, from different ends."""
    begin = reverse("article", args=[first]) if first else reverse("article-list")
    return (
        (
            "I have just been told I have HER2-positive cancer",
            "Begin with what your test result means.",
            begin,
        ),
        (
            "I am caring for someone",
            "What to look out for, and when to call.",
            reverse("help"),
        ),
        (
            "I am a nurse, doctor or student",
            "All pages, with detail boxes and sources.",
            reverse("article-list"),
        ),
    )


@require_safe
def get_help(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/help.html")


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/about.html")


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/accessibility.html")


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    return render(request, "pages/privacy.html")


@never_cache
@require_safe
def my_learning(request: HttpRequest) -> HttpResponse:
    if request.user.pk is None:
        sign_in = f"{resolve_url(settings.LOGIN_URL)}?next={reverse('my-learning')}"
        context = {"sign_in_url": sign_in}
        return render(request, "pages/my_learning_signed_out.html", context)
    learning = learning_of(request.user.pk, at=timezone.now())
    return render(request, "pages/my_learning.html", {"learning": learning})


@never_cache
@login_required
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """What one can change about one's own account."""
    return render(request, "account/account.html")


@never_cache
@login_required
@require_safe
def app_picture(request: HttpRequest) -> HttpResponse:
    """The code that an authenticator app takes a picture of, while it is being set up.

    allauth would put it into the page as a data: address, which our policy refuses.
    """
    secret = request.session.get(SECRET_SESSION_KEY)
    if secret is None:
        raise Http404
    adapter = get_adapter()
    picture = adapter.build_totp_svg(adapter.build_totp_url(request.user, secret))
    return HttpResponse(picture, content_type="image/svg+xml")
