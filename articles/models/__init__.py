"""The tables of the articles app."""

from articles.models.articles import Article, SlugHistory, Topic
from articles.models.frozen import Freezing, FreezingQuerySet, Frozen
from articles.models.images import Image
from articles.models.links import LinkHealth, LinkTarget, LinkUse
from articles.models.references import (
    CHECKABLE,
    Citation,
    Reference,
    ReferenceQuerySet,
    ReferenceStatus,
    where_coming,
    where_used,
)
from articles.models.reports import ReaderReport, ReportKind
from articles.models.reviews import (
    LinkOutcome,
    PeriodicReview,
    ReviewLink,
    ReviewOutcome,
    SignOff,
    SignOffKind,
)
from articles.models.search import SearchEntry, SearchMiss
from articles.models.terms import GlossaryTerm
from articles.models.versions import (
    FROZEN,
    WORKING,
    ArticleVersion,
    ChangeKind,
    HiddenPassage,
    Passage,
    Status,
)

__all__ = [
    "CHECKABLE",
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
    "HiddenPassage",
    "Image",
    "LinkHealth",
    "LinkOutcome",
    "LinkTarget",
    "LinkUse",
    "Passage",
    "PeriodicReview",
    "ReaderReport",
    "Reference",
    "ReferenceQuerySet",
    "ReferenceStatus",
    "ReportKind",
    "ReviewLink",
    "ReviewOutcome",
    "SearchEntry",
    "SearchMiss",
    "SignOff",
    "SignOffKind",
    "SlugHistory",
    "Status",
    "Topic",
    "where_coming",
    "where_used",
]
