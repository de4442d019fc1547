"""Quizzes in the admin: their list, their questions in order, publishing and closing."""

import pytest

from articles import publishing
from articles.models import Article
from articles.tests.desk_forms import (
    address,
    confirm,
    fields_of,
    open_form,
    save,
    staff_client,
    text,
)
from articles.tests.factories import make_article, make_user
from quizzes import authoring
from quizzes.admin.moves import QUIZ_VERSION_MOVES
from quizzes.models import Quiz, QuizVersion, Tag, VersionStatus
from quizzes.tests.factories import (
    LATER,
    fill_quiz,
    make_check,
    make_question,
    make_quiz,
)

pytestmark = pytest.mark.django_db
LIST = "/admin/quizzes/quiz/"
FORM = "quizversion_form"


@pytest.fixture
def ana():
    return staff_client(make_user("ana@example.org", name="Ana", groups=["Author"]))


@pytest.fixture
def pia():
    return staff_client(make_user("pia@example.org", name="Pia", groups=["Publisher"]))


@pytest.fixture
def draft():
    return authoring.start_quiz_draft(make_quiz(questions=2), by=None, at=LATER)


def order(version):
    return [slot.question.slug for slot in version.slots.select_related("question")]


class TestTheNamesOfThings:
    """Titles and wordings, where one has to know what is meant."""

    def test_stand_in_the_lists(self, ana):
        quiz = make_quiz("one", title="A quiz", article=make_article(title="The page"))
        assert "The page</td>" in text(ana.get(LIST))
        page = text(ana.get("/admin/quizzes/quizversion/"))
        assert ">A quiz</a>" in page
        assert f"{quiz.slug}</td>" not in page

    def test_stand_in_choices(self, ana):
        page = make_article(title="The page")
        quiz = make_quiz("one", article=page, publish=False)
        assert ">The page</option>" in text(ana.get(address(quiz)))
        asked = {"app_label": "quizzes", "model_name": "quiz", "field_name": "article"}
        found = ana.get("/admin/autocomplete/", asked).json()["results"]
        assert [line["text"] for line in found] == ["The page"]

    def test_stand_where_they_can_only_be_read(self, ana):
        quiz = make_quiz("one", article=make_article(title="The page"))
        assert ">The page</a></div>" in text(ana.get(address(quiz)))

    def test_stand_at_the_places_of_a_quiz(self, ana):
        question = make_question("asked-1", stem="What is asked?")
        quiz = make_quiz("one", questions=[question])
        draft = authoring.start_quiz_draft(quiz, by=None, at=LATER)
        page = text(ana.get(address(draft)))
        assert '<span class="inline_label">1. What is asked?</span>' in page


class TestTheListOfQuizzes:
    def test_says_title_state_and_number_of_questions(self, ana):
        make_quiz("open", title="An open one", questions=2)
        page = text(ana.get(LIST))
        assert "An open one" in page
        assert 'class="field-questions">2</td>' in page
        assert 'class="field-state">Open</td>' in page

    def test_costs_the_same_for_one_quiz_and_for_ten(
        self, ana, django_assert_max_num_queries
    ):
        question = make_question()
        for number in range(10):
            make_quiz(f"quiz-{number}", questions=[question])
        with django_assert_max_num_queries(12):
            ana.get(LIST)


class TestANewQuiz:
    def test_opens_its_first_draft_at_once(self, ana):
        fields = {"slug": "new-quiz", "purpose": "self_check"}
        response = ana.post(f"{LIST}add/", fields)
        assert response.url == address(QuizVersion.objects.get())

    def test_for_a_section_has_to_say_which(self, ana):
        fields = {"slug": "new-quiz", "purpose": "section_check"}
        page = text(ana.post(f"{LIST}add/", fields))
        assert "A section check needs a page and a section" in page


class TestADraft:
    def test_puts_the_questions_in_another_order(self, ana, draft):
        save(ana, draft, **{"slots-0-position": "5", "slots-1-position": "2"})
        assert order(draft) == ["basics-2", "basics-1"]

    def test_adds_a_question_at_the_end(self, ana, draft):
        added = make_question("added")
        save(ana, draft, **{"slots-2-question": added.pk})
        assert order(draft) == ["basics-1", "basics-2", "added"]

    def test_refuses_the_same_question_twice(self, ana, draft):
        first = draft.slots.first().question
        response = save(ana, draft, **{"slots-2-question": first.pk})
        assert response.status_code == 200
        assert order(draft) == ["basics-1", "basics-2"]

    def test_removes_a_question(self, ana, draft):
        save(ana, draft, **{"slots-0-DELETE": "on"})
        assert order(draft) == ["basics-2"]

    def test_shows_both_texts_when_it_is_stale(self, ana, draft):
        ben = make_user("ben@example.org", name="Ben")
        url, fields = open_form(ana, draft)
        questions = [slot.question for slot in draft.slots.all()]
        fill_quiz(draft, [questions[1]], by=ben, at=LATER, title="Ben's quiz")
        shown = ana.post(url, {**fields, "title": "Ana's quiz"})
        assert "Ben&#x27;s quiz" in text(shown)
        assert "Ben removed one of these" in text(shown)
        ana.post(url, {**fields_of(shown, FORM), "_continue": "1"})
        draft.refresh_from_db()
        assert draft.title == "Ana's quiz"
        assert order(draft) == ["basics-2"]

    def test_keeps_a_tick_that_only_the_other_changed(self, ana, draft):
        url, fields = open_form(ana, draft)
        questions = [slot.question for slot in draft.slots.all()]
        fill_quiz(draft, questions, at=LATER, ask_certainty=True)
        shown = ana.post(url, {**fields, "title": "Ana's quiz"})
        ana.post(url, {**fields_of(shown, FORM), "_continue": "1"})
        draft.refresh_from_db()
        assert (draft.title, draft.ask_certainty) == ("Ana's quiz", True)

    def test_keeps_its_pools_when_the_other_changed_something_else(self, ana, draft):
        pools = [
            {"pool_tag": Tag.objects.create(name=name), "draw": 1}
            for name in ("one", "two")
        ]
        fill_quiz(draft, [], at=LATER, pools=pools)
        url, fields = open_form(ana, draft)
        ben = staff_client(make_user("ben@example.org", groups=["Author"]))
        save(ben, draft, intro="Ben's words.")
        mine = {"title": "Ana's quiz", "slots-1-draw": "3"}
        shown = ana.post(url, {**fields, **mine})
        ana.post(url, {**fields_of(shown, FORM), "_continue": "1"})
        assert list(draft.slots.values_list("pool_tag__name", "draw")) == [
            ("one", 1),
            ("two", 3),
        ]

    def test_can_be_thrown_away(self, ana, draft):
        response = confirm(ana, draft, "discard")
        assert response.url == address(draft.quiz)
        assert not QuizVersion.objects.filter(pk=draft.pk).exists()

    def test_that_somebody_has_just_written_is_not_thrown_away(self, ana, draft):
        url = address(draft, "discard")
        seen = fields_of(ana.get(url))
        fill_quiz(draft, [make_question()], title="Hours of work")
        assert "Somebody changed, published" in text(ana.post(url, seen))
        assert QuizVersion.objects.filter(pk=draft.pk).exists()

    def test_that_was_thrown_away_shows_the_text_for_copying(self, ana, draft):
        url, fields = open_form(ana, draft)
        authoring.discard_quiz_draft(draft, by=None)
        response = ana.post(url, {**fields, "title": "Ana's quiz"})
        assert response.status_code == 409
        assert "Ana&#x27;s quiz" in text(response)

    @pytest.mark.parametrize("move", QUIZ_VERSION_MOVES, ids=lambda move: move.name)
    def test_that_was_thrown_away_moves_nowhere(self, draft, move):
        gone = QuizVersion.objects.get(pk=draft.pk)
        authoring.discard_quiz_draft(draft, by=None)
        with pytest.raises(authoring.CannotMove, match="discarded this"):
            move.run(gone, {"token": gone.edit_token}, make_user(), LATER)


class TestPublishing:
    def test_offers_the_new_version(self, pia, draft, client):
        save(pia, draft, title="Basics anew")
        confirm(pia, draft, "publish")
        assert "Basics anew" in client.get("/quizzes/basics/").content.decode()

    def test_refuses_a_quiz_whose_question_is_suspect(self, pia, draft):
        her2 = Article.objects.get(slug="her2")
        publishing.withdraw(her2, by=None, at=LATER, reason="Old.")
        page = text(confirm(pia, draft, "publish"))
        assert "The question “basics-1” cannot be asked" in page
        draft.refresh_from_db()
        assert draft.status == VersionStatus.DRAFT

    def test_is_not_for_authors(self, ana, draft):
        assert ana.post(address(draft, "publish"), {"token": 1}).status_code == 403


class TestClosing:
    def test_offers_the_quiz_no_longer(self, pia, client):
        quiz = make_quiz()
        confirm(pia, quiz, "close")
        assert client.get("/quizzes/basics/").status_code in (404, 410)
        assert "Closed" in text(pia.get(address(quiz)))

    def test_twice_says_so(self, pia):
        quiz = make_quiz()
        confirm(pia, quiz, "close")
        assert "This quiz is closed." in text(pia.post(address(quiz, "close")))

    def test_does_nothing_when_it_is_only_looked_at(self, pia):
        quiz = make_quiz()
        pia.get(address(quiz, "close"))
        assert Quiz.objects.filter(closed_at=None).exists()


class TestThePurpose:
    @pytest.mark.parametrize("group", ["Author", "Publisher"])
    def test_of_a_quiz_that_learners_know_stays(self, group):
        quiz = make_quiz()
        someone = staff_client(make_user("x@example.org", groups=[group]))
        changes = {"purpose": "section_check", "passage_key": "what-is-her2"}
        save(someone, quiz, article=Article.objects.get().pk, **changes)
        quiz.refresh_from_db()
        assert (quiz.purpose, quiz.passage_key) == ("self_check", "")

    def test_of_one_that_nobody_knows_yet_may_change(self, ana):
        quiz = make_quiz(publish=False)
        save(ana, quiz, purpose="test")
        quiz.refresh_from_db()
        assert quiz.purpose == "test"


class TestThePageOfAQuiz:
    def test_is_chosen_by_publishers(self, pia):
        quiz = make_quiz()
        save(pia, quiz, article=Article.objects.get().pk)
        quiz.refresh_from_db()
        assert quiz.article.slug == "her2"

    def test_is_chosen_by_authors_until_it_is_published(self, ana):
        quiz = make_quiz(publish=False)
        save(ana, quiz, article=Article.objects.get().pk)
        quiz.refresh_from_db()
        assert quiz.article.slug == "her2"

    def test_is_not_chosen_by_authors_after_that(self, ana):
        quiz = make_quiz()
        save(ana, quiz, article=Article.objects.get().pk)
        quiz.refresh_from_db()
        assert quiz.article is None

    def test_of_a_section_check_may_not_be_left_out(self, pia):
        check = make_check()
        page = text(save(pia, check, article="", passage_key=""))
        assert "A section check needs a page and a section" in page

    def test_of_a_section_check_may_be_no_section_that_has_one(self, pia):
        make_article("heart")
        make_check(passage="heart#what-is-her2")
        check = make_check()
        heart = Article.objects.get(slug="heart").pk
        page = text(save(pia, check, article=heart))
        assert "This section already has a question." in page


class TestAnAddress:
    def test_that_learners_know_stays(self, pia):
        quiz = make_quiz()
        page = text(save(pia, quiz, slug="other"))
        assert "Learners have this address already, so it stays." in page

    def test_that_nobody_knows_yet_may_change(self, pia):
        quiz = make_quiz(publish=False)
        save(pia, quiz, slug="other")
        quiz.refresh_from_db()
        assert quiz.slug == "other"
