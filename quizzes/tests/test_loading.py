"""Questions and quizzes from files: complete, safe to repeat, and faults by file and line."""

import re

import pytest
from django.conf import settings

from articles.files import FaultyContent
from articles.loading import load_articles
from articles.tests.factories import (
    AT,
    BODY,
    make_article,
    make_reference,
    make_version,
)
from quizzes import authoring
from quizzes.loading import load_quizzes
from quizzes.models import (
    Attempt,
    Kind,
    Misconception,
    Option,
    Question,
    QuestionVersion,
    Quiz,
    QuizVersion,
)
from quizzes.tests.factories import LATER, NEW_BODY, live_version, retract

pytestmark = pytest.mark.django_db

MISCONCEPTIONS = """\
[[misconception]]
slug = "her2-is-a-virus"
name = "HER2 is a virus"
belief = "HER2 is a germ."
correction = "HER2 is a protein."
"""
QUIZ = """\
title = "HER2 basics"
slug = "her2-basics"
article = "her2"
intro = "Two questions."
minutes = 2

[[question]]
id = "what-her2-is"
type = "single"
stem = "What is HER2?"
passage = "her2#what-is-her2"
references = ["slamon2001"]
section_check = true

[[question.option]]
text = "A protein"
right = true
explanation = "Yes."

[[question.option]]
text = "A virus"
explanation = "No germ is involved."
misconception = "her2-is-a-virus"

[[question]]
id = "her2-is-a-protein"
type = "true_false"
stem = "HER2 is a protein."
passage = "her2#what-is-her2"
references = ["slamon2001"]

[[question.option]]
text = "True"
right = true
explanation = "Yes."

[[question.option]]
text = "False"
explanation = "It is."
misconception = "her2-is-a-virus"
"""


@pytest.fixture
def folder(tmp_path):
    make_article()
    write(tmp_path, "misconceptions/basics.toml", MISCONCEPTIONS)
    write(tmp_path, "quizzes/basics.toml", QUIZ)
    return tmp_path


def write(folder, name, text):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")


def change(folder, old, new, name="quizzes/basics.toml"):
    """Put other words into a file. Only the first place counts."""
    text = (folder / name).read_text(encoding="utf-8")
    assert old in text
    write(folder, name, text.replace(old, new, 1))


def load(folder, *, at=AT):
    return load_quizzes(folder, by=None, at=at)


def faults(folder):
    with pytest.raises(FaultyContent) as refused:
        load(folder)
    return refused.value.faults


def counts():
    tables = (Misconception, Question, QuestionVersion, Option, Quiz, QuizVersion)
    return [table.objects.count() for table in tables]


class TestLoading:
    def test_makes_questions_that_can_be_asked(self, folder):
        report = load(folder)
        assert report.made == [
            "misconception her2-is-a-virus",
            "question what-her2-is",
            "section check what-her2-is",
            "question her2-is-a-protein",
            "quiz her2-basics",
        ]
        assert report.unchanged == []
        assert Question.objects.askable(AT).count() == 2

    def test_makes_a_quiz_in_the_order_of_the_file(self, folder):
        load(folder)
        version = Quiz.objects.get(slug="her2-basics").versions.current().get()
        assert (version.title, version.intro, version.minutes) == (
            "HER2 basics",
            "Two questions.",
            2,
        )
        asked = [slot.question.slug for slot in version.slots.all()]
        assert asked == ["what-her2-is", "her2-is-a-protein"]

    def test_ties_wrong_options_to_misconceptions(self, folder):
        load(folder)
        (wrong,) = live_version(Question.objects.first()).options.filter(is_right=False)
        assert wrong.misconception.slug == "her2-is-a-virus"

    def test_puts_the_check_at_the_end_of_its_section(self, folder):
        load(folder)
        check = Quiz.objects.get(slug="check-what-her2-is")
        assert (check.purpose, check.article.slug, check.passage_key) == (
            "section_check",
            "her2",
            "what-is-her2",
        )

    def test_of_an_empty_folder_makes_nothing(self, tmp_path):
        assert load(tmp_path).made == []


class TestLoadingAgain:
    def test_changes_nothing(self, folder):
        load(folder)
        before = counts()
        report = load(folder, at=LATER)
        assert report.made == []
        assert len(report.unchanged) == 5
        assert counts() == before

    def test_with_a_changed_question_publishes_a_new_version(self, folder):
        load(folder)
        change(folder, "What is HER2?", "What do we call HER2?")
        assert load(folder, at=LATER).made == ["question what-her2-is"]
        version = live_version(Question.objects.get(slug="what-her2-is"))
        assert (version.number, version.stem, version.change_kind) == (
            2,
            "What do we call HER2?",
            "meaning",
        )

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ('title = "HER2 basics"', 'title = "First steps"'),
            ("minutes = 2", "minutes = 3"),
        ],
    )
    def test_with_a_changed_quiz_publishes_a_new_version(self, folder, old, new):
        load(folder)
        change(folder, old, new)
        assert load(folder, at=LATER).made == ["quiz her2-basics"]

    def test_with_a_question_taken_out_publishes_the_quiz_without_it(self, folder):
        load(folder)
        text = QUIZ[: QUIZ.index('[[question]]\nid = "her2-is-a-protein"')]
        write(folder, "quizzes/basics.toml", text)
        assert load(folder, at=LATER).made == ["quiz her2-basics"]

    def test_with_a_changed_misconception_stores_it(self, folder):
        load(folder)
        change(folder, "a germ", "a small germ", "misconceptions/basics.toml")
        report = load(folder, at=LATER)
        assert report.made == ["misconception her2-is-a-virus"]
        assert Misconception.objects.get().belief == "HER2 is a small germ."

    def test_after_a_passage_changed_accepts_its_new_words(self, folder):
        load(folder)
        article = Quiz.objects.first().article
        make_version(article, passages={"what-is-her2": NEW_BODY}, at=LATER)
        assert load(folder, at=LATER).made == [
            "question what-her2-is",
            "question her2-is-a-protein",
        ]
        assert Question.objects.askable(LATER).count() == 2
        assert load(folder, at=LATER).made == []

    @pytest.mark.parametrize("status", ["corrected", "retracted"])
    def test_after_a_source_changed_leaves_its_questions_to_a_person(
        self, folder, status
    ):
        load(folder)
        retract(status=status)
        assert load(folder, at=LATER).made == []
        assert not Question.objects.askable(LATER).exists()

    @pytest.mark.parametrize(
        ("status", "sentence"),
        [
            (
                "corrected",
                "The source slamon2001 is corrected. Make this change in the",
            ),
            ("retracted", "The source slamon2001 is retracted."),
        ],
    )
    def test_with_a_changed_question_on_such_a_source_is_refused(
        self, folder, status, sentence
    ):
        load(folder)
        retract(status=status)
        change(folder, "What is HER2?", "What do we call HER2?")
        before = counts()
        (fault,) = faults(folder)
        assert sentence in fault
        assert counts() == before

    def test_leaves_attempts_alone(self, folder):
        load(folder)
        load(folder, at=LATER)
        assert not Attempt.objects.exists()


class TestAFault:
    """Each names the file and the line, and nothing at all is stored."""

    @pytest.mark.parametrize(
        ("old", "new", "fault"),
        [
            (
                'title = "HER2 basics"',
                "title = HER2",
                "basics.toml, line 1: Invalid value (at line 1, column 9)",
            ),
            (
                'slug = "her2-basics"\n',
                "",
                "basics.toml, line 1: “title” needs slug (str).",
            ),
            (
                'slug = "her2-basics"',
                'slug = "her2 basics"',
                "basics.toml, line 2: Enter a valid “slug” consisting of letters, "
                "numbers, underscores or hyphens.",
            ),
            (
                'title = "HER2 basics"\n',
                "",
                "basics.toml, line 1: “her2-basics” needs title (str).",
            ),
            (
                'title = "HER2 basics"',
                f'title = "{"x" * 121}"',
                "basics.toml, line 2: Ensure this value has at most 120 characters "
                "(it has 121).",
            ),
            (
                "minutes = 2",
                'minutes = "two"',
                "basics.toml, line 2: “her2-basics” needs minutes (int).",
            ),
            (
                'article = "her2"',
                'article = "missing"',
                "basics.toml, line 3: There is no article “missing”.",
            ),
            (
                'id = "what-her2-is"\n',
                "",
                "basics.toml, line 9: “What is HER2?” needs id (str).",
            ),
            (
                'id = "what-her2-is"',
                'id = "what HER2 is"',
                "basics.toml, line 8: Enter a valid “slug” consisting of letters, "
                "numbers, underscores or hyphens.",
            ),
            (
                'type = "single"',
                'type = "essay"',
                "basics.toml, line 8: Value 'essay' is not a valid choice.",
            ),
            (
                'stem = "What is HER2?"\n',
                "",
                "basics.toml, line 8: “what-her2-is” needs stem (str).",
            ),
            (
                'passage = "her2#what-is-her2"',
                'passage = "her2#missing"',
                "basics.toml, line 8: “what-her2-is”: The passage her2#missing is not on "
                "the site, so nobody could be sent to it.",
            ),
            (
                'passage = "her2#what-is-her2"',
                'passage = "missing#what-is-her2"',
                "basics.toml, line 1: There is no article “missing”.",
            ),
            (
                'references = ["slamon2001"]',
                'references = ["slamon2001", "nobody1999"]',
                "basics.toml, line 8: “what-her2-is”: no reference @nobody1999.",
            ),
            (
                'misconception = "her2-is-a-virus"',
                'misconception = "missing"',
                "basics.toml, line 23: “what-her2-is”: there is no misconception "
                "“missing”.",
            ),
            (
                'misconception = "her2-is-a-virus"',
                "",
                "basics.toml, line 8: “what-her2-is”: The wrong option “A virus” names "
                "no misconception.",
            ),
            (
                'explanation = "Yes."\n',
                "",
                "basics.toml, line 8: “what-her2-is”: The option “A protein” has no "
                "explanation.",
            ),
            (
                'text = "A protein"\n',
                "",
                "basics.toml, line 8: “what-her2-is” needs text (str).",
            ),
            (
                'text = "A protein"',
                f'text = "{"x" * 301}"',
                "basics.toml, line 16: Ensure this value has at most 300 characters "
                "(it has 301).",
            ),
            (
                "minutes = 2",
                "minutes = true",
                "basics.toml, line 2: “her2-basics” needs minutes (int).",
            ),
            (
                "minutes = 2",
                "minutes = 40_000",
                "basics.toml, line 2: minutes is a whole number, from 0 to 32,767.",
            ),
            (
                "minutes = 2",
                "minutes = 2\nneeded = inf",
                "basics.toml, line 2: needed is a whole number, from 0 to 32,767.",
            ),
            (
                "right = true",
                'right = "no"',
                "basics.toml, line 8: “what-her2-is” needs right (bool).",
            ),
            (
                'references = ["slamon2001"]',
                "references = [{}]",
                "basics.toml, line 8: “references” is a list of texts.",
            ),
            (
                'type = "single"',
                'type = "single"\ntags = "heart"',
                "basics.toml, line 8: “what-her2-is” needs tags (list).",
            ),
            (
                'type = "single"',
                'type = "single"\ntags = ["two words"]',
                "basics.toml, line 8: Enter a valid “slug” consisting of letters, "
                "numbers, underscores or hyphens.",
            ),
        ],
    )
    def test_in_a_quiz(self, folder, old, new, fault):
        before = counts()
        change(folder, old, new)
        assert faults(folder) == [fault]
        assert counts() == before

    def test_in_options_that_are_no_tables(self, folder):
        start, end = QUIZ.index("[[question.option]]"), QUIZ.rindex("[[question]]")
        text = QUIZ[:start] + 'option = ["A protein"]\n\n' + QUIZ[end:]
        write(folder, "quizzes/basics.toml", text)
        assert faults(folder) == [
            "basics.toml, line 8: “what-her2-is” needs option (list of tables)."
        ]

    def test_in_questions_that_are_no_tables(self, folder):
        text = QUIZ[: QUIZ.index("[[question]]")] + 'question = ["What is HER2?"]\n'
        write(folder, "quizzes/basics.toml", text)
        assert faults(folder) == [
            "basics.toml, line 2: “her2-basics” needs question (list of tables)."
        ]

    def test_in_a_question_names_every_reason(self, folder):
        change(folder, 'explanation = "Yes."\n', "")
        change(folder, 'misconception = "her2-is-a-virus"\n', "")
        assert [fault.split(": ")[0] for fault in faults(folder)] == [
            "basics.toml, line 8"
        ] * 2

    def test_in_two_files_names_both(self, folder):
        second = QUIZ.replace("her2-basics", "second").replace("what-her2-is", "other")
        write(folder, "quizzes/second.toml", second.replace('"her2"', '"missing"'))
        change(folder, 'article = "her2"', 'article = "gone"')
        assert [fault.split(",")[0] for fault in faults(folder)] == [
            "basics.toml",
            "second.toml",
        ]

    def test_in_one_file_stores_nothing_of_the_other(self, folder):
        before = counts()
        write(folder, "quizzes/second.toml", "title =")
        assert len(faults(folder)) == 1
        assert counts() == before

    def test_of_two_checks_in_one_section(self, folder):
        change(
            folder,
            'stem = "HER2 is a protein."',
            'stem = "HER2 is a protein."\nsection_check = true',
        )
        assert faults(folder) == [
            "basics.toml, line 1: This section already has a question."
        ]

    def test_of_a_quiz_whose_question_is_retired(self, folder):
        load(folder)
        question = Question.objects.get(slug="what-her2-is")
        authoring.retire_question(question, by=None, at=AT, reason="Out of date.")
        change(folder, "minutes = 2", "minutes = 3")
        (fault,) = faults(folder)
        assert fault.startswith(
            "basics.toml, line 2: “her2-basics”: The question “what-her2-is” cannot"
        )

    def test_of_a_question_that_staff_are_editing(self, folder):
        load(folder)
        question = Question.objects.get(slug="what-her2-is")
        authoring.start_question_draft(question, by=None, at=AT)
        (fault,) = faults(folder)
        assert fault == (
            "basics.toml, line 8: “what-her2-is”: This question already has a draft. "
            "Edit that one."
        )

    def test_of_a_quiz_that_staff_are_editing(self, folder):
        load(folder)
        quiz = Quiz.objects.get(slug="her2-basics")
        authoring.start_quiz_draft(quiz, by=None, at=AT)
        change(folder, "minutes = 2", "minutes = 3")
        (fault,) = faults(folder)
        assert fault.startswith("basics.toml, line 2: “her2-basics”: This quiz already")

    def test_of_a_passage_that_is_gone(self, folder):
        load(folder)
        article = Quiz.objects.first().article
        make_version(article, passages={"other": BODY}, at=LATER)
        with pytest.raises(FaultyContent) as refused:
            load(folder, at=LATER)
        assert refused.value.faults == [
            "basics.toml, line 8: “what-her2-is”: The passage her2#what-is-her2 is not "
            "on the site. Choose another passage."
        ]

    def test_of_a_misconception_without_a_name(self, folder):
        change(folder, 'name = "HER2 is a virus"\n', "", "misconceptions/basics.toml")
        before = counts()
        assert faults(folder) == ["basics.toml, line 2: This field cannot be blank."]
        assert counts() == before

    def test_of_a_misconception_file_that_is_no_toml(self, folder):
        write(folder, "misconceptions/basics.toml", "[[misconception]\n")
        (fault,) = faults(folder)
        assert fault.startswith("basics.toml, line 1: ")

    @pytest.mark.parametrize("name", ["quizzes", "misconceptions"])
    def test_of_a_file_that_is_not_utf_8(self, folder, name):
        path = folder / name / "basics.toml"
        path.write_bytes('title = "Påv"'.encode("latin-1"))
        assert faults(folder) == ["basics.toml, line 1: This is not UTF-8."]

    @pytest.mark.parametrize("name", ["quizzes", "misconceptions"])
    def test_of_a_folder_in_the_place_of_a_file(self, folder, name):
        (folder / name / "other.toml").mkdir()
        assert faults(folder) == ["other.toml: This is not a file to read."]


class TestPlacesInAQuiz:
    def more(self, folder, extra):
        quiz = 'title = "More"\nslug = "more"\narticle = "her2"\nminutes = 2\n'
        write(folder, "quizzes/more.toml", quiz + extra)

    def test_may_be_questions_of_another_file_and_pools(self, folder):
        change(folder, 'type = "true_false"', 'type = "true_false"\ntags = ["basics"]')
        pool = '[[pool]]\ntag = "basics"\ndraw = 1\n'
        self.more(folder, f'ask = ["what-her2-is"]\n{pool}')
        load(folder)
        slots = Quiz.objects.get(slug="more").versions.get().slots.all()
        assert [str(slot) for slot in slots] == [
            "1. what-her2-is",
            "2. 1 drawn from basics",
        ]
        assert load(folder, at=LATER).made == []

    @pytest.mark.parametrize(
        ("extra", "fault"),
        [
            ('ask = ["gone"]\n', "more.toml, line 5: “more”: there is no question “gone” yet."),
            ('[[pool]]\ntag = "none"\ndraw = 1\n', "more.toml, line 6: “more”: no question has the tag “none”."),
            ("", "more.toml, line 2: “more” needs question (list of tables)."),
            ('ask = ["what-her2-is"]\npurpose = "contest"\n', "more.toml, line 2: Value 'contest' is not a valid choice."),
        ],
    )  # fmt: skip
    def test_that_cannot_be_filled_are_named(self, folder, extra, fault):
        self.more(folder, extra)
        assert faults(folder) == [fault]


class TestTheSampleContent:
    @pytest.fixture
    def content(self):
        folder = settings.BASE_DIR / "content"
        load_articles(folder, by=None, at=AT)
        return folder

    def test_is_loaded_after_the_articles(self, content):
        load(content)
        assert Quiz.objects.filter(purpose="self_check").count() >= 3
        assert Question.objects.askable(AT).count() >= 24
        assert Question.objects.askable(AT).count() == Question.objects.count()

    def test_explains_every_option(self, content):
        load(content)
        assert not Option.objects.filter(explanation="").exists()

    def test_ties_every_wrong_option_to_a_misconception(self, content):
        load(content)
        wrong = Option.objects.filter(is_right=False, misconception=None)
        without_wrong_ones = ["matching", "ordering"]
        assert not wrong.exclude(version__kind__in=without_wrong_ones).exists()

    def test_has_a_question_of_each_kind(self, content):
        load(content)
        kinds = set(QuestionVersion.objects.values_list("kind", flat=True))
        assert kinds == set(Kind.values)

    def test_a_second_run_changes_nothing(self, content):
        load(content)
        before = counts()
        assert load(content, at=LATER).made == []
        assert counts() == before

    def test_may_be_loaded_when_its_articles_are_there_and_not_before(self):
        folder = settings.BASE_DIR / "content"
        missing = faults(folder)
        assert len(missing) >= 3
        assert all(re.match(r"\S+\.toml, line \d+: ", fault) for fault in missing)
        assert counts() == [0] * 6

    def test_has_no_file_without_a_reader(self, content):
        make_reference("unused1999")
        load(content)
        slugs = set(Misconception.objects.values_list("slug", flat=True))
        used = set(
            Option.objects.exclude(misconception=None).values_list(
                "misconception__slug", flat=True
            )
        )
        assert slugs == used
