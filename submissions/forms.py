"""The two forms of the public side, laid out by crispy-forms: one theme's text, and who is writing."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Fieldset, Layout
from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext_lazy as _

from submissions.drafts.models import Draft
from submissions.normal import normalise
from submissions.respondent import Consent, StakeholderGroup, SubmittingAs, country_choices, language_choices

LONGEST_TEXT = 50_000  # characters: some 8,000 words


def _helper(*layout: Any) -> FormHelper:
    """The form's tag, its token and its buttons stand in the page, so that they read in one place."""
    helper = FormHelper()
    helper.form_tag = False
    helper.disable_csrf = True
    helper.layout = Layout(*layout)
    return helper


class TextField(forms.CharField):
    """A text as it will be stored: its lines end in one character before its length is looked at."""

    def to_python(self, value: Any) -> str:
        return normalise(super().to_python(value) or "")


class ContributionForm(forms.Form):
    """The text on one theme. Empty is allowed: it takes the theme out of the submission."""

    text = TextField(
        label=_("Your input"),
        help_text=_("In any language. Nothing is published before you send it, and then as you allow."),
        required=False,
        # Not stripped: what was written is what is kept.
        strip=False,
        # A validator and not max_length, which would put a maxlength on the field, and browsers cut silently there.
        validators=[
            MaxLengthValidator(
                LONGEST_TEXT,
                _(
                    "This text has %(show_value)d characters, and %(limit_value)d are the most. "
                    "Nothing was cut: shorten it here."
                ),
            )
        ],
        widget=forms.Textarea(attrs={"rows": 12, "dir": "auto"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper("text")


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
        error_messages={"required": _("Accept the privacy notice, or nothing can be received from you.")},
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
            "country": _("Where you are based. If you speak for no single country, choose “Global / regional”."),
            "language": _("The language you wrote in. It helps the readers; any language is welcome."),
            "contact_name": _("Whom the secretariat may ask. Published only if you allow it below."),
            "email": _("Your receipt goes there. It is never published."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        nothing = [("", _("Choose one"))]
        self.fields["country"] = forms.ChoiceField(
            label=self.fields["country"].label,
            help_text=self.fields["country"].help_text,
            choices=[*nothing, *country_choices()],
        )
        self.fields["language"] = forms.ChoiceField(
            label=self.fields["language"].label,
            help_text=self.fields["language"].help_text,
            choices=[*nothing, *language_choices()],
        )
        for name in ("contact_name", "email"):
            self.fields[name].required = True
        self.fields["contact_name"].widget.attrs["autocomplete"] = "name"
        self.fields["email"].widget.attrs["autocomplete"] = "email"
        self.fields["organisation"].widget.attrs["autocomplete"] = "organization"
        for name, message in {
            "submitting_as": _("Say as whom you are submitting."),
            "stakeholder_group": _("Choose the group you belong to."),
            "country": _("Choose a country or territory, or “Global / regional”."),
            "language": _("Choose the language of your text."),
            "contact_name": _("Give your name, so that the secretariat knows whom to ask."),
            "email": _("Give an e-mail address: your receipt goes there."),
            "consent": _("Say whether and how your submission may be published."),
        }.items():
            self.fields[name].error_messages["required"] = message
        self.helper = _helper(
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
