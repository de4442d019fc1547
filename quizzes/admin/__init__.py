"""The staff side of questions and quizzes."""

from quizzes.admin import misconceptions, questions, quizzes, versions

__all__ = ["misconceptions", "questions", "quizzes", "versions"]
