"""What the pages of questions and quizzes have in common: their versions above their names."""

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from articles.admin.confirm import MovingAdmin, admin_url


class IdentityAdmin(MovingAdmin):
    """Something that has versions. A new one gets its first draft at once."""

    change_form_template = "admin/quizzes/identity.html"

    def start(self, row: Any, request: HttpRequest) -> models.Model:
        """Start the first draft."""
        raise NotImplementedError

    def name_of(self, row: Any) -> str:
        raise NotImplementedError

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Answers hang on it, so only what never had a version may go."""
        is_empty = obj is not None and not obj.versions.exists()
        return is_empty and super().has_delete_permission(request, obj)

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        draft = obj.versions.first()
        if draft is None or "_popup" in request.POST:
            return super().response_add(request, obj, post_url_continue)
        self.message_user(request, "It has its name. Now write its first draft.")
        return redirect(admin_url(draft))

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **options: Any
    ) -> HttpResponse:
        obj = options.get("obj")
        if obj is not None:
            rows = list(obj.versions.select_related("edited_by").order_by("-number"))
            draft = next((row for row in rows if row.status == "draft"), None)
            context["versions"] = [(row, admin_url(row)) for row in rows]
            context["draft_url"] = admin_url(draft) if draft else ""
            context["live"] = next((r for r in rows if r.status == "published"), None)
            context.setdefault("live_words", "in use")
            context["buttons"] = self.buttons(request, obj)
            context["title"] = self.name_of(obj)
            context["subtitle"] = None
        return super().render_change_form(request, context, *args, **options)
