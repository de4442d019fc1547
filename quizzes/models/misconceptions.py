"""Beliefs that wrong options stand for."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower


class Misconception(models.Model):
    """What somebody who picks a wrong option may believe, and what is true."""

    slug = models.SlugField(max_length=80, unique=True)
    name = models.CharField(max_length=120)
    belief = models.CharField(max_length=300)
    correction = models.CharField(max_length=300)

    class Meta:
        ordering: ClassVar = ["name"]
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("name"), name="misconception_name_is_unique"),
        ]

    def __str__(self) -> str:
        return self.name
