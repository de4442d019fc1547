"""The staff side of questions and quizzes."""

from quizzes.admin import certificates, misconceptions, questions, quizzes, versions

__all__ = ["certificates", "misconceptions", "questions", "quizzes", "versions"]
