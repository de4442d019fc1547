"""A new address for an article, to which every old one leads."""

from django.db import IntegrityError, transaction

from articles.models import Article, SlugHistory
from articles.publishing import By, CannotMove, note
from articles.rendering import touch


@transaction.atomic
def rename(article: Article, slug: str, *, by: By) -> None:
    """Give the article a new address; the old one leads to it in one step.

    Raises CannotMove when another article has the address, or had it before.
    """
    if slug == article.slug:
        return
    if SlugHistory.objects.filter(slug=slug).exclude(article=article).exists():
        msg = f"Another article once had the address “{slug}”. Choose another one."
        raise CannotMove(msg)
    try:
        with transaction.atomic():
            Article.objects.filter(pk=article.pk).update(slug=slug)
    except IntegrityError as error:
        msg = f"Another article has the address “{slug}”. Choose another one."
        raise CannotMove(msg) from error
    old, article.slug = article.slug, slug
    SlugHistory.objects.filter(slug=slug).delete()
    # The old address may have been another article's before it was this one's.
    SlugHistory.objects.update_or_create(slug=old, defaults={"article": article})
    touch([article.pk])
    note(by, article, f"Renamed from {old} to {slug}.")
