"""Mark sources by a table of notices, and renew their pages."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from articles import retracting
from articles.models import Reference
from articles.notices import CannotReadNotices
from articles.tests.desk_forms import address, said, staff_client, text
from articles.tests.factories import (
    AT,
    make_article,
    make_reference,
    make_user,
    set_status,
)
from articles.tests.test_notices import HEAD, line

pytestmark = pytest.mark.django_db
SCREEN = "/admin/articles/reference/retractions/"


@pytest.fixture
def ours():
    make_reference("slamon2001", DOI="10.1000/Ours")
    make_article(title="About HER2")
    return Reference.objects.get()


def mark(*lines):
    return retracting.mark([f"{row}\n" for row in (HEAD, *lines)], by=None, at=AT)


def send(client, *lines, **buttons):
    content = "\n".join([HEAD, *lines]).encode()
    file = SimpleUploadedFile("table.csv", content, content_type="text/csv")
    return client.post(SCREEN, {"file": file, **buttons})


def status_of(row):
    row.refresh_from_db()
    return row.status


class TestATableOfNotices:
    def test_marks_a_source_with_its_day_and_who_says_so(self, ours):
        (marking,) = mark(line()).marked
        assert marking.uses == (("About HER2", "What is her2"),)
        ours.refresh_from_db()
        assert (ours.status, ours.status_on) == ("retracted", dt.date(2026, 3, 5))
        assert ours.status_note.startswith("Retraction, doi:10.1000/note")

    def test_stores_when_it_was_marked_not_when_the_table_was_opened(self, ours):
        before = timezone.now()
        mark(line())
        ours.refresh_from_db()
        assert ours.status_set_at > before > AT

    def test_warns_on_the_pages_at_once(self, ours, client):
        client.get("/articles/her2/")
        mark(line())
        sentence = "This source is retracted (5 March 2026). Retraction, doi:10.1000"
        assert sentence in text(client.get("/articles/her2/"))

    def test_changes_nothing_the_second_time(self, ours):
        mark(line())
        Reference.objects.update(status_note="An editor said it better.")
        outcome = mark(line())
        assert (outcome.marked, outcome.known) == ((), 1)
        assert Reference.objects.get().status_note == "An editor said it better."

    @pytest.mark.parametrize(
        ("before", "nature", "after"),
        [
            ("corrected", "Retraction", "retracted"),
            ("superseded", "Retraction", "retracted"),
            ("superseded", "Correction", "superseded"),
            ("retracted", "Correction", "retracted"),
            ("withdrawn", "Retraction", "withdrawn"),
            ("current", "Correction", "corrected"),
        ],
    )
    def test_never_makes_less_of_what_is_known(self, ours, before, nature, after):
        set_status(before)
        mark(line(nature=nature))
        assert status_of(ours) == after

    def test_marks_a_source_again_that_was_corrected_again(self, ours):
        mark(line(nature="Correction"))
        first = Reference.objects.get().status_set_at
        mark(line(nature="Correction", date="5/6/2026 0:00"))
        ours.refresh_from_db()
        assert (ours.status, ours.status_on) == ("corrected", dt.date(2026, 5, 6))
        assert ours.status_set_at > first

    def test_leaves_a_corrected_source_alone_where_the_notice_is_older(self, ours):
        mark(line(nature="Correction"))
        outcome = mark(line(nature="Correction", date="3/4/2026 0:00"))
        assert (outcome.marked, outcome.known) == ((), 1)

    def test_leaves_a_later_correction_of_what_is_superseded_to_a_person(self, ours):
        set_status("superseded")
        Reference.objects.update(status_on=dt.date(2026, 3, 4))
        outcome = mark(line(nature="Correction"))
        assert [m.notice.nature for m in outcome.for_a_person] == ["Correction"]
        assert (status_of(ours), outcome.known) == ("superseded", 0)
        Reference.objects.update(status_on=dt.date(2026, 3, 5))
        outcome = mark(line(nature="Correction"))
        assert (outcome.for_a_person, outcome.known) == ((), 1)

    def test_lets_the_gravest_notice_count(self, ours):
        mark(line(nature="Expression of concern"), line(), line(nature="Correction"))
        assert status_of(ours) == "retracted"

    @pytest.mark.parametrize("nature", ["Expression of concern", "Reinstatement"])
    def test_leaves_what_is_to_be_weighed_to_a_person(self, ours, nature):
        outcome = mark(line(nature=nature))
        assert [m.notice.nature for m in outcome.for_a_person] == [nature]
        assert status_of(ours) == "current"

    def test_does_not_retract_again_what_was_reinstated(self, ours):
        mark(line(), line(nature="Reinstatement"))
        assert status_of(ours) == "current"

    def test_retracts_again_what_was_retracted_after_it_was_reinstated(self, ours):
        mark(line(nature="Reinstatement", date="3/4/2026 0:00"), line())
        assert status_of(ours) == "retracted"

    @pytest.mark.parametrize("nature", ["Expression of concern", "Reinstatement"])
    @pytest.mark.parametrize("status", ["corrected", "retracted"])
    def test_leaves_it_to_a_person_whatever_the_source_is_marked_as(
        self, ours, status, nature
    ):
        set_status(status)
        outcome = mark(line(nature=nature))
        assert [m.notice.nature for m in outcome.for_a_person] == [nature]
        assert (status_of(ours), outcome.known) == (status, 0)

    @pytest.mark.parametrize("nature", ["Expression of concern", "Reinstatement"])
    def test_leaves_it_to_a_person_beside_what_it_marks(self, ours, nature):
        outcome = mark(line(nature="Correction"), line(nature=nature))
        assert [m.notice.nature for m in outcome.for_a_person] == [nature]
        assert status_of(ours) == "corrected"

    def test_leaves_each_such_notice_to_a_person(self, ours):
        concern = line(nature="Expression of concern")
        outcome = mark(concern, line(), line(nature="Reinstatement"))
        natures = [m.notice.nature for m in outcome.for_a_person]
        assert natures == ["Expression of concern", "Reinstatement"]

    def test_finds_a_source_by_its_pmid(self, ours):
        make_reference("other", PMID="7")
        (marking,) = mark(line(doi="unavailable", pmid="7")).marked
        assert marking.reference.key == "other"

    def test_with_a_fault_on_one_source_of_ours_marks_none(self, ours):
        make_reference("other", DOI="10.1000/other")
        with pytest.raises(CannotReadNotices):
            mark(line(), line(doi="10.1000/other", date="?"))
        assert status_of(ours) == "current"

    def test_is_given_up_when_a_source_is_edited_meanwhile(self, ours):
        def lines():
            yield f"{HEAD}\n"
            # After the sources were read.
            set_status("corrected")
            yield line()

        with pytest.raises(retracting.CannotMark, match="Somebody changed @slamon2001"):
            retracting.mark(lines(), by=None, at=AT)


class TestTheScreen:
    def test_shows_first_what_would_change(self, publisher, ours):
        page = text(send(publisher, line()))
        assert "What the table would change" in page
        assert "Page “About HER2”: What is her2" in page
        assert status_of(ours) == "current"

    def test_loads_the_table(self, publisher, ours):
        response = send(publisher, line(), _load="1")
        assert said(response) == ["Loaded. Sources marked: 1."]
        assert status_of(ours) == "retracted"
        history = text(publisher.get(address(ours, "history")))
        assert "Marked as retracted: Retraction, doi:10.1000/note" in history

    def test_says_what_a_person_has_to_decide(self, publisher, ours):
        page = text(send(publisher, line(nature="Reinstatement"), line(doi="none")))
        assert "For you to decide" in page
        assert "and so are passed over: 1. The first: line 3." in page

    def test_refuses_a_table_with_a_fault(self, publisher, ours):
        page = text(send(publisher, line(date="soon"), _load="1"))
        assert "Line 2: “soon” is not a day." in page
        assert status_of(ours) == "current"

    def test_needs_a_file(self, publisher):
        assert "Choose a file." in text(publisher.post(SCREEN, {}))

    def test_refuses_a_file_without_end(self, publisher, monkeypatch):
        monkeypatch.setattr("articles.admin.retractions.LARGEST_FILE", 10)
        assert "This file is larger than 100 MB." in text(send(publisher, line()))

    def test_is_for_who_may_change_sources(self, publisher):
        author = staff_client(make_user("ana@example.org", groups=["Author"]))
        assert author.get(SCREEN).status_code == 403
        assert send(author, line(), _load="1").status_code == 403
        assert publisher.get(SCREEN).status_code == 200

    def test_is_reached_from_the_list_by_who_may_use_it(self, publisher):
        author = staff_client(make_user("ana@example.org", groups=["Author"]))
        link = f'href="{SCREEN}">Load retractions</a>'
        sources = "/admin/articles/reference/"
        assert link in text(publisher.get(sources))
        assert link not in text(author.get(sources))

    def test_says_that_the_file_has_to_be_chosen_again(self, publisher, ours):
        sentence = "choose the file once more"
        assert sentence in text(send(publisher, line()))
        assert sentence not in text(send(publisher, line(), _load="1"))

    def test_keeps_a_script_in_the_table_as_letters(self, publisher, ours):
        page = text(send(publisher, line(reason="<script>alert(1)</script>")))
        assert "&lt;script&gt;alert(1)" in page
        assert "<script>alert" not in page
