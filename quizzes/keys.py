"""The key of a question: from the rows that staff write, in words, and as rows again."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from articles.models import HiddenPassage, Passage
from articles.sentences import running_sentences
from quizzes.marks import Choice, Matching, Number, Ordering, Spec, number_of, read
from quizzes.models import Kind, Option, QuestionVersion
from quizzes.sampling import choice_token

COVERED = "This sentence is hidden while it is being corrected"


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


def shown_sentences(passage: Passage | None) -> dict[str, str]:
    """The same for a learner, who must not read what was hidden since they began."""
    sentences = sentences_of(passage)
    if passage is None or not _is_hidden(passage):
        return sentences
    return {token: f"{COVERED} ({token[1:]})" for token in sentences}


def _is_hidden(passage: Passage) -> bool:
    hidden = HiddenPassage.objects.in_force().filter(key=passage.key)
    return hidden.filter(article__versions=passage.version_id).exists()


def tokens_of(version: QuestionVersion) -> list[str]:
    """What can be chosen or placed, in the author's order; nothing for a number."""
    if version.kind == Kind.NUMBER:
        return []
    if version.kind == Kind.SENTENCE:
        return [f"s{number}" for number, _ in enumerate(version.key["options"], 1)]
    return [option.token for option in version.options.all()]


@dataclass(frozen=True)
class Texts:
    """What the lines of a question say, and what they can belong to, by their tokens."""

    lines: dict[str, str]
    matches: dict[str, str]


def texts_of(version: QuestionVersion, passage: Passage | None) -> Texts:
    """The texts that a question shows. A sentence is read from the passage pinned."""
    if version.kind == Kind.NUMBER:
        return Texts({}, {})
    if version.kind == Kind.SENTENCE:
        return Texts(sentences_of(passage), {})
    rows = list(version.options.all())
    matches = {choice_token(row.match): row.match for row in rows if row.match}
    return Texts({row.token: row.text for row in rows}, matches)


def shown_texts(version: QuestionVersion, passage: Passage | None) -> Texts:
    """The same for a learner."""
    if version.kind == Kind.SENTENCE:
        return Texts(shown_sentences(passage), {})
    return texts_of(version, passage)


def answer_lines(
    version: QuestionVersion, spec: Spec, passage: Passage | None
) -> tuple[str, ...]:
    """What a key of this question takes as right, in the question's words."""
    texts = texts_of(version, passage)
    match spec:
        case Matching():
            rows = texts.lines.items()
            return tuple(
                f"{text}: {texts.matches[spec.pairs[row]]}" for row, text in rows
            )
        case Ordering():
            places = enumerate(spec.order, 1)
            return tuple(f"{place}. {texts.lines[token]}" for place, token in places)
        case Number():
            return (_number_in_words(version, spec),)
        case Choice():
            return tuple(
                text for token, text in texts.lines.items() if token in spec.right
            )


def _number_in_words(version: QuestionVersion, spec: Number) -> str:
    around = f", give or take {figures(spec.tolerance)}" if spec.tolerance else ""
    return f"{figures(spec.value)} {version.unit}".strip() + around


def figures(value: Fraction) -> str:
    """A number as people write it, exactly."""
    return f"{Decimal(value.numerator) / value.denominator:f}"


def options_in_force(version: QuestionVersion, passage: Passage | None) -> list[Option]:
    """Unsaved copies of the options as the key in force has them.

    Where that differs from what was written, the explanation is left out: it was meant for
    another key.
    """
    rows = list(version.options.all())
    if version.corrected_scoring is None:
        return [_copy(row) for row in rows]
    spec = read(version.corrected_scoring)
    match spec:
        case Matching():
            names = texts_of(version, passage).matches
            return [_copy(row, match=names[spec.pairs[row.token]]) for row in rows]
        case Ordering():
            return [_copy(row, position=spec.order.index(row.token)) for row in rows]
        case Number():
            right = {figures(spec.value)}
            found = [row for row in rows if number_of(row.text) == spec.value]
            return _marked(rows, {row.text for row in found} or right)
        case Choice():
            return _marked(rows, set(answer_lines(version, spec, passage)))


def _marked(rows: list[Option], right: set[str]) -> list[Option]:
    """The rows with these texts as right ones, and new rows for those that had none."""
    known = {row.text for row in rows}
    added = [Option(text=text, is_right=True) for text in sorted(right - known)]
    return [*(_copy(row, is_right=row.text in right) for row in rows), *added]


def _copy(row: Option, **in_force: object) -> Option:
    fields = {
        name: getattr(row, name)
        for name in ("position", "text", "match", "is_right", "explanation")
    }
    copy = Option(**{**fields, **in_force})
    if any(fields[name] != value for name, value in in_force.items()):
        copy.explanation = ""
    if not copy.is_right:
        copy.misconception = row.misconception
    return copy
