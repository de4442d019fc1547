"""The tables of the quizzes app."""

from quizzes.models.attempts import (
    WAITING,
    Attempt,
    AttemptSlot,
    AttemptState,
    Certainty,
    Phase,
    ResponseStep,
    SlotScore,
    SlotState,
    Standing,
    StepKind,
    Taker,
    key_of,
    standing_of,
)
from quizzes.models.cards import ReviewCard, ReviewLog
from quizzes.models.certificates import Certificate
from quizzes.models.corrections import CorrectionState, KeyCorrection, Policy
from quizzes.models.misconceptions import Misconception
from quizzes.models.questions import (
    Audience,
    Basis,
    EditKind,
    Kind,
    Option,
    Question,
    QuestionVersion,
    Tag,
    VersionStatus,
)
from quizzes.models.quizzes import ExtraTime, Purpose, Quiz, QuizSlot, QuizVersion

__all__ = [
    "WAITING",
    "Attempt",
    "AttemptSlot",
    "AttemptState",
    "Audience",
    "Basis",
    "Certainty",
    "Certificate",
    "CorrectionState",
    "EditKind",
    "ExtraTime",
    "KeyCorrection",
    "Kind",
    "Misconception",
    "Option",
    "Phase",
    "Policy",
    "Purpose",
    "Question",
    "QuestionVersion",
    "Quiz",
    "QuizSlot",
    "QuizVersion",
    "ResponseStep",
    "ReviewCard",
    "ReviewLog",
    "SlotScore",
    "SlotState",
    "Standing",
    "StepKind",
    "Tag",
    "Taker",
    "VersionStatus",
    "key_of",
    "standing_of",
]
