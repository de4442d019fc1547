"""What changed between two versions."""

import pytest

from articles.difference import Part, Section, compare, words
from articles.risks import Risk


def sections(**texts):
    return [Section(key, key.capitalize(), text) for key, text in texts.items()]


def kinds(old, new):
    return [(change.key, change.kind) for change in compare(old, new)]


class TestACompareOfSections:
    def test_finds_nothing_in_equal_ones(self):
        assert compare(sections(a="x", b="y"), sections(a="x", b="y")) == ()

    def test_finds_a_changed_text(self):
        assert kinds(sections(a="x", b="y"), sections(a="x", b="z")) == [
            ("b", "changed")
        ]

    def test_finds_a_changed_heading(self):
        old, new = [Section("a", "Before", "x")], [Section("a", "After", "x")]
        assert kinds(old, new) == [("a", "changed")]

    def test_finds_an_added_one_with_all_its_text(self):
        (change,) = compare(sections(a="x"), sections(a="x", b="y"))
        assert (change.key, change.heading, change.kind) == ("b", "B", "added")
        assert change.parts == (Part("new", "B\n\ny"),)

    def test_finds_a_removed_one_with_all_its_text_and_lists_it_last(self):
        changes = compare(sections(a="x", b="y"), sections(b="z"))
        assert [(c.key, c.kind) for c in changes] == [
            ("b", "changed"),
            ("a", "removed"),
        ]
        assert changes[1].parts == (Part("gone", "A\n\nx"),)

    def test_finds_one_that_only_moved(self):
        old, new = sections(a="x", b="y", c="z"), sections(b="y", c="z", a="x")
        (change,) = compare(old, new)
        assert (change.key, change.kind, change.parts) == ("a", "moved", ())

    def test_says_changed_of_one_that_moved_and_changed(self):
        old, new = sections(a="x", b="y", c="z"), sections(b="y", c="z", a="new")
        assert kinds(old, new) == [("a", "changed")]

    def test_does_not_call_the_neighbours_of_an_added_one_moved(self):
        old, new = sections(a="x", b="y"), sections(c="z", a="x", b="y")
        assert kinds(old, new) == [("c", "added")]

    def test_with_nothing_finds_everything_added(self):
        assert kinds([], sections(a="x", b="y")) == [("a", "added"), ("b", "added")]


class TestWords:
    def test_that_changed_stand_between_those_that_did_not(self):
        assert words("take 2 tablets", "take 3 tablets") == (
            Part("same", "take "),
            Part("gone", "2"),
            Part("new", "3"),
            Part("same", " tablets"),
        )

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("", ""),
            ("", "new"),
            ("old", ""),
            ("12.5% of <5 people, [@a]; “yes”", "13.5% of >5 people [@b] – no"),
            ("one two\n\nthree", "one\ntwo three"),
            ("e\u0301 🙂 –", "\u00e9 🙃 —"),
        ],
    )
    def test_add_up_to_both_texts(self, old, new):
        parts = words(old, new)
        assert "".join(p.text for p in parts if p.op != "new") == old
        assert "".join(p.text for p in parts if p.op != "gone") == new


class TestTheRisksOfAChange:
    def test_are_named_for_a_text_that_changed(self):
        (change,) = compare(sections(dose="take 2"), sections(dose="take 3"))
        assert change.risks == (Risk("number", "2", "3"),)

    def test_are_named_for_a_text_that_came_or_went_beside_others(self):
        changes = compare(sections(a="x", b="1 day"), sections(a="x", c="2 days"))
        assert [change.risks for change in changes] == [
            (Risk("length of time", "", "2 days"),),
            (Risk("length of time", "1 day", ""),),
        ]

    def test_are_not_named_where_all_is_new(self):
        (change,) = compare([], sections(dose="take 3"))
        assert change.risks == ()

    def test_know_the_names_that_are_given(self):
        old, new = sections(a="Herceptin helps"), sections(a="Perjeta helps")
        names = {"herceptin": "medicine", "perjeta": "medicine"}
        (change,) = compare(old, new, names=names)
        assert change.risks == (Risk("medicine", "Herceptin", "Perjeta"),)
        (change,) = compare(old, new)
        assert change.risks == ()


class TestAHostileText:
    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("." * 100_000, "," * 100_000),
            ("a " * 50_000, "b " + "a " * 50_000 + "c"),
            ("a." * 50_000, "a," * 50_000),
            ("a b " * 25_000, "b a " * 25_000),
        ],
    )
    def test_is_compared_within_a_second(self, old, new, within_a_second):
        with within_a_second():
            assert words(old, new)
