"""The reports screen: figures in words, each with how sure one can be of it."""

from dataclasses import dataclass

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from quizzes import reports
from quizzes.item_statistics import Estimate, Missing

PERMISSION = "quizzes.view_reports"
MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True)
class GainLine:
    """A quiz before and after reading; the figures are sentences, or `why` there are none."""

    quiz: str
    article_url: str
    finished: int
    dropped_out: int
    before: str = ""
    after: str = ""
    change: str = ""
    hake: str = ""
    why: str = ""


@dataclass(frozen=True)
class WrongLine:
    about: reports.ConfidentlyWrong
    share: str


def show_reports(request: HttpRequest, site: admin.AdminSite) -> HttpResponse:
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    context = {
        **site.each_context(request),
        "title": "What answers say",
        "gains": [gain_line(found) for found in reports.learning_gains()],
        "wrong": [wrong_line(found) for found in reports.confidently_wrong()],
        "fewest": reports.FEWEST,
    }
    return TemplateResponse(request, "admin/quizzes/reports.html", context)


def gain_line(found: reports.LearningGain) -> GainLine:
    quiz = f"{found.quiz_title} (version {found.version})"
    line = (quiz, found.article_url, found.finished, found.dropped_out)
    if found.is_too_few:
        return GainLine(quiz, found.article_url, 0, 0, why="too few to say")
    if isinstance(found.gain, Missing):
        return GainLine(*line, why=f"not available because {found.gain.why}")
    gain = found.gain
    return GainLine(
        *line,
        before=f"{whole(gain.before)} of 100 marks",
        after=f"{whole(gain.after)} of 100 marks",
        change=f"{signed(gain.change.value)} of 100 marks, {likely(gain.change)}",
        hake=_hake(gain.hake),
    )


def _hake(found: Estimate | Missing) -> str:
    if isinstance(found, Missing):
        return f"not available because {found.why}"
    low, high = (f"{end:.2f}".replace("-", MINUS) for end in (found.low, found.high))
    return f"{found.value:.2f}, likely {low} to {high}".replace("-", MINUS)


def wrong_line(found: reports.ConfidentlyWrong) -> WrongLine:
    share = found.share
    if share is None:
        return WrongLine(found, "too few to say more")
    of = f"{whole(share.value)} of 100"
    return WrongLine(found, f"{of}, likely {whole(share.low)} to {whole(share.high)}")


def likely(found: Estimate) -> str:
    return f"likely {signed(found.low)} to {signed(found.high)}"


def whole(share: float) -> str:
    """A share as a whole number of a hundred."""
    return str(round(100 * share)).replace("-", MINUS)


def signed(share: float) -> str:
    return f"{round(100 * share):+d}".replace("-", MINUS)
