"""What a reader's eyes and hands meet on a page, measured in the browser."""

# Layout that moved after it was first painted, unless the reader has just pressed something.
COUNT_SHIFTS = """
    window.shifts = 0;
    new PerformanceObserver((list) => {
        for (const entry of list.getEntries())
            if (!entry.hadRecentInput) window.shifts += entry.value;
    }).observe({type: "layout-shift", buffered: true});
"""
UNTIL_PAINTED = """
    new Promise((done) => {
        new PerformanceObserver(() => done()).observe({type: "paint", buffered: true});
    })
"""
SIDEWAYS = "document.documentElement.scrollWidth - innerWidth"
# Text that runs out of a box which would hide it; boxes that scroll are for that, and a summary
# that ends in "…" leads to its whole text.
CUT_OFF = """
    [...document.querySelectorAll("main *, header *, footer *")].filter((element) => {
        const style = getComputedStyle(element);
        const hides = [style.overflowX, style.overflowY].some((x) => x === "hidden" || x === "clip");
        return hides && style.webkitLineClamp === "none" && !element.matches(".unseen, progress") && element.checkVisibility()
            && (element.scrollWidth > element.clientWidth + 1
                || element.scrollHeight > element.clientHeight + 1);
    }).map((element) => element.outerHTML.slice(0, 80))
"""
# WCAG 1.4.12. As a constructed sheet, because the content security policy stops all others.
SPREAD_TEXT = """
    () => {
        const sheet = new CSSStyleSheet();
        sheet.replaceSync(`* { line-height: 1.5 !important; letter-spacing: .12em !important;
            word-spacing: .16em !important; } p { margin-block-end: 2em !important; }`);
        document.adoptedStyleSheets = [sheet];
    }
"""
GATHER_TEXT = "document.adoptedStyleSheets = []"
# A link in a sentence may be as low as its line (WCAG 2.5.8); all else may be pressed by a
# finger that shakes. An answer's whole row counts as its target.
SMALL_TARGETS = """
    () => {
        const small = [];
        const all = "a[href], button, input:not([type=hidden]), summary, .btn, .opt";
        for (const element of document.querySelectorAll(all)) {
            if (!element.checkVisibility() || element.matches(".skip")) continue;
            const target = element.closest(".opt") || element;
            const inSentence = getComputedStyle(target).display.startsWith("inline")
                && target.matches(":is(p, li, td, dd, figcaption) :is(a, .term)")
                && [...target.parentNode.childNodes].some((node) =>
                    node.nodeType === Node.TEXT_NODE && /\\w/.test(node.data));
            const least = target.matches(".btn, .opt") ? 44 : 24;
            const {width, height} = target.getBoundingClientRect();
            if (!inSentence && (width < least || height < least))
                small.push(`${target.outerHTML.slice(0, 80)} ${width} x ${height}`);
        }
        return small;
    }
"""
CLASSES = """
    [...new Set([...document.querySelectorAll("[class]")].flatMap((e) => [...e.classList]))]
"""
HELP_LINKS = """
    [...document.querySelectorAll("header a, .help a, footer a")].map((a) => a.textContent)
"""
MOVING = """
    document.getAnimations().length
        + Number(getComputedStyle(document.documentElement).scrollBehavior !== "auto")
"""


def resize(page, width, height):
    page.set_viewport_size({"width": width, "height": height})


def measure(page):
    """All measures of a page that was opened at 360 by 740 pixels."""
    found = {
        "title": page.title(),
        "shift": page.evaluate("window.shifts"),
        "moving": page.evaluate(MOVING),
        "small targets": page.evaluate(SMALL_TARGETS),
        "classes": page.evaluate(CLASSES),
        "help links": page.evaluate(HELP_LINKS),
    }
    resize(page, 320, 640)
    found["sideways at 320"] = page.evaluate(SIDEWAYS)
    page.evaluate(SPREAD_TEXT)
    found["sideways when spread"] = page.evaluate(SIDEWAYS)
    found["cut off when spread"] = page.evaluate(CUT_OFF)
    page.evaluate(GATHER_TEXT)
    page.evaluate("document.documentElement.dir = 'rtl'")
    found["sideways from right to left"] = page.evaluate(SIDEWAYS)
    page.evaluate("document.documentElement.dir = 'ltr'")
    resize(page, 640, 640)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    found["sideways at 200 percent"] = page.evaluate(SIDEWAYS)
    found["cut off at 200 percent"] = page.evaluate(CUT_OFF)
    return found
