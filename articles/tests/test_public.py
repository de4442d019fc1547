"""Every public address: no draft shows there, reading writes nothing and sets no cookie."""

import datetime as dt
import re

import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from articles import inviting, publishing, renaming, reviewing
from articles.models import SignOffKind
from articles.search import search
from articles.tests.factories import (
    AT,
    BODY,
    live,
    make_article,
    make_draft,
    make_reference,
    make_term,
    make_user,
    make_version,
)
from articles.tests.test_picturing import add, picture
from her2site.urls import urlpatterns
from quizzes.tests.factories import (
    answer,
    edit_question,
    learner,
    make_check,
    make_misconception,
    make_question,
    make_quiz,
    result_url,
    start,
    step_url,
)

pytestmark = pytest.mark.django_db
PLANTED = "zebrafish"
WRITE = re.compile(
    r"^\s*(INSERT|UPDATE|DELETE|REPLACE|CREATE|ALTER|DROP)\b", re.IGNORECASE
)
# It proves that the database can be written to, on a connection of its own.
WRITES_ON_PURPOSE = {"readyz"}
# What belongs to one learner, who gets a cookie by starting a quiz.
OF_A_LEARNER = {
    *("question", "feedback", "result", "retry", "review", "receipt", "my-learning"),
    *("certificate-new", "certificate", "account", "claim", "app-picture"),
    *("export-me", "export-file", "delete-me", "deleted-me", "clear-me"),
}
LINK = re.compile(r'(?:href|src|action)="(/[^"#?]*)')


@pytest.fixture
def site():
    """One of everything that readers can see."""
    image = add(picture())
    make_term("Protein")
    article = make_article(
        passages={"what-is-her2": f"{BODY}\n\n![Cells](image:{image.pk})"}
    )
    make_check()
    quiz = make_quiz(article=article)
    renaming.rename(make_article("old"), "new", by=None)
    gone = make_article("gone")
    publishing.withdraw(gone, by=None, at=AT, reason="Wrong.", replaced_by=article)
    asked = {"name": "Bo Lind", "role": "", "kind": "clinical", "days": 9}
    _, secret = inviting.invite(live(article), by=None, at=timezone.now(), **asked)
    return {"article": article, "quiz": quiz, "image": image, "secret": secret}


@pytest.fixture
def reader(site):
    """A learner in the middle of a quiz."""
    browser = learner()
    first = start(browser, site["quiz"])
    answer(browser, first, "A protein")
    browser.at = first
    return browser


@pytest.fixture
def addresses(site, reader):
    """An address, or several, for each name in the map of the site."""
    attempt = reader.at.split("/")[2]
    checks = site["article"].quizzes.exclude(passage_key="")
    return {
        "home": ["/"],
        "topic": ["/topics/basics/"],
        "article-list": ["/articles/"],
        "article": ["/articles/her2/", "/articles/old/", "/articles/gone/"],
        "report": ["/articles/her2/report/what-is-her2/"],
        "reference": ["/references/slamon2001/"],
        "glossary": ["/glossary/"],
        "search": ["/search/", "/search/?q=protein", "/search/?q=protien+nothing"],
        "search-missed": ["/search/missed/"],
        "image": [site["image"].get_absolute_url()],
        "quiz-list": ["/quizzes/"],
        "quiz": ["/quizzes/basics/"],
        "quiz-all": ["/quizzes/basics/all/"],
        "check": [reverse("check", args=[check.slug]) for check in checks],
        "question": [reader.at, step_url(reader.at, 2)],
        "feedback": [f"{reader.at}feedback/"],
        "result": [result_url(reader.at)],
        "retry": [f"/attempts/{attempt}/retry/"],
        "review": ["/quizzes/basics/review/"],
        "receipt": [f"/attempts/{attempt}/receipt/"],
        "certificate-new": [f"/attempts/{attempt}/certificate/"],
        "certificate": ["/certificates/none/"],
        # A right one shows a draft to whom it was sent; test_review_links.py opens those.
        "review-link": ["/review/none/", f"/review/{site['secret']}/"],
        "my-learning": ["/my-learning/"],
        "account": ["/account/"],
        "claim": ["/account/claim/"],
        "app-picture": ["/account/2fa/totp/picture/"],
        "export-me": ["/account/export/"],
        "export-file": ["/account/export/file/"],
        "delete-me": ["/account/delete/"],
        "deleted-me": ["/account/deleted/"],
        "clear-me": ["/account/clear/"],
        "help": ["/help/"],
        "about": ["/about/"],
        "accessibility": ["/accessibility/"],
        "privacy": ["/privacy/"],
        "feed": ["/feed/"],
        "sitemap": ["/sitemap.xml"],
        "robots": ["/robots.txt"],
        "healthz": ["/healthz"],
        "readyz": ["/readyz"],
    }


def crawl(browser, urls):
    """Every answer that can be reached from these addresses, by address."""
    answers, waiting = {}, list(urls)
    while waiting:
        url = waiting.pop()
        if url in answers or url.startswith(("/static/", "/admin/")):
            continue
        answers[url] = browser.get(url)
        waiting += LINK.findall(body(answers[url]))
    return answers


def body(answer):
    binary = answer.headers.get("Content-Type", "") == "image/webp"
    return "" if binary else answer.content.decode()


def flat(addresses, *, leave=()):
    return [
        url for name, urls in addresses.items() if name not in leave for url in urls
    ]


class TestTheMap:
    def test_has_only_names_that_these_tests_visit(self, addresses):
        named = {pattern.name for pattern in urlpatterns if hasattr(pattern, "name")}
        assert named == set(addresses)

    def test_leads_nowhere_that_does_not_exist(self, addresses, reader):
        answers = crawl(reader, flat(addresses, leave=WRITES_ON_PURPOSE))
        found = {url: a.status_code for url, a in answers.items()}
        broken = {
            url: code for url, code in found.items() if code not in (200, 301, 302)
        }
        # A question that was answered sends on, some addresses are for forms, one page is
        # gone; and there is no such certificate or link.
        assert set(broken.values()) <= {404, 405, 410}
        assert {url for url, code in broken.items() if code == 404} == {
            "/certificates/none/",
            "/review/none/",
        }
        assert len(found) > 20


class TestReading:
    def test_writes_nothing(self, addresses, reader):
        written = []

        def watch(execute, sql, params, many, context):
            if WRITE.match(sql):
                written.append(sql)
            return execute(sql, params, many, context)

        urls = flat(addresses, leave=WRITES_ON_PURPOSE)
        with connection.execute_wrapper(watch):
            crawl(learner(), urls)
            crawl(reader, urls)
        assert written == []

    def test_sets_no_cookie(self, addresses):
        answers = crawl(learner(), flat(addresses, leave=WRITES_ON_PURPOSE))
        with_cookies = {url for url, answer in answers.items() if answer.cookies}
        assert {url for url in with_cookies if not url.startswith("/account/")} == set()

    def test_does_not_depend_on_a_cookie(self, addresses):
        leave = WRITES_ON_PURPOSE | OF_A_LEARNER | {"quiz", "quiz-all", "check"}
        stranger = learner()
        varying = [
            url
            for url in flat(addresses, leave=leave)
            if "cookie" in stranger.get(url).headers.get("Vary", "").lower()
        ]
        assert varying == []

    @pytest.mark.parametrize("method", ["head", "options"])
    def test_of_the_head_alone_is_never_an_error(self, addresses, method):
        stranger = learner()
        codes = {
            url: getattr(stranger, method)(url).status_code
            for url in flat(addresses, leave=WRITES_ON_PURPOSE)
        }
        assert [url for url, code in codes.items() if code >= 500] == []


class TestAWordInADraft:
    @pytest.fixture(autouse=True)
    def planted(self, site):
        """The word stands in every text that is not, or not yet, meant for readers."""
        asa = make_user(f"{PLANTED}@example.org", name=PLANTED)
        source = make_reference(PLANTED, title=PLANTED, status_note=PLANTED)
        text = {
            "title": PLANTED,
            "summary": PLANTED,
            "key_points": [PLANTED],
            "written_by": PLANTED,
            "change_note": PLANTED,
            "passages": [
                (PLANTED, PLANTED, f"{PLANTED} [@{source.key}] [@slamon2001]")
            ],
        }
        now, tomorrow = timezone.now(), timezone.now() + dt.timedelta(days=1)
        make_version(site["article"], at=now, by=asa, live_from=tomorrow, **text)
        make_draft(site["article"], by=asa, **text)
        make_article(PLANTED, publish=False, by=asa, **text)
        renamed = make_article("draft-only", publish=False, **text)
        renaming.rename(renamed, f"{PLANTED}-2", by=asa)
        never = make_article(f"{PLANTED}-3", publish=False, **text)
        publishing.publish(never.versions.get(), by=asa, at=now, live_from=tomorrow)
        publishing.withdraw(never, by=asa, at=now, reason=PLANTED)
        self.sign(live(site["article"], at=now), asa, now)
        self.plant_in_quizzes(site["quiz"], asa)

    def sign(self, version, asa, now):
        reviewing.sign_off(
            version,
            by=asa,
            name="Asa Ek",
            role="nurse",
            kind=SignOffKind.CLINICAL,
            seen_hash=version.content_hash,
            at=now,
            remark=PLANTED,
        )

    def plant_in_quizzes(self, quiz, asa):
        make_misconception(PLANTED)
        options = {f"{PLANTED} yes": True, f"{PLANTED} no": False}
        fields = {"stem": PLANTED, "options": options, "explanation": PLANTED}
        slot = quiz.versions.get().slots.first()
        edit_question(slot.question, publish=False, **fields)
        make_question(PLANTED, publish=False, by=asa, **fields)
        make_quiz(
            f"{PLANTED}-quiz", publish=False, questions=1, title=PLANTED, intro=PLANTED
        )

    def test_stands_on_no_public_page(self, addresses, reader):
        urls = flat(addresses, leave=WRITES_ON_PURPOSE)
        answers = crawl(learner(), urls) | crawl(reader, urls)
        found = [
            url
            for url, answer in answers.items()
            if PLANTED in body(answer).lower() or PLANTED in str(answer.headers).lower()
        ]
        assert found == []

    @pytest.mark.parametrize("q", [PLANTED, f"protein {PLANTED}", "zebrafisch"])
    def test_is_not_found_by_searching_for_it(self, q):
        results = search(q, at=timezone.now())
        assert results.suggestion == ""
        assert PLANTED not in repr(results.articles)

    def test_is_not_found_by_guessing_its_address(self):
        guesses = [
            f"/articles/{PLANTED}/",
            "/articles/draft-only/",
            f"/articles/{PLANTED}-2/",
            f"/articles/{PLANTED}-3/",
            f"/references/{PLANTED}/",
            f"/quizzes/{PLANTED}-quiz/",
            f"/quizzes/{PLANTED}-quiz/all/",
            f"/quizzes/{PLANTED}-quiz/check/",
        ]
        codes = {url: learner().get(url).status_code for url in guesses}
        assert codes == dict.fromkeys(guesses, 404)

    def test_is_found_by_who_may_read_it(self, client, site):
        """The crawl above would be worth nothing if the word were nowhere."""
        client.force_login(make_user("bo@example.org", superuser=True))
        draft = site["article"].versions.working().get()
        answer = client.get(f"/admin/articles/articleversion/{draft.pk}/change/")
        assert PLANTED in answer.content.decode()
