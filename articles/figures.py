"""Checks of the numbers in a text: their sources, and whether they can be compared."""

import re
from collections.abc import Iterable, Iterator, Sequence

from markdown_it.token import Token

from articles.citations import CITATION
from articles.findings import Finding, Text, short
from articles.readability import sentences

# Digits within names and scales are not figures: "HER2", "T-DM1", "IHC 3+", "grade 2".
SCALE = re.compile(
    r"\b(?:IHC|ISH|grades?|phase|stage|stages|step|scores?|part|question|line)"
    r"[ \u00a0](?:of[ \u00a0])?\d\+?(?:(?:,| or| and| to|–|-)[ \u00a0]?\d\+?)*",
    re.IGNORECASE,
)
IN_A_NAME = re.compile(r"(?<!\S)\S*[A-Za-z][-/]?\d\S*|\b24-hour\b|(?<!\w)[0-3]\+")
LINK_TARGET = re.compile(r"\]\([^()]*(?:\([^()]*\)[^()]*)*\)")
FIGURE = re.compile(r"\d")
# "4 out of 100", "4 out of every 1,000", "4 in 100": the last only with a round number, for
# "12 in 2019" is a year.
OUT_OF = re.compile(
    r"\d\s(?:out\sof\s(?:every\s)?(\d[\d,]*\d|\d)|in\s(?:every\s)?(10{1,5}|10?,000)\b)"
)
# Each number is read from its first digit to its last and never tried again, however long.
NUMBER = r"(?<![\d.])\d++(?:\.\d++)*+"
PERCENT = rf"{NUMBER}\s?(?:%|per\s?cent\b)"
RELATIVE = re.compile(
    r"\b(?:hazard|risk|rate|odds)\sratio\b|\brelative\srisk\b"
    rf"|\b(?:half|twice|(?:{NUMBER}|two|three|four|five|ten)\stimes)\s(?:as|more|less)\s"
    r"(?:likely|often|common|high)\b"
    r"|\b(?:halv|doubl|tripl)(?:e|es|ed|ing)\s(?:the|their|your|its)\s(?:risk|chance|odds)\b"
    rf"|{PERCENT}\s(?:lower|higher|less|more|fewer|smaller|greater)\b"
    r"|\b(?:risk|chance|odds)s?\b[^.!?]{0,60}?\bby\s(?:about\s|almost\s)?"
    rf"(?:{PERCENT}|half\b|(?:a|one)\s(?:third|quarter|half)\b|two\sthirds\b)",
    re.IGNORECASE,
)
SHARE = re.compile(PERCENT)
INTERVAL = re.compile(rf"{PERCENT}\s(?:CI|confidence)\b")
# Months lived with the one and the other are numbers themselves.
MEDIAN = re.compile(r"\bmedian\b.{0,200}?\d\s(?:weeks|months|years)\b", re.IGNORECASE)


def of_a_passage(text: Text, tokens: Sequence[Token]) -> Iterator[Finding]:
    """What is wrong with the numbers of a passage."""
    said = list(statements(tokens))
    yield from uncited(text, said)
    yield from _mixed(text, [*_sentences(said), *_columns(tokens)])
    has_picture = any(token.info.strip() == "chances" for token in tokens)
    if not has_picture:
        yield from _only_relative(text, said)


def of_a_line(text: Text) -> Iterator[Finding]:
    """The same for a line that stands alone: the summary, or a key point."""
    yield from uncited(text, [text.body])
    yield from _mixed(text, _sentences([text.body]))
    yield from _only_relative(text, [text.body])


def uncited(text: Text, said: Iterable[str]) -> Iterator[Finding]:
    for statement in said:
        for sentence in cited_sentences(statement):
            if has_figure(sentence) and not CITATION.search(sentence):
                message = f"A number has no source: “{short(sentence)}”"
                yield text.block("number-uncited", message)


def has_figure(sentence: str) -> bool:
    """Whether it states a number, as opposed to a name or a scale that holds a digit."""
    bare = CITATION.sub("", sentence)
    bare = LINK_TARGET.sub("]", bare)
    return bool(FIGURE.search(IN_A_NAME.sub("", SCALE.sub("", bare))))


def cited_sentences(statement: str) -> list[str]:
    """Sentences; a citation right after a full stop belongs to the one before it."""
    joined: list[str] = []
    for sentence in sentences(statement):
        lead = CITATION.match(sentence)
        if joined and lead:
            joined[-1] += f" {lead[0]}"
            sentence = sentence[lead.end() :].strip()  # noqa: PLW2901
        if sentence:
            joined.append(sentence)
    return joined


def _sentences(said: Iterable[str]) -> list[str]:
    return [sentence for statement in said for sentence in sentences(statement)]


def _mixed(text: Text, comparisons: Iterable[str]) -> Iterator[Finding]:
    """Nobody sees at a glance whether 9 out of 10 is more than 85 out of 100."""
    for compared in comparisons:
        found = OUT_OF.findall(CITATION.sub("", compared))
        numbers = {(a or b).replace(",", "") for a, b in found}
        if len(numbers) > 1:
            listed = " and ".join(sorted(numbers, key=int))
            message = f"Out of {listed} in one comparison: “{short(compared)}”"
            yield text.block("denominators", message)


def _only_relative(text: Text, said: Sequence[str]) -> Iterator[Finding]:
    whole = [INTERVAL.sub("", CITATION.sub("", statement)) for statement in said]
    rest = [RELATIVE.sub("", statement) for statement in whole]
    if any(look.search(part) for part in rest for look in (OUT_OF, SHARE, MEDIAN)):
        return
    for statement in whole:
        if found := RELATIVE.search(statement):
            message = (
                f"“{found[0]}” says nothing without the numbers themselves. "
                "Add them: “N out of 100”."
            )
            yield text.block("relative-only", message)


def statements(tokens: Sequence[Token]) -> Iterator[str]:
    """Paragraphs and list items; a table row counts as one statement, headings do not."""
    row: list[str] | None = None
    heading = False
    for token in tokens:
        if token.type in ("heading_open", "heading_close", "th_open", "th_close"):
            heading = token.nesting == 1
        elif token.type == "tr_open":
            row = []
        elif token.type == "tr_close":
            yield ", ".join(row or [])
            row = None
        elif token.type == "inline" and not heading:
            if row is None:
                yield token.content
            else:
                row.append(token.content)


def _columns(tokens: Sequence[Token]) -> Iterator[str]:
    """What stands below each other in a table is compared too."""
    columns: dict[int, list[str]] = {}
    place = -1
    for token in tokens:
        if token.type in ("tr_open", "table_close"):
            place = -1
        elif token.type == "td_open":
            place += 1
        elif token.type == "inline" and place >= 0:
            columns.setdefault(place, []).append(token.content)
        if token.type == "table_close":
            yield from (", ".join(cells) for cells in columns.values())
            columns = {}
