"""Sources as other programs write them, read without asking anybody."""

import pytest

from articles.bibliography import MOST, read
from articles.bibliography import proposed_key as key_for
from articles.csl import CannotRead

# The trial by Slamon and others, New England Journal of Medicine 2001, as PubMed, Crossref and
# reference managers export it.
PAPER = {
    "type": "article-journal",
    "title": "Use of chemotherapy plus a monoclonal antibody against HER2",
    "author": [
        {"family": "Slamon", "given": "Dennis J."},
        {"family": "Leyland-Jones", "given": "Brian"},
    ],
    "container-title": "N Engl J Med",
    "issued": {"date-parts": [[2001, 3, 15]]},
    "volume": "344",
    "issue": "11",
    "page": "783-792",
    "DOI": "10.1056/NEJM200103153441101",
}
RIS = """\
TY  - JOUR
AU  - Slamon, Dennis J.
AU  - Leyland-Jones, Brian
TI  - Use of chemotherapy plus a
      monoclonal antibody against HER2
JF  - N Engl J Med
PY  - 2001/03/15
VL  - 344
IS  - 11
SP  - 783
EP  - 792
DO  - https://doi.org/10.1056/NEJM200103153441101
ER  -
"""
BIBTEX = r"""
@Article{Slamon2001,
  author = {Slamon, Dennis J. and Brian Leyland-Jones},
  title = "Use of chemotherapy plus a monoclonal antibody against {HER2}",
  journal = {N Engl J Med},
  date = {2001-03-15}, volume = 344, number = {11}, pages = {783--792},
  doi = {10.1056/NEJM200103153441101},
}
"""
CSL = """
{"id": "x", "type": "article-journal", "note": "mine",
 "title": ["Use of chemotherapy plus a monoclonal antibody against <i>HER2</i>"],
 "author": [{"family": "Slamon", "given": "Dennis J."},
            {"family": "Leyland-Jones", "given": "Brian", "sequence": "additional"}],
 "container-title": ["N Engl J Med"], "issued": {"date-parts": [["2001", 3, 15]]},
 "volume": 344, "issue": "11", "page": "783-792", "DOI": "10.1056/NEJM200103153441101"}
"""
NBIB = """\
PMID- 11248153
OWN - NLM
VI  - 344
IP  - 11
DP  - 2001 Mar 15
TI  - Use of chemotherapy plus a monoclonal antibody
      against HER2.
PG  - 783-792
FAU - Slamon, Dennis J.
AU  - Slamon DJ
FAU - Leyland-Jones, Brian
AU  - Leyland-Jones B
TA  - N Engl J Med
JT  - The New England journal of medicine
AID - 10.1056/NEJM200103153441101 [doi]
"""


def only(text):
    (found,) = read(text).sources
    assert found.fault == ""
    return dict(found.csl)


def refusal(text):
    with pytest.raises(CannotRead) as refused:
        read(text)
    return str(refused.value)


def ris(*lines, kind="JOUR"):
    return "\n".join([f"TY  - {kind}", *lines, "ER  - "])


class TestAPaper:
    @pytest.mark.parametrize("text", [RIS, BIBTEX, CSL, f"[{CSL}]", f"\ufeff{RIS}"])
    def test_is_the_same_in_every_form(self, text):
        assert only(text) == PAPER

    def test_from_pubmed_has_its_number_too(self):
        assert only(NBIB) == {**PAPER, "PMID": "11248153"}


class TestANumber:
    @pytest.mark.parametrize(
        "text",
        [
            "10.1056/NEJM200103153441101",
            " doi:10.1056/NEJM200103153441101\n",
            "DOI: 10.1056/NEJM200103153441101",
            "https://doi.org/10.1056/NEJM200103153441101",
            "http://dx.doi.org/10.1056/NEJM200103153441101",
        ],
    )
    def test_may_be_a_doi(self, text):
        assert read(text).doi == "10.1056/NEJM200103153441101"

    @pytest.mark.parametrize(
        "text",
        ["11248153", "PMID: 11248153", "https://pubmed.ncbi.nlm.nih.gov/11248153/"],
    )
    def test_may_be_a_pmid(self, text):
        assert read(text).pmid == "11248153"


class TestRis:
    @pytest.mark.parametrize(
        ("kind", "expected"),
        [
            ("CHAP", "chapter"),
            ("RPRT", "report"),
            ("ELEC", "webpage"),
            ("ODD", "document"),
        ],
    )
    def test_names_the_kind_of_source(self, kind, expected):
        assert only(ris("TI  - A title", kind=kind))["type"] == expected

    def test_gives_a_chapter_its_editors_and_its_book(self):
        lines = ["TI  - One", "A2  - Berg, Eva", "T2  - The book", "CY  - Oxford"]
        item = only(ris(*lines, "PB  - The press", "ET  - 2", kind="CHAP"))
        assert item["editor"] == [{"family": "Berg", "given": "Eva"}]
        assert item["container-title"] == "The book"
        assert (item["publisher-place"], item["publisher"]) == ("Oxford", "The press")
        assert item["edition"] == "2"

    def test_gives_a_page_the_day_it_was_read(self):
        item = only(ris("TI  - One", "Y2  - 2026/03/05/", kind="ELEC"))
        assert item["accessed"] == {"date-parts": [[2026, 3, 5]]}

    def test_leaves_out_a_month_that_there_is_not(self):
        item = only(ris("TI  - One", "PY  - 2001/99/99"))
        assert item["issued"] == {"date-parts": [[2001]]}

    @pytest.mark.parametrize("url", ["javascript:alert(1)", "<Go to>://W", "http://"])
    def test_leaves_out_an_address_that_is_not_of_the_web(self, url):
        assert "URL" not in only(ris("TI  - One", f"UR  - {url}"))

    def test_keeps_an_address_of_the_web(self):
        item = only(ris("TI  - One", "UR  - https://www.who.int/a?b=(c)"))
        assert item["URL"] == "https://www.who.int/a?b=(c)"

    def test_takes_an_author_without_a_comma_for_a_body(self):
        item = only(ris("TI  - One", "AU  - World Health Organization"))
        assert item["author"] == [{"literal": "World Health Organization"}]

    def test_holds_several_sources(self):
        text = f"{ris('TI  - One')}\n\n{ris('TI  - Two')}"
        assert [(s.where, s.csl["title"]) for s in read(text).sources] == [
            ("line 1", "One"),
            ("line 5", "Two"),
        ]

    @pytest.mark.parametrize(
        "text", ["TY  - JOUR\nTI  - One\n", "TY  - JOUR\nTI  - One\nTY  - JOUR\nER  - "]
    )
    def test_that_was_cut_off_is_refused(self, text):
        assert refusal(text).startswith("Line 1: This source has no end.")

    def test_with_a_line_between_two_sources_is_refused(self):
        text = f"{ris('TI  - One')}\nER  - \nWhat is this?\n{ris('TI  - Two')}"
        assert refusal(text).startswith("Line 5: A source begins with TY")


class TestPubmed:
    def test_holds_several_papers(self):
        sources = read(f"{NBIB}\n{NBIB.replace('11248153', '7')}").sources
        assert [s.csl["PMID"] for s in sources] == ["11248153", "7"]

    @pytest.mark.parametrize(
        ("date", "parts"),
        [
            ("2001", [2001]),
            ("2001 Mar", [2001, 3]),
            ("2001 Mar-Apr", [2001]),
            ("2001 Spring", [2001]),
        ],
    )
    def test_may_say_less_of_the_date(self, date, parts):
        item = only(f"PMID- 1\nTI  - One\nDP  - {date}\n")
        assert item["issued"] == {"date-parts": [parts]}

    @pytest.mark.parametrize("line", ["", "DP  - last year\n"])
    def test_may_have_no_date(self, line):
        assert "issued" not in only(f"PMID- 1\nTI  - One\n{line}")

    def test_may_have_short_names_only(self):
        item = only("PMID- 1\nTI  - One\nAU  - Slamon DJ\nAU  - Plato\n")
        assert item["author"] == [
            {"family": "Slamon", "given": "DJ"},
            {"literal": "Plato"},
        ]

    def test_names_a_group_after_the_people(self):
        item = only("PMID- 1\nTI  - One\nFAU - Berg, Eva\nCN  - The group\n")
        assert item["author"] == [
            {"family": "Berg", "given": "Eva"},
            {"literal": "The group"},
        ]

    def test_knows_books_and_their_chapters(self):
        assert only("PMID- 1\nBTI - The book\nPL  - Oxford\n") == {
            "type": "book",
            "title": "The book",
            "publisher-place": "Oxford",
            "PMID": "1",
        }
        chapter = only("PMID- 1\nBTI - The book\nCTI - One\n")
        assert (chapter["type"], chapter["container-title"]) == ("chapter", "The book")


class TestBibtex:
    def entry(self, fields, kind="article"):
        return f"@{kind}{{a, title = {{One}}, {fields}}}"

    def test_reads_latex(self):
        item = only(r"@article{a, title = {5\% of {HER2} \& J{\"o}rg -- $\beta$}}")
        assert item["title"] == "5% of HER2 & Jörg – β"

    def test_keeps_a_body_in_braces_whole(self):
        item = only(
            self.entry("author = {{Health and Care, Ltd} and van der Berg, Jan}")
        )
        assert item["author"] == [
            {"literal": "Health and Care, Ltd"},
            {"family": "van der Berg", "given": "Jan"},
        ]

    @pytest.mark.parametrize(
        ("kind", "expected"),
        [
            ("incollection", "chapter"),
            ("TechReport", "report"),
            ("online", "webpage"),
            ("phdthesis", "document"),
        ],
    )
    def test_names_the_kind_of_source(self, kind, expected):
        assert only(self.entry("year = 2001", kind))["type"] == expected

    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("@article{a, title = {One", "Line 1: This entry cannot be read."),
            ("@article{a, title = {x}, title = {y}}", "Line 1: This entry names a field twice."),
            ("@article{a, title={x}}\n@article{a, title={y}}", "Line 2: This entry has the same key"),
            ("@article{a, author={a, b, c, d, e}}", "Line 1: “a, b, c, d, e” is not a name."),
            ("@article{a, title={" + "{" * 1000 + "}" * 999 + "x}}}", "Line 1: A field is longer"),
            ("@article{a, title={" + "{" * 900 + "x" + "}" * 900 + "}}", "Line 1: A field has too many"),
        ],
    )  # fmt: skip
    def test_with_a_fault_names_the_line(self, text, sentence):
        assert refusal(text).startswith(sentence)

    def test_with_a_fault_leaves_nothing_in_the_log(self, caplog):
        refusal("@article{a, title = {One")
        assert caplog.records == []

    def test_reads_no_file_of_ours(self):
        assert only(r"@article{a, title = {One \input{/etc/passwd}}}")["title"] == "One"


class TestCslJson:
    def test_holds_several_sources_of_which_some_are_faulty(self):
        text = '[{"title": "One"}, {"title": " "}, 3, {"title": "Two", "DOI": "x"}]'
        assert [(s.where, s.fault) for s in read(text).sources] == [
            ("source 1", ""),
            ("source 2", "It has no title."),
            ("source 3", "It is not an item of CSL-JSON."),
            ("source 4", "“x” is not a DOI."),
        ]

    @pytest.mark.parametrize(
        ("fields", "fault"),
        [
            ('"title": {"a": 1}', "Its title is not a text."),
            ('"title": "%s"' % ("x" * 501), "Its title is longer than 500 characters."),
            ('"author": 5', "Its author is not a list of people."),
            ('"author": ["x"]', "Its author is not a list of people."),
            ('"PMID": "12a"', "“12a” is not a PMID."),
            ('"issued": {"date-parts": "x"}', "Its date is not year, month, day."),
            ('"issued": {"date-parts": []}', "Its date is not year, month, day."),
            ('"issued": {"date-parts": ["2015"]}', "Its date is not year, month, day."),
            ('"issued": {"date-parts": [[]]}', "Its date has no year between 1800 and 2100."),
            ('"issued": {"date-parts": [[2]]}', "Its date has no year between 1800 and 2100."),
            ('"issued": {"date-parts": [[20010315]]}', "Its date has no year between 1800 and 2100."),
            ('"DOI": "10.1000/%s"' % ("x" * 200), "“10.1000/"),
        ],
    )  # fmt: skip
    def test_with_a_fault_is_refused_with_a_sentence(self, fields, fault):
        title = "" if fields.startswith('"title"') else '"title": "One", '
        assert fault in refusal("{" + title + fields + "}")

    @pytest.mark.parametrize(
        ("person", "kept"),
        [
            ('{"name": "The group"}', [{"literal": "The group"}]),
            ('{"family": "Berg", "non-dropping-particle": "van"}', [{"family": "van Berg"}]),
            ('{"given": "Plato"}', [{"literal": "Plato"}]),
            ('{"family": 5}', []),
        ],
    )  # fmt: skip
    def test_knows_people_written_in_other_ways(self, person, kept):
        item = only('{"title": "One", "author": [' + person + "]}")
        assert item.get("author", []) == kept

    @pytest.mark.parametrize(
        ("issued", "kept"),
        [
            ('{"raw": "2001-03"}', {"date-parts": [[2001, 3]]}),
            ('{"raw": "2001-02-30"}', {"date-parts": [[2001, 2]]}),
            ('{"date-parts": [[2001, 99, 9]]}', {"date-parts": [[2001]]}),
            ('{"date-parts": [[2001, null, 9]]}', {"date-parts": [[2001]]}),
            ('{"literal": "about then"}', None),
            ('"2001"', None),
        ],
    )
    def test_knows_dates_written_in_other_ways(self, issued, kept):
        item = only('{"title": "One", "issued": ' + issued + "}")
        assert item.get("issued") == kept

    def test_names_the_line_of_a_slip(self):
        assert refusal('{"title":\n "One"').startswith("CSL-JSON, line 2:")


class TestAHostileText:
    @pytest.mark.parametrize(
        ("text", "sentence"),
        [
            ("x" * 1_000_000, "This is longer than 200,000 characters."),
            ("a\0b", "a character in it that cannot be stored"),
            ("a\ud800b", "a character in it that cannot be stored"),
            ('{"title": "\\u0000"}', "This character cannot be stored."),
            ('{"title": "\\ud800"}', "This character cannot be stored."),
            ("[" * 10_000, "This is nested too deep."),
            ('{"a":' * 10_000, "This is nested too deep."),
            ('{"title": "One", "volume": 1e999}', "is not a number"),
            ("", "This is none of the forms that can be read."),
            ("[]", "This is none of the forms that can be read."),
            ("10.1000/" + "x" * 300, "This is none of the forms that can be read."),
            ("x" + "\n" * 190_000 + "x", "This is none of the forms that can be read."),
            ("What is this?", "This is none of the forms that can be read."),
            ("\n".join([ris("TI  - x")] * (MOST + 1)), "These are 101 sources."),
            ("@a{" * 60_000, "These are 60,000 entries. Paste at most 100 at a time."),
        ],
    )  # fmt: skip
    def test_is_answered_with_a_sentence(self, text, sentence):
        assert sentence in refusal(text)

    def test_keeps_its_script_as_letters(self):
        text = ris("TI  - <script>alert(1)</script>", "AU  - <b>Eve</b>, <img>")
        assert only(text)["title"] == "<script>alert(1)</script>"


class TestAProposedKey:
    @pytest.mark.parametrize(
        ("csl", "key"),
        [
            (PAPER, "slamon2001"),
            ({"author": [{"family": "von Minckwitz"}]}, "vonminckwitz"),
            ({"author": [{"family": "Müller"}]}, "muller"),
            ({"author": [{"literal": "World Health Organization"}]}, "who"),
            ({"author": [{"literal": "the group"}]}, "the"),
            ({"author": [{"literal": "Plato"}]}, "plato"),
            ({"author": [{"family": "王"}]}, "source"),
            ({"issued": {"date-parts": [[2001]]}}, "source2001"),
        ],
    )
    def test_is_surname_and_year(self, csl, key):
        assert key_for(csl, taken=()) == key

    def test_that_is_taken_has_a_letter(self):
        taken = {"slamon2001", "slamon2001b"}
        assert key_for(PAPER, taken=taken) == "slamon2001c"

    def test_never_runs_out(self):
        letters = {f"slamon2001{letter}" for letter in "bcdefghijklmnopqrstuvwxyz"}
        taken = {"slamon2001", *letters}
        assert key_for(PAPER, taken=taken) == "slamon2001-27"
