from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from themes import intake
from themes.models import Consultation
from themes.zones import city, instant
from wsis.one_line import OneLineFormField


class LocalDateTimeField(forms.Field):
    """A wall clock's date and time, as it is typed: which instant it is depends on the zone, and is decided later."""

    widget = forms.DateTimeInput(attrs={"type": "datetime-local", "step": "1"}, format="%Y-%m-%dT%H:%M:%S")
    default_error_messages = {"invalid": _("Write a date and a time, like 2027-07-26 00:00.")}

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        try:
            local = datetime.fromisoformat(str(value).strip())
        except ValueError as error:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid") from error
        if local.tzinfo is not None:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return local


class ReasonForm(forms.Form):
    """Why: the public reads it."""

    reason = OneLineFormField(
        label=_("Reason, for the public"),
        max_length=500,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )

    def __init__(self, *args: Any, consultation: Consultation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.consultation = consultation
        for code, name in settings.LANGUAGES:
            self.fields[f"announcement-{code}"] = forms.CharField(
                label=_("Announcement, %(language)s") % {"language": name},
                required=False,
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 2, "cols": 60, "lang": code, "dir": "auto"}),
            )
        self.fields[f"announcement-{settings.LANGUAGES[0][0]}"].help_text = _(
            "What the public and the drafters read, each in their language. Where none is given: the reason."
        )

    @property
    def announcements(self) -> dict[str, str]:
        """By language, those that were written."""
        announcements = (
            (code, self.cleaned_data.get(f"announcement-{code}", "").strip()) for code, _name in settings.LANGUAGES
        )
        return {code: text for code, text in announcements if text}

    @property
    def announcements_shown(self) -> list[tuple[str, str, str]]:
        """Every language of the site: its code, its name, and what its readers will read."""
        announcements = self.announcements
        return [(code, name, announcements.get(code, self.cleaned_data["reason"])) for code, name in settings.LANGUAGES]


class CutoffForm(ReasonForm):
    """A new cutoff in the consultation's own zone. `cleaned_data["closes_at"]` is the instant, in UTC."""

    closes_at = LocalDateTimeField(label=_("New deadline"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["closes_at", "reason"])
        self.fields["closes_at"].help_text = _(
            "In %(place)s time. For “through the whole of 25 July”, this is 26 July 00:00: the "
            "deadline instant itself is closed."
        ) % {"place": city(self.consultation.time_zone)}

    def clean_closes_at(self) -> datetime:
        return instant(self.cleaned_data["closes_at"], self.consultation.time_zone)


class ConsultationForm(forms.ModelForm):  # type: ignore[type-arg]
    """A consultation, its instants typed as the clocks of its own zone show them."""

    INSTANTS = ("published_at", "opens_at", "closes_at")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.INSTANTS:
            value = getattr(self.instance, name, None)
            if name in self.fields and value is not None:
                local = value.astimezone(ZoneInfo(self.instance.time_zone)).replace(tzinfo=None, microsecond=0)
                self.initial[name] = local

    @property
    def changed_data(self) -> list[str]:
        """Under another zone what the clocks show is another instant, also where nobody typed."""
        changed: list[str] = super().changed_data
        moved = [name for name in self.INSTANTS if name in self.fields and name not in changed]
        return [*changed, *moved] if "time_zone" in changed else changed

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        # Under a zone that is none the dates are read as UTC's, and nothing is saved.
        zone = cleaned.get("time_zone") or self.instance.time_zone or "UTC"
        for name in self.INSTANTS:
            if isinstance(cleaned.get(name), datetime):
                try:
                    cleaned[name] = instant(cleaned[name], zone)
                except forms.ValidationError as error:
                    self.add_error(name, error)
        opens_at = cleaned.get("opens_at")
        # The cutoff of one that is there is not in the form: it stays the instant it is, and is moved with a reason.
        if "closes_at" not in self.fields and isinstance(opens_at, datetime) and "opens_at" not in self.errors:
            window = Consultation(opens_at=opens_at)
            if not intake.leaves_a_window(window, self.instance.closes_at):
                self.add_error("opens_at", _("The opening has to lie before the deadline. Move the deadline first."))
        return cleaned
