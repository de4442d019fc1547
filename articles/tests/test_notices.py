"""Tables of retractions, read line by line."""

import csv
import datetime as dt
import io

import pytest

from articles.notices import CannotReadNotices, read_notices

# The columns of the CSV file that Retraction Watch publishes through Crossref, in part.
HEAD = (
    "Record ID,Title,Reason,RetractionDate,RetractionDOI,RetractionPubMedID,"
    "OriginalPaperDate,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature"
)
OURS = {"10.1000/ours"}


def line(
    *,
    doi="10.1000/OURS",
    pmid="0",
    date="3/5/2026 0:00",
    nature="Retraction",
    notice="10.1000/note",
    reason="",
):
    cells = [1, "A, title", reason, date, notice, 0, "", doi, pmid, nature]
    target = io.StringIO()
    csv.writer(target, lineterminator="").writerow(cells)
    return target.getvalue()


def read(*lines, head=HEAD, dois=OURS, pmids=()):
    text = "\n".join([head, *lines])
    return read_notices(text.splitlines(keepends=True), dois=dois, pmids=pmids)


def refusal(*lines, **options):
    with pytest.raises(CannotReadNotices) as refused:
        read(*lines, **options)
    return refused.value.reasons


class TestALineOfRetractionWatch:
    def test_says_what_when_and_who(self):
        (notice,) = read(line(reason="+Error in Data;+Notice - Limited;")).notices
        assert (notice.outcome, notice.on) == ("retracted", dt.date(2026, 3, 5))
        assert notice.words == (
            "Retraction, doi:10.1000/note, as listed by Retraction Watch. "
            "Reasons given: Error in Data; Notice - Limited."
        )

    def test_without_a_notice_names_the_list_alone(self):
        (notice,) = read(line(notice="unavailable")).notices
        assert notice.words == "Retraction, as listed by Retraction Watch."

    def test_is_found_by_its_pmid(self):
        (notice,) = read(line(doi="unavailable", pmid="7"), pmids={"7"}).notices
        assert notice.pmid == "7"

    @pytest.mark.parametrize(
        ("nature", "outcome"),
        [
            ("Retraction", "retracted"),
            ("retraction", "retracted"),
            ("Correction", "corrected"),
            ("Expression of concern", ""),
            ("Reinstatement", ""),
        ],
    )
    def test_that_neither_retracts_nor_corrects_is_for_a_person(self, nature, outcome):
        assert read(line(nature=nature)).notices[0].outcome == outcome

    @pytest.mark.parametrize(
        "other", [line(doi="10.1000/other"), line(doi="10.1000/other", date="?")]
    )
    def test_on_another_paper_is_passed_over(self, other):
        table = read(other)
        assert (table.notices, table.nameless, table.lines) == ([], [], 1)

    def test_that_names_no_paper_is_counted_by_its_number(self):
        assert read(line(), line(doi="Unavailable")).nameless == [3]

    @pytest.mark.parametrize(
        ("fields", "fault"),
        [
            ({"date": "soon"}, "Line 3: “soon” is not a day. Write it as 2026-03-05."),
            ({"date": "13/5/2026"}, "Line 3: “13/5/2026” is not a day. Write it as 2026-03-05."),
            ({"date": ""}, "Line 3: “” is not a day. Write it as 2026-03-05."),
            ({"nature": ""}, "Line 3: The source is missing: who says so, and where?"),
            ({"reason": "a\0b"}, "Line 3: This has a character in it that cannot be stored."),
            ({"reason": "\ufffd"}, "Line 3: This is not UTF-8. Save the file as “CSV UTF-8”."),
        ],
    )  # fmt: skip
    def test_on_a_paper_of_ours_must_have_no_fault(self, fields, fault):
        assert refusal(line(), line(**fields)) == (fault,)

    def test_is_named_with_the_first_others(self):
        assert len(refusal(*[line(date="?")] * 30)) == 20


class TestATable:
    def test_of_our_own_has_three_columns(self):
        head = "\ufeffDOI; Date ;source"
        (notice,) = read(
            "https://doi.org/10.1000/ours;2026-03-05;The Journal", "", head=head
        ).notices
        assert (notice.outcome, notice.on, notice.words) == (
            "retracted",
            dt.date(2026, 3, 5),
            "The Journal",
        )

    def test_of_our_own_needs_a_source_in_each_line(self):
        assert refusal("10.1000/ours,2026-03-05", head="doi,date,source") == (
            "Line 2: The source is missing: who says so, and where?",
        )

    @pytest.mark.parametrize("head", ["", "doi,date", "What is this?"])
    def test_with_other_columns_is_refused(self, head):
        assert refusal(head=head)[0].startswith("Line 1: The columns are not those")

    @pytest.mark.parametrize("bad", ['"open', '"a"b,c', "x" * 200_000])
    def test_that_is_none_is_refused(self, bad):
        assert "This is not a line of a table" in refusal(line(), bad)[0]

    def test_tells_how_far_it_was_read(self):
        told = []
        lines = ["doi,date,source\n", *["10.1000/x,2026-03-05,x\n"] * 20_000]
        read_notices(lines, dois=OURS, pmids=(), progress=told.append)
        assert told == [10_000, 20_000]
