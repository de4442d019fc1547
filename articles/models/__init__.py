"""The tables of the articles app."""

from articles.models.articles import Article, SlugHistory, Topic
from articles.models.frozen import Freezing, FreezingQuerySet, Frozen
from articles.models.images import Image
from articles.models.references import (
    Citation,
    Reference,
    ReferenceStatus,
    where_used,
)
from articles.models.reviews import SignOff, SignOffKind
from articles.models.terms import GlossaryTerm
from articles.models.versions import (
    FROZEN,
    WORKING,
    ArticleVersion,
    ChangeKind,
    Passage,
    Status,
)

__all__ = [
    "FROZEN",
    "WORKING",
    "Article",
    "ArticleVersion",
    "ChangeKind",
    "Citation",
    "Freezing",
    "FreezingQuerySet",
    "Frozen",
    "GlossaryTerm",
    "Image",
    "Passage",
    "Reference",
    "ReferenceStatus",
    "SignOff",
    "SignOffKind",
    "SlugHistory",
    "Status",
    "Topic",
    "where_used",
]
