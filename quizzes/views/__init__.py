"""The pages on which learners answer."""

from quizzes.views.attempts import (
    feedback,
    question,
    quiz,
    quiz_list,
    receipt,
    result,
    retry,
    review,
)
from quizzes.views.certificates import certificate, certificate_new
from quizzes.views.claims import claim, clear_device
from quizzes.views.sittings import check, quiz_all

__all__ = [
    "certificate",
    "certificate_new",
    "check",
    "claim",
    "clear_device",
    "feedback",
    "question",
    "quiz",
    "quiz_all",
    "quiz_list",
    "receipt",
    "result",
    "retry",
    "review",
]
