"""What a learner is told when the key of a question was corrected after they answered."""

import pytest
from django.utils import timezone

from articles.tests.factories import AT
from quizzes.tests.corrections import NEW_KEY, REASON, correct
from quizzes.tests.factories import (
    OPTIONS,
    RIGHT,
    answer,
    learner,
    make_question,
    make_quiz,
    result_url,
    start,
)
from quizzes.tests.screens import read

pytestmark = pytest.mark.django_db
# The old and the new answer, as the page names them.
SAYS = {
    "single": ("“A protein”", "The answer: A virus"),
    "several": ("“Heart”; “Lungs”", "The answer: Hair"),
    "true_false": ("“False”", "The answer: True"),
    "matching": (
        "“Trastuzumab: An antibody”; “Tucatinib: A tablet”; “Pertuzumab: An antibody”",
        "Trastuzumab: A tablet",
    ),
    "ordering": ("“1. Test”; “2. Treat”; “3. Check”", "Test: place 2"),
    "number": ("“15 out of 100, give or take 1”", "The answer: 85 out of 100"),
    "sentence": (
        "“It can tell the cell to grow.”",
        "The answer: Healthy cells have it too.",
    ),
}


@pytest.fixture
def question():
    return make_question("q", at=AT)


def answered(question, label):
    """A browser in which the only question of a quiz was answered so; and its address."""
    client = learner()
    url = start(client, make_quiz(questions=[question]))
    answer(client, url, *([label] if isinstance(label, (str, dict)) else label))
    return client, url


def feedback(client, url):
    return read(client.get(f"{url}feedback/")).text


def result(client, url):
    return read(client.get(result_url(url))).text


class TestFeedback:
    @pytest.mark.parametrize("kind", OPTIONS)
    def test_names_the_old_and_the_new_answer_and_why(self, kind):
        question = make_question("q", kind=kind)
        client, url = answered(question, RIGHT[kind])
        correct(question, *NEW_KEY[kind], at=timezone.now())
        page = feedback(client, url)
        was, now = SAYS[kind]
        assert f"Until then this counted as the answer: {was}." in page
        assert now in page
        assert f"This answer was corrected on {today()}. {REASON}" in page

    @pytest.mark.parametrize(
        ("label", "policy", "said"),
        [
            ("A virus", "never_worse", "Your answer counts more now than before."),
            ("A protein", "never_worse", "Your answer counts as before."),
            ("A protein", "strict", "Your answer counts less now than before."),
            ("A medicine", "strict", "Your answer counts as before."),
        ],
    )
    def test_says_whether_the_mark_changed(self, question, label, policy, said):
        client, url = answered(question, label)
        correct(question, "A virus", policy=policy, at=timezone.now())
        assert said in feedback(client, url)

    def test_says_that_the_evidence_changed_only_when_it_did(self, question):
        client, url = answered(question, "A protein")
        correct(question, "A virus", at=timezone.now())
        assert "the evidence has changed since" not in feedback(client, url)
        correct(question, "A medicine", evidence_changed=True, at=timezone.now())
        assert "was right at the time; the evidence has changed" in feedback(
            client, url
        )

    def test_of_an_answer_that_came_later_gives_the_reason_alone(self):
        question = make_question("q", kind="number")
        correct(question, *NEW_KEY["number"], at=timezone.now())
        client, url = answered(question, "85")
        page = feedback(client, url)
        assert page.count(REASON) == 1
        assert "was corrected" not in page
        assert "It is 15." not in page

    @pytest.mark.parametrize(
        ("kind", "gone", "stays"),
        [
            ("single", ["A protein", "A virus"], []),
            ("several", ["Hair"], ["Heart"]),
            ("matching", ["Trastuzumab"], ["Tucatinib"]),
            ("ordering", ["Test"], ["Check"]),
            ("number", ["15"], []),
        ],
    )
    def test_has_no_explanation_that_was_meant_for_the_old_key(self, kind, gone, stays):
        question = make_question("q", kind=kind)
        client, url = answered(question, RIGHT[kind])
        correct(question, *NEW_KEY[kind], at=timezone.now())
        page = feedback(client, url)
        assert [text for text in gone if f"Because of “{text}”." in page] == []
        assert [text for text in stays if f"Because of “{text}”." not in page] == []

    def test_says_nothing_of_it_where_nothing_was_corrected(self, question):
        client, url = answered(question, "A protein")
        assert "was corrected" not in feedback(client, url)


class TestTheResult:
    def test_says_how_many_marks_changed(self, question):
        client, url = answered(question, "A virus")
        correct(question, "A virus", at=timezone.now())
        page = result(client, url)
        assert "1 mark changed since you answered" in page
        assert "You got 1 of 1" in page

    def test_says_nothing_where_no_mark_changed(self, question):
        client, url = answered(question, "A medicine")
        correct(question, "A virus", at=timezone.now())
        assert "changed since you answered" not in result(client, url)


def today():
    day = timezone.localdate()
    return f"{day.day} {day:%B %Y}"
