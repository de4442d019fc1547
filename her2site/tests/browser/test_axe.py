"""axe finds nothing to mend: WCAG 2.2 AA and best practice, on every page in every state."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from her2site.tests.browser.tour import TOUR

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
COLOURS = ["color-contrast", "link-in-text-block"]
WIDE, NARROW = (1280, 800), (320, 640)
# Only the rules about colours can find something else in the dark, and they cannot on a phone;
# they take most of the time.
LOOKS = {
    "light": ("light", WIDE, {"runOnly": TAGS}),
    "dark": ("dark", WIDE, {"runOnly": COLOURS}),
    "narrow": (
        "light",
        NARROW,
        {"runOnly": TAGS, "rules": {rule: {"enabled": False} for rule in COLOURS}},
    ),
}
QUICKLY = {"resultTypes": ["violations"], "preload": False, "elementRef": False}
RUN = """
    async (options) => (await axe.run(options)).violations.map(
        (rule) => `${rule.id}: ${rule.nodes.map((node) => node.target.join(" ")).join(", ")}`)
"""


def violations(page):
    """What axe finds in each look of one loaded page."""
    page.evaluate(Axe().axe_script)
    found = {}
    for name, (scheme, (width, height), rules) in LOOKS.items():
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": height})
        # At the end the bar back to the quiz rests where it belongs, and covers no field.
        page.evaluate("scrollTo(0, document.body.scrollHeight)")
        found[name] = page.evaluate(RUN, {**QUICKLY, **rules})
    return found


class TestEveryPage:
    @pytest.mark.parametrize("reach", TOUR.values(), ids=TOUR)
    def test_has_no_violation_in_light_dark_and_narrow(self, reader, reach):
        reach(reader)
        assert violations(reader) == {look: [] for look in LOOKS}


class TestAxe:
    """The tool itself bites, in the look in which the fault is."""

    def test_finds_a_planted_fault(self, reader):
        reader.goto("/")
        reader.evaluate("document.documentElement.removeAttribute('lang')")
        reader.evaluate(
            "document.styleSheets[0].insertRule("
            "'@media (prefers-color-scheme: dark) { h1 { color: #333 } }')"
        )
        found = violations(reader)
        assert found == {
            "light": ["html-has-lang: html"],
            "dark": ["color-contrast: h1"],
            "narrow": ["html-has-lang: html"],
        }
