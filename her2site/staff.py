"""The admin site: its first page is the desk.

Not in `admin.py`: that is loaded to register tables with this site, which must exist by then.
"""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.utils import timezone

from her2site.desk import Desk


class StaffSite(admin.AdminSite):
    """The admin with work waiting on its first page."""

    site_header = "Her2 Learn – staff"
    site_title = "Her2 Learn"
    index_title = "The desk"
    # Its links stand in the header, so that the editor has the whole width.
    enable_nav_sidebar = False

    def index(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> TemplateResponse:
        user = request.user
        desk = Desk(at=timezone.now(), may=user.has_perm, user_id=user.pk)
        return super().index(request, {**(extra_context or {}), "desk": desk})

    def login(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Send strangers to the site's own sign-in, which counts their tries.

        `her2site.accounts` ends a staff session after a working day.
        """
        if request.user.is_authenticated and not self.has_permission(request):
            return render(request, "admin/not_staff.html", status=403)
        sign_in = secure_admin_login(super().login)
        answer: HttpResponse = sign_in(request, extra_context)
        return answer
