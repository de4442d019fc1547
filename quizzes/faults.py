"""What keeps a question or a quiz from being published, as sentences."""

import datetime as dt
from collections.abc import Iterator, Sequence
from fractions import Fraction

from quizzes.keys import sentences_of
from quizzes.marks import number_of
from quizzes.models import (
    Basis,
    Kind,
    Option,
    Purpose,
    Question,
    QuestionVersion,
    QuizVersion,
)
from quizzes.pools import in_pool
from quizzes.suspicion import live_passage, sources_of, what_it_is

FEWEST_OPTIONS = 2
MOST_OPTIONS = 12
CHOICES = (Kind.SINGLE, Kind.SEVERAL, Kind.TRUE_FALSE)
ONE_IS_RIGHT = (Kind.SINGLE, Kind.TRUE_FALSE, Kind.NUMBER, Kind.SENTENCE)
# A learner can give an answer for which no option explains why it is not right.
EXPLAINED_AS_A_WHOLE = (Kind.NUMBER, Kind.SENTENCE)


def question_faults(version: QuestionVersion, *, at: dt.datetime) -> tuple[str, ...]:
    """What keeps a question from being published."""
    options = list(version.options.all())
    return (
        *_option_faults(version, options),
        *_kind_faults(version, options, at),
        *_basis_faults(version, at),
    )


def _option_faults(
    version: QuestionVersion, options: Sequence[Option]
) -> Iterator[str]:
    right = sum(option.is_right for option in options)
    if not version.stem.strip():
        yield "The question has no text."
    if version.kind not in EXPLAINED_AS_A_WHOLE and len(options) < FEWEST_OPTIONS:
        yield "A question needs at least two options."
    if len(options) > MOST_OPTIONS:
        yield f"A question has at most {MOST_OPTIONS} options."
    if version.kind == Kind.SEVERAL and right == 0:
        yield "No option is marked as right."
    if version.kind in ONE_IS_RIGHT and right != 1:
        yield f"This type needs exactly one right option; {right} are marked."
    if len({option.text.strip().lower() for option in options}) < len(options):
        yield "Two options have the same text."
    for option in options:
        if not option.explanation.strip():
            yield f"The option “{option.text}” has no explanation."
        if _is_wrong(version, option) and option.misconception_id is None:
            yield f"The wrong option “{option.text}” names no misconception."


def _is_wrong(version: QuestionVersion, option: Option) -> bool:
    has_wrong = version.kind not in (Kind.MATCHING, Kind.ORDERING)
    return has_wrong and not option.is_right


def _kind_faults(
    version: QuestionVersion, options: Sequence[Option], at: dt.datetime
) -> Iterator[str]:
    if version.kind in EXPLAINED_AS_A_WHOLE and not version.explanation.strip():
        yield (
            "This type needs an explanation of the answer: learners can give answers that "
            "no option explains."
        )
    if version.kind == Kind.TRUE_FALSE and [o.text for o in options] != [
        "True",
        "False",
    ]:
        yield "A true or false question has the options “True” and “False”."
    if version.kind == Kind.MATCHING:
        yield from _matching_faults(options)
    if version.kind == Kind.NUMBER:
        yield from _number_faults(version, options)
    if version.kind == Kind.SENTENCE:
        yield from _sentence_faults(version, options, at)


def _matching_faults(options: Sequence[Option]) -> Iterator[str]:
    for option in options:
        if not option.match.strip():
            yield f"The row “{option.text}” does not say what it belongs to."
    if len({option.match.strip() for option in options}) < FEWEST_OPTIONS:
        yield "All rows belong to the same thing, so there is nothing to match."


def _number_faults(
    version: QuestionVersion, options: Sequence[Option]
) -> Iterator[str]:
    tolerance = number_of(version.tolerance)
    if tolerance is None or tolerance < 0:
        yield "The tolerance must be a number in figures, such as 0 or 0.5."
    for option in options:
        if number_of(option.text) is None:
            yield f"The option “{option.text}” is not a number in figures."
    right = [number_of(option.text) for option in options if option.is_right]
    for option in options:
        number = number_of(option.text)
        if number is None or option.is_right or right[:1] == [None] or not right:
            continue
        if abs(number - (right[0] or Fraction(0))) <= (tolerance or 0):
            yield f"The wrong number “{option.text}” is near enough to count as right."


def _sentence_faults(
    version: QuestionVersion, options: Sequence[Option], at: dt.datetime
) -> Iterator[str]:
    basis = Basis.objects.filter(version=version).first()
    sentences = list(
        sentences_of(live_passage(basis, at=at) if basis else None).values()
    )
    for option in options:
        times = sentences.count(option.text)
        if times == 0:
            yield f"The passage has no sentence “{option.text}”. Copy it exactly."
        if times > 1:
            yield f"The sentence “{option.text}” stands in the passage more than once."


def _basis_faults(version: QuestionVersion, at: dt.datetime) -> Iterator[str]:
    basis = Basis.objects.filter(version=version).select_related("article").first()
    if basis is None:
        yield "The question rests on no passage. Choose the passage that answers it."
    passage = live_passage(basis, at=at) if basis else None
    if basis is not None and passage is None:
        yield f"The passage {basis} is not on the site, so nobody could be sent to it."
    if not version.references.exists():
        yield "The question names no source."
    # To publish is to check, so that a correction seen at this moment is settled.
    for reference in sources_of(version, passage).in_doubt(at):
        yield what_it_is(reference)


# --- Quizzes ---------------------------------------------------------------------------------


def quiz_faults(version: QuizVersion, *, at: dt.datetime) -> tuple[str, ...]:
    """What keeps a quiz from being published."""
    return (*_slot_faults(version, at), *_settings_faults(version))


def _slot_faults(version: QuizVersion, at: dt.datetime) -> Iterator[str]:
    slots = list(version.slots.select_related("question", "pool_topic", "pool_tag"))
    if not version.title.strip():
        yield "The quiz has no title."
    if not slots:
        yield "The quiz has no questions."
    if version.quiz.passage_key and sum(slot.draw for slot in slots) > 1:
        yield "A section check has exactly one question."
    yield from _check_faults(version)
    askable = set(Question.objects.askable(at).values_list("pk", flat=True))
    for slot in slots:
        if slot.question_id is None:
            held = len(askable & set(in_pool(slot, version)))
            if held < slot.draw:
                yield f"Place {slot}: the pool holds only {held} that can be asked."
        elif slot.question_id not in askable:
            yield (
                f"The question “{slot.question}” cannot be asked: it is not published, "
                "retired, or suspect because its passage or source changed."
            )


def _check_faults(version: QuizVersion) -> Iterator[str]:
    """The page of a check is kept until it changes itself, not another page."""
    quiz = version.quiz
    if not quiz.passage_key:
        return
    bases = Basis.objects.filter(
        version__in=QuestionVersion.objects.newest_published(),
        version__question__slots__version=version,
    )
    if any(
        (basis.article_id, basis.passage_key) != (quiz.article_id, quiz.passage_key)
        for basis in bases
    ):
        yield "The question of a section check rests on that very section."


FOR_TESTS = {
    "pass_mark": "a pass mark",
    "attempts_allowed": "a number of tries",
    "time_limit": "a time limit",
}


def _settings_faults(version: QuizVersion) -> Iterator[str]:
    asked = sum(slot.draw for slot in version.slots.all())
    if version.needed > asked > 0:
        yield f"The quiz needs {version.needed} questions and has only {asked}."
    if version.quiz.purpose == Purpose.TEST:
        return
    for name, words in FOR_TESTS.items():
        if getattr(version, name) is not None:
            yield f"Only a test has {words}. People who are ill are not under pressure here."
