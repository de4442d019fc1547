"""The buttons that hide one passage from readers, and show it again."""

import datetime as dt
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser
from django.utils import timezone

from articles import hiding
from articles.admin.confirm import Done, Move, Values, admin_url
from articles.hide_forms import HideForm, ShowAgainForm
from articles.models import Article, HiddenPassage, Passage

By = AbstractBaseUser
HIDE = "articles.hide_passage"


@dataclass(frozen=True)
class HiddenLine:
    """A hidden passage on the page of its article."""

    key: str
    heading: str
    reason: str
    hidden_at: dt.datetime
    hidden_by: str


def hidden_lines(article: Article) -> tuple[HiddenLine, ...]:
    """What readers must not see, with the headings of today; older ones have their key."""
    live = Passage.objects.live(timezone.now()).filter(version__article=article)
    headings = dict(live.values_list("key", "heading"))
    rows = HiddenPassage.objects.in_force().filter(article=article)
    return tuple(
        HiddenLine(
            row.key,
            headings.get(row.key, row.key),
            row.reason,
            row.hidden_at,
            str(row.hidden_by or ""),
        )
        for row in rows.select_related("hidden_by")
    )


def _hide(article: Article, values: Values, by: By, at: dt.datetime) -> Done:
    key, reason = values["passage"], values["reason"]
    hiding.hide(article, key=key, by=by, at=at, reason=reason)
    message = "The passage is hidden. Readers see your reason in its place."
    return Done(message, admin_url(article))


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
