"""The staff side of questions and quizzes."""

from quizzes.admin import corrections, misconceptions, questions, quizzes, versions

__all__ = ["corrections", "misconceptions", "questions", "quizzes", "versions"]
