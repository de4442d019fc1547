"""What can be read from the style sheet itself: contrast, direction, weight. No browser."""

import gzip
import itertools
import re

import pytest
from django.conf import settings

SHEET = (settings.BASE_DIR / "static/css/site.css").read_text(encoding="utf-8")
TEXT = ["ink", "ink2", "link", "hover", "visited"]
SURFACES = ["bg", "card", "sunken", "info"]
TINTS = ["learn-tint", "good-tint", "again-tint", "urgent-tint"]
READ = [
    *itertools.product(TEXT, SURFACES + TINTS),
    *itertools.product(["learn", "good", "again", "urgent"], ["bg", "card"]),
    *[(tint.removesuffix("-tint"), tint) for tint in TINTS],
    # Buttons and the head of the urgent card: paper-coloured words on a colour.
    *itertools.product(["bg"], ["link", "hover", "urgent"]),
]
# Outlines of answers, circles, panels, and the two rings of the focus: one of them shows.
SEEN = [
    *itertools.product(["edge", "learn", "link"], ["bg", "card"]),
    ("good", "good-tint"),
    ("again", "again-tint"),
    ("urgent", "card"),
    ("ring", "ring-in"),
]


def declarations():
    text = re.sub(r"/\*.*?\*/", "", SHEET, flags=re.S)
    blocks = re.findall(r"{([^{}]*)}", text)
    return [
        line.strip() for block in blocks for line in block.split(";") if line.strip()
    ]


def tokens():
    """The colours by name, in light and in dark."""
    light, dark = re.findall(r":root {\s*([^}]*--bg:[^}]*)}", SHEET)[:2]
    named = [dict(re.findall(r"--([\w-]+): (#\w+);", block)) for block in (light, dark)]
    return {"light": named[0], "dark": named[0] | named[1]}


def luminance(colour):
    """Relative luminance, as WCAG 2.2 defines it."""
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    linear = [
        p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts
    ]
    return sum(w * p for w, p in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def too_faint(scheme, pairs, least):
    colours = tokens()[scheme]
    return {
        f"{front} on {back}": round(ratio, 2)
        for front, back in pairs
        if (ratio := contrast(colours[front], colours[back])) < least
    }


class TestContrast:
    def test_is_computed_as_wcag_says(self):
        assert contrast("#000", "#fff") == 21
        # The lightest grey that may be read on white: webaim.org/articles/contrast
        assert round(contrast("#767676", "#ffffff"), 2) == 4.54

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_of_text_is_enough(self, scheme):
        assert too_faint(scheme, READ, 4.5) == {}

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_of_edges_and_rings_is_enough(self, scheme):
        assert too_faint(scheme, SEEN, 3) == {}

    @pytest.mark.parametrize("scheme", ["light", "dark"])
    def test_of_one_focus_ring_is_enough_on_every_surface(self, scheme):
        faint = [
            surface
            for surface in SURFACES + TINTS
            if too_faint(scheme, [("ring", surface)], 3)
            and too_faint(scheme, [("ring-in", surface)], 3)
        ]
        assert faint == []

    def test_covers_every_colour_there_is(self):
        used = {name for pair in READ + SEEN for name in pair}
        # Lines are for decoration only.
        assert set(tokens()["dark"]) - used == {"line"}


class TestDirection:
    """One sheet serves scripts from left to right and from right to left."""

    def test_no_rule_speaks_of_left_or_right(self):
        physical = [
            line for line in declarations() if re.search(r"\b(left|right)\b", line)
        ]
        assert physical == []

    def test_no_shorthand_means_left_and_right_without_saying_so(self):
        lopsided = []
        for line in declarations():
            name, _, value = line.partition(":")
            parts = re.findall(r"[\w.%-]+(?:\([^)]*\))?", value)
            four_sided = re.fullmatch(r"margin|padding|inset|border-width", name)
            if four_sided and len(parts) == 4 and parts[1] != parts[3]:
                lopsided.append(line)
            if name == "border-radius" and len(set(parts)) > 1 and len(parts) != 2:
                lopsided += [line] if parts[0] != parts[1] else []
        assert lopsided == []


class TestWeight:
    """Kilobytes of 1,000 bytes, as sent to a browser that knows only gzip."""

    def weight(self, path):
        return len(gzip.compress((settings.BASE_DIR / "static" / path).read_bytes(), 9))

    def test_of_the_style_sheet(self):
        assert self.weight("css/site.css") <= 6_000

    def test_of_the_script(self):
        assert self.weight("js/site.js") <= 4_000

    def test_of_the_typeface(self):
        path = settings.BASE_DIR / "static/fonts/atkinson-hyperlegible-next.woff2"
        assert path.stat().st_size <= 20_000
