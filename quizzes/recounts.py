"""Receipts read again: whether every mark follows from what the receipt itself says."""

import json
from collections.abc import Mapping, Sequence
from itertools import takewhile
from typing import Any

from articles.fingerprint import content_hash
from quizzes import marks

FORMAT = "her2site receipt 1"
NEVER_WORSE = "never_worse"
# What a receipt with missing or strange parts makes the code below raise.
SHAPELESS = (KeyError, TypeError, ValueError, AttributeError, ArithmeticError)
Receipt = dict[str, Any]
Question = Mapping[str, Any]


class FaultyReceipt(Exception):
    """A text that holds no receipt; the message says what is wrong, and where."""


def read_receipts(text: str) -> list[Receipt]:
    """The receipts in a file: one, or all those of a person's export. Raises FaultyReceipt."""
    try:
        found = json.loads(
            text, object_pairs_hook=_once_each, parse_constant=_no_constant
        )
        # Halves of characters, written as escapes, could not be hashed.
        json.dumps(found, ensure_ascii=False).encode()
    except json.JSONDecodeError as error:
        msg = f"Line {error.lineno}, column {error.colno}: {error.msg}."
        raise FaultyReceipt(msg) from None
    except RecursionError:
        raise FaultyReceipt("It is nested too deeply for a receipt.") from None
    except ValueError as error:
        raise FaultyReceipt(f"It cannot be read: {error}.") from None
    return _receipts_in(found)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """The members of an object. Of two with one name, JSON would take the last in silence."""
    names = [name for name, _ in pairs]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        msg = f"“{twice[0]}” stands twice in one object"
        raise ValueError(msg)
    return dict(pairs)


def _no_constant(name: str) -> None:
    msg = f"{name} is no number"
    raise ValueError(msg)


def _receipts_in(found: object) -> list[Receipt]:
    many = found.get("attempts", [found]) if isinstance(found, dict) else None
    if not isinstance(many, list) or not all(isinstance(one, dict) for one in many):
        msg = "This is neither a receipt nor an export of what is kept about a person."
        raise FaultyReceipt(msg)
    return many


def verify(receipt: Receipt) -> list[str]:
    """What does not hold, in sentences; none when all does.

    The hash shows a slip or a careless change. It is no signature: whoever changes all of
    it, and the hash, has written another receipt.
    """
    rest = {name: value for name, value in receipt.items() if name != "sha256"}
    found = []
    if rest.get("format") != FORMAT:
        return [f"It is not in the format “{FORMAT}”."]
    if receipt.get("sha256") != content_hash(rest):
        found.append("It was changed: the hash is not that of its content.")
    try:
        return found + _recount(rest)
    except SHAPELESS:
        return [*found, "Parts of it are missing or make no sense."]


def _recount(receipt: Receipt) -> list[str]:
    if receipt["total"] is None:
        # Unfinished, or withheld: there is no key and no mark in it.
        return []
    questions = receipt["questions"]
    found = [fault for question in questions for fault in _faults(question)]
    total = total_of(questions)
    if receipt["total"] != total:
        found.append(
            f"The total is {receipt['total']['thousandths']}, but the marks make "
            f"{total['thousandths']}."
        )
    return found


def total_of(questions: Sequence[Question]) -> dict[str, int]:
    """The marks in force, and what they could be at most."""
    newest = [score for asked in questions for score in asked["scores"][-1:]]
    got = sum(score["thousandths"] for score in newest)
    return {"thousandths": got, "of": marks.FULL * len(questions)}


def _faults(question: Question) -> list[str]:
    """What is wrong with the marks of one question."""
    where = f"Question {question['position']}"
    if {score["rule"] for score in question["scores"]} - {marks.RULE}:
        return [f"{where} was marked by a rule that this program does not know."]
    stored = [(s["correction"], s["thousandths"]) for s in question["scores"]]
    derived = _derive(question, [correction for correction, _ in stored])
    if [correction for correction, _ in stored] != [by for by, _ in derived]:
        return [f"{where} has {len(stored)} marks, where {len(derived)} belong."]
    return [
        f"{where}: the mark is {mark}, but the answer earns {earned}."
        for (_, mark), (_, earned) in zip(stored, derived, strict=True)
        if mark != earned
    ]


def _derive(
    question: Question, scored_by: Sequence[int | None]
) -> list[tuple[int | None, int]]:
    """The marks that the answer must have: the first, and one for each later correction.

    An answer is marked by the key in force when it comes, and again by every correction after
    that. So those before the first that marked it again had come before the answer.
    """
    answers = [step["chosen"] for step in question["steps"] if step["kind"] == "answer"]
    if not answers:
        return []
    corrections = list(question["corrections"])
    earlier = list(takewhile(lambda c: c["id"] not in scored_by, corrections))
    key = earlier[-1]["scoring"] if earlier else question["scoring"]
    mark = marks.score(marks.read(key), answers[0])
    derived: list[tuple[int | None, int]] = [(None, mark)]
    for correction in corrections[len(earlier) :]:
        earned = marks.score(marks.read(correction["scoring"]), answers[0])
        mark = max(earned, mark) if correction["policy"] == NEVER_WORSE else earned
        derived.append((correction["id"], mark))
    return derived
