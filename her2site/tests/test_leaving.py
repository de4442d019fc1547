"""Leaving: all that is kept about somebody can be taken along, and erased."""

import json
from importlib import import_module

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection

from articles.tests.desk_forms import staff_client
from articles.tests.factories import AT, make_article, make_sign_off, make_user
from her2site.leaving import (
    ABOUT_A_PERSON,
    SIGN_IN,
    SIGNED_BY_STAFF,
    STAND_IN,
    CannotErase,
    erase_person,
    export_person,
)
from her2site.models import User
from quizzes.models import (
    Attempt,
    AttemptSlot,
    Certificate,
    ExtraTime,
    ResponseStep,
    ReviewCard,
    ReviewLog,
    SlotScore,
    Taker,
)
from quizzes.recounts import verify
from quizzes.starting import try_again
from quizzes.tests.factories import (
    LATER,
    begin,
    give,
    learner,
    make_quiz,
)

TOKEN = "zyxqj"
EMAIL = f"{TOKEN}@example.org"


def make_learner(email=EMAIL, **fields):
    return make_user(email, **{"is_staff": False, **fields})


def study(person, quiz, *, certificate=""):
    """Take a quiz, try again what was missed, and leave that half done."""
    taker = Taker(user_id=person.pk)
    attempt = begin(quiz, taker=taker)
    give(attempt, 1, "A protein", certainty=3)
    give(attempt, 2, "A virus")
    attempt.refresh_from_db()
    try_again(attempt, taker=taker, at=LATER)
    if certificate:
        Certificate.objects.create(attempt=attempt, name=certificate, issued_at=AT)
    ExtraTime.objects.create(quiz=quiz, user=person, minutes=20, granted_at=AT)
    return attempt


def log(by, row, message="Changed."):
    LogEntry.objects.log_actions(by.pk, [row], CHANGE, message, single_object=True)


def text(found):
    return json.dumps(found, ensure_ascii=False, indent=2)


@pytest.fixture
def quiz():
    return make_quiz(questions=2)


# --- The tables ------------------------------------------------------------------------------


def leads_to(model, targets):
    """Whether a row of this table points at a row of one of those."""
    fields = (field for field in model._meta.get_fields() if field.concrete)
    return any(field.is_relation and field.related_model in targets for field in fields)


class TestTheTables:
    """Every table that leads to a person must be declared, or it would be forgotten."""

    everything = apps.get_models(include_auto_created=True)

    def declared(self):
        installed = {model._meta.label for model in self.everything}
        optional = {label for label in SIGN_IN if label not in installed}
        return {*ABOUT_A_PERSON, *SIGNED_BY_STAFF} - optional

    def test_with_a_person_in_them_are_all_declared(self):
        found = {m._meta.label for m in self.everything if leads_to(m, {User})}
        assert found - self.declared() == set()

    def test_that_hang_on_those_about_a_person_are_all_declared(self):
        labels = set(ABOUT_A_PERSON) & self.declared()
        about = {apps.get_model(label) for label in labels}
        found = {m._meta.label for m in self.everything if leads_to(m, about)}
        assert found - self.declared() == set()

    def test_that_are_declared_all_exist(self):
        assert all(apps.get_model(label) for label in self.declared())

    @pytest.mark.django_db
    def test_about_a_person_all_have_their_part_in_the_export(self):
        parts = set(export_person(make_learner()))
        assert set(ABOUT_A_PERSON.values()) | {"worked_on"} == parts


# --- Taking it along --------------------------------------------------------------------------


@pytest.mark.django_db
class TestAnExport:
    def test_holds_what_a_learner_did(self, quiz):
        person = make_learner(name="Asa Ek")
        attempt = study(person, quiz, certificate="Dr Asa Ek")
        found = export_person(person)
        assert found["account"]["email"] == EMAIL
        assert found["account"]["name"] == "Asa Ek"
        assert found["attempts"][0]["attempt"]["id"] == str(attempt.id)
        assert found["certificates"][0]["name"] == "Dr Asa Ek"
        assert found["extra_time"] == [
            {"minutes": 20, "granted_at": "2025-01-06T09:00:00+00:00", "test": "basics"}
        ]
        assert [len(card["log"]) for card in found["review_cards"]] == [1, 1]

    def test_holds_receipts_and_no_key_of_what_is_unfinished(self, quiz):
        person = make_learner()
        study(person, quiz)
        finished, unfinished = export_person(person)["attempts"]
        assert verify(finished) == verify(unfinished) == []
        assert finished["total"] == {"thousandths": 1000, "of": 2000}
        assert unfinished["total"] is None
        assert "scoring" not in text(unfinished)

    def test_holds_nothing_of_anybody_else(self, quiz):
        study(make_learner(), quiz, certificate=TOKEN)
        other = make_learner("bo@example.org")
        study(other, quiz)
        assert TOKEN not in text(export_person(other))

    def test_holds_no_password(self):
        person = make_learner()
        assert person.password not in text(export_person(person))

    def test_holds_what_staff_signed_and_did(self):
        person = make_user(EMAIL, groups=["Author"])
        version = make_article(by=person).versions.get()
        make_sign_off(make_article("other").versions.get(), by=person)
        found = export_person(person)
        assert found["account"]["groups"] == ["Author"]
        assert [one["name"] for one in found["sign_offs"]] == ["Bo Lind"]
        assert found["audit_trail"][0]["table"] == "articleversion"
        assert {
            "table": "articles.ArticleVersion",
            "as": "published_by",
            "rows": [version.pk],
        } in found["worked_on"]

    def test_is_the_same_text_for_the_same_rows(self, quiz):
        person = make_learner()
        study(person, quiz)
        assert text(export_person(person)) == text(
            export_person(User.objects.get(pk=person.pk))
        )


# --- Leaving ---------------------------------------------------------------------------------


def everything_stored():
    """Every column of every table, and every file, as one text."""
    with connection.cursor() as cursor:
        rows = [
            row
            for table in connection.introspection.table_names(cursor)
            for row in all_of(cursor, table)
        ]
    sessions = [session.get_decoded() for session in Session.objects.all()]
    files = [
        file.read_bytes()
        for file in settings.DATA_DIR.rglob("media/**/*")
        if file.is_file()
    ]
    return repr((rows, sessions, files)).lower()


def all_of(cursor, table):
    name = connection.ops.quote_name(table)
    cursor.execute(f"SELECT * FROM {name}")  # noqa: S608 - the database's own name
    return cursor.fetchall()


def counts():
    """What statistics are made of."""
    steps = ResponseStep.objects.order_by("pk").values_list(
        "slot", "chosen", "certainty"
    )
    return {
        "attempts": Attempt.objects.count(),
        "retries": Attempt.objects.filter(retry_of__isnull=False).count(),
        "finished": Attempt.objects.filter(state="submitted").count(),
        "slots": AttemptSlot.objects.count(),
        "steps": list(steps),
        "scores": [
            *SlotScore.objects.order_by("pk").values_list("slot", "thousandths")
        ],
    }


def sign_in(person):
    client = learner()
    client.force_login(person)
    return client


def keep_session(**content):
    """A session as a browser that is not signed in has it."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store.update(content)
    store.create()


@pytest.mark.django_db
class TestErasing:
    def test_leaves_no_trace_in_any_table_or_file(self, quiz):
        person = make_learner(name=f"Asa {TOKEN}")
        study(person, quiz, certificate=f"Dr {TOKEN}")
        boss = make_user("boss@example.org", superuser=True)
        log(boss, person)
        log(boss, Certificate.objects.get(), f"Withdrawn, because {TOKEN} asked.")
        sign_in(person)
        keep_session(account_login={"email": EMAIL.upper()})
        code = Certificate.objects.get().code.lower()
        assert everything_stored().count(TOKEN) == 6
        erase_person(person)
        left = everything_stored()
        assert TOKEN not in left
        assert code not in left

    def test_leaves_the_counts_as_they_were(self, quiz):
        person = make_learner()
        study(person, quiz)
        before = counts()
        erase_person(person)
        assert counts() == before

    def test_makes_the_attempts_nobodys_and_keeps_their_chain(self, quiz):
        person = make_learner()
        attempt = study(person, quiz)
        erase_person(person)
        owners = Attempt.objects.values_list("user", "guest_key").distinct()
        assert list(owners) == [(None, "")]
        assert attempt.retries.get().state == "set_aside"

    def test_leaves_others_as_they_were(self, quiz):
        person = make_learner("a@x.org")
        study(person, quiz)
        other = make_learner("maria@x.org")
        study(other, quiz, certificate="Maria")
        browser = sign_in(other)
        keep_session(note="Sent to a@x.org.uk and to maria@x.org.")
        before = text(export_person(other))
        erase_person(person)
        assert text(export_person(other)) == before
        assert browser.get("/account/export/").status_code == 200
        assert Session.objects.count() == 2

    def test_says_what_went(self, quiz):
        person = make_learner()
        study(person, quiz, certificate="Asa")
        sign_in(person)
        erased = erase_person(person)
        assert (erased.attempts, erased.certificates, erased.review_cards) == (2, 1, 2)
        assert (erased.extra_time, erased.sessions) == (1, 1)
        for table in (Certificate, ReviewCard, ReviewLog, ExtraTime, Session, User):
            assert not table.objects.exists()

    @pytest.mark.parametrize("right", ["is_staff", "is_superuser"])
    def test_is_refused_for_whoever_may_enter_the_admin(self, right):
        person = make_learner(**{right: True})
        with pytest.raises(CannotErase, match="take that right away first"):
            erase_person(person)
        assert User.objects.filter(pk=person.pk).exists()

    def test_keeps_what_a_former_member_of_staff_did(self):
        person = make_user(EMAIL, name=TOKEN)
        article = make_article(by=person)
        sign_off = make_sign_off(make_article("other").versions.get(), by=person)
        did = LogEntry.objects.filter(user=person).count()
        User.objects.filter(pk=person.pk).update(is_staff=False)
        erase_person(person)
        assert did and LogEntry.objects.filter(user__email=STAND_IN).count() == did
        assert TOKEN not in everything_stored()
        sign_off.refresh_from_db()
        assert (sign_off.reviewer, sign_off.name) == (None, "Bo Lind")
        version = article.versions.get()
        assert (version.status, version.published_by) == ("published", None)

    def test_of_a_second_one_uses_the_same_stand_in(self):
        for email in ("a@x.org", "b@x.org"):
            person = make_learner(email)
            log(person, person)
            erase_person(person)
        (stand_in,) = User.objects.all()
        assert LogEntry.objects.filter(user=stand_in).count() == 2
        assert not stand_in.is_active
        assert not stand_in.has_usable_password()
        with pytest.raises(CannotErase, match="stands in"):
            erase_person(stand_in)


@pytest.mark.django_db
@pytest.mark.skipif(not apps.is_installed("allauth.mfa"), reason="needs allauth")
class TestWhatTheSignInKeeps:
    SECRET = "its-secret"

    def make(self):
        person = make_learner()
        table = apps.get_model("account.EmailAddress").objects
        address = table.create(user=person, email=f"other.{EMAIL}", verified=True)
        keys = apps.get_model("account.EmailConfirmation").objects
        keys.create(email_address=address, key=self.SECRET, created=AT)
        factors = apps.get_model("mfa.Authenticator").objects
        factors.create(user=person, type="totp", data={"secret": self.SECRET})
        return person

    def test_is_exported_without_its_secrets(self):
        found = export_person(self.make())["account"]["sign_in"]
        assert found["account.EmailAddress"][0]["email"] == f"other.{EMAIL}"
        assert found["mfa.Authenticator"][0]["type"] == "totp"
        assert self.SECRET not in text(found)

    def test_is_erased(self):
        erase_person(self.make())
        left = everything_stored()
        assert TOKEN not in left
        assert self.SECRET not in left


@pytest.mark.django_db
class TestTheAdmin:
    def erase(self, boss, person):
        url = f"/admin/her2site/user/{person.pk}/delete/"
        return staff_client(boss).post(url, {"post": "yes"})

    def erase_marked(self, boss, *people):
        fields = {
            "action": "delete_selected",
            "_selected_action": [person.pk for person in people],
            "post": "yes",
        }
        return staff_client(boss).post("/admin/her2site/user/", fields)

    @pytest.fixture
    def boss(self):
        return make_user("boss@example.org", superuser=True)

    @pytest.mark.parametrize("way", ["erase", "erase_marked"])
    def test_erases_as_people_themselves_do(self, boss, quiz, way):
        person = make_learner(name=TOKEN)
        study(person, quiz, certificate=TOKEN)
        assert getattr(self, way)(boss, person).status_code == 302
        Session.objects.all().delete()  # it says to the boss who was deleted
        assert TOKEN not in everything_stored()
        assert Attempt.objects.count() == 2

    @pytest.mark.parametrize("way", ["erase", "erase_marked"])
    def test_erases_no_staff(self, boss, way):
        person = make_user()
        getattr(self, way)(boss, person)
        assert User.objects.filter(pk=person.pk).exists()


@pytest.mark.django_db
class TestTheCommands:
    def test_write_an_export_to_the_screen(self, capsys):
        person = make_learner()
        call_command("export_person", EMAIL.upper())
        assert json.loads(capsys.readouterr().out) == export_person(person)

    def test_write_an_export_to_a_file(self, tmp_path):
        person = make_learner()
        call_command("export_person", EMAIL, output=tmp_path / "file.json")
        kept = (tmp_path / "file.json").read_text(encoding="utf-8")
        assert json.loads(kept) == export_person(person)

    def test_erase_when_it_is_meant(self, capsys, quiz):
        study(make_learner(), quiz)
        call_command("erase_person", EMAIL, "--yes")
        assert not User.objects.exists()
        assert "2 attempts are nobody's now." in capsys.readouterr().out

    @pytest.mark.parametrize(
        ("email", "options", "words"),
        [
            (EMAIL, [], "Add --yes to do it."),
            ("boss@example.org", ["--yes"], "take that right away first"),
            ("nobody@example.org", ["--yes"], "Nobody signs in as"),
        ],
    )
    def test_erase_nobody_otherwise(self, email, options, words):
        make_learner()
        make_user("boss@example.org")
        with pytest.raises(CommandError, match=words):
            call_command("erase_person", email, *options)
        assert User.objects.count() == 2
