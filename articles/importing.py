"""Take the text of a Word file into a draft."""

import datetime as dt
from collections.abc import Sequence

from django.contrib.auth.models import AbstractBaseUser
from django.db import models, transaction

from articles import publishing
from articles.anchors import RESERVED
from articles.markup import LONGEST
from articles.models import ArticleVersion, Passage
from articles.texts import free_key, used_keys
from articles.word_files import WordText
from articles.word_markdown import WordPassage

By = AbstractBaseUser | None
STEP = 10
LAST_PLACE = 32_000  # the form's; those of one place stand as they were added
MOST_PASSAGES = 100  # more fields than one form may send


class CannotImport(Exception):
    """The text does not fit into the draft; the message says why."""


@transaction.atomic
def import_word_text(
    version: ArticleVersion, text: WordText, *, token: int, by: By, at: dt.datetime
) -> None:
    """Append the passages of a Word file to a draft; what stands in it stays.

    Raises publishing.StaleDraft when somebody saved the draft or moved it on meanwhile.
    """
    publishing.take_turn(version, token=token, by=by, at=at)
    _refuse_too_much(version, text.passages)
    last = version.passages.aggregate(n=models.Max("position"))["n"] or 0
    taken = {*RESERVED, *used_keys(version.article_id)}
    for number, passage in enumerate(text.passages, 1):
        key = free_key(passage.heading, taken)
        taken.add(key)
        Passage(
            version=version,
            key=key,
            position=min(last + STEP * number, LAST_PLACE),
            heading=passage.heading,
            body=passage.body,
        ).save(force_insert=True)
    publishing.settle(version)
    publishing.note(by, version, f"Imported from a Word file: {in_words(text)}")


def _refuse_too_much(version: ArticleVersion, passages: Sequence[WordPassage]) -> None:
    if version.passages.count() + len(passages) > MOST_PASSAGES:
        msg = (
            f"The draft would have more than {MOST_PASSAGES} passages. Divide the file."
        )
        raise CannotImport(msg)
    for passage in passages:
        if len(passage.body) > LONGEST:
            msg = (
                f"“{passage.heading}” is longer than {LONGEST:,} characters. Divide it by "
                "a heading of the first or second level."
            )
            raise CannotImport(msg)


def in_words(text: WordText) -> str:
    """What came in and what was left out."""
    number = len(text.passages)
    came = "1 passage" if number == 1 else f"{number} passages"
    if not text.left_out:
        return f"{came}; nothing was left out."
    rest = ", ".join(f"{what} ({count})" for what, count in text.left_out)
    return f"{came}. Left out: {rest}."
