"""More minutes in a test for people who need them."""

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError

from articles.admin.confirm import PlainAdmin
from quizzes.models import ExtraTime


class ExtraTimeForm(forms.ModelForm):
    """The person by their address: staff who give time need no list of everybody."""

    email = forms.EmailField(label="E-mail address of their account")

    class Meta:
        model = ExtraTime
        fields = ("quiz", "minutes")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["email"] = self.instance.user.email

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"])
        user = get_user_model().objects.filter(email__iexact=email).first()
        if user is None:
            raise ValidationError(f"Nobody has an account as {email}.", code="nobody")
        self.instance.user = user
        return email

    def clean(self) -> dict[str, Any] | None:
        """The constraint names a person, which is no field here."""
        cleaned = super().clean()
        given = ExtraTime.objects.filter(
            quiz=self.cleaned_data.get("quiz"), user=self.instance.user_id
        )
        if given.exclude(pk=self.instance.pk).exists():
            raise ValidationError("This person has extra time already.", code="twice")
        return cleaned


@admin.register(ExtraTime)
class ExtraTimeAdmin(PlainAdmin):
    form = ExtraTimeForm
    fields = ["quiz", "email", "minutes"]
    autocomplete_fields = ["quiz"]
    list_display = ["quiz", "user", "minutes", "granted_at"]
    list_select_related = ["quiz", "user"]
    search_fields = ["quiz__slug", "user__email"]
