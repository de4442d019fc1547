"""Questions in the admin: their list, their drafts, and what a changed passage asks for."""

import datetime as dt

import pytest
from django.urls import reverse

from articles import publishing
from articles.models import Article, Reference
from articles.tests.desk_forms import (
    address,
    confirm,
    fields_of,
    open_form,
    said,
    save,
    staff_client,
    text,
)
from articles.tests.factories import (
    AT,
    BODY,
    make_article,
    make_reference,
    make_user,
    make_version,
)
from quizzes import authoring
from quizzes.models import (
    Basis,
    EditKind,
    Question,
    QuestionVersion,
    Tag,
    VersionStatus,
)
from quizzes.tests.corrections import correct
from quizzes.tests.factories import (
    LATER,
    NEW_BODY,
    PASSAGE,
    SENTENCES,
    SINGLE,
    edit_question,
    make_misconception,
    make_question,
    retract,
    write_question,
)

pytestmark = pytest.mark.django_db
LIST = "/admin/quizzes/question/"
FORM = "questionversion_form"


@pytest.fixture
def ana():
    return staff_client(make_user("ana@example.org", name="Ana", groups=["Author"]))


@pytest.fixture
def pia():
    return staff_client(make_user("pia@example.org", name="Pia", groups=["Publisher"]))


@pytest.fixture
def ben():
    return make_user("ben@example.org", name="Ben", groups=["Author"])


def change_passage():
    make_version(
        Article.objects.get(slug="her2"),
        passages={"what-is-her2": NEW_BODY},
        at=LATER,
    )


def draft_of(question, **content):
    draft = authoring.start_question_draft(question, by=None, at=LATER)
    return write_question(draft, **{"change_kind": EditKind.CLARITY, **content})


class TestTheListOfQuestions:
    def test_says_where_each_stands(self, ana):
        make_question("sound", stem="A sound one?")
        make_question("in-draft", stem="A draft?", publish=False)
        retired = make_question("retired", stem="A retired one?")
        authoring.retire_question(retired, by=None, at=AT, reason="Out of date.")
        page = text(ana.get(LIST))
        assert "A sound one?" in page
        assert "In use</td>" in page
        assert "Draft</td>" in page
        assert "Retired</td>" in page
        assert "one answer" in page
        assert "About her2</td>" in page

    def test_says_which_are_suspect(self, ana):
        make_question()
        assert "Yes – its passage changed" not in text(ana.get(LIST))
        change_passage()
        assert "Yes – its passage changed" in text(ana.get(LIST))

    def test_and_their_pages_do_not_say_that_a_suspect_one_is_in_use(self, ana):
        question = make_question()
        assert "<strong>In use.</strong>" in text(ana.get(address(question)))
        change_passage()
        for page in (text(ana.get(LIST)), text(ana.get(address(question)))):
            assert "Not asked now" in page
            assert "n use" not in page.partition("Versions")[0].partition("<h1>")[2]
        assert "Published, not asked now" in text(ana.get(address(question)))

    def test_says_when_a_source_or_the_passage_is_gone(self, ana):
        make_question()
        retract()
        assert "Yes – a source no longer holds" in text(ana.get(LIST))
        her2 = Article.objects.get(slug="her2")
        publishing.withdraw(her2, by=None, at=LATER, reason="Old.")
        gone = "its passage is not on the site and a source no longer holds"
        assert gone in text(ana.get(LIST))

    @pytest.mark.parametrize(
        ("suspect", "shown", "hidden"),
        [("yes", "A suspect one?", "A sound one?"), ("no", "A sound one?", "A susp")],
    )
    def test_can_be_limited_to_suspect_ones(self, ana, suspect, shown, hidden):
        make_question("sound", stem="A sound one?", passage="other#what-is-her2")
        make_question("suspect", stem="A suspect one?")
        change_passage()
        page = text(ana.get(LIST, {"suspect": suspect}))
        assert shown in page
        assert hidden not in page

    def test_can_be_limited_to_a_tag(self, ana):
        tag = Tag.objects.create(name="heart")
        make_question("one", stem="About the heart?").tags.add(tag)
        make_question("two", stem="About the lung?")
        page = text(ana.get(LIST, {"tags__id__exact": tag.pk}))
        assert "About the heart?" in page
        assert "About the lung?" not in page

    def test_costs_the_same_for_one_question_and_for_twenty(
        self, ana, django_assert_max_num_queries
    ):
        make_question()
        ana.get(LIST)
        for _ in range(20):
            make_question()
        with django_assert_max_num_queries(12):
            ana.get(LIST)

    def test_finds_a_question_by_its_words(self, ana):
        make_question("one", stem="About the heart?")
        make_question("two", stem="About the lung?")
        page = text(ana.get(LIST, {"q": "heart"}))
        assert "About the heart?" in page
        assert "About the lung?" not in page


class TestANewQuestion:
    def test_opens_its_first_draft_at_once(self, ana):
        response = ana.post(f"{LIST}add/", {"slug": "new-one"})
        draft = QuestionVersion.objects.get(question__slug="new-one")
        assert response.url == address(draft)
        assert draft.edited_by.email == "ana@example.org"

    def test_is_written_and_published_in_the_admin_alone(self, pia):
        make_article()
        pia.post(f"{LIST}add/", {"slug": "new-one"})
        draft = QuestionVersion.objects.get(question__slug="new-one")
        belief = make_misconception()
        article = Article.objects.get()
        save(
            pia,
            draft,
            kind="true_false",
            stem="HER2 is a virus.",
            references=[Reference.objects.get().pk],
            **{
                "options-TOTAL_FORMS": "2",
                "options-0-text": "True",
                "options-0-explanation": "It is a protein.",
                "options-0-misconception": belief.pk,
                "options-1-text": "False",
                "options-1-is_right": "on",
                "options-1-explanation": "It is a protein, so this is right.",
                "basis-0-passage": f"{article.pk}#what-is-her2",
            },
        )
        assert [o.text for o in draft.options.all()] == ["True", "False"]
        refused = confirm(pia, draft, "publish")
        assert "Ask a colleague to check and publish it" in text(refused)
        response = confirm(pia, draft, "publish", override_reason="Nobody is here.")
        assert response.url == address(draft.question)
        assert Question.objects.askable(LATER).filter(slug="new-one").exists()


class TestADraft:
    def test_names_what_is_to_mend(self, ana):
        draft = draft_of(make_question(), explanation="", options={"One": True})
        page = text(ana.get(address(draft)))
        assert "A question needs at least two options." in page
        assert "The option “One” has no explanation." in page

    def test_offers_live_passages_by_heading_under_their_page(self, ana):
        make_article("heart", title="Heart checks")
        page = text(ana.get(address(draft_of(make_question()))))
        assert '<optgroup label="Heart checks">' in page
        assert '<optgroup label="About her2">' in page
        assert ">What is her2</option>" in page

    def test_keeps_a_passage_that_has_left_the_site(self, ana):
        draft = draft_of(make_question())
        publishing.withdraw(
            Article.objects.get(slug="her2"), by=None, at=LATER, reason="Old."
        )
        _, fields = open_form(ana, draft)
        assert fields["basis-0-passage"].endswith("#what-is-her2")
        assert "Not on the site: About her2#what-is-her2" in text(
            ana.get(address(draft))
        )
        assert save(ana, draft, stem="Still?").status_code == 302

    def test_refuses_a_passage_that_was_never_offered(self, ana):
        draft = draft_of(make_question())
        response = save(ana, draft, **{"basis-0-passage": "1#made-up"})
        assert response.status_code == 200
        assert Basis.objects.get(version=draft).passage_key == "what-is-her2"

    def test_can_be_thrown_away(self, ana):
        draft = draft_of(make_question())
        response = confirm(ana, draft, "discard")
        assert response.url == address(draft.question)
        assert not QuestionVersion.objects.filter(pk=draft.pk).exists()
        assert Question.objects.askable(LATER).count() == 1

    @pytest.mark.parametrize("pk", ["x", "٣", "9" * 30, "9" * 5000, "1.5", "-1"])
    @pytest.mark.parametrize("field", ["references", "options-0-misconception"])
    def test_refuses_a_choice_that_is_none(self, ana, field, pk):
        draft = draft_of(make_question())
        response = save(ana, draft, stem="Forged?", **{field: pk})
        assert response.status_code == 200
        assert "Select a valid choice." in text(response)
        draft.refresh_from_db()
        assert draft.stem != "Forged?"

    def test_that_somebody_has_just_written_is_not_thrown_away(self, ana, ben):
        draft = draft_of(make_question())
        url = address(draft, "discard")
        seen = fields_of(ana.get(url))
        write_question(draft, by=ben, stem="Hours of work?")
        assert "Somebody changed, published" in text(ana.post(url, seen))
        draft.refresh_from_db()
        assert draft.stem == "Hours of work?"

    def test_that_was_thrown_away_shows_the_text_for_copying(self, ana):
        draft = draft_of(make_question())
        url, fields = open_form(ana, draft)
        authoring.discard_question_draft(draft, by=None)
        response = ana.post(url, {**fields, "stem": "Ana's question?"})
        assert response.status_code == 409
        assert "Ana&#x27;s question?" in text(response)

    def test_that_is_published_cannot_be_edited_or_deleted(self, ana):
        version = make_question().versions.get()
        page = ana.get(address(version))
        assert "stem" not in fields_of(page, FORM)
        assert "This version can be read, not edited." in text(page)
        assert ana.post(address(version, "delete"), {"post": "y"}).status_code == 403
        assert ana.post(address(version), {"stem": "Forged"}).status_code == 409
        posted = ana.post(address(version, "discard"), {"token": version.edit_token})
        assert "This version is published already." in text(posted)


class TestAStaleSave:
    """Ana has the form open while Ben saves."""

    @pytest.fixture
    def draft(self):
        return draft_of(make_question(stem="As it was?"))

    def test_stores_nothing_and_shows_both_texts(self, ana, ben, draft):
        url, fields = open_form(ana, draft)
        write_question(draft, by=ben, stem="Ben's question?")
        response = ana.post(url, {**fields, "stem": "Ana's question?"})
        assert "Ben saved this draft" in text(response)
        assert "Ben&#x27;s question?" in text(response)
        assert fields_of(response, FORM)["stem"] == "Ana's question?"
        draft.refresh_from_db()
        assert draft.stem == "Ben's question?"

    def test_saved_again_keeps_the_text_on_purpose(self, ana, ben, draft):
        url, fields = open_form(ana, draft)
        write_question(draft, by=ben, stem="Ben's question?")
        shown = ana.post(url, {**fields, "stem": "Ana's question?"})
        ana.post(url, {**fields_of(shown, FORM), "_continue": "1"})
        draft.refresh_from_db()
        assert draft.stem == "Ana's question?"

    def test_brings_back_options_that_the_other_replaced(self, ana, ben, draft):
        url, fields = open_form(ana, draft)
        write_question(draft, by=ben, options={"Bens right": True, "Bens": False})
        shown = ana.post(url, {**fields, "options-0-text": "Anas right"})
        assert "Ben removed this while you were writing." in text(shown)
        assert "Ben added this while you were writing." in text(shown)
        ana.post(url, {**fields_of(shown, FORM), "_continue": "1"})
        texts = {option.text for option in draft.options.all()}
        assert {"Anas right", "Bens right", "Bens"} <= texts

    def test_shows_another_passage_beside_the_field(self, ana, ben, draft):
        make_article("heart", title="Heart checks")
        url, fields = open_form(ana, draft)
        write_question(draft, by=ben, passage="heart#what-is-her2")
        del fields["base"]
        shown = ana.post(url, fields)
        assert "Stored by Ben" in text(shown)
        assert fields_of(shown, FORM)["basis-0-passage"] == fields["basis-0-passage"]

    def test_after_publication_shows_the_text_for_copying(self, ana, draft):
        url, fields = open_form(ana, draft)
        authoring.publish_question(draft, by=None, at=LATER)
        response = ana.post(url, {**fields, "stem": "Ana's question?"})
        assert response.status_code == 409
        assert "Ana&#x27;s question?" in text(response)


class TestPublishing:
    def test_refuses_with_sentences(self, pia):
        draft = draft_of(make_question(), explanation="", options={"One": True})
        response = confirm(pia, draft, "publish")
        page = text(response)
        assert "This cannot be done yet" in page
        assert "The option “One” has no explanation." in page
        draft.refresh_from_db()
        assert draft.status == VersionStatus.DRAFT

    def test_refuses_what_was_saved_after_it_was_shown(self, pia):
        draft = draft_of(make_question())
        url = address(draft, "publish")
        seen = fields_of(pia.get(url))
        write_question(draft, stem="Not what was read?")
        assert "Somebody changed, published" in text(pia.post(url, seen))
        draft.refresh_from_db()
        assert draft.status == VersionStatus.DRAFT

    def test_is_not_for_authors(self, ana):
        draft = draft_of(make_question())
        assert ana.get(address(draft, "publish")).status_code == 403
        assert ana.post(address(draft, "publish"), {"token": 1}).status_code == 403


class TestAcceptingAPassage:
    def test_shows_the_old_and_the_new_wording(self, pia):
        question = make_question()
        change_passage()
        page = text(pia.get(address(question, "accept")))
        assert "HER2 is a <del>protein</del> on the surface of cells" in page
        assert "HER2 is a <ins>receptor</ins> on the surface of cells" in page

    def test_has_the_other_ways_out_at_hand(self, pia):
        question = make_question()
        change_passage()
        page = text(pia.get(address(question, "accept")))
        for move in ("start-draft", "retire", "correct"):
            assert address(question, move) in page

    def test_of_other_sentences_is_refused_where_these_are_the_answers(self, pia):
        question = make_question(kind="sentence")
        article = Article.objects.get(slug="sentences")
        body = f"First of all [@slamon2001]. {SENTENCES}"
        make_version(article, passages={"read-it": body}, at=LATER)
        page = text(confirm(pia, question, "accept"))
        assert "Its answers are the sentences of the passage" in page
        assert not Question.objects.askable(LATER).exists()

    def test_brings_the_question_back(self, pia):
        question = make_question()
        change_passage()
        assert not Question.objects.askable(LATER).exists()
        confirm(pia, question, "accept")
        assert Question.objects.askable(LATER).get() == question

    def test_of_a_wording_that_changed_again_is_refused(self, pia):
        question = make_question()
        change_passage()
        url = address(question, "accept")
        seen = fields_of(pia.get(url))
        make_version(
            Article.objects.get(slug="her2"),
            passages={"what-is-her2": "Something else [@slamon2001]."},
            at=LATER.replace(day=20),
        )
        assert "Somebody changed, published" in text(pia.post(url, seen))

    def test_that_did_not_change_is_not_offered(self, pia):
        page = pia.get(address(make_question(), "accept"))
        assert "was checked against the passage as it reads now" in text(page)
        assert fields_of(page) == {}

    def test_says_on_the_question_why_nobody_is_asked_it(self, pia):
        question = make_question()
        change_passage()
        page = text(pia.get(address(question)))
        assert "Nobody is asked this question now" in page
        assert "has changed since the question was checked." in page

    def test_names_a_source_that_no_longer_holds(self, pia):
        question = make_question()
        since = {"status_note": "The Journal, 2026.", "status_on": "2026-03-05"}
        save(pia, Reference.objects.get(), status="retracted", **since)
        assert "The source slamon2001 is retracted." in text(pia.get(address(question)))


class TestAcceptingWhatIsToldOfASource:
    """The journal corrected it; the passage stayed as it was."""

    def correct_it(self, status="corrected"):
        retract(status=status, at=LATER)
        newer = make_reference("newer2020")
        told = {"status_on": dt.date(2026, 3, 5), "superseded_by": newer}
        Reference.objects.filter(key="slamon2001").update(**told)

    def test_shows_what_is_told_of_it(self, pia):
        question = make_question()
        csl = {"title": "A trial", "DOI": "10.1000/ours"}
        Reference.objects.update(csl=csl)
        self.correct_it()
        page = text(pia.get(address(question, "accept")))
        assert "<strong>corrected (5 March 2026)</strong>. The Journal, 2026." in page
        assert "Newer: @newer2020." in page
        assert 'href="https://doi.org/10.1000/ours"' in page
        assert address(Reference.objects.get(key="slamon2001")) in page
        assert page.count("HER2 is a protein on the surface") == 1
        assert "unchanged since the question was checked" in page
        assert "As it was checked" not in page

    @pytest.mark.parametrize("status", ["corrected", "superseded"])
    def test_brings_the_question_back(self, pia, status):
        question = make_question()
        self.correct_it(status)
        assert not Question.objects.askable(LATER).exists()
        confirm(pia, question, "accept")
        assert Question.objects.askable(LATER).get() == question

    def test_is_refused_when_it_is_told_after_the_screen_was_shown(self, pia):
        question = make_question()
        change_passage()
        url = address(question, "accept")
        seen = fields_of(pia.get(url))
        self.correct_it()
        response = pia.post(url, seen)
        assert "was not shown yet" in text(response)
        assert not Question.objects.askable(LATER).exists()
        pia.post(url, fields_of(response))
        assert Question.objects.askable(LATER).exists()

    @pytest.mark.parametrize("status", ["retracted", "withdrawn"])
    def test_is_not_offered_where_no_check_makes_up_for_it(self, pia, status):
        question = make_question()
        self.correct_it(status)
        page = pia.get(address(question, "accept"))
        assert f"slamon2001 is {status}. No check makes up for that." in text(page)
        assert fields_of(page) == {}
        assert address(question, "accept") not in text(pia.get(address(question)))

    def test_publishes_a_new_version_by_who_saw_it(self, pia):
        draft = draft_of(make_question())
        self.correct_it()
        page = text(pia.get(address(draft, "publish")))
        assert "<strong>corrected (5 March 2026)</strong>. The Journal, 2026." in page
        confirm(pia, draft, "publish")
        draft.refresh_from_db()
        assert draft.status == VersionStatus.PUBLISHED
        assert Question.objects.askable(LATER).exists()

    def test_publishes_no_version_when_it_is_told_meanwhile(self, pia):
        draft = draft_of(make_question())
        url = address(draft, "publish")
        seen = fields_of(pia.get(url))
        self.correct_it()
        assert "was not shown yet" in text(pia.post(url, seen))
        draft.refresh_from_db()
        assert draft.status == VersionStatus.DRAFT


class TestAcceptingSeveral:
    """Passages change in two versions: one says that only the wording changed."""

    WORDS, CONTENT = {"change_kind": "editorial"}, {"change_kind": "material"}

    def change(self, *, body=NEW_BODY, at=LATER, **fields):
        her2 = Article.objects.get(slug="her2")
        make_version(her2, passages={"what-is-her2": body}, at=at, **fields)

    def choose(self, client, *questions):
        chosen = [question.pk for question in questions]
        data = {"action": "accept_wording", "_selected_action": chosen}
        return client.post(LIST, data)

    def accept(self, client, *questions):
        """Choose them in the list and press the button of the screen that follows."""
        return client.post(LIST, fields_of(self.choose(client, *questions)))

    def test_shows_the_changed_words_first(self, pia):
        question = make_question(stem="What is HER2?")
        self.change(**self.WORDS)
        page = text(self.choose(pia, question))
        assert "What is HER2?" in page
        assert "HER2 is a <del>protein</del><ins>receptor</ins>" in page
        assert not Question.objects.askable(LATER).exists()

    def test_brings_them_all_back(self, pia):
        questions = [make_question("one"), make_question("two")]
        self.change(**self.WORDS)
        response = self.accept(pia, *questions)
        assert said(response) == ["2 of 2 questions are checked now."]
        assert Question.objects.askable(LATER).count() == 2

    def test_leaves_out_what_changed_in_content(self, pia):
        question = make_question()
        self.change(**self.CONTENT)
        page = text(self.choose(pia, question))
        assert "Version 2 of its page was not only about wording" in page
        assert "None of the chosen questions can be accepted together" in page

    def test_leaves_out_what_changed_in_content_before_a_change_of_words(self, pia):
        question = make_question()
        self.change(**self.CONTENT)
        last = LATER.replace(hour=23)
        self.change(body=f"{NEW_BODY} So [@slamon2001].", at=last, **self.WORDS)
        page = text(self.choose(pia, question))
        assert "Version 2 of its page was not only about wording" in page

    def test_minds_no_change_of_content_elsewhere_on_the_page(self, pia):
        question = make_question()
        passages = {"what-is-her2": BODY, "more": BODY}
        her2 = Article.objects.get(slug="her2")
        make_version(her2, passages=passages, at=LATER, **self.CONTENT)
        self.change(at=LATER.replace(hour=23), **self.WORDS)
        self.accept(pia, question)
        assert Question.objects.askable(LATER.replace(hour=23)).exists()

    @pytest.mark.parametrize("status", ["retracted", "corrected"])
    def test_leaves_out_what_has_a_doubtful_source(self, pia, status):
        question = make_question()
        self.change(**self.WORDS)
        retract(status=status)
        page = text(self.choose(pia, question))
        assert f"The source slamon2001 is {status}." in page

    def test_leaves_out_what_has_no_passage(self, pia):
        question = make_question()
        her2 = Article.objects.get(slug="her2")
        publishing.withdraw(her2, by=None, at=LATER, reason="Old.")
        page = text(self.choose(pia, question))
        assert "The passage it rests on is not on the site." in page

    def test_leaves_out_what_did_not_change(self, pia):
        page = text(self.choose(pia, make_question()))
        assert "Its passage has not changed since it was checked." in page

    def test_leaves_out_other_sentences_where_these_are_the_answers(self, pia):
        question = make_question(kind="sentence")
        article = Article.objects.get(slug="sentences")
        body = f"First of all [@slamon2001]. {SENTENCES}"
        make_version(article, passages={"read-it": body}, at=LATER, **self.WORDS)
        page = text(self.choose(pia, question))
        assert "Its answers are the sentences of the passage" in page

    def test_leaves_out_what_nobody_is_asked(self, pia):
        draft, retired = make_question("draft", publish=False), make_question("retired")
        authoring.retire_question(retired, by=None, at=AT, reason="Old.")
        page = text(self.choose(pia, draft, retired))
        assert page.count("Nobody is asked it, so there is nothing to check.") == 2

    def test_accepts_the_others_when_one_is_left_out(self, pia):
        one, other = make_question("one"), make_question("other", publish=False)
        self.change(**self.WORDS)
        response = self.accept(pia, one, other)
        assert said(response) == ["1 of 2 questions are checked now."]

    def test_accepts_no_wording_that_was_not_shown(self, pia):
        question = make_question()
        self.change(**self.WORDS)
        shown = fields_of(self.choose(pia, question))
        last = LATER.replace(hour=23)
        self.change(body=f"{NEW_BODY} So [@slamon2001].", at=last, **self.WORDS)
        assert said(pia.post(LIST, shown)) == ["0 of 1 questions are checked now."]
        assert not Question.objects.askable(last).exists()

    def test_is_not_for_authors(self, ana):
        question = make_question()
        self.change(**self.WORDS)
        self.choose(ana, question)
        ana.post(
            LIST,
            {
                "action": "accept_wording",
                "_selected_action": question.pk,
                "confirmed": "1",
            },
        )
        assert not Question.objects.askable(LATER).exists()


class TestThePageOfAPublishedVersion:
    def page(self, client, version):
        version.refresh_from_db()
        return text(client.get(address(version)))

    @pytest.mark.parametrize(
        ("content", "shown"),
        [
            ({"stem": "What then about it?"}, "What<ins> then</ins> about it?"),
            ({"why": "It is so."}, "Explanation<ins> It is so.</ins>"),
            (
                {"options": {"A protein": False, "A virus": True}},
                "Right answer A <del>protein</del><ins>virus</ins>",
            ),
            (
                {"options": SINGLE, "explanation": "So it is."},
                "A protein – <del>Because",
            ),
            ({"passage": "heart#what-is-her2"}, "<del>her2</del><ins>heart</ins>"),
            ({"references": ["other2002"]}, "<del>slamon2001</del><ins>other2002"),
            (
                {"audience": "professional"},
                "<del>patients</del><ins>students</ins> and",
            ),
        ],
        ids=[
            "question",
            "explanation",
            "key",
            "option",
            "passage",
            "source",
            "audience",
        ],
    )
    def test_shows_what_changed(self, ana, content, shown):
        assert shown in self.page(ana, edit_question(make_question("it"), **content))

    def test_shows_what_changed_since_the_version_before_it(self, ana):
        question = make_question(stem="The first?")
        second = edit_question(question, stem="The second?")
        third = edit_question(question, stem="The third?", at=LATER.replace(hour=23))
        assert "What changed since version 2" in self.page(ana, third)
        assert "<del>second</del><ins>third</ins>" in self.page(ana, third)
        assert "<del>first</del><ins>second</ins>" in self.page(ana, second)

    def test_of_the_first_says_so(self, ana):
        assert "It is the first version." in self.page(
            ana, make_question().versions.get()
        )

    def test_says_who_wrote_and_published_it_and_why(self, ana, ben):
        question = make_question()
        draft = draft_of(question, by=ben, change_note="Said it better.")
        pia = make_user("pia@example.org", name="Pia")
        authoring.publish_question(draft, by=pia, at=LATER)
        page = self.page(ana, draft)
        assert "Clearer words, same meaning.</strong> Said it better." in page
        assert "Written by Ben. Published by Pia" in page
        assert "Clearer words, same meaning: Said it better." in text(
            ana.get(address(question))
        )

    def test_says_why_nobody_else_checked_it(self, ana, ben):
        draft = draft_of(make_question(), by=ben)
        authoring.publish_question(
            draft, by=ben, at=LATER, override_reason="Nobody is here."
        )
        assert "without a second person:</strong> Nobody is here." in self.page(
            ana, draft
        )

    def test_names_corrections_of_its_key(self, ana, pia):
        question = make_question()
        correction = correct(question, "A virus")
        version = question.versions.get()
        assert address(correction) in self.page(pia, version)
        assert "Key: a correction applied." in self.page(ana, version)


class TestTags:
    def test_are_put_on_a_question(self, ana):
        question, tag = make_question(), Tag.objects.create(name="heart")
        save(ana, question, tags=[tag.pk])
        assert list(question.tags.all()) == [tag]

    def test_are_found_by_their_beginning(self, ana):
        Tag.objects.create(name="heart")
        Tag.objects.create(name="lung")
        asked = {
            "app_label": "quizzes",
            "model_name": "question",
            "field_name": "tags",
            "term": "hea",
        }
        found = ana.get("/admin/autocomplete/", asked).json()["results"]
        assert [line["text"] for line in found] == ["heart"]


class TestRetiring:
    def test_needs_a_reason_and_stops_the_question(self, pia):
        question = make_question()
        assert "Say why the question is retired." in text(
            confirm(pia, question, "retire")
        )
        response = confirm(pia, question, "retire", reason="Out of date.")
        assert said(response) == ["Retired. Nobody is asked it any more."]
        assert not Question.objects.askable(LATER).exists()
        assert "Retired: Out of date." in text(pia.get(address(question)))

    def test_is_not_for_authors(self, ana):
        question = make_question()
        posted = ana.post(address(question, "retire"), {"reason": "Old."})
        assert posted.status_code == 403


class TestWrongAddresses:
    @pytest.mark.parametrize("move", ["start-draft", "accept", "retire"])
    def test_are_not_found(self, pia, move):
        url = reverse(f"admin:quizzes_question_{move}", args=[404])
        assert pia.get(url).status_code == 404


class TestAReference:
    def test_names_the_questions_that_use_it(self, pia):
        make_question(stem="Where does HER2 sit?", passage=PASSAGE)
        page = text(pia.get(address(Reference.objects.get())))
        assert "Where does HER2 sit?" in page
