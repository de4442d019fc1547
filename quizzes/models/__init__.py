"""The tables of the quizzes app."""

from quizzes.models.attempts import (
    WAITING,
    Attempt,
    AttemptSlot,
    AttemptState,
    ResponseStep,
    SlotScore,
    SlotState,
    Standing,
    StepKind,
    Taker,
    standing_of,
)
from quizzes.models.misconceptions import Misconception
from quizzes.models.questions import (
    Basis,
    EditKind,
    Kind,
    Option,
    Question,
    QuestionVersion,
    VersionStatus,
)
from quizzes.models.quizzes import Purpose, Quiz, QuizSlot, QuizVersion

__all__ = [
    "WAITING",
    "Attempt",
    "AttemptSlot",
    "AttemptState",
    "Basis",
    "EditKind",
    "Kind",
    "Misconception",
    "Option",
    "Purpose",
    "Question",
    "QuestionVersion",
    "Quiz",
    "QuizSlot",
    "QuizVersion",
    "ResponseStep",
    "SlotScore",
    "SlotState",
    "Standing",
    "StepKind",
    "Taker",
    "VersionStatus",
    "standing_of",
]
