"""Fields of models that Django does not have."""

from typing import Any

from django.db import models

from themes.zones import validate_zone


class TimeZoneField(models.CharField):  # type: ignore[type-arg]
    """The IANA name of a time zone."""

    default_validators = [validate_zone]

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """As a migration writes it: a text, whose check is no matter of the database."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs
