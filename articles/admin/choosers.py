"""The search fields of the admin, with ids that the database can be asked for."""

from collections.abc import Mapping
from typing import Any

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple

NOBODY = "0"  # no row has it, so the form says that the choice is none
LONGEST_ID = 18  # digits that fit into the column


def _possible(pk: str) -> str:
    is_id = pk.isascii() and pk.isdecimal() and len(pk) <= LONGEST_ID
    return pk if is_id or not pk else NOBODY


class ChooseOne(AutocompleteSelect):
    """Django looks up what was posted to show it again, before it says that it is none.

    A word or a number of forty digits would break that.
    """

    def value_from_datadict(
        self, data: Mapping[str, Any], files: Any, name: str
    ) -> str | None:
        pk = super().value_from_datadict(data, files, name)
        return None if pk is None else _possible(str(pk))


class ChooseSeveral(AutocompleteSelectMultiple):
    """The same for several rows."""

    def value_from_datadict(
        self, data: Mapping[str, Any], files: Any, name: str
    ) -> list[str]:
        pks = super().value_from_datadict(data, files, name)
        return [_possible(str(pk)) for pk in pks or ()]
