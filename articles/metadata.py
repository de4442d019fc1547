"""What a page tells search engines and those who share it: its one address, and its facts."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.conf import settings
from django.db.models import OuterRef, QuerySet, Subquery
from django.utils import timezone

from articles.bodies import plain
from articles.models import (
    ArticleVersion,
    ChangeKind,
    Citation,
    HiddenPassage,
    Reference,
)
from articles.structured_data import (
    PageFacts,
    Reviewer,
    as_html,
    medical_web_page,
)


@dataclass(frozen=True)
class Metadata:
    url: str
    structured_html: str


def absolute(path: str) -> str:
    """With the site's own name, whatever name it was asked by: pages are kept for all."""
    return f"{settings.SITE_ADDRESS}{path}"


def with_moments(
    versions: QuerySet[ArticleVersion], *, at: dt.datetime
) -> QuerySet[ArticleVersion]:
    """Add `first_seen_at`, and `changed_at`: since when the page says what it says.

    What was only reworded since says the same.
    """
    seen = ArticleVersion.objects.seen_by(at).filter(
        article=OuterRef("article"), live_from__lte=OuterRef("live_from")
    )
    changes = seen.exclude(change_kind=ChangeKind.EDITORIAL).order_by("-live_from")
    return versions.annotate(
        first_seen_at=Subquery(seen.order_by("live_from").values("live_from")[:1]),
        changed_at=Subquery(changes.values("live_from")[:1]),
    )


def changed_at(version: ArticleVersion) -> dt.datetime:
    """Of a version that was asked for by `with_moments`."""
    changed: dt.datetime | None = getattr(version, "changed_at", None)
    return changed or version.live_from or version.created_at


def metadata_of(
    version: ArticleVersion,
    *,
    first_published: dt.datetime,
    checks: Iterable[tuple[str, str, dt.date]],
) -> Metadata:
    """`checks` are name, role and day of each clinician who stands for these words."""
    article, checks = version.article, tuple(checks)
    days = [day for _, _, day in checks]
    if article.last_reviewed_on:
        days.append(article.last_reviewed_on)
    facts = PageFacts(
        url=absolute(article.get_absolute_url()),
        name=version.title,
        description=plain(version.summary),
        topic=article.topic.name,
        published_on=timezone.localdate(first_published),
        modified_on=timezone.localdate(changed_at(version)),
        reviewed_on=max(days, default=None),
        reviewers=tuple(Reviewer(name, role) for name, role, _ in checks),
        sources=tuple(_sources(version)),
    )
    return Metadata(facts.url, as_html(medical_web_page(facts)))


def _sources(version: ArticleVersion) -> Iterable[dict[str, object]]:
    """What the page cites where readers can see it, by key."""
    hidden = HiddenPassage.objects.in_force().filter(article=version.article_id)
    shown = version.passages.exclude(key__in=hidden.values("key"))
    cited = Citation.objects.filter(passage__in=shown).values("reference")
    return Reference.objects.filter(pk__in=cited).values_list("csl", flat=True)
