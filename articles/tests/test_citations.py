"""Citations in the text, and sources put into words."""

import pytest

from articles.citations import Cite, cited_keys, csl_faults, parse_citation, source_line

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


def without(*fields):
    return {name: value for name, value in PAPER.items() if name not in fields}


class TestACitation:
    def test_names_one_source(self):
        assert parse_citation("@slamon2001") == (Cite("slamon2001"),)

    def test_says_where_in_the_source(self):
        assert parse_citation("@slamon2001, p. 784") == (Cite("slamon2001", "p. 784"),)

    def test_names_several_sources(self):
        assert parse_citation("@a, p. 1; @b") == (Cite("a", "p. 1"), Cite("b"))


class TestCitedKeys:
    def test_stand_in_order_of_first_use_and_once(self):
        text = "One [@b]. Two [@a; @b]. Three [@c, table 2]."
        assert cited_keys(text) == ("b", "a", "c")

    @pytest.mark.parametrize(
        "text",
        [
            "asa@example.org",
            "[@]",
            "[@ a]",
            "[@-a]",
            "[a]",
            "[see @a]",
            "[@a; b]",
            "@a",
        ],
    )
    def test_are_none_in_what_only_looks_like_a_citation(self, text):
        assert cited_keys(text) == ()


class TestASource:
    def test_reads_as_in_a_list_of_references(self):
        assert source_line(PAPER).text == (
            "Slamon DJ, Leyland-Jones B. "
            "Use of chemotherapy plus a monoclonal antibody against HER2. "
            "N Engl J Med. 2001;344(11):783-792."
        )

    def test_leads_to_its_doi(self):
        line = source_line(PAPER)
        assert line.url == "https://doi.org/10.1056/NEJM200103153441101"
        assert line.url_label == "doi:10.1056/NEJM200103153441101"

    def test_has_six_names_before_et_al(self):
        seven = [{"family": f"Author{n}", "given": "A"} for n in range(1, 8)]
        text = source_line({"author": seven}).text
        assert text == (
            "Author1 A, Author2 A, Author3 A, Author4 A, Author5 A, Author6 A, et al."
        )

    def test_has_all_six_names_of_six(self):
        six = [{"family": f"Author{n}", "given": "A"} for n in range(1, 7)]
        assert source_line({"author": six}).text.endswith("Author6 A.")

    def test_may_be_by_an_organisation(self):
        agency = {
            "author": [{"literal": "European Medicines Agency"}],
            "title": "Label",
        }
        assert source_line(agency).text == "European Medicines Agency. Label."

    def test_may_have_an_author_with_one_name(self):
        assert source_line({"author": [{"family": "Plato"}]}).text == "Plato."

    def test_may_have_no_author(self):
        assert source_line({"title": "Herceptin label"}).text == "Herceptin label."

    def test_keeps_the_mark_that_ends_its_title(self):
        assert source_line({"title": "Is it safe?"}).text == "Is it safe?"

    def test_without_a_journal_names_its_publisher(self):
        book = {"publisher": "WHO Press", "issued": {"date-parts": [[2019]]}}
        assert source_line(book).text == "WHO Press; 2019."

    def test_without_an_issue_has_volume_and_pages(self):
        text = source_line(without("issue")).text
        assert text.endswith("2001;344:783-792.")

    @pytest.mark.parametrize(
        ("absent", "end"),
        [
            (["volume"], " 2001;(11):783-792."),
            (["volume", "issue"], " 2001:783-792."),
            (["volume", "issue", "issued"], " 783-792."),
            (["volume", "issue", "page"], " 2001."),
        ],
    )
    def test_without_a_volume_has_no_mark_where_it_would_stand(self, absent, end):
        # Citing Medicine, chapter 1: "Contemp Long Term Care. 2005 Jan:26-8."
        assert source_line(without(*absent)).text.endswith(f"N Engl J Med.{end}")

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            # After the samples of Citing Medicine, chapters 1 to 3, 4, 20, 25 and 26.
            (
                {"type": "article-journal", "container-title": "Lancet", "volume": 3},
                "Berg E. One. Lancet. 2019;3.",
            ),
            (
                {
                    "type": "book",
                    "publisher": "The press",
                    "publisher-place": "Oxford",
                    "edition": "2",
                },
                "Berg E. One. 2nd ed. Oxford: The press; 2019.",
            ),
            (
                {
                    "type": "chapter",
                    "editor": [{"family": "Ek", "given": "Asa"}, {"literal": "WHO"}],
                    "container-title": "The book",
                    "edition": "11",
                    "publisher": "The press",
                    "page": "12-34",
                },
                "Berg E. One. In: Ek A, WHO, editors. The book. 11th ed. The press; 2019. p. 12-34.",
            ),
            (
                {"type": "chapter", "editor": [{"family": "Ek"}]},
                "Berg E. One. In: Ek, editor. 2019.",
            ),
            (
                {"type": "paper-conference", "container-title": "The congress"},
                "Berg E. One. In: The congress. 2019.",
            ),
            (
                {
                    "type": "paper-conference",
                    "container-title": "J Clin Oncol",
                    "volume": "37",
                    "issue": "15 Suppl",
                    "page": "1000",
                },
                "Berg E. One. J Clin Oncol. 2019;37(15 Suppl):1000.",
            ),
            ({"type": "paper-conference"}, "Berg E. One. 2019."),
            (
                {"type": "report", "publisher": "NICE", "publisher-place": "London"},
                "Berg E. One. London: NICE; 2019.",
            ),
            (
                {
                    "type": "webpage",
                    "container-title": "Cancer facts",
                    "publisher": "The institute",
                    "accessed": {"date-parts": [[2026, 3, 5]]},
                },
                "Berg E. One [Internet]. Cancer facts. The institute; 2019 [cited 2026 Mar 5].",
            ),
            (
                {"type": "webpage", "accessed": {"date-parts": [[2026]]}},
                "Berg E. One [Internet]. 2019 [cited 2026].",
            ),
            (
                {"type": "dataset", "publisher": "Zenodo", "edition": "Version 2 ed"},
                "Berg E. One [dataset]. Version 2 ed. Zenodo; 2019.",
            ),
            (
                {"type": "document", "publisher-place": "Geneva", "edition": "revised"},
                "Berg E. One. revised ed. Geneva; 2019.",
            ),
        ],
    )
    def test_of_each_kind_reads_as_its_kind_does(self, fields, words):
        common = {
            "title": "One",
            "author": [{"family": "Berg", "given": "Eva"}],
            "issued": {"date-parts": [[2019]]},
        }
        assert source_line(common | fields).text == words

    @pytest.mark.parametrize(
        ("edition", "words"),
        [("1", "1st ed."), ("3", "3rd ed."), ("4", "4th ed."), ("12", "12th ed.")],
    )
    def test_counts_its_editions(self, edition, words):
        assert words in source_line({"type": "book", "edition": edition}).text

    @pytest.mark.parametrize("issued", [{}, {"date-parts": []}, {"date-parts": [[]]}])
    def test_without_a_year_has_none(self, issued):
        assert source_line({"title": "Label", "issued": issued}).text == "Label."

    @pytest.mark.parametrize(
        ("fields", "url", "label"),
        [
            ({"PMID": "11248153"}, "https://pubmed.ncbi.nlm.nih.gov/11248153/", "PMID 11248153"),
            ({"PMCID": "PMC1"}, "https://pmc.ncbi.nlm.nih.gov/articles/PMC1/", "PMC1"),
            ({"URL": "https://www.ema.europa.eu/x/y"}, "https://www.ema.europa.eu/x/y", "www.ema.europa.eu"),
            ({}, "", ""),
        ],
    )  # fmt: skip
    def test_without_a_doi_leads_to_the_next_best_address(self, fields, url, label):
        line = source_line(without("DOI") | fields)
        assert (line.url, line.url_label) == (url, label)

    @pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//x"])
    def test_does_not_lead_to_an_address_that_is_not_a_web_page(self, url):
        assert source_line({"title": "Label", "URL": url}).url == ""


class TestTheDetailsOfASource:
    @pytest.mark.parametrize(
        "details",
        [
            PAPER,
            {"title": "Label"},
            {"title": "Label", "author": [{"literal": "EMA"}], "volume": 3},
            {"title": "Label", "issued": {"date-parts": [["2001"]]}},
        ],
    )
    def test_may_be_many_or_few(self, details):
        assert list(csl_faults(details)) == []

    @pytest.mark.parametrize(
        ("details", "fault"),
        [
            ({"title": None}, "title is a text."),
            ({"title": " "}, "The source has no title."),
            ({"volume": [3]}, "volume is a text."),
            ({"author": "Slamon"}, "Each author has a family name, or a literal one."),
            ({"author": ["Slamon"]}, "Each author has a family name, or a literal one."),
            ({"author": [{"given": "D"}]}, "Each author has a family name, or a literal one."),
            ({"author": [{"family": 5}]}, "Each author has a family name, or a literal one."),
            ({"editor": "Ek"}, "Each editor has a family name, or a literal one."),
            ({"accessed": {"date-parts": [[2026, 60]]}}, 'The date is written as {"date-parts": [[2001, 3, 15]]}.'),
            ({"issued": None}, 'The date is written as {"date-parts": [[2001, 3, 15]]}.'),
            ({"issued": {"date-parts": []}}, 'The date is written as {"date-parts": [[2001, 3, 15]]}.'),
            ({"issued": {"date-parts": [["x"]]}}, 'The date is written as {"date-parts": [[2001, 3, 15]]}.'),
            ({"issued": {"date-parts": [[20010315]]}}, 'The date is written as {"date-parts": [[2001, 3, 15]]}.'),
        ],
    )  # fmt: skip
    def test_must_be_such_that_they_can_be_put_into_words(self, details, fault):
        assert list(csl_faults(PAPER | details)) == [fault]
