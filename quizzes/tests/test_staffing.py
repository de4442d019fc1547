"""What the staff groups may do with questions and quizzes."""

import pytest
from django.contrib.auth.models import Group

from articles.tests.factories import make_user
from quizzes.staffing import GROUPS, sync_groups

pytestmark = pytest.mark.django_db


def may(group, permission):
    return make_user(groups=[group]).has_perm(f"quizzes.{permission}")


class TestTheGroups:
    @pytest.mark.parametrize(
        ("group", "permission", "allowed"),
        [
            ("Author", "change_questionversion", True),
            ("Author", "add_misconception", True),
            ("Author", "delete_option", True),
            ("Author", "publish_questionversion", False),
            ("Author", "publish_quizversion", False),
            ("Author", "delete_question", False),
            ("Publisher", "change_questionversion", True),
            ("Publisher", "publish_questionversion", True),
            ("Publisher", "publish_quizversion", True),
            ("Publisher", "delete_questionversion", False),
            ("Clinical reviewer", "view_questionversion", True),
            ("Clinical reviewer", "change_questionversion", False),
            ("Analyst", "view_quiz", True),
            ("Analyst", "change_quiz", False),
            ("Analyst", "view_reports", True),
            ("Publisher", "view_reports", True),
            ("Author", "view_reports", False),
        ],
    )
    def test_are_there_after_migrating(self, group, permission, allowed):
        assert may(group, permission) is allowed

    @pytest.mark.parametrize("group", GROUPS)
    @pytest.mark.parametrize(
        "table", ["attempt", "attemptslot", "responsestep", "slotscore"]
    )
    def test_give_no_access_to_what_learners_did(self, group, table):
        names = {f"{action}_{table}" for action in ("view", "add", "change", "delete")}
        assert not any(
            perm in names
            for perm in Group.objects.get(name=group).permissions.values_list(
                "codename", flat=True
            )
        )


class TestSyncing:
    def test_twice_changes_nothing(self):
        before = self.permissions()
        sync_groups()
        assert self.permissions() == before

    def test_gives_back_what_was_taken(self):
        before = self.permissions()
        Group.objects.get(name="Author").permissions.clear()
        sync_groups()
        author = Group.objects.get(name="Author")
        assert author.permissions.filter(codename="add_question").exists()
        assert self.permissions().keys() == before.keys()

    def test_makes_a_group_that_is_missing(self):
        Group.objects.get(name="Analyst").delete()
        sync_groups()
        assert may("Analyst", "view_question")

    def permissions(self):
        return {
            group.name: set(group.permissions.values_list("codename", flat=True))
            for group in Group.objects.all()
        }
