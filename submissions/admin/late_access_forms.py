"""The secretariat's forms: what came on paper or by mail, typed in; and late access for one stakeholder."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions.forms import ProposalFormSet, TextField
from submissions.models import Draft, LateAccess, Way
from submissions.respondent_form import RespondentForm
from submissions.text.content import Content, ProposedWording
from themes.forms import LocalDateTimeField
from themes.models import Consultation, Theme
from themes.zones import city, instant


class EnterForm(RespondentForm):
    """Who it is from, what it says on each theme, how it came in and why it is taken."""

    way = forms.ChoiceField(
        label=gettext_lazy("How it came in"),
        choices=[choice for choice in Way.choices if choice[0] != Way.LATE_LINK],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=gettext_lazy("Why it is taken"),
        help_text=gettext_lazy("It is shown beside the submission and in every internal export."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    reached_us_at = LocalDateTimeField(label=gettext_lazy("When it reached the secretariat"), required=False)
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        consultation: Consultation,
        rows: Mapping[int, Sequence[ProposedWording]] | None = None,
        **kwargs: Any,
    ) -> None:
        """
        Args:
            rows: proposed wording to begin with, by the area's number.
        """
        super().__init__(data, instance=Draft(consultation=consultation), **kwargs)
        self.initial.setdefault("key", uuid.uuid4())
        self.consultation = consultation
        self.themes = {f"theme-{theme.number}": theme for theme in consultation.themes.all()}
        for name, theme in self.themes.items():
            self.fields[name] = TextField(
                label=str(theme), required=False, strip=False, widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"})
            )
        self.wordings: dict[Theme, Any] = {
            theme: ProposalFormSet(
                data if f"rows-{theme.number}-TOTAL_FORMS" in (data or {}) else None,
                initial=[asdict(row) for row in (rows or {}).get(theme.number, ())],
                prefix=f"rows-{theme.number}",
            )
            for theme in self.themes.values()
        }
        self.fields["reached_us_at"].help_text = _(
            "In %(place)s time. What reached you before the deadline is not marked as late."
        ) % {"place": city(consultation.time_zone)}
        # The words of the public form speak to the stakeholder; these to whoever types in what they wrote.
        for name, label in {
            "submitting_as": _("Submitting as"),
            "organisation": _("Organisation"),
            "contact_name": _("Contact name"),
            "email": _("E-mail"),
            "consent": _("Publication"),
            "language": _("Language"),
        }.items():
            self.fields[name].label, self.fields[name].help_text = label, ""
        self.fields["country"].help_text = ""
        self.fields["has_accepted_privacy"].label = _("They have accepted the privacy notice, in the same way")
        self.fields["email"].help_text = _("Their receipt goes there.")

    @property
    def themed(self) -> list[tuple[Any, Any, bool]]:
        """Of each area the text, the rows of proposed wording, and whether there is something in them."""
        return [
            (self[name], self.wordings[theme], bool(self[name].value() or self.wordings[theme].rows))
            for name, theme in self.themes.items()
        ]

    @property
    def typed_rows(self) -> dict[int, tuple[ProposedWording, ...]]:
        """By the area's number, as they were typed, right or wrong."""
        return {theme.number: wording.rows for theme, wording in self.wordings.items()}

    @property
    def plain(self) -> list[Any]:
        """The fields that are not a theme's, in their order."""
        first = ["way", "reason", "reached_us_at"]
        rest = [name for name in self.fields if name not in {*first, *self.themes, "key"}]
        return [self[name] for name in [*first, *rest]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("reached_us_at"):
            cleaned["reached_us_at"] = instant(cleaned["reached_us_at"], self.consultation.time_zone)
        if not all(wording.is_valid() for wording in self.wordings.values() if wording.is_bound):
            self.add_error(None, _("A row of proposed wording is too long. Nothing was lost: see below."))
        if not self.errors and not any(not content.is_empty for content in self.contents.values()):
            self.add_error(None, _("Type what it says on at least one area."))
        return cleaned

    @property
    def contents(self) -> dict[Theme, Content]:
        return {
            theme: Content(self.cleaned_data.get(name, ""), self.wordings[theme].rows)
            for name, theme in self.themes.items()
        }


class LateAccessForm(forms.ModelForm):  # type: ignore[type-arg]
    expires_at = LocalDateTimeField(label=gettext_lazy("Expires at"))

    class Meta:
        model = LateAccess
        fields = ["consultation", "for_whom", "email", "reason", "expires_at"]
        widgets = {"reason": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["expires_at"].help_text = _("In the time of the consultation’s zone. The link works once.")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("consultation") and cleaned.get("expires_at"):
            try:
                cleaned["expires_at"] = instant(cleaned["expires_at"], cleaned["consultation"].time_zone)
            except forms.ValidationError as error:
                self.add_error("expires_at", error)
        return cleaned
