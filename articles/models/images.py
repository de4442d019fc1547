"""Pictures that articles may show."""

from typing import ClassVar

from django.core.files.storage import default_storage
from django.db import models
from django.urls import reverse
from django.utils import timezone


class Image(models.Model):
    """A picture, kept as one WebP file named after its content."""

    title = models.CharField(max_length=120, help_text="For editors.")
    credit = models.CharField(max_length=200, blank=True, help_text="Readers see this.")
    sha256 = models.CharField(max_length=64, unique=True, editable=False)
    width = models.PositiveIntegerField(editable=False)
    height = models.PositiveIntegerField(editable=False)
    added_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        ordering: ClassVar = ["title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("image", args=[self.sha256])

    @property
    def file_name(self) -> str:
        return f"images/{self.sha256}.webp"

    def read(self) -> bytes:
        with default_storage.open(self.file_name) as file:
            return bytes(file.read())
