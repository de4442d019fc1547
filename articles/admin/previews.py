"""The page that an unsaved form would make."""

from collections.abc import Mapping
from dataclasses import replace

from django.http import HttpRequest, HttpResponse, QueryDict
from django.template.loader import render_to_string
from django.utils import timezone

from articles import access, markup, rendering, texts, views
from articles.bodies import BodyContent, body_content
from articles.long_words import unexplained_words
from articles.models import ArticleVersion, GlossaryTerm
from articles.texts import VersionText, lines_of, text_of

TOO_LONG = (
    f"A passage is longer than {markup.LONGEST:,} characters, so there is no preview."
)
LONGEST_LINES = 20_000
MOST_PASSAGES = 200
LAST = 100_000


def text_of_post(post: QueryDict) -> VersionText:
    """What stands in the fields of a version's form, whether or not it could be saved."""
    total = post.get("passages-TOTAL_FORMS", "")
    count = (
        min(int(total), MOST_PASSAGES)
        if total.isdecimal() and len(total) < len("1000")
        else 0
    )
    rows = sorted(row for row in (_passage(post, n) for n in range(count)) if row)
    return VersionText(
        title=_field(post, "title"),
        summary=_field(post, "summary"),
        key_points=lines_of(_field(post, "key_points")),
        written_by=_field(post, "written_by"),
        passages=tuple((key, heading, body) for _, _, key, heading, body in rows),
        change_note=_field(post, "change_note"),
    )


def _passage(post: QueryDict, number: int) -> tuple[int, int, str, str, str] | None:
    """(place, number, key, heading, body), or nothing when the row is empty or to go."""
    place, key, heading, body, gone = (
        _field(post, f"passages-{number}-{name}")
        for name in ("position", "key", "heading", "body", "DELETE")
    )
    if gone or not (heading or body):
        return None
    is_place = place.isdecimal() and len(place) < len("100000")
    return (
        int(place) if is_place else LAST,
        number,
        key or f"new-{number}",
        heading,
        body,
    )


def _field(post: QueryDict, name: str) -> str:
    return post.get(name, "").replace("\r\n", "\n").strip()


def body_html(text: VersionText, *, hidden: Mapping[str, str]) -> str:
    """The stored part of the page, by the renderer that publishes it."""
    if _is_too_long(text):
        return render_to_string("admin/articles/_no_preview.html", {"why": TOO_LONG})
    return rendering.render_body(_content(text, hidden=hidden))


def _is_too_long(text: VersionText) -> bool:
    lines = (text.title, text.summary, *text.key_points)
    longest = max((len(body) for *_, body in text.passages), default=0)
    return longest > markup.LONGEST or sum(map(len, lines)) > LONGEST_LINES


def _content(text: VersionText, *, hidden: Mapping[str, str]) -> BodyContent:
    return body_content(
        summary=text.summary,
        key_points=text.key_points,
        passages=text.passages,
        stock=texts.stock_of(),
        hidden=hidden,
    )


def page(
    request: HttpRequest, version: ArticleVersion, text: VersionText
) -> HttpResponse:
    """The whole page as readers would see it. `version` is changed in memory only."""
    at = timezone.now()
    is_stored, hidden = text == text_of(version), texts.hidden_of(version)
    is_live = is_stored and access.is_live(version, at=at)
    version.title, version.summary = text.title, text.summary
    version.written_by, version.words = text.written_by, text.word_count
    version.change_note, version.html = text.change_note, body_html(text, hidden=hidden)
    shown = views.article_page(version, at=at, is_live=is_live)
    if not is_stored:
        shown = replace(shown, signed=())
    return _never_kept(
        render_to_string("articles/article.html", {"page": shown}, request)
    )


def panel(text: VersionText) -> HttpResponse:
    """The text alone, for the panel beside the editor, who mends what readers must not see."""
    return _never_kept(body_html(text, hidden={}))


def word_lists(text: VersionText) -> HttpResponse:
    """Which words the page will explain, and which long ones it leaves unexplained."""
    if _is_too_long(text):
        return _never_kept("")
    content = _content(text, hidden={})
    bodies = [body for _, _, body in text.passages]
    known = GlossaryTerm.objects.all()
    names = [name for row in known for name in (row.term, *row.also)]
    found = {
        "explained": [word.term for word in content.words],
        "unexplained": unexplained_words(bodies, explained=names),
    }
    return _never_kept(render_to_string("admin/articles/_words.html", found))


def _never_kept(html: str) -> HttpResponse:
    response = HttpResponse(html)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
