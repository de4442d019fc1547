"""The site package as an app, and the admin with our own site class."""

from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.core.checks import Tags, register

from her2site import checks


class SiteConfig(AppConfig):
    name = "her2site"
    verbose_name = "People"
    default = True

    def ready(self) -> None:
        register(checks.check_data_folder)
        register(checks.check_sqlite_pragmas, Tags.database)
        register(checks.check_static_files, deploy=True)


class StaffConfig(admin_apps.AdminConfig):
    default = False
    default_site = "her2site.staff.StaffSite"
