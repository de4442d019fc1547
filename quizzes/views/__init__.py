"""The pages on which learners answer."""

from quizzes.views.attempts import feedback, question, quiz, quiz_list, result, retry
from quizzes.views.claims import claim, clear_device
from quizzes.views.sittings import check, quiz_all

__all__ = [
    "check",
    "claim",
    "clear_device",
    "feedback",
    "question",
    "quiz",
    "quiz_all",
    "quiz_list",
    "result",
    "retry",
]
