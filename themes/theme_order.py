"""The table of areas on a consultation's page: put in order there, and numbered by it."""

from typing import Any

from django import forms
from django.db import transaction
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext_lazy as _

from themes.models import QUESTIONS_AFTER, Consultation, Question, Theme


class OrderInput(forms.NumberInput):
    """A place in the table. Script adds buttons and a handle (static/js/order.js); without it one types the place."""

    def __init__(self) -> None:
        labels = {"data-up": _("Move up"), "data-down": _("Move down"), "data-drag": _("Drag to another place")}
        super().__init__({"class": "order", "min": 1, **labels})


class OrderedThemeForm(forms.ModelForm):  # type: ignore[type-arg]
    order = forms.IntegerField(label=_("order"), required=False, min_value=1, max_value=1000, widget=OrderInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.number:
            self.initial["order"] = self.instance.number - (QUESTIONS_AFTER if self.instance.is_question else 0)


class OrderedThemeFormSet(BaseInlineFormSet):  # type: ignore[type-arg]
    """Areas get the numbers from 1, questions those from 101, as they stand in the table. A place that is empty, or
    given twice, comes after the other."""

    model: type[Theme]

    def save(self, commit: bool = True) -> list[Any]:
        if not issubclass(self.form, OrderedThemeForm):
            return super().save(commit)
        saved: list[Any] = super().save(commit=False)
        with transaction.atomic():
            # Two who save the table at once do it one after the other.
            Consultation.objects.select_for_update().get(pk=self.instance.pk)
            for row in self.deleted_objects:
                row.delete()
            ordered = self._ordered()
            for place, row in enumerate(ordered, start=1):
                row.number = (QUESTIONS_AFTER if self.model is Question else 0) + place
            there = [row for row in ordered if row.pk is not None]
            # One statement: in between, two would have one number.
            Theme.objects.bulk_update(there, ["number"])
            for row, changed in self.changed_objects:
                row.save(update_fields=[name for name in changed if name != "order"])
            for row in self.new_objects:
                row.save(force_insert=True)
        return saved

    def _ordered(self) -> list[Theme]:
        """What is in the table, in its order; and behind it what somebody else has added meanwhile."""
        given: list[tuple[Any, ...]] = []
        for index, form in enumerate(self.forms):
            row = form.instance
            # What was deleted has no key any more, and an empty line has none yet.
            if row.pk is None and row not in self.new_objects:
                continue
            place = form.cleaned_data.get("order")
            given.append((place is None, place or 0, row.number or 1000, index, row))
        rows = [one[-1] for one in sorted(given, key=lambda one: one[:-1])]
        pks = {row.pk for row in rows}
        others = self.model._default_manager.filter(consultation=self.instance).order_by("number")
        if self.model is Theme:
            others = others.filter(number__lte=QUESTIONS_AFTER)
        return [*rows, *(row for row in others if row.pk not in pks)]
