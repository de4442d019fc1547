"""Whatever is sent to a learner's form: a page or a refusal, never a breakdown or a false mark."""

import re
from contextlib import contextmanager
from urllib.parse import quote_from_bytes

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from quizzes.models import ResponseStep, SlotScore
from quizzes.tests.factories import (
    OPTIONS,
    filled,
    learner,
    make_check,
    make_question,
    make_quiz,
    start,
    step_url,
)
from quizzes.tests.screens import read
from quizzes.tests.test_leaks import RIGHT_LABELS, asked_at

pytestmark = pytest.mark.django_db
KINDS = list(OPTIONS)
FORM = "application/x-www-form-urlencoded"
EXPECTED = {200, 302, 400, 403, 413, 415}
FIGURES = re.compile(r"[+-]?[0-9]{1,12}(\.[0-9]{1,6})?")
WORDS = re.compile(r'(?:name|value)="([^"]+)"')
WILD = [
    b"",
    b" ",
    b"0",
    b"-1",
    b"1e3",
    b"NaN",
    b"Infinity",
    b"1,000",
    b"12.5",
    b"9" * 400,
    b"\x00",
    b"15\x00",
    b"\xff\xfe",
    b"\xed\xa0\x80",  # half a character
    "\u0661\u0665".encode(),  # Arabic digits
    "\uff11\uff15".encode(),  # full-width digits
    "²".encode(),
    b"s99",
    b"a:b:c",
    b"' OR 1=1 --",
    b"<script>",
    b"None",
]


def bodies(good, words):
    """Bodies near a good one: with parts left out, repeated, wild, or from other forms."""
    names = st.sampled_from([name for name, _ in good])
    anything = st.sampled_from([*words, *WILD]) | st.binary(max_size=12)
    extra = st.lists(st.tuples(names | anything, anything), max_size=4)
    kept = st.just(good) | st.lists(st.sampled_from(good), max_size=len(good))
    pairs = st.builds(lambda some, more: [*some, *more], kept, extra)
    return st.builds(encoded, pairs, st.booleans())


def encoded(pairs, quoted):
    code = (lambda part: quote_from_bytes(part).encode()) if quoted else bytes
    return b"&".join(code(name) + b"=" + code(value) for name, value in pairs)


def pairs_of(fields):
    """What a browser sends, name by name."""
    return [
        (name.encode(), value.encode())
        for name, values in fields.items()
        for value in (values if isinstance(values, list) else [values])
    ]


def good_answer(page, kind):
    """What a browser sends when the only question on a page is answered rightly."""
    screen = read(page)
    screen.questions = [q for q in screen.questions if q.name != "certainty"]
    return pairs_of(filled(screen, *RIGHT_LABELS[kind]) | {"certainty": "2"})


def words_on(*pages):
    """All that these pages' forms would send, and so what somebody may try elsewhere."""
    found = {word for page in pages for word in WORDS.findall(page.content.decode())}
    return sorted(word.encode() for word in found)


@contextmanager
def undone():
    """Afterwards nothing of it has happened, so that the next body meets the same form."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def post(client, url, body, content_type=FORM):
    """Send these bytes as they are; `Client.post` would put them into the charset named."""
    response = client.generic("POST", url, body, content_type=content_type)
    return client.get(response.url) if response.status_code == 302 else response


def check_all_that_is_stored(body):
    for step in ResponseStep.objects.select_related("slot__question_version"):
        version = step.slot.question_version
        if step.kind == "answer":
            assert is_an_answer(version, step.slot.option_order, step.chosen)
        sent = step.certainty is None or f"certainty={step.certainty}".encode() in body
        assert sent, step.certainty
    for score in SlotScore.objects.all():
        assert 0 <= score.thousandths <= 1000


def is_an_answer(version, order, chosen):
    """Worked out another way than the site does it."""
    if version.kind == "number":
        (text,) = chosen
        return bool(FIGURES.fullmatch(text))
    if version.kind == "ordering":
        return sorted(chosen) == sorted(order)
    if version.kind == "matching":
        pairs = [pair.split(":") for pair in chosen]
        known = set(version.scoring["choices"])
        return (
            sorted(row for row, _ in pairs) == sorted(order)
            and {choice for _, choice in pairs} <= known
        )
    if version.kind == "several":
        return bool(chosen) and set(chosen) <= set(order)
    return len(chosen) == 1 and chosen[0] in (*order, "unsure")


def try_bodies(client, url, good, words, *, examples):
    """Post many bodies near `good`; each must be met, and store only what is an answer."""

    @settings(max_examples=examples, derandomize=True, database=None, deadline=None)
    @given(bodies(good, words))
    def check(body):
        with undone():
            assert post(client, url, body).status_code in EXPECTED
            check_all_that_is_stored(body)

    check()


@pytest.mark.parametrize("kind", KINDS)
class TestAQuestion:
    @pytest.fixture
    def asked(self, kind):
        return make_question("asked", kind=kind)

    def begin(self, asked):
        other = make_question("other", options={"One": True, "Two": False})
        quiz = make_quiz(questions=[asked, other], ask_certainty=True)
        client = learner()
        return client, start(client, quiz)

    def test_takes_only_answers(self, kind, asked):
        client, url = self.begin(asked)
        pages = client.get(url), client.get(step_url(url, 2))
        good = good_answer(pages[0], kind)
        try_bodies(client, url, good, words_on(*pages), examples=25)

    def test_takes_only_answers_at_the_end_of_a_section(self, kind, asked):
        make_check(asked, passage=asked_at(asked))
        client, url = learner(), "/quizzes/check-asked/check/"
        page = client.get(url)
        good = good_answer(page, kind)
        try_bodies(client, url, good, words_on(page), examples=15)

    def test_takes_a_good_answer_from_the_same_bodies(self, kind, asked):
        """Else the tests above could pass because nothing is ever taken."""
        client, url = self.begin(asked)
        good = good_answer(client.get(url), kind)
        for quoted in (True, False):
            with undone():
                post(client, url, encoded(good, quoted))
                assert SlotScore.objects.get().thousandths == 1000


class TestAllOnOnePage:
    def test_takes_only_answers(self):
        questions = [make_question(kind.replace("_", "-"), kind=kind) for kind in KINDS]
        quiz = make_quiz(questions=questions, ask_certainty=True)
        client, url = learner(), f"/quizzes/{quiz.slug}/all/"
        page = client.get(url)
        words = words_on(page)
        good = [(b"partial", b"1"), *(pair for pair in fields_of(page))]
        try_bodies(client, url, good, words, examples=25)


class TestAnyForm:
    """What is wrong with the request as a whole."""

    @pytest.fixture
    def forms(self):
        asked = make_question("asked")
        make_check(asked, passage=asked_at(asked))
        client = learner()
        url = start(client, make_quiz(questions=[asked, make_question("other")]))
        urls = url, "/quizzes/basics/all/", "/quizzes/check-asked/check/"
        names = [next(iter(read(client.get(u)).questions)).name for u in urls]
        return client, list(zip(urls, names, strict=True))

    def check(self, forms, body, content_type=FORM, expected=EXPECTED):
        client, all_of_them = forms
        for url, name in all_of_them:
            sent = body.replace(b"NAME", name.encode())
            response = post(client, url, sent, content_type)
            assert response.status_code in expected, (url, sent[:80])
        assert not ResponseStep.objects.exists()

    @pytest.mark.parametrize(
        "filling", [b"x", b"9", b"\x00", b"%00", b"\xf0", b"&", b"="]
    )
    def test_meets_a_body_of_a_megabyte(self, forms, filling):
        self.check(forms, b"NAME=" + filling * (1_000_000 // len(filling)))

    def test_refuses_a_body_beyond_the_limit(self, forms):
        self.check(forms, b"NAME=" + b"x" * 3_000_000, expected={400})

    def test_refuses_thousands_of_fields(self, forms):
        self.check(forms, b"&".join([b"NAME=unsure"] * 1001), expected={400})

    @pytest.mark.parametrize(
        "content_type",
        [
            "",
            "text/plain",
            "application/json",
            "application/octet-stream",
            "multipart/form-data",
            "multipart/form-data; boundary=",
            "multipart/form-data; boundary=\x01",
            f"{FORM}; charset=utf-16",
            f"{FORM}; charset=latin-1",
            f"{FORM}; charset=no-such",
            "x" * 5000,
        ],
    )
    def test_meets_a_content_type_that_is_not_a_forms(self, forms, content_type):
        for body in (b"", b"NAME=unsure\xe9", b"--\r\n", b'{"a": 1}'):
            self.check(forms, body, content_type)

    @pytest.mark.parametrize(
        "sure", ["0", "4", "-1", "1.0", "\u0661", "9" * 99, "\x00", "sure"]
    )
    def test_ignores_a_certainty_that_is_none(self, sure):
        quiz = make_quiz(questions=1, ask_certainty=True)
        client = learner()
        url = start(client, quiz)
        good = dict(good_answer(client.get(url), "single"))
        body = encoded({**good, b"certainty": sure.encode()}.items(), True)
        post(client, url, body)
        assert ResponseStep.objects.get().certainty is None


def fields_of(page):
    """The fields of every question on a page, each with its first option chosen."""
    screen = read(page)
    chosen = {
        question.name: next(iter(question.options.values()))
        for question in screen.questions
        if question.options
    }
    rows = {row.name: list(row.options.values())[-1] for row in screen.selects.values()}
    numbers = dict.fromkeys(screen.texts, "15")
    return pairs_of({**screen.hidden, **chosen, **rows, **numbers})
