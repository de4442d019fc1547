"""The moves of an article that stands: a periodic review, its end, and its return."""

import datetime as dt
from typing import Any

from django.contrib.auth.models import AbstractBaseUser

from articles import retiring, reviewing
from articles.admin.confirm import Done, Move, Values, admin_url
from articles.admin.moves import PUBLISH, SIGN_OFF
from articles.models import Article, ReviewOutcome
from articles.review_forms import PeriodicReviewForm, RetireForm

By = AbstractBaseUser
AFTERWARDS = {
    ReviewOutcome.NO_CHANGE: "Recorded. Readers see today as the day of the last review.",
    ReviewOutcome.CHANGE: "Recorded. The page stays due until a new version is published.",
    ReviewOutcome.RETIRE: "Recorded. The page stays on the site until somebody retires it.",
}


def _review(article: Article, values: Values, by: By, at: dt.datetime) -> Done:
    outcome = ReviewOutcome(values["outcome"])
    reviewing.record_periodic_review(
        article,
        by=by,
        at=at,
        name=values["name"],
        role=values["role"],
        outcome=outcome,
        seen_version_id=values["seen_version"],
        evidence_checked=values["evidence_checked"],
        remark=values["remark"],
    )
    return Done(AFTERWARDS[outcome], admin_url(article))


def _is_not_live(article: Any) -> str:
    """`article` comes from `with_state`."""
    if article.live_pk:
        return ""
    return "Readers cannot see this page now. There is nothing to review."


def _show_live(article: Article, at: dt.datetime) -> dict[str, Any]:
    return {"live": article.versions.live(at).first()}


def _retire(article: Article, values: Values, by: By, at: dt.datetime) -> Done:
    retiring.retire(
        article,
        by=by,
        at=at,
        reason=values["reason"],
        replaced_by=values["replaced_by"],
    )
    return Done("The page is retired. Readers see your reason.", admin_url(article))


def _cannot_retire(article: Any) -> str:
    """`article` comes from `with_state`."""
    if article.retired_at:
        return "This page is retired already."
    if article.live_pk or article.live_next or article.is_withdrawn:
        return ""
    return "Readers never saw this page. Discard its draft instead."


def _reopen(article: Article, _: Values, by: By, __: dt.datetime) -> Done:
    retiring.reopen(article, by=by)
    message = "Reopened. Readers see the page when a new version is published."
    return Done(message, admin_url(article))


def _is_not_retired(article: Article) -> str:
    return "" if article.retired_at else "This page is not retired."


UPKEEP_MOVES = (
    Move(
        name="review",
        verb="Record a review",
        title="Record a review",
        explain="You have read the page as readers see it now. “Still right” needs a look at "
        "the evidence; readers then see the day, and the next review is counted from it. The "
        "other answers are recorded for colleagues and change nothing on the site.",
        permissions=(PUBLISH, SIGN_OFF),
        run=_review,
        refusal=_is_not_live,
        form=PeriodicReviewForm,
        show=_show_live,
        template="admin/articles/review.html",
    ),
    Move(
        name="reopen",
        verb="Reopen",
        title="Reopen the page",
        explain="Drafts can be started again. Readers go on seeing why the page is gone, until "
        "a new version is published.",
        permissions=(PUBLISH,),
        run=_reopen,
        refusal=_is_not_retired,
    ),
    Move(
        name="retire",
        verb="Retire",
        title="Retire the page",
        explain="The page goes off the site for good, with all its versions. Its address shows "
        "your reason, and nobody can start a draft unless the page is reopened. Withdraw it "
        "instead when it shall come back mended.",
        permissions=(PUBLISH,),
        run=_retire,
        refusal=_cannot_retire,
        form=RetireForm,
        grave=True,
        show=_show_live,
        template="admin/articles/withdraw.html",
    ),
)
