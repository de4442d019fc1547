"""The staff side of questions and quizzes."""

from quizzes.admin import (
    certificates,
    corrections,
    misconceptions,
    questions,
    quizzes,
    versions,
)

__all__ = [
    "certificates",
    "corrections",
    "misconceptions",
    "questions",
    "quizzes",
    "versions",
]
