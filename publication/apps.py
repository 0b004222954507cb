from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PublicationConfig(AppConfig):
    name = "publication"
    verbose_name = _("Publication")

    def ready(self) -> None:
        # Which connect their receivers.
        import_module("publication.round_links")
        import_module("publication.register.closing")
        import_module("publication.followers")
        import_module("publication.reports")
