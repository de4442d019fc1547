"""Pages on which people take along what is kept about them, or have it erased."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from articles.origin import from_this_site
from her2site import leaving
from her2site.models import User
from quizzes import access, starting
from quizzes.models import Taker


class EraseForm(forms.Form):
    """Asks for the password; of somebody who has none, for the e-mail address."""

    proof = forms.CharField()

    def __init__(self, user: User, data: Any = None) -> None:
        super().__init__(data, use_required_attribute=False)
        self.user = user
        self.fields["proof"] = _password() if user.has_usable_password() else _email()
        self.helper = FormHelper()
        self.helper.form_method = "post"
        self.helper.disable_csrf = True
        self.helper.attrs = {"novalidate": True}
        # They stand at the top of the page.
        self.helper.form_show_errors = False
        self.helper.add_input(Submit("erase", "Delete my account"))

    def clean_proof(self) -> str:
        proof: str = self.cleaned_data["proof"]
        if self.user.has_usable_password():
            if not self.user.check_password(proof):
                msg = "This is not the password of this account. Nothing was deleted."
                raise ValidationError(msg, code="wrong_password")
        elif proof.strip().lower() != self.user.email.lower():
            msg = "This is not the e-mail address of this account. Nothing was deleted."
            raise ValidationError(msg, code="wrong_address")
        return proof


def _password() -> forms.Field:
    return forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": "Enter your password."},
    )


def _email() -> forms.Field:
    return forms.CharField(
        label="Your e-mail address",
        help_text="Type it, to show that you mean it.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter your e-mail address."},
    )


@never_cache
@login_required
@require_safe
def export_me(request: HttpRequest) -> HttpResponse:
    return render(request, "leaving/export.html")


@never_cache
@login_required
@require_safe
def export_file(request: HttpRequest) -> HttpResponse:
    return JsonResponse(
        leaving.export_person(who(request)),
        json_dumps_params={"indent": 2, "ensure_ascii": False},
        headers={"Content-Disposition": 'attachment; filename="my-data.json"'},
    )


@never_cache
@from_this_site
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete_me(request: HttpRequest) -> HttpResponse:
    user = who(request)
    refusal = leaving.refusal_to_erase(user)
    form = EraseForm(user, request.POST if request.method == "POST" else None)
    if refusal or not form.is_valid():
        context = {"form": form, "refusal": refusal}
        return render(request, "leaving/delete.html", context)
    leaving.erase_person(user)
    logout(request)
    return redirect("deleted-me")


@require_safe
def deleted_me(request: HttpRequest) -> HttpResponse:
    return render(request, "leaving/deleted.html")


@never_cache
@from_this_site
@require_http_methods(["GET", "HEAD", "POST"])
def clear_me(request: HttpRequest) -> HttpResponse:
    """Make what this browser answered without an account nobody's, and end the session."""
    guest = Taker(guest_key=request.session.get(access.GUEST, ""))
    if request.method == "POST":
        starting.forget(guest)
        request.session.flush()
        return redirect("home" if settings.KIOSK else "clear-me")
    context = {
        "quizzes": guest.theirs().count(),
        "is_signed_in": request.user.is_authenticated,
    }
    return render(request, "leaving/clear.html", context)


def who(request: HttpRequest) -> User:
    """The person who is signed in."""
    assert isinstance(request.user, User)
    return request.user
