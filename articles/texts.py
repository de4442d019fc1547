"""A stored version as plain text, for the gate, the hash, the renderer and differences."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.text import slugify

from articles import gate
from articles.bodies import BodyContent, Source, Stock, Word, body_content
from articles.citations import CITATION
from articles.difference import Change, Section, compare
from articles.findings import Finding
from articles.fingerprint import content_hash, holds, words_of
from articles.markup import Picture
from articles.models import (
    ArticleVersion,
    GlossaryTerm,
    HiddenPassage,
    Image,
    LinkHealth,
    LinkTarget,
    Passage,
    Reference,
    ReferenceStatus,
    SignOff,
    SignOffKind,
)
from articles.readability import count_words
from articles.risks import MEDICINE, TERM, is_medicine


@dataclass(frozen=True)
class VersionText:
    title: str
    summary: str
    key_points: tuple[str, ...]
    written_by: str
    passages: tuple[tuple[str, str, str], ...]
    """(key, heading, body) in reading order."""
    change_note: str = ""

    @property
    def content_hash(self) -> str:
        """Changes when one character that a reader sees changes."""
        return content_hash(
            {
                "title": self.title,
                "summary": self.summary,
                "key_points": self.key_points,
                "written_by": self.written_by,
                "passages": self.passages,
                "change_note": self.change_note,
            }
        )

    @property
    def word_count(self) -> int:
        parts = [self.summary, *self.key_points]
        parts += [f"{heading} {body}" for _, heading, body in self.passages]
        return sum(count_words(CITATION.sub("", part)) for part in parts)

    @property
    def sections(self) -> tuple[Section, ...]:
        lines = "\n".join(self.key_points)
        return (
            Section("=title", "Title", self.title),
            Section("=summary", "Summary", self.summary),
            Section("=key-points", "Key points", lines),
            Section("=author", "Author", self.written_by),
            *(Section(key, head, body) for key, head, body in self.passages),
        )


def text_of(version: ArticleVersion) -> VersionText:
    rows = version.passages.order_by("position", "pk")
    return VersionText(
        title=version.title,
        summary=version.summary,
        key_points=lines_of(version.key_points),
        written_by=version.written_by,
        passages=tuple(rows.values_list("key", "heading", "body")),
        change_note=version.change_note,
    )


def lines_of(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())


def stock_of() -> Stock:
    """All sources, words and pictures that a text may use."""
    return Stock(
        sources={
            ref.key: Source(ref.key, ref.csl, _warning(ref), ref.status in gate.GONE)
            for ref in Reference.objects.all()
        },
        words={
            row.slug: Word(row.slug, row.term, row.definition, row.say, tuple(row.also))
            for row in GlossaryTerm.objects.all()
        },
        pictures={
            str(row.pk): Picture(
                row.get_absolute_url(), row.width, row.height, row.credit
            )
            for row in Image.objects.all()
        },
    )


def _warning(reference: Reference) -> str:
    if reference.status == ReferenceStatus.CURRENT:
        return ""
    return (
        f"This source is {reference.status_in_words}. {reference.status_note}".strip()
    )


def hidden_of(version: ArticleVersion) -> dict[str, str]:
    """The keys of the passages that readers must not see now, each with its reason."""
    rows = HiddenPassage.objects.in_force().filter(article=version.article_id)
    return dict(rows.values_list("key", "reason"))


def hidden_words(article_id: int) -> dict[str, str]:
    """The keys of these passages, each with its words as they were hidden."""
    rows = HiddenPassage.objects.in_force().filter(article=article_id)
    return {row.key: _words(row) for row in rows}


def _words(hidden: HiddenPassage) -> str:
    passage = hidden.as_hidden()
    return words_of(passage.body) if passage else ""


def echoes(hidden: HiddenPassage, *, at: dt.datetime) -> tuple[Passage, ...]:
    """Passages under other keys that give readers its words, now or when they go live."""
    words = _words(hidden)
    keys = HiddenPassage.objects.in_force().filter(article=hidden.article_id)
    rows = (
        Passage.objects.filter(
            version__in=ArticleVersion.objects.on_the_site(at),
            version__article=hidden.article_id,
        )
        .exclude(key__in=keys.values("key"))
        .select_related("version")
        .defer("version__html")
        .order_by("version__live_from", "position")
    )
    return tuple(row for row in rows if holds(row.body, words))


def body_of(version: ArticleVersion, stock: Stock) -> BodyContent:
    """The version's page, rendered but not yet laid out."""
    return _body_of(version, stock, hidden=hidden_of(version))


def whole_body_of(version: ArticleVersion, stock: Stock) -> BodyContent:
    """The same with the passages that are hidden from readers, for who answers for them."""
    return _body_of(version, stock, hidden={})


def _body_of(
    version: ArticleVersion, stock: Stock, *, hidden: Mapping[str, str]
) -> BodyContent:
    text = text_of(version)
    return body_content(
        summary=text.summary,
        key_points=text.key_points,
        passages=text.passages,
        stock=stock,
        hidden=hidden,
    )


def findings(version: ArticleVersion) -> tuple[Finding, ...]:
    """What keeps this version from being published, and what could be better."""
    text = text_of(version)
    draft = gate.Draft(
        title=text.title,
        summary=text.summary,
        key_points=text.key_points,
        passages=text.passages,
        change_note=text.change_note,
        is_first=version.number == 1,
        is_signed=_is_signed(version),
        hidden=hidden_words(version.article_id),
    )
    return gate.findings(draft, known=_known())


def _is_signed(version: ArticleVersion) -> bool:
    signed = SignOff.objects.in_force().filter(version=version)
    return signed.filter(kind=SignOffKind.CLINICAL).exists()


def _known() -> gate.Known:
    broken = LinkTarget.objects.filter(health=LinkHealth.BROKEN)
    return gate.Known(
        references=dict(Reference.objects.values_list("key", "status")),
        pictures={str(pk) for pk in Image.objects.values_list("pk", flat=True)},
        broken_links=frozenset(broken.values_list("url", flat=True)),
    )


def changes(old: ArticleVersion | None, new: ArticleVersion) -> tuple[Change, ...]:
    """What a reader would see change if `new` took the place of `old`."""
    before = text_of(old).sections if old else ()
    return compare(before, text_of(new).sections, names=names_of())


def names_of() -> dict[str, str]:
    """Every name of the glossary in small letters, and whether it is a medicine's."""
    names: dict[str, str] = {}
    for row in GlossaryTerm.objects.all():
        called = [row.term, *row.also]
        kind = MEDICINE if any(map(is_medicine, called)) else TERM
        names |= {name.lower(): kind for name in called}
    return names


def used_keys(article_id: int) -> Iterable[str]:
    """Keys of passages in any version of an article: a question may still rest on one."""
    passages = Passage.objects.filter(version__article=article_id)
    return passages.values_list("key", flat=True).distinct()


def free_key(heading: str, taken: Iterable[str]) -> str:
    """The heading as a key that nothing else has or had."""
    stem = slugify(heading)[:70].strip("-") or "passage"
    key, number = stem, 1
    while key in taken:
        number += 1
        key = f"{stem}-{number}"
    return key
