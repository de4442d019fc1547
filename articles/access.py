"""Ask for a page and get it, or the answer that explains why not."""

import datetime as dt
from calendar import monthrange
from dataclasses import dataclass

from django.db import connection
from django.db.models import OuterRef, QuerySet, Subquery
from django.http import Http404
from django.utils import timezone

from articles.bodies import minutes, plain
from articles.models import (
    ArticleVersion,
    SignOff,
    SignOffKind,
    SlugHistory,
    Status,
    Topic,
)


class Renamed(Exception):
    """The article has another address now."""

    def __init__(self, slug: str) -> None:
        super().__init__(slug)
        self.slug = slug


class Withdrawn(Exception):
    """The article was taken off the site."""

    def __init__(self, version: ArticleVersion) -> None:
        super().__init__(version.withdrawn_reason)
        self.version = version


@dataclass(frozen=True)
class ArticleCard:
    """An article in a list."""

    slug: str
    title: str
    summary: str
    minutes: int
    topic_name: str
    live_from: dt.datetime | None
    signed_on: dt.date | None


@dataclass(frozen=True)
class TopicCard:
    slug: str
    name: str
    description: str
    articles: tuple[ArticleCard, ...]


@dataclass(frozen=True)
class LivePage:
    """Which version readers see, and a name for all that its page shows."""

    version_id: int
    state: str
    next_live_from: dt.datetime | None

    def seconds_fresh(self, *, at: dt.datetime, longest: int) -> int:
        """How long the page may be kept: never beyond the next version's moment."""
        if self.next_live_from is None:
            return longest
        return min(longest, int((self.next_live_from - at).total_seconds()))


# By hand, because it is most of what a page costs: Django takes ten times as long to put
# the same query together and to make objects of its rows as the database takes to answer
# it (benchmarks/pages.py).
PUBLISHED = """
    SELECT version.live_from, version.id, version.rendered_at,
           article.page_changed_at, article.review_every_months,
           article.last_reviewed_on
    FROM articles_articleversion AS version
    JOIN articles_article AS article ON article.id = version.article_id
    WHERE article.slug = %s AND version.status = 'published'
    ORDER BY version.live_from DESC
"""


def live_page(slug: str, *, at: dt.datetime) -> LivePage:
    """What readers see at this address, in one query.

    Raises Renamed, Withdrawn or Http404.
    """
    with connection.cursor() as cursor:
        cursor.execute(PUBLISHED, [slug])
        rows = cursor.fetchall()
    waiting: dt.datetime | None = None
    for moment, version_id, rendered_at, changed_at, months, reviewed_on in rows:
        live_from = _aware(moment)
        if live_from <= at:
            due = review_due_on(live_from, months=months, reviewed_on=reviewed_on)
            overdue = "due" if due < timezone.localdate(at) else "ok"
            state = f"{version_id}-{rendered_at}-{changed_at}-{overdue}"
            return LivePage(version_id, state.replace(" ", "T"), waiting)
        waiting = live_from
    raise _why_not(slug, at=at)


def is_live(version: ArticleVersion, *, at: dt.datetime) -> bool:
    """Whether it is what readers see of its article."""
    return ArticleVersion.objects.live(at).filter(pk=version.pk).exists()


def _aware(moment: dt.datetime) -> dt.datetime:
    """SQLite gives moments in UTC without saying so."""
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def review_due_on(
    live_from: dt.datetime, *, months: int, reviewed_on: dt.date | None
) -> dt.date:
    """The day by which the page is to be checked again.

    Counted from its publication, or from the review that later found it still right.
    """
    published = timezone.localdate(live_from)
    begin = max(published, reviewed_on or published)
    months += begin.month - 1
    year, month = begin.year + months // 12, months % 12 + 1
    return dt.date(year, month, min(begin.day, monthrange(year, month)[1]))


def first_published(version: ArticleVersion) -> dt.datetime:
    """When readers first saw this article; no query if it was asked for with the version."""
    known: dt.datetime | None = getattr(version, "first_seen_at", None)
    if known:
        return known
    versions = ArticleVersion.objects.seen_by(version.live_from or timezone.now())
    versions = versions.filter(article=version.article_id)
    first = versions.order_by("live_from").values_list("live_from", flat=True).first()
    return first or timezone.now()


def _why_not(slug: str, *, at: dt.datetime) -> Exception:
    """What nobody could ever read must not show here, not even its title or address."""
    seen = ArticleVersion.objects.seen_by(at)
    withdrawn = (
        seen.filter(article__slug=slug, status=Status.WITHDRAWN)
        .select_related("article", "replaced_by")
        .order_by("-withdrawn_at", "-live_from")
        .first()
    )
    if withdrawn:
        return Withdrawn(withdrawn)
    histories = SlugHistory.objects.filter(article__in=seen.values("article"))
    history = histories.filter(slug=slug).select_related("article").first()
    if history:
        return Renamed(history.article.slug)
    return Http404("No article has this address.")


ON_CARDS = (
    "title",
    "summary",
    "words",
    "live_from",
    "article__slug",
    "article__topic__name",
    "article__topic__slug",
)


def live_versions(*, at: dt.datetime) -> QuerySet[ArticleVersion]:
    """Everything readers can read now, in reading order."""
    clinical = SignOff.objects.in_force().filter(
        version=OuterRef("pk"), kind=SignOffKind.CLINICAL
    )
    return (
        ArticleVersion.objects.live(at)
        .select_related("article__topic")
        .annotate(signed_at=Subquery(clinical.values("signed_at")[:1]))
        .order_by("article__topic__position", "article__position", "article__slug")
        .only(*ON_CARDS)
    )


def card(version: ArticleVersion) -> ArticleCard:
    signed_at: dt.datetime | None = getattr(version, "signed_at", None)
    return ArticleCard(
        slug=version.article.slug,
        title=version.title,
        summary=plain(version.summary),
        minutes=minutes(version.words),
        topic_name=version.article.topic.name,
        live_from=version.live_from,
        signed_on=timezone.localdate(signed_at) if signed_at else None,
    )


def topics(*, at: dt.datetime, slug: str | None = None) -> tuple[TopicCard, ...]:
    """Topics with their live articles, in two queries. Raises Http404 for a wrong slug."""
    rows = Topic.objects.all() if slug is None else Topic.objects.filter(slug=slug)
    found = list(rows)
    if slug is not None and not found:
        raise Http404("No topic has this address.")
    versions = live_versions(at=at).filter(article__topic__in=found)
    cards: dict[int, list[ArticleCard]] = {}
    for version in versions:
        cards.setdefault(version.article.topic_id, []).append(card(version))
    return tuple(
        TopicCard(t.slug, t.name, t.description, tuple(cards.get(t.pk, ())))
        for t in found
    )


def replacement(version: ArticleVersion, *, at: dt.datetime) -> ArticleCard | None:
    """The live page that takes the place of a withdrawn one."""
    if version.replaced_by is None:
        return None
    live = live_versions(at=at).filter(article=version.replaced_by).first()
    return card(live) if live else None


def seen_before(
    version: ArticleVersion, *, kind: str, at: dt.datetime
) -> tuple[ArticleVersion | None, str]:
    """The version that people who check this `kind` know, and in words which one that is.

    That is the last one that was signed so, else the one that readers see.
    """
    signed = SignOff.objects.in_force().filter(
        version__article=version.article_id, kind=kind
    )
    last = signed.exclude(version=version).select_related("version").last()
    if last:
        day = timezone.localdate(last.signed_at)
        words = f"version {last.version.number}, signed off on {day.day} {day:%B %Y}"
        return last.version, words
    live = ArticleVersion.objects.live(at).filter(article=version.article_id)
    shown = live.exclude(pk=version.pk).first()
    return shown, f"version {shown.number}, which readers see now" if shown else ""
