"""People who sign in, and what they may do."""

from typing import Any

from allauth.mfa.models import Authenticator
from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest

from articles.admin.confirm import InShort
from her2site.leaving import erase_person, refusal_to_erase
from her2site.models import User


class PersonAddForm(AdminUserCreationForm):
    class Meta:
        model = User
        fields = ("email", "name")
        field_classes: dict[str, type[forms.Field]] = {}


class PersonForm(UserChangeForm):
    class Meta:
        model = User
        fields = "__all__"
        field_classes: dict[str, type[forms.Field]] = {}


@admin.register(User)
class PersonAdmin(InShort, UserAdmin):
    """People. Only a superuser says who is staff and what they may do."""

    form = PersonForm
    add_form = PersonAddForm
    list_display = ["email", "name", "is_staff", "is_active"]
    list_filter = ["is_staff", "is_active", "groups"]
    search_fields = ["email", "name"]
    ordering = ["email"]
    filter_horizontal = ["groups", "user_permissions"]
    show_full_result_count = False
    person = ("email", "name", "password", "is_active")
    rights = ("is_staff", "groups", "is_superuser", "user_permissions")
    fieldsets = [
        (None, {"fields": person}),
        ("What they may do", {"fields": rights}),
    ]
    add_fieldsets = [
        (
            None,
            {"fields": ("email", "name", "usable_password", "password1", "password2")},
        )
    ]

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or is_superuser(request):
            return fieldsets
        return [(None, {"fields": self.person})]

    def has_change_permission(
        self, request: HttpRequest, obj: User | None = None
    ) -> bool:
        """Whoever could change a colleague's address or password could become them."""
        is_colleague = obj is not None and (obj.is_staff or obj.is_superuser)
        if is_colleague and not is_superuser(request):
            return False
        return super().has_change_permission(request, obj)

    def has_delete_permission(
        self, request: HttpRequest, obj: User | None = None
    ) -> bool:
        """Not of staff: first they stop being staff, which is a decision of its own."""
        if obj is not None and refusal_to_erase(obj):
            return False
        return is_superuser(request) and super().has_delete_permission(request, obj)

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        erase_person(obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        with transaction.atomic():
            for person in queryset:
                erase_person(person)


admin.site.unregister(Authenticator)
admin.site.unregister(Group)


@admin.register(Group)
class StaffGroupAdmin(InShort, GroupAdmin):
    """Only a superuser sees groups at all."""

    show_full_result_count = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_superuser(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_superuser(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return is_superuser(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_superuser(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_superuser(request)


@admin.register(Authenticator)
class SecondFactorAdmin(admin.ModelAdmin):
    """For whoever has lost theirs: only a superuser, and only to take it away.

    The secret in it is nobody's to see.
    """

    fields = ["user", "type", "created_at", "last_used_at"]
    list_display = ["user", "type", "created_at", "last_used_at"]
    list_filter = ["type"]
    search_fields = ["user__email"]
    show_full_result_count = False

    def has_module_permission(self, request: HttpRequest) -> bool:
        return is_superuser(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_superuser(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return is_superuser(request)


def is_superuser(request: HttpRequest) -> bool:
    return bool(getattr(request.user, "is_superuser", False))
