"""The risky changes of several passages, for one table above them."""

from collections.abc import Iterable

from django import template

from articles.difference import Change
from articles.risks import Risk

register = template.Library()


@register.simple_tag
def risks_of(changes: Iterable[Change]) -> tuple[tuple[str, Risk], ...]:
    """(heading, risk) of each risky change, in the order of the page."""
    return tuple((change.heading, risk) for change in changes for risk in change.risks)
