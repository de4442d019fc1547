"""Pictures: take one in, and show how a text uses it."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import AdminForm
from django.core.exceptions import PermissionDenied
from django.forms.models import ModelForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.html import format_html

from articles import publishing, rendering
from articles.admin.confirm import PlainAdmin, admin_url
from articles.models import ArticleVersion, Image
from articles.picturing import CannotUsePicture, add_picture


class UploadForm(forms.ModelForm):
    file = forms.FileField(
        label="Picture",
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text="JPEG, PNG or WebP, up to 10 MB. What a camera hides in the file is removed.",
    )

    class Meta:
        model = Image
        fields = ("file", "title", "credit")


@admin.register(Image)
class ImageAdmin(PlainAdmin):
    list_display = ["title", "snippet", "credit", "size"]
    search_fields = ["title", "credit"]
    fields = ["picture", "title", "credit", "snippet", "size"]
    readonly_fields = ["picture", "snippet", "size"]

    @admin.display(description="picture")
    def picture(self, image: Image) -> str:
        return format_html(
            '<img class="stored-picture" src="{}" width="{}" height="{}" alt="{}">',
            image.get_absolute_url(),
            image.width,
            image.height,
            image.title,
        )

    @admin.display(description="in the text")
    def snippet(self, image: Image) -> str:
        return format_html("<code>![what it shows](image:{})</code>", image.pk)

    @admin.display(description="size")
    def size(self, image: Image) -> str:
        return f"{image.width} by {image.height}"

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Old versions show it for ever."""
        return False

    def save_model(
        self, request: HttpRequest, obj: Image, form: ModelForm, change: bool
    ) -> None:
        super().save_model(request, obj, form, change)
        if "credit" in form.changed_data:
            at = timezone.now()
            rendering.rerender(ArticleVersion.objects.on_the_site(at), at=at)

    def add_view(
        self,
        request: HttpRequest,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        is_sent = request.method == "POST"
        form = UploadForm(request.POST, request.FILES) if is_sent else UploadForm()
        if is_sent and form.is_valid():
            image = self._take_in(form)
            if image is not None:
                publishing.note(request.user, image, "Added.")  # type: ignore[arg-type]
                messages.success(request, f"“{image.title}” is stored.")
                return redirect(admin_url(image))
        return self._upload_screen(request, form)

    def _take_in(self, form: UploadForm) -> Image | None:
        given = form.cleaned_data
        try:
            return add_picture(
                given["file"], title=given["title"], credit=given["credit"]
            )
        except CannotUsePicture as refusal:
            form.add_error("file", str(refusal))
            return None

    def _upload_screen(self, request: HttpRequest, form: UploadForm) -> HttpResponse:
        shown = AdminForm(form, [(None, {"fields": ["file", "title", "credit"]})], {})
        context = {
            **self.admin_site.each_context(request),
            "title": "Add a picture",
            "opts": self.opts,
            "adminform": shown,
            "errors": form.errors,
            "add": True,
            "media": self.media,
        }
        return TemplateResponse(request, "admin/articles/upload.html", context)
