"""What the trail says of a change, in words: which row, by its name and with its page; each field's values as a page
of the workspace would show them."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.apps import apps
from django.contrib.auth.models import User
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.urls import NoReverseMatch, reverse
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from submissions.models import Tag
from themes import rounds
from themes.models import Consultation, Theme
from wsis.typography import short_datetime

HIDDEN_FIELDS = {"id", "version"}
MAX_CHARACTERS = 200  # of a value that is shown
# What a row is known by, the first that it has.
NAMES = ("reference", "title", "title_en", "name", "username", "for_whom", "slug")


class TrailWords:
    """Names of what changes point to: people, codes, rounds and areas, looked up once for a page, whatever is on it."""

    def __init__(self) -> None:
        known = rounds.consultations()
        self.names: dict[type[Model], Mapping[Any, Model]] = {
            User: User.objects.in_bulk(),
            Tag: Tag.objects.in_bulk(),
            Consultation: {one.pk: one for one in known},
            Theme: {theme.pk: theme for one in known for theme in one.themes.all()},
        }

    def name_of(self, model: type[Model], pk: Any) -> str:
        """Of a row that one of the changes points to; empty if there is none."""
        found = self.names.get(model, {}).get(pk)
        return str(found) if found is not None else ""

    def what(self, row: Any) -> SafeString:
        """“Review 7K2M-Q4TX-9HCD”, leading to its page where there is one."""
        model = _model_of(row)
        data = row.pgh_data or {}
        kind = capfirst(str(model._meta.verbose_name)) if model else row.pgh_obj_model
        name = next((str(data[one]) for one in NAMES if data.get(one)), row.pgh_obj_id or "")
        words = format_html('{} <bdi dir="auto">{}</bdi>', kind, name)
        url = _page_of(model, row)
        return format_html('<a href="{}">{}</a>', url, words) if url else words

    def changed(self, row: Any) -> SafeString:
        """Of a change what was before and what is now; of a new or removed row all that it holds."""
        parts = [
            (field.verbose_name if field else name, " → ".join(self._in_words(field, value) for value in values))
            for name, field, values in self._fields_of(row)
            if name not in HIDDEN_FIELDS
        ]
        return format_html_join("; ", "{}: <bdi>{}</bdi>", parts)

    def _fields_of(self, row: Any) -> Iterator[tuple[str, Any, list[Any]]]:
        """Each name with its field, if this release has it, and the values."""
        model = _model_of(row)
        is_change = row.pgh_label == "update" and row.pgh_diff
        pairs = row.pgh_diff.items() if is_change else ((name, [value]) for name, value in (row.pgh_data or {}).items())
        for name, values in pairs:
            if is_change or values[0] not in (None, ""):
                yield name, _field_of(model, name) if model else None, list(values)

    def _in_words(self, field: Any, value: Any) -> str:
        words = str(value)
        if value is None or value == "":
            words = "–"
        elif isinstance(value, bool):
            words = _("Yes") if value else _("No")
        elif field is not None and field.is_relation:
            words = self.name_of(field.related_model, value) or words
        elif field is not None and field.choices:
            words = str(dict(field.flatchoices).get(value, value))
        elif field is not None and field.get_internal_type() == "DateTimeField" and (at := parse_datetime(words)):
            words = short_datetime(at)
        return words if len(words) <= MAX_CHARACTERS else words[: MAX_CHARACTERS - 1] + "…"


def _model_of(row: Any) -> type[Model] | None:
    try:
        return apps.get_model(row.pgh_obj_model or row.pgh_model)
    except (LookupError, ValueError):
        # A table of an earlier release.
        return None


def _field_of(model: type[Model], name: str) -> Any:
    try:
        field: Any = model._meta.get_field(name.removesuffix("_id"))
    except FieldDoesNotExist:
        try:
            field = model._meta.get_field(name)
        except FieldDoesNotExist:
            return None
    return field if getattr(field, "attname", None) in {name, f"{name}_id"} else None


def _page_of(model: type[Model] | None, row: Any) -> str:
    """Of what has a reference the list that finds it; of anything else its own page, as long as it is there."""
    data = row.pgh_data or {}
    if reference := data.get("reference"):
        return reverse("admin:submissions_submission_changelist") + "?" + urlencode({"q": reference, "standing": "all"})
    if model is None or row.pgh_label == "delete" or not row.pgh_obj_id:
        return ""
    try:
        return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_change", args=[row.pgh_obj_id])
    except NoReverseMatch:
        return ""
