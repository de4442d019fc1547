"""The admin site: its first page is the desk.

Not in `admin.py`: that is loaded to register tables with this site, which must exist by then.
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
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
        """Sign staff in for a working day, however busy it is."""
        response = super().login(request, extra_context)
        if request.method == "POST" and self.has_permission(request):
            request.session.set_expiry(dt.timedelta(seconds=settings.STAFF_SESSION_AGE))
        return response
