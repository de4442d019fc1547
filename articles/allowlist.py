"""The elements and attributes that a page's text may contain, and nothing else."""

import nh3

TAGS = {
    "a",
    "aside",
    "blockquote",
    "br",
    "button",
    "code",
    "details",
    "div",
    "em",
    "figcaption",
    "figure",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "img",
    "li",
    "ol",
    "p",
    "path",
    "pre",
    "section",
    "strong",
    "sub",
    "summary",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
}
ATTRIBUTES: dict[str, set[str]] = {
    "*": set(),  # else nh3 would let lang and title through
    "a": {"href", "id", "aria-label"},
    "button": {"type", "popovertarget"},
    "div": {"role", "tabindex", "aria-label"},
    "img": {"src", "alt", "width", "height", "loading"},
    "ol": {"start"},
    "path": {"d"},
    "section": {"aria-label"},
    "svg": {"viewBox", "role", "aria-label"},
    "table": {"role"},
    "tbody": {"role"},
    "td": {"role", "data-column"},
    "th": {"role", "scope"},
    "thead": {"role"},
    "tr": {"role"},
}
CLASSES = {
    "a": {"cite"},
    "aside": {"note"},
    "button": {"term"},
    "details": {"more", "survival"},
    "div": {"arm", "arms", "stacks", "table"},
    "figure": {"chances", "picture"},
    "p": {"arm-label"},
    "path": {"hole", "off", "on"},
    "section": {"urgent"},
    "svg": {"array"},
}
SCHEMES = {"http", "https", "mailto", "tel"}

CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    allowed_classes=CLASSES,
    url_schemes=SCHEMES,
    link_rel=None,
)
