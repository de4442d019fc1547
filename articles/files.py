"""Read the files of content: whatever is wrong with one is a fault with a name and a line."""

import json
import math
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

TOO_DEEP = "This is nested too deep."
NUL = "\0"
# What no database stores, and how files spell it in plain characters.
UNSTORABLE = re.compile("[\0\ud800-\udfff]")
ESCAPED = re.compile(r"\\u(?:0000|d[89a-f][0-9a-f]{2})", re.IGNORECASE)


class FaultyContent(Exception):
    """Files that cannot be loaded; `faults` name the file, the line and the fault."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def read_text(path: Path) -> str:
    """The text of a file; a fault says that it is missing or no text in UTF-8."""
    try:
        text = path.read_bytes().decode().replace("\r\n", "\n")
    except FileNotFoundError as error:
        raise FaultyContent([f"{path.name}: This file is missing."]) from error
    except OSError as error:
        raise FaultyContent([f"{path.name}: This is not a file to read."]) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        fault = f"{path.name}, line {line}: This is not UTF-8."
        raise FaultyContent([fault]) from error
    if NUL in text:
        fault = f"{path.name}, line {line_of(text, NUL)}: This is not a text."
        raise FaultyContent([fault])
    return text


def parse_toml(path: Path, text: str, *, first_line: int = 1) -> dict[str, Any]:
    """Read TOML; a fault names the line of the file it is in."""
    try:
        parsed = tomllib.loads(text)
    # Its own error is one of these, and so is that of a number without end.
    except ValueError as error:
        found = re.search(r"line (\d+)", str(error))
        line = int(found[1]) + first_line - 1 if found else first_line
        raise FaultyContent([f"{path.name}, line {line}: {error}"]) from error
    except RecursionError as error:
        fault = f"{path.name}, line {first_line}: {TOO_DEEP}"
        raise FaultyContent([fault]) from error
    _refuse_half_characters(path, text, parsed, first_line=first_line)
    return parsed


def parse_json(path: Path, text: str) -> Any:
    """Read JSON; a fault names the line of the file it is in."""
    try:
        items = json.loads(text, parse_constant=_finite, parse_float=_finite)
    except json.JSONDecodeError as error:
        fault = f"{path.name}, line {error.lineno}: {error.msg}"
        raise FaultyContent([fault]) from error
    except ValueError as error:
        raise FaultyContent([f"{path.name}, line 1: {error}"]) from error
    except RecursionError as error:
        raise FaultyContent([f"{path.name}, line 1: {TOO_DEEP}"]) from error
    _refuse_half_characters(path, text, items)
    return items


def _finite(text: str) -> float:
    """Python reads NaN, Infinity and 1e999, but not every database stores them."""
    number = float(text)
    if not math.isfinite(number):
        msg = f"{text} is not a number."
        raise ValueError(msg)
    return number


def _refuse_half_characters(
    path: Path, text: str, parsed: Any, *, first_line: int = 1
) -> None:
    """An escape can spell what no database stores: NUL, or half of a character."""
    if not any(UNSTORABLE.search(words) for words in _texts_in(parsed)):
        return
    found = ESCAPED.search(text)
    line = line_of(text, found[0]) + first_line - 1 if found else first_line
    raise FaultyContent([f"{path.name}, line {line}: This character cannot be stored."])


def _texts_in(value: Any) -> Iterator[str]:
    """Every text in what was read, at whatever depth."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            yield part
        elif isinstance(part, dict):
            waiting += [*part, *part.values()]
        elif isinstance(part, list):
            waiting += part


def quoted(value: Any) -> str:
    """A value as it stands in a file."""
    return json.dumps(value, ensure_ascii=False, default=str)


def line_of(text: str, needle: str) -> int:
    """The line on which `needle` first stands, else 1."""
    before, found, _ = text.partition(needle)
    return before.count("\n") + 1 if found else 1
