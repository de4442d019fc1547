"""Words that readers may not know."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse


class GlossaryTerm(models.Model):
    """A word, what it means in plain language, and what else it is called."""

    slug = models.SlugField(max_length=80, unique=True)
    term = models.CharField(max_length=80)
    definition = models.CharField(max_length=300)
    say = models.CharField("how to say it", max_length=80, blank=True)
    also = models.JSONField(
        "also called",
        default=list,
        blank=True,
        help_text='A list of other names, such as ["Herceptin"].',
    )

    class Meta:
        ordering: ClassVar = [Lower("term")]
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("term"), name="glossary_term_is_unique"),
        ]

    def __str__(self) -> str:
        return self.term

    def get_absolute_url(self) -> str:
        return f"{reverse('glossary')}#{self.slug}"
