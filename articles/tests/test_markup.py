"""Markdown to safe HTML: what each block makes, and what a hostile text cannot make."""

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from articles.allowlist import ATTRIBUTES, CLASSES, CLEANER, SCHEMES, TAGS
from articles.markup import LONGEST, Page, Picture, Term, source_html, visible_text

KNOWN = {"slamon2001", "cameron2017"}
PICTURES = {"7": Picture("/images/abc.webp", 800, 600, "A. Nurse")}
VOID = {"br", "hr", "img", "path"}


def page(*terms, pictures=PICTURES):
    return Page(known=KNOWN, terms=terms, pictures=pictures)


def html(body, *terms):
    return page(*terms).passage(body)


class Parts(HTMLParser):
    """The elements, attributes and visible text that a browser would find."""

    def __init__(self, source):
        super().__init__()
        self.tags = []
        self.text = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, attrs))

    def handle_data(self, text):
        self.text += text

    def faults(self):
        """Whatever the allow-list does not allow."""
        for tag, attributes in self.tags:
            if tag not in TAGS:
                yield f"<{tag}>"
            for name, value in attributes:
                if name == "class":
                    allowed = set((value or "").split()) <= CLASSES.get(tag, set())
                else:
                    # The parser gives names in lower case; SVG has a viewBox.
                    known = {known.lower() for known in ATTRIBUTES.get(tag, set())}
                    allowed = name in known
                if not allowed:
                    yield f"<{tag} {name}={value}>"
                if name in ("href", "src") and not self.leads_somewhere_safe(value):
                    yield f"<{tag} {name}={value}>"

    def leads_somewhere_safe(self, address):
        # As browsers read it: without blanks and control characters, in lower case.
        bare = "".join(c for c in address or "" if c > " ").lower()
        scheme, colon, _ = bare.partition(":")
        relative = not colon or not scheme.replace("+", "").isalnum()
        return (relative or scheme in SCHEMES) and not bare.startswith("//")


class TestABlock:
    @pytest.mark.parametrize(
        ("body", "made"),
        [
            ("One.\n\nTwo.", "<p>One.</p>\n<p>Two.</p>\n"),
            ("**Bold** and *soft*.", "<p><strong>Bold</strong> and <em>soft</em>.</p>\n"),
            ("### Three\n\n#### Four", "<h3>Three</h3>\n<h4>Four</h4>\n"),
            ("- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
            ("3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>\n'),
            ("> said", "<blockquote>\n<p>said</p>\n</blockquote>\n"),
            ("one\\\ntwo", "<p>one<br>\ntwo</p>\n"),
            ("---", "<hr>\n"),
            ("`code`", "<p><code>code</code></p>\n"),
            ("```\n<b>\n```", "<pre><code>&lt;b&gt;\n</code></pre>"),
        ],
    )  # fmt: skip
    def test_of_plain_markdown_makes_the_plain_element(self, body, made):
        assert html(body) == made

    @pytest.mark.parametrize(
        ("body", "made"),
        [
            (
                "::: urgent Call now\nText.\n:::",
                '<section class="urgent" aria-label="Call now"><h3>Call now</h3>'
                "<p>Text.</p>\n</section>",
            ),
            (
                "::: note Good to know\nText.\n:::",
                '<aside class="note"><h3>Good to know</h3><p>Text.</p>\n</aside>',
            ),
            ("::: note\nText.\n:::", '<aside class="note"><p>Text.</p>\n</aside>'),
            (
                "::: detail For nurses\nText.\n:::",
                '<details class="more"><summary>For nurses</summary><p>Text.</p>\n</details>',
            ),
            (
                "::: detail\nText.\n:::",
                '<details class="more"><summary>More detail</summary><p>Text.</p>\n</details>',
            ),
            (
                "::: survival How long people live\nText.\n:::",
                '<details class="survival"><summary>How long people live</summary>'
                "<p>Text.</p>\n</details>",
            ),
        ],
    )
    def test_with_colons_is_a_box(self, body, made):
        assert html(body) == made

    def test_with_an_unknown_name_is_no_box(self):
        assert "<aside" not in html("::: warning\nText.\n:::")

    def test_of_four_spaces_is_a_paragraph_and_not_code(self):
        assert html("    indented") == "<p>indented</p>\n"

    def test_underlined_is_no_heading(self):
        assert "<h" not in html("Text\n====").replace("<hr>", "")


class TestARaisedOrLoweredSign:
    @pytest.mark.parametrize(
        ("body", "made"),
        [
            ("10^9^ cells", "10<sup>9</sup> cells"),
            ("CO~2~", "CO<sub>2</sub>"),
            ("~ 5 and ~ 6", "~ 5 and ~ 6"),
            ("1 ^ 2 ^ 3", "1 ^ 2 ^ 3"),
        ],
    )
    def test_is_made_by_a_pair_of_signs_around_one_word(self, body, made):
        assert html(body).strip() == f"<p>{made}</p>"

    def test_is_a_difference_that_a_fingerprint_sees(self):
        assert visible_text("10^9^") == "10^9^"
        assert visible_text("10^9^") != visible_text("109")


class TestATable:
    BODY = "| Result | Means |\n|:-----|----:|\n| 3+ | positive |"

    def test_has_a_name_and_can_be_reached_by_keyboard(self):
        opening = (
            '<div class="table stacks" role="region" tabindex="0" '
            'aria-label="Table: Result, Means"><table role="table">'
        )
        assert html(self.BODY).startswith(opening)

    def test_says_that_its_headers_head_columns(self):
        assert html(self.BODY).count('<th role="columnheader" scope="col">') == 2

    def test_stays_a_table_where_its_cells_stand_below_each_other(self):
        made = html(self.BODY)
        assert made.count('<tr role="row">') == 2
        assert '<thead role="rowgroup">' in made
        assert '<tbody role="rowgroup">' in made
        assert '<td role="cell" data-column="Result">3+</td>' in made
        assert '<td role="cell" data-column="Means">positive</td>' in made

    def test_names_the_cells_of_each_table_by_its_own_columns(self):
        made = html(f"{self.BODY}\n\n| Drug |\n|---|\n| A |\n| B |")
        assert made.count('data-column="Drug"') == 2

    def test_names_a_column_by_its_words_alone(self):
        made = html("| **Result** [@slamon2001] |\n|---|\n| 3+ |")
        assert 'aria-label="Table: Result"' in made
        assert 'data-column="Result"' in made

    @pytest.mark.parametrize("head", ["Result [@slamon2001]", "[Result](/help/)"])
    def test_scrolls_where_its_head_holds_something_to_press(self, head):
        made = html(f"| {head} |\n|---|\n| 3+ |")
        assert '<div class="table" role="region"' in made

    def test_of_more_columns_than_fit_on_a_phone_scrolls(self):
        five = "| a | b | c | d | e |\n|---|---|---|---|---|\n| 1 | 2 | 3 | 4 | 5 |"
        assert '<div class="table" role="region"' in html(five)

    def test_carries_no_styles(self):
        assert "style" not in html(self.BODY)

    def test_escapes_its_name(self):
        made = html('| a"><b | c |\n|---|---|\n| 1 | 2 |')
        assert 'aria-label="Table: a&quot;&gt;&lt;b, c"' in made
        assert 'data-column="a&quot;&gt;&lt;b"' in made


class TestAPicture:
    def test_is_a_figure_with_size_alternative_and_credit(self):
        assert html("![Two cells](image:7)") == (
            '<figure class="picture"><img src="/images/abc.webp" alt="Two cells" '
            'width="800" height="600" loading="lazy">'
            "<figcaption>A. Nurse</figcaption></figure>\n"
        )

    def test_without_a_credit_has_no_caption(self):
        plain = page(pictures={"7": Picture("/images/abc.webp", 8, 6, "")})
        assert "figcaption" not in plain.passage("![Cells](image:7)")

    def test_escapes_its_alternative_and_its_credit(self):
        hostile = page(pictures={"7": Picture("/images/abc.webp", 8, 6, "<i>me</i>")})
        made = hostile.passage('![" onload="x](image:7)')
        assert 'alt="&quot; onload=&quot;x"' in made
        assert "&lt;i&gt;me&lt;/i&gt;" in made

    def test_that_is_decorative_has_an_empty_alternative(self):
        assert 'alt=""' in html('![](image:7 "decorative")')

    def test_that_is_unknown_is_named_and_not_shown(self):
        assert html("![x](image:8)") == "<p>[unknown picture: image:8]</p>\n"

    def test_needs_the_word_image_before_its_number(self):
        assert html("![x](7)") == "<p>[unknown picture: 7]</p>\n"


class TestChances:
    BODY = "```chances\nShows: heart events [@cameron2017]\nBefore: 1\nAfter: 12\n```"

    def test_say_in_words_what_they_draw(self):
        parts = Parts(html(self.BODY))
        names = [dict(a)["aria-label"] for tag, a in parts.tags if tag == "svg"]
        assert names == [
            "1 filled circle and 99 empty circles, 100 in total",
            "12 filled circles and 88 empty circles, 100 in total",
        ]
        assert "Before: 1 out of 100" in parts.text
        assert "The difference: 11 more out of 100 in “After”." in parts.text

    def test_draw_ten_circles_a_row(self):
        # 12 of 100: a full row and two more are filled; the rest of that row is empty.
        made = html(self.BODY)
        assert '<path class="on" d="M10 10h181M10 30h21"></path>' in made
        assert '<path class="off" d="M50 30h141M10 50h181' in made
        assert 'viewBox="0 0 200 200"' in made

    def test_draw_nobody_as_nothing(self):
        made = html("```chances\nShows: x\nA: 0\nB: 100\n```")
        assert '<path class="on" d="M0 0"></path>' in made

    def test_out_of_1000_are_ten_times_as_high(self):
        assert 'viewBox="0 0 200 2000"' in html(
            self.BODY.replace("Before", "Out of: 1000\nBefore")
        )

    def test_number_their_source_with_the_others(self):
        made = html(f"First [@slamon2001].\n\n{self.BODY}")
        assert 'href="#ref-cameron2017" aria-label="Reference 2">[2]</a>' in made

    def test_escape_the_names_of_their_groups(self):
        made = html("```chances\nShows: x\n<b>A</b>: 1\nB: 2\n```")
        assert "<strong>&lt;b&gt;A&lt;/b&gt;:</strong>" in made

    def test_that_cannot_be_drawn_say_why(self):
        made = html("```chances\nShows: x\nA: 1\n```")
        assert "This figure cannot be drawn" in made
        assert "Give exactly two groups" in made


class TestCitations:
    def test_are_numbered_by_first_use_over_the_whole_page(self):
        whole = page()
        whole.line("Summary [@cameron2017].")
        whole.passage("One [@slamon2001]. Two [@cameron2017].")
        assert whole.numbers == {"cameron2017": 1, "slamon2001": 2}

    def test_have_an_anchor_for_each_use(self):
        whole = page()
        made = whole.passage("One [@slamon2001]. Two [@slamon2001].")
        anchors = [dict(a)["id"] for tag, a in Parts(made).tags if tag == "a"]
        assert anchors == ["cite-slamon2001-1", "cite-slamon2001-2"]
        assert whole.uses["slamon2001"] == 2

    def test_lead_to_the_reference(self):
        assert html("One [@slamon2001].") == (
            '<p>One <a class="cite" id="cite-slamon2001-1" href="#ref-slamon2001" '
            'aria-label="Reference 1">[1]</a>.</p>\n'
        )

    def test_say_where_in_the_source(self):
        made = html('One [@slamon2001, p. "784" <b>].')
        assert 'aria-label="Reference 1, p. &quot;784&quot; &lt;b&gt;"' in made

    def test_of_two_sources_are_two_links(self):
        assert html("One [@slamon2001; @cameron2017].").count('class="cite"') == 2

    def test_of_an_unknown_source_name_it(self):
        assert html("One [@nobody].") == "<p>One [unknown source: nobody].</p>\n"

    def test_cannot_stand_in_the_text_of_a_link(self):
        made = html("[see [@slamon2001]](/a/)")
        assert made.startswith('<p>[see <a class="cite"')
        assert made.count("<a ") == 1

    def test_in_code_stay_as_typed(self):
        assert html("`[@slamon2001]`") == "<p><code>[@slamon2001]</code></p>\n"


class TestAGlossaryWord:
    TERM = Term("antibody", ("Antibody", "antibodies"))
    NAME = Term("her2", ("HER2",))
    MARK = '<button type="button" class="term" popovertarget="word-{}">{}</button>'

    def test_is_marked_at_its_first_use_only(self):
        whole = page(self.TERM)
        first = whole.passage("An antibody. Another antibody.")
        second = whole.passage("An antibody.")
        assert first.count('class="term"') == 1
        assert second == "<p>An antibody.</p>\n"
        assert whole.words == ["antibody"]

    @pytest.mark.parametrize("word", ["antibody", "Antibody", "ANTIBODY", "antibodies"])
    def test_is_found_under_each_of_its_names_in_any_case(self, word):
        assert self.MARK.format("antibody", word) in html(f"An {word}.", self.TERM)

    def test_is_found_with_an_s_at_its_end(self):
        term = Term("receptor", ("Receptor",))
        assert self.MARK.format("receptor", "receptors") in html("Two receptors.", term)

    @pytest.mark.parametrize(
        "text", ["antibodyish", "pre-antibody", "antibody-drug", "xantibody"]
    )
    def test_is_not_found_inside_another_word(self, text):
        assert "button" not in html(text, self.TERM)

    def test_that_is_a_name_must_be_written_as_it_is(self):
        assert "button" not in html("her2", self.NAME)
        assert self.MARK.format("her2", "HER2") in html("HER2", self.NAME)

    def test_is_the_longest_that_fits(self):
        longer = Term("her2-positive", ("HER2-positive",))
        made = html("HER2-positive", self.NAME, longer)
        assert self.MARK.format("her2-positive", "HER2-positive") in made

    @pytest.mark.parametrize(
        "body",
        [
            "### An antibody",
            "[an antibody](/glossary/)",
            "[an **antibody**](/glossary/)",
            "`antibody`",
            "```\nantibody\n```",
            "![antibody](image:7)",
            "| Antibody |\n|---|\n| Name |",
        ],
    )
    def test_is_not_marked_in_a_heading_a_link_code_or_a_picture(self, body):
        assert "button" not in html(body, self.TERM)

    def test_is_marked_after_a_heading_and_a_link(self):
        made = html("### antibody\n\n[antibody](/a/) antibody", self.TERM)
        assert made.count("<button") == 1

    @pytest.mark.parametrize("body", ["- antibody", "> antibody", "**antibody**"])
    def test_is_marked_in_lists_quotes_and_bold(self, body):
        assert "<button" in html(body, self.TERM)

    def test_is_not_marked_in_a_summary_or_key_point(self):
        whole = page(self.TERM)
        assert whole.line("An antibody.") == "An antibody."
        assert whole.words == []

    @pytest.mark.parametrize("word", ["\u017fide", "s\u0131de", "s\u0130de"])
    def test_is_not_a_word_with_a_letter_that_only_matches_in_capitals(self, word):
        assert "button" not in html(word, Term("side", ("side",)))


class TestALine:
    def test_has_citations_and_bold_but_no_blocks(self):
        made = page().line("# **Safe** [@slamon2001]")
        assert made.startswith('# <strong>Safe</strong> <a class="cite"')


class TestALink:
    @pytest.mark.parametrize(
        "address",
        [
            "https://example.org/a?b=c#d",
            "http://example.org/",
            "mailto:asa@example.org",
            "tel:+4612345",
            "/articles/her2/",
            "#what-is-her2",
            "glossary/#her2",
            "?page=2",
            "a/b:c",
            "#a:b",
        ],
    )
    def test_to_a_page_or_a_person_is_made(self, address):
        assert html(f"[go]({address})") == f'<p><a href="{address}">go</a></p>\n'

    def test_needs_no_text_of_its_own(self):
        made = html("<https://example.org/>")
        assert (
            made == '<p><a href="https://example.org/">https://example.org/</a></p>\n'
        )

    @pytest.mark.parametrize(
        "address",
        [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "javascript&colon;alert(1)",
            "&#106;avascript:alert(1)",
            "&#x6A;avascript:alert(1)",
            "java&Tab;script:alert(1)",
            "java&NewLine;script:alert(1)",
            "<java\tscript:alert(1)>",
            "< javascript:alert(1)>",
            "\x01javascript:alert(1)",
            "\u00a0javascript:alert(1)",
            "data:text/html,<script>alert(1)</script>",
            "data:image/svg+xml;base64,PHN2Zy8+",
            "vbscript:msgbox(1)",
            "v&#98;script:msgbox(1)",
            "file:///etc/passwd",
            "ftp://example.org/",
            "blob:https://example.org/x",
            "view-source:https://example.org",
            "//evil.example/",
            "&#47;/evil.example/",
            ":alert(1)",
            "image:7",
        ],
    )
    def test_to_anything_else_leads_nowhere(self, address):
        for body in (f"[go]({address})", f"<{address}>"):
            made = html(body)
            assert "href" not in made
            assert list(Parts(made).faults()) == []

    def test_with_a_title_loses_it(self):
        assert html('[go](/a/ "title")') == '<p><a href="/a/">go</a></p>\n'

    def test_by_name_of_a_definition_is_not_made(self):
        assert "href" not in html("[go][x]\n\n[x]: https://example.org/")


class TestASourceInHtml:
    def test_is_text_and_a_link(self):
        made = source_html({"title": "A & B", "DOI": "10.1/x"})
        assert made == 'A &amp; B. <a href="https://doi.org/10.1/x">doi:10.1/x</a>'

    def test_without_an_address_is_text(self):
        assert source_html({"title": "A"}) == "A."

    def test_cannot_bring_elements_with_it(self):
        hostile = {"title": "<script>x</script>", "DOI": '"><img src=x onerror=x>'}
        assert {tag for tag, _ in Parts(source_html(hostile)).tags} == {"a"}


class TestVisibleText:
    def test_is_the_words_with_links_sources_and_pictures(self):
        body = "**Go** [here](/a/) [@x].\n\n- one\n- two\n\n![Cells](image:7)\\\nend"
        assert visible_text(body) == (
            "Go (/a/)here [@x].\none\ntwo\n(image:7) Cells end"
        )


HOSTILE = [
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<scr<script>ipt>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img src='https://evil.example/x.png'>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'>",
    "<object data='data:text/html,x'></object>",
    "<embed src='//evil.example/'>",
    "<form action='https://evil.example/'><input name=q><button formaction=x>go</button>",
    "<button popovertarget=x onclick=alert(1)>x</button>",
    "<style>@import '//evil.example/x.css';</style>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<base href='//evil.example/'>",
    "<meta http-equiv=refresh content='0;url=//evil.example/'>",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='&#x6A;avascript:alert(1)'>x</a>",
    "<a href='java\nscript:alert(1)'>x</a>",
    "<a href=x style='position:fixed;inset:0' target=_blank>x</a>",
    "<p style='background:url(//evil.example/x)'>x</p>",
    "<video><source onerror=alert(1)></video>",
    "<input autofocus onfocus=alert(1)>",
    "<template><script>alert(1)</script></template>",
    "<!--><script>alert(1)</script>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><script>alert(1)</script>",
    "</p></section></main><script>alert(1)</script>",
    "![x](https://evil.example/x.png)",
    "![x](//evil.example/x.png)",
    "![x](data:image/svg+xml,<svg onload=alert(1)>)",
    "![x](javascript:alert(1))",
    '![x" onerror="alert(1)](image:7)',
    '[x](/a/" onclick="alert(1))',
    '[@slamon2001, " onclick="alert(1)]',
    "::: urgent \" onclick=\"alert(1)\nx\n:::",
    "::: detail <script>alert(1)</script>\nx\n:::",
    "```chances\nShows: <script>alert(1)</script>\nA: 1\nB: 2\n```",
    "```chances\nShows: x\n\"><script>alert(1)</script>: 1\nB: 2\n```",
    "```<script>\nx\n```",
    "| <script> | x |\n|---|---|\n| <img src=x onerror=alert(1)> | y |",
    "### <img src=x onerror=alert(1)>",
    "\x00<script>alert(1)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "\u2028<script>alert(1)</script>\u202e",
]  # fmt: skip


class TestAHostileText:
    @pytest.mark.parametrize("body", HOSTILE)
    def test_makes_nothing_but_what_is_allowed(self, body):
        assert list(Parts(html(body)).faults()) == []
        assert list(Parts(page().line(body)).faults()) == []

    @pytest.mark.parametrize("body", HOSTILE)
    def test_changes_no_more_when_it_is_cleaned_again(self, body):
        once = CLEANER.clean(body)
        assert CLEANER.clean(once) == once

    @pytest.mark.parametrize("body", HOSTILE)
    def test_made_into_html_is_clean_already(self, body):
        made = html(body)
        assert CLEANER.clean(made) == made

    @pytest.mark.parametrize(
        "piece",
        [
            "> ",
            ">",
            "- ",
            "* ",
            "[",
            "![",
            "[a](",
            "[@a;",
            "[@",
            "*a_",
            "**",
            "`",
            "`a",
            "<",
            "&",
            "a",
            "| ",
            "|-|\n",
            "|a|\n|-|\n\n",
            "::: note\n",
            "```chances\n",
            "\n",
            "antibody ",
        ],
    )
    def test_of_the_greatest_length_is_rendered_within_a_second(
        self, piece, within_a_second
    ):
        body = (piece * LONGEST)[:LONGEST]
        with within_a_second():
            html(body, Term("antibody", ("antibody",)))


PIECES = st.sampled_from(
    [
        *HOSTILE,
        *"<>\"'&/=!`~#*_-|[](){}:;@\\ \n\t\x00",
        "script",
        "onerror=",
        "javascript:",
        "&colon;",
        "```chances\n",
        "::: note ",
        "[@slamon2001]",
        "![a](image:7)",
        "antibody",
        "\n\n",
    ]
)
TEXTS = st.one_of(st.text(max_size=80), st.lists(PIECES, max_size=12).map("".join))


class TestAnyText:
    @given(TEXTS)
    @settings(max_examples=300, deadline=None, derandomize=True, database=None)
    def test_makes_nothing_but_what_is_allowed(self, body):
        made = html(body, Term("antibody", ("antibody",)))
        assert list(Parts(made).faults()) == []

    @given(TEXTS)
    @settings(max_examples=300, deadline=None, derandomize=True, database=None)
    def test_cleaned_twice_is_as_cleaned_once(self, body):
        once = CLEANER.clean(body)
        assert CLEANER.clean(once) == once
