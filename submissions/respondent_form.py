"""Who is writing: the questions of "About you"."""

from typing import Any

from crispy_forms.layout import Field, Fieldset
from django import forms
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from submissions.forms import form_helper
from submissions.models import Consent, Draft, StakeholderGroup, SubmittingAs, country_choices, language_choices
from wsis.cached_select import CachedSelect
from wsis.typography import label_value


def _countries() -> list[tuple[str, str]]:
    return [("", str(_("Choose one"))), *country_choices()]


def _languages() -> list[tuple[str, str]]:
    return [("", str(_("Choose one"))), *language_choices()]


class RespondentForm(forms.ModelForm):  # type: ignore[type-arg]
    """Who is writing. Saved on the draft; every answer is checked again by the database when it is sent."""

    submitting_as = forms.ChoiceField(label=_("You are submitting as"), choices=SubmittingAs, widget=forms.RadioSelect)
    stakeholder_group = forms.ChoiceField(
        label=_("Stakeholder group"), choices=StakeholderGroup, widget=forms.RadioSelect
    )
    consent = forms.ChoiceField(
        label=_("How may your submission be published?"), choices=Consent, widget=forms.RadioSelect
    )
    has_accepted_privacy = forms.BooleanField(
        label=_("I have read the privacy notice and accept it"),
        error_messages={
            "required": _("Please accept the privacy notice. We cannot receive your submission without it.")
        },
    )

    class Meta:
        model = Draft
        fields = [
            "submitting_as",
            "organisation",
            "stakeholder_group",
            "country",
            "language",
            "contact_name",
            "email",
            "consent",
            "has_accepted_privacy",
        ]
        labels = {
            "organisation": _("Organisation, delegation or coalition"),
            "contact_name": _("Your name"),
            "email": _("Your e-mail address"),
            "language": _("Language of your text"),
        }
        help_texts = {
            "organisation": _("Its full name. If you write as an individual, you may leave this empty."),
            "country": _("Where you are based. If you do not speak for a single country, choose “Global / regional”."),
            "language": _("The language you wrote in. It helps the readers; any language is welcome."),
            "contact_name": _("The person the secretariat may contact. Published only if you allow it below."),
            "email": _("We send your receipt to this address. It is never published."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # As it was saved before; the script follows what is typed.
        sender = format_html("<b data-published-as>{}</b>", self._sender() or "…")
        explained = _("Which group to choose (opens in a new tab)")
        self.fields["stakeholder_group"].help_text = format_html(
            '<a href="{}#groups" target="_blank">{}</a>', reverse("help"), explained
        )
        self.fields["consent"].help_text = label_value(_("With your name, it is published as"), sender)
        self.fields["country"] = forms.ChoiceField(
            label=self.fields["country"].label,
            help_text=self.fields["country"].help_text,
            choices=_countries,
            widget=CachedSelect(_countries),
        )
        self.fields["language"] = forms.ChoiceField(
            label=self.fields["language"].label,
            help_text=self.fields["language"].help_text,
            choices=_languages,
            widget=CachedSelect(_languages),
        )
        for name in ("contact_name", "email"):
            self.fields[name].required = True
        self.fields["contact_name"].widget.attrs["autocomplete"] = "name"
        self.fields["email"].widget.attrs["autocomplete"] = "email"
        self.fields["organisation"].widget.attrs["autocomplete"] = "organization"
        for name, message in {
            "submitting_as": _("State in what capacity you are submitting."),
            "stakeholder_group": _("Choose the group you belong to."),
            "country": _("Choose a country or territory, or “Global / regional”."),
            "language": _("Choose the language of your text."),
            "contact_name": _("Enter your name, so that the secretariat knows whom to contact."),
            "email": _("Enter an e-mail address: we will send your receipt to it."),
            "consent": _("Say whether and how your submission may be published."),
        }.items():
            self.fields[name].error_messages["required"] = message
        self.helper = form_helper(
            Fieldset(
                _("Whom you speak for"),
                "submitting_as",
                "organisation",
                "stakeholder_group",
                "country",
                "language",
            ),
            Fieldset(_("How to reach you"), "contact_name", "email"),
            Fieldset(
                _("Publication and privacy"),
                "consent",
                Field("has_accepted_privacy", template="wsis/privacy.html"),
            ),
        )

    def _sender(self) -> str:
        # Not by the bound fields: those keep the labels that they have when they are asked for first.
        values = self.data if self.is_bound else self.initial
        return next((str(values[name]) for name in ("organisation", "contact_name") if values.get(name)), "")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        speaks_for_others = cleaned.get("submitting_as") not in {None, "", SubmittingAs.INDIVIDUAL}
        if speaks_for_others and not (cleaned.get("organisation") or "").strip():
            self.add_error(
                "organisation",
                forms.ValidationError(
                    _("Name the organisation, delegation or coalition you speak for."), code="required"
                ),
            )
        return cleaned
