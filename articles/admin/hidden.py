"""The buttons that hide one passage from readers, and show it again."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.urls import reverse
from django.utils import timezone

from articles import hiding, texts
from articles.admin.confirm import Done, Move, Values, admin_url, moment
from articles.admin.moves import PUBLISH
from articles.hide_forms import HideForm, ShowAgainForm
from articles.models import Article, HiddenPassage, Passage

By = AbstractBaseUser
HIDE = "articles.hide_passage"


@dataclass(frozen=True)
class Echo:
    """A passage under another key with the words of a hidden one, and the way to stop it."""

    sentence: str
    verb: str
    url: str
    """Empty where the person may not go it."""


@dataclass(frozen=True)
class HiddenLine:
    """A hidden passage on the page of its article."""

    key: str
    heading: str
    reason: str
    hidden_at: dt.datetime
    hidden_by: str
    echoes: tuple[Echo, ...]


def hidden_lines(article: Article, user: Any) -> tuple[HiddenLine, ...]:
    """What readers must not see, with the headings of today; older ones have their key."""
    at = timezone.now()
    live = Passage.objects.live(at).filter(version__article=article)
    headings = dict(live.values_list("key", "heading"))
    rows = HiddenPassage.objects.in_force().filter(article=article)
    return tuple(
        HiddenLine(
            row.key,
            headings.get(row.key, row.key),
            row.reason,
            row.hidden_at,
            str(row.hidden_by or ""),
            tuple(_echo(passage, user, at) for passage in texts.echoes(row, at=at)),
        )
        for row in rows.select_related("hidden_by")
    )


def _echo(passage: Passage, user: Any, at: dt.datetime) -> Echo:
    version = passage.version
    waits = version.live_from is not None and version.live_from > at
    name = "articles_articleversion_call-off" if waits else "articles_article_hide"
    row = version.pk if waits else version.article_id
    may = user.has_perm(PUBLISH if waits else HIDE)
    return Echo(
        _where(passage, waits=waits),
        "Call off" if waits else "Hide a passage",
        reverse(f"admin:{name}", args=[row]) if may else "",
    )


def _where(passage: Passage, *, waits: bool) -> str:
    if not waits:
        return f"Readers still see the same words under “{passage.heading}”."
    version = passage.version
    return (
        f"Version {version.number} waits for {moment(version.live_from)} and would show the "
        f"same words under “{passage.heading}”."
    )


def _hide(article: Article, values: Values, by: By, at: dt.datetime) -> Done:
    key, reason = values["passage"], values["reason"]
    row = hiding.hide(article, key=key, by=by, at=at, reason=reason)
    said = ["The passage is hidden. Readers see your reason in its place."]
    # They lead to what has to be done next from the page of the article, which comes now.
    said += (_echo(passage, by, at).sentence for passage in texts.echoes(row, at=at))
    return Done(" ".join(said), admin_url(article))


def _show_again(article: Article, values: Values, by: By, at: dt.datetime) -> Done:
    hiding.show_again(article, key=values["passage"], by=by, at=at)
    return Done("Readers see the passage again.", admin_url(article))


def _has_nothing_to_hide(article: Article) -> str:
    shown = Passage.objects.shown(timezone.now()).filter(version__article=article)
    return "" if shown.exists() else "Readers see no passage of this article."


def _has_nothing_hidden(article: Article) -> str:
    hidden = HiddenPassage.objects.in_force().filter(article=article)
    return "" if hidden.exists() else "No passage of this article is hidden."


ARTICLE_MOVES = (
    Move(
        name="hide",
        verb="Hide a passage",
        title="Hide a passage at once",
        explain="For emergencies. Readers see your reason in its place from this moment, also "
        "in later versions, until somebody shows it again. The summary and the key points stay: "
        "look whether they say the same.",
        permissions=(HIDE,),
        run=_hide,
        refusal=_has_nothing_to_hide,
        form=HideForm,
        template="admin/articles/hide.html",
        grave=True,
    ),
    Move(
        name="show-again",
        verb="Show a hidden passage",
        title="Show a hidden passage again",
        explain="Readers see the passage again, as it stands in the version that they read now. "
        "If its text was wrong, publish a version that mends it first.",
        permissions=(HIDE,),
        run=_show_again,
        refusal=_has_nothing_hidden,
        form=ShowAgainForm,
    ),
)
