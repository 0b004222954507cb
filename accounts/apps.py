from django.apps import AppConfig
from django.contrib.admin import apps as admin_apps
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts and signing in")
    default = True

    def ready(self) -> None:
        from accounts import security_log, sessions  # noqa: F401, PLC0415 - registering is what importing them does


class WorkspaceConfig(admin_apps.AdminConfig):
    """Django's admin, with our site in the place of its own."""

    default = False
    default_site = "accounts.workspace.Workspace"
