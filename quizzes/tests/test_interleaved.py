"""A source is marked while somebody accepts or publishes a question on it."""

import datetime as dt

import pytest
from django.utils import timezone

from articles import retracting
from articles.models import Reference
from articles.tests.desk_forms import fields_of, said, staff_client
from articles.tests.factories import (
    BODY,
    make_article,
    make_reference,
    make_user,
    make_version,
)
from articles.tests.interleaved import interleave
from articles.tests.test_notices import HEAD, line
from quizzes import authoring, suspicion
from quizzes.models import Question
from quizzes.tests.factories import LATER, edit_question, live_version, make_question

pytestmark = pytest.mark.django_db(transaction=True)
LIST = "/admin/quizzes/question/"
MARKING = 'UPDATE "articles_reference"'
ACCEPTING = 'UPDATE "quizzes_basis"'


@pytest.fixture
def question():
    make_reference(DOI="10.1000/Ours")
    make_article()
    return make_question()


@pytest.fixture
def draft(question):
    return edit_question(question, publish=False)


@pytest.fixture
def publisher():
    return staff_client(make_user("pia@example.org", groups=["Publisher"]))


def mark():
    """With a moment at which the table was opened, long before it was read."""
    opened = timezone.now() - dt.timedelta(minutes=1)
    rows = (HEAD, line(nature="Correction"))
    retracting.mark([f"{row}\n" for row in rows], by=None, at=opened)


def accept(question):
    version = live_version(question)
    authoring.accept_passage(version, by=None, at=timezone.now())


def publish(draft):
    authoring.publish_question(draft, by=None, at=timezone.now())


def is_asked(question):
    assert Reference.objects.get().status == "corrected"
    return Question.objects.askable(timezone.now()).contains(question)


def refused(move, row):
    with pytest.raises(authoring.CannotMove, match="was not shown yet"):
        move(row)


class TestAQuestionWhoseSourceIsMarkedMeanwhile:
    """Nobody who accepted or published it saw what is told of the source."""

    def test_is_not_accepted_after_the_mark(self, question):
        interleave(mark, lambda: refused(accept, question), before=MARKING)
        assert not is_asked(question)

    def test_is_left_out_of_several_after_the_mark(self, question, publisher):
        her2 = live_version(question).basis.article
        passages = {"what-is-her2": f"{BODY} So [@slamon2001]."}
        make_version(her2, passages=passages, change_kind="editorial", at=LATER)
        chosen = {"action": "accept_wording", "_selected_action": question.pk}
        shown = fields_of(publisher.post(LIST, chosen))
        _, answer = interleave(
            mark, lambda: publisher.post(LIST, shown), before=MARKING
        )
        assert said(answer) == ["0 of 1 questions are checked now."]
        assert not is_asked(question)

    def test_is_not_published_after_the_mark(self, question, draft):
        interleave(mark, lambda: refused(publish, draft), before=MARKING)
        assert not is_asked(question)

    def test_waits_when_it_was_accepted_before_the_mark(self, question):
        interleave(lambda: accept(question), mark, before=ACCEPTING)
        assert not is_asked(question)

    def test_waits_when_it_was_published_before_the_mark(self, question, draft):
        interleave(lambda: publish(draft), mark, before=ACCEPTING)
        assert not is_asked(question)

    def test_is_asked_when_the_mark_was_there_and_seen(self, question):
        mark()
        told = Reference.objects.all()
        seen = suspicion.seal(told)
        version = live_version(question)
        authoring.accept_passage(version, by=None, at=timezone.now(), seen_sources=seen)
        assert is_asked(question)
