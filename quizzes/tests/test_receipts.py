"""A receipt tells all that a mark rests on, so that anybody can work it out again."""

import datetime as dt
import json
import unicodedata
from copy import deepcopy

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from articles.tests.factories import AT, make_article, make_reference
from quizzes import answering
from quizzes.models import (
    Attempt,
    KeyCorrection,
    Purpose,
    QuestionVersion,
    Quiz,
    SlotScore,
)
from quizzes.receipts import receipt
from quizzes.recounts import FORMAT, read_receipts, verify
from quizzes.tests.factories import (
    OPTIONS,
    RIGHT,
    WRONG,
    answer,
    begin,
    give,
    learner,
    leave,
    live_version,
    make_question,
    make_quiz,
    mark_of,
    result_url,
    start,
)
from quizzes.tests.screens import read
from quizzes.tests.test_leaks import move_key

SOON = AT + dt.timedelta(hours=1)


def answered(kind, given):
    """The words of an answer as `give` takes them."""
    if isinstance(given, str):
        return [given]
    if kind == "matching":
        return [": ".join(pair) for pair in given.items()]
    if kind == "ordering":
        return sorted(given, key=given.get)
    return given


def finished(*answers, kind="single", **options):
    """An attempt at a quiz with one question for each answer; None skips it."""
    attempt = begin(make_quiz(questions=len(answers), kind=kind), **options)
    for position, words in enumerate(answers, 1):
        if words is None:
            leave(attempt, position)
        else:
            give(attempt, position, *answered(kind, words), certainty=2)
    answering.finish(attempt.id, at=AT)
    attempt.refresh_from_db()
    return attempt


def correct(question, *, right, policy="never_worse", at=SOON, answers=()):
    """Correct the key by hand, with a later mark for each of these answered slots."""
    version = live_version(question)
    tokens = version.options.filter(text__in=right).values_list("token", flat=True)
    scoring = {**version.scoring, "right": sorted(tokens)}
    made = KeyCorrection.objects.create(
        question_version=version,
        old_scoring=version.key,
        new_scoring=scoring,
        reason="The label changed.",
        evidence=make_reference(),
        policy=policy,
        state="applied",
        decided_at=at,
    )
    QuestionVersion.objects.filter(pk=version.pk).update(corrected_scoring=scoring)
    for slot, mark in answers:
        SlotScore.objects.create(
            slot=slot, thousandths=mark, rule=1, correction=made, at=at
        )
    return made


def as_text(found):
    return json.dumps(found, ensure_ascii=False)


@pytest.mark.django_db
class TestAReceipt:
    @pytest.mark.parametrize("kind", OPTIONS)
    @pytest.mark.parametrize("answers", [RIGHT, WRONG], ids=["right", "wrong"])
    def test_holds_for_every_kind(self, kind, answers):
        found = receipt(finished(answers[kind], kind=kind))
        assert verify(found) == []
        assert verify(*read_receipts(as_text(found))) == []

    def test_tells_what_was_asked_answered_and_marked(self):
        attempt = finished(["A protein"], None)
        found = receipt(attempt)
        first, second = found["questions"]
        token = attempt.slots.first().question_version.scoring["right"]
        assert found["format"] == FORMAT
        assert found["attempt"]["id"] == str(attempt.id)
        assert found["quiz"]["slug"] == "basics"
        assert first["content_hash"] == live_version_of(attempt, 1).content_hash
        assert first["steps"] == [
            {
                "kind": "answer",
                "chosen": token,
                "certainty": 2,
                "at": "2025-01-06T09:00:00+00:00",
            }
        ]
        assert [score["thousandths"] for score in first["scores"]] == [1000]
        assert first["texts"][token[0]] == "A protein"
        assert first["passage"]["key"] == "what-is-her2"
        assert [step["kind"] for step in second["steps"]] == ["skip"]
        assert second["scores"] == []
        assert found["total"] == {"thousandths": 1000, "of": 2000}

    def test_of_a_question_whose_passage_was_not_there_says_so(self):
        attempt = finished(["A virus"])
        attempt.slots.update(passage=None)
        assert receipt(attempt)["questions"][0]["passage"] is None

    def test_of_the_same_attempt_is_the_same(self):
        attempt = finished(["A protein"])
        assert receipt(attempt) == receipt(Attempt.objects.get())

    def test_asks_the_database_no_more_for_more_questions(self):
        assert count(finished(["A virus"])) == count(more_questions(4))

    def test_names_the_correction_of_a_key(self):
        attempt = finished(["A virus"])
        slot = attempt.slots.get()
        question = slot.question_version.question
        made = correct(question, right=["A virus"], answers=[(slot, 1000)])
        found = receipt(attempt)
        (entry,) = found["questions"][0]["corrections"]
        assert entry["id"] == made.pk
        assert entry["reason"] == "The label changed."
        assert found["total"]["thousandths"] == 1000
        assert verify(found) == []

    def test_says_nothing_of_a_correction_that_nobody_has_decided(self):
        attempt = finished(["A virus"])
        question = attempt.slots.get().question_version.question
        made = correct(question, right=["A virus"])
        KeyCorrection.objects.filter(pk=made.pk).update(
            state="proposed", decided_at=None
        )
        assert receipt(attempt)["questions"][0]["corrections"] == []


def live_version_of(attempt, position):
    return attempt.slots.get(position=position).question_version


def more_questions(count):
    attempt = begin(make_quiz("longer", questions=count))
    for position in range(1, count + 1):
        give(attempt, position, "A virus")
    attempt.refresh_from_db()
    return attempt


def count(attempt):
    attempt = Attempt.objects.select_related("quiz_version__quiz").get(pk=attempt.pk)
    with CaptureQueriesContext(connection) as queries:
        receipt(attempt)
    return len(queries)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", OPTIONS)
class TestTheReceiptOfAnUnfinishedAttempt:
    def test_holds_no_key_and_no_marks(self, kind):
        """Move the key: not a byte changes."""
        asked = make_question("asked", kind=kind)
        quiz = make_quiz(questions=[asked, make_question("other", kind=kind)])
        attempt = begin(quiz)
        give(attempt, 2, *answered(kind, RIGHT[kind]))
        before = as_text(receipt(attempt))
        for turn in range(4):
            move_key(asked, turn)
            assert as_text(receipt(Attempt.objects.get())) == before
        assert "scoring" not in before
        assert verify(json.loads(before)) == []


@pytest.mark.django_db
class TestVerifying:
    def check(self, attempt, *faults):
        assert verify(receipt(attempt)) == list(faults)

    def answered_virus(self):
        attempt = finished(["A virus"])
        slot = attempt.slots.get()
        return attempt, slot, slot.question_version.question

    def test_finds_a_mark_that_the_answer_does_not_earn(self):
        attempt = finished(["A virus"])
        SlotScore.objects.update(thousandths=400)
        self.check(attempt, "Question 1: the mark is 400, but the answer earns 0.")

    def test_finds_a_missing_mark(self):
        attempt = finished(["A virus"])
        SlotScore.objects.all().delete()
        self.check(attempt, "Question 1 has 0 marks, where 1 belong.")

    def test_finds_a_mark_by_a_rule_of_another_program(self):
        attempt = finished(["A virus"])
        SlotScore.objects.update(rule=99)
        rule = "Question 1 was marked by a rule that this program does not know."
        self.check(attempt, rule)

    def test_finds_a_total_that_is_not_the_sum(self):
        found = receipt(finished(["A virus"]))
        found["total"]["thousandths"] = 1000
        assert "The total is 1000, but the marks make 0." in verify(found)

    def test_marks_an_answer_by_the_key_in_force_when_it_came(self):
        quiz = make_quiz(questions=1)
        correct(quiz.versions.get().slots.get().question, right=["A virus"])
        attempt = begin(quiz)
        give(attempt, 1, "A virus")
        assert mark_of(attempt, 1) == 1000
        attempt.refresh_from_db()
        self.check(attempt)

    def test_knows_that_nobody_gets_less_unless_the_correction_is_strict(self):
        attempt = finished(["A protein"])
        slot = attempt.slots.get()
        question = slot.question_version.question
        kept, lost = [(slot, 1000)], [(slot, 0)]
        correct(question, right=["A virus"], answers=kept)
        self.check(attempt)
        correct(question, right=["A medicine"], policy="strict", answers=lost)
        self.check(attempt)

    def test_finds_a_later_mark_that_is_worse_than_it_may_be(self):
        attempt = finished(["A protein"])
        slot = attempt.slots.get()
        question = slot.question_version.question
        correct(question, right=["A virus"], answers=[(slot, 0)])
        self.check(attempt, "Question 1: the mark is 0, but the answer earns 1000.")

    def test_finds_a_correction_that_passed_an_answer_by(self):
        attempt, slot, question = self.answered_virus()
        correct(question, right=["A virus"], answers=[(slot, 1000)])
        correct(question, right=["A medicine"])
        self.check(attempt, "Question 1 has 2 marks, where 3 belong.")

    def test_of_something_else_says_that_it_is_in_another_format(self):
        assert verify({"format": "her2site receipt 2"}) == [
            f"It is not in the format “{FORMAT}”."
        ]

    def test_of_one_with_a_part_cut_out_says_so(self):
        found = receipt(finished(["A virus"]))
        cut_out = {name: part for name, part in found.items() if name != "questions"}
        assert verify(cut_out) == [
            "It was changed: the hash is not that of its content.",
            "Parts of it are missing or make no sense.",
        ]

    def test_of_nonsense_never_breaks(self):
        found = receipt(finished(["A virus"]))
        (question,) = found["questions"]
        for part in question:
            for nonsense in NONSENSE:
                other = {**found, "questions": [{**question, part: nonsense}]}
                assert other == found or verify(other), (part, nonsense)


NONSENSE = [3, "x", None, [], [[]], {}, {"value": "1", "tolerance": "1/0"}]


def leaves(found, way=()):
    """Every single value in a receipt, as the way to it."""
    if not isinstance(found, (dict, list)):
        return [way]
    parts = found.items() if isinstance(found, dict) else enumerate(found)
    return [leaf for name, part in parts for leaf in leaves(part, (*way, name))]


def changed(found, way, change):
    """The receipt with one value changed."""
    found = deepcopy(found)
    *outer, last = way
    holder = found
    for name in outer:
        holder = holder[name]
    holder[last] = change(holder[last])
    return found


def one_character_off(value, place, letter):
    """The value with another character in one place, as a person could type over it."""
    text = value if isinstance(value, str) else json.dumps(value)
    place %= len(text) + 1
    typed = text[:place] + letter + text[place + 1 :]
    if isinstance(value, str):
        return typed
    try:
        return json.loads(typed)
    except ValueError:
        return typed


PROPERTY = settings(max_examples=150, derandomize=True, database=None, deadline=None)
LETTERS = st.one_of(
    st.sampled_from("0123456789abcdef:-,."), st.characters(codec="utf-8")
)


@pytest.mark.django_db
class TestOneChangedCharacter:
    def test_is_noticed_wherever_it_stands(self):
        attempt = finished(["A protein"])
        slot = attempt.slots.get()
        question = slot.question_version.question
        correct(question, right=["A virus"], answers=[(slot, 1000)])
        found = receipt(attempt)
        ways = leaves(found)
        assert verify(found) == []

        @PROPERTY
        @given(st.sampled_from(ways), st.integers(0, 80), LETTERS)
        def check(way, place, letter):
            other = changed(found, way, lambda v: one_character_off(v, place, letter))
            # Two spellings of one character are the same text, to the hash too.
            assume(normal(other) != normal(found))
            assert verify(other)

        check()


def normal(found):
    return unicodedata.normalize("NFC", as_text(found))


@pytest.mark.django_db
class TestTheDownload:
    def finish(self, client, quiz):
        url = start(client, quiz)
        answer(client, url, "A protein")
        return url

    def test_is_linked_from_the_result(self):
        client = learner()
        url = self.finish(client, make_quiz(questions=1))
        link = read(client.get(result_url(url))).links[
            "Download a receipt of your answers"
        ]
        response = client.get(link)
        assert response["Content-Type"] == "application/json"
        assert response["Content-Disposition"].startswith("attachment; ")
        assert "no-store" in response["Cache-Control"]
        assert verify(response.json()) == []

    def test_does_not_exist_for_anybody_else(self):
        client = learner()
        url = self.finish(client, make_quiz(questions=1))
        other = learner()
        start(other, make_quiz("other", questions=1))
        assert other.get(receipt_url(url)).status_code == 404
        assert learner().get(receipt_url(url)).status_code == 404

    def test_waits_for_the_end(self):
        client = learner()
        url = self.finish(client, make_quiz(questions=2))
        response = client.get(receipt_url(url))
        assert (response.status_code, response.url) == (302, result_url(url))

    def test_waits_for_the_half_after_reading(self):
        quiz = make_quiz(questions=1, article=make_article())
        Quiz.objects.update(purpose=Purpose.BEFORE_AFTER)
        client = learner()
        url = self.finish(client, quiz)
        assert client.get(receipt_url(url)).status_code == 302
        after = client.post(result_url(url).replace("result", "retry")).url
        answer(client, after, "A protein")
        assert client.get(receipt_url(url)).status_code == 200
        assert client.get(receipt_url(after)).status_code == 200


def receipt_url(url):
    return result_url(url).replace("/result/", "/receipt/")


@pytest.mark.django_db
class TestTheCommand:
    def run(self, tmp_path, capsys, content):
        file = tmp_path / "file.json"
        if isinstance(content, bytes):
            file.write_bytes(content)
        else:
            file.write_text(content, encoding="utf-8")
        call_command("verify_receipt", str(file))
        return capsys.readouterr().out

    def refuse(self, tmp_path, capsys, content):
        with pytest.raises(CommandError) as refusal:
            self.run(tmp_path, capsys, content)
        return str(refusal.value)

    def test_says_that_a_receipt_holds(self, tmp_path, capsys):
        attempt = finished(["A virus"])
        printed = self.run(tmp_path, capsys, as_text(receipt(attempt)))
        assert printed == f"{attempt.id}: holds\n"

    def test_reads_a_whole_export(self, tmp_path, capsys):
        one = receipt(finished(["A virus"]))
        printed = self.run(tmp_path, capsys, as_text({"attempts": [one, one]}))
        assert printed.count("holds") == 2

    def test_prints_each_difference_and_fails(self, tmp_path, capsys):
        found = receipt(finished(["A virus"]))
        found["questions"][0]["scores"][0]["thousandths"] = 5
        said = self.refuse(tmp_path, capsys, as_text(found))
        assert said == "3 of these marks or hashes do not hold."
        printed = capsys.readouterr().out
        assert "the mark is 5, but the answer earns 0." in printed

    def test_prints_nothing_that_a_terminal_would_obey(self, tmp_path, capsys):
        found = {"format": "x", "attempt": {"id": "\x1b[2J\u202egone"}}
        self.refuse(tmp_path, capsys, as_text(found))
        printed = capsys.readouterr().out
        assert printed.startswith("[2Jgone: ")

    @pytest.mark.parametrize(
        ("content", "words"),
        [
            ("{\n  oops\n}", "Line 2, column 3"),
            ("", "Line 1, column 1"),
            ('{"a": NaN}', "NaN is no number"),
            ('{"a": -Infinity}', "-Infinity is no number"),
            ('{"a": 1, "b": 2, "a": 3}', "“a” stands twice in one object"),
            ("[" * 100_000, "nested too deeply"),
            (f'{{"a": {"9" * 5000}}}', "cannot be read"),
            (r'{"a": "\ud800"}', "cannot be read"),
            ("[]", "neither a receipt nor an export"),
            ('{"attempts": 3}', "neither a receipt nor an export"),
            ('{"attempts": [3]}', "neither a receipt nor an export"),
            (b"\xff\xfe", "not text in UTF-8"),
        ],
    )
    def test_says_what_is_wrong_with_a_file(self, tmp_path, capsys, content, words):
        assert words in self.refuse(tmp_path, capsys, content)

    def test_does_not_read_a_huge_file(self, tmp_path, capsys):
        assert "larger than" in self.refuse(tmp_path, capsys, " " * 20_000_001)

    def test_says_that_a_file_is_missing(self, tmp_path):
        with pytest.raises(CommandError, match="cannot be read: No such file"):
            call_command("verify_receipt", str(tmp_path / "missing.json"))
