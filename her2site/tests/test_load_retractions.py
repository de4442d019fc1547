"""The command that marks sources by a table, and names what leans on them."""

import pytest
from django.core.management import CommandError, call_command

from articles.models import Reference
from articles.tests.factories import make_article, make_reference
from articles.tests.test_notices import HEAD, line
from quizzes.tests.factories import make_question

pytestmark = pytest.mark.django_db


@pytest.fixture
def ours():
    make_reference("slamon2001", DOI="10.1000/ours")
    make_article(title="About HER2")
    return Reference.objects.get()


@pytest.fixture
def load(tmp_path, capsys):
    def run(*lines, **options):
        path = tmp_path / "table.csv"
        path.write_text("\n".join([HEAD, *lines]), encoding="utf-8")
        call_command("load_retractions", path, **options)
        return capsys.readouterr().out

    return run


class TestTheCommand:
    def test_names_every_passage_and_question_that_leans_on_the_source(
        self, load, ours
    ):
        make_question(passage="her2#what-is-her2", stem="Does it rest on it?")
        said = load(line())
        assert "1 lines read: 1 sources marked" in said
        assert (
            "@slamon2001: retracted, 2026-03-05. Retraction, doi:10.1000/note" in said
        )
        assert "  Page “About HER2”: What is her2" in said
        assert "  Question: Does it rest on it?" in said
        assert Reference.objects.get().status == "retracted"

    def test_only_says_it_in_a_dry_run(self, load, ours):
        said = load(line(), dry_run=True)
        assert "@slamon2001: retracted" in said
        assert "Nothing was stored." in said
        assert Reference.objects.get().status == "current"

    def test_leaves_a_concern_to_a_person(self, load, ours):
        said = load(line(nature="Expression of concern"), line(doi="none"))
        assert "@slamon2001: Expression of concern, for you to decide" in said
        assert "1 lines name neither DOI nor PMID; the first: 3." in said

    def test_reads_a_long_table_to_its_end(self, load, ours, capsys):
        others = [line(doi=f"10.1000/{n}") for n in range(20_000)]
        assert "20001 lines read: 1 sources marked" in load(*others, line())

    def test_refuses_a_table_with_a_fault(self, load, ours):
        with pytest.raises(CommandError, match="Line 2: “soon” is not a day"):
            load(line(date="soon"))

    def test_refuses_what_is_no_file(self, tmp_path):
        with pytest.raises(CommandError, match=r"none.csv: No such file"):
            call_command("load_retractions", tmp_path / "none.csv")
