"""Certificates of passed tests. Written by certifying.py alone."""

import secrets
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from quizzes.models.attempts import Attempt

# No letters or digits that look alike on paper.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 16


def new_code() -> str:
    """Unguessable: 31 to the power of 16 is above 2 to the power of 79."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


class Certificate(models.Model):
    """That somebody passed a test, under the name they wished to have printed."""

    attempt = models.OneToOneField(
        Attempt, on_delete=models.CASCADE, related_name="certificate"
    )
    code = models.CharField(max_length=LENGTH, unique=True, default=new_code)
    name = models.CharField(max_length=120)
    issued_at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, related_name="+"
    )
    withdrawn_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-issued_at"]
        permissions: ClassVar = [
            ("withdraw_certificate", "Can withdraw certificates"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_reason="")
                | (Q(withdrawn_at__isnull=False) & ~Q(withdrawn_reason="")),
                name="withdrawn_certificate_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("certificate", args=[self.code])
