"""The pages on which learners answer."""

from quizzes.views.attempts import (
    feedback,
    question,
    quiz,
    quiz_list,
    receipt,
    result,
    retry,
)
from quizzes.views.sittings import check, quiz_all

__all__ = [
    "check",
    "feedback",
    "question",
    "quiz",
    "quiz_all",
    "quiz_list",
    "receipt",
    "result",
    "retry",
]
