"""What allauth asks this site about signing in."""

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from her2site.models import User
from quizzes.access import claimable_in

TOO_MANY = "There were too many tries. Please wait a few minutes and try again."


class Accounts(DefaultAccountAdapter):
    """How long a session lasts, where a sign-in leads, and what refusals say."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "This account has been closed.",
        "duplicate_email": "This already is the e-mail address of your account.",
        "email_password_mismatch": "The e-mail address or the password is not right. Check both and try again.",
        "email_taken": "Somebody already signs in with this e-mail address. If it is you, sign in, or ask for a code by e-mail.",
        "enter_current_password": "This is not your current password.",
        "incorrect_code": "This code is not right. Check it, or ask for a new one.",
        "incorrect_password": "This is not your password.",
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def login(self, request: HttpRequest, user: User) -> None:
        """Sign in until the browser is closed, unless the form was told to remember.

        With a second step or a code by mail, this comes after the form.
        """
        super().login(request, user)
        if "_session_expiry" not in request.session:
            request.session.set_expiry(0)
        limit_staff(request)

    def post_login(
        self, request: HttpRequest, user: User, **details: Any
    ) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **details)
        if not claimable_in(request).exists():
            return response
        after = urlencode({"next": response.headers["Location"]})
        return HttpResponseRedirect(f"{reverse('claim')}?{after}")


class SecondFactors(DefaultMFAAdapter):
    """What refusals about the second step say."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "add_email_blocked": "Please take the second step away before you change your e-mail address.",
        "incorrect_code": "This code is not right. Wait for the next one and try again.",
        "unverified_email": "Please confirm your e-mail address first. Otherwise somebody could shut you out of an account in your name.",
    }


def limit_staff(request: HttpRequest) -> None:
    """End a staff session after a working day, however busy it is."""
    if request.user.is_authenticated and request.user.is_staff:
        request.session.set_expiry(dt.timedelta(seconds=settings.STAFF_SESSION_AGE))
