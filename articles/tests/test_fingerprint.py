"""What makes a passage another passage, and a version another version."""

import pytest

from articles.fingerprint import content_hash, passage_hash


def of(body, heading="Results"):
    return passage_hash(heading=heading, body=body)


class TestAPassagesHash:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("about <5 people", "about >5 people"),
            ("5 people", "6 people"),
            ("5 people", "5 People"),
            ("5 people", "5 people."),
            ("0.5 mg", "05 mg"),
            ("3–4 weeks", "34 weeks"),
            ("IHC 3+", "IHC 3"),
            ("not safe", "safe"),
            ("It works [@a].", "It works [@b]."),
            ("It works [@a].", "It works [@a, p. 2]."),
            ("It works [@a].", "It works."),
            ("[page](/a/)", "[page](/b/)"),
            ("[page](/a/)", "page"),
            ("![cells](image:1)", "![cells](image:2)"),
            ("![cells](image:1)", "![a cell](image:1)"),
            ("```chances\nA: 1\n```", "```chances\nA: 2\n```"),
            ("::: note Heart\ntext\n:::", "::: note Lungs\ntext\n:::"),
            ("| a | b |\n|---|---|\n| 1 | 2 |", "| a | b |\n|---|---|\n| 1 | 3 |"),
            ("2. tablets", "3. tablets"),
            ("`<5`", "`>5`"),
        ],
    )
    def test_changes_with_every_character_that_a_reader_sees(self, one, other):
        assert of(one) != of(other)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("It is **safe**.", "It is safe."),
            ("It is *safe*.", "It is safe."),
            ("one\ntwo", "one two"),
            ("one\n\ntwo", "one two"),
            ("one   two", "one two"),
            ("- one\n- two", "one\n\ntwo"),
            ("1. one\n2. two", "- one\n- two"),
            ("e\u0301", "\u00e9"),
        ],
    )
    def test_stays_when_only_the_dress_changes(self, one, other):
        assert of(one) == of(other)

    def test_changes_with_the_heading(self):
        assert of("text", heading="Before") != of("text", heading="After")

    def test_is_64_hexadecimal_digits(self):
        assert len(of("text")) == 64
        assert int(of("text"), 16)


class TestAVersionsHash:
    def test_does_not_depend_on_the_order_of_its_fields(self):
        assert content_hash({"a": 1, "b": 2}) == content_hash({"b": 2, "a": 1})

    def test_depends_on_the_order_of_its_passages(self):
        assert content_hash(["a", "b"]) != content_hash(["b", "a"])

    def test_changes_even_with_bold(self):
        assert content_hash(["**a**"]) != content_hash(["a"])

    def test_is_the_same_for_both_unicode_forms(self):
        assert content_hash(["e\u0301"]) == content_hash(["\u00e9"])

    def test_is_the_sha256_of_canonical_json(self):
        # printf '{"a":["é"]}' | sha256sum
        known = "b3b3cb2f50dde17681deef17feb76682ffff3ea8e4d3a1f44b7acf07d50dee7f"
        assert content_hash({"a": ["é"]}) == known
