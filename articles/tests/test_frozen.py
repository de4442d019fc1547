"""Published text is refused every way of changing it that Django offers."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from articles import publishing
from articles.models import ArticleVersion, Frozen, Passage
from articles.tests.factories import AT, live, make_article, make_draft

LATER = AT + dt.timedelta(days=1)
pytestmark = pytest.mark.django_db


def published():
    return live(make_article())


def withdrawn():
    article = make_article()
    publishing.withdraw(article, by=None, at=AT, reason="Wrong.")
    return article.versions.get()


def draft():
    return make_article(publish=False).versions.get()


def change_version(version, way):
    rows = ArticleVersion.objects.filter(pk=version.pk)
    version.title = "Changed"
    ways = {
        "save": version.save,
        "save of one field": lambda: version.save(update_fields=["title"]),
        "save with an allowed field beside it": lambda: version.save(
            update_fields=["html", "title"]
        ),
        "update": lambda: rows.update(title="Changed"),
        "update with an allowed field beside it": lambda: rows.update(
            title="Changed", html="<p></p>"
        ),
        "update of everything": lambda: ArticleVersion.objects.update(title="Changed"),
        "bulk update": lambda: ArticleVersion.objects.bulk_update([version], ["title"]),
        "update or create": lambda: ArticleVersion.objects.update_or_create(
            pk=version.pk, defaults={"title": "Changed"}
        ),
        "save of a row with its number": lambda: ArticleVersion(
            pk=version.pk, article=version.article, number=1, title="Changed"
        ).save(),
    }
    ways[way]()


def change_passage(version, way):
    passage = version.passages.get()
    rows = Passage.objects.filter(pk=passage.pk)
    passage.body = "Changed"
    ways = {
        "save": passage.save,
        "save of one field": lambda: passage.save(update_fields=["body"]),
        "update": lambda: rows.update(body="Changed"),
        "update of everything": lambda: Passage.objects.update(body="Changed"),
        "update of the version's passages": lambda: version.passages.update(
            body="Changed"
        ),
        "bulk update": lambda: Passage.objects.bulk_update([passage], ["body"]),
        "update or create": lambda: Passage.objects.update_or_create(
            pk=passage.pk, defaults={"body": "Changed"}
        ),
    }
    ways[way]()


VERSION_WAYS = [
    "save",
    "save of one field",
    "save with an allowed field beside it",
    "update",
    "update with an allowed field beside it",
    "update of everything",
    "bulk update",
    "update or create",
    "save of a row with its number",
]
PASSAGE_WAYS = [
    "save",
    "save of one field",
    "update",
    "update of everything",
    "update of the version's passages",
    "bulk update",
    "update or create",
]


class TestTheTextOfAVersion:
    @pytest.mark.parametrize("make", [published, withdrawn])
    @pytest.mark.parametrize("way", VERSION_WAYS)
    def test_stays_once_it_was_published(self, make, way):
        version = make()
        with (
            pytest.raises(Frozen, match="Start a draft to change it"),
            transaction.atomic(),
        ):
            change_version(version, way)
        version.refresh_from_db()
        assert version.title == "About her2"

    @pytest.mark.parametrize("way", VERSION_WAYS)
    def test_changes_while_it_is_a_draft(self, way):
        version = draft()
        change_version(version, way)
        version.refresh_from_db()
        assert version.title == "Changed"

    def test_stays_although_the_row_in_hand_says_it_is_a_draft(self):
        version = published()
        version.status = "draft"
        with pytest.raises(Frozen):
            version.save()

    def test_is_not_reached_through_a_draft_of_the_same_article(self):
        version = published()
        make_draft(version.article)
        with pytest.raises(Frozen):
            version.article.versions.update(title="Changed")


class TestTheTextOfAPassage:
    @pytest.mark.parametrize("make", [published, withdrawn])
    @pytest.mark.parametrize("way", PASSAGE_WAYS)
    def test_stays_once_it_was_published(self, make, way):
        version = make()
        before = version.passages.get().body
        with (
            pytest.raises(Frozen, match="This passage is published"),
            transaction.atomic(),
        ):
            change_passage(version, way)
        assert version.passages.get().body == before

    @pytest.mark.parametrize("way", PASSAGE_WAYS)
    def test_changes_while_it_is_in_a_draft(self, way):
        version = draft()
        change_passage(version, way)
        assert version.passages.get().body == "Changed"


class TestANewPassage:
    def row(self, version):
        return Passage(version=version, key="new", heading="New", body="New.")

    def test_may_join_a_draft(self):
        version = draft()
        self.row(version).save()
        Passage.objects.bulk_create([Passage(version=version, key="b", heading="B")])
        assert version.passages.count() == 3

    def test_may_not_join_a_published_version(self):
        version = published()
        for join in (
            lambda: self.row(version).save(),
            lambda: Passage.objects.bulk_create([self.row(version)]),
            lambda: version.passages.create(key="new", heading="New", body="New."),
            lambda: version.passages.add(self.row(version), bulk=False),
        ):
            with pytest.raises(Frozen), transaction.atomic():
                join()
        assert version.passages.count() == 1

    def test_may_not_move_there_from_a_draft(self):
        version = published()
        stray = make_draft(version.article, passages={"stray": "Text."}).passages.get()
        moved = Passage.objects.get(pk=stray.pk)
        moved.version = version
        for move in (
            moved.save,
            lambda: Passage.objects.filter(pk=stray.pk).update(version=version),
            lambda: Passage.objects.filter(pk=stray.pk).update(version_id=version.pk),
            lambda: Passage.objects.bulk_update([moved], ["version"]),
        ):
            with pytest.raises(Frozen), transaction.atomic():
                move()
        assert version.passages.count() == 1

    def test_may_not_take_the_place_of_one_of_the_same_key(self):
        version = published()
        row = self.row(version)
        row.key = version.passages.get().key
        with pytest.raises(Frozen):
            Passage.objects.bulk_create(
                [row],
                update_conflicts=True,
                unique_fields=["version", "key"],
                update_fields=["body"],
            )

    def test_cannot_be_written_over_a_published_version(self):
        row = published()
        row.pk, row.title = None, "Changed"
        with pytest.raises(Frozen):
            ArticleVersion.objects.bulk_create(
                [row],
                update_conflicts=True,
                unique_fields=["article", "number"],
                update_fields=["title"],
            )


class TestADelete:
    @pytest.mark.parametrize("make", [published, withdrawn])
    def test_of_a_published_version_is_refused(self, make):
        version = make()
        rows = ArticleVersion.objects.filter(pk=version.pk)
        for delete in (
            version.delete,
            rows.delete,
            ArticleVersion.objects.all().delete,
        ):
            with pytest.raises(Frozen):
                delete()
        assert rows.exists()

    def test_of_a_published_passage_is_refused(self):
        version = published()
        for delete in (
            version.passages.get().delete,
            version.passages.all().delete,
            Passage.objects.all().delete,
        ):
            with pytest.raises(Frozen):
                delete()
        assert version.passages.exists()

    def test_of_a_draft_takes_its_passages_along(self):
        version = draft()
        version.delete()
        assert not Passage.objects.exists()

    def test_of_drafts_in_bulk_is_allowed(self):
        article = make_article()
        make_draft(article)
        article.versions.working().delete()
        assert article.versions.count() == 1


class TestWhatIsAboutTheText:
    def test_may_change_by_update(self):
        version = published()
        rows = ArticleVersion.objects.filter(pk=version.pk)
        assert rows.update(html="<p>New.</p>", rendered_at=LATER) == 1

    def test_may_change_by_saving_only_that(self):
        version = published()
        version.html = "<p>New.</p>"
        version.save(update_fields=["html"])
        version.refresh_from_db()
        assert version.html == "<p>New.</p>"

    def test_may_not_make_it_a_draft_again(self):
        rows = ArticleVersion.objects.filter(pk=published().pk)
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(status="draft")


class TestAStoredVersion:
    """What the database itself refuses, whatever code asks for it."""

    def refuses(self, version, **changes):
        with pytest.raises(IntegrityError), transaction.atomic():
            ArticleVersion.objects.filter(pk=version.pk).update(**changes)

    def test_has_a_status_that_is_known(self):
        self.refuses(draft(), status="secret")

    def test_cannot_be_published_without_moment_page_and_hash(self):
        full = {"live_from": AT, "html": "<p></p>", "content_hash": "0" * 64}
        version = draft()
        for missing in full:
            empty = None if missing == "live_from" else ""
            self.refuses(version, **full | {"status": "published", missing: empty})

    def test_cannot_have_a_moment_while_it_is_a_draft(self):
        self.refuses(draft(), live_from=AT)

    def test_cannot_be_withdrawn_without_a_reason_and_a_moment(self):
        version = published()
        self.refuses(version, status="withdrawn", withdrawn_at=AT)
        self.refuses(version, status="withdrawn", withdrawn_reason="Wrong.")

    def test_cannot_give_a_reason_while_it_is_published(self):
        self.refuses(published(), withdrawn_reason="Wrong.")

    def test_cannot_share_its_moment(self):
        article = make_article()
        second = make_draft(article)
        self.refuses(second, status="published", live_from=AT, html="<p></p>")
