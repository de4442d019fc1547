"""A passage's Markdown as somebody reads it who does not write it: no signs, nothing left out."""

import re
from collections.abc import Iterator

from articles.chances import ChancesFault, parse_chances
from articles.citations import CITATION

# Never beyond the next line that begins like a fence, or many open ones would take long.
FENCE = re.compile(r"^```[ ]*chances[ ]*\n((?:(?!```).*\n)*)```[ ]*$", re.MULTILINE)
OPENS = re.compile(r"\s*:{3,}\s*(urgent|note|detail|survival)\b\s*(.*)")
CLOSES = re.compile(r"\s*:{3,}\s*")
BOXES = {
    "urgent": "Urgent card",
    "note": "Note",
    "detail": "More detail",
    "survival": "Survival figures",
}
HEADING = re.compile(r"(#{3,4})\s+(.*)")
HEADINGS = {"###": "Heading", "####": "Smaller heading"}
RULES = set("|:- \t")
PICTURE = re.compile(r"!\[([^\[\]]*)\]\(([^()\s]*)\)")
LINK = re.compile(r"\[([^\[\]]*)\]\(([^()\s]*)\)")
EMPHASIS = re.compile(r"(?<![\w*])(\*{1,3}|_{1,3})(?=\S)([^*_\n]+)(?<=\S)\1(?![\w*])")


def in_words(text: str) -> str:
    """One text for reading."""
    return _without_signs(_told(text))


def pair_in_words(old: str, new: str) -> tuple[str, str]:
    """Two texts for comparing: what differs between them differs in words too.

    So where the two stress other words, the signs of stress stay, as do the lines that rule a
    table where these differ.
    """
    before, after = _told(old), _told(new)
    if list(_signs(before)) == list(_signs(after)):
        before, after = _without_signs(before), _without_signs(after)
    return (before, after) if before != after else (old, new)


def _told(text: str) -> str:
    """The text with everything in words but stress and rules of tables."""
    text = FENCE.sub(_chances, text)
    boxes: list[str] = []
    return "\n".join(_inline(_line(line, boxes)) for line in text.split("\n"))


def _chances(block: re.Match[str]) -> str:
    try:
        said = parse_chances(block[1])
    except ChancesFault:
        return block[0]
    arms = "; ".join(f"{label}: {count} out of {said.of}" for label, count in said.arms)
    return f"Chances figure: {said.shows.rstrip('.')}. {arms}."


def _line(line: str, boxes: list[str]) -> str:
    """`boxes` are those that are open here, the innermost last."""
    if opens := OPENS.fullmatch(line):
        boxes.append(BOXES[opens[1]])
        return f"{boxes[-1]}: {opens[2]}".rstrip(": ")
    if boxes and CLOSES.fullmatch(line):
        return f"(End of: {boxes.pop()})"
    if heading := HEADING.fullmatch(line):
        return f"{HEADINGS[heading[1]]}: {heading[2]}"
    return line


def _inline(line: str) -> str:
    line = CITATION.sub(lambda cite: source_in_words(cite[0]), line)
    line = PICTURE.sub(r"[Picture \2: \1]", line)
    return LINK.sub(r"\1 (\2)", line)


def source_in_words(citation: str) -> str:
    """A citation as it stands in a text, by the keys of its sources."""
    return citation.replace("@", "")


def _signs(text: str) -> Iterator[str]:
    yield from (match[0] for match in EMPHASIS.finditer(text))
    yield from filter(_is_rule, text.split("\n"))


def _is_rule(line: str) -> bool:
    """Whether it parts the head of a table from its rows."""
    return {"|", "-"} <= set(line) <= RULES


def _without_signs(text: str) -> str:
    lines = [line for line in text.split("\n") if not _is_rule(line)]
    return EMPHASIS.sub(r"\2", "\n".join(lines))
