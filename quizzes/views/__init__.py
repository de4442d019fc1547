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
from quizzes.views.claims import claim
from quizzes.views.sittings import check, quiz_all

__all__ = [
    "certificate",
    "certificate_new",
    "check",
    "claim",
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
