"""What may not be published, beside the same draft that may."""

import dataclasses

import pytest

from articles.figures import has_figure
from articles.fingerprint import words_of
from articles.forms import PassageForm
from articles.gate import Draft, Known, blocking, findings
from articles.markup import LONGEST

SOURCES = {"slamon2001": "current", "cameron2017": "current"}
CHANCES = "```chances\nShows: heart events [@cameron2017]\nBefore: 1\nAfter: 4\n```"
GOOD = Draft(
    title="HER2",
    summary="A protein, in one sentence.",
    key_points=("It helps about 9 out of 100 women [@slamon2001].",),
    passages=(
        ("what-it-is", "What it is", "A protein on cells [@slamon2001]."),
        ("unknowns", "What we do not know yet", "Much."),
        ("ask", "What to ask your team", "Anything."),
    ),
)


def look(draft, *, broken_links=(), **statuses):
    known = Known(
        references=SOURCES | statuses, pictures={"7"}, broken_links=broken_links
    )
    return findings(draft, known=known)


def with_body(body):
    """The good draft with this text in its first passage, after a cited sentence."""
    key, heading, good = GOOD.passages[0]
    first = (key, heading, f"{good}\n\n{body}")
    return dataclasses.replace(GOOD, passages=(first, *GOOD.passages[1:]))


def codes(draft, level="blocking", **known):
    return [found.code for found in look(draft, **known) if found.level == level]


class TestAGoodDraft:
    def test_has_no_findings(self):
        assert look(GOOD) == ()


class TestThePage:
    @pytest.mark.parametrize(
        ("change", "code"),
        [
            ({"passages": (), "key_points": ("It helps.",)}, "no-passages"),
            ({"key_points": ()}, "no-key-points"),
            (
                {"passages": (("a", "Not known", "Text."),), "key_points": ("It is.",)},
                "no-references",
            ),
            ({"is_first": False}, "no-change-note"),
            (
                {"passages": (*GOOD.passages, ("main", "More", "Text."))},
                "reserved-key",
            ),
        ],
    )
    def test_lacks_something_that_it_needs(self, change, code):
        assert codes(dataclasses.replace(GOOD, **change)) == [code]

    def test_that_says_what_changed_may_follow_another(self):
        draft = dataclasses.replace(GOOD, is_first=False, change_note="Said it better.")
        assert codes(draft) == []

    def test_may_have_one_urgent_card(self):
        assert codes(with_body("::: urgent Call\nNow.\n:::")) == []

    def test_may_not_have_two_urgent_cards(self):
        card = "::: urgent Call\nNow.\n:::"
        assert codes(with_body(f"{card}\n\n{card}")) == ["urgent-twice"]

    def test_ought_to_say_what_is_not_known(self):
        known, _, action = GOOD.passages
        draft = dataclasses.replace(GOOD, passages=(known, action))
        assert codes(draft, "advisory") == ["no-unknowns"]

    def test_ought_to_say_what_readers_can_do(self):
        draft = dataclasses.replace(GOOD, passages=GOOD.passages[:2])
        assert codes(draft, "advisory") == ["no-action"]

    @pytest.mark.parametrize(
        ("heading", "body"),
        [
            ("What you can do", "Rest."),
            ("When is it urgent to call?", "Now."),
            ("Next steps", "Rest."),
            ("Warning signs", "::: urgent Call\nNow.\n:::"),
        ],
    )
    def test_says_what_to_do_in_a_heading_or_an_urgent_card(self, heading, body):
        passages = (*GOOD.passages[:2], ("act", heading, body))
        assert look(dataclasses.replace(GOOD, passages=passages)) == ()

    @pytest.mark.parametrize(
        "body",
        [
            "Ask your team about it.",
            "You can talk to your nurse.",
            "Call the emergency number.",
            "If it gets worse, call at once.",
        ],
    )
    def test_may_say_what_to_do_in_its_texts(self, body):
        passages = (*GOOD.passages[:2], ("signs", "Warning signs", body))
        assert look(dataclasses.replace(GOOD, passages=passages)) == ()

    @pytest.mark.parametrize(
        "body", ["Doctors call it HER2.", "Tests tell the two apart.", "Many ask."]
    )
    def test_does_not_say_what_to_do_by_the_verb_alone(self, body):
        passages = (*GOOD.passages[:2], ("signs", "Warning signs", body))
        draft = dataclasses.replace(GOOD, passages=passages)
        assert codes(draft, "advisory") == ["no-action"]

    def test_ought_to_be_signed_off_by_a_clinician(self):
        draft = dataclasses.replace(GOOD, is_signed=False)
        assert codes(draft, "advisory") == ["unsigned"]
        assert codes(draft) == []

    def test_says_which_of_its_passages_readers_do_not_see(self):
        (found,) = look(dataclasses.replace(GOOD, hidden={"unknowns": "Much."}))
        assert (found.level, found.code, found.where) == (
            "advisory",
            "hidden",
            "unknowns",
        )

    @pytest.mark.parametrize(
        ("words", "found"),
        [
            ("A protein on cells.", ["hidden-elsewhere"]),
            ("“a Protein, on **cells**” [@other2002]", ["hidden-elsewhere"]),
            ("A protein on a cell.", []),
            ("protein on cells", []),
            ("", []),
        ],
    )
    def test_does_not_hold_the_words_of_a_hidden_passage(self, words, found):
        hidden = words_of(words)
        assert codes(dataclasses.replace(GOOD, hidden={"gone": hidden})) == found
        assert codes(dataclasses.replace(GOOD, hidden={"what-it-is": hidden})) == []

    @pytest.mark.parametrize(
        ("words", "found"),
        [
            ("See your team first.", ["hidden-elsewhere"]),
            ("See your team.", []),
            ("ee your team first.", []),
        ],
    )
    def test_does_not_hold_telling_words_of_it_among_others(self, words, found):
        draft = with_body("See your team first. Or call.")
        hidden = dataclasses.replace(draft, hidden={"gone": words_of(words)})
        assert codes(hidden) == found

    def test_that_cites_a_source_only_above_its_passages_has_a_source_nobody_can_find(
        self,
    ):
        draft = dataclasses.replace(GOOD, summary="Proven [@cameron2017].")
        assert codes(draft) == ["cited-above-only"]


def messages(draft):
    return [found.message for found in look(draft)]


class TestALink:
    @pytest.mark.parametrize(
        "target",
        ["https://example.org", "/quizzes/", "#unknowns", "mailto:a@b.org", "/"],
    )
    def test_may_lead_somewhere(self, target):
        assert codes(with_body(f"See [the page]({target}).")) == []

    @pytest.mark.parametrize(
        "target", ["", "https://", "HTTP:", "mailto:", "#", "tel:"]
    )
    def test_may_not_lead_nowhere(self, target):
        draft = with_body(f"See [the page]({target}).")
        assert messages(draft) == [
            "“What it is”: A link leads nowhere. Give its address: "
            f"“See [the page]({target}).”"
        ]

    @pytest.mark.parametrize(
        "typed",
        [
            "[the page](ftp://example.org)",
            "[the page](javascript:alert(1))",
            "[the page](https://example.org/a b)",
            "[the page](https://example.org",
            "[the page] (https://example.org)",
            "[the **page**](ftp://example.org)",
        ],
    )
    def test_may_not_stay_as_it_was_typed(self, typed):
        assert codes(with_body(f"See {typed}")) == ["link-broken"]

    def test_that_broke_is_quoted(self):
        assert messages(with_body("See [it](ftp://a.b).")) == [
            "“What it is”: A link did not become one. Write [words](https://address): "
            "“See [it](ftp://a.b).”"
        ]

    def test_in_a_table_or_a_key_point_is_looked_at_too(self):
        table = with_body("| Name |\n| --- |\n| [it]() |")
        point = dataclasses.replace(GOOD, key_points=("See [it](ftp://a.b).",))
        assert codes(table) == ["link-nowhere"]
        assert codes(point) == ["link-broken"]


class TestATag:
    @pytest.mark.parametrize(
        "typed",
        ["<b>loud</b>", "one<br>two", "<BR/>", '<a href="x">y</a>', "<!-- note -->"],
    )
    def test_may_not_show_as_it_was_typed(self, typed):
        assert codes(with_body(f"A {typed}")) == ["html-tag"]

    def test_is_named(self):
        assert messages(with_body("This is <b>loud</b>.")) == [
            "“What it is”: Readers would see <b> as you typed it. "
            "Use the toolbar instead."
        ]

    @pytest.mark.parametrize(
        "typed",
        [
            "A ratio <2 and copies >4 [@slamon2001].",
            "A ratio <two and copies> four.",
            "See <https://example.org> or <a@example.org>.",
            "Write `<b>` for bold.",
        ],
    )
    def test_is_not_seen_where_there_is_none(self, typed):
        assert codes(with_body(typed)) == []


class TestTheToolbar:
    @pytest.mark.parametrize(
        ("typed", "sample"),
        [
            ("This is **bold**.", "bold"),
            ("See [what it says](https://example.org).", "what it says"),
            ("::: note Good to know\n…\n:::", "…"),
            ("| Name | Heading |\n| --- | --- |\n| a | b |", "Heading"),
            ("| Name | Use |\n| --- | --- |\n| … | b |", "…"),
        ],
    )
    def test_may_not_leave_its_own_words(self, typed, sample):
        assert messages(with_body(typed)) == [
            f"“What it is”: “{sample}” is what the toolbar wrote. "
            "Put your own words there."
        ]

    @pytest.mark.parametrize(
        "typed",
        [
            "A **bolder** word, and bold ones.",
            "Ask what it says.",
            "And so on …",
            "### Heading\n\nText.",
            "| Name |\n| --- |\n| Heading |",
        ],
    )
    def test_does_not_own_the_same_words_elsewhere(self, typed):
        assert codes(with_body(typed)) == []


class TestASource:
    def test_may_be_one_of_those_stored(self):
        assert codes(with_body("Proven [@cameron2017].")) == []

    def test_may_not_be_unknown(self):
        draft = with_body("Proven [@nobody1999].")
        (found,) = look(draft)
        assert found.code == "unknown-key"
        assert found.message == "“What it is”: No reference has the key @nobody1999."
        assert found.where == "what-it-is"

    @pytest.mark.parametrize("field", ["summary", "key_points"])
    def test_may_not_be_unknown_in_the_summary_or_key_points(self, field):
        line = "Proven [@nobody1999]."
        value = line if field == "summary" else (line,)
        assert "unknown-key" in codes(dataclasses.replace(GOOD, **{field: value}))


class TestANumber:
    @pytest.mark.parametrize(
        "sentence",
        [
            "It helped 9 out of 100 people.",
            "It costs 5,000.",
            "It took 3 weeks.",
            "It is 10mg.",
            "About 12.5 %.",
            "Fewer than <5 people.",
            "In 2001 it was found.",
            "One group of 120, the other more.",
        ],
    )
    def test_without_a_source_blocks(self, sentence):
        assert codes(with_body(sentence)) == ["number-uncited"]

    @pytest.mark.parametrize(
        "sentence",
        [
            "It helped 9 out of 100 people [@slamon2001].",
            "It helped 9 people [@slamon2001, p. 784].",
            "It helped 9 people. [@slamon2001, p. 784] The rest is words.",
            "It helped 9 people. [@slamon2001] The rest is words.",
            "It helped 9 people. [@slamon2001]",
            "It helped nine people.",
        ],
    )
    def test_with_a_source_does_not(self, sentence):
        assert codes(with_body(sentence)) == []

    def test_is_not_covered_by_the_source_of_the_next_sentence(self):
        body = "It helped 9 people. It is a protein [@slamon2001]."
        assert codes(with_body(body)) == ["number-uncited"]

    def test_is_not_covered_by_the_source_of_the_sentence_before(self):
        body = "It is a protein [@slamon2001]. It helped 9 people."
        assert codes(with_body(body)) == ["number-uncited"]

    @pytest.mark.parametrize(
        "body",
        [
            "- It helped 9 people.",
            "> It helped 9 people.",
            "::: detail\nIt helped 9 people.\n:::",
            "**It helped 9 people.**",
            "| Group | Helped |\n|---|---|\n| A | 9 |",
        ],
    )
    def test_blocks_in_lists_quotes_boxes_and_tables(self, body):
        assert codes(with_body(body)) == ["number-uncited"]

    def test_in_a_table_may_have_its_source_in_another_cell_of_the_row(self):
        body = "| Group | Helped |\n|---|---|\n| A [@slamon2001] | 9 |"
        assert codes(with_body(body)) == []

    @pytest.mark.parametrize(
        "body",
        ["### The first 10 years", "| 10 years | 20 years |\n|---|---|\n| a | b |"],
    )
    def test_in_a_heading_needs_no_source(self, body):
        assert codes(with_body(body)) == []

    def test_in_the_address_of_a_link_needs_no_source(self):
        assert codes(with_body("See [this page](/a/2001/x_(9)/12).")) == []

    @pytest.mark.parametrize("field", ["summary", "key_points"])
    def test_without_a_source_blocks_in_the_summary_and_key_points(self, field):
        line = "It helps 9 out of 100."
        value = line if field == "summary" else (line,)
        (found,) = look(dataclasses.replace(GOOD, **{field: value}))
        assert found.code == "number-uncited"
        assert found.message.startswith(
            "“Summary”" if field == "summary" else "“Key point 1”"
        )

    def test_that_blocks_is_quoted_shortly(self):
        body = "It helped 9 " + "very " * 40 + "happy people."
        (reason,) = blocking(look(with_body(body)))
        assert reason.endswith("very …”")
        assert len(reason) < 140


class TestADigitInAName:
    @pytest.mark.parametrize(
        "text",
        [
            "HER2",
            "HER2-positive",
            "T-DM1",
            "ERBB2",
            "PD-L1",
            "CYP3A4",
            "IHC 3+",
            "IHC 2+ or 3+",
            "3+/HER2-positive",
            "a score of 3+",
            "grade 2",
            "grades 2 and 3",
            "grade 3 or 4",
            "grades 1–3",
            "phase 3",
            "stage 2",
            "part 1",
            "step 4",
            "question 2",
            "a 24-hour number",
            "line 1",
        ],
    )
    def test_is_not_a_figure(self, text):
        assert not has_figure(f"This is {text} here.")

    @pytest.mark.parametrize(
        "text",
        [
            "HER2 in 20 women",
            "grade 2 in 5 people",
            "24 hours",
            "4+",
            "120-hour",
            "n=1",
        ],
    )
    def test_does_not_hide_a_figure_beside_it(self, text):
        assert has_figure(f"This is {text} here.")


class TestAHeading:
    def test_may_go_down_one_level_at_a_time(self):
        assert codes(with_body("### A\n\n#### B\n\n### C")) == []

    @pytest.mark.parametrize("body", ["#### B", "### A\n\n##### C"])
    def test_may_not_jump(self, body):
        assert codes(with_body(body)) == ["heading-jump"]

    @pytest.mark.parametrize("body", ["# A", "## A"])
    def test_may_not_stand_as_high_as_the_passage(self, body):
        assert codes(with_body(body)) == ["heading-high"]


class TestAPicture:
    def test_may_have_a_description(self):
        assert codes(with_body("![Two cells](image:7)")) == []

    @pytest.mark.parametrize("alt", ["", "  "])
    def test_may_not_lack_one(self, alt):
        assert codes(with_body(f"![{alt}](image:7)")) == ["no-alt"]

    def test_may_be_called_decorative_instead(self):
        assert codes(with_body('![](image:7 "decorative")')) == []

    @pytest.mark.parametrize("title", ["", "Decorative", "decoration"])
    def test_is_decorative_by_one_word_only(self, title):
        assert codes(with_body(f'![](image:7 "{title}")')) == ["no-alt"]

    def test_may_not_be_both(self):
        body = '![Two cells](image:7 "decorative")'
        assert codes(with_body(body)) == ["alt-of-decoration"]

    @pytest.mark.parametrize("source", ["image:8", "https://evil.example/x.png"])
    def test_may_not_be_unknown(self, source):
        assert codes(with_body(f"![Two cells]({source})")) == ["unknown-picture"]


class TestAFigureOfChances:
    def test_may_have_a_source(self):
        assert codes(with_body(CHANCES)) == []

    def test_may_not_lack_one(self):
        body = CHANCES.replace(" [@cameron2017]", "")
        assert codes(with_body(body)) == ["chances-uncited"]

    def test_may_not_be_one_that_cannot_be_drawn(self):
        (found,) = look(with_body(CHANCES.replace("After: 4", "After: x")))
        assert found.code == "chances"
        assert "“After” needs a whole number" in found.message

    def test_is_not_any_other_block_of_code(self):
        assert codes(with_body("```\nShows: x\n```")) == []


class TestASourceThatNoLongerHolds:
    CITED = "It helps [@cameron2017]."

    @pytest.mark.parametrize("status", ["retracted", "withdrawn"])
    def test_may_not_be_cited(self, status):
        draft = with_body(self.CITED)
        assert codes(draft) == []
        assert codes(draft, cameron2017=status) == ["source-gone"]

    @pytest.mark.parametrize("field", ["summary", "key_points"])
    def test_may_not_be_cited_above_the_passages_either(self, field):
        value = self.CITED if field == "summary" else (self.CITED,)
        draft = dataclasses.replace(with_body(self.CITED), **{field: value})
        found = look(draft, cameron2017="retracted")
        assert [f.code for f in found] == ["source-gone", "source-gone"]

    def test_may_be_cited_by_a_text_that_tells_that_it_was_taken_back(self):
        draft = with_body("That trial was retracted in May [@cameron2017].")
        assert codes(draft, cameron2017="retracted") == []
        assert codes(draft, "advisory", cameron2017="retracted") == ["source-old"]

    @pytest.mark.parametrize(
        "body",
        [
            "It was retracted. [@cameron2017]",
            "- It was withdrawn [@cameron2017].",
            "| Trial | Now |\n|---|---|\n| A [@cameron2017] | retracted |",
        ],
    )
    def test_may_be_cited_by_the_very_sentence_that_tells(self, body):
        assert codes(with_body(body), cameron2017="retracted") == []

    @pytest.mark.parametrize(
        "body",
        [
            "You can take back unused tablets [@cameron2017].",
            "It helps [@cameron2017]. Another trial was retracted [@slamon2001].",
            "It helps [@cameron2017]. Another trial was retracted.",
            "### Retracted\n\nIt helps [@cameron2017].",
            "### It helps [@cameron2017]\n\nAnother trial was retracted.",
            "It was retracted [@cameron2017]. It helps [@cameron2017].",
            f"It was retracted [@cameron2017].\n\n{CHANCES}",
        ],
    )
    def test_may_not_be_cited_by_a_sentence_that_does_not_tell(self, body):
        draft = with_body(body)
        assert codes(draft) == []
        assert codes(draft, cameron2017="retracted") == ["source-gone"]

    def test_may_be_cited_where_readers_do_not_see_it(self):
        draft = dataclasses.replace(with_body(self.CITED), hidden={"what-it-is": ""})
        assert codes(draft, cameron2017="retracted") == []

    @pytest.mark.parametrize("status", ["corrected", "superseded"])
    def test_but_was_not_taken_back_is_only_named(self, status):
        draft = with_body(self.CITED)
        assert codes(draft, cameron2017=status) == []
        assert codes(draft, "advisory", cameron2017=status) == ["source-old"]


class TestADeadLink:
    @pytest.mark.parametrize("fragment", ["", "#part"])
    def test_is_named_and_blocks_nothing(self, fragment):
        draft = with_body(f"See [the site](https://a.org/{fragment}).")
        assert look(draft) == ()
        found = look(draft, broken_links={"https://a.org/"})
        assert [(f.level, f.code) for f in found] == [("advisory", "dead-link")]


class TestAComparison:
    @pytest.mark.parametrize(
        "body",
        [
            "It was 9 out of 10, against 85 out of 100 [@slamon2001].",
            "It was 9 in 100, against 85 out of every 1,000 [@slamon2001].",
            "| A | B |\n|---|---|\n| 1 out of 10 | 5 out of 100 [@slamon2001] |",
            "| A |\n|---|\n| 1 out of 10 [@slamon2001]. |\n| 5 out of 100 [@slamon2001]. |",
            "::: detail\nIt was 9 out of 10, not 85 out of 100 [@slamon2001].\n:::",
        ],
    )
    def test_may_not_mix_what_is_counted_out_of(self, body):
        assert codes(with_body(body)) == ["denominators"]

    @pytest.mark.parametrize(
        "body",
        [
            "It was 9 out of 100, against 85 out of 100 [@slamon2001].",
            "It was 9 out of 1000, against 85 out of 1,000 [@slamon2001].",
            "It was 9 out of 10 [@slamon2001]. In another, 85 out of 100 [@slamon2001].",
            "It was 9 in 2019 and 85 out of 100 in 2020 [@slamon2001].",
            "| A | B |\n|---|---|\n| x | 5 out of 100 [@slamon2001] |",
        ],
    )
    def test_may_count_out_of_one_number(self, body):
        assert codes(with_body(body)) == []

    def test_is_looked_at_in_a_key_point_too(self):
        point = "Of some 9 out of 10, of others 85 out of 100 [@slamon2001]."
        draft = dataclasses.replace(GOOD, key_points=(point,))
        assert codes(draft) == ["denominators"]


class TestARelativeRisk:
    RELATIVE = (
        "It halves the risk",
        "It is twice as likely",
        "It is 3 times more likely",
        "It is two times as common",
        "The risk was 30% lower",
        "It lowers the risk of relapse by about 30 per cent",
        "It lowers the risk by a third",
        "The hazard ratio was 0.76 (95% CI 0.59 to 0.98)",
        "The relative risk was 5.11",
    )

    @pytest.mark.parametrize("said", RELATIVE)
    def test_may_not_stand_alone(self, said):
        assert codes(with_body(f"{said} [@slamon2001].")) == ["relative-only"]

    @pytest.mark.parametrize("said", RELATIVE)
    @pytest.mark.parametrize(
        "beside",
        [
            "It was 4 out of 100 [@slamon2001].",
            "It was 94.1% against 93.2% [@slamon2001].",
            "The median was 5.8 months against 4.9 months [@slamon2001].",
            CHANCES,
        ],
    )
    def test_may_stand_beside_the_numbers_themselves(self, said, beside):
        assert codes(with_body(f"{said} [@slamon2001].\n\n{beside}")) == []

    def test_needs_them_in_the_key_point_itself(self):
        point = "It halves the risk [@slamon2001]."
        draft = dataclasses.replace(
            with_body("It was 4 out of 100 [@slamon2001]."), key_points=(point,)
        )
        assert codes(draft) == ["relative-only"]

    @pytest.mark.parametrize(
        "said",
        ["It lowers the risk.", "There is a risk by night.", "It is likely."],
    )
    def test_is_not_every_word_about_risk(self, said):
        assert codes(with_body(said)) == []


class TestAdvice:
    @pytest.mark.parametrize(
        ("body", "code"),
        [
            ("One. Two. Three. Four.", "long-paragraph"),
            (f"It {'is ' * 20}so.", "long-sentence"),
            ("You should go.", "wording"),
            ("There is a good chance.", "wording"),
            ("Her battle.", "wording"),
            ("To fight on.", "wording"),
            ("Just click here.", "wording"),
            ("It is 1 in 8 [@slamon2001].", "one-in"),
            ("It is 5 % [@slamon2001].", "percent"),
            ("It is 5.5 [@slamon2001].", "decimal"),
            ("Read more [here](https://a.org/).", "link-words"),
            ("It is [this page](https://a.org/).", "link-words"),
            ("::: detail\nSee [**here**](https://a.org/).\n:::", "link-words"),
            ("::: note\nA.\n:::\n\n" * 3, "many-boxes"),
            ("- a\n" * 8, "long-list"),
            ("1. a\n" * 8, "long-list"),
        ],
    )
    def test_is_given_and_blocks_nothing(self, body, code):
        draft = with_body(body)
        assert codes(draft, "advisory") == [code]
        assert codes(draft) == []

    @pytest.mark.parametrize(
        "body",
        [
            "One. Two. Three.",
            f"It {'is ' * 18}so.",
            "His shoulders. A fighter. Embattled.",
            "::: note\nA.\n:::\n\n" * 2,
            "- a\n" * 7,
            "See [the word list](/glossary/) here.",
            "It is 5 % or 5 out of 100 [@slamon2001].",
            "- a\n" * 5 + "\n---\n\n" + "- a\n" * 5,
        ],
    )
    def test_is_not_given_below_its_limit(self, body):
        assert look(with_body(body)) == ()

    @pytest.mark.parametrize(
        "body", ["It is 5.5 % [@slamon2001].", "One. Two. Three. Four."]
    )
    def test_about_wording_is_not_given_in_detail_boxes(self, body):
        assert look(with_body(f"::: detail\n{body}\n:::")) == ()

    def test_comes_after_what_blocks(self):
        levels = [f.level for f in look(with_body("You should take 3.\n\n## X"))]
        assert levels == ["blocking", "blocking", "advisory"]


class TestReasons:
    def test_are_the_sentences_of_what_blocks(self):
        found = look(with_body("You should take 3 tablets."))
        assert blocking(found) == (
            "“What it is”: A number has no source: “You should take 3 tablets.”",
        )


class TestAHostileText:
    def test_that_is_too_long_is_refused_and_not_read(self, within_a_second):
        with within_a_second():
            assert codes(with_body("> " * 500_000)) == ["too-long"]

    @pytest.mark.parametrize("field", ["summary", "key_points"])
    def test_that_is_too_long_is_refused_as_a_summary_or_key_point(
        self, field, within_a_second
    ):
        value = "a" * 1_000_000
        draft = dataclasses.replace(
            GOOD, **{field: value if field == "summary" else (value,)}
        )
        with within_a_second():
            assert codes(draft) == ["too-long"]

    def test_of_a_megabyte_is_refused_by_the_form_of_a_passage(self, within_a_second):
        with within_a_second():
            form = PassageForm({"heading": "H", "key": "h", "body": "> " * 500_000})
            assert "at most 20000 characters" in str(form.errors["body"])

    @pytest.mark.parametrize(
        "piece",
        [
            "a",
            "](",
            "-",
            "a-",
            "1+",
            "grade 1 or ",
            ".",
            '."',
            ")",
            "[@a; ",
            "> ",
            "1,",
            "<a =",
            "1.",
            "1%",
            "risk by ",
            "median 1 ",
            "1 out of ",
            "| 1 ",
        ],
    )
    def test_of_the_greatest_length_is_read_within_a_second(
        self, piece, within_a_second
    ):
        body = (piece * LONGEST)[: LONGEST - 100]
        with within_a_second():
            assert look(with_body(body)) is not None

    @pytest.mark.parametrize("piece", ["=", " ", "a="])
    def test_that_never_closes_its_tag_is_read_within_a_second(
        self, piece, within_a_second
    ):
        body = ("<a " + piece * LONGEST)[: LONGEST - 100]
        with within_a_second():
            assert "html-tag" not in codes(with_body(body))

    @pytest.mark.parametrize("piece", ["a", "](", "]((", "1", "grade 1, ", "a-"])
    def test_has_its_figures_found_within_a_second(self, piece, within_a_second):
        with within_a_second():
            assert has_figure(piece * 100_000) in (True, False)
