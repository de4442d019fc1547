"""Certificates are issued once, for a passed test, under a name that can be printed."""

import pytest
from django.contrib.admin.models import LogEntry

from articles.tests.factories import AT, make_user
from quizzes import certifying
from quizzes.models import Certificate, Purpose
from quizzes.tests.factories import LATER, begin, make_quiz, take
from quizzes.tests.test_parallel import at_once

pytestmark = pytest.mark.django_db
RIGHT, WRONG = "A protein", "A virus"


def make_test(**settings):
    fields = {"pass_mark": 50, "gives_certificate": True, **settings}
    return make_quiz("exam", questions=2, purpose=Purpose.TEST, **fields)


def issue(attempt, name="Eva Berg", at=AT):
    return certifying.issue(attempt, name=name, at=at)


class TestIssuing:
    def test_gives_a_passed_test_its_certificate(self):
        attempt = take(make_test(), RIGHT, WRONG)
        certificate = issue(attempt)
        assert certificate.attempt == attempt
        assert (certificate.name, certificate.issued_at) == ("Eva Berg", AT)

    def test_twice_finds_the_first_with_its_name(self):
        attempt = take(make_test(), RIGHT, RIGHT)
        first = issue(attempt)
        assert issue(attempt, name="Ida Holm", at=LATER) == first
        assert Certificate.objects.get().name == "Eva Berg"

    def test_gives_every_certificate_its_own_code(self):
        exam = make_test()
        codes = {issue(take(exam, RIGHT, RIGHT)).code for _ in range(5)}
        assert len(codes) == 5

    def test_is_refused_below_the_pass_mark(self):
        attempt = take(make_test(pass_mark=51), RIGHT, WRONG)
        with pytest.raises(certifying.CannotIssue, match="earns no certificate"):
            issue(attempt)

    def test_is_refused_before_the_end(self):
        attempt = take(make_test(), RIGHT)
        with pytest.raises(certifying.CannotIssue, match="earns no certificate"):
            issue(attempt)

    def test_is_refused_where_the_test_gives_none(self):
        attempt = take(make_test(gives_certificate=False), RIGHT, RIGHT)
        with pytest.raises(certifying.CannotIssue, match="earns no certificate"):
            issue(attempt)

    def test_is_refused_for_a_plain_quiz(self):
        attempt = take(make_quiz(questions=1), RIGHT)
        with pytest.raises(certifying.CannotIssue, match="earns no certificate"):
            issue(attempt)


class TestAName:
    @pytest.mark.parametrize(
        ("written", "printed"),
        [
            ("  Eva   Berg\t", "Eva Berg"),
            ("Eva\nBerg", "Eva Berg"),
            ("Eva\x00 Berg\x1b", "Eva Berg"),
            ("Eva \u202egreB\u202c", "Eva greB"),
            ("\u2066Eva\u2069 Berg\u200f", "Eva Berg"),
            ("Eva\ufeff Berg\ud800", "Eva Berg"),
            ("Ju\u0308rgen", "J\u00fcrgen"),
            ("\u0622\u0648\u0627\u200c\u062e\u0627\u0646\u0645",) * 2,
        ],
        ids=[
            "spaces",
            "lines",
            "controls",
            "turned around",
            "isolates",
            "unseen",
            "accent",
            "joiner kept",
        ],
    )
    def test_is_printed_without_what_cannot_be_seen(self, written, printed):
        assert certifying.printable(written) == printed

    @pytest.mark.parametrize("name", ["", "  ", "\u202e", "\u200d", "\x00"])
    def test_without_a_letter_is_refused(self, name):
        attempt = take(make_test(), RIGHT, RIGHT)
        with pytest.raises(certifying.CannotIssue, match="Write the name"):
            issue(attempt, name=name)
        assert not Certificate.objects.exists()

    def test_can_be_as_long_as_the_line(self):
        assert certifying.printable("n" * 120) == "n" * 120

    def test_that_is_longer_is_refused(self):
        with pytest.raises(certifying.CannotIssue, match="120 characters at most"):
            certifying.printable("n" * 121)


class TestWithdrawing:
    @pytest.fixture
    def certificate(self):
        return issue(take(make_test(), RIGHT, RIGHT))

    @pytest.fixture
    def pia(self):
        return make_user("pia@example.org", name="Pia")

    def test_says_when_by_whom_and_why(self, certificate, pia):
        certifying.withdraw(certificate, by=pia, reason=" Issued in error. ", at=LATER)
        certificate.refresh_from_db()
        assert certificate.withdrawn_at == LATER
        assert certificate.withdrawn_by == pia
        assert certificate.withdrawn_reason == "Issued in error."
        message = LogEntry.objects.get(user=pia).get_change_message()
        assert message == "Withdrawn: Issued in error."

    def test_twice_is_refused_and_keeps_the_first(self, certificate, pia):
        certifying.withdraw(certificate, by=pia, reason="Issued in error.", at=AT)
        with pytest.raises(certifying.CannotWithdraw, match="withdrawn already"):
            certifying.withdraw(certificate, by=pia, reason="Again.", at=LATER)
        certificate.refresh_from_db()
        assert certificate.withdrawn_reason == "Issued in error."

    @pytest.mark.parametrize("reason", ["", "  "])
    def test_without_a_reason_is_refused(self, certificate, reason):
        with pytest.raises(certifying.CannotWithdraw, match="Say why"):
            certifying.withdraw(certificate, by=None, reason=reason, at=AT)

    def test_is_not_undone_by_asking_for_it_again(self, certificate):
        certifying.withdraw(certificate, by=None, reason="In error.", at=AT)
        assert issue(certificate.attempt).withdrawn_at == AT


@pytest.mark.django_db(transaction=True)
class TestAtTheSameMoment:
    def test_eight_times_issues_one(self):
        attempt = take(make_test(), RIGHT, RIGHT)
        found = at_once(*(lambda: issue(attempt) for _ in range(8)))
        assert len({certificate.code for certificate in found}) == 1
        assert Certificate.objects.count() == 1

    def test_an_unfinished_attempt_has_none_however_often_it_is_asked(self):
        attempt = begin(make_test())
        assert not certifying.may_have(attempt)
