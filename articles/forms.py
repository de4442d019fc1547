"""The forms of the staff side: what an article is, its text, and its moves."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, cast

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone

from articles.anchors import RESERVED
from articles.models import (
    Article,
    ArticleVersion,
    Passage,
    SlugHistory,
)
from articles.texts import free_key, used_keys

STALE = (
    "{who} saved this draft on {when}, after you opened it. Nothing is lost, and nothing of "
    "yours is stored yet. What only one of you changed is in the fields. Where you both "
    "changed something, your text is in the field and theirs stands below it: take over what "
    "you want to keep. What stands in the fields when you save again is stored."
)
NO_START = (
    "This form does not say which text it began from. Copy your text and open it again."
)
STEP = 10
LONGEST_WAIT = dt.timedelta(days=2 * 366)


class Lines(forms.Textarea):
    """Several lines, kept as files keep them.

    A browser sends each line break as two characters. Stored like that, a text that nobody
    touched would differ from itself.
    """

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        value = super().value_from_datadict(data, files, name)
        return value.replace("\r\n", "\n") if isinstance(value, str) else value


class TokenForm(forms.ModelForm):
    """A form that knows which saved text it was opened on."""

    token = forms.IntegerField(
        widget=forms.HiddenInput, error_messages={"required": NO_START}
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["token"].initial = self.instance.edit_token

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        token = self.cleaned_data.get("token")
        if token is not None and token != self.instance.edit_token:
            self._take_new_token()
            when = timezone.localtime(self.instance.edited_at)
            raise ValidationError(
                STALE.format(
                    who=self.instance.edited_by or "Somebody",
                    when=f"{when.day} {when:%B %Y at %H:%M}",
                ),
                code="stale",
            )
        return cleaned

    def _take_new_token(self) -> None:
        """Saving again is then a decision, made with both texts in sight."""
        token = {self.add_prefix("token"): str(self.instance.edit_token)}
        self.data = with_values(self.data, token)


def with_values(data: Mapping[str, Any], new: Mapping[str, str]) -> Mapping[str, Any]:
    """What was posted, with other values for these fields."""
    changed = cast("QueryDict", data).copy()
    for name, value in new.items():
        changed[name] = value
    return changed


class ArticleForm(forms.ModelForm):
    """The address, the shelf and the owner."""

    class Meta:
        model = Article
        fields = (
            "slug",
            "topic",
            "position",
            "owner",
            "deputy",
            "review_every_months",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in {"owner", "deputy"} & set(self.fields):
            field = self.fields[name]
            assert isinstance(field, forms.ModelChoiceField)
            chosen = Q(pk=getattr(self.instance, f"{name}_id"))
            staff = Q(is_staff=True, is_active=True) | chosen
            people = get_user_model().objects.filter(staff)
            field.queryset = people.order_by("name", "pk")

    def clean_slug(self) -> str:
        slug = cast("str", self.cleaned_data["slug"])
        taken = SlugHistory.objects.filter(slug=slug)
        if self.instance.pk:
            taken = taken.exclude(article=self.instance)
        if taken.exists():
            msg = "Another article once had this address, and links still lead there. Choose another one."
            raise ValidationError(msg, code="once-used")
        return slug


class VersionForm(TokenForm):
    class Meta:
        model = ArticleVersion
        fields = (
            "title",
            "summary",
            "key_points",
            "written_by",
            "change_kind",
            "change_note",
        )
        widgets = {
            "title": forms.TextInput(attrs={"size": 60}),
            "summary": Lines(attrs={"rows": 3}),
            "key_points": Lines(attrs={"rows": 6}),
            "written_by": forms.TextInput(attrs={"size": 60}),
            "change_note": forms.TextInput(attrs={"size": 60}),
        }


class PassageForm(forms.ModelForm):
    key = forms.SlugField(
        max_length=80,
        required=False,
        help_text="The part of the address after #. Leave it empty and the heading gives it. "
        "Once saved it stays, so that links and questions find the passage.",
    )
    position = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=32_000,
        help_text="Passages stand in the order of these numbers.",
    )

    class Meta:
        model = Passage
        fields = ("position", "heading", "key", "body")
        widgets = {
            "heading": forms.TextInput(attrs={"size": 60}),
            "body": Lines(attrs={"rows": 14, "data-markdown": "body"}),
        }
        labels = {"body": "Text"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["key"].widget.attrs["readonly"] = True
        else:
            self.initial["position"] = None

    def clean_key(self) -> str:
        if self.instance.pk:
            return str(self.instance.key)
        key = str(self.cleaned_data["key"]).lower()
        if key in RESERVED:
            msg = f"The page itself uses “{key}”. Choose another key."
            raise ValidationError(msg, code="reserved")
        return key


class PlacedFormSet(forms.BaseInlineFormSet):
    """Rows in an order; those without a place come last."""

    def clean(self) -> None:
        rows = [form for form in self.forms if self._is_kept(form)]
        self.complete(rows)
        super().clean()

    def complete(self, rows: Sequence[forms.BaseForm]) -> None:
        """Fill in what the rows that stay leave open."""
        self._give_places(rows)

    def _is_kept(self, form: forms.ModelForm) -> bool:
        is_there = bool(form.instance.pk) or form.has_changed()
        return is_there and not getattr(form, "cleaned_data", {}).get("DELETE")

    def _give_places(self, rows: Sequence[forms.BaseForm]) -> None:
        last = max((_place(form) or 0 for form in rows), default=0)
        for form in rows:
            if _place(form) is None and hasattr(form, "cleaned_data"):
                last += STEP
                _put(form, "position", last)


class PassageFormSet(PlacedFormSet):
    """Passages; those without a key are given one."""

    def complete(self, rows: Sequence[forms.BaseForm]) -> None:
        super().complete(rows)
        self._give_keys(rows)

    def _give_keys(self, rows: Sequence[forms.BaseForm]) -> None:
        used = used_keys(self.instance.article_id)
        taken = {*RESERVED, *used, *(_key(form) for form in rows)}
        for form in rows:
            heading = getattr(form, "cleaned_data", {}).get("heading")
            if heading and not _key(form):
                key = free_key(heading, taken)
                taken.add(key)
                _put(form, "key", key)


def _key(form: forms.BaseForm) -> str:
    return str(getattr(form, "cleaned_data", {}).get("key") or "")


def _place(form: forms.BaseForm) -> int | None:
    place = getattr(form, "cleaned_data", {}).get("position")
    return place if isinstance(place, int) else None


def _put(form: forms.BaseForm, name: str, value: object) -> None:
    form.cleaned_data[name] = value
    setattr(form.instance, name, value)  # type: ignore[attr-defined]


# --- Moves -----------------------------------------------------------------------------------


class MoveForm(forms.Form):
    """What a confirm screen asks. `row` is what moves, `user` who moves it.

    `SEEN` are hidden fields that say which text the screen shows, and where that is kept.
    """

    SEEN: ClassVar[dict[str, str]] = {}

    def __init__(
        self, *args: Any, row: models.Model, user: AbstractBaseUser, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.row = row
        self.user = user
        for name, seen in self.seen(row).items():
            self.fields[name].initial = seen

    def full_clean(self) -> None:
        for field in self.fields.values():
            _ask_by_name(field)
        super().full_clean()

    def see(self, row: models.Model) -> None:
        """The screen is about to show `row`, which may have changed since the last time."""
        if self.is_bound:
            self.data = with_values(self.data, self.seen(row))

    def seen(self, row: models.Model) -> dict[str, str]:
        """What the hidden fields hold when the screen shows `row`."""
        return {name: str(getattr(row, kept)) for name, kept in self.SEEN.items()}

    def is_settled(self) -> bool:
        """Whether a valid form is enough; else its screen comes once more, with more to see."""
        return True


def _ask_by_name(field: forms.Field) -> None:
    """In a list at the top, “This field is required” would not say which."""
    if (
        field.error_messages["required"]
        != forms.Field.default_error_messages["required"]
    ):
        return
    asked = f"“{field.label}” is empty. Please fill it in."
    if isinstance(field.widget, forms.RadioSelect):
        asked = f"“{field.label}” is open. Please choose."
    field.error_messages["required"] = NO_START if field.widget.is_hidden else asked


class SeenForm(MoveForm):
    """Carries the number of the save that the screen shows."""

    SEEN: ClassVar[dict[str, str]] = {"token": "edit_token"}

    token = forms.IntegerField(
        widget=forms.HiddenInput, error_messages={"required": NO_START}
    )


def reason_field(label: str, *, longest: int, help_text: str) -> forms.CharField:
    widget = Lines(attrs={"rows": 3})
    return forms.CharField(
        label=label,
        max_length=longest,
        help_text=help_text,
        widget=widget,
        error_messages={"required": f"{label}?"},
    )


class ReturnForm(SeenForm):
    reason = reason_field(
        "What has to change", longest=500, help_text="The author reads this."
    )


class PublishForm(SeenForm):
    NOW, LATER = "now", "later"
    when = forms.ChoiceField(
        label="When",
        choices=[(NOW, "Now"), (LATER, "From a moment that I choose")],
        initial=NOW,
        widget=forms.RadioSelect,
    )
    live_from = forms.DateTimeField(
        label="From",
        required=False,
        widget=forms.DateTimeInput(
            attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"
        ),
        error_messages={
            "invalid": "Give the moment as day and time, such as 2027-03-01 09:00."
        },
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("when") == self.NOW:
            cleaned["live_from"] = None
        elif not cleaned.get("live_from") and "live_from" not in self.errors:
            self.add_error("live_from", "Choose the moment, or publish now.")
        return cleaned

    def clean_live_from(self) -> dt.datetime | None:
        moment: dt.datetime | None = self.cleaned_data["live_from"]
        if moment and moment > timezone.now() + LONGEST_WAIT:
            msg = "This is more than two years ahead. Choose an earlier moment."
            raise ValidationError(msg, code="far")
        return moment


class WithdrawForm(MoveForm):
    reason = reason_field(
        "Why it is withdrawn", longest=500, help_text="Readers see this sentence."
    )
    replaced_by = forms.CharField(
        label="Page that takes its place",
        required=False,
        help_text="The last part of its address. Leave it empty when there is none.",
        widget=forms.TextInput(attrs={"list": "article-slugs"}),
    )

    def clean_replaced_by(self) -> Article | None:
        slug = self.cleaned_data["replaced_by"]
        if not slug:
            return None
        found = Article.objects.filter(slug=slug).first()
        if found is None:
            raise ValidationError(f"No article has the address “{slug}”.")
        return found

    def slugs(self) -> Iterable[str]:
        others = Article.objects.exclude(pk=self.row.pk)
        return others.values_list("slug", flat=True)
