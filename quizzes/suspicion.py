"""Why a question is suspect, and which questions rest on a text. Read only."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator

from django.db.models import Exists, OuterRef, QuerySet

from articles.fingerprint import content_hash
from articles.models import (
    ArticleVersion,
    ChangeKind,
    Passage,
    Reference,
    ReferenceQuerySet,
)
from quizzes.keys import sentences_of
from quizzes.models import Basis, Kind, QuestionVersion, VersionStatus


def in_use() -> QuerySet[QuestionVersion]:
    """The version of each question that is asked now, or would be if it were sound."""
    return (
        QuestionVersion.objects.newest_published()
        .filter(question__retired_at=None)
        .select_related("question", "basis__article")
        .order_by("question__slug")
    )


def resting_on(
    article_id: int, keys: Collection[str] | None = None
) -> QuerySet[QuestionVersion]:
    """Questions in use that rest on these passages of an article, or on any of it."""
    found = in_use().filter(basis__article=article_id)
    return found if keys is None else found.filter(basis__passage_key__in=keys)


def leaning_on(
    reference_id: int | OuterRef, *, at: dt.datetime
) -> QuerySet[QuestionVersion]:
    """Questions in use that name this source, or rest on a live passage that cites it.

    Inside of a query for references, `reference_id` is an OuterRef of an OuterRef.
    """
    cited = Passage.objects.shown(at).filter(
        version__article=OuterRef("basis__article"),
        key=OuterRef("basis__passage_key"),
        citations__reference=reference_id,
    )
    naming = QuestionVersion.references.through.objects.filter(
        questionversion=OuterRef("pk"), reference=reference_id
    )
    return in_use().filter(Exists(cited) | Exists(naming))


def live_passage(basis: Basis, *, at: dt.datetime) -> Passage | None:
    """The passage that a question rests on, as readers see it now."""
    live = Passage.objects.shown(at).filter(version__article=basis.article_id)
    return live.filter(key=basis.passage_key).select_related("version").first()


def accepted_passage(basis: Basis) -> Passage | None:
    """The passage in the wording that the question was checked against."""
    stored = Passage.objects.filter(
        version__article=basis.article_id,
        key=basis.passage_key,
        text_hash=basis.accepted_hash,
    )
    return stored.select_related("version").order_by("-version__number").first()


def has_other_sentences(version: QuestionVersion, passage: Passage) -> bool:
    """Whether a published key that counts sentences would count other ones in `passage`."""
    if version.kind != Kind.SENTENCE or version.status != VersionStatus.PUBLISHED:
        return False
    return sentences_of(passage) != sentences_of(accepted_passage(version.basis))


# --- Sources ---------------------------------------------------------------------------------


def sources_of(version: QuestionVersion, passage: Passage | None) -> ReferenceQuerySet:
    """What the question names, and what the passage cites."""
    found = Reference.objects.filter(pk__in=version.references.values("pk"))
    if passage is not None:
        found |= Reference.objects.filter(citations__passage=passage)
    return found.distinct()


def notices(version: QuestionVersion, *, at: dt.datetime) -> tuple[Reference, ...]:
    """The sources of a question of which something is to be told, seen before or not."""
    basis = Basis.objects.filter(version=version).first()
    passage = live_passage(basis, at=at) if basis else None
    found = sources_of(version, passage).not_current()
    return tuple(found.select_related("superseded_by"))


def seal(told: Iterable[Reference]) -> str:
    """Names what is told of these sources, so that a move can ask whether it was seen."""
    said = [[row.key, row.status, str(row.status_set_at)] for row in told]
    return content_hash(said) if said else ""


def what_it_is(reference: Reference) -> str:
    return f"The source {reference.key} is {reference.get_status_display()}."


# --- Reasons ---------------------------------------------------------------------------------


def reasons(version: QuestionVersion, *, at: dt.datetime) -> tuple[str, ...]:
    """Why this published version is not asked, as sentences; empty when it is sound."""
    return tuple(_reasons(version, at))


def _reasons(version: QuestionVersion, at: dt.datetime) -> Iterator[str]:
    basis = Basis.objects.filter(version=version).first()
    passage = live_passage(basis, at=at) if basis else None
    if basis is None or passage is None:
        yield "The passage it rests on is not on the site."
    elif passage.text_hash != basis.accepted_hash:
        yield f"The passage “{passage.heading}” has changed since the question was checked."
    checked_at = basis.accepted_at if basis else None
    for reference in sources_of(version, passage).in_doubt(checked_at):
        yield what_it_is(reference)


def needs_a_look(version: QuestionVersion, *, at: dt.datetime) -> str:
    """Why a suspect question may not be accepted together with others; "" when it may.

    It may when only the wording of its passage changed, by the word of those who edited it.
    """
    basis = Basis.objects.get(version=version)
    passage = live_passage(basis, at=at)
    if passage is None:
        return "The passage it rests on is not on the site."
    if told := notices(version, at=at):
        return what_it_is(told[0])
    if passage.text_hash == basis.accepted_hash:
        return "Its passage has not changed since it was checked."
    if has_other_sentences(version, passage):
        return "Its answers are the sentences of the passage, and these have changed."
    if changed := _changed_in_content(basis, at):
        kind = changed.get_change_kind_display()
        return (
            f"Version {changed.number} of its page was not only about wording: {kind}."
        )
    return ""


def _changed_in_content(basis: Basis, at: dt.datetime) -> ArticleVersion | None:
    """The first version since the check that changed the passage in more than its wording."""
    since = (
        ArticleVersion.objects.seen_by(at)
        .filter(article=basis.article_id, live_from__gt=basis.accepted_at)
        .order_by("live_from")
        .defer("html")
    )
    rows = Passage.objects.filter(version__in=since, key=basis.passage_key)
    hashes = dict(rows.values_list("version", "text_hash"))
    before = basis.accepted_hash
    for version in since:
        now = hashes.get(version.pk, "")
        if now != before and version.change_kind != ChangeKind.EDITORIAL:
            return version
        before = now
    return None
