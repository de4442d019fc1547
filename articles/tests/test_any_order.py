"""Moves in any order: what always holds, whatever staff do next."""

import datetime as dt
from copy import copy

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from articles import publishing, rendering
from articles.models import ArticleVersion, Frozen, Passage
from articles.publishing import CannotMove, CannotPublish, StaleDraft
from articles.tests.factories import AT, BODY, make_article, write

REFUSALS = (CannotMove, CannotPublish, StaleDraft, Frozen)
BODIES = [BODY, f"{BODY} More.", "It helped 9 out of 100 people.", "Nothing cited."]
VERSIONS = st.integers(min_value=0, max_value=9)
LATER = [None, dt.timedelta(hours=1), dt.timedelta(hours=3), -dt.timedelta(hours=1)]


def stored(article):
    """All that the moves could change."""
    versions = article.versions.order_by("pk").values()
    passages = Passage.objects.filter(version__article=article).order_by("pk").values()
    return list(versions), list(passages)


def text_of(version):
    passages = version.passages.order_by("pk").values_list("key", "heading", "body")
    return (version.title, version.summary, version.content_hash, tuple(passages))


class Staff(RuleBasedStateMachine):
    """People who press every button, also twice and from old pages."""

    @initialize()
    def begin(self):
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.now = AT
        self.article = make_article(publish=False)
        self.frozen = {}
        self.schedule = {}
        self.old_pages = list(self.article.versions.all())

    def teardown(self):
        if hasattr(self, "undo"):
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    def attempt(self, move):
        """Whether the move was made; a refusal must leave everything as it was."""
        before = stored(self.article)
        try:
            with transaction.atomic():
                move()
        except REFUSALS:
            assert stored(self.article) == before
            return False
        self.old_pages += self.article.versions.all()
        return True

    def seen(self, number):
        """A version as some page showed it, perhaps long ago."""
        return copy(self.old_pages[-1 - number % len(self.old_pages)])

    @rule()
    def start(self):
        self.attempt(lambda: publishing.start_draft(self.article, by=None, at=self.now))

    @rule(number=VERSIONS, body=st.sampled_from(BODIES))
    def save(self, number, body):
        version = self.seen(number)
        self.attempt(
            lambda: write(
                version, passages={"a": body}, change_note="New.", at=self.now
            )
        )

    @rule(number=VERSIONS, move=st.sampled_from(["submit", "approve", "discard"]))
    def go_on(self, number, move):
        version = self.seen(number)
        self.attempt(lambda: getattr(publishing, move)(version, by=None))

    @rule(number=VERSIONS)
    def give_back(self, number):
        version = self.seen(number)
        self.attempt(
            lambda: publishing.return_for_changes(version, by=None, reason="Mend it.")
        )

    @rule(number=VERSIONS, later=st.sampled_from(LATER))
    def publish(self, number, later):
        version = self.seen(number)
        moment = self.now + (later or dt.timedelta())
        if self.attempt(
            lambda: publishing.publish(
                version, by=None, at=self.now, live_from=moment if later else None
            )
        ):
            self.frozen[version.pk] = text_of(version)
            self.schedule[version.pk] = moment

    @rule()
    def withdraw(self):
        if self.attempt(
            lambda: publishing.withdraw(
                self.article, by=None, at=self.now, reason="Wrong."
            )
        ):
            self.schedule.clear()

    @rule(number=VERSIONS)
    def call_off(self, number):
        version = self.seen(number)
        if self.attempt(lambda: publishing.call_off(version, by=None, at=self.now)):
            assert self.schedule.pop(version.pk) > self.now

    @rule(number=VERSIONS)
    def restore(self, number):
        versions = list(self.article.versions.all())
        if versions:
            version = versions[number % len(versions)]
            self.attempt(lambda: publishing.restore(version, by=None, at=self.now))

    @rule()
    def render_again(self):
        rendering.rerender(ArticleVersion.objects.all(), at=self.now)

    @rule(number=VERSIONS)
    def reach_past_the_moves(self, number):
        version = self.seen(number)
        rows = ArticleVersion.objects.filter(pk=version.pk)
        done = self.attempt(lambda: rows.update(title="Changed"))
        assert not (done and version.pk in self.frozen)

    @rule(hours=st.integers(min_value=1, max_value=2))
    def wait(self, hours):
        self.now += dt.timedelta(hours=hours)

    @invariant()
    def there_is_at_most_one_working_version(self):
        assert self.article.versions.working().count() <= 1

    @invariant()
    def readers_see_the_latest_whose_moment_has_come(self):
        come = {pk: at for pk, at in self.schedule.items() if at <= self.now}
        expected = [max(come, key=come.get)] if come else []
        live = self.article.versions.live(self.now).values_list("pk", flat=True)
        assert list(live) == expected

    @invariant()
    def no_older_text_comes_after_a_newer_one(self):
        in_order = sorted(self.schedule, key=self.schedule.get)
        numbers = self.article.versions.in_bulk(in_order)
        assert in_order == sorted(in_order, key=lambda pk: numbers[pk].number)

    @invariant()
    def published_text_never_changes(self):
        rows = ArticleVersion.objects.in_bulk(list(self.frozen))
        assert {pk: text_of(rows[pk]) for pk in self.frozen} == self.frozen

    @invariant()
    def numbers_are_never_used_twice(self):
        numbers = list(self.article.versions.values_list("number", flat=True))
        assert len(numbers) == len(set(numbers))


@pytest.mark.django_db
class TestAnyOrderOfMoves:
    def test_keeps_what_always_holds(self):
        run_state_machine_as_test(
            Staff,
            settings=settings(
                max_examples=20,
                stateful_step_count=18,
                deadline=None,
                derandomize=True,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
