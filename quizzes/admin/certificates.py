"""Certificates in the admin: found by their code, withdrawn, never written."""

import datetime as dt
from typing import Any

from django.contrib import admin
from django.contrib.auth.models import AbstractBaseUser
from django.db import models
from django.http import HttpRequest, HttpResponse

from articles.admin.confirm import Done, Move, MovingAdmin, Values, admin_url
from quizzes import certifying
from quizzes.admin.forms import WithdrawCertificateForm
from quizzes.models import Certificate


def _withdraw(
    certificate: Certificate, values: Values, by: AbstractBaseUser, at: dt.datetime
) -> Done:
    certifying.withdraw(certificate, by=by, reason=values["reason"], at=at)
    return Done(
        "Withdrawn. Whoever looks it up sees since when.", admin_url(certificate)
    )


def _is_withdrawn(certificate: Certificate) -> str:
    return "This certificate is withdrawn." if certificate.withdrawn_at else ""


WITHDRAW = Move(
    name="withdraw",
    verb="Withdraw",
    title="Withdraw this certificate",
    explain="Whoever looks up its code sees that it was withdrawn, and when. Its holder also "
    "sees why. This cannot be undone.",
    permissions=("quizzes.withdraw_certificate",),
    run=_withdraw,
    refusal=_is_withdrawn,
    form=WithdrawCertificateForm,
    grave=True,
)


@admin.register(Certificate)
class CertificateAdmin(MovingAdmin):
    change_form_template = "admin/quizzes/certificate.html"
    moves = (WITHDRAW,)
    refusals = (certifying.CannotWithdraw,)
    fields = ["code", "quiz", "name", "issued_at", "state", "withdrawn_reason"]
    readonly_fields = ["quiz", "state"]
    list_display = ["code", "quiz", "issued_at", "state"]
    search_fields = ["code"]
    ordering = ["-issued_at"]

    def get_queryset(self, request: HttpRequest) -> models.QuerySet[Certificate]:
        rows = super().get_queryset(request)
        return rows.select_related("attempt__quiz_version", "withdrawn_by")

    @admin.display(description="test")
    def quiz(self, certificate: Certificate) -> str:
        return str(certificate.attempt.quiz_version)

    @admin.display(description="state")
    def state(self, certificate: Certificate) -> str:
        if certificate.withdrawn_at is None:
            return "Valid"
        by = f" by {certificate.withdrawn_by}" if certificate.withdrawn_by else ""
        return f"Withdrawn on {certificate.withdrawn_at:%Y-%m-%d}{by}"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(
        self, request: HttpRequest, obj: Certificate | None = None
    ) -> bool:
        return False

    def has_delete_permission(
        self, request: HttpRequest, obj: Certificate | None = None
    ) -> bool:
        return False

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        context["buttons"] = self.buttons(request, options["obj"])
        return super().render_change_form(request, context, *args, **options)
