"""The staff groups and what each may do."""

import pytest
from django.contrib.auth.models import Group, Permission

from articles.staffing import GROUPS, sync_groups
from articles.tests.factories import make_user

pytestmark = pytest.mark.django_db


def may(group, permission):
    return make_user(f"{group}@example.org".replace(" ", ""), groups=[group]).has_perm(
        f"articles.{permission}"
    )


class TestTheGroups:
    def test_are_there_after_migrate(self):
        assert set(Group.objects.values_list("name", flat=True)) >= set(GROUPS)

    @pytest.mark.parametrize("group", GROUPS)
    def test_have_every_permission_that_is_listed(self, group):
        user = make_user(groups=[group])
        assert user.has_perms(GROUPS[group])

    @pytest.mark.parametrize(
        ("group", "permission", "allowed"),
        [
            ("Author", "change_passage", True),
            ("Author", "publish_articleversion", False),
            ("Author", "sign_off_articleversion", False),
            ("Author", "add_glossaryterm", False),
            ("Publisher", "add_glossaryterm", True),
            ("Clinical reviewer", "sign_off_articleversion", True),
            ("Clinical reviewer", "change_articleversion", False),
            ("Clinical reviewer", "change_passage", False),
            ("Clinical reviewer", "publish_articleversion", False),
            ("Author", "hide_passage", False),
            ("Clinical reviewer", "hide_passage", True),
            ("Publisher", "hide_passage", True),
            ("Publisher", "publish_articleversion", True),
            ("Publisher", "sign_off_articleversion", False),
        ],
    )
    def test_may_do_their_own_work_only(self, group, permission, allowed):
        assert may(group, permission) is allowed

    @pytest.mark.parametrize("group", GROUPS)
    def test_may_never_touch_accounts_or_remove_history(self, group):
        user = make_user(groups=[group])
        granted = user.get_all_permissions()
        assert not [p for p in granted if p.startswith(("auth.", "her2site."))]
        assert not user.has_perm("articles.delete_articleversion")
        assert not user.has_perm("articles.change_signoff")

    def test_are_the_same_after_a_second_time(self):
        before = set(Permission.group_set.through.objects.values_list("pk", flat=True))
        sync_groups()
        after = set(Permission.group_set.through.objects.values_list("pk", flat=True))
        assert after == before

    def test_get_back_what_they_lost_and_keep_what_a_host_added(self):
        author = Group.objects.get(name="Author")
        added = Permission.objects.get(codename="publish_articleversion")
        author.permissions.set([added])
        sync_groups()
        codenames = set(author.permissions.values_list("codename", flat=True))
        assert {"publish_articleversion", "change_passage"} <= codenames
