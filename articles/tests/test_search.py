"""Searching the passages that readers see: what is found, in which order, and what never is."""

import datetime as dt

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles import indexing, publishing
from articles.loading import load_articles
from articles.models import HiddenPassage, SearchEntry
from articles.search import search
from articles.tests.factories import (
    AT,
    make_article,
    make_draft,
    make_term,
    make_topic,
    make_version,
)

pytestmark = pytest.mark.django_db
SAMPLE = settings.BASE_DIR / "content"
TOMORROW = AT + dt.timedelta(days=1)
CITED = "[@slamon2001]"
# The best passage of the best page for each, in the sample content, on both databases.
EXPECTED = {
    "heart checks": "heart-checks#why-the-heart-is-checked",
    "how often is my heart checked": "heart-checks#which-test-and-how-often",
    "echo": "heart-checks#which-test-and-how-often",
    "LVEF": "heart-checks#which-test-and-how-often",
    "swollen ankles": "understanding-your-her2-test-result#when-to-call",
    "high blood pressure": "heart-checks#who-is-at-higher-risk",
    "cough": "lung-warning-signs#act-today",
    "COUGHING": "lung-warning-signs#act-today",
    "ILD": "lung-warning-signs#what-ild-is",
    "interstitial lung disease": "lung-warning-signs#what-ild-is",
    "pneumonitis": "lung-warning-signs#what-ild-is",
    "CT scan of the chest": "lung-warning-signs#what-the-team-will-do",
    "T-DXd": "lung-warning-signs#act-today",
    "TDXd": "lung-warning-signs#act-today",
    "Enhertu": "lung-warning-signs#act-today",
    "trastuzumab-deruxtecan": "lung-warning-signs#act-today",
    "IHC": "understanding-your-her2-test-result#ihc-scores",
    "immunohistochemistry": "understanding-your-her2-test-result#ihc-scores",
    "HER2-low": "understanding-your-her2-test-result#low-and-ultralow",
    "her2 low": "understanding-your-her2-test-result#low-and-ultralow",
    "needle biopsy": "understanding-your-her2-test-result#what-the-test-looks-for",
    "gene test": "understanding-your-her2-test-result#the-gene-test",
    "conjugates": "antibody-conjugate-tablet#conjugates",
    "how do tablets work": "antibody-conjugate-tablet#tablets",
    "look alike names": "antibody-conjugate-tablet#names-that-look-alike",
    "immunotherapy": "her2-treatment-and-immunotherapy#what-counts-as-immunotherapy",
    "immunothérapie": "her2-treatment-and-immunotherapy#what-counts-as-immunotherapy",
    "checkpoint inhibitors": "her2-treatment-and-immunotherapy#what-counts-as-immunotherapy",
    "tumor": "her2-treatment-and-immunotherapy#what-is-not-immunotherapy",
    "tumours": "her2-treatment-and-immunotherapy#what-is-not-immunotherapy",
    "spread to the brain": "her2-treatment-and-immunotherapy#resistance-and-brain",
    "eyebrows": "",
}


def ask(client, q, **query):
    return client.get("/search/", {"q": q, **query})


def text(answer):
    return answer.content.decode()


def found(q, *, at=TOMORROW):
    """Each passage that is found, in order."""
    return [
        f"{article.slug}#{passage.key}"
        for article in search(q, at=at).articles
        for passage in article.passages
    ]


def best(q):
    results = search(q, at=timezone.now())
    if results.is_any_word or not results.articles:
        return ""
    return f"{results.articles[0].slug}#{results.articles[0].passages[0].key}"


class TestTheSampleContent:
    def test_is_found_alike_on_both_databases(self):
        load_articles(SAMPLE, by=None, at=timezone.now())
        assert {q: best(q) for q in EXPECTED} == EXPECTED


class TestASearch:
    def test_leads_to_the_passage_and_marks_the_words(self, client):
        make_article(
            passages=[("cells", "Cells & more", f"A cell & its < sign {CITED}.")]
        )
        shown = text(ask(client, "cell"))
        assert '<a href="/articles/her2/#cells"><mark>Cells</mark> &amp; more' in shown
        assert "A <mark>cell</mark> &amp; its &lt; sign." in shown
        assert "<h2" in shown
        assert "Basics" in shown

    def test_says_what_was_asked_in_the_title_and_the_box(self, client):
        make_article()
        shown = text(ask(client, '"protein"'))
        assert "<title>&quot;protein&quot; – search – Her2 Learn</title>" in shown
        assert 'value="&quot;protein&quot;"' in shown

    def test_without_words_is_the_form_alone(self, client):
        make_article()
        shown = text(client.get("/search/"))
        assert 'name="q"' in shown
        assert "found" not in shown
        assert "Type what you are looking for." not in shown

    @pytest.mark.parametrize("q", ["", "   "])
    def test_sent_empty_says_so(self, client, q):
        assert "Type what you are looking for." in text(ask(client, q))

    def test_that_finds_nothing_helps_on(self, client):
        make_article()
        shown = text(ask(client, "eyebrows"))
        assert "Nothing found for “eyebrows”" in shown
        assert "Tell us that we have nothing on this" in shown

    def test_is_not_for_the_lists_of_other_searches(self, client):
        assert '<meta name="robots" content="noindex">' in text(ask(client, "cells"))

    def test_is_offered_on_every_page_and_where_a_page_is_missing(self, client):
        assert '<a href="/search/">Search</a>' in text(client.get("/"))
        assert 'name="q"' in text(client.get("/nothing/"))


class TestTheOrder:
    def test_is_title_then_heading_then_text(self):
        topic = make_topic()
        make_article("in-text", passages=[("a", "One", f"About nausea {CITED}.")])
        make_article("in-heading", passages=[("a", "Nausea", f"Two {CITED}.")])
        make_article(
            "in-title", title="Nausea", passages=[("a", "Three", f"More {CITED}.")]
        )
        assert topic.articles.count() == 3
        assert found("nausea") == ["in-title#a", "in-heading#a", "in-text#a"]

    def test_of_equals_is_first_by_how_much_they_hold(self):
        body = f"About nausea {CITED}."
        make_article("one", passages={"a": body})
        make_article("two", passages={"a": body, "b": body})
        assert found("nausea") == ["two#a", "two#b", "one#a"]

    def test_of_full_equals_is_that_of_the_lists(self):
        body = f"About nausea {CITED}."
        later = make_topic("later", position=2)
        make_article("last", topic=later, passages={"a": body})
        make_article(
            "first", topic=make_topic("first", position=1), passages={"a": body}
        )
        assert found("nausea") == ["first#a", "last#a"]

    def test_names_three_passages_of_a_page_and_counts_the_others(self, client):
        body = f"About nausea {CITED}."
        make_article(passages=dict.fromkeys("abcde", body))
        assert found("nausea") == ["her2#a", "her2#b", "her2#c"]
        assert "And 2 more parts of this page." in text(ask(client, "nausea"))


class TestPages:
    @pytest.fixture(autouse=True)
    def many(self):
        for number in range(11, 23):
            make_article(f"page-{number}")

    def test_hold_ten_articles_each(self, client):
        first, second = ask(client, "protein"), ask(client, "protein", page=2)
        assert text(first).count('class="found"') == 10
        assert text(second).count('class="found"') == 2
        assert "protein – search (page 2 of 2)" in text(second)

    def test_lead_to_each_other(self, client):
        assert "?q=protein&amp;page=2" in text(ask(client, "protein"))
        assert "?q=protein&amp;page=1" in text(ask(client, "protein", page=2))

    @pytest.mark.parametrize("page", ["0", "-1", "x", "²", "9" * 30, ""])
    def test_that_do_not_exist_are_the_first_one(self, client, page):
        assert "(page 1 of 2)" in text(ask(client, "protein", page=page))

    def test_beyond_the_last_are_the_last(self, client):
        assert "(page 2 of 2)" in text(ask(client, "protein", page=77))


class TestNames:
    def test_of_one_thing_find_each_other(self):
        make_term("Trastuzumab", also=["Herceptin"])
        make_article(passages={"a": f"On trastuzumab {CITED}."})
        make_article("brand", passages={"b": f"On Herceptin {CITED}."})
        assert found("Herceptin") == found("trastuzumab") == ["brand#b", "her2#a"][::-1]

    def test_of_two_words_are_looked_for_together(self):
        make_term("Endocrine therapy", slug="endocrine", also=["hormone treatment"])
        make_article("right", passages={"a": f"A hormone treatment {CITED}."})
        make_article("wrong", passages={"a": f"A treatment, and a hormone {CITED}."})
        assert found("endocrine therapy") == ["right#a"]

    def test_that_say_less_do_not_stand_in(self):
        make_term("HER2-positive", slug="positive", also=["HER2+"])
        make_article("right", passages={"a": f"It is HER2-positive {CITED}."})
        make_article("wrong", passages={"a": f"It is HER2-negative {CITED}."})
        assert found("HER2-positive") == ["right#a"]

    def test_are_explained_first(self, client):
        make_term(
            "Trastuzumab", also=["Herceptin"], definition="An antibody.", say="tras"
        )
        make_article()
        shown = text(ask(client, "herceptin protein"))
        assert shown.index("An antibody.") < shown.index('class="found"')
        assert 'href="/glossary/#trastuzumab"' in shown

    def test_are_found_where_no_page_has_them(self, client):
        make_term("Trastuzumab", also=["Herceptin"], definition="An antibody.")
        shown = text(ask(client, "herceptin"))
        assert "An antibody." in shown
        assert "Tell us that we have nothing on this" not in shown


class TestAllWords:
    @pytest.fixture(autouse=True)
    def pages(self):
        make_article("heart", passages={"a": f"The heart is checked {CITED}."})
        make_article("lungs", passages={"a": f"The lungs are checked {CITED}."})

    def test_must_be_there(self):
        assert found("heart check") == ["heart#a"]

    def test_need_not_be_there_when_no_page_has_them_all(self, client):
        shown = text(ask(client, "heart lungs"))
        assert "No page has all of these words. 2 pages with some of them" in shown

    def test_count_by_how_many_are_there(self):
        assert found("lungs eyebrows check") == ["lungs#a", "heart#a"]

    def test_like_the_and_is_count_only_alone(self):
        assert found("is the heart") == ["heart#a"]
        assert found("is the") == ["heart#a"]


class TestSpelling:
    @pytest.fixture(autouse=True)
    def page(self):
        make_term("Trastuzumab", also=["Herceptin"])
        make_article(passages={"a": f"Watch for Breathlessness at night {CITED}."})

    @pytest.mark.parametrize(
        ("asked", "meant"),
        [
            ("hercepten", "Herceptin"),
            ("tratuzumab at night", "Trastuzumab at night"),
            ("breathlesness", "Breathlessness"),
            ("hercepten breathlesness", "Herceptin Breathlessness"),
        ],
    )
    def test_is_helped_with(self, client, asked, meant):
        assert search(asked, at=TOMORROW).suggestion == meant
        assert f">{meant}</a>?" in text(ask(client, asked))

    @pytest.mark.parametrize("asked", ["herceptin", "zzzz", "nite", "x" * 40, "nights"])
    def test_is_left_alone_where_nothing_is_like_it(self, asked):
        assert search(asked, at=TOMORROW).suggestion == ""

    def test_does_not_betray_words_that_readers_cannot_read(self):
        article = make_article("next")
        text = {"passages": {"a": f"A zebrafish {CITED}."}}
        make_version(article, live_from=TOMORROW, **text)
        assert search("zebrafisch", at=AT).suggestion == ""
        assert search("zebrafisch", at=TOMORROW).suggestion == "zebrafish"


class TestWhatReadersCannotSee:
    WORD = "zebrafish"

    @pytest.fixture
    def article(self):
        return make_article()

    @property
    def text(self):
        return {"passages": {"a": f"A {self.WORD} {CITED}."}}

    def test_is_a_draft(self, article):
        make_draft(article, **self.text)
        assert found(self.WORD) == []

    def test_is_a_version_until_its_moment(self, article):
        make_version(article, live_from=TOMORROW, **self.text)
        assert found(self.WORD, at=AT) == []
        assert found(self.WORD) == ["her2#a"]

    def test_is_a_version_after_the_next_ones_moment(self, article):
        make_version(article, at=AT + dt.timedelta(hours=1), **self.text)
        make_version(article, live_from=TOMORROW, passages={"a": f"A fish {CITED}."})
        assert found(self.WORD, at=AT + dt.timedelta(hours=2)) == ["her2#a"]
        assert found(self.WORD) == []

    def test_is_what_was_withdrawn(self):
        article = make_article("gone", **self.text)
        assert found(self.WORD) == ["gone#a"]
        publishing.withdraw(article, by=None, at=AT, reason="Wrong.")
        assert found(self.WORD) == []

    def test_is_a_hidden_passage(self):
        article = make_article("hidden", **self.text)
        row = HiddenPassage.objects.create(article=article, key="a", reason="Wrong.")
        assert found(self.WORD) == []
        HiddenPassage.objects.filter(pk=row.pk).update(lifted_at=AT)
        assert found(self.WORD) == ["hidden#a"]

    def test_is_what_a_survival_box_holds_until_it_is_opened(self, client):
        box = f"::: survival How long people live\nNobody knows {CITED}.\n:::"
        make_article(passages={"a": f"First {CITED}.\n\n{box}"})
        shown = text(ask(client, "how long people live"))
        assert "How long <mark>people live</mark>" in shown
        assert found("nobody knows") == []


class TestHostileWords:
    @pytest.mark.parametrize(
        "q",
        [
            '"',
            "'",
            '"protein',
            "protein AND",
            "NEAR(protein cells, 2)",
            "protein*",
            "-protein",
            "title : protein",
            "{title} : protein",
            "a:* | b & !c <-> d",
            "%_\\",
            "\x00protein\x00",
            "😀 🧬",
            "\ud800",
            "protein " * 1250,
            "p" * 10_000,
            "'); DROP TABLE articles_article; --",
            "<script>alert(1)</script>",
            "the of and",
            "\u0301",
            "١٢٣ ½ ² ﬁ ß İ",
            "́protein",
        ],
    )
    def test_are_words_like_others(self, client, q):
        make_article()
        answer = client.get("/search/", {"q": q.encode("utf-8", "surrogatepass")})
        assert answer.status_code == 200
        assert "<script>alert" not in text(answer)

    def test_in_a_text_are_words_too(self):
        odd = "'a' \"b\" & | ! <-> * :A ١٢٣ ½ ² ﬁ ß İ 😀 x\u0301"
        make_article(passages=[("a", "It's O’Neill's", f"{odd} {CITED}.")])
        assert found("ß") == found("oneill") == found("fi") == ["her2#a"]


class TestTheIndex:
    def test_is_made_anew_by_a_command(self, capsys):
        make_article()
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM articles_searchindex")
        assert found("protein") == []
        call_command("reindex")
        assert "Versions in the search index: 1." in capsys.readouterr().out
        assert found("protein") == ["her2#what-is-her2"]

    def test_is_made_and_filled_after_migrate_where_it_is_missing(self):
        make_article()
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE articles_searchindex")
        indexing.keep_index()
        assert found("protein") == ["her2#what-is-her2"]

    def test_is_filled_after_migrate_where_an_entry_is_missing(self):
        make_article()
        SearchEntry.objects.all().delete()
        indexing.keep_index()
        assert found("protein") == ["her2#what-is-her2"]

    def test_stays_as_it_is_where_it_is_complete(self):
        publishing.withdraw(make_article("gone"), by=None, at=AT, reason="Wrong.")
        assert indexing.is_complete()

    def test_waits_for_its_tables(self, monkeypatch):
        monkeypatch.setattr(connection.introspection, "table_names", list)
        monkeypatch.setattr(indexing, "MAKE", {})
        indexing.keep_index()


class TestTheCost:
    def queries(self, client, q):
        with CaptureQueriesContext(connection) as captured:
            assert ask(client, q).status_code == 200
        return len(captured)

    def test_does_not_grow_with_what_is_found(self, client):
        make_article("one")
        one = self.queries(client, "protein")
        for number in range(5):
            make_article(
                f"page-{number}", passages={"a": BODY_OF_MANY, "b": BODY_OF_MANY}
            )
        assert self.queries(client, "protein") == one == 3

    def test_is_six_queries_at_most(self, client):
        make_article()
        assert self.queries(client, "protien eyebrows cells") <= 6


BODY_OF_MANY = f"HER2 is a protein {CITED}."
