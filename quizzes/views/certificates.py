"""Certificates: getting one, printing it, and checking one that somebody shows."""

import uuid

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from articles.origin import from_this_site
from quizzes import access, certificates, certifying
from quizzes.forms import CertificateForm
from quizzes.models import Certificate


@never_cache
@from_this_site
@require_http_methods(["GET", "HEAD", "POST"])
def certificate_new(request: HttpRequest, attempt_id: uuid.UUID) -> HttpResponse:
    attempt = access.attempt_for(request, attempt_id)
    if issued := certificates.certificate_of(attempt):
        return redirect(issued)
    if not certifying.may_have(attempt):
        return redirect("result", attempt_id)
    data = request.POST if request.method == "POST" else None
    form = CertificateForm(data, name=getattr(request.user, "name", ""))
    if not form.is_valid():
        title = attempt.quiz_version.title
        context = {"form": form, "quiz_title": title, "attempt_id": attempt.id}
        return render(request, "quizzes/certificate_new.html", context)
    name = form.cleaned_data["name"]
    return redirect(certifying.issue(attempt, name=name, at=timezone.now()))


@never_cache
@require_safe
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    wanted = certificates.canonical(code)
    if wanted != code and certificates.is_code(wanted):
        return redirect("certificate", wanted)
    found = certificates.certificate_with(wanted)
    response = _page(request, found) if found else _missing(request)
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _page(request: HttpRequest, found: Certificate) -> HttpResponse:
    if not access.taker_of(request).theirs().filter(pk=found.attempt_id).exists():
        seen = {"certificate": certificates.verification_of(found)}
        return render(request, "quizzes/certificate_check.html", seen)
    address = request.build_absolute_uri(found.get_absolute_url())
    context = {"diploma": certificates.diploma_of(found), "address": address}
    return render(request, "quizzes/certificate.html", context)


def _missing(request: HttpRequest) -> HttpResponse:
    return render(request, "quizzes/certificate_missing.html", status=404)
