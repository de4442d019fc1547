"""`close_idle_attempts`: what nobody goes on with is tidied up, and nothing is lost."""

import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from articles.tests.factories import make_user
from quizzes import answering, starting
from quizzes.models import Attempt, Purpose, Taker
from quizzes.tests.factories import GUEST, begin, give, make_quiz, mark_of, take

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
NOTHING = [
    "0 tests finished, whose time was up.",
    "0 attempts set aside, not answered for 14 days.",
    "0 attempts of guests cut off, older than 90 days.",
]


@pytest.fixture
def now():
    return timezone.now()


def close(*options):
    """Run the command; what it prints, line by line."""
    out = io.StringIO()
    call_command("close_idle_attempts", *options, stdout=out)
    return out.getvalue().splitlines()


def state_of(attempt):
    attempt.refresh_from_db()
    return attempt.state


def timed_test(**settings):
    return make_quiz(
        "exam", questions=2, purpose=Purpose.TEST, time_limit=20, **settings
    )


class TestClosingIdleAttempts:
    def test_finds_nothing_on_a_quiet_day(self):
        assert close() == NOTHING

    def test_sets_aside_what_nobody_answered_for_two_weeks(self, now):
        attempt = begin(make_quiz(), at=now - 15 * DAY)
        assert close()[1] == "1 attempt set aside, not answered for 14 days."
        assert state_of(attempt) == "set_aside"

    def test_leaves_alone_what_was_answered_since(self, now):
        attempt = begin(make_quiz(), at=now - 15 * DAY)
        give(attempt, 1, "A virus", at=now - 13 * DAY)
        assert close() == NOTHING
        assert state_of(attempt) == "in_progress"

    def test_takes_another_number_of_days(self, now):
        begin(make_quiz(), at=now - 3 * DAY)
        line = close("--days", "2")[1]
        assert line == "1 attempt set aside, not answered for 2 days."

    @pytest.mark.parametrize("days", ["0", "-1", "soon"])
    def test_refuses_what_is_no_number_of_days(self, now, days):
        attempt = begin(make_quiz(), at=now - DAY)
        with pytest.raises(CommandError, match="--days"):
            close("--days", days)
        assert state_of(attempt) == "in_progress"

    def test_keeps_what_was_answered(self, now):
        attempt = take(make_quiz(), "A protein", at=now - 15 * DAY)
        close()
        starting.resume(attempt)
        assert mark_of(attempt, 1) == 1000

    def test_finishes_a_test_at_its_deadline(self, now):
        attempt = begin(timed_test(), at=now - DAY)
        assert close()[0] == "1 test finished, whose time was up."
        assert state_of(attempt) == "submitted"
        assert attempt.submitted_at == attempt.deadline_at

    @pytest.mark.parametrize(("seconds", "finished"), [(60, 0), (61, 1)])
    def test_lets_an_answer_on_its_way_arrive(self, now, seconds, finished):
        attempt = begin(timed_test(), at=now)
        late = attempt.deadline_at + dt.timedelta(seconds=seconds)
        assert answering.finish_overdue(at=late) == finished

    def test_leaves_a_test_under_way_alone(self, now):
        attempt = begin(timed_test(), at=now)
        assert close() == NOTHING
        assert state_of(attempt) == "in_progress"

    def test_cuts_the_keys_of_guests_after_ninety_days(self, now):
        old = take(make_quiz("old", questions=1), "A virus", at=now - 91 * DAY)
        new = take(make_quiz("new", questions=1), "A virus", at=now - 89 * DAY)
        assert close()[2] == "1 attempt of guests cut off, older than 90 days."
        assert list(GUEST.theirs()) == [new]
        assert mark_of(old, 1) == 0

    def test_never_cuts_off_who_signed_in(self, now):
        eva = Taker(user_id=make_user().pk)
        take(make_quiz(questions=1), "A virus", taker=eva, at=now - 400 * DAY)
        assert close() == NOTHING
        assert eva.theirs().count() == 1

    def test_twice_finds_nothing_more(self, now):
        begin(make_quiz("a"), at=now - 91 * DAY)
        begin(timed_test(), at=now - DAY)
        close()
        before = list(Attempt.objects.order_by("pk").values())
        assert close() == NOTHING
        assert list(Attempt.objects.order_by("pk").values()) == before
