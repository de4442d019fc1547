"""The staff side of questions and quizzes."""

from quizzes.admin import (
    corrections,
    extra_time,
    misconceptions,
    questions,
    quizzes,
    tags,
    versions,
)

__all__ = [
    "corrections",
    "extra_time",
    "misconceptions",
    "questions",
    "quizzes",
    "tags",
    "versions",
]
