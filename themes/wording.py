"""How the texts of a consultation were worded: changed in public once it has opened, and as they were at a moment."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from themes import intake, translations
from themes.fields import SOURCE_LANGUAGE, column
from themes.models import Consultation, Theme, ThemeKind, WordingChange
from themes.translations import Change

WHY = gettext_lazy("People have read these texts. Say why they change: the public sees it.")


def is_settled(consultation: Consultation, at: datetime) -> bool:
    """Whether people have read it: from then on a text is changed with a reason, and the public sees both wordings."""
    return consultation.public_since is not None and intake.has_opened(consultation, at)


def rewordings(found: list[Change]) -> list[Change]:
    """Those that replace what was there; a first translation replaces nothing. Steps of the timeline may be moved."""
    return [change for change in found if change.old and isinstance(change.text.row, Consultation | Theme | ThemeKind)]


def reword(found: list[Change], *, consultation: Consultation, note: str, by: User, at: datetime) -> int:
    """Stores the texts, and after the opening what they were before. Returns how many texts it were.

    Raises:
        ValidationError: people have read what is about to be replaced, and no reason is given.
    """
    replaced = rewordings(found) if is_settled(consultation, at) else []
    if replaced and not note:
        raise ValidationError(WHY)
    rows = [
        WordingChange(
            consultation=consultation,
            theme=change.text.row if isinstance(change.text.row, Theme) else None,
            kind=change.text.row if isinstance(change.text.row, ThemeKind) else None,
            name=change.text.name,
            language=change.language,
            old=change.old,
            new=change.new,
            note=note,
            changed_by=by,
        )
        for change in replaced
    ]
    with transaction.atomic():
        WordingChange.objects.bulk_create(rows)
        return translations.apply(found)


def as_of(consultation: Consultation, moment: datetime) -> Consultation:
    """The consultation and its themes in the source language's wording of a moment. For reading: never save it."""
    found = Consultation.objects.get(pk=consultation.pk)
    themes = {theme.pk: theme for theme in Theme.objects.filter(consultation=found)}
    later = WordingChange.objects.filter(
        consultation=found, kind=None, language=SOURCE_LANGUAGE, changed_at__gte=moment
    )
    # From the last to the first: what was replaced first after the moment is what stood there then.
    for change in later.order_by("-changed_at", "-pk"):
        row: Consultation | Theme = themes[change.theme_id] if change.theme_id else found
        setattr(row, column(change.name, SOURCE_LANGUAGE), change.old)
    for theme in themes.values():
        theme.consultation = found
    rows = list(themes.values())
    prefetched: Any = Theme.objects.filter(consultation=found)
    prefetched._result_cache = rows
    found._prefetched_objects_cache = {"themes": prefetched}  # type: ignore[attr-defined]
    return found


def earlier(consultation: Consultation) -> QuerySet[WordingChange]:
    """What texts were since the opening: documents that were downloaded then still have them."""
    return WordingChange.objects.filter(consultation=consultation, kind=None).select_related("theme")
