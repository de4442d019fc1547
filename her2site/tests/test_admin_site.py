"""The admin as a place: signing in, who may enter, and who may say who may."""

import datetime as dt

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.tests.desk_forms import fields_of, open_form, save, staff_client, text
from articles.tests.factories import make_article, make_user
from her2site.models import User
from quizzes.tests.factories import make_quiz

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
PEOPLE = "/admin/her2site/user/"
GROUPS = ["Author", "Clinical reviewer", "Publisher", "Analyst"]


def sign_in(client, email="ana@example.org", password=PASSWORD):
    fields = {"login": email, "password": password, "next": "/admin/"}
    return client.post("/account/login/", fields)


@pytest.fixture
def boss():
    return staff_client(make_user("boss@example.org", superuser=True))


@pytest.fixture
def clerk():
    """Staff who look after learners' accounts, and no more than that."""
    user = make_user("clerk@example.org")
    names = ["view_user", "add_user", "change_user"]
    user.user_permissions.set(Permission.objects.filter(codename__in=names))
    return staff_client(user)


class TestSigningIn:
    def test_ends_after_a_working_day(self, client):
        make_user("ana@example.org")
        assert sign_in(client).url == "/admin/"
        left = client.session.get_expiry_date() - timezone.now()
        day = dt.timedelta(seconds=settings.STAFF_SESSION_AGE)
        assert day - dt.timedelta(minutes=1) < left <= day

    def test_ends_then_also_for_somebody_who_keeps_working(self, client):
        make_user("ana@example.org")
        sign_in(client)
        end = client.session["_session_expiry"]
        session = client.session
        session["touched"] = True
        session.save()
        client.get("/admin/")
        assert client.session["_session_expiry"] == end

    def test_does_not_mind_capitals_in_the_address(self, client):
        make_user("ana@example.org")
        assert sign_in(client, email="Ana@Example.org").status_code == 302

    @pytest.mark.parametrize(
        ("fields", "password"),
        [
            ({}, "wrong"),
            ({"is_staff": False}, PASSWORD),
            ({"is_active": False}, PASSWORD),
        ],
    )
    def test_lets_nobody_else_into_the_admin(self, client, fields, password):
        make_user("ana@example.org", **fields)
        sign_in(client, password=password)
        assert client.get("/admin/").url == "/admin/login/?next=/admin/"

    def test_stands_on_one_page_for_everybody(self, client):
        """Which counts wrong passwords; the admin's own form does not exist any more."""
        make_user("ana@example.org")
        words = {"username": "ana@example.org", "password": PASSWORD}
        for answer in [
            client.get("/admin/login/?next=/admin/"),
            client.post("/admin/login/?next=/admin/", words),
        ]:
            assert answer.url == "/account/login/?next=%2Fadmin%2F"
        assert client.get("/admin/").status_code == 302

    @pytest.mark.parametrize("length", [255, 60_000])
    def test_with_a_longer_address_than_any_finds_nobody(
        self, length, django_assert_num_queries
    ):
        with django_assert_num_queries(0), pytest.raises(User.DoesNotExist):
            User.objects.get_by_natural_key("a" * length)

    def test_with_a_very_long_address_is_refused(self, client):
        response = sign_in(client, email=f"{'a' * 60_000}@example.org")
        assert response.status_code == 200
        assert "There is a problem" in text(response)


class TestAUser:
    def test_is_added_by_address_with_a_password(self, boss):
        url = f"{PEOPLE}add/"
        fields = fields_of(boss.get(url), "user_form")
        words = {"password1": "a long new password", "password2": "a long new password"}
        boss.post(url, {**fields, "email": "new@example.org", "name": "New", **words})
        user = User.objects.get(email="new@example.org")
        assert user.check_password("a long new password")
        assert not user.is_staff

    def test_is_not_added_twice_in_other_capitals(self, boss):
        make_user("ana@example.org")
        words = {"password1": "a long new password", "password2": "a long new password"}
        fields = {"email": "ANA@example.org", "usable_password": "true", **words}
        page = text(boss.post(f"{PEOPLE}add/", fields))
        assert "already" in page
        assert User.objects.filter(email__iexact="ana@example.org").count() == 1

    def test_is_made_staff_in_a_group_by_a_superuser(self, boss):
        user = make_user("ana@example.org", is_staff=False)
        author = Group.objects.get(name="Author")
        save(boss, user, is_staff="on", groups=[author.pk])
        user.refresh_from_db()
        assert user.is_staff
        assert list(user.groups.all()) == [author]


class TestNobodyLiftsThemselves:
    FORGED = {
        "is_superuser": "on",
        "is_staff": "on",
        "user_permissions": ["1", "2"],
    }

    def test_by_posting_rights_for_a_learner(self, clerk):
        learner = make_user("learner@example.org", is_staff=False)
        groups = list(Group.objects.values_list("pk", flat=True))
        save(clerk, learner, name="Seen", groups=groups, **self.FORGED)
        learner.refresh_from_db()
        assert learner.name == "Seen"
        assert not learner.is_superuser
        assert not learner.is_staff
        assert not learner.groups.exists()
        assert not learner.user_permissions.exists()

    def test_by_looking_for_the_fields(self, clerk):
        learner = make_user("learner@example.org", is_staff=False)
        _, fields = open_form(clerk, learner)
        assert set(fields) <= {"csrfmiddlewaretoken", "email", "name", "is_active"}

    def test_by_posting_rights_with_a_new_account(self, clerk):
        words = {"password1": "a long new password", "password2": "a long new password"}
        fields = {"email": "new@example.org", "usable_password": "true", **words}
        clerk.post(f"{PEOPLE}add/", {**fields, **self.FORGED})
        user = User.objects.get(email="new@example.org")
        assert not user.is_superuser
        assert not user.is_staff

    @pytest.mark.parametrize("target", ["colleague", "boss", "self"])
    def test_by_changing_a_colleague_or_themselves(self, clerk, target):
        user = {
            "colleague": lambda: make_user("c@example.org", groups=["Publisher"]),
            "boss": lambda: make_user("b@example.org", superuser=True),
            "self": lambda: User.objects.get(email="clerk@example.org"),
        }[target]()
        change = reverse("admin:her2site_user_change", args=[user.pk])
        password = reverse("admin:auth_user_password_change", args=[user.pk])
        words = {"password1": "a stolen password", "password2": "a stolen password"}
        assert clerk.post(change, {"email": "x@example.org"}).status_code == 403
        assert clerk.post(password, words).status_code == 403
        user.refresh_from_db()
        assert user.check_password(PASSWORD)

    @pytest.mark.parametrize("group", GROUPS)
    def test_from_any_group(self, group):
        user = make_user("x@example.org", groups=[group])
        client = staff_client(user)
        for url in [PEOPLE, f"{PEOPLE}{user.pk}/change/", "/admin/auth/group/"]:
            assert client.get(url).status_code == 403
            assert client.post(url, self.FORGED).status_code == 403
        user.refresh_from_db()
        assert not user.is_superuser

    def test_by_the_right_to_change_groups(self):
        user = make_user("x@example.org")
        user.user_permissions.set(Permission.objects.filter(codename="change_group"))
        group = Group.objects.get(name="Author")
        url = reverse("admin:auth_group_change", args=[group.pk])
        client = staff_client(user)
        assert client.get(url).status_code == 403
        assert client.post(url, {"name": "Author"}).status_code == 403


class TestEveryList:
    """Of every table of the admin, whatever is added later."""

    def lists(self):
        return [
            reverse(f"admin:{m._meta.app_label}_{m._meta.model_name}_changelist")
            for m in admin.site._registry
        ]

    def test_opens_for_a_superuser_in_few_queries(
        self, boss, django_assert_max_num_queries
    ):
        make_article()
        make_quiz()
        for url in self.lists():
            with django_assert_max_num_queries(12):
                assert boss.get(url, {"q": "a"}).status_code == 200

    def test_names_the_column_in_each_cell_and_can_be_reached_by_keyboard(self, boss):
        make_article()
        page = text(boss.get("/admin/articles/articleversion/"))
        assert 'role="region" tabindex="0" aria-label="Article versions"' in page
        assert (
            '<td role="cell" data-column="Number" class="field-number">1</td>' in page
        )

    def test_writes_days_and_hours_as_the_rest_of_the_site(self, boss):
        make_article()
        page = text(boss.get("/admin/articles/articleversion/"))
        assert "6 January 2025, 09:00" in page

    def test_is_closed_to_strangers_and_learners(self, client):
        learner = Client()
        learner.force_login(make_user("learner@example.org", is_staff=False))
        for url in self.lists():
            for someone in (client, learner):
                assert someone.get(url).url.startswith("/admin/login/")

    def test_cannot_be_edited_in_place(self):
        editable = [a for a in admin.site._registry.values() if a.list_editable]
        assert editable == []


class TestThePolicy:
    def test_is_as_strict_here_as_everywhere(self, boss):
        policy = boss.get("/admin/")["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy

    def test_no_page_holds_a_script_or_style_of_its_own(self, boss):
        article = make_article()
        for url in ["/admin/", f"/admin/articles/article/{article.pk}/change/"]:
            page = boss.get(url).content.decode()
            assert " style=" not in page
            assert " onclick=" not in page
            assert "<style" not in page
