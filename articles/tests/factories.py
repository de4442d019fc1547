"""Articles for tests, made by the moves that staff use. Pass only what the test is about."""

import datetime as dt

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.db import transaction

from articles import publishing, reviewing
from articles.models import (
    Article,
    GlossaryTerm,
    Passage,
    Reference,
    SignOffKind,
    Topic,
)

# Long past, so that what is published at it is live whenever the tests run.
AT = dt.datetime(2025, 1, 6, 9, 0, tzinfo=dt.UTC)
BODY = "HER2 is a protein on the surface of cells [@slamon2001]."
PASSAGES = {"what-is-her2": BODY}


def make_user(email="asa@example.org", *, groups=(), superuser=False, **fields):
    users = get_user_model().objects
    create = users.create_superuser if superuser else users.create_user
    staff = {} if superuser else {"is_staff": True}
    user = create(email, "correct horse battery", **{**staff, **fields})
    user.groups.set(Group.objects.get(name=name) for name in groups)
    return user


def make_topic(slug="basics", **fields):
    fields.setdefault("name", slug.replace("-", " ").capitalize())
    return Topic.objects.get_or_create(slug=slug, defaults=fields)[0]


def make_reference(key="slamon2001", *, status="current", status_note="", **csl):
    """A source; `csl` are fields of CSL-JSON beside its title and year."""
    item = {
        "type": "article-journal",
        "title": f"A trial by {key}",
        "issued": {"date-parts": [[2001]]},
        **csl,
    }
    fields = {"csl": item, "status": status, "status_note": status_note}
    fields["status_set_at"] = None if status == "current" else AT
    return Reference.objects.get_or_create(key=key, defaults=fields)[0]


def set_status(status, *, key="slamon2001", note="", at=AT):
    """Say of a source that it was retracted, say, without a page being rendered anew."""
    source = Reference.objects.filter(key=key)
    source.update(status=status, status_note=note, status_set_at=at)


def make_term(term="Antibody", **fields):
    fields = {"slug": term.lower(), "definition": f"What {term} means.", **fields}
    return GlossaryTerm.objects.create(term=term, **fields)


def make_article(slug="her2", *, topic=None, publish=True, at=AT, by=None, **text):
    """An article with one published version, or with a draft. `text` goes to make_draft."""
    make_reference()
    article = Article.objects.create(slug=slug, topic=topic or make_topic())
    draft = make_draft(article, at=at, by=by, **text)
    if publish:
        publishing.publish(draft, by=by, at=at)
    return article


def make_draft(article, *, at=AT, by=None, **text):
    """A draft from the live version, or a whole new text where there is none."""
    draft = publishing.start_draft(article, by=by, at=at)
    if draft.based_on is None:
        text = {
            "title": f"About {article.slug}",
            "summary": "What it is and why it matters.",
            "key_points": ["HER2 is a protein."],
            "written_by": "Asa Ek, nurse",
            "passages": PASSAGES,
            **text,
        }
    return write(draft, at=at, by=by, **{"change_note": "Said it better.", **text})


def write(draft, *, at=AT, by=None, passages=None, key_points=None, **fields):
    """Save over a draft as its form does.

    `passages` are a dictionary from key to body, or a list of (key, heading, body).
    """
    if key_points is not None:
        fields["key_points"] = "\n".join(key_points)
    with transaction.atomic():
        publishing.take_turn(draft, token=draft.edit_token, by=by, at=at)
        for name, value in fields.items():
            setattr(draft, name, value)
        draft.save()
        if passages is not None:
            _write_passages(draft, passages)
        publishing.settle(draft)
    return draft


def _write_passages(draft, passages):
    if isinstance(passages, dict):
        passages = [
            (key, key.replace("-", " ").capitalize(), body)
            for key, body in passages.items()
        ]
    draft.passages.all().delete()
    for position, (key, heading, body) in enumerate(passages):
        passage = Passage(version=draft, key=key, position=position)
        passage.heading, passage.body = heading, body
        passage.save()


def make_version(article, *, at=AT, by=None, live_from=None, **text):
    """Write a draft and publish it, from `live_from` or from `at`."""
    draft = make_draft(article, at=at, by=by, **text)
    publishing.publish(draft, by=by, at=at, live_from=live_from)
    return draft


def make_sign_off(version, *, by=None, at=AT, kind=SignOffKind.CLINICAL):
    version.refresh_from_db()
    return reviewing.sign_off(
        version,
        by=by or make_user("bo@example.org"),
        name="Bo Lind",
        role="oncologist",
        kind=kind,
        seen_hash=version.content_hash,
        at=at,
    )


def live(article, *, at=AT):
    """The version that readers see."""
    return article.versions.live(at).get()
