"""A consultation from an earlier one: its areas, kinds, questions and timeline with their translations, no dates."""

from typing import TypeVar

from django.db import models, transaction

from themes.fields import LANGUAGES, SOURCE_LANGUAGE, TRANSLATIONS, column
from themes.models import Consultation, Milestone, Theme, ThemeKind
from themes.signals import round_copied
from themes.translations import CONSULTATION_TEXTS

Row = TypeVar("Row", bound=models.Model)


def texts_to_copy(previous: Consultation) -> dict[str, str]:
    """What the form of the new one begins with: the texts in the source language."""
    names = [column(name, SOURCE_LANGUAGE) for name in CONSULTATION_TEXTS]
    return {name: getattr(previous, name) for name in names}


def copy_round(previous: Consultation, new: Consultation) -> None:
    """Fills a consultation that has just been made. A text that was left as it was keeps its translations."""
    with transaction.atomic():
        same = [
            name
            for name in CONSULTATION_TEXTS
            if getattr(new, column(name, SOURCE_LANGUAGE)) == getattr(previous, column(name, SOURCE_LANGUAGE))
        ]
        columns = [column(name, language) for name in same for language in TRANSLATIONS]
        for one in columns:
            setattr(new, one, getattr(previous, one))
        if columns:
            new.save(update_fields=columns)
        kinds = _copies(ThemeKind.objects.filter(consultation=previous), new)
        by_position = {kind.position: kind for kind in ThemeKind.objects.bulk_create(kinds)}
        themes = Theme.objects.filter(consultation=previous).select_related("kind")
        copies = _copies(themes, new)
        for theme, copy in zip(themes, copies, strict=True):
            copy.kind = by_position[theme.kind.position] if theme.kind else None
        Theme.objects.bulk_create(copies)
        dates = {column("date", language): "" if language == SOURCE_LANGUAGE else None for language in LANGUAGES}
        Milestone.objects.bulk_create(_copies(Milestone.objects.filter(consultation=previous), new, **dates))
        round_copied.send(Consultation, previous=previous, new=new)


def _copies(rows: models.QuerySet[Row], new: Consultation, **changes: str | None) -> list[Row]:
    names = [field.attname for field in rows.model._meta.concrete_fields if not field.primary_key]
    values = [{name: getattr(row, name) for name in names} for row in rows]
    return [rows.model(**each | {"consultation_id": new.pk} | changes) for each in values]
