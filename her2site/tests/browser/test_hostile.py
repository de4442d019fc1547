"""What somebody types into the site stays text, on every page and in a real browser."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from articles import publishing
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
        const OURS = "[src^='/static/'], [src='/admin/jsi18n/']";
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
