"""The staff groups and what each may do, kept in step after every migration."""

from typing import Any

from django.contrib.auth.models import Group, Permission

# Moves need a permission of their own; the rest are Django's add, change, delete and view.
GROUPS: dict[str, tuple[str, ...]] = {
    "Author": (
        "articles.view_topic",
        "articles.view_article",
        "articles.add_article",
        "articles.change_article",
        "articles.view_articleversion",
        "articles.change_articleversion",
        "articles.view_passage",
        "articles.add_passage",
        "articles.change_passage",
        "articles.delete_passage",
        "articles.view_reference",
        "articles.add_reference",
        # Not add_glossaryterm: a word is on the site at once, and explained in live pages.
        "articles.view_glossaryterm",
        "articles.view_image",
        "articles.add_image",
        "articles.view_signoff",
        "articles.view_readerreport",
        "articles.change_readerreport",
        "articles.view_searchmiss",
        "articles.delete_searchmiss",
        "articles.view_linktarget",
    ),
    "Clinical reviewer": (
        "articles.view_topic",
        "articles.view_article",
        "articles.view_articleversion",
        "articles.view_passage",
        "articles.view_reference",
        "articles.view_glossaryterm",
        "articles.view_image",
        "articles.view_signoff",
        "articles.view_readerreport",
        "articles.change_readerreport",
        "articles.sign_off_articleversion",
        "articles.hide_passage",
    ),
    "Publisher": (
        "articles.view_topic",
        "articles.add_topic",
        "articles.change_topic",
        "articles.view_article",
        "articles.add_article",
        "articles.change_article",
        "articles.view_articleversion",
        "articles.change_articleversion",
        "articles.publish_articleversion",
        "articles.hide_passage",
        "articles.view_passage",
        "articles.add_passage",
        "articles.change_passage",
        "articles.delete_passage",
        "articles.view_reference",
        "articles.add_reference",
        "articles.change_reference",
        "articles.view_glossaryterm",
        "articles.add_glossaryterm",
        "articles.change_glossaryterm",
        "articles.view_image",
        "articles.add_image",
        "articles.change_image",
        "articles.view_signoff",
        "articles.view_readerreport",
        "articles.change_readerreport",
        "articles.view_searchmiss",
        "articles.delete_searchmiss",
        "articles.view_linktarget",
    ),
}


def grant(groups: dict[str, tuple[str, ...]]) -> None:
    """Make each group and give it these permissions; what it has beside them stays."""
    stored = {
        f"{p.content_type.app_label}.{p.codename}": p
        for p in Permission.objects.select_related("content_type")
    }
    for name, wanted in groups.items():
        group, _ = Group.objects.get_or_create(name=name)
        group.permissions.add(*(stored[codename] for codename in wanted))


def sync_groups(**_: Any) -> None:
    """After migrate: a migration could not, for permissions are made after it."""
    grant(GROUPS)
