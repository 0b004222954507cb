"""The forms of the public side, laid out by crispy-forms: what is written on a theme, who is writing, the link."""

from collections.abc import Iterable
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Field, Fieldset, Layout
from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from submissions.models import Consent, Draft, StakeholderGroup, SubmittingAs, country_choices, language_choices
from submissions.text.content import MAX_DRAFT_THEME_CHARACTERS, MAX_PARAGRAPH_CHARACTERS, ProposedWording
from submissions.text.newlines import normalise_newlines
from themes.models import Theme
from wsis.one_line import OneLineEmailFormField, OneLineFormField
from wsis.typography import label_value

MAX_PROPOSALS = 60


def _not_longer_than(limit: int) -> MaxLengthValidator:
    """A validator and not max_length, which would put a maxlength on the field, and browsers cut silently there."""
    return MaxLengthValidator(
        limit,
        _(
            "This text has %(show_value)d characters; the limit is %(limit_value)d. Nothing was cut: "
            "please shorten it here."
        ),
    )


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
        return normalise_newlines(super().to_python(value) or "")


class ContributionForm(forms.Form):
    """The text on one theme. Empty is allowed: it takes the theme out of the submission."""

    text = TextField(
        label=_("Your input"),
        help_text=_("In any language. Nothing is published before you send it, and then as you allow."),
        required=False,
        # Not stripped: what was written is what is kept.
        strip=False,
        validators=[_not_longer_than(MAX_DRAFT_THEME_CHARACTERS)],
        widget=forms.Textarea(attrs={"rows": 12, "dir": "auto", "data-counted": ""}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper("text")


class ProposalForm(forms.Form):
    """A row: wording for a numbered paragraph. An empty one is no row."""

    paragraph = OneLineFormField(
        label=_("Paragraph"),
        required=False,
        validators=[
            MaxLengthValidator(
                MAX_PARAGRAPH_CHARACTERS,
                _("In “Paragraph”, enter a number such as 59 or 12 bis (40 characters at most)."),
            )
        ],
        widget=forms.TextInput(attrs={"class": "short", "autocomplete": "off", "dir": "auto"}),
    )
    wording = TextField(
        label=_("Proposed wording"),
        required=False,
        strip=False,
        validators=[_not_longer_than(MAX_DRAFT_THEME_CHARACTERS)],
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "data-counted": ""}),
    )
    reason = TextField(
        label=_("Reason"),
        required=False,
        strip=False,
        validators=[_not_longer_than(MAX_DRAFT_THEME_CHARACTERS)],
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "data-counted": ""}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper("paragraph", "wording", "reason")

    @property
    def row(self) -> ProposedWording:
        """As it was typed, right or wrong: nothing that a form refuses is lost on the way back."""
        typed = self.cleaned_data if self.is_valid() else {name: self[name].value() or "" for name in self.fields}
        return ProposedWording(**{name: typed.get(name, "") for name in self.fields})


class BaseProposals(forms.BaseFormSet):  # type: ignore[type-arg]
    default_error_messages: ClassVar[Any] = {
        **forms.BaseFormSet.default_error_messages,
        "too_many_forms": _(
            "At most %(num)d rows can be kept on one area. Nothing was cut: all of them are shown below."
        ),
    }

    @property
    def rows(self) -> tuple[ProposedWording, ...]:
        return tuple(row for form in self.forms if not (row := form.row).is_empty)


ProposalFormSet = forms.formset_factory(
    ProposalForm,
    formset=BaseProposals,
    extra=1,
    max_num=MAX_PROPOSALS,
    absolute_max=10 * MAX_PROPOSALS,
    validate_max=True,
)


class ConsentsForm(forms.Form):
    """How each theme that is written on may be published, where it differs from the whole."""

    def __init__(self, *args: Any, themes: Iterable[Theme], whole: str, sender: str, **kwargs: Any) -> None:
        """`sender` is the name under which a text is published with one."""
        super().__init__(*args, **kwargs)
        self.themes = {f"theme-{theme.number}": theme for theme in themes}
        words = dict(Consent.choices).get(whole)
        as_the_whole = _("As the whole submission: %(how)s") % {"how": words} if words else _("As the whole submission")
        named = label_value(_("Published as"), sender)
        choices = [
            (value, f"{label} – {named}" if value == Consent.NAMED else label) for value, label in Consent.choices
        ]
        for name, theme in self.themes.items():
            self.fields[name] = forms.ChoiceField(
                label=str(theme), choices=[("", as_the_whole), *choices], required=False
            )
        self.helper = _helper(*self.themes)

    @property
    def consents(self) -> dict[Theme, str]:
        return {theme: self.cleaned_data[name] for name, theme in self.themes.items()}


class LinkMailForm(forms.Form):
    """Where the private link is to be mailed."""

    email = OneLineEmailFormField(
        label=_("E-mail address"),
        help_text=_("Yours, or a colleague’s: whoever gets the link can edit the draft."),
        error_messages={
            "required": _("Give the address to which the link is to go."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper("email")


class OfflineForm(forms.Form):
    """A filled template: a file, or its whole text pasted."""

    file = forms.FileField(
        label=_("Your file"),
        help_text=_("A .docx or .txt file of at most 4 MB."),
        required=False,
        widget=forms.FileInput(attrs={"accept": ".docx,.txt,text/plain"}),
    )
    pasted = TextField(
        label=_("Or your whole text"),
        help_text=_("Paste everything, with the headings."),
        required=False,
        strip=False,
        validators=[_not_longer_than(1_000_000)],
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper("file", "pasted")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and not cleaned.get("file") and not cleaned.get("pasted", "").strip():
            self.add_error(
                "file", forms.ValidationError(_("Choose your file, or paste your text below."), code="required")
            )
        return cleaned


class KeyForm(forms.Form):
    """The private link, pasted; with script it is filled in from the address."""

    link = OneLineFormField(
        label=_("Your private link"),
        help_text=_("Paste the link, or the lines of the e-mail that it is in."),
        max_length=5_000,
        error_messages={"required": _("Paste your private link here.")},
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "dir": "ltr", "data-from-address": ""}
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = _helper("link")


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
        nothing = [("", _("Choose one"))]
        # As it was saved before; the script follows what is typed.
        sender = format_html("<b data-published-as>{}</b>", self._sender() or "…")
        self.fields["consent"].help_text = label_value(_("With your name, it is published as"), sender)
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
            "submitting_as": _("State in what capacity you are submitting."),
            "stakeholder_group": _("Choose the group you belong to."),
            "country": _("Choose a country or territory, or “Global / regional”."),
            "language": _("Choose the language of your text."),
            "contact_name": _("Enter your name, so that the secretariat knows whom to contact."),
            "email": _("Enter an e-mail address: we will send your receipt to it."),
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


def is_complete(draft: Draft) -> bool:
    """Whether every question about the respondent is answered, and rightly."""
    return RespondentForm(draft.answers(), instance=Draft(consultation_id=draft.consultation_id)).is_valid()
