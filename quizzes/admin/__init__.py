"""The staff side of questions and quizzes."""

from quizzes.admin import (
    certificates,
    corrections,
    extra_time,
    misconceptions,
    questions,
    quizzes,
    tags,
    versions,
)

__all__ = [
    "certificates",
    "corrections",
    "extra_time",
    "misconceptions",
    "questions",
    "quizzes",
    "tags",
    "versions",
]
