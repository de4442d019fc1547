"""What somebody types into the site stays text, on every page and in a real browser."""

import datetime as dt
import re

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.db import IntegrityError, connection, models, transaction
from django.test import Client
from django.utils import timezone

from articles import publishing, rendering
from articles.models import (
    ArticleVersion,
    HiddenPassage,
    LinkTarget,
    PeriodicReview,
    ReaderReport,
    ReviewLink,
    SearchEntry,
    SearchMiss,
    SlugHistory,
)
from articles.tests.factories import (
    AT,
    live,
    make_article,
    make_draft,
    make_reference,
    make_sign_off,
    make_term,
    make_topic,
    make_user,
)
from her2site.tests.browser.stock import add_picture
from her2site.tests.browser.tour import answer, press, skip, start
from quizzes import authoring, certifying
from quizzes.models import Attempt, Certificate, Quiz, QuizVersion
from quizzes.tests.corrections import propose
from quizzes.tests.factories import (
    make_check,
    make_misconception,
    make_question,
    make_quiz,
)

SCRIPT = "<script>alert()</script>"
EVIL = f"\"'><img src=x onerror=alert()>{SCRIPT}"
BODY = f"""
{EVIL} [@evil, {SCRIPT}].

[A link](javascript:alert() "x' onmouseover='alert()") and <javascript:alert()>.

![{EVIL}]({{picture}})

<svg onload=alert()><a href="javascript:alert()">x</a></svg> <!--quizzes--> <!--check:evil-->

### {EVIL}

| {EVIL} | {{% debug %}} |
|---|---|
| {EVIL} | {{{{ page.title }}}} |

```chances
Shows: {EVIL} [@evil]
Out of: 100
{EVIL}: 3
Other {EVIL}: 4
```

::: note {EVIL}
{EVIL}
:::

::: urgent {EVIL}
{EVIL}
:::

::: detail {EVIL}
{EVIL}
:::
"""
# Anything that could run, or fetch something that is not ours.
ALIVE = """
    () => {
        const DATA = "[type='application/ld+json']";
        const OURS = `[src^='/static/'], [src='/admin/jsi18n/'], ${DATA}`;
        return [...document.querySelectorAll("*")].filter((element) =>
        [...element.attributes].some((a) => a.name.startsWith("on"))
        || /^(javascript|data|vbscript):/i.test(element.getAttribute("href") ?? "")
        || (element.src && !element.src.startsWith(location.origin))
        || (element.matches("script") && !element.matches(OURS))
        || element.matches("base, embed, object, main iframe:not([sandbox])")
        ).map((element) => element.outerHTML.slice(0, 120));
    }
"""
QUESTION = {
    "passage": "evil#evil",
    "stem": f"Which? {EVIL}",
    "options": {f"Right {EVIL}": True, f"Wrong {EVIL}": False},
    "explanation": f"Because. {EVIL}",
    "references": ["evil"],
    "misconception": "evil",
}


@pytest.fixture
def evil(live_server, monkeypatch):
    """Hostile text wherever text can be typed, though the gate would not let it through."""
    monkeypatch.setattr("articles.gate.blocking", lambda found: ())
    topic = make_topic("evil", name=f"T {EVIL}", description=EVIL)
    make_reference(
        "evil",
        title=f"Title {EVIL}",
        author=[{"family": EVIL, "given": EVIL}, {"literal": EVIL}],
        URL="javascript:alert()",
        **{"container-title": EVIL, "volume": EVIL},
    )
    make_reference("evil-too", title=EVIL, DOI=f"10.1/{EVIL}")
    make_term(f"W {EVIL}", slug="evil", definition=EVIL, say=EVIL, also=[EVIL])
    make_misconception("evil", name=EVIL, belief=EVIL, correction=EVIL)
    text = {
        "title": f"Page {EVIL}",
        "summary": f"Summary {EVIL}",
        "key_points": [f"Point {EVIL}", "[Press](javascript:alert()) [@evil-too]"],
        "written_by": f"Author {EVIL}",
        "change_note": f"Change {EVIL}",
    }
    body = BODY.replace("{picture}", f"image:{add_picture().pk}")
    passages = [
        ("evil", f"Heading {EVIL}", body),
        ("more", "More", f"W {EVIL} [@evil-too]."),
    ]
    article = make_article("evil", topic=topic, passages=passages, **text)
    make_sign_off(live(article))
    gone = make_article("gone", topic=topic, passages=passages, **text)
    publishing.withdraw(gone, by=None, at=AT, reason=EVIL, replaced_by=article)
    questions = [make_question(f"evil-{n}", **QUESTION) for n in range(2)]
    words = {"title": f"Quiz {EVIL}", "intro": f"Intro {EVIL}"}
    make_quiz("evil", questions=questions, article=article, **words)
    make_check(make_question("evil-check", **QUESTION), passage="evil#evil")
    return article


def assert_inert(page):
    assert page.evaluate(ALIVE) == []


PUBLIC = {
    "/": SCRIPT,
    "/articles/": SCRIPT,
    "/topics/evil/": SCRIPT,
    "/articles/evil/": SCRIPT,
    "/articles/evil/?from=<script>alert()</script>#evil": SCRIPT,
    "/articles/gone/": SCRIPT,
    "/references/evil/": SCRIPT,
    "/references/evil-too/": SCRIPT,
    "/glossary/": SCRIPT,
    "/quizzes/": SCRIPT,
    "/quizzes/evil/": SCRIPT,
    "/quizzes/evil/all/": SCRIPT,
    "/quizzes/check-evil-check/check/": SCRIPT,
    "/<script>alert()</script>/": "",
}


class TestHostileText:
    def test_is_shown_as_text_on_every_page_that_is_read(self, evil, page):
        for path, shown in PUBLIC.items():
            page.goto(path)
            assert shown in page.locator("main").inner_text(), path
            assert page.evaluate(ALIVE) == [], path

    def test_in_a_title_or_a_heading_is_shown_letter_for_letter(self, evil, page):
        page.goto("/articles/evil/")
        assert page.locator("h1").inner_text() == f"Page {EVIL}"
        assert page.locator("#h-evil").inner_text() == f"Heading {EVIL}"
        assert page.title().startswith("Page \"'><img src=x onerror=alert()>")
        cells = page.locator(".passage table td").all_inner_texts()
        assert cells == [EVIL, "{{ page.title }}"]

    def test_stays_text_while_a_quiz_is_taken(self, evil, page):
        start(page, "/quizzes/evil/")
        press(page, "Check my answer")
        assert_inert(page)
        answer(page, f"Wrong {EVIL}")
        assert page.locator("#feedback").inner_text().count(SCRIPT) >= 4
        assert_inert(page)
        press(page, "Next question")
        skip(page)
        assert_inert(page)
        press(page, "Finish and see my result")
        assert SCRIPT in page.locator("main").inner_text()
        assert_inert(page)

    def test_stays_text_where_staff_work_on_it(self, evil, page, live_server):
        make_draft(evil, title=f"Draft {EVIL}", change_note=EVIL)
        sign_in(page, live_server, make_user("chief@example.org", superuser=True))
        seen = walk_through_the_admin(page)
        assert {"articleversion", "questionversion"} <= {
            path.split("/")[3] for path in seen
        }


# What the site makes itself, or reads as a number or a code: no words of anybody.
MADE = {
    *("html", "content_hash", "text_hash", "accepted_hash", "token_hash", "url_hash"),
    *("sha256", "password", "guest_key", "doi", "pmid", "tolerance", "token", "code"),
    *("seed", "idempotency_key", "rule"),
}


def text_fields():
    """Every column of ours that keeps words somebody typed."""
    for name in ("articles", "quizzes", "her2site"):
        for model in apps.get_app_config(name).get_models():
            if model is SearchEntry:  # made from the passages, and never shown as it is
                continue
            for field in model._meta.concrete_fields:
                is_text = isinstance(field, models.CharField | models.TextField)
                is_bound = (
                    field.choices
                    or field.unique
                    or isinstance(field, models.SlugField | models.EmailField)
                )
                if is_text and not is_bound and field.name not in MADE:
                    yield model, field


def spoil_every_text():
    """Write it into the tables, past all forms and moves; gives the columns left alone."""
    alone = {
        f"{model.__name__}.{field.name}"
        for model, field in text_fields()
        if not (spoil(model, field, "<> ''") or spoil(model, field, "= ''"))
    }
    rendering.rerender(ArticleVersion.objects.all(), at=timezone.now())
    return alone


def spoil(model, field, where):
    """The number of rows that were written; with its key, so that no two are equal."""
    table, column, key = model._meta.db_table, field.column, model._meta.pk.column
    text = EVIL[: (field.max_length or 1000) - 4]
    sql = (
        f'UPDATE "{table}" SET "{column}" = %s || SUBSTR(CAST("{key}" AS TEXT), 1, 4) '  # noqa: S608 - names of our own tables
        f'WHERE "{column}" {where}'
    )
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, [text])
            return cursor.rowcount
    except IntegrityError:
        return 0


class TestEveryTextField:
    """Found by looking at the tables, so that one which is added later is tried too."""

    @pytest.fixture
    def spoiled(self, evil):
        make_draft(evil, title="Draft", change_note="No.")
        add_one_of_each(evil)
        return spoil_every_text()

    def test_is_one_of_these_rows(self, spoiled):
        assert spoiled == set()

    def test_is_inert_for_readers_and_for_staff(self, spoiled, page, live_server):
        for path in PUBLIC:
            page.goto(path)
            assert page.evaluate(ALIVE) == [], path
        sign_in(page, live_server, make_user("chief@example.org", superuser=True))
        walk_through_the_admin(page)


def add_one_of_each(article):
    """Rows of the tables that the fixture above leaves empty."""
    version = live(article)
    said = {"article": article, "version_number": 1, "passage_key": "evil"}
    ReaderReport.objects.create(kind="wrong", text="No.", **said)
    ReaderReport.objects.create(
        kind="wrong", text="No.", handled_at=AT, answer="Yes.", **said
    )
    SearchMiss.objects.create(words="port", last_asked_on=AT.date())
    LinkTarget.objects.create(
        url="https://example.org/", url_hash="a", health="broken", failures=2
    )
    HiddenPassage.objects.create(article=article, key="more", reason="Wrong.")
    ReviewLink.objects.create(
        version=version,
        token_hash="a",
        name="Eva",
        created_at=AT,
        expires_at=AT + dt.timedelta(days=1),
    )
    PeriodicReview.objects.create(
        article=article, version=version, name="Eva", role="nurse", outcome="change"
    )
    SlugHistory.objects.create(slug="before", article=article)
    attempt = Attempt.objects.create(
        quiz_version=QuizVersion.objects.filter(quiz__slug="evil").get(),
        quiz=Quiz.objects.get(slug="evil"),
        guest_key="a",
    )
    paper = Certificate.objects.create(
        attempt=attempt, code="ABCD-EFGH", name="Eva", issued_at=AT
    )
    certifying.withdraw(paper, by=None, reason="No.", at=AT)
    propose(make_question("other"), "A virus")
    authoring.retire_question(make_question("old"), by=None, at=AT, reason="Old.")


def sign_in(page, live_server, user):
    client = Client()
    client.force_login(get_user_model().objects.get(pk=user.pk))
    cookie = client.cookies["sessionid"].value
    page.context.add_cookies(
        [{"name": "sessionid", "value": cookie, "url": live_server.url}]
    )


LEAVES = re.compile(r"/(logout|password_change|jsi18n|r)/|/delete/$|/autocomplete/$")
MOST_PAGES = 80


def walk_through_the_admin(page):
    """Follow every link within the admin, one for each kind of page; return their paths."""
    waiting, seen = ["/admin/"], {}
    while waiting and len(seen) < MOST_PAGES:
        path = waiting.pop(0)
        kind = re.sub(r"\d+", "N", path)
        if kind in seen or LEAVES.search(path):
            continue
        page.goto(path)
        assert page.evaluate(ALIVE) == [], path
        seen[kind] = path
        links = page.eval_on_selector_all(
            "a[href]",
            "(all) => all.map((a) => new URL(a.href)).filter((u) => u.origin === origin)"
            ".map((u) => u.pathname)",
        )
        waiting += [link for link in links if link.startswith("/admin/")]
    return [path for path in seen if path.count("/") > 4]
