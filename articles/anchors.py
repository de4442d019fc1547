"""Anchors that an article's page itself uses: a passage with such a key would be a second."""

RESERVED = frozenset(
    {
        "about-this-page",
        "error-summary",
        "feedback",
        "h-about",
        "h-quizzes",
        "h-references",
        "h-words",
        "key-points",
        "main",
        "need-help",
        "on-this-page",
        "references",
        "words",
    }
)
