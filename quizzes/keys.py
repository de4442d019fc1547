"""The key of a question, from the rows that staff write."""

from fractions import Fraction

from articles.models import Passage
from articles.sentences import running_sentences
from quizzes.marks import Choice, Matching, Number, Ordering, Spec, number_of
from quizzes.models import Kind, Option, QuestionVersion
from quizzes.sampling import choice_token


def spec_of(version: QuestionVersion, passage: Passage | None) -> Spec:
    """What the rows of a question without faults say is right."""
    options = list(version.options.all())
    if version.kind == Kind.MATCHING:
        pairs = {row.token: choice_token(row.match) for row in options}
        return Matching(pairs, frozenset(pairs.values()))
    if version.kind == Kind.ORDERING:
        return Ordering(tuple(row.token for row in options))
    if version.kind == Kind.NUMBER:
        return _number(version, options)
    if version.kind == Kind.SENTENCE:
        return _sentence(options, sentences_of(passage))
    return Choice(
        frozenset(row.token for row in options),
        frozenset(row.token for row in options if row.is_right),
    )


def _number(version: QuestionVersion, options: list[Option]) -> Number:
    (right,) = (row.text for row in options if row.is_right)
    return Number(
        number_of(right) or Fraction(0), number_of(version.tolerance) or Fraction(0)
    )


def _sentence(options: list[Option], sentences: dict[str, str]) -> Choice:
    texts = {row.text for row in options if row.is_right}
    right = frozenset(token for token, text in sentences.items() if text in texts)
    return Choice(frozenset(sentences), right)


def sentences_of(passage: Passage | None) -> dict[str, str]:
    """The sentences of a passage by their tokens, s1 and so on, in reading order."""
    found = running_sentences(passage.body) if passage else ()
    return {f"s{number}": text for number, text in enumerate(found, 1)}


def tokens_of(version: QuestionVersion) -> list[str]:
    """What can be chosen or placed, in the author's order; nothing for a number."""
    if version.kind == Kind.NUMBER:
        return []
    if version.kind == Kind.SENTENCE:
        return [f"s{number}" for number, _ in enumerate(version.key["options"], 1)]
    return [option.token for option in version.options.all()]
