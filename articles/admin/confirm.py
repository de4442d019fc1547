"""Confirm screens: a GET shows what a move will do, a POST does it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from articles import hiding, publishing, reviewing
from articles.admin.choosers import ChooseOne, ChooseSeveral
from articles.forms import MoveForm
from articles.models import Frozen

REFUSALS: tuple[type[Exception], ...] = (
    publishing.CannotPublish,
    publishing.CannotMove,
    reviewing.CannotSignOff,
    reviewing.CannotReview,
    hiding.CannotHide,
    Frozen,
)
Values = dict[str, Any]


@dataclass(frozen=True)
class Done:
    """What to say after a move, and where to go on."""

    message: str
    url: str


@dataclass(frozen=True)
class Move:
    """One button. `permissions`: any one of them is enough.

    `refusal` says why the move cannot start from this row's state, or is empty. `show` gives the
    screen what it prints about the row.
    """

    name: str
    verb: str
    title: str
    explain: str
    permissions: tuple[str, ...]
    run: Callable[[Any, Values, AbstractBaseUser, dt.datetime], Done]
    refusal: Callable[[Any], str] = lambda _: ""
    form: Callable[..., MoveForm] = MoveForm
    show: Callable[[Any, dt.datetime], dict[str, Any]] = lambda *_: {}
    template: str = "admin/moves/confirm.html"
    at_once: bool = False
    """The button does it, without a screen between."""
    grave: bool = False

    def is_allowed(self, user: Any) -> bool:
        return any(user.has_perm(name) for name in self.permissions)


@dataclass(frozen=True)
class Button:
    url: str
    verb: str
    at_once: bool
    grave: bool


def sentences(refusal: Exception) -> tuple[str, ...]:
    """A refusal as it is shown."""
    return tuple(getattr(refusal, "reasons", ())) or (str(refusal),)


class FewIcons(admin.options.BaseModelAdmin):
    """Fields that choose a row, without buttons beside them that edit or delete that row."""

    def formfield_for_dbfield(
        self, db_field: models.Field, request: HttpRequest, **options: Any
    ) -> forms.Field | None:
        field = super().formfield_for_dbfield(db_field, request, **options)
        if field is not None and isinstance(field.widget, RelatedFieldWidgetWrapper):
            field.widget.can_change_related = False
            field.widget.can_delete_related = False
            field.widget.can_view_related = False
        return field

    def formfield_for_foreignkey(
        self, db_field: models.ForeignKey, request: HttpRequest, **options: Any
    ) -> forms.ModelChoiceField | None:
        if db_field.name in self.get_autocomplete_fields(request):
            options["widget"] = ChooseOne(db_field, self.admin_site)
            options.setdefault("queryset", self._named(db_field, request))
        return super().formfield_for_foreignkey(db_field, request, **options)

    def formfield_for_manytomany(
        self, db_field: models.ManyToManyField, request: HttpRequest, **options: Any
    ) -> forms.ModelMultipleChoiceField | None:
        if db_field.name in self.get_autocomplete_fields(request):
            options["widget"] = ChooseSeveral(db_field, self.admin_site)
        return super().formfield_for_manytomany(db_field, request, **options)

    def _named(
        self, db_field: models.ForeignKey, request: HttpRequest
    ) -> models.QuerySet[Any]:
        """The rows to choose from, with what their own list annotates: their titles."""
        table = self.admin_site.get_model_admin(db_field.related_model)
        return table.get_queryset(request)


class InShort(admin.ModelAdmin):
    """Says in a word what Django says in a sentence with the name of the row, which is there."""

    SAID: ClassVar[dict[str, str]] = {
        "was added successfully": "Added.",
        "was changed successfully": "Saved.",
    }

    def message_user(
        self, request: HttpRequest, message: Any, *args: Any, **options: Any
    ) -> None:
        ours = (ours for theirs, ours in self.SAID.items() if theirs in message)
        super().message_user(request, next(ours, message), *args, **options)


class PlainAdmin(FewIcons, InShort):
    """Lists that are called what they hold."""

    show_full_result_count = False

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        title = str(self.opts.verbose_name_plural).capitalize()
        return super().changelist_view(
            request, {"title": title, "subtitle": None, **(extra_context or {})}
        )


class MovingAdmin(PlainAdmin):
    """A table whose rows change by moves, each with its confirm screen."""

    moves: ClassVar[tuple[Move, ...]] = ()
    refusals: ClassVar[tuple[type[Exception], ...]] = REFUSALS

    def get_urls(self) -> list[URLPattern]:
        mine = [
            self.url_for(f"<int:pk>/{move.name}/", partial(self.move_view, move=move))
            for move in self.moves
        ]
        return [*mine, *super().get_urls()]

    def url_for(self, route: str, view: Callable[..., HttpResponse]) -> URLPattern:
        """An address below this table, named after its last part."""
        name = f"{self.opts.app_label}_{self.opts.model_name}_{route.split('/')[-2]}"
        return path(route, self.admin_site.admin_view(view), name=name)

    def buttons(self, request: HttpRequest, row: models.Model) -> tuple[Button, ...]:
        """The moves that this person can make from here, grave ones last."""
        prefix = f"admin:{self.opts.app_label}_{self.opts.model_name}"
        return tuple(
            Button(
                reverse(f"{prefix}_{move.name}", args=[row.pk]),
                move.verb,
                move.at_once,
                move.grave,
            )
            for move in sorted(self.moves, key=lambda move: move.grave)
            if move.is_allowed(request.user) and not move.refusal(row)
        )

    def move_view(self, request: HttpRequest, pk: int, *, move: Move) -> HttpResponse:
        row = get_object_or_404(self.get_queryset(request), pk=pk)
        if not move.is_allowed(request.user):
            raise PermissionDenied
        posted = request.POST if request.method == "POST" else None
        form = move.form(posted, row=row, user=who(request))
        reasons: tuple[str, ...] = ()
        is_open = posted is not None and not move.refusal(row)
        if is_open and form.is_valid() and form.is_settled():
            try:
                done = self.make(request, row, move, form.cleaned_data)
            except self.refusals as refusal:
                reasons = sentences(refusal)
            else:
                return self.go_on(request, done)
        # What is shown is what is stored, whatever the attempt above did to `row`.
        row = get_object_or_404(self.get_queryset(request), pk=pk)
        return self.confirm_screen(request, row, move, form, reasons)

    def go_on(self, request: HttpRequest, done: Done) -> HttpResponse:
        """After a move: back to a page, with a message."""
        messages.success(request, done.message)
        return redirect(done.url)

    def make(
        self, request: HttpRequest, row: models.Model, move: Move, values: Values
    ) -> Done:
        with transaction.atomic():
            return move.run(row, values, who(request), timezone.now())

    def confirm_screen(
        self,
        request: HttpRequest,
        row: models.Model,
        move: Move,
        form: MoveForm,
        reasons: tuple[str, ...],
    ) -> HttpResponse:
        at = timezone.now()
        impossible = move.refusal(row)
        form.see(row)
        context = {
            **self.admin_site.each_context(request),
            "title": move.title,
            "opts": self.opts,
            "row": row,
            "row_url": admin_url(row),
            "move": move,
            "form": form,
            "reasons": reasons or ((impossible,) if impossible else ()),
            "is_possible": not impossible,
            "others": [
                button
                for button in self.buttons(request, row)
                if button.url != request.path
            ],
            "media": self.media + form.media,
            **move.show(row, at),
        }
        return TemplateResponse(request, move.template, context)


def who(request: HttpRequest) -> AbstractBaseUser:
    """The person at the admin, who is never anonymous."""
    assert isinstance(request.user, AbstractBaseUser)
    return request.user


def admin_url(row: models.Model) -> str:
    """The page of a row in the admin."""
    opts = row._meta  # noqa: SLF001 - Django's own name for it
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_change", args=[row.pk])


def moment(at: dt.datetime | None) -> str:
    """A moment in words, with the name of the site's time zone."""
    zone = timezone.get_current_timezone_name()
    return f"{publishing.moment_in_words(at)} ({zone})"
