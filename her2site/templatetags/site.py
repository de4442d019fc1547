"""Small marks beside words."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

# Strokes on a 24 by 24 grid. Never the only sign of anything: words always stand beside them.
ICONS = {
    "tick": "M4 13l5 5L20 6",
    "look-again": "M20 5v5h-5M20 10a8 8 0 1 0 1 5",
    "warning": "M12 3L2 21h20zM12 10v5M12 18v.5",
    "print": "M7 9V3h10v6M7 18H3V9h18v9h-4M7 14h10v7H7z",
    "clock": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3 3",
    "next": "M5 12h14M13 6l6 6-6 6",
    "back": "M19 12H5M11 6l-6 6 6 6",
    "help": "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 11v6M12 7v.5",
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw an icon that screen readers pass over."""
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="{}"/></svg>',
        ICONS[name],
    )
