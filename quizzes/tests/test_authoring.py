"""Questions and quizzes by the moves of staff: draft, publish, accept, retire, close."""

import pytest
from django.contrib.admin.models import LogEntry
from django.db import transaction

from articles.models import Frozen, Topic
from articles.tests.factories import (
    AT,
    BODY,
    make_article,
    make_draft,
    make_reference,
    make_user,
    make_version,
    set_status,
)
from quizzes import authoring, faults, suspicion
from quizzes.models import (
    Basis,
    Option,
    Question,
    QuestionVersion,
    QuizSlot,
    VersionStatus,
)
from quizzes.tests.factories import (
    LATER,
    NEW_BODY,
    PASSAGE,
    current,
    edit_question,
    edit_quiz,
    fill_quiz,
    live_version,
    make_check,
    make_misconception,
    make_question,
    make_quiz,
    new_content,
    retract,
    write_question,
)

pytestmark = pytest.mark.django_db


def draft_of(**content):
    """A question's first draft, with only the named parts unlike a good one."""
    return make_question("q", publish=False, **content).versions.get()


def faults_of(**content):
    return faults.question_faults(draft_of(**content), at=AT)


class TestFaultsOfTheOtherKinds:
    """Beside the sentences, each kind has a good question: see the first test."""

    @pytest.mark.parametrize("kind", ["matching", "ordering", "number", "sentence"])
    def test_are_none_when_it_is_complete(self, kind):
        assert faults_of(kind=kind) == ()

    @pytest.mark.parametrize(
        ("content", "fault"),
        [
            (
                {"kind": "matching", "options": {"A": "x", "B": ""}},
                "The row “B” does not say what it belongs to.",
            ),
            (
                {"kind": "matching", "options": {"A": "x", "B": "x"}},
                "All rows belong to the same thing, so there is nothing to match.",
            ),
            (
                {"kind": "ordering", "options": {"A": True}},
                "A question needs at least two options.",
            ),
            (
                {"kind": "number", "options": {"fifteen": True}},
                "The option “fifteen” is not a number in figures.",
            ),
            (
                {"kind": "number", "tolerance": "-1"},
                "The tolerance must be a number in figures, such as 0 or 0.5.",
            ),
            (
                {"kind": "number", "options": {"15": True, "16": False}},
                "The wrong number “16” is near enough to count as right.",
            ),
            (
                {"kind": "number", "options": {"15": False}},
                "This type needs exactly one right option; 0 are marked.",
            ),
            (
                {"kind": "number", "why": ""},
                "This type needs an explanation of the answer: learners can give answers "
                "that no option explains.",
            ),
            (
                {"kind": "sentence", "options": {"It grows.": True}},
                "The passage has no sentence “It grows.”. Copy it exactly.",
            ),
            (
                {"kind": "sentence", "passage": "twice#part"},
                "The sentence “It can tell the cell to grow.” stands in the passage more "
                "than once.",
            ),
            (
                {"options": {str(n): n == 1 for n in range(13)}},
                "A question has at most 12 options.",
            ),
        ],
    )
    def test_are_named(self, content, fault):
        body = (
            "It can tell the cell to grow [@slamon2001]. It can tell the cell to grow."
        )
        make_article("twice", passages={"part": body})
        assert fault in faults_of(**content)

    def test_of_a_wrong_number_wait_for_a_right_one_that_can_be_read(self):
        found = faults_of(kind="number", options={"x": True, "16": False})
        assert found == ("The option “x” is not a number in figures.",)


class TestAQuestionThatIsPublished:
    @pytest.mark.parametrize("kind", ["single", "several", "true_false"])
    def test_is_asked_from_then_on(self, kind):
        question = make_question(kind=kind)
        assert question in Question.objects.askable(AT)
        assert live_version(question).published_at == AT

    @pytest.mark.parametrize("kind", ["single", "several", "true_false"])
    def test_had_no_faults(self, kind):
        assert faults_of(kind=kind) == ()

    def test_holds_its_key_for_marking(self):
        version = live_version(make_question())
        tokens = dict(version.options.values_list("text", "token"))
        assert version.scoring == {
            "options": sorted(tokens.values()),
            "right": [tokens["A protein"]],
        }

    def test_accepts_the_wording_of_its_passage(self):
        article = make_article()
        basis = live_version(make_question()).basis
        assert basis.accepted_hash == article.versions.get().passages.get().text_hash
        assert basis.accepted_at == AT

    def test_notes_who_did_it(self):
        user = make_user()
        version = draft_of()
        authoring.publish_question(version, by=user, at=AT)
        assert version.published_by == user
        assert "Published." in [
            entry.change_message for entry in LogEntry.objects.all()
        ]

    def test_for_patients_needs_somebody_else_than_its_author(self):
        author, colleague = make_user(), make_user("ben@example.org")
        draft = draft_of(by=author)
        with pytest.raises(authoring.CannotPublish, match="Ask a colleague"):
            authoring.publish_question(draft, by=author, at=AT)
        assert draft.status == "draft"
        authoring.publish_question(draft, by=colleague, at=AT)
        assert draft.published_by == colleague

    def test_by_its_author_keeps_the_reason(self):
        author = make_user()
        draft = draft_of(by=author)
        reason = "Nobody else is on duty tonight."
        authoring.publish_question(draft, by=author, at=AT, override_reason=reason)
        assert draft.override_reason == reason
        assert f"Published. Without a second person: {reason}" in [
            entry.change_message for entry in LogEntry.objects.all()
        ]

    def test_for_professionals_may_be_published_by_its_author(self):
        author = make_user()
        draft = draft_of(by=author, audience="professional")
        authoring.publish_question(draft, by=author, at=AT)
        assert draft.override_reason == ""

    @pytest.mark.parametrize(
        ("kind", "group"), [("typo", 1), ("clarity", 1), ("meaning", 2)]
    )
    def test_counts_as_another_question_only_when_its_meaning_changed(
        self, kind, group
    ):
        question = make_question()
        assert live_version(question).meaning_group == 1
        edit_question(question, change_kind=kind, stem="Another wording?")
        assert live_version(question).meaning_group == group

    def test_shows_on_the_pages_that_offer_it(self):
        article = make_article()
        question = make_question()
        make_quiz(questions=[question], article=article)
        edit_question(question)
        article.refresh_from_db()
        assert article.page_changed_at == LATER


class TestAQuestionIsRefused:
    """Each of these is all that keeps it from being published."""

    @pytest.mark.parametrize(
        ("content", "fault"),
        [
            ({"stem": "  "}, "The question has no text."),
            (
                {"options": {"A protein": True}},
                "A question needs at least two options.",
            ),
            (
                {"options": {"A": False, "B": False}},
                "This type needs exactly one right option; 0 are marked.",
            ),
            (
                {"options": {"A": True, "B": True}},
                "This type needs exactly one right option; 2 are marked.",
            ),
            (
                {"kind": "several", "options": {"A": False, "B": False}},
                "No option is marked as right.",
            ),
            (
                {"kind": "true_false", "options": {"False": True, "True": False}},
                "A true or false question has the options “True” and “False”.",
            ),
            (
                {"kind": "true_false", "options": {"Yes": True, "No": False}},
                "A true or false question has the options “True” and “False”.",
            ),
            (
                {"options": {"A protein": True, " a Protein ": False}},
                "Two options have the same text.",
            ),
            ({"references": []}, "The question names no source."),
        ],
    )
    def test_with(self, content, fault):
        assert faults_of(**content) == (fault,)

    def test_without_an_explanation_of_each_option(self):
        assert faults_of(options={"A": True, "B": False}, explanation=" ") == (
            "The option “A” has no explanation.",
            "The option “B” has no explanation.",
        )

    def test_without_a_misconception_behind_each_wrong_option(self):
        options = {"A": True, "B": False, "C": False}
        assert faults_of(options=options, misconception=None) == (
            "The wrong option “B” names no misconception.",
            "The wrong option “C” names no misconception.",
        )

    def test_without_a_passage(self):
        draft = draft_of()
        Basis.objects.all().delete()
        assert faults.question_faults(draft, at=AT) == (
            "The question rests on no passage. Choose the passage that answers it.",
        )

    def test_on_a_passage_that_is_not_there(self):
        make_article()
        assert faults_of(passage="her2#missing") == (
            "The passage her2#missing is not on the site, so nobody could be sent to it.",
        )

    def test_on_a_passage_of_a_draft(self):
        article = make_article()
        make_draft(article, passages={"new-part": BODY})
        assert "not on the site" in faults_of(passage="her2#new-part")[0]

    def test_on_a_passage_that_is_not_yet_live(self):
        article = make_article()
        make_version(article, passages={"new-part": BODY}, live_from=LATER)
        assert "not on the site" in faults_of(passage="her2#new-part")[0]

    @pytest.mark.parametrize("status", ["retracted", "withdrawn"])
    def test_with_a_source_that_is_gone(self, status):
        make_reference("old2001", status=status)
        assert faults_of(references=["old2001"]) == (
            f"The source old2001 is {status}.",
        )

    @pytest.mark.parametrize("status", ["retracted", "withdrawn"])
    def test_on_a_passage_whose_source_is_gone(self, status):
        draft = draft_of(references=["own2003"])
        set_status(status)
        assert faults.question_faults(draft, at=LATER) == (
            f"The source slamon2001 is {status}.",
        )

    def test_and_nothing_is_stored(self):
        draft = draft_of(stem=" ")
        with pytest.raises(authoring.CannotPublish) as refused:
            authoring.publish_question(draft, by=None, at=AT)
        assert refused.value.reasons == ("The question has no text.",)
        assert str(refused.value) == "The question has no text."
        draft.refresh_from_db()
        assert (draft.status, draft.scoring, draft.basis.accepted_hash) == (
            "draft",
            {},
            "",
        )

    def test_when_a_later_version_does_not_say_what_changed(self):
        question = make_question()
        draft = edit_question(question, publish=False, change_kind="new")
        with pytest.raises(authoring.CannotPublish, match="Say what kind of change"):
            authoring.publish_question(draft, by=None, at=LATER)

    def test_when_it_is_published_already(self):
        version = live_version(make_question())
        with pytest.raises(authoring.CannotPublish, match="Somebody else"):
            authoring.publish_question(version, by=None, at=LATER)


class TestAQuestionOnASourceThatWasCorrected:
    @pytest.fixture(params=["corrected", "superseded"])
    def draft(self, request):
        draft = draft_of(references=["own2003"])
        set_status(request.param, key="own2003")
        return draft

    def test_is_published_by_who_saw_what_is_told_of_it(self, draft):
        seen = suspicion.seal(suspicion.notices(draft, at=LATER))
        authoring.publish_question(draft, by=None, at=LATER, seen_sources=seen)
        assert Question.objects.askable(LATER).exists()

    def test_is_not_published_by_who_did_not_see_it(self, draft):
        with pytest.raises(authoring.CannotMove, match="was not shown yet"):
            authoring.publish_question(draft, by=None, at=LATER)
        draft.refresh_from_db()
        assert draft.status == "draft"


class TestADraftOfAQuestion:
    def test_of_a_new_question_is_empty(self):
        question = Question.objects.create(slug="q")
        draft = authoring.start_question_draft(question, by=None, at=AT)
        assert (draft.number, draft.stem, draft.change_kind) == (1, "", "new")
        assert not draft.options.exists()

    def test_copies_the_newest_version(self):
        question = make_question(kind="several")
        live = live_version(question)
        draft = authoring.start_question_draft(question, by=None, at=LATER)
        fields = ("text", "is_right", "explanation", "misconception", "position")
        assert list(draft.options.values(*fields)) == list(live.options.values(*fields))
        assert (draft.number, draft.kind, draft.stem) == (2, live.kind, live.stem)
        assert list(draft.references.all()) == list(live.references.all())
        assert str(draft.basis) == PASSAGE
        assert draft.basis.accepted_hash == ""

    def test_is_refused_while_there_is_another(self):
        question = make_question(publish=False)
        with pytest.raises(authoring.CannotMove, match="already has a draft"):
            authoring.start_question_draft(question, by=None, at=AT)

    def test_leaves_what_is_asked_alone(self):
        question = make_question()
        live = live_version(question)
        edit_question(question, stem="Other words?", publish=False)
        assert live_version(question) == live

    def test_notes_who_did_it(self):
        user = make_user()
        question = Question.objects.create(slug="q")
        draft = authoring.start_question_draft(question, by=user, at=AT)
        assert draft.edited_by == user
        assert LogEntry.objects.get().change_message == "Draft started."


class TestASave:
    @pytest.fixture(params=["question", "quiz"])
    def turn(self, request):
        """A draft, and the move that claims the right to save it."""
        if request.param == "question":
            return draft_of(), authoring.take_question_turn
        quiz = make_quiz(questions=1, publish=False)
        return quiz.versions.get(), authoring.take_quiz_turn

    def test_raises_the_number_of_the_edit(self, turn):
        draft, take_turn = turn
        token, user = draft.edit_token, make_user()
        take_turn(draft, token=token, by=user, at=LATER)
        assert draft.edit_token == token + 1
        draft.refresh_from_db()
        assert (draft.edit_token, draft.edited_by, draft.edited_at) == (
            token + 1,
            user,
            LATER,
        )

    def test_over_a_newer_one_is_refused(self, turn):
        draft, take_turn = turn
        token = draft.edit_token
        take_turn(draft, token=token, by=None, at=LATER)
        with pytest.raises(authoring.StaleDraft):
            take_turn(draft, token=token, by=None, at=LATER)

    def test_of_a_published_question_is_refused(self):
        version = live_version(make_question())
        with pytest.raises(authoring.StaleDraft):
            authoring.take_question_turn(
                version, token=version.edit_token, by=None, at=LATER
            )

    def test_of_a_published_quiz_is_refused(self):
        version = current(make_quiz(questions=1))
        with pytest.raises(authoring.StaleDraft):
            authoring.take_quiz_turn(
                version, token=version.edit_token, by=None, at=LATER
            )


class TestADiscard:
    def test_of_a_question_leaves_the_version_in_use(self):
        question = make_question()
        draft = authoring.start_question_draft(question, by=None, at=LATER)
        authoring.discard_question_draft(draft, by=None)
        assert question.versions.get().status == VersionStatus.PUBLISHED

    def test_notes_who_did_it(self):
        question, asa = make_question(stem="Where?"), make_user()
        draft = authoring.start_question_draft(question, by=None, at=LATER)
        authoring.discard_question_draft(draft, by=asa)
        entry = LogEntry.objects.get(user=asa)
        assert entry.get_change_message() == "Discarded draft 2: Where?"
        assert entry.get_edited_object() == question

    @pytest.mark.parametrize("meanwhile", ["saved", "published", "discarded"])
    def test_of_what_was_moved_on_is_refused(self, meanwhile):
        draft = draft_of()
        mine = QuestionVersion.objects.get(pk=draft.pk)
        if meanwhile == "saved":
            write_question(draft, stem="Hours of work?")
        elif meanwhile == "published":
            authoring.publish_question(draft, by=None, at=LATER)
        else:
            authoring.discard_question_draft(draft, by=None)
        left = QuestionVersion.objects.count()
        with pytest.raises(authoring.CannotMove, match="by somebody else"):
            authoring.discard_question_draft(mine, by=None)
        assert QuestionVersion.objects.count() == left

    def test_of_a_published_quiz_is_refused(self):
        version = current(make_quiz(questions=1))
        with pytest.raises(authoring.CannotMove, match="by somebody else"):
            authoring.discard_quiz_draft(version, by=None)


class TestTheHashOfAQuestion:
    """Over all that a learner can come to see, and the key."""

    @pytest.fixture
    def question(self):
        return make_question()

    def hash_after(self, question, **changes):
        draft = edit_question(question, publish=False, **changes)
        return authoring.question_hash(draft)

    def test_is_the_same_for_a_copy(self, question):
        live = live_version(question)
        assert self.hash_after(question) == live.content_hash

    @pytest.mark.parametrize(
        "changes",
        [
            {"stem": "Other?"},
            {"options": {"A protein": False, "A virus": True, "A medicine": False}},
            {"options": {"A virus": False, "A protein": True, "A medicine": False}},
            {"explanation": "Other."},
            {"misconception": "other-belief"},
            {"references": ["other2002"]},
            {"kind": "several"},
            {"passage": "other#part"},
        ],
    )
    def test_is_another_one_after(self, question, changes):
        if "explanation" in changes or "misconception" in changes:
            changes = {
                **new_content("q", **changes),
                "stem": live_version(question).stem,
            }
        live = live_version(question)
        assert self.hash_after(question, **changes) != live.content_hash


class TestAcceptingAPassage:
    def test_that_changed_makes_the_question_askable_again(self):
        article = make_article()
        question = make_question()
        make_version(article, passages={"what-is-her2": NEW_BODY}, at=LATER)
        assert question not in Question.objects.askable(LATER)
        authoring.accept_passage(live_version(question), by=None, at=LATER)
        assert question in Question.objects.askable(LATER)

    def test_notes_who_did_it(self):
        user = make_user()
        version = live_version(make_question())
        authoring.accept_passage(version, by=user, at=LATER)
        version.basis.refresh_from_db()
        assert (version.basis.accepted_by, version.basis.accepted_at) == (user, LATER)
        message = "Checked against the passage “What is her2”."
        assert LogEntry.objects.get().change_message == message

    def test_that_is_gone_is_refused(self):
        article = make_article()
        version = live_version(make_question())
        make_version(article, passages={"other": BODY}, at=LATER)
        with pytest.raises(authoring.CannotMove, match="is not on the site"):
            authoring.accept_passage(version, by=None, at=LATER)


class TestRetiringAQuestion:
    def test_stops_it_from_being_asked(self):
        question = make_question()
        authoring.retire_question(question, by=None, at=LATER, reason="Out of date.")
        assert question not in Question.objects.askable(LATER)
        question.refresh_from_db()
        assert (question.retired_at, question.retired_reason) == (
            LATER,
            "Out of date.",
        )

    def test_notes_who_did_it(self):
        user = make_user()
        authoring.retire_question(make_question(), by=user, at=LATER, reason="Old.")
        assert LogEntry.objects.get().change_message == "Retired: Old."

    def test_shows_on_the_pages_that_offer_it(self):
        check = make_check()
        question = Question.objects.get()
        authoring.retire_question(question, by=None, at=LATER, reason="Old.")
        check.article.refresh_from_db()
        assert check.article.page_changed_at == LATER

    def test_without_a_reason_is_refused(self):
        with pytest.raises(authoring.CannotMove, match="Say why"):
            authoring.retire_question(make_question(), by=None, at=LATER, reason=" ")

    def test_twice_is_refused(self):
        question = make_question()
        authoring.retire_question(question, by=None, at=LATER, reason="Old.")
        with pytest.raises(authoring.CannotMove, match="already retired"):
            authoring.retire_question(question, by=None, at=LATER, reason="Old.")


class TestAQuiz:
    def test_that_is_published_can_be_taken(self):
        quiz = make_quiz(questions=2)
        version = current(quiz)
        assert faults.quiz_faults(version, at=AT) == ()
        assert version.published_at == AT

    def test_draft_copies_the_newest_version(self):
        quiz = make_quiz(questions=2, title="One", intro="Two", minutes=4)
        draft = authoring.start_quiz_draft(quiz, by=make_user(), at=LATER)
        assert (draft.number, draft.title, draft.intro, draft.minutes) == (
            2,
            "One",
            "Two",
            4,
        )
        fields = ("position", "question")
        copied = list(draft.slots.values_list(*fields))
        assert copied == list(current(quiz).slots.values_list(*fields))
        assert LogEntry.objects.get().change_message == "Draft started."

    def test_draft_is_refused_while_there_is_another(self):
        quiz = make_quiz(questions=1, publish=False)
        with pytest.raises(authoring.CannotMove, match="already has a draft"):
            authoring.start_quiz_draft(quiz, by=None, at=AT)

    def test_draft_leaves_what_can_be_taken_alone(self):
        quiz = make_quiz(questions=1)
        version = current(quiz)
        draft = authoring.start_quiz_draft(quiz, by=None, at=LATER)
        fill_quiz(draft, [], title="New")
        assert current(quiz) == version

    def test_new_version_takes_the_place_of_the_old(self):
        quiz = make_quiz(questions=1)
        new = edit_quiz(quiz, [make_question("new")], title="New")
        assert current(quiz) == new

    def test_notes_who_published_it(self):
        user = make_user()
        quiz = make_quiz(questions=1, publish=False)
        draft = quiz.versions.get()
        authoring.publish_quiz(draft, by=user, at=AT)
        assert draft.published_by == user
        assert LogEntry.objects.get().change_message == "Published."

    def test_shows_on_its_page(self):
        article = make_article()
        quiz = make_quiz(questions=1, article=article, publish=False)
        authoring.publish_quiz(quiz.versions.get(), by=None, at=LATER)
        article.refresh_from_db()
        assert article.page_changed_at == LATER


class TestACheckIsRefused:
    def test_when_its_question_rests_on_another_section(self):
        """Its page is kept until that page changes, not another one."""
        make_article("other", passages={"part": BODY})
        check = make_check()
        elsewhere = make_question("elsewhere", passage="other#part")
        with pytest.raises(authoring.CannotPublish, match="rests on that very section"):
            edit_quiz(check, [elsewhere])


class TestAQuizIsRefused:
    def faults_of(self, quiz, *, at=AT):
        return faults.quiz_faults(quiz.versions.get(), at=at)

    def test_without_a_title(self):
        quiz = make_quiz(questions=1, title=" ", publish=False)
        assert self.faults_of(quiz) == ("The quiz has no title.",)

    def test_without_questions(self):
        quiz = make_quiz(questions=[], publish=False)
        assert self.faults_of(quiz) == ("The quiz has no questions.",)

    def test_for_a_section_with_two_questions(self):
        check = make_check(publish=False)
        questions = [Question.objects.get(), make_question("two")]
        fill_quiz(check.versions.get(), questions)
        assert self.faults_of(check) == ("A section check has exactly one question.",)

    def test_for_a_section_with_two_questions_of_a_pool(self):
        check = make_check(publish=False)
        make_question("two")
        pool = {"pool_topic": Topic.objects.get(), "draw": 2}
        fill_quiz(check.versions.get(), [], pools=[pool])
        assert self.faults_of(check) == ("A section check has exactly one question.",)

    def check_unaskable(self, quiz, at=AT):
        assert self.faults_of(quiz, at=at) == (
            "The question “q” cannot be asked: it is not published, retired, or suspect "
            "because its passage or source changed.",
        )

    def test_with_a_draft_of_a_question(self):
        question = make_question("q", publish=False)
        self.check_unaskable(make_quiz(questions=[question], publish=False))

    def test_with_a_retired_question(self):
        question = make_question("q")
        authoring.retire_question(question, by=None, at=AT, reason="Old.")
        self.check_unaskable(make_quiz(questions=[question], publish=False))

    def test_with_a_suspect_question(self):
        question = make_question("q")
        retract()
        self.check_unaskable(make_quiz(questions=[question], publish=False))

    def test_and_nothing_is_stored(self):
        quiz = make_quiz(questions=[], publish=False)
        with pytest.raises(authoring.CannotPublish, match="has no questions"):
            authoring.publish_quiz(quiz.versions.get(), by=None, at=AT)
        assert quiz.versions.get().status == "draft"

    def test_when_it_is_published_already(self):
        version = current(make_quiz(questions=1))
        with pytest.raises(authoring.CannotPublish, match="Somebody else"):
            authoring.publish_quiz(version, by=None, at=LATER)


class TestClosingAQuiz:
    def test_offers_it_no_longer(self):
        quiz = make_quiz(questions=1)
        authoring.close_quiz(quiz, by=make_user(), at=LATER)
        assert not quiz.versions.current().exists()
        assert LogEntry.objects.get().change_message == "Closed."

    def test_shows_on_its_page(self):
        check = make_check()
        authoring.close_quiz(check, by=None, at=LATER)
        check.article.refresh_from_db()
        assert check.article.page_changed_at == LATER

    def test_twice_is_refused(self):
        quiz = make_quiz(questions=1)
        authoring.close_quiz(quiz, by=None, at=LATER)
        with pytest.raises(authoring.CannotMove, match="already closed"):
            authoring.close_quiz(quiz, by=None, at=LATER)

    def test_makes_room_for_another_check_of_its_section(self):
        check = make_check()
        authoring.close_quiz(check, by=None, at=LATER)
        assert make_check() != check


# --- What is published stays as it is --------------------------------------------------------


def question_row(*, publish):
    return make_question(publish=publish).versions.get(), {"stem": "Other?"}


def option_row(*, publish):
    version, _ = question_row(publish=publish)
    return version.options.first(), {"text": "Other"}


def quiz_row(*, publish):
    return make_quiz(questions=1, publish=publish).versions.get(), {"title": "Other"}


def slot_row(*, publish):
    version, _ = quiz_row(publish=publish)
    return version.slots.get(), {"position": 9}


def basis_row(*, publish):
    version, _ = question_row(publish=publish)
    return version.basis, {"passage_key": "other"}


def save(row, changes):
    for name, value in changes.items():
        setattr(row, name, value)
    row.save()


def save_fields(row, changes):
    for name, value in changes.items():
        setattr(row, name, value)
    row.save(update_fields=list(changes))


def update(row, changes):
    type(row).objects.filter(pk=row.pk).update(**changes)


def bulk_update(row, changes):
    for name, value in changes.items():
        setattr(row, name, value)
    type(row).objects.bulk_update([row], list(changes))


ROWS = [question_row, option_row, quiz_row, slot_row, basis_row]
every_row = pytest.mark.parametrize("make_row", ROWS, ids=lambda row: row.__name__)
every_way = pytest.mark.parametrize(
    "change", [save, save_fields, update, bulk_update], ids=lambda way: way.__name__
)


class TestPublishedText:
    @every_row
    @every_way
    def test_is_not_changed(self, make_row, change):
        row, changes = make_row(publish=True)
        before = stored(row)
        refusal = r"is published\. Start a draft to change it\."
        with pytest.raises(Frozen, match=refusal), transaction.atomic():
            change(row, changes)
        assert stored(row) == before

    @every_row
    @every_way
    def test_is_changed_while_it_is_a_draft(self, make_row, change):
        row, changes = make_row(publish=False)
        change(row, changes)
        assert changes.items() <= stored(row).items()

    @every_row
    def test_is_not_deleted(self, make_row):
        row, _ = make_row(publish=True)
        with pytest.raises(Frozen):
            row.delete()
        with pytest.raises(Frozen):
            type(row).objects.filter(pk=row.pk).delete()
        assert stored(row)

    @every_row
    def test_is_deleted_while_it_is_a_draft(self, make_row):
        row, _ = make_row(publish=False)
        pk = row.pk
        row.delete()
        assert not type(row).objects.filter(pk=pk).exists()

    def test_gets_no_further_option(self):
        version = live_version(make_question())
        extra = Option(version=version, text="One more")
        with pytest.raises(Frozen):
            extra.save()
        with pytest.raises(Frozen):
            Option.objects.bulk_create([extra])
        assert version.options.count() == 3

    def test_gets_no_further_question(self):
        version = current(make_quiz(questions=1))
        extra = QuizSlot(version=version, question=make_question("extra"))
        with pytest.raises(Frozen):
            extra.save()
        with pytest.raises(Frozen):
            QuizSlot.objects.bulk_create([extra])
        assert version.slots.count() == 1

    def test_is_not_made_in_bulk(self):
        """A row that is stored already cannot be written over by inserting it again."""
        version = live_version(make_question())
        with pytest.raises(Frozen):
            QuestionVersion.objects.bulk_create([version])


def stored(row):
    return type(row).objects.filter(pk=row.pk).values().get()


class TestADraftsParts:
    def test_can_be_written_anew(self):
        draft = draft_of()
        write_question(draft, options={"A": True, "B": False}, explanation="So.")
        assert list(draft.options.values_list("text", flat=True)) == ["A", "B"]

    def test_may_name_beliefs_of_other_questions(self):
        make_misconception("shared")
        for slug in ("one", "two"):
            make_question(slug, misconception="shared")
        assert make_misconception("shared").options.count() == 4
