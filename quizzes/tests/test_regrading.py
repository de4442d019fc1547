"""A key that was wrong is corrected in the open: two people, and no mark goes missing."""

import datetime as dt

import pytest
from django.contrib.admin.models import LogEntry

from articles.models import Article
from articles.tests.factories import make_article, make_user
from quizzes import authoring, marks, regrading, rescores
from quizzes.keys import answer_lines
from quizzes.models import (
    Certificate,
    KeyCorrection,
    Purpose,
    QuestionVersion,
    ReviewCard,
    SlotScore,
    Taker,
)
from quizzes.suspicion import accepted_passage
from quizzes.tests.corrections import (
    NEW_KEY,
    correct,
    key_of,
    propose,
    publisher,
)
from quizzes.tests.factories import (
    GUEST,
    LATER,
    OPTIONS,
    OTHER_GUEST,
    begin,
    edit_question,
    give,
    live_version,
    make_misconception,
    make_question,
    make_quiz,
    mark_of,
)

pytestmark = pytest.mark.django_db
EVEN_LATER = LATER + dt.timedelta(days=10)
# Answers as `give` takes them: right by the first key, and right by that of NEW_KEY.
FIRST = {
    "single": ["A protein"],
    "several": ["Heart", "Lungs"],
    "true_false": ["False"],
    "matching": [
        "Trastuzumab: An antibody",
        "Tucatinib: A tablet",
        "Pertuzumab: An antibody",
    ],
    "ordering": ["Test", "Treat", "Check"],
    "number": ["15"],
    "sentence": ["It can tell the cell to grow."],
}
SECOND = {**NEW_KEY, "number": ["85"]}


@pytest.fixture
def question():
    return make_question("q")


@pytest.fixture
def quiz(question):
    return make_quiz(questions=[question, make_question("other")])


def refusal(move, *args, **options):
    with pytest.raises(regrading.CannotCorrect) as caught:
        move(*args, **options)
    return str(caught.value)


def effect(question, *right, policy="never_worse"):
    version = live_version(question)
    return rescores.dry_run(version, key_of(version, *right), policy=policy)


class TestAProposal:
    def test_changes_no_mark_and_no_key(self, quiz, question):
        attempt = begin(quiz)
        give(attempt, 1, "A virus")
        propose(question, "A virus")
        assert mark_of(attempt, 1) == 0
        assert live_version(question).key == live_version(question).scoring

    def test_keeps_the_key_that_was_in_force(self, question):
        correct(question, "A virus")
        second = propose(question, "A medicine", at=EVEN_LATER)
        assert second.old_scoring == key_of(live_version(question), "A virus")

    def test_stands_in_the_history_of_the_version(self, question):
        propose(question, "A virus")
        entry = LogEntry.objects.get(change_message__startswith="Proposed")
        assert entry.get_edited_object() == live_version(question)

    def test_for_a_version_that_is_not_in_use_any_more_is_possible(self, question):
        first = live_version(question)
        edit_question(question)
        assert propose(question, "A virus", version=first).pk

    def test_without_a_reason_is_refused(self, question):
        assert "Say why" in refusal(propose, question, "A virus", reason=" ")

    def test_of_the_key_in_force_is_refused(self, question):
        assert "already in force" in refusal(propose, question, "A protein")
        correct(question, "A virus")
        assert "already in force" in refusal(propose, question, "A virus")

    def test_for_a_draft_is_refused(self, question):
        draft = edit_question(question, publish=False)
        assert "is a draft" in refusal(
            regrading.checked_key, draft, key_of(live_version(question), "A virus")
        )

    def test_while_another_one_waits_is_refused(self, question):
        propose(question, "A virus")
        assert "waits already" in refusal(propose, question, "A medicine")

    def test_after_another_one_was_rejected_is_possible(self, question):
        regrading.reject(propose(question, "A virus"), by=publisher("per"), at=LATER)
        assert propose(question, "A medicine").pk

    @pytest.mark.parametrize("kind", ["single", "several", "true_false", "sentence"])
    def test_with_no_right_answer_is_refused(self, kind):
        question = make_question("q", kind=kind)
        assert "at least one right answer" in refusal(propose, question)

    @pytest.mark.parametrize(
        "change",
        [
            {"right": ["made-up"]},
            {"options": ["made-up"], "right": ["made-up"]},
            {"right": None},
            {"value": "1", "tolerance": "0"},
        ],
        ids=["right", "options", "nothing", "number"],
    )
    def test_of_unknown_options_is_refused(self, question, change):
        version = live_version(question)
        found = refusal(regrading.checked_key, version, version.scoring | change)
        assert found == regrading.NO_KEY

    def test_of_unknown_places_is_refused(self):
        version = live_version(make_question("q", kind="ordering"))
        assert refusal(regrading.checked_key, version, {"order": ["x"]}) == (
            regrading.NO_KEY
        )

    @pytest.mark.parametrize("part", ["rows", "choices"])
    def test_of_unknown_pairs_is_refused(self, part):
        version = live_version(make_question("q", kind="matching"))
        pairs = dict(version.scoring["pairs"])
        row, choice = pairs.popitem()
        pairs |= {"x": choice} if part == "rows" else {row: "x"}
        key = {**version.scoring, "pairs": pairs}
        assert refusal(regrading.checked_key, version, key) == regrading.NO_KEY

    def test_of_a_tolerance_below_zero_is_refused(self):
        question = make_question("q", kind="number")
        assert "below zero" in refusal(propose, question, "85", "-1")


class TestApproving:
    @pytest.mark.parametrize("kind", OPTIONS)
    @pytest.mark.parametrize("policy", ["never_worse", "strict"])
    def test_gives_every_answer_the_mark_of_the_new_key(self, kind, policy):
        question = make_question("q", kind=kind)
        quiz = make_quiz(questions=[question])
        old, new = begin(quiz), begin(quiz, taker=OTHER_GUEST)
        give(old, 1, *FIRST[kind])
        give(new, 1, *SECOND[kind])
        correct(question, *NEW_KEY[kind], policy=policy)
        assert mark_of(new, 1) == marks.FULL
        assert (mark_of(old, 1) == marks.FULL) is (policy == "never_worse")

    def test_adds_a_mark_and_keeps_the_first(self, quiz, question):
        attempt = begin(quiz)
        give(attempt, 1, "A virus")
        correction = correct(question, "A virus")
        newest, first = SlotScore.objects.filter(slot__attempt=attempt)
        assert (first.thousandths, first.correction) == (0, None)
        assert (newest.thousandths, newest.correction) == (1000, correction)
        assert (newest.rule, newest.at) == (marks.RULE, LATER)

    def test_leaves_what_was_skipped_and_other_questions_alone(self, quiz, question):
        attempt = begin(quiz)
        give(attempt, 2, "A virus")
        correct(question, "A virus")
        assert mark_of(attempt, 1) is None
        assert mark_of(attempt, 2) == 0

    def test_counts_for_answers_that_come_later(self, quiz, question):
        attempt = begin(quiz)
        correct(question, "A virus")
        give(attempt, 1, "A virus", at=EVEN_LATER)
        assert mark_of(attempt, 1) == marks.FULL
        assert SlotScore.objects.get().correction is None

    def test_of_several_right_ones_where_one_can_be_chosen_takes_each_in_full(
        self, quiz, question
    ):
        attempt, other = begin(quiz), begin(quiz, taker=OTHER_GUEST)
        give(attempt, 1, "A virus")
        give(other, 1, "A medicine")
        correct(question, "A protein", "A virus")
        assert mark_of(attempt, 1) == marks.FULL
        assert mark_of(other, 1) == 0

    def test_of_more_answers_than_are_read_at_once_reaches_all(
        self, quiz, question, monkeypatch
    ):
        monkeypatch.setattr(rescores, "BATCH", 2)
        attempts = [begin(quiz, taker=Taker(guest_key=f"{n:032}")) for n in range(5)]
        for attempt in attempts:
            give(attempt, 1, "A virus")
        correct(question, "A virus")
        assert {mark_of(attempt, 1) for attempt in attempts} == {marks.FULL}

    def test_touches_the_page_that_offers_the_question(self, question):
        article = make_article("offering")
        make_quiz(questions=[question], article=article)
        correct(question, "A virus")
        assert Article.objects.get(pk=article.pk).page_changed_at == LATER

    def test_stands_in_the_history_of_version_and_correction(self, question):
        correction = correct(question, "A virus")
        entries = LogEntry.objects.filter(change_message__startswith="Approved")
        assert {entry.get_edited_object() for entry in entries} == {
            live_version(question),
            correction,
        }
        assert {entry.user for entry in entries} == {publisher("per")}

    def test_by_the_proposer_is_refused(self, quiz, question):
        attempt = begin(quiz)
        give(attempt, 1, "A virus")
        correction = propose(question, "A virus")
        found = refusal(
            regrading.approve, correction, by=publisher("pia"), at=EVEN_LATER
        )
        assert "Ask a colleague" in found
        assert mark_of(attempt, 1) == 0

    def test_twice_is_refused(self, quiz, question):
        attempt = begin(quiz)
        give(attempt, 1, "A virus")
        correction = correct(question, "A virus")
        found = refusal(regrading.approve, correction, by=publisher("per"), at=LATER)
        assert found == regrading.DECIDED
        assert attempt.slots.get(position=1).scores.count() == 2


class TestRejecting:
    def test_leaves_key_and_marks_as_they_are(self, quiz, question):
        attempt = begin(quiz)
        give(attempt, 1, "A virus")
        correction = propose(question, "A virus")
        regrading.reject(correction, by=publisher("per"), at=LATER)
        assert mark_of(attempt, 1) == 0
        assert live_version(question).corrected_scoring is None
        assert KeyCorrection.objects.get().state == "rejected"

    def test_ones_own_proposal_takes_it_back(self, question):
        regrading.reject(propose(question, "A virus"), by=publisher("pia"), at=LATER)
        assert KeyCorrection.objects.get().state == "rejected"

    @pytest.mark.parametrize("move", [regrading.approve, regrading.reject])
    def test_ends_the_matter(self, question, move):
        correction = propose(question, "A virus")
        regrading.reject(correction, by=publisher("per"), at=LATER)
        found = refusal(move, correction, by=publisher("per"), at=LATER)
        assert found == regrading.DECIDED


class TestSeveralCorrections:
    def test_one_after_the_other_each_add_a_mark(self, quiz, question):
        attempt = begin(quiz)
        give(attempt, 1, "A virus")
        correct(question, "A virus", policy="strict")
        correct(question, "A medicine", policy="strict", at=EVEN_LATER)
        scores = SlotScore.objects.filter(slot__attempt=attempt)
        assert [score.thousandths for score in scores] == [0, 1000, 0]

    def test_never_take_away_what_an_earlier_one_gave(self, quiz, question):
        attempt = begin(quiz)
        give(attempt, 1, "A virus")
        correct(question, "A virus")
        correct(question, "A protein", at=EVEN_LATER)
        assert mark_of(attempt, 1) == marks.FULL
        assert live_version(question).key == live_version(question).scoring

    def test_reach_an_answer_that_came_between_them_once(self, quiz, question):
        attempt = begin(quiz)
        correct(question, "A virus")
        give(attempt, 1, "A medicine", at=LATER + dt.timedelta(days=1))
        correct(question, "A medicine", at=EVEN_LATER)
        scores = SlotScore.objects.filter(slot__attempt=attempt)
        assert [score.thousandths for score in scores] == [1000, 0]


class TestLookingAhead:
    def test_counts_what_goes_up_down_and_stays(self, quiz, question):
        takers = [Taker(guest_key=f"{n:032}") for n in range(4)]
        texts = ["A protein", "A virus", "A virus", "A medicine"]
        for taker, text in zip(takers, texts, strict=True):
            give(begin(quiz, taker=taker), 1, text)
        kind = effect(question, "A virus")
        assert (kind.answers, kind.up, kind.down, kind.spared) == (4, 2, 0, 1)
        strict = effect(question, "A virus", policy="strict")
        assert (strict.up, strict.down, strict.spared) == (2, 1, 0)

    def test_says_it_in_words(self, quiz, question):
        give(begin(quiz), 1, "A protein")
        give(begin(quiz, taker=OTHER_GUEST), 1, "A virus")
        assert effect(question, "A virus").sentences == (
            "Of 2 marks: 1 mark goes up, 0 go down.",
            "1 would go down but stays, because nobody gets less.",
            "0 people pass a test who had not; 0 people no longer pass.",
        )

    def test_before_any_answer_says_so(self, question):
        assert effect(question, "A virus").sentences == (
            "Nobody has answered this version yet.",
        )

    def test_changes_nothing(self, quiz, question):
        give(begin(quiz), 1, "A virus")
        effect(question, "A virus")
        assert SlotScore.objects.count() == 1

    def test_tells_what_approving_does(self, quiz, question):
        attempt = begin(quiz)
        give(attempt, 1, "A virus")
        assert effect(question, "A virus").up == 1
        correct(question, "A virus")
        assert effect(question, "A medicine").spared == 1


class TestATestWithAPassMark:
    @pytest.fixture
    def exam(self, question):
        other = make_question("other")
        fields = {"purpose": Purpose.TEST, "pass_mark": 100, "gives_certificate": True}
        return make_quiz("exam", questions=[question, other], **fields)

    def sit(self, exam, text, **options):
        attempt = begin(exam, **options)
        give(attempt, 1, text)
        give(attempt, 2, "A protein")
        return attempt

    def test_is_passed_by_some_and_not_any_more_by_others(self, exam, question):
        self.sit(exam, "A protein")
        self.sit(exam, "A virus", taker=OTHER_GUEST)
        strict = effect(question, "A virus", policy="strict")
        assert (strict.now_pass, strict.no_longer_pass) == (1, 1)
        kind = effect(question, "A virus")
        assert (kind.now_pass, kind.no_longer_pass) == (1, 0)

    def test_that_is_not_finished_is_passed_by_nobody_yet(self, exam, question):
        give(begin(exam), 1, "A virus")
        assert effect(question, "A virus").now_pass == 0

    def test_leaves_doubtful_certificates_to_a_person(self, exam, question):
        failing = self.sit(exam, "A protein")
        passing = self.sit(exam, "A virus", taker=OTHER_GUEST)
        lost = Certificate.objects.create(attempt=failing, name="Asa Ek")
        Certificate.objects.create(attempt=passing, name="Bo Lind")
        correction = correct(question, "A virus", policy="strict")
        assert rescores.doubtful_certificates(correction) == (lost,)
        lost.refresh_from_db()
        assert lost.withdrawn_at is None

    def test_leaves_no_certificate_in_doubt_when_nobody_gets_less(self, exam, question):
        attempt = self.sit(exam, "A protein")
        Certificate.objects.create(attempt=attempt, name="Asa Ek")
        assert rescores.doubtful_certificates(correct(question, "A virus")) == ()


class TestCards:
    """Of people who look at their questions again some time later."""

    @pytest.fixture
    def asa(self):
        return Taker(user_id=make_user().pk)

    @pytest.mark.parametrize("text", ["A protein", "A virus"])
    def test_come_back_when_the_answer_counts_otherwise_now(
        self, quiz, question, asa, text
    ):
        give(begin(quiz, taker=asa), 1, text)
        correction = correct(question, "A virus")
        card = ReviewCard.objects.get()
        assert (card.due_at, card.changed_by) == (LATER, correction)

    def test_stay_when_the_answer_counts_as_before(self, quiz, question, asa):
        give(begin(quiz, taker=asa), 1, "A medicine")
        before = ReviewCard.objects.get().due_at
        correct(question, "A virus")
        assert ReviewCard.objects.get().due_at == before

    def test_of_other_people_and_questions_stay(self, quiz, question, asa):
        give(begin(quiz, taker=asa), 2, "A protein")
        give(begin(quiz, taker=GUEST), 1, "A protein")
        correct(question, "A virus")
        assert ReviewCard.objects.get().changed_by is None


class TestADraftAfterACorrection:
    @pytest.mark.parametrize("kind", OPTIONS)
    def test_begins_with_the_key_in_force(self, kind):
        question = make_question("q", kind=kind)
        correct(question, *NEW_KEY[kind])
        draft = authoring.start_question_draft(question, by=None, at=LATER)
        complete(draft)
        authoring.publish_question(draft, by=None, at=LATER)
        assert said_right(draft) == said_right(question.versions.get(number=1))

    def test_has_no_explanation_that_was_meant_for_the_old_key(self, question):
        correct(question, "A virus")
        draft = authoring.start_question_draft(question, by=None, at=LATER)
        explained = dict(draft.options.values_list("text", "explanation"))
        assert explained["A protein"] == explained["A virus"] == ""
        assert explained["A medicine"] == "Because of “A medicine”."

    def test_gets_a_row_for_a_number_that_had_none(self):
        question = make_question("q", kind="number")
        correct(question, "40.5", "0")
        draft = authoring.start_question_draft(question, by=None, at=LATER)
        assert draft.options.get(is_right=True).text == "40.5"
        assert draft.tolerance == "0"

    def test_of_a_question_that_was_not_corrected_is_as_it_was(self):
        question = make_question("q", kind="sentence")
        draft = authoring.start_question_draft(question, by=None, at=LATER)
        right = draft.options.get(is_right=True)
        assert right.text == "It can tell the cell to grow."


def complete(draft):
    """Write what the corrected key left open."""
    has_wrong = draft.kind not in ("matching", "ordering")
    belief = make_misconception() if has_wrong else None
    draft.options.update(explanation="Because.")
    draft.options.filter(is_right=False).update(misconception=belief)
    QuestionVersion.objects.filter(pk=draft.pk).update(
        change_kind="meaning", explanation="It is so."
    )


def said_right(version):
    """The right answers in words, which have no tokens in them."""
    spec = marks.read(version.key)
    return set(answer_lines(version, spec, accepted_passage(version.basis)))
