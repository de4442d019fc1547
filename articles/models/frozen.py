"""Rows whose text may not change once it is published."""

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar, Self, TypeVar, cast

from django.db import models


class Frozen(Exception):
    """Published text was about to be changed. Start a draft from it instead."""


Row_co = TypeVar("Row_co", bound="Freezing", covariant=True)


# What a passage, an option or a slot calls the version that it is in.
HOLDER = frozenset({"version", "version_id"})


class FreezingQuerySet(models.QuerySet[Row_co]):
    """Refuses to change or remove frozen rows, also in bulk."""

    @property
    def _table(self) -> "type[Freezing]":
        return cast("type[Freezing]", self.model)

    def frozen(self) -> Self:
        return self.filter(self._table.FROZEN_WHEN)

    def update(self, **changes: Any) -> int:
        if self._table.touches_frozen(changes):
            self._table.refuse_if(self.frozen().exists())
        if HOLDER & changes.keys():
            msg = "A row stays in the version it was made for, which may be published."
            raise Frozen(msg)
        return super().update(**changes)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._table.refuse_if(self.frozen().exists())
        return super().delete()

    def bulk_create(self, objs: Iterable[Any], *args: Any, **options: Any) -> list[Any]:
        if options.get("update_conflicts"):
            msg = "Rows that would be written over may be published. Save each one."
            raise Frozen(msg)
        rows = list(objs)
        self._table.refuse_if(any(row.is_frozen() for row in rows))
        return super().bulk_create(rows, *args, **options)


class Freezing(models.Model):
    """A row that is frozen while `FROZEN_WHEN` holds.

    `MAY_CHANGE` names the fields that are about the text, such as the moment of its
    withdrawal, and so may change after publication.
    """

    FROZEN_WHEN: ClassVar[models.Q]
    MAY_CHANGE: ClassVar[frozenset[str]] = frozenset()

    class Meta:
        abstract = True

    def save(self, **options: Any) -> None:
        fields: Sequence[str] | None = options.get("update_fields")
        if fields is None or self.touches_frozen(fields):
            self.refuse_if(self.is_frozen())
        super().save(**options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        self.refuse_if(self.is_frozen())
        return super().delete(*args, **options)

    def is_frozen(self) -> bool:
        """Whether the stored row, or the version it would join, is published."""
        manager = type(self)._default_manager  # noqa: SLF001 - Django's name for it
        return manager.filter(pk=self.pk).filter(self.FROZEN_WHEN).exists()

    @classmethod
    def touches_frozen(cls, fields: Iterable[str]) -> bool:
        return not cls.MAY_CHANGE.issuperset(fields)

    @classmethod
    def refuse_if(cls, frozen: bool) -> None:  # noqa: FBT001 - reads as a sentence
        if frozen:
            name = cls._meta.verbose_name
            msg = f"This {name} is published. Start a draft to change it."
            raise Frozen(msg)
