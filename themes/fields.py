"""Fields of models that Django does not have."""

from collections.abc import Callable
from typing import Any

import translated_fields
from django import forms
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from translated_fields import to_attribute

from themes.zones import validate_zone, zones_with_offsets


class TimeZoneInput(forms.TextInput):
    """Typed or found: the browser offers the zones that hold what was typed, each with its distance from UTC."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        field = super().render(name, value, {**(attrs or {}), "list": f"{name}-zones", "size": 40}, renderer)
        options = format_html_join("", '<option value="{}">{}</option>', zones_with_offsets(timezone.now()))
        return format_html('{}<datalist id="{}-zones">{}</datalist>', field, name, options)


class TimeZoneField(models.CharField):  # type: ignore[type-arg]
    """The IANA name of a time zone."""

    default_validators = [validate_zone]

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """As a migration writes it: a text, whose check is no matter of the database."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def formfield(self, **kwargs: Any) -> Any:
        # Other fields of a form are read by the zone: what is none is refused before they are.
        return super().formfield(**{"validators": [validate_zone], "widget": TimeZoneInput, **kwargs})


SOURCE_LANGUAGE: str = settings.LANGUAGE_CODE
"""The language in which staff write a consultation first. A text that has no translation yet is shown in it."""

TRANSLATIONS = [code for code, _name in settings.LANGUAGES if code != SOURCE_LANGUAGE]
LANGUAGES = [SOURCE_LANGUAGE, *TRANSLATIONS]


def column(name: str, language: str) -> str:
    """The field of one language: `title_zh_hans`."""
    return str(to_attribute(name, language))


class TranslatedField(translated_fields.TranslatedField):  # type: ignore[misc]
    """A text in every language of the site, a column for each. Read by its bare name it is in the reader's language,
    or else in the source language.

    What is not translated is NULL, so that rows of the trail that were written before a language had its column keep
    their hash (docs/adr/0020). `source_column` is the column that was there before the others.
    """

    def __init__(self, field: "models.Field[Any, Any]", *, source_column: str | None = None) -> None:
        specific: dict[str, dict[str, Any]] = {one: {"null": True, "blank": True} for one in TRANSLATIONS}
        specific[SOURCE_LANGUAGE] = {"db_column": source_column} if source_column else {}
        super().__init__(field, specific, languages=LANGUAGES, attrgetter=_in_the_readers_language)

    def contribute_to_class(self, cls: "type[models.Model]", name: str) -> None:
        super().contribute_to_class(cls, name)
        self.admin_order_field = column(name, SOURCE_LANGUAGE)


def _in_the_readers_language(name: str, field: Any) -> Callable[[models.Model], str]:
    columns = {language: column(name, language) for language in field.languages}
    source = columns[SOURCE_LANGUAGE]

    def read(row: models.Model) -> str:
        translated = columns.get(get_language() or SOURCE_LANGUAGE, source)
        return str(getattr(row, translated) or getattr(row, source))

    return read


def source_text(row: models.Model, name: str) -> str:
    """The text in the source language: for what is one and the same for every reader, such as the record."""
    return str(getattr(row, column(name, SOURCE_LANGUAGE)))


def is_translated(row: models.Model, name: str) -> bool:
    """Whether the reader gets it in their own language. What is empty in the source language wants no translation."""
    language = get_language() or SOURCE_LANGUAGE
    return bool(language == SOURCE_LANGUAGE or getattr(row, column(name, language)) or not getattr(row, name))
