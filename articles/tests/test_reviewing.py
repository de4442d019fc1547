"""A named person's word that exactly this text is right."""

import datetime as dt

import pytest
from django.contrib.admin.models import LogEntry
from django.db import IntegrityError, transaction

from articles import publishing
from articles.models import ArticleVersion, SignOff, SignOffKind
from articles.reviewing import CannotSignOff, sign_off
from articles.tests.factories import (
    AT,
    BODY,
    live,
    make_article,
    make_draft,
    make_sign_off,
    make_user,
    write,
)

LATER = AT + dt.timedelta(days=1)
pytestmark = pytest.mark.django_db


@pytest.fixture
def asa():
    return make_user("asa@example.org")


@pytest.fixture
def draft(asa):
    return make_article(publish=False, by=asa).versions.get()


@pytest.fixture
def bo():
    return make_user("bo@example.org")


class TestASignOff:
    def test_names_the_text_the_person_and_the_moment(self, draft, bo):
        signed = make_sign_off(draft, by=bo, at=LATER)
        assert (signed.version, signed.content_hash) == (draft, draft.content_hash)
        assert (signed.reviewer, signed.name, signed.role) == (bo, "Bo Lind", "oncologist")  # fmt: skip
        assert (signed.kind, signed.signed_at) == ("clinical", LATER)

    def test_is_in_force_for_the_text_that_was_read(self, draft, bo):
        signed = make_sign_off(draft, by=bo)
        assert list(SignOff.objects.in_force()) == [signed]

    def test_is_written_into_the_trail(self, draft, bo):
        make_sign_off(draft, by=bo)
        entry = LogEntry.objects.get(user=bo)
        assert entry.change_message == "Signed off: clinical check."

    def test_stays_in_force_when_the_version_is_published(self, draft, bo):
        signed = make_sign_off(draft, by=bo)
        publishing.publish(draft, by=bo, at=LATER)
        assert list(SignOff.objects.in_force()) == [signed]

    def test_may_come_after_publication(self, draft, bo):
        publishing.publish(draft, by=None, at=AT)
        make_sign_off(draft, by=bo)
        assert SignOff.objects.in_force().count() == 1

    def test_may_be_given_for_each_kind_and_by_several_people(self, draft, bo):
        make_sign_off(draft, by=bo)
        make_sign_off(draft, by=bo, kind=SignOffKind.PLAIN_LANGUAGE)
        make_sign_off(draft, by=make_user("cy@example.org"))
        assert SignOff.objects.in_force().count() == 3

    def test_changes_the_page(self, draft, bo):
        make_sign_off(draft, by=bo, at=LATER)
        draft.article.refresh_from_db()
        assert draft.article.page_changed_at == LATER


class TestAChangedText:
    @pytest.mark.parametrize(
        "change",
        [
            {"title": "About her2!"},
            {"summary": "What it is and why it matters!"},
            {"key_points": ["HER2 is a protein!"]},
            {"written_by": "Asa Ek, nurse!"},
            {"passages": {"what-is-her2": f"{BODY}!"}},
            {"passages": {"what-is-her2": BODY.replace("HER2", "**HER2**")}},
            {"passages": {"what-was-her2": BODY}},
            {"passages": [("what-is-her2", "What is her2?", BODY)]},
        ],
    )
    def test_of_one_character_is_no_longer_signed(self, draft, asa, bo, change):
        make_sign_off(draft, by=bo)
        write(draft, by=asa, **change)
        assert not SignOff.objects.in_force().exists()

    def test_that_is_changed_back_is_signed_again(self, draft, asa, bo):
        make_sign_off(draft, by=bo)
        write(draft, by=asa, title="Changed")
        write(draft, by=asa, title="About her2")
        assert SignOff.objects.in_force().exists()

    def test_may_be_signed_anew(self, draft, asa, bo):
        make_sign_off(draft, by=bo)
        write(draft, by=asa, title="Changed")
        make_sign_off(draft, by=bo)
        assert SignOff.objects.in_force().count() == 1

    def test_in_the_next_version_is_not_signed(self, bo):
        article = make_article()
        make_sign_off(live(article), by=bo)
        make_draft(article, title="Next")
        in_force = SignOff.objects.in_force()
        assert [s.version for s in in_force] == [live(article)]

    def test_cannot_be_signed_by_who_read_the_old_one(self, draft, asa, bo):
        seen = draft.content_hash
        write(draft, by=asa, title="Changed")
        draft.content_hash = seen
        with pytest.raises(CannotSignOff, match="Read it again"):
            self.sign(draft, seen, bo)
        assert not SignOff.objects.exists()

    def sign(self, version, seen, by):
        sign_off(
            version,
            by=by,
            name="Bo Lind",
            role="oncologist",
            kind=SignOffKind.CLINICAL,
            seen_hash=seen,
            at=AT,
        )


class TestARefusal:
    def test_meets_who_made_the_last_edit(self, draft, asa):
        with pytest.raises(CannotSignOff, match="You made the last edit"):
            make_sign_off(draft, by=asa)
        assert not SignOff.objects.exists()

    def test_does_not_meet_who_made_an_edit_before_it(self, draft, asa, bo):
        write(draft, by=bo, title="Changed")
        assert make_sign_off(draft, by=asa)

    def test_meets_who_signed_this_text_before(self, draft, bo):
        make_sign_off(draft, by=bo)
        with pytest.raises(CannotSignOff, match="already signed off"):
            make_sign_off(draft, by=bo)
        assert SignOff.objects.count() == 1


class TestAStoredSignOff:
    def test_always_names_a_text(self, draft, bo):
        ArticleVersion.objects.update(content_hash="")
        with pytest.raises(IntegrityError), transaction.atomic():
            SignOff.objects.create(
                version=draft, reviewer=bo, kind="clinical", content_hash=""
            )
