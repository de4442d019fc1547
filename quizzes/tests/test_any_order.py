"""Learners and staff in any order, against a simple model of what has to be stored."""

import datetime as dt
from dataclasses import dataclass, field

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from articles.models import Article, Reference
from articles.tests.factories import AT, BODY, make_user, make_version
from quizzes import answering, authoring, regrading, starting
from quizzes.models import (
    Attempt,
    Policy,
    Question,
    SlotScore,
    Taker,
    standing_of,
)
from quizzes.rescores import differences
from quizzes.tests.factories import (
    GUEST,
    OTHER_GUEST,
    SINGLE,
    UNSURE,
    current,
    edit_question,
    live_version,
    make_quiz,
    tokens,
)

LABELS = [*SINGLE, UNSURE]
REFUSALS = (
    starting.CannotStart,
    answering.AttemptClosed,
    answering.StaleStep,
    authoring.CannotMove,
    authoring.CannotPublish,
    regrading.CannotCorrect,
)
ANY = st.integers(min_value=0, max_value=9)
PEOPLE = st.sampled_from(["guest", "other", "user"])


@dataclass
class Sheet:
    """What the model knows of an attempt."""

    owner: str
    wordings: list
    answers: dict = field(default_factory=dict)
    """Position → (tokens, mark)."""
    is_finished: bool = False

    def correct(self, position, right, *, strict):
        """Another key: the mark it gives, or the old one where nobody is to get less."""
        if position in self.answers:
            chosen, mark = self.answers[position]
            now = 1000 if chosen == right else 0
            self.answers[position] = (chosen, now if strict else max(mark, now))


class Site(RuleBasedStateMachine):
    @initialize()
    def begin(self):
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.now = AT
        self.quiz = make_quiz(questions=3)
        self.user = make_user("eva@example.org", is_staff=False)
        self.staff = make_user(), make_user("ben@example.org")
        self.takers = {
            "guest": GUEST,
            "other": OTHER_GUEST,
            "user": Taker(user_id=self.user.pk),
        }
        self.sheets = {}

    def teardown(self):
        if hasattr(self, "undo"):
            found = [row for _, rows in differences() for row in rows]
            assert found == [], "every mark can be derived again"
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    def make(self, move):
        """The result of a move, or None when it was refused; then nothing changed."""
        before = self.stored()
        try:
            with transaction.atomic():
                return move()
        except REFUSALS:
            assert self.stored() == before
            return None

    def stored(self):
        attempts = list(Attempt.objects.order_by("pk").values("pk", "state", "user"))
        scores = list(SlotScore.objects.order_by("pk").values())
        return attempts, scores

    def one_of(self, number):
        attempts = sorted(self.sheets, key=str)
        return attempts[number % len(attempts)] if attempts else None

    def note(self, attempt, owner):
        """Take a new attempt into the model, with the wordings it was given."""
        wordings = list(attempt.slots.values_list("question_version", flat=True))
        self.sheets.setdefault(attempt.pk, Sheet(owner, wordings))

    @rule(who=PEOPLE, again=st.booleans())
    def start(self, who, again):
        attempt = self.make(
            lambda: starting.start(
                current(self.quiz), taker=self.takers[who], at=self.now, again=again
            )
        )
        if attempt:
            self.note(attempt, who)

    @rule(
        number=ANY, position=st.integers(1, 3), label=st.sampled_from(LABELS), old=ANY
    )
    def answer(self, number, position, label, old):
        pk = self.one_of(number)
        standing = standing_of(pk, position) if pk else None
        if standing is None:
            return
        slot = Attempt.objects.get(pk=pk).slots.get(position=position)
        chosen = tokens(slot.question_version, label)
        step = standing.step if old else max(1, standing.step - 1)
        stored = self.make(
            lambda: answering.answer(standing, step=step, chosen=chosen, at=self.now)
        )
        sheet = self.sheets[pk]
        if stored == "stored":
            assert position not in sheet.answers
            assert not sheet.is_finished
            right = slot.question_version.key["right"]
            sheet.answers[position] = (chosen, 1000 if chosen == right else 0)
            sheet.is_finished = len(sheet.answers) == len(sheet.wordings)
        elif stored:
            kept = sheet.answers[position][0] == chosen
            assert stored == ("repeated" if kept else "first_kept")

    @rule(number=ANY, position=st.integers(1, 3))
    def skip(self, number, position):
        pk = self.one_of(number)
        standing = standing_of(pk, position) if pk else None
        if standing:
            step = standing.step
            self.make(lambda: answering.skip(standing, step=step, at=self.now))

    @rule(number=ANY)
    def finish(self, number):
        pk = self.one_of(number)
        if pk and Attempt.objects.open().filter(pk=pk).exists():
            answering.finish(pk, at=self.now)
            self.sheets[pk].is_finished = True

    @rule(number=ANY)
    def go_on(self, number):
        pk = self.one_of(number)
        if pk is None:
            return
        attempt, owner = Attempt.objects.get(pk=pk), self.sheets[pk].owner
        follows = self.make(
            lambda: starting.go_on(attempt, taker=self.takers[owner], at=self.now)
        )
        if follows:
            self.note(follows, owner)

    @rule()
    def set_idle_ones_aside(self):
        starting.set_aside_idle(before=self.now)

    @rule()
    def claim(self):
        count = starting.claim(GUEST, user_id=self.user.pk)
        mine = [sheet for sheet in self.sheets.values() if sheet.owner == "guest"]
        assert count == len(mine)
        for sheet in mine:
            sheet.owner = "user"

    @rule(number=st.integers(1, 3), label=st.sampled_from(list(SINGLE)))
    def edit_question(self, number, label):
        question = Question.objects.get(slug=f"basics-{number}")
        options = {text: text == label for text in SINGLE}
        self.make(lambda: edit_question(question, options=options, at=self.now))

    @rule(
        number=st.integers(1, 3),
        label=st.sampled_from(list(SINGLE)),
        strict=st.booleans(),
    )
    def correct_key(self, number, label, strict):
        version = live_version(Question.objects.get(slug=f"basics-{number}"))
        right = tokens(version, label)
        proposal = {
            "new_scoring": {**version.key, "right": right},
            "reason": "The evidence says otherwise.",
            "evidence": Reference.objects.get(),
            "evidence_changed": False,
            "policy": Policy.STRICT if strict else Policy.NEVER_WORSE,
        }

        def both_people():
            asa, ben = self.staff
            made = regrading.propose(version, **proposal, by=asa, at=self.now)
            regrading.approve(made, by=ben, at=self.now)
            return made

        if not self.make(both_people):
            return
        for sheet in self.sheets.values():
            if version.pk in sheet.wordings:
                sheet.correct(
                    sheet.wordings.index(version.pk) + 1, right, strict=strict
                )

    @rule(words=st.sampled_from(["", " It is a receptor [@slamon2001]."]))
    def edit_passage(self, words):
        self.wait()
        article = Article.objects.get()
        make_version(article, passages={"what-is-her2": BODY + words}, at=self.now)

    @rule(number=st.integers(1, 3))
    def accept_passage(self, number):
        version = live_version(Question.objects.get(slug=f"basics-{number}"))
        self.make(lambda: authoring.accept_passage(version, by=None, at=self.now))

    @rule()
    def wait(self):
        self.now += dt.timedelta(hours=1)

    @invariant()
    def everybody_has_at_most_one_open_attempt(self):
        for taker in self.takers.values():
            assert taker.theirs().open().count() <= 1

    @invariant()
    def an_attempt_keeps_its_owner_and_its_wordings(self):
        for pk, sheet in self.sheets.items():
            attempt = self.takers[sheet.owner].theirs().get(pk=pk)
            wordings = attempt.slots.values_list("question_version", flat=True)
            assert list(wordings) == sheet.wordings

    @invariant()
    def the_first_answers_and_their_marks_are_stored_and_no_others(self):
        for pk, sheet in self.sheets.items():
            rows = SlotScore.objects.filter(slot__attempt=pk).order_by("pk")
            marks = dict(rows.values_list("slot__position", "thousandths"))
            assert marks == {place: mark for place, (_, mark) in sheet.answers.items()}

    @invariant()
    def what_is_finished_stays_finished(self):
        for pk, sheet in self.sheets.items():
            is_finished = Attempt.objects.get(pk=pk).state == "submitted"
            assert is_finished == sheet.is_finished


@pytest.mark.django_db
class TestAnyOrder:
    def test_stores_what_the_model_says(self):
        run_state_machine_as_test(
            Site,
            settings=settings(
                max_examples=25,
                stateful_step_count=20,
                deadline=None,
                derandomize=True,
                database=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
