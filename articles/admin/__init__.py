"""The staff side of articles."""

from articles.admin import (
    articles,
    images,
    references,
    reports,
    searches,
    terms,
    versions,
)

__all__ = [
    "articles",
    "images",
    "references",
    "reports",
    "searches",
    "terms",
    "versions",
]
