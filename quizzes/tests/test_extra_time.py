"""More minutes in a test for people who need them, given in the admin."""

import pytest

from articles.tests.desk_forms import address, save, staff_client, text
from articles.tests.factories import make_user
from quizzes.models import ExtraTime, Purpose
from quizzes.tests.factories import make_quiz

pytestmark = pytest.mark.django_db
LIST = "/admin/quizzes/extratime/"


@pytest.fixture
def pia():
    return staff_client(make_user("pia@example.org", name="Pia", groups=["Publisher"]))


@pytest.fixture
def exam():
    return make_quiz("exam", purpose=Purpose.TEST, time_limit=20)


@pytest.fixture
def asa():
    return make_user("asa@example.org", is_staff=False)


def grant(client, exam, email, minutes="10"):
    fields = {"quiz": exam.pk, "email": email, "minutes": minutes}
    return client.post(f"{LIST}add/", fields)


class TestExtraTime:
    def test_is_given_to_a_person_by_their_address(self, pia, exam, asa):
        grant(pia, exam, "Asa@example.org")
        row = ExtraTime.objects.get()
        assert (row.quiz, row.user, row.minutes) == (exam, asa, 10)
        assert "asa@example.org" in text(pia.get(LIST))

    def test_can_be_changed_and_taken_away(self, pia, exam, asa):
        grant(pia, exam, asa.email)
        row = ExtraTime.objects.get()
        save(pia, row, minutes="30")
        assert ExtraTime.objects.get().minutes == 30
        pia.post(address(row, "delete"), {"post": "yes"})
        assert not ExtraTime.objects.exists()

    def test_for_somebody_without_an_account_is_refused(self, pia, exam):
        page = text(grant(pia, exam, "nobody@example.org"))
        assert "Nobody has an account as nobody@example.org." in page

    def test_twice_for_one_person_is_refused(self, pia, exam, asa):
        grant(pia, exam, asa.email)
        page = text(grant(pia, exam, asa.email))
        assert "This person has extra time already." in page

    def test_is_not_for_authors(self, exam, asa):
        ana = staff_client(make_user("ana@example.org", groups=["Author"]))
        assert grant(ana, exam, asa.email).status_code == 403
