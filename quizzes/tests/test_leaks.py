"""Nothing before the answer tells which option is right."""

import re
from collections import Counter

import pytest
from django.core.cache import caches
from django.db import models

from articles.tests.factories import make_article, make_user
from quizzes import authoring
from quizzes.models import Misconception, Option, Question, QuestionVersion, Quiz
from quizzes.sampling import option_order
from quizzes.tests.factories import (
    OPTIONS,
    RIGHT,
    answer,
    edit_question,
    filled,
    learner,
    live_version,
    make_check,
    make_question,
    make_quiz,
    result_url,
    skip,
    start,
    step_url,
)
from quizzes.tests.screens import read

KINDS = list(OPTIONS)
SITTING = re.compile(rb'(name="sitting" value=")[0-9a-f]{32}"')


def every_page(kind):
    """Each page on which a question of this kind stands without an answer, by its name.

    A function for each, so that the pages can be fetched again.
    """
    article = make_article()
    asked = make_question("asked", kind=kind)
    quiz = make_quiz(questions=[asked, make_question("other")], article=article)
    make_check(asked, passage=asked_at(asked))
    browser, skipper = learner(), learner()
    article_url = f"/articles/{live_version(asked).basis.article.slug}/"
    url = start(browser, quiz)
    skipped = start(skipper, quiz)
    late = filled(read(skipper.get(skipped)), *RIGHT_LABELS[kind])
    skip(skipper, skipped)
    return asked, {
        "home": lambda: browser.get("/"),
        "list": lambda: browser.get("/quizzes/"),
        "intro": lambda: learner().get("/quizzes/basics/"),
        "resume": lambda: browser.get("/quizzes/basics/"),
        "question": lambda: browser.get(url),
        "question, nothing chosen": lambda: browser.post(url, {"step": "1"}),
        "question, nonsense chosen": lambda: browser.post(url, {"answer": "x"}),
        "question, skipped": lambda: skipper.get(skipped),
        "question, out of date": lambda: skipper.post(skipped, late),
        "question after it": lambda: browser.get(step_url(url, 2)),
        "feedback before the answer": lambda: browser.get(f"{url}feedback/"),
        "end": lambda: browser.get(result_url(url)),
        "all": lambda: browser.get("/quizzes/basics/all/"),
        "all, nothing chosen": lambda: browser.post("/quizzes/basics/all/"),
        "check": lambda: browser.get("/quizzes/check-asked/check/"),
        "check, nothing chosen": lambda: browser.post("/quizzes/check-asked/check/"),
        "article": lambda: browser.get(article_url),
    }


def asked_at(question):
    """Where its check stands: at the end of the passage it rests on."""
    basis = live_version(question).basis
    return f"{basis.article.slug}#{basis.passage_key}"


def fetch(pages):
    """Status, headers and body of each page; not from the pages kept by ETag."""
    found = {}
    for name, get in pages.items():
        caches["pages"].clear()
        response = get()
        headers = {k: v for k, v in response.items() if k != "Expires"}
        body = SITTING.sub(rb"\1", response.content)
        found[name] = (response.status_code, headers, body)
    return found


def move_key(question, turn):
    """Give the question another key in the same rows, past all that freezes them.

    `turn` is how far everything is moved on: the right option, what rows belong to, the
    places in the order, the number.
    """
    version = live_version(question)
    options = models.QuerySet(Option).filter(version=version)
    if version.kind == "number":
        scoring = {**version.scoring, "value": str(15 + turn)}
    elif version.kind == "sentence":
        scoring = {**version.scoring, "right": [f"s{1 + turn % 3}"]}
    elif version.kind == "ordering":
        scoring = {"order": turned(version.scoring["order"], turn)}
    elif version.kind == "matching":
        rows, matches = zip(*version.scoring["pairs"].items(), strict=True)
        pairs = dict(zip(rows, turned(matches, turn), strict=True))
        scoring = {**version.scoring, "pairs": pairs}
    else:
        token = turned(sorted(options.values_list("token", flat=True)), turn)[0]
        scoring = {**version.scoring, "right": [token]}
        options.update(is_right=False)
        options.filter(token=token).update(is_right=True)
    models.QuerySet(QuestionVersion).filter(pk=version.pk).update(scoring=scoring)


def turned(row, by):
    row = list(row)
    return row[by % len(row) :] + row[: by % len(row)]


RIGHT_LABELS = {
    kind: [labels] if isinstance(labels, (dict, str)) else labels
    for kind, labels in RIGHT.items()
}
TURNS = range(4)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", KINDS)
class TestAMovedKey:
    def test_changes_no_byte_of_any_page_before_the_answer(self, kind):
        question, pages = every_page(kind)
        before = fetch(pages)
        for turn in TURNS:
            move_key(question, turn)
            after = fetch(pages)
            changed = [name for name in pages if after[name] != before[name]]
            assert changed == []

    def test_changes_the_feedback(self, kind):
        """So the key did move."""
        question = make_question(kind=kind)
        url = start(learner(), make_quiz(questions=[question]))
        headings = set()
        for turn in TURNS:
            move_key(question, turn)
            client = learner()
            url = start(client, Quiz.objects.get())
            answer(client, url, *RIGHT_LABELS[kind][:1])
            headings.add(read(client.get(f"{url}feedback/")).heading)
        assert len(headings) >= 2


@pytest.mark.django_db
class TestAPlantedWord:
    """Words that stand in no text for readers, and the pages on which they turn up."""

    PAGES = (
        "/",
        "/articles/",
        "/articles/her2/",
        "/topics/basics/",
        "/references/slamon2001/",
        "/glossary/",
        "/about/",
        "/quizzes/",
        "/quizzes/planted/",
        "/quizzes/planted/all/",
        "/quizzes/check-first/check/",
    )

    @pytest.fixture
    def quiz(self):
        article = make_article()
        questions = [
            make_question(
                slug,
                explanation=f"zq-{slug}-explained {{text}}",
                misconception=f"zq-{slug}-belief",
            )
            for slug in ("first", "second")
        ]
        make_check(questions[0])
        return make_quiz("planted", questions=questions, article=article)

    @pytest.fixture(params=["a guest", "a user"])
    def client(self, request):
        client = learner()
        if request.param == "a user":
            client.force_login(make_user())
        return client

    def planted(self, client, *pages):
        return {
            page: found
            for page in pages
            if (found := set(re.findall(r"zq-\w+(?:-\w+)?", self.whole(client, page))))
        }

    def whole(self, client, page):
        response = client.get(page)
        assert response.status_code == 200, page
        return response.serialize().decode()

    def test_of_an_explanation_or_belief_is_on_no_page_before_the_answer(
        self, client, quiz
    ):
        url = start(client, quiz)
        pages = (*self.PAGES, url, step_url(url, 2), result_url(url))
        assert self.planted(client, *pages) == {}

    def test_of_an_explanation_is_on_its_own_feedback_only(self, client, quiz):
        url = start(client, quiz)
        answer(client, url, "A virus")
        feedback = f"{url}feedback/"
        pages = (*self.PAGES, step_url(url, 2), result_url(url), feedback)
        assert self.planted(client, *pages) == {feedback: {"zq-first-explained"}}

    def test_of_a_wrong_option_not_chosen_is_never_told(self, client, quiz):
        url = start(client, quiz)
        answer(client, url, "A virus")
        assert "explained A medicine" not in self.whole(client, f"{url}feedback/")

    def test_of_a_draft_is_on_no_page(self, client, quiz):
        url = start(client, quiz)
        words = {"stem": "zq-stem?", "options": {"zq-right": True, "zq-wrong": False}}
        edit_question(Question.objects.get(slug="first"), publish=False, **words)
        make_quiz("secret", questions=1, title="zq-title", publish=False)
        draft = authoring.start_quiz_draft(quiz, by=None, at=live_version_moment(quiz))
        draft.title = "zq-new-title"
        draft.save()
        assert self.planted(client, *self.PAGES, url, result_url(url)) == {}
        assert client.get("/quizzes/secret/").status_code == 404

    def test_was_planted(self, quiz):
        assert Misconception.objects.filter(name__startswith="zq-").count() == 2
        assert Option.objects.filter(explanation__startswith="zq-").count() == 6


def live_version_moment(quiz):
    return quiz.versions.current().get().published_at


@pytest.mark.django_db
class TestTheValueOfAnOption:
    def test_is_ten_random_hexadecimal_digits(self):
        url = start(client := learner(), make_quiz(questions=1))
        *values, unsure = read(client.get(url)).question.options.values()
        assert unsure == "unsure"
        assert all(re.fullmatch("[0-9a-f]{10}", value) for value in values)

    def test_is_another_one_in_each_version(self):
        question = make_question()
        old = set(live_version(question).options.values_list("token", flat=True))
        edit_question(question)
        new = set(live_version(question).options.values_list("token", flat=True))
        assert not old & new


class TestTheOrderOfOptions:
    """Over many attempts every option is equally often at every place.

    Critical values of chi-squared at 0.001: 16.266 with 3 degrees of freedom, 13.816 with 2
    (NIST/SEMATECH e-Handbook of Statistical Methods, 1.3.6.7.4). The seeds are fixed, so the
    tests pass always or never.
    """

    TOKENS = ("3f9a0c11d2", "a81e55b0c7", "07cc4e92ab", "d4410be6f8")
    ORDERS = 2_000

    def places(self, tokens, token):
        return Counter(
            option_order("single", tokens, seed=str(n)).index(token)
            for n in range(self.ORDERS)
        )

    def chi_squared(self, counts, size):
        expected = self.ORDERS / size
        return sum((counts[place] - expected) ** 2 / expected for place in range(size))

    @pytest.mark.parametrize("right", TOKENS)
    def test_puts_the_right_one_of_four_at_each_place_equally_often(self, right):
        assert self.chi_squared(self.places(self.TOKENS, right), 4) < 16.266

    @pytest.mark.parametrize("right", TOKENS[:3])
    def test_puts_the_right_one_of_three_at_each_place_equally_often(self, right):
        assert self.chi_squared(self.places(self.TOKENS[:3], right), 3) < 13.816

    @pytest.mark.parametrize("right", TOKENS)
    def test_does_not_depend_on_where_the_author_wrote_it(self, right):
        """Authors often write the right one first."""
        rest = [token for token in self.TOKENS if token != right]
        for n in range(50):
            orders = {
                tuple(option_order("single", tokens, seed=str(n)))
                for tokens in ([right, *rest], [*rest, right])
            }
            assert len(orders) == 1
