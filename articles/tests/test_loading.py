"""Content files become pages, once; a fault names its file and line and stores nothing."""

import datetime as dt
import json

import pytest
from django.conf import settings

from articles import publishing
from articles.files import FaultyContent
from articles.loading import load_articles
from articles.models import (
    Article,
    ArticleVersion,
    GlossaryTerm,
    Passage,
    Reference,
    Topic,
)
from articles.tests.factories import AT, live, make_draft, make_user, make_version

LATER = AT + dt.timedelta(days=1)
SAMPLE = settings.BASE_DIR / "content"
pytestmark = pytest.mark.django_db

TOPICS = """[[topic]]
slug = "basics"
name = "Basics"
"""
TERMS = """[[term]]
slug = "her2"
term = "HER2"
definition = "A protein."

[[term]]
slug = "antibody"
term = "Antibody"
definition = "A protein that sticks to one target."
"""
SOURCES = """[
  {
    "id": "slamon2001",
    "title": "A trial",
    "issued": {"date-parts": [[2001]]}
  }
]
"""
ARTICLE = """+++
title = "What HER2 is"
slug = "her2"
topic = "basics"
summary = "A protein."
key_points = ["It sits on cells."]
written_by = "Asa Ek, nurse"
review_every_months = 12
change_note = "First version."
+++

## What is it? {#what-is-it}

HER2 is a protein [@slamon2001].

## What do we not know? {#unknowns}

Much.
"""


@pytest.fixture
def folder(tmp_path):
    """A small site in files."""
    for name in ("articles", "glossary"):
        (tmp_path / name).mkdir()
    (tmp_path / "topics.toml").write_text(TOPICS)
    (tmp_path / "glossary" / "words.toml").write_text(TERMS)
    (tmp_path / "references.json").write_text(SOURCES)
    (tmp_path / "articles" / "her2.md").write_text(ARTICLE)
    return tmp_path


def load(folder, at=AT, by=None):
    return load_articles(folder, by=by, at=at)


def edit(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


class TestALoad:
    def test_publishes_each_article_with_its_passages_in_order(self, folder):
        load(folder)
        version = live(Article.objects.get(slug="her2"))
        assert (version.title, version.number) == ("What HER2 is", 1)
        assert version.key_points == "It sits on cells."
        assert list(version.passages.values_list("key", "heading", "body")) == [
            ("what-is-it", "What is it?", "HER2 is a protein [@slamon2001]."),
            ("unknowns", "What do we not know?", "Much."),
        ]

    def test_stores_topics_words_and_sources(self, folder):
        load(folder)
        assert Topic.objects.get().name == "Basics"
        assert set(GlossaryTerm.objects.values_list("slug", flat=True)) == {
            "her2",
            "antibody",
        }
        source = Reference.objects.get()
        assert (source.key, source.title, source.year) == (
            "slamon2001",
            "A trial",
            2001,
        )

    def test_says_what_it_made(self, folder):
        assert load(folder).made == [
            "topic basics",
            "term her2",
            "term antibody",
            "reference slamon2001",
            "article her2",
        ]

    def test_is_in_the_name_of_who_ran_it(self, folder):
        asa = make_user()
        load(folder, by=asa)
        assert live(Article.objects.get()).published_by == asa

    def test_puts_articles_in_the_order_of_their_files(self, folder):
        second = ARTICLE.replace('slug = "her2"', 'slug = "later"')
        (folder / "articles" / "z.md").write_text(second)
        load(folder)
        assert list(Article.objects.values_list("slug", "position")) == [
            ("her2", 1),
            ("later", 2),
        ]

    def test_reads_files_from_other_systems(self, folder):
        path = folder / "articles" / "her2.md"
        path.write_bytes(ARTICLE.replace("\n", "\r\n").encode())
        load(folder)
        assert Passage.objects.first().body == "HER2 is a protein [@slamon2001]."


class TestASecondLoad:
    def test_changes_nothing(self, folder):
        first = load(folder)
        before = list(ArticleVersion.objects.values())
        second = load(folder, at=LATER)
        assert (second.made, second.unchanged) == ([], first.made)
        assert list(ArticleVersion.objects.values()) == before

    def test_makes_a_new_version_of_a_changed_file(self, folder):
        load(folder)
        path = folder / "articles" / "her2.md"
        edit(path, "Much.", "Very much.")
        edit(path, "First version.", "Said it better.")
        assert load(folder, at=LATER).made == ["article her2"]
        version = live(Article.objects.get(), at=LATER)
        assert (version.number, version.change_note) == (2, "Said it better.")
        assert version.passages.last().body == "Very much."

    def test_leaves_what_staff_published_since(self, folder):
        load(folder)
        article = Article.objects.get()
        edited = make_version(article, title="Better", at=LATER)
        assert load(folder, at=LATER).made == []
        assert live(article, at=LATER) == edited

    def test_leaves_a_draft_that_staff_are_writing(self, folder):
        load(folder)
        draft = make_draft(Article.objects.get(), title="Better")
        assert load(folder, at=LATER).made == []
        draft.refresh_from_db()
        assert draft.title == "Better"

    def test_does_not_bring_back_what_staff_withdrew(self, folder):
        load(folder)
        article = Article.objects.get()
        publishing.withdraw(article, by=None, at=AT, reason="Wrong.")
        assert load(folder, at=LATER).made == []
        assert not article.versions.live(LATER).exists()

    def test_brings_a_changed_word_to_the_pages_that_explain_it(self, folder):
        load(folder)
        edit(folder / "glossary" / "words.toml", '"A protein."', '"A receptor."')
        assert load(folder, at=LATER).made == ["term her2"]
        version = live(Article.objects.get(), at=LATER)
        assert "A receptor." in version.html
        assert version.rendered_at == LATER

    def test_brings_a_changed_source_to_the_pages_that_cite_it(self, folder):
        load(folder)
        edit(folder / "references.json", "A trial", "A large trial")
        load(folder, at=LATER)
        assert "A large trial" in live(Article.objects.get(), at=LATER).html


class TestAFault:
    @pytest.mark.parametrize(
        ("name", "old", "new", "fault"),
        [
            ("topics.toml", 'name = "Basics"', "name = Basics", "topics.toml, line 3: "),
            ("topics.toml", 'name = "Basics"', "", "topics.toml, line 2: This field"),
            ("topics.toml", "[[topic]]", "[[topics]]", "topics.toml, line 1: The file holds [[topic]]"),
            ("topics.toml", "[[topic]]", "[topic]", "topics.toml, line 1: The file holds [[topic]]"),
            ("topics.toml", "name =", "nome =", "topics.toml, line 2: There is no field “nome”."),
            ("glossary/words.toml", '"antibody"', '"anti body"', "words.toml, line 7: Enter a valid “slug”"),
            ("glossary/words.toml", 'slug = "antibody"', "", "words.toml, line 1: This field"),
            ("glossary/words.toml", 'term = "Antibody"', 'term = "Her2"', "words.toml, line 7: Constraint"),
            ("glossary/words.toml", 'term = "Antibody"', 'term = "A"\nalso = "B"', "words.toml, line 7: “also” is a list of texts."),
            ("glossary/words.toml", 'term = "Antibody"', 'term = "A"\nalso = [""]', "words.toml, line 7: “also” is a list of texts."),
            ("references.json", '"title"', "title", "references.json, line 4: Expecting"),
            ("references.json", '"title": "A trial",', "", "references.json, line 3: The source has no title."),
            ("references.json", '"slamon2001"', '"slamon 2001"', "references.json, line 3: Use letters"),
            ("references.json", '"id": "slamon2001",', "", "references.json, line 1: This field"),
            ("references.json", "[[2001]]", "2001", "references.json, line 3: The date is written as"),
            ("references.json", SOURCES, "{}", "references.json, line 1: The file holds a list of sources."),
            ("references.json", SOURCES, "[5]", "references.json, line 1: The file holds a list of sources."),
            ("articles/her2.md", ARTICLE[ARTICLE.index("## "):], "", "her2.md, line 1: The page has no passages."),
            ("articles/her2.md", "+++\ntitle", "title", "her2.md, line 1: The file does not begin with +++"),
            ("articles/her2.md", "title = ", "title: ", "her2.md, line 2: "),
            ("articles/her2.md", "= 12", '= "12"', "her2.md, line 1: The front matter needs review_every_months (int)."),
            ("articles/her2.md", "= 12", "= 60", "her2.md, line 1: Ensure this value is less than"),
            ("articles/her2.md", 'slug = "her2"', 'slug = "a b"', "her2.md, line 1: Enter a valid “slug”"),
            ("articles/her2.md", 'title = "What HER2 is"', "", "her2.md, line 1: The front matter needs title (str)."),
            ("articles/her2.md", 'title = "What', f'title = "{"x" * 121}', "her2.md, line 1: Ensure this value has at most 120"),
            ("articles/her2.md", '["It sits on cells."]', "[5]", "her2.md, line 1: Each of the key points is a text."),
            ("articles/her2.md", 'topic = "basics"', 'topic = "none"', "her2.md, line 1: There is no topic “none”."),
            ("articles/her2.md", "{#unknowns}", "{#what-is-it}", "her2.md, line 16: The key “what-is-it” is used twice."),
            ("articles/her2.md", " {#what-is-it}", "", "her2.md, line 12: This text stands before the first"),
            ("articles/her2.md", "[@slamon2001]", "[@nobody]", "her2.md, line 12: “What is it?”: No reference has the key @nobody."),
            ("articles/her2.md", "Much.", "About 9 out of 100.", "her2.md, line 16: “What do we not know?”: A number has no source"),
            ("articles/her2.md", "What is it?", "x" * 151, "her2.md, line 12: Ensure this value has at most 150"),
            ("articles/her2.md", '["It sits on cells."]', "[]", "her2.md, line 1: The page has no key points."),
            ("topics.toml", "name =", "objects = 5\nname =", "topics.toml, line 2: There is no field “objects”."),
            ("topics.toml", "name =", "id = 5\nname =", "topics.toml, line 2: There is no field “id”."),
            ("topics.toml", "name =", "position = 40_000\nname =", "topics.toml, line 2: position is a whole number, from 0 to 32,767."),
            ("topics.toml", "name =", "position = -1\nname =", "topics.toml, line 2: position is a whole number"),
            ("topics.toml", "name =", "position = inf\nname =", "topics.toml, line 2: position is a whole number"),
            ("topics.toml", "name =", "position = true\nname =", "topics.toml, line 2: position is a whole number"),
            ("topics.toml", "name =", f"position = {'9' * 5000}\nname =", "topics.toml, line 1: "),
            ("topics.toml", "name =", f"position = {'[' * 9000}\nname =", "topics.toml, line 1: This is nested too deep."),
            ("topics.toml", '"Basics"', '"Basics\\u0000"', "topics.toml, line 3: This character cannot be stored."),
            ("references.json", '"A trial"', '"A \\ud800trial"', "references.json, line 4: This character cannot be stored."),
            ("references.json", '"A trial"', '"A \\u0000trial"', "references.json, line 4: This character cannot be stored."),
            ("references.json", "[[2001]]", "[[1e999]]", "references.json, line 1: 1e999 is not a number."),
            ("references.json", "[[2001]]", "[[NaN]]", "references.json, line 1: NaN is not a number."),
            ("references.json", "[[2001]]", "9" * 5000, "references.json, line 1: "),
            ("references.json", "[[2001]]", "[" * 200_000, "references.json, line 1: This is nested too deep."),
            ("articles/her2.md", "= 12", "= true", "her2.md, line 1: The front matter needs review_every_months (int)."),
            ("articles/her2.md", "= 12", "= 12\nposition = 40_000", "her2.md, line 1: position is a whole number"),
            ("articles/her2.md", "A protein.", "A\\u0000protein.", "her2.md, line 5: This character cannot be stored."),
            ("articles/her2.md", "Much.", "Mu\0ch.", "her2.md, line 18: This is not a text."),
            ("articles/her2.md", "{#unknowns}", "{#references}", "her2.md, line 16: “What do we not know?”: The page itself uses the key references."),
        ],
    )  # fmt: skip
    def test_names_its_file_and_line_and_stores_nothing(
        self, folder, name, old, new, fault
    ):
        edit(folder / name, old, new)
        with pytest.raises(FaultyContent) as refused:
            load(folder)
        assert refused.value.faults[0].startswith(fault)
        for table in (Topic, GlossaryTerm, Reference, Article, ArticleVersion):
            assert not table.objects.exists()

    def test_may_be_a_missing_file(self, folder):
        (folder / "topics.toml").unlink()
        with pytest.raises(FaultyContent, match=r"topics\.toml: This file is missing"):
            load(folder)

    def test_may_be_a_folder_in_the_place_of_a_file(self, folder):
        (folder / "articles" / "other.md").mkdir()
        with pytest.raises(FaultyContent, match=r"other\.md: This is not a file"):
            load(folder)

    def test_may_be_a_file_that_is_not_utf_8(self, folder):
        path = folder / "articles" / "her2.md"
        path.write_bytes(ARTICLE.replace("Much.", "Påv").encode("latin-1"))
        with pytest.raises(
            FaultyContent, match=r"her2\.md, line 18: This is not UTF-8"
        ):
            load(folder)

    def test_in_one_article_is_told_with_those_of_the_others(self, folder):
        (folder / "articles" / "a.md").write_text("Nothing.")
        (folder / "articles" / "b.md").write_text("Nothing.")
        with pytest.raises(FaultyContent) as refused:
            load(folder)
        assert [fault.split(":")[0] for fault in refused.value.faults] == [
            "a.md, line 1",
            "b.md, line 1",
        ]

    def test_may_be_a_draft_of_staff_in_the_way_of_a_changed_file(self, folder):
        load(folder)
        make_draft(Article.objects.get())
        edit(folder / "articles" / "her2.md", "Much.", "Very much.")
        with pytest.raises(FaultyContent, match="line 1: This article already has a"):
            load(folder, at=LATER)


class TestTheSampleContent:
    MARKS = ("[unknown source", "[unknown picture", "This figure cannot be drawn")

    def test_loads_and_a_second_time_changes_nothing(self):
        first = load(SAMPLE)
        again = load(SAMPLE, at=LATER)
        assert (again.made, again.unchanged) == ([], first.made)

    def test_is_on_the_site_whole(self):
        load(SAMPLE)
        versions = ArticleVersion.objects.live(AT)
        files = sorted(path.stem for path in (SAMPLE / "articles").glob("*.md"))
        assert sorted(versions.values_list("article__slug", flat=True)) == files
        html = "".join(version.html for version in versions)
        assert [mark for mark in self.MARKS if mark in html] == []

    def test_has_sources_with_ids_that_are_used_once(self):
        items = json.loads((SAMPLE / "references.json").read_text(encoding="utf-8"))
        ids = [item["id"] for item in items]
        assert len(ids) == len(set(ids))
