"""The page that somebody without an account reads and checks, by a link of their own."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from articles import access, inviting, rendering, texts
from articles.difference import Change
from articles.models import ArticleVersion, LinkOutcome, ReviewLink, SignOff, Status
from articles.review_forms import LinkAnswerForm
from articles.reviewing import CannotSignOff
from articles.views import ArticlePage, article_page

GONE = 404
CONFLICT = 409
# The address is the key: no other site, search engine or store may learn it.
HEADERS = {
    "Cache-Control": "private, no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}
View = Callable[[HttpRequest, str], HttpResponse]


@dataclass(frozen=True)
class ReviewPage:
    """What stands around the page that is to be checked."""

    name: str
    asked: str
    until: dt.datetime
    since: str
    changes: tuple[Change, ...]
    outcome: str
    remark: str
    answered_at: dt.datetime | None
    is_draft: bool
    hidden: tuple[str, ...]
    """Headings of passages that readers do not see now, though they stand on this page."""
    is_same_text: bool
    """Whether a sign-off by this link is about the text that the page shows."""

    @property
    def may_answer(self) -> bool:
        return bool(self.asked) and not self.outcome


def by_secret(view: View) -> View:
    """Answer with the headers of a page whose address is a secret.

    Without a token, and without a look at where a form came from: whoever knows the address may
    answer and nobody else can, so no other site can make them; and a page without referrer
    does not always say where its form comes from.
    """

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, token: str) -> HttpResponse:
        try:
            response = view(request, token)
        except inviting.NoSuchLink:
            response = render(request, "articles/review_link_gone.html", status=GONE)
        for name, value in HEADERS.items():
            response.headers[name] = value
        return response

    return guarded


@by_secret
@require_http_methods(["GET", "HEAD", "POST"])
def review_link(request: HttpRequest, token: str) -> HttpResponse:
    at = timezone.now()
    link = inviting.open_link(token, at=at)
    data = request.POST if request.method == "POST" else None
    form = LinkAnswerForm(data, link=link, action=request.path)
    if data is None:
        return _page(request, link, form, at=at)
    if not form.is_valid() and not link.outcome:
        return _page(request, link, form, at=at)
    return _answer(request, token, link, form, at=at)


def _answer(
    request: HttpRequest,
    token: str,
    link: ReviewLink,
    form: LinkAnswerForm,
    *,
    at: dt.datetime,
) -> HttpResponse:
    if not link.outcome:
        try:
            inviting.answer(link, at=at, **form.answer())
        except CannotSignOff as refusal:
            link = inviting.open_link(token, at=at)
            form.show_again(str(refusal), link=link)
            return _page(request, link, form, at=at, status=CONFLICT)
    return redirect("review-link", token)


def _page(
    request: HttpRequest,
    link: ReviewLink,
    form: LinkAnswerForm,
    *,
    at: dt.datetime,
    status: int = 200,
) -> HttpResponse:
    context = {
        "page": _article_page(link.version, at=at),
        "review": _review_page(link, at=at),
        "form": form,
    }
    return render(request, "articles/review_link.html", context, status=status)


def _article_page(version: ArticleVersion, *, at: dt.datetime) -> ArticlePage:
    """The page as readers see it, or will; `version` is changed in memory only.

    Also what is hidden from them now, for a sign-off is a word on all of the text.
    """
    body = texts.whole_body_of(version, texts.stock_of())
    version.html = rendering.render_body(body)
    return article_page(version, at=at, is_live=access.is_live(version, at=at))


def _review_page(link: ReviewLink, *, at: dt.datetime) -> ReviewPage:
    version = link.version
    other, since = access.seen_before(version, kind=link.kind, at=at)
    return ReviewPage(
        name=link.name,
        asked=str(link.get_kind_display()),
        until=link.expires_at,
        since=since,
        changes=texts.changes(other, version) if other else (),
        outcome=link.outcome,
        remark=link.remark,
        answered_at=link.answered_at,
        is_draft=version.status == Status.DRAFT,
        hidden=_hidden(version),
        is_same_text=_is_same_text(link),
    )


def _hidden(version: ArticleVersion) -> tuple[str, ...]:
    hidden = version.passages.filter(key__in=texts.hidden_of(version))
    return tuple(hidden.values_list("heading", flat=True))


def _is_same_text(link: ReviewLink) -> bool:
    signed = SignOff.objects.in_force().filter(link=link)
    return link.outcome != LinkOutcome.SIGNED or signed.exists()
