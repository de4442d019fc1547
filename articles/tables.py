"""Tables that stay tables where a narrow screen stands their cells below each other."""

from collections.abc import Sequence
from html import escape
from itertools import pairwise
from typing import Any

from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

# Most columns of a table that the style sheet stacks; wider ones scroll.
STACKED = 4
# Said aloud, because browsers forget what an element is when its display changes.
ROLES = {
    "table_open": "table",
    "thead_open": "rowgroup",
    "tbody_open": "rowgroup",
    "tr_open": "row",
    "th_open": "columnheader",
    "td_open": "cell",
}


def name_cells(state: StateCore) -> None:
    """Give each cell the name of its column, and every part of a table its role."""
    heads: list[Token] = []
    for token, inside in pairwise(state.tokens):
        if token.type in ROLES:
            token.attrSet("role", ROLES[token.type])
        if token.type == "table_open":
            token.meta["heads"] = heads = []
        elif token.type == "tr_open":
            names = map(_words, heads.copy())
        elif token.type == "th_open":
            token.attrSet("scope", "col")
            heads.append(inside)
        elif token.type == "td_open":
            token.attrSet("data-column", next(names))


def render_table(_: RendererHTML, tokens: Sequence[Token], index: int, *__: Any) -> str:
    """Wide tables scroll, so they need a name and the keyboard must reach them."""
    heads = tokens[index].meta["heads"]
    label = escape("Table: " + ", ".join(map(_words, heads)))
    kind = "table stacks" if _can_stack(heads) else "table"
    return (
        f'<div class="{kind}" role="region" tabindex="0" aria-label="{label}">'
        '<table role="table">'
    )


def _words(head: Token) -> str:
    parts = [part.content for part in head.children or () if part.type != "citation"]
    return "".join(parts).strip()


def _can_stack(heads: Sequence[Token]) -> bool:
    """Stacked, a table hides its heads, so nothing may be in them that readers press."""
    parts = [part.type for head in heads for part in head.children or ()]
    is_pressed = {"citation", "link_open"} & set(parts)
    return len(heads) <= STACKED and not is_pressed
