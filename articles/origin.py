"""Forms without a token: who sent them is known by where they came from."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import csrf_exempt

SAFE = ("GET", "HEAD", "OPTIONS")
View = Callable[..., HttpResponse]


def from_this_site(view: View) -> View:
    """Refuse forms that another site sent.

    A token would need a cookie on every page with a form, also on articles that are only
    read, and would expire while somebody thinks. Browsers say themselves where a form came
    from: Sec-Fetch-Site over https, Origin over http, Referer in old ones. The session
    cookie is SameSite=Lax besides.
    """

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
        if request.method not in SAFE and not _is_from_here(request):
            return render(request, "403.html", status=403)
        return view(request, *args, **kwargs)

    return guarded


def _is_from_here(request: HttpRequest) -> bool:
    here = f"{request.scheme}://{request.get_host()}"
    fetched = request.headers.get("Sec-Fetch-Site")
    if fetched in ("same-origin", "none"):
        return True
    sender = request.headers.get("Origin") or request.headers.get("Referer", "")
    # By hand: urlsplit raises on what is no address.
    origin = "/".join(sender.split("/")[:3])
    if origin in settings.CSRF_TRUSTED_ORIGINS:
        return True
    return fetched is None and origin == here
