"""All texts of a consultation that the public reads, one by one, in every language: what is there, what is missing."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from themes.fields import LANGUAGES, SOURCE_LANGUAGE, TRANSLATIONS, column
from themes.models import Consultation, Milestone, Theme, ThemeKind
from wsis.typography import label_value

NAMES = dict(settings.LANGUAGES)
# Of the consultation itself, in the order of its page.
CONSULTATION_TEXTS = ("title", "headline", "introduction", "document_title", "document_url")


@dataclass(frozen=True)
class Text:
    """One text: where it is kept, and what it is called."""

    key: str
    row: models.Model
    name: str
    label: str

    def field(self, language: str) -> "models.Field[Any, Any]":
        field: models.Field[Any, Any] = self.row._meta.get_field(column(self.name, language))  # type: ignore[assignment]
        return field

    def get(self, language: str) -> str:
        return str(getattr(self.row, column(self.name, language)) or "")

    @property
    def source(self) -> str:
        return self.get(SOURCE_LANGUAGE)

    @property
    def is_long(self) -> bool:
        return isinstance(self.field(SOURCE_LANGUAGE), models.TextField)

    def clean(self, language: str, text: str) -> str:
        """What is stored of it.

        Raises:
            ValidationError: the field does not take it.
        """
        field = self.field(language)
        options: dict[str, Any] = {"assume_scheme": "https"} if isinstance(field, models.URLField) else {}
        is_required = language == SOURCE_LANGUAGE and not field.blank
        form_field: Any = field.formfield(required=is_required, **options)
        return str(form_field.clean(text.replace("\r\n", "\n")) or "").strip()


@dataclass(frozen=True)
class Meter:
    """How many texts a language has, of those that there are."""

    language: str
    translated: int
    total: int

    @property
    def name(self) -> str:
        return NAMES[self.language]

    @property
    def percent(self) -> int:
        """Rounded down: all of it is all of it."""
        return 100 * self.translated // self.total if self.total else 100


@dataclass(frozen=True)
class Change:
    """A text that is about to become another one."""

    text: Text
    language: str
    new: str

    @property
    def old(self) -> str:
        return self.text.get(self.language)

    @property
    def language_name(self) -> str:
        return NAMES[self.language]


def texts_of(consultation: Consultation) -> list[Text]:
    """Every text that is there in the source language."""
    return [text for text in _texts(consultation) if text.source]


def _texts(consultation: Consultation) -> Iterator[Text]:
    for name in CONSULTATION_TEXTS:
        yield Text(name, consultation, name, _label(consultation, name))
    for theme in Theme.objects.filter(consultation=consultation).order_by("number"):
        for name in ("title", "prompt"):
            yield Text(f"{theme.sign}.{name}", theme, name, label_value(theme.sign, _label(theme, name)))
    for kind in ThemeKind.objects.filter(consultation=consultation).order_by("position"):
        for name in ("name", "explanation"):
            where = _("Kind of area %(n)d") % {"n": kind.position}
            yield Text(f"kind-{kind.position}.{name}", kind, name, label_value(where, _label(kind, name)))
    for milestone in Milestone.objects.filter(consultation=consultation).order_by("position"):
        for name in ("date", "title"):
            where = _("Timeline, step %(n)d") % {"n": milestone.position}
            yield Text(
                f"timeline-{milestone.position}.{name}", milestone, name, label_value(where, _label(milestone, name))
            )


def _label(row: models.Model, name: str) -> str:
    return str(capfirst(row._meta.get_field(column(name, SOURCE_LANGUAGE)).verbose_name))  # type: ignore[union-attr]


def meters(texts: list[Text]) -> list[Meter]:
    """The languages but the source, in the order of the site. A document need not have an address in each."""
    wanted = [text for text in texts if text.name != "document_url"]
    return [
        Meter(language, sum(bool(text.get(language)) for text in wanted), len(wanted))
        for language in NAMES
        if language in TRANSLATIONS
    ]


def mark(text: str) -> str:
    """Tells whether a text is still the one that was shown."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def changes(texts: list[Text], typed: Mapping[tuple[str, str], str]) -> tuple[list[Change], dict[tuple[str, str], str]]:
    """What would change, and by key and language what cannot be stored, and why. Of unknown keys: nothing."""
    found: list[Change] = []
    errors: dict[tuple[str, str], str] = {}
    for text in texts:
        for language in LANGUAGES:
            if (text.key, language) not in typed:
                continue
            try:
                new = text.clean(language, typed[text.key, language])
            except ValidationError as error:
                errors[text.key, language] = " ".join(error.messages)
                continue
            if new != text.get(language):
                found.append(Change(text, language, new))
    return found, errors


def apply(found: list[Change]) -> int:
    """Stores them, each row once. Returns how many texts it were."""
    rows: dict[tuple[type[models.Model], Any], tuple[models.Model, list[str]]] = {}
    for change in found:
        name = column(change.text.name, change.language)
        row, names = rows.setdefault((type(change.text.row), change.text.row.pk), (change.text.row, []))
        setattr(row, name, change.new or (None if change.language in TRANSLATIONS else ""))
        names.append(name)
    with transaction.atomic():
        for row, names in rows.values():
            row.save(update_fields=names)
    return len(found)
