"""Staff's second step when they sign in."""

from collections.abc import Callable

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
SET_ONE_UP = (
    "The staff pages ask for a second step when you sign in, so that a stolen password alone "
    "opens nothing. Please set one up here, then go on to the staff pages."
)


class SecondFactorMiddleware:
    """Let staff into the admin only with a second step, where the host wants it so."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.REQUIRE_STAFF_MFA and is_missing_second_factor(request):
            messages.warning(request, SET_ONE_UP)
            return redirect("mfa_index")
        return self.get_response(request)


def is_missing_second_factor(request: HttpRequest) -> bool:
    if not request.path.startswith(reverse("admin:index")):
        return False
    if request.path == reverse("admin:logout") or not request.user.is_staff:
        return False
    return not get_adapter().is_mfa_enabled(request.user, types=SECOND_FACTORS)
