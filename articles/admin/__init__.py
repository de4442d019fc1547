"""The staff side of articles."""

from articles.admin import articles, images, links, references, terms, versions

__all__ = ["articles", "images", "links", "references", "terms", "versions"]
