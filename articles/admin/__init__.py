"""The staff side of articles."""

from articles.admin import (
    articles,
    images,
    invitations,
    links,
    references,
    reports,
    searches,
    terms,
    versions,
)

__all__ = [
    "articles",
    "images",
    "invitations",
    "links",
    "references",
    "reports",
    "searches",
    "terms",
    "versions",
]
