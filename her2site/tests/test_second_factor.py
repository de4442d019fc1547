"""The second step when signing in: an app, recovery codes, keys; and staff who must have one."""

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.utils import timezone

from articles.tests.desk_forms import staff_client
from articles.tests.factories import make_user
from her2site.tests.doors import (
    app_code,
    browser,
    confirm_password,
    last_mail,
    link_in,
    set_up_app,
    shown,
    sign_in,
    sign_up,
    who,
)

pytestmark = pytest.mark.django_db
INDEX = "/account/2fa/"
ACTIVATE = "/account/2fa/totp/activate/"
PICTURE = "/account/2fa/totp/picture/"
STEP = "/account/2fa/authenticate/"


@pytest.fixture
def client():
    return browser()


@pytest.fixture
def ana():
    return make_user("ana@example.org", is_staff=False)


@pytest.fixture
def strict(settings):
    settings.REQUIRE_STAFF_MFA = True


def answer_step(secret, *, later=1):
    """Sign in with the password on another device, up to the second step, and answer it."""
    device = browser()
    assert sign_in(device).url == STEP
    assert who(device) is None
    answer = device.post(STEP, {"code": app_code(secret, later=later)})
    return device, answer


class TestAnApp:
    def test_is_set_up_and_asked_for(self, client, ana):
        sign_in(client)
        device, answer = answer_step(set_up_app(client))
        assert answer.url == "/my-learning/"
        assert who(device) == str(ana.pk)

    def test_ends_the_session_with_the_browser_as_before(self, client, ana):
        sign_in(client)
        device, _ = answer_step(set_up_app(client))
        assert device.session.get_expire_at_browser_close()

    def test_with_a_wrong_code_lets_nobody_in(self, client, ana):
        sign_in(client)
        device, page = answer_step(set_up_app(client), later=9)
        assert "This code is not right." in shown(page)
        assert who(device) is None

    def test_takes_each_code_once(self, client, ana):
        sign_in(client)
        secret = set_up_app(client)
        answer_step(secret)
        device, _ = answer_step(secret)
        assert who(device) is None

    def test_is_not_set_up_with_a_wrong_code(self, client, ana):
        sign_in(client)
        confirm_password(client)
        secret = client.get(ACTIVATE).context["form"].secret
        page = client.post(ACTIVATE, {"code": app_code(secret, later=9)})
        assert "This code is not right." in shown(page)
        assert page.context["form"].secret == secret
        assert not Authenticator.objects.exists()

    def test_gives_recovery_codes_that_work_once(self, client, ana):
        sign_in(client)
        set_up_app(client)
        codes = client.get("/account/2fa/recovery-codes/").context["unused_codes"]
        assert len(codes) == 10
        for expected in [str(ana.pk), None]:
            device = browser()
            sign_in(device)
            device.post(STEP, {"code": codes[0]})
            assert who(device) == expected

    def test_is_taken_away_again(self, client, ana):
        sign_in(client)
        set_up_app(client)
        assert "Take the app away?" in shown(
            client.get("/account/2fa/totp/deactivate/")
        )
        client.post("/account/2fa/totp/deactivate/")
        assert not Authenticator.objects.exists()

    def test_waits_until_the_address_is_confirmed(self, client):
        """Or somebody could shut the owner of an address out of an account in their name."""
        sign_up(client)
        assert client.get(ACTIVATE).url == INDEX
        assert "Please confirm your e-mail address first." in shown(client.get(INDEX))
        client.post(link_in(last_mail()))
        confirm_password(client)
        assert client.get(ACTIVATE).status_code == 200

    def test_is_not_set_up_on_a_screen_that_was_left_unlocked(self, client, ana):
        sign_in(client)
        answer = client.get(ACTIVATE)
        assert answer.url.startswith("/account/reauthenticate/")
        assert "Is it still you?" in shown(client.get(answer.url))


class TestThePicture:
    def test_is_of_the_secret_that_the_page_shows(self, client, ana):
        sign_in(client)
        confirm_password(client)
        client.get(ACTIVATE)
        first = client.get(PICTURE)
        assert first["Content-Type"] == "image/svg+xml"
        assert "no-store" in first["Cache-Control"]
        assert client.get(PICTURE).content == first.content
        client.get(ACTIVATE)
        assert client.get(PICTURE).content != first.content

    def test_is_a_file_of_this_site_on_the_page(self, client, ana):
        sign_in(client)
        confirm_password(client)
        page = client.get(ACTIVATE)
        assert f'src="{PICTURE}"' in page.content.decode()
        assert "data:" not in page.content.decode()
        assert page.context["form"].secret in shown(page)

    def test_does_not_exist_otherwise(self, client, ana):
        assert client.get(PICTURE).status_code == 302
        sign_in(client)
        assert client.get(PICTURE).status_code == 404


class TestAKey:
    def test_is_offered_without_a_script_in_the_page(self, client, ana):
        sign_in(client)
        confirm_password(client)
        page = client.get("/account/2fa/webauthn/add/").content.decode()
        assert 'src="/static/js/keys.js"' in page
        assert " onclick=" not in page

    def test_that_answers_nonsense_is_refused(self, client, ana):
        sign_in(client)
        confirm_password(client)
        client.get("/account/2fa/webauthn/add/")
        page = client.post("/account/2fa/webauthn/add/", {"credential": "{}"})
        assert page.status_code == 200
        assert not Authenticator.objects.exists()

    def test_is_listed_renamed_and_taken_away(self, client, ana):
        sign_in(client)
        confirm_password(client)
        key = Authenticator.objects.create(
            user=ana, type="webauthn", data={"name": "Old", "credential": {}}
        )
        keys = "/account/2fa/webauthn/"
        client.post(f"{keys}keys/{key.pk}/edit/", {"name": "Blue key"})
        assert "Blue key" in shown(client.get(keys))
        page = client.get(f"{keys}keys/{key.pk}/remove/")
        assert "Take “Blue key” away?" in shown(page)
        client.post(f"{keys}keys/{key.pk}/remove/")
        assert not Authenticator.objects.exists()


class TestStaff:
    def test_without_a_second_step_are_sent_to_set_one_up(self, client, strict):
        make_user("ana@example.org")
        assert sign_in(client, next="/admin/").url == "/admin/"
        for url in ["/admin/", "/admin/her2site/user/"]:
            assert client.get(url).url == INDEX
        assert "The staff pages ask for a second step" in shown(client.get(INDEX))

    def test_with_one_come_in(self, client, strict):
        make_user("ana@example.org")
        sign_in(client)
        set_up_app(client)
        assert client.get("/admin/").status_code == 200

    def test_do_not_come_in_with_recovery_codes_alone(self, client, strict):
        user = make_user("ana@example.org")
        sign_in(client)
        Authenticator.objects.create(user=user, type="recovery_codes", data={})
        assert client.get("/admin/").url == INDEX

    def test_can_sign_out_without_one(self, client, strict):
        make_user("ana@example.org")
        sign_in(client)
        client.post("/admin/logout/")
        assert who(client) is None

    def test_need_none_on_a_laptop(self, client):
        make_user("ana@example.org")
        sign_in(client)
        assert client.get("/admin/").status_code == 200

    def test_work_for_a_day_also_after_a_second_step(self, client):
        make_user("ana@example.org")
        sign_in(client)
        device, _ = answer_step(set_up_app(client))
        left = device.session.get_expiry_date() - timezone.now()
        day = dt.timedelta(seconds=settings.STAFF_SESSION_AGE)
        assert day - dt.timedelta(minutes=1) < left <= day

    def test_cannot_be_remembered_for_longer(self, client):
        make_user("ana@example.org")
        sign_in(client, remember="on")
        left = client.session.get_expiry_date() - timezone.now()
        assert left <= dt.timedelta(seconds=settings.STAFF_SESSION_AGE)

    def test_are_not_learners(self, client, ana, strict):
        sign_in(client)
        answer = client.get("/admin/")
        page = client.get(answer.url)
        assert page.status_code == 403
        assert "These pages are for staff" in shown(page)


class TestALostOne:
    @pytest.fixture
    def factor(self, client, ana):
        sign_in(client)
        set_up_app(client)
        return Authenticator.objects.get(type="totp")

    def url(self, factor, move):
        return f"/admin/mfa/authenticator/{factor.pk}/{move}/"

    def test_is_taken_away_by_a_superuser_who_does_not_see_the_secret(self, factor):
        boss = staff_client(make_user("boss@example.org", superuser=True))
        page = boss.get(self.url(factor, "change"))
        assert factor.data["secret"] not in page.content.decode()
        boss.post(self.url(factor, "delete"), {"post": "yes"})
        assert not Authenticator.objects.filter(pk=factor.pk).exists()

    def test_is_not_changed_or_added_by_anybody(self, factor):
        boss = staff_client(make_user("boss@example.org", superuser=True))
        assert boss.post(self.url(factor, "change"), {"user": "1"}).status_code == 403
        assert boss.get("/admin/mfa/authenticator/add/").status_code == 403

    def test_is_not_for_other_staff(self, factor):
        staff = staff_client(make_user("staff@example.org"))
        assert staff.get(self.url(factor, "change")).status_code == 403
        assert staff.post(self.url(factor, "delete")).status_code == 403
