"""Word files: what becomes Markdown, what is left out, and what is refused."""

import pytest

from articles.tests.docx import (
    NUMBERS,
    docx,
    heading,
    item,
    link,
    para,
    part,
    run,
    table,
    zipped,
)
from articles.word_files import (
    LARGEST_FILE,
    NO_TEXT,
    NOT_WORD,
    TABLE_TOO_LARGE,
    TOO_LARGE,
    TOO_LONG,
    TOO_MUCH,
    CannotReadWordFile,
    read_word_file,
)
from articles.word_markdown import UNTITLED

BOLD, ITALIC = "<w:b/>", "<w:i/>"
RAISED = '<w:vertAlign w:val="superscript"/>'
LOWERED = '<w:vertAlign w:val="subscript"/>'
BREAK = "<w:r><w:br/></w:r>"
DEEP = '<w:pStyle w:val="Heading3"/>'
PICTURE = "<w:r><w:drawing><w:inline/></w:drawing></w:r>"
STRUCK = run("gone", "<w:strike/>")
BOX_TEXT = f"<w:txbxContent>{para('In a box')}</w:txbxContent>"
BOX = (
    f"<w:r><mc:AlternateContent><mc:Choice><w:drawing>{BOX_TEXT}</w:drawing></mc:Choice>"
    f"<mc:Fallback><w:pict>{BOX_TEXT}</w:pict></mc:Fallback></mc:AlternateContent></w:r>"
)
ENTITIES = '<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><d>&b;</d>'


STYLES = """
<w:style w:type="character" w:styleId="Out"><w:rPr><w:strike/></w:rPr></w:style>
<w:style w:type="character" w:styleId="LikeOut"><w:basedOn w:val="Out"/></w:style>
<w:style w:type="character" w:styleId="InAgain">
  <w:basedOn w:val="Out"/><w:rPr><w:strike w:val="false"/></w:rPr>
</w:style>
<w:style w:type="paragraph" w:styleId="OutPara"><w:rPr><w:strike/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Round"><w:basedOn w:val="Round"/></w:style>
"""
STYLED = {"word/styles.xml": part("styles", STYLES)}


def body(*blocks, **parts):
    (passage,) = read_word_file(docx(*blocks, **parts)).passages
    return passage.body


def passages(*blocks):
    return [(p.heading, p.body) for p in read_word_file(docx(*blocks)).passages]


def left_out(*blocks, **parts):
    return dict(read_word_file(docx(*blocks, **parts)).left_out)


def cell(words, about=""):
    return f"<w:tc><w:tcPr>{about}</w:tcPr>{para(words)}</w:tc>"


def refusal(content):
    with pytest.raises(CannotReadWordFile) as caught:
        read_word_file(content)
    return str(caught.value)


class TestHeadings:
    def test_of_the_first_two_levels_begin_passages(self):
        blocks = [heading(1, "One"), para("A."), heading(2, "Two"), para("B.")]
        assert passages(*blocks) == [("One", "A."), ("Two", "B.")]

    def test_below_them_stay_and_go_down_one_level_at_a_time(self):
        blocks = [heading(1, "One"), heading(4, "Deep"), heading(6, "Deeper")]
        assert passages(*blocks) == [("One", "### Deep\n\n#### Deeper")]

    def test_that_are_empty_are_no_headings(self):
        assert passages(heading(1, "One"), heading(3, ""), para("A.")) == [
            ("One", "A.")
        ]

    def test_without_a_text_are_counted_and_not_passages(self):
        blocks = [heading(1, "Title"), heading(2, "One"), para("A.")]
        assert passages(*blocks) == [("One", "A.")]
        assert left_out(*blocks) == {"headings without a text": 1}

    def test_that_are_too_long_are_cut_at_a_word(self):
        ((head, _),) = passages(heading(1, "word " * 40), para("A."))
        assert len(head) <= 150
        assert head.endswith("word …")

    def test_are_not_needed(self):
        assert passages(para("A.")) == [(UNTITLED, "A.")]


class TestWords:
    @pytest.mark.parametrize(
        ("marks", "made"),
        [
            (BOLD, "one **two** three"),
            (ITALIC, "one *two* three"),
            (RAISED, "one ^two^ three"),
            (LOWERED, "one ~two~ three"),
        ],
    )
    def test_keep_their_marks_and_the_blanks_outside_them(self, marks, made):
        assert body(para("one", run(" two ", marks), "three")) == made

    def test_that_are_raised_together_are_raised_together(self):
        assert body(para("A", run("1, 2", RAISED))) == "A^1,\\ 2^"

    def test_that_are_blank_are_not_marked(self):
        assert body(para("one", run(" ", BOLD), "two")) == "one two"

    def test_that_are_links_stay_links(self):
        assert body(para(link("WHO"))) == "[WHO](https://www.who.int/a_%28b%29)"

    def test_lose_a_link_that_is_not_of_the_web(self):
        assert body(para(link("WHO", "bad"))) == "WHO"

    def test_break_where_a_line_was_broken(self):
        assert body(para("one", BREAK, "two")) == "one\\\ntwo"

    @pytest.mark.parametrize(
        ("typed", "made"),
        [
            ("- b", r"\- b"),
            ("+ b", r"\+ b"),
            ("# b", r"\# b"),
            (">b", r"\>b"),
            ("---", r"\---"),
            ("===", r"\==="),
            (":::", r"\:::"),
            ("1. b", r"1\. b"),
            ("--- | ---", r"\--- | ---"),
        ],
    )
    def test_begin_no_block_where_a_line_was_broken(self, typed, made):
        typed = typed.replace(">", "&gt;")
        broken = body(para("a | a", BREAK, f" {typed}", BREAK, "b"))
        assert broken == f"a | a\\\n{made}\\\nb"

    def test_of_a_heading_stay_in_its_line(self):
        blocks = [heading(1, "One"), para("A", BREAK, "B", about=DEEP)]
        assert passages(*blocks) == [("One", "### A B")]

    @pytest.mark.parametrize(
        ("typed", "made"),
        [
            ("5 * 3 * 2", r"5 \* 3 \* 2"),
            ("~5 or ~6", "~5 or ~6"),
            ("a~b~c", r"a\~b~c"),
            ("_so_ a_b", r"\_so\_ a_b"),
            ("# no heading", r"\# no heading"),
            ("1. no list", r"1\. no list"),
            ("3 cells", "3 cells"),
            ("- no list", r"\- no list"),
            ("[1]: https://a.b", r"\[1]: https://a.b"),
            ("[@slamon_2001]: yes", "[@slamon_2001]: yes"),
            ("Known [@slamon_2001]", "Known [@slamon_2001]"),
            ("a &lt;b&gt; c", "a <b> c"),
        ],
    )
    def test_that_look_like_markdown_stay_words(self, typed, made):
        assert body(para(typed)) == made


class TestLists:
    def test_are_nested_as_in_word(self):
        blocks = [item("A"), item("B", level=1), item("C")]
        assert body(*blocks) == "- A\n  - B\n- C"

    def test_may_be_numbered(self):
        blocks = [item("A", of=NUMBERS), item("B", of=NUMBERS)]
        assert body(*blocks) == "1. A\n2. B"


class TestATable:
    def test_has_its_first_row_as_head(self):
        made = body(table(["**Name**".strip("*"), "Use"], ["T-DM1", "a | b"]))
        assert made == "| Name | Use |\n| --- | --- |\n| T-DM1 | a \\| b |"

    def test_has_as_many_cells_in_each_row(self):
        made = body(table(["A", "B"], ["C"]))
        assert made.splitlines()[-1] == "| C |  |"

    def test_spreads_a_cell_that_spans_columns(self):
        wide = f'<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{para("A")}</w:tc>'
        rows = f"<w:tr>{wide}</w:tr><w:tr><w:tc>{para('B')}</w:tc><w:tc>{para('C')}</w:tc></w:tr>"
        made = body(f"<w:tbl>{rows}</w:tbl>")
        assert made == "| A |  |\n| --- | --- |\n| B | C |"

    def test_leaves_the_place_of_a_cell_that_spans_rows_empty(self):
        first = cell("1", '<w:vMerge w:val="restart"/>') + cell("2")
        second = cell("", "<w:vMerge/>") + cell("3")
        rows = (cell("A") + cell("B"), first, second)
        made = body(f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>")
        assert made.splitlines()[2:] == ["| 1 | 2 |", "|  | 3 |"]

    def test_keeps_the_words_of_a_list_in_a_cell(self):
        cells = f"<w:tc>{item('B')}{item('C', level=1)}{item('D')}</w:tc>"
        made = body(f"<w:tbl><w:tr>{cell('A')}</w:tr><w:tr>{cells}</w:tr></w:tbl>")
        assert made.splitlines()[2:] == ["| B C D |"]

    def test_has_a_table_within_it_once(self):
        inner = f"<w:tc>{table(['x', 'y'])}{para('')}</w:tc>"
        made = body(f"<w:tbl><w:tr>{cell('A')}</w:tr><w:tr>{inner}</w:tr></w:tbl>")
        assert made.splitlines()[2:] == ["| x y |"]

    def test_of_nothing_is_nothing(self):
        assert body(para("A."), "<w:tbl><w:tr></w:tr></w:tbl>") == "A."


class TestWhatIsLeftOut:
    @pytest.mark.parametrize(
        ("inside", "what"),
        [
            (PICTURE, "pictures and text boxes"),
            (BOX, "pictures and text boxes"),
            ('<w:r><w:footnoteReference w:id="2"/></w:r>', "footnotes"),
            ('<w:r><w:commentReference w:id="1"/></w:r>', "comments"),
            ("<w:r><w:object/></w:r>", "embedded objects"),
            (f"<w:del>{run('gone')}</w:del>", "deletions that were tracked"),
            (STRUCK, "pieces of struck-out text"),
            (run("gone", "<w:dstrike/>"), "pieces of struck-out text"),
            (run("gone", "<w:vanish/>"), "pieces of hidden text"),
            (f"<w:fldSimple>{run('gone')}</w:fldSimple>", "fields"),
            (f"<w:dir>{run('gone')}</w:dir>", "texts with a direction of their own"),
            (f"<w:bdo>{run('gone')}</w:bdo>", "texts with a direction of their own"),
            (
                f"<w:r><w:ruby>{run('gone')}</w:ruby></w:r>",
                "words with a reading above them",
            ),
            ('<w:altChunk r:id="x"/>', "files within the file"),
        ],
    )
    def test_is_counted_and_not_in_the_text(self, inside, what):
        block = para("Before", inside, " and after.")
        assert body(block) == "Before and after."
        assert left_out(block, block) == {what: 2}

    @pytest.mark.parametrize(
        ("marks", "kept"),
        [
            ("", "after."),
            ('<w:rStyle w:val="Out"/>', ""),
            ('<w:rStyle w:val="LikeOut"/>', ""),
            ('<w:rStyle w:val="LikeOut"/><w:strike w:val="0"/>', "after."),
            ('<w:rStyle w:val="InAgain"/>', "after."),
            ('<w:rStyle w:val="Unknown"/>', "after."),
        ],
    )
    def test_may_be_said_by_a_style_of_the_words(self, marks, kept):
        block = para("Before", run("after.", marks))
        assert body(block, **STYLED) == f"Before{kept}"

    def test_may_be_said_by_a_style_of_the_paragraph(self):
        out = '<w:pStyle w:val="OutPara"/>'
        again = run("again", '<w:rStyle w:val="InAgain"/>')
        blocks = [para("Kept."), para("gone", again, about=out), para("Kept.")]
        assert body(*blocks, **STYLED) == "Kept.\n\nagain\n\nKept."
        assert left_out(*blocks, **STYLED) == {"pieces of struck-out text": 1}

    def test_is_not_said_by_the_styles_of_its_building_blocks(self):
        """Word keeps these in the same file, with styles of their own."""
        block = para("Before", run("gone", '<w:rStyle w:val="Out"/>'))
        other = '<w:style w:type="character" w:styleId="Out"/>'
        parts = STYLED | {"word/glossary/styles.xml": part("styles", other)}
        assert body(block, **parts) == "Before"

    def test_does_not_go_round_in_styles_that_rest_on_each_other(self):
        block = para("Before", run("after.", '<w:rStyle w:val="Round"/>'))
        assert body(block, **STYLED) == "Beforeafter."

    @pytest.mark.parametrize(
        ("inside", "what"),
        [
            (
                '<w:sym w:font="Odd" w:char="F0E1"/>',
                "kinds of symbols that we do not know",
            ),
            ("<w:odd/>", "kinds of elements that we do not know"),
        ],
    )
    def test_names_what_we_do_not_know(self, inside, what):
        assert left_out(para("A.", f"<w:r>{inside}</w:r>")) == {what: 1}

    def test_is_nothing_where_all_came_in(self):
        assert left_out(para("A.")) == {}

    @pytest.mark.parametrize(
        "block",
        [
            para(run("A.", '<w:strike w:val="0"/>')),
            para("A.", about='<w:pStyle w:val="Odd"/>'),
        ],
    )
    def test_is_no_style(self, block):
        assert body(block) == "A."
        assert left_out(block) == {}


class TestAFile:
    @pytest.mark.parametrize(
        "content",
        [
            b"",
            b"Dear colleagues",
            b"\xd0\xcf\x11\xe0 an old .doc",
            docx(para("A."))[:300],
            zipped({"notes.txt": "A zip of something else"}),
            zipped({"[Content_Types].xml": "<Types/>"}),
            docx(document="<w:document"),
            docx(document=ENTITIES),
            docx(**{"word/styles.xml": ENTITIES}),
            docx(document=part("document", "<w:p>" * 200 + "</w:p>" * 200)),
        ],
        ids=[
            "empty",
            "text",
            "doc",
            "half",
            "zip",
            "bare",
            "broken",
            "entities",
            "entities in another part",
            "deep",
        ],
    )
    def test_that_is_not_from_word_is_refused(self, content):
        assert refusal(content) == NOT_WORD

    def test_that_is_too_large_is_refused(self):
        assert refusal(b"x" * (LARGEST_FILE + 1)) == TOO_LARGE

    @pytest.mark.parametrize("path", ["word/media/image1.png", "word/theme.xml"])
    def test_that_unpacks_to_too_much_is_refused_unread(self, path):
        bomb = docx(para("A."), **{path: "0" * 21 * 1024 * 1024})
        assert len(bomb) < 100_000
        assert refusal(bomb) == TOO_MUCH

    def test_of_too_many_parts_is_refused(self):
        many = {f"word/media/{n}": "" for n in range(2001)}
        assert refusal(docx(para("A."), **many)) == TOO_MUCH

    @pytest.mark.parametrize(
        "block",
        [
            "<w:p/>" * 5001,
            f"<w:p>{'<w:r/>' * 20_001}</w:p>",
            f"<w:tbl><w:tr>{'<w:tc/>' * 20_001}</w:tr></w:tbl>",
        ],
        ids=["paragraphs", "runs", "cells"],
    )
    def test_of_too_many_pieces_is_refused(self, block):
        assert refusal(docx(para("A."), block)) == TOO_LONG

    @pytest.mark.parametrize(
        "blocks",
        [
            f"<w:p>{'<w:x/>' * 8_000}{'<w:del/>' * 8_000}</w:p>",
            f"<w:p><w:r><w:rPr><w:strike/></w:rPr>{'<w:fldChar/>' * 8_000}{'<w:t/>' * 8_000}</w:r></w:p>",
        ],
        ids=["left out", "struck out"],
    )
    def test_of_which_much_is_left_out_takes_no_longer(self, blocks, within_a_second):
        file = docx(para("A."), blocks)
        with within_a_second():
            read_word_file(file)

    def test_whose_styles_rest_on_a_long_one_takes_no_longer(self, within_a_second):
        long = f'<w:style w:type="character" w:styleId="long">{"<w:x/>" * 10_000}</w:style>'
        rest = "".join(
            f'<w:style w:type="character" w:styleId="s{n}"><w:basedOn w:val="long"/></w:style>'
            for n in range(1500)
        )
        styles = {"word/styles.xml": part("styles", long + rest)}
        with within_a_second():
            read_word_file(docx(para("A."), **styles))

    def test_with_a_table_that_spans_too_much_is_refused(self):
        wide = '<w:tc><w:tcPr><w:gridSpan w:val="99"/></w:tcPr></w:tc>' * 100
        block = f"<w:tbl><w:tr>{wide}</w:tr>{'<w:tr><w:tc/></w:tr>' * 1000}</w:tbl>"
        assert refusal(docx(para("A."), block)) == TABLE_TOO_LARGE

    def test_without_text_is_refused(self):
        assert refusal(docx(para(""))) == NO_TEXT
