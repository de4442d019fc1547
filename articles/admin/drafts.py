"""What the forms of all drafts have in common: turns, stale saves, and being too late."""

import datetime as dt
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.db import models
from django.forms.models import ModelForm
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone

from articles import publishing
from articles.admin.bases import Base
from articles.admin.confirm import FewIcons, MovingAdmin, admin_url, who
from articles.admin.stale import Rows, Stale, is_row_number, last_act, marks_of

By = AbstractBaseUser


class DraftAdmin(MovingAdmin):
    """Versions that can be edited while they are drafts, and only read after that."""

    stale_error: ClassVar[type[Exception]] = publishing.StaleDraft
    compared: ClassVar[tuple[str, ...]] = ()
    copied_labels: ClassVar[dict[str, str]] = {}

    # What a subclass says about its table.

    def take_turn(self, version: Any, *, token: int, by: By, at: dt.datetime) -> None:
        raise NotImplementedError

    def settle(self, version: Any) -> None:
        """After the rows of the draft were saved."""

    def rows_of(self, version: Any) -> tuple[Rows, ...]:
        raise NotImplementedError

    def identity_of(self, version: Any) -> models.Model:
        """The article, question or quiz that this is a version of."""
        raise NotImplementedError

    # Who may do what.

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Drafts are started by a move, from the page of what they are a version of."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_open = obj is None or obj.status == "draft"
        return is_open and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    # Saving.

    def save_model(
        self, request: HttpRequest, obj: Any, form: ModelForm, change: bool
    ) -> None:
        token = form.cleaned_data["token"]
        self.take_turn(obj, token=token, by=who(request), at=timezone.now())
        super().save_model(request, obj, form, change)

    def save_related(
        self, request: HttpRequest, form: ModelForm, formsets: Any, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        self.settle(form.instance)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        context = dict(extra_context or {})
        version = self.get_object(request, object_id)
        if request.method == "POST":
            if not super().has_change_permission(request):
                raise PermissionDenied
            if version is None or version.status != "draft":
                return self.too_late(request, version)
            stale = self.stale(request, version)
            if stale:
                context["stale"] = stale
                setattr(request, "POST", stale.rebase(request.POST))  # noqa: B010
        try:
            return super().change_view(request, object_id, form_url, context)
        except self.stale_error:
            # Saved by somebody else while this request was under way: now it shows.
            return self.change_view(request, object_id, form_url, extra_context)

    def stale(self, request: HttpRequest, version: Any) -> Stale | None:
        if request.POST.get("token", "") == str(version.edit_token):
            return None
        return Stale(
            who=str(version.edited_by or "Somebody"),
            when=version.edited_at,
            stored=version,
            fields=self.compared,
            rows=self.rows_of(version),
            base=Base.read(request.POST.get("base", "")),
        )

    def marks(self, request: HttpRequest, version: Any) -> str:
        """What the form begins from: a form that came back with errors, from the same."""
        if request.method == "POST":
            return request.POST.get("base", "")
        return marks_of(version, self.compared, self.rows_of(version))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        obj = options.get("obj")
        stale: Stale | None = context.get("stale")
        if stale:
            stale.mark(context["adminform"].form)
            for inline in context["inline_admin_formsets"]:
                inline.formset.let_go = stale.let_go.get(inline.formset.prefix, [])
                for index, form in enumerate(inline.formset.forms):
                    stale.mark_row(inline.formset.prefix, index, form)
        if obj is not None:
            context["base"] = stale.marks() if stale else self.marks(request, obj)
            context["buttons"] = self.buttons(request, obj)
            context["identity"] = self.identity_of(obj)
            context["identity_url"] = admin_url(self.identity_of(obj))
        return super().render_change_form(request, context, *args, **options)

    def response_post_save_change(
        self, request: HttpRequest, obj: Any
    ) -> HttpResponseRedirect:
        return redirect(admin_url(self.identity_of(obj)))

    def too_late(self, request: HttpRequest, version: Any) -> HttpResponse:
        """The version was moved on, or thrown away and is none, while its form was open.

        What was typed is there to copy.
        """
        context = {
            **self.admin_site.each_context(request),
            "title": "This draft was moved on while you were writing",
            "opts": self.opts,
            "version": version,
            "row_url": admin_url(version) if version else "",
            "act": last_act(version) if version else None,
            "texts": self.copied(request.POST),
        }
        return TemplateResponse(request, "admin/too_late.html", context, status=409)

    def copied(self, post: QueryDict) -> list[tuple[str, str]]:
        """(label, text) of everything that was typed."""
        found = []
        for name, values in post.lists():
            prefix, _, column = name.rpartition("-")
            label = self.copied_labels.get(column)
            if label and values[0] and "__prefix__" not in prefix:
                number = prefix.rpartition("-")[2]
                place = f" {int(number) + 1}" if is_row_number(number) else ""
                found.append((f"{label}{place}", values[0]))
        return found


class PartInline(FewIcons, admin.StackedInline):
    """Parts of a version, which nobody may change once it is published."""

    extra = 1
    template = "admin/parts.html"

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_draft(obj) and super().has_add_permission(request, obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_draft(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _is_draft(obj) and super().has_delete_permission(request, obj)


def _is_draft(version: Any) -> bool:
    return version is None or version.status == "draft"
