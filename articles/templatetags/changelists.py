"""Cells of Django's lists together with the heads of their columns."""

from collections.abc import Iterable, Iterator
from typing import Any

from django import template

register = template.Library()


@register.filter
def beside(cells: Iterable[str], heads: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    """Pair each cell with the head of its column."""
    return zip(cells, heads, strict=True)
