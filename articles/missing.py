"""Counts words that found nothing, so that editors learn what readers miss."""

import datetime as dt

from django.db import IntegrityError, transaction
from django.db.models import F

from articles.models import SearchMiss
from articles.stems import runs

LONGEST = 80  # characters
# Longer ones tell of a person; so do addresses and numbers of telephones and of patients.
MOST_WORDS = 6
MOST_DIGITS = 4
MOST_ROWS = 1000


def countable(text: str) -> str:
    """The words of a search in one form; "" if they may be about a person."""
    words = " ".join(word.folded for run in runs(text) for word in run)
    is_private = (
        "@" in text
        or sum(map(str.isdigit, words)) > MOST_DIGITS
        or len(words.split()) > MOST_WORDS
        or len(words) > LONGEST
    )
    return "" if is_private else words


@transaction.atomic
def count_miss(text: str, *, at: dt.datetime) -> bool:
    """Count one search that found nothing; False if its words are not to be kept."""
    words = countable(text)
    if not words:
        return False
    if not _count_again(words, at=at):
        _make_room()
        try:
            with transaction.atomic():
                SearchMiss.objects.create(words=words, last_asked_on=at.date())
        except IntegrityError:
            # Somebody else missed the same for the first time, too.
            _count_again(words, at=at)
    return True


def _count_again(words: str, *, at: dt.datetime) -> int:
    known = SearchMiss.objects.filter(words=words)
    return known.update(count=F("count") + 1, last_asked_on=at.date())


def _make_room() -> None:
    """Forget what was asked least, and longest ago."""
    if SearchMiss.objects.count() >= MOST_ROWS:
        least = SearchMiss.objects.order_by("count", "last_asked_on", "pk")[:1]
        SearchMiss.objects.filter(pk__in=least.values("pk")).delete()
