from importlib import import_module

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class SubmissionsConfig(AppConfig):
    name = "submissions"
    verbose_name = _("Submissions")

    def ready(self) -> None:
        from submissions.roles import make_groups  # noqa: PLC0415 - models are there only now

        import_module("submissions.metrics")  # which registers them

        # Once, with the app whose turn comes after those that the permissions are about.
        post_migrate.connect(make_groups, sender=apps.get_app_config("auth"), dispatch_uid="submissions.roles")
