"""The forms of the account pages: allauth's, in this site's words.

Labels stand above the fields. allauth also writes them into the fields, where they vanish as
soon as somebody types; and it asks for a new password twice, where one can be looked at.
"""

from typing import Any, ClassVar

from allauth.account import forms as account
from allauth.account.models import EmailAddress
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from her2site.accounts import limit_staff
from her2site.addressing import change_address

EMAIL = "E-mail address"
HOW_LONG = "At least 12 characters. Three or four unrelated words make a good password."
JUST_MADE = "This account was made a moment ago. Sign in with its password."
APP_OR_RECOVERY = (
    "The six digits that your app shows now, or one of your recovery codes."
)


class PlainForm(forms.Form):
    """`words` gives each field its label and its hint."""

    words: ClassVar[dict[str, tuple[str, str]]]

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields.pop("password2", None)
        for name, (label, hint) in self.words.items():
            if name in self.fields:
                speak_plainly(self.fields[name], label, hint)


def speak_plainly(field: forms.Field, label: str, hint: str) -> None:
    field.label = label
    field.help_text = hint
    field.widget.attrs.pop("placeholder", None)
    field.error_messages["required"] = f"Please fill in “{label}”."
    if isinstance(field, forms.EmailField):
        field.error_messages["invalid"] = (
            "Write the e-mail address like name@example.org."
        )


class SignInForm(PlainForm, account.LoginForm):
    words = {
        "login": (EMAIL, ""),
        "password": ("Password", ""),
        "remember": (
            "Keep me signed in on this device",
            "Only on a device that nobody else uses.",
        ),
    }

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> Any:
        response: HttpResponse = super().login(request, redirect_url)
        # allauth has just set the length that the box asks for.
        limit_staff(request)
        return response


class SignUpForm(PlainForm, account.SignupForm):
    words = {
        "email": (EMAIL, "We send nothing but what you ask for."),
        "password1": ("Password", HOW_LONG),
    }

    def try_save(self, request: HttpRequest) -> Any:
        """Of two forms with one address at one instant, as after a double click, one wins."""
        try:
            with transaction.atomic():
                return super().try_save(request)
        except IntegrityError:
            messages.info(request, JUST_MADE)
            return None, redirect("account_login")


class SendCodeForm(PlainForm, account.RequestLoginCodeForm):
    words = {"email": (EMAIL, "")}


class EnterCodeForm(PlainForm, account.ConfirmLoginCodeForm):
    words = {"code": ("Code from the e-mail", "")}


class ForgottenPasswordForm(PlainForm, account.ResetPasswordForm):
    words = {"email": (EMAIL, "")}


class NewPasswordForm(PlainForm, account.ResetPasswordKeyForm):
    words = {"password1": ("New password", HOW_LONG)}


class FirstPasswordForm(PlainForm, account.SetPasswordForm):
    words = {"password1": ("New password", HOW_LONG)}


class ChangePasswordForm(PlainForm, account.ChangePasswordForm):
    words = {
        "oldpassword": ("Your password now", ""),
        "password1": ("New password", HOW_LONG),
    }


class ChangeAddressForm(PlainForm, account.AddEmailForm):
    words = {
        "email": (
            "New e-mail address",
            "We send a link to it, to see that it is yours.",
        )
    }

    def save(self, request: HttpRequest) -> EmailAddress:
        email = self.cleaned_data["email"]
        return change_address(request, user=self.user, email=email)


class ConfirmPasswordForm(PlainForm, account.ReauthenticateForm):
    words = {"password": ("Password", "")}


class SecondStepForm(PlainForm, mfa.AuthenticateForm):
    words = {"code": ("Code", APP_OR_RECOVERY)}


class ConfirmCodeForm(PlainForm, mfa.ReauthenticateForm):
    words = {"code": ("Code", APP_OR_RECOVERY)}


class ActivateAppForm(PlainForm, ActivateTOTPForm):
    words = {"code": ("Code", "The six digits that your app shows now.")}


class AddKeyForm(PlainForm, AddWebAuthnForm):
    words = {"name": ("Name of this key", "So that you can tell your keys apart.")}


class RenameKeyForm(PlainForm, EditWebAuthnForm):
    words = {"name": ("Name of this key", "")}
