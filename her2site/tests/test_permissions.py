"""Who may do what in the admin: permissions.csv, one line for each address, one column a role.

`see` is an answer to a GET, `do` one to a POST that the person may send, whatever the form then
says. To take over what the admin does now, look at the difference and write the table with
`WRITE_PERMISSIONS=yes pytest -p no:xdist her2site/tests/test_permissions.py`.
"""

import csv
import datetime as dt
import os
import re
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.db import connection, transaction
from django.test import Client
from django.urls import URLResolver, reverse
from django.utils import timezone

from articles import reporting
from articles.models import LinkTarget, ReaderReport, ReviewLink, SearchMiss
from articles.tests.factories import (
    AT,
    live,
    make_article,
    make_draft,
    make_term,
    make_user,
)
from articles.tests.test_public import WRITE
from her2site.models import User
from her2site.tests.browser.stock import add_picture
from quizzes import authoring
from quizzes.models import Attempt, Certificate, ExtraTime, Tag
from quizzes.tests.corrections import propose
from quizzes.tests.factories import (
    LATER,
    make_misconception,
    make_question,
    make_quiz,
)

pytestmark = pytest.mark.django_db
TABLE = Path(__file__).with_name("permissions.csv")
STRANGER, LEARNER, NO_GROUP, BOSS = "stranger", "learner", "no group", "superuser"
GROUPS = ["Author", "Clinical reviewer", "Publisher", "Analyst"]
ROLES = [STRANGER, LEARNER, NO_GROUP, *GROUPS, BOSS]
SIGN_IN = "/admin/login/"
# Who is on these pages does not matter: they are for signing in and out.
OPEN_TO_ALL = {"login", "logout"}
OPTION = re.compile(r'<option value="(\w+)"')


@pytest.fixture
def samples():
    """One row of each table in the admin."""
    article = make_article()
    draft = make_draft(article)
    question = make_question()
    quiz = make_quiz("basics", questions=[question], article=article)
    question_draft = authoring.start_question_draft(question, by=None, at=LATER)
    quiz_draft = authoring.start_quiz_draft(quiz, by=None, at=LATER)
    person = make_user("person@example.org", is_staff=False)
    reporting.send_report(
        live(article), key="what-is-her2", kind="wrong", text="No.", at=AT
    )
    attempt = Attempt.objects.create(
        quiz=quiz, quiz_version=quiz.versions.first(), guest_key="a", started_at=AT
    )
    rows = [
        article,
        draft,
        question,
        quiz,
        question_draft,
        quiz_draft,
        person,
        article.topic,
        draft.passages.first(),
        make_term(),
        add_picture(),
        make_misconception("error"),
        ReaderReport.objects.get(),
        SearchMiss.objects.create(words="port", last_asked_on=AT.date()),
        LinkTarget.objects.create(url="https://example.org/", url_hash="a"),
        Tag.objects.create(name="heart"),
        ExtraTime.objects.create(quiz=quiz, user=person, minutes=5),
        Certificate.objects.create(
            attempt=attempt, code="ABCD-EFGH", name="Eva", issued_at=AT
        ),
        propose(make_question("other"), "A virus"),
        ReviewLink.objects.create(
            version=draft,
            token_hash="a",
            name="Eva",
            expires_at=timezone.now() + dt.timedelta(days=9),
        ),
        EmailAddress.objects.create(user=person, email=person.email),
        Authenticator.objects.create(user=person, type="totp", data={}),
    ]
    return {row._meta.label: row for row in rows}


def sample_of(model, samples):
    row = samples.get(model._meta.label) or model._default_manager.first()
    assert row is not None, f"Give `samples` a row of {model._meta.label}."
    return row


def addresses(samples):
    """Every address of the admin by its name, with a sample row where it wants one."""
    found = {}
    for entry in admin.site.get_urls():
        if isinstance(entry, URLResolver):
            for pattern in entry.url_patterns:
                if pattern.name:
                    found[pattern.name] = address_of(pattern, samples)
        elif entry.name:
            found[entry.name] = address_of(entry, samples)
    return found


def address_of(pattern, samples):
    args = {}
    for name in pattern.pattern.regex.groupindex:
        args[name] = {
            "app_label": lambda: "articles",
            "content_type_id": lambda: 1,
        }.get(name, lambda: sample_of(model_of(pattern.name), samples).pk)()
    return reverse(f"admin:{pattern.name}", kwargs=args)


def model_of(name):
    """`articles_article_publish` is about articles.Article."""
    if name == "view_on_site":
        return apps.get_model("articles.Article")
    app, rest = name.split("_", 1)
    if name == "auth_user_password_change":
        return User
    return next(
        model
        for model in admin.site._registry
        if model._meta.app_label == app
        and rest.startswith(f"{model._meta.model_name}_")
    )


def choices():
    """Every field that is chosen by typing: app, model, field."""
    return {
        f"autocomplete {model._meta.label_lower}.{field}": {
            "app_label": model._meta.app_label,
            "model_name": model._meta.model_name,
            "field_name": field,
        }
        for model, staff in admin.site._registry.items()
        for field in staff.autocomplete_fields
    }


def browser_of(role):
    client = Client()
    if role == STRANGER:
        return client
    user = {
        LEARNER: lambda: make_user("l@example.org", is_staff=False),
        NO_GROUP: lambda: make_user("n@example.org"),
        BOSS: lambda: make_user("b@example.org", superuser=True),
    }.get(role, lambda: make_user("g@example.org", groups=[role]))()
    client.force_login(user)
    return client


def outcome(response):
    sent_away = response.status_code == 302 and response.url.startswith(SIGN_IN)
    if sent_away:
        return "sign in"
    return "no" if response.status_code in (403, 404, 405) else "yes"


def cell(client, url, fields):
    """What somebody may do at an address; nothing that they do is kept."""
    answers = []
    for send in (
        lambda: client.get(url, fields.get("get")),
        lambda: client.post(url, fields.get("post", {"post": "yes"})),
    ):
        with transaction.atomic():
            answers.append(outcome(send()))
            transaction.set_rollback(True)
    if "sign in" in answers:
        assert answers == ["sign in", "sign in"]
        return "sign in"
    words = [
        word
        for word, found in zip(("see", "do"), answers, strict=True)
        if found == "yes"
    ]
    return " ".join(words) or "no"


def measured(role, samples):
    """The column of a role: what the admin does now, by address."""
    client = browser_of(role)
    column = {
        name: cell(client, url, {})
        for name, url in addresses(samples).items()
        if name not in OPEN_TO_ALL | {"autocomplete"}
    }
    for name, query in choices().items():
        column[name] = cell(client, reverse("admin:autocomplete"), {"get": query})
    for model in admin.site._registry:
        name = f"{model._meta.app_label}_{model._meta.model_name}_changelist"
        page = client.get(reverse(f"admin:{name}"))
        for action in actions_in(page):
            column[f"{name} {action}"] = "do"
    return column


def actions_in(page):
    if page.status_code != 200:
        return []
    bar = page.content.decode().partition('name="action"')[2].partition("</select>")[0]
    return OPTION.findall(bar)


def written():
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(role, column):
    rows = {row["address"]: row for row in (written() if TABLE.exists() else [])}
    for row in rows.values():
        row[role] = ""
    for name, found in column.items():
        rows.setdefault(name, {"address": name})[role] = found
    kept = [row for row in rows.values() if any(row.get(r) for r in ROLES)]
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, ["address", *ROLES], lineterminator="\n")
        table.writeheader()
        table.writerows(sorted(kept, key=lambda row: row["address"]))


class TestTheTable:
    @pytest.mark.parametrize("role", ROLES)
    def test_is_what_the_admin_does_for(self, role, samples):
        column = measured(role, samples)
        if os.environ.get("WRITE_PERMISSIONS"):
            write(role, column)
        table = {row["address"]: row[role] for row in written() if row[role]}
        assert column == table

    def test_lets_only_a_superuser_near_people_s_rights(self):
        rights = [row for row in written() if row["address"].startswith("auth_group")]
        assert len(rights) >= 5
        for row in rights:
            assert {row[role] for role in ROLES[:-1]} <= {"sign in", "no", ""}

    def test_lets_strangers_and_learners_in_nowhere(self):
        for row in written():
            assert {row[STRANGER], row[LEARNER]} <= {"sign in", ""}


class TestAGet:
    def test_writes_nothing_at_any_address(self, samples):
        client = browser_of(BOSS)
        client.get("/admin/")
        wrote = {}
        for name, url in addresses(samples).items():
            if name in OPEN_TO_ALL:
                continue
            with connection.execute_wrapper(watch(wrote.setdefault(name, []))):
                client.get(url)
        assert {name: sql for name, sql in wrote.items() if sql} == {}
        assert len(wrote) > 80


def watch(found):
    def run(execute, sql, params, many, context):
        if WRITE.match(sql):
            found.append(sql)
        return execute(sql, params, many, context)

    return run


class TestASuperuser:
    """Is made by a superuser alone, though somebody has every right there is."""

    FORGED = {"is_superuser": "on", "is_staff": "on"}

    @pytest.fixture
    def almost(self):
        user = make_user("almost@example.org")
        user.user_permissions.set(Permission.objects.all())
        client = Client()
        client.force_login(user)
        return client

    def test_is_not_made_by_any_form_of_the_admin(self, almost, samples):
        before = set(User.objects.filter(is_superuser=True))
        for url in addresses(samples).values():
            person = samples["her2site.User"]
            fields = {"email": person.email, "post": "yes", **self.FORGED}
            with transaction.atomic():
                almost.post(url, fields)
                assert set(User.objects.filter(is_superuser=True)) == before
                assert not User.objects.get(pk=person.pk).is_staff
                transaction.set_rollback(True)
        assert before == set()
