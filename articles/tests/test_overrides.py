"""Nobody signs off their own last edit, unless they may and say why."""

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission

from articles import publishing
from articles.models import SignOff
from articles.tests.desk_forms import address, confirm, fields_of, staff_client, text
from articles.tests.factories import make_article, make_user

WHY = "Nobody else knows this trial, and the page is wrong today."
VALUES = {"kind": "clinical", "name": "Rut Berg", "role": "oncologist"}

pytestmark = pytest.mark.django_db


def make_reviewer(*, may_override):
    rut = make_user("rut@example.org", name="Rut", groups=["Clinical reviewer"])
    if may_override:
        name = "override_articleversion"
        rut.user_permissions.add(Permission.objects.get(codename=name))
    return rut


def submitted(*, by):
    version = make_article(publish=False, by=by).versions.get()
    publishing.submit(version, by=None)
    return version


class TestWhoMayOverride:
    def test_signs_their_own_text_with_a_reason(self):
        rut = make_reviewer(may_override=True)
        version = submitted(by=rut)
        values = {**VALUES, "override_reason": WHY}
        confirm(staff_client(rut), version, "sign-off", **values)
        signed = version.sign_offs.get()
        assert (signed.override_reason, signed.reviewer) == (WHY, rut)

    def test_leaves_the_reason_in_the_history_and_for_colleagues(self):
        rut = make_reviewer(may_override=True)
        version, client = submitted(by=rut), staff_client(rut)
        confirm(client, version, "sign-off", **VALUES, override_reason=WHY)
        entry = LogEntry.objects.filter(user=rut).latest("pk")
        assert entry.change_message.endswith(f"Their own last edit, because: {WHY}")
        assert f"their own last edit, because: {WHY}" in text(
            client.get(address(version))
        )

    def test_is_asked_for_the_reason(self):
        rut = make_reviewer(may_override=True)
        version = submitted(by=rut)
        response = confirm(staff_client(rut), version, "sign-off", **VALUES)
        assert "Why nobody else can sign it off?" in text(response)
        assert not SignOff.objects.exists()

    def test_is_not_asked_about_the_text_of_another(self):
        rut = make_reviewer(may_override=True)
        version = submitted(by=make_user())
        shown = staff_client(rut).get(address(version, "sign-off"))
        assert "override_reason" not in fields_of(shown)
        confirm(staff_client(rut), version, "sign-off", **VALUES)
        assert version.sign_offs.get().override_reason == ""


class TestWhoMayNot:
    def test_is_refused_also_with_a_reason(self):
        rut = make_reviewer(may_override=False)
        version, client = submitted(by=rut), staff_client(rut)
        assert "override_reason" not in fields_of(
            client.get(address(version, "sign-off"))
        )
        values = {**VALUES, "override_reason": WHY}
        response = confirm(client, version, "sign-off", **values)
        assert "You made the last edit, so somebody else has to" in text(response)
        assert not SignOff.objects.exists()

    @pytest.mark.parametrize("group", ["Author", "Clinical reviewer", "Publisher"])
    def test_is_any_group_as_it_comes(self, group):
        user = make_user("x@example.org", groups=[group])
        assert not user.has_perm("articles.override_articleversion")
