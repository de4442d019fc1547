"""What changed on the site, for programs that follow it."""

import datetime as dt
import re

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from articles.bodies import plain
from articles.metadata import absolute
from articles.models import ArticleVersion, ChangeKind

LONGEST = 30  # entries
# XML has no way to write these.
NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """The newest pages, each with what changed last; what was only reworded is no change."""
    feed = Atom1Feed(
        title="Her2 Learn: what changed",
        link=absolute(reverse("home")),
        description="New pages and changes of content.",
        language="en-GB",
        author_name="Her2 Learn",
        feed_url=absolute(reverse("feed")),
    )
    for version in _changed(at=timezone.now())[:LONGEST]:
        _add(feed, version)
    return HttpResponse(feed.writeString("utf-8"), content_type=feed.content_type)


def _changed(*, at: dt.datetime) -> QuerySet[ArticleVersion]:
    """Of each page on the site the last change of content, newest first.

    Words that are mended afterwards take no safety notice out of the feed.
    """
    published = ArticleVersion.objects.published_by(at)
    changes = published.exclude(change_kind=ChangeKind.EDITORIAL)
    last = changes.filter(article=OuterRef("article")).order_by("-live_from")
    of_each = changes.filter(pk=Subquery(last.values("pk")[:1]))
    return of_each.select_related("article").order_by("-live_from")


def _add(feed: Atom1Feed, version: ArticleVersion) -> None:
    said = version.change_note or plain(version.summary)
    feed.add_item(
        title=NOT_IN_XML.sub("", version.title),
        link=absolute(version.article.get_absolute_url()),
        description=NOT_IN_XML.sub("", said),
        # Each change is an entry of its own, also when the page gets another address.
        unique_id=f"urn:uuid:{version.article.uid}#{version.number}",
        updateddate=version.live_from,
    )
