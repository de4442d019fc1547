"""A learner's answer, read from the fields of a form. One rule for every way in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from quizzes import marks

MATCHING, ORDERING, NUMBER, SEVERAL = "matching", "ordering", "number", "several"
LONGEST_NUMBER = 40
Posted = Callable[[str], Sequence[str]]
"""All values that were sent under a field's name, as QueryDict.getlist gives them."""


class NotAnAnswer(Exception):
    """Something is missing or makes no sense; the message is for the learner."""


@dataclass(frozen=True)
class Sheet:
    """What may be answered: the tokens as they are shown, and never which is right."""

    kind: str
    tokens: tuple[str, ...]
    choices: tuple[str, ...] = ()
    """Matching: the tokens of what a row may belong to."""


def read(sheet: Sheet, posted: Posted, *, name: str = "answer") -> list[str]:
    """The answer as it is stored, always in one form for one answer.

    Choices: tokens, sorted. Matching: "row:choice", sorted. Ordering: all tokens, the first
    first. A number: one text of figures. Raises NotAnAnswer.
    """
    if sheet.kind == MATCHING:
        return _read_matching(sheet, posted, name)
    if sheet.kind == ORDERING:
        return _read_ordering(sheet, posted, name)
    if sheet.kind == NUMBER:
        return _read_number(posted, name)
    return _read_choice(sheet, posted, name)


def _read_choice(sheet: Sheet, posted: Posted, name: str) -> list[str]:
    several = sheet.kind == SEVERAL
    chosen = sorted(set(posted(name)))
    if not chosen:
        raise NotAnAnswer(
            "Select at least one answer."
            if several
            else "Select an answer. You can choose “I am not sure”."
        )
    allowed = set(sheet.tokens) if several else {*sheet.tokens, marks.UNSURE}
    # Of two answers to a question that takes one, neither counts.
    if not set(chosen) <= allowed or (len(chosen) > 1 and not several):
        raise NotAnAnswer("Select one of the answers shown.")
    return chosen


def _read_matching(sheet: Sheet, posted: Posted, name: str) -> list[str]:
    pairs = []
    for row in sheet.tokens:
        sent = set(posted(f"{name}-{row}")) - {""}
        if not sent:
            raise NotAnAnswer("Choose an answer in every row.")
        if len(sent) > 1 or not sent <= set(sheet.choices):
            raise NotAnAnswer("Choose one of the answers shown in every row.")
        pairs.append(f"{row}:{sent.pop()}")
    return sorted(pairs)


def _read_ordering(sheet: Sheet, posted: Posted, name: str) -> list[str]:
    last = len(sheet.tokens)
    places: dict[str, str] = {}
    for token in sheet.tokens:
        sent = set(posted(f"{name}-{token}"))
        if len(sent) == 1:
            places[sent.pop()] = token
    wanted = [str(place) for place in range(1, last + 1)]
    if sorted(places) != sorted(wanted):
        raise NotAnAnswer(f"Give each line a place of its own, from 1 to {last}.")
    return [places[place] for place in wanted]


def _read_number(posted: Posted, name: str) -> list[str]:
    sent = {value.strip() for value in posted(name)} - {""}
    if not sent:
        raise NotAnAnswer("Enter a number.")
    text = sent.pop()
    if sent or len(text) > LONGEST_NUMBER or marks.number_of(text) is None:
        raise NotAnAnswer("Enter one number in figures, such as 12 or 3.5.")
    return ["".join(text.split())]


def moved(order: Sequence[str], token: str, *, up: bool) -> list[str]:
    """The same lines with one of them a place further up or down."""
    rows = list(order)
    if token not in rows:
        return rows
    place = rows.index(token)
    other = place - 1 if up else place + 1
    if 0 <= other < len(rows):
        rows[place], rows[other] = rows[other], rows[place]
    return rows
