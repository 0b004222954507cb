"""The forms of the public side, laid out by crispy-forms: what is written on a theme, a file, the link.

Who is writing is asked in respondent_form.py.
"""

from collections.abc import Iterable
from typing import Any, ClassVar

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core.validators import MaxLengthValidator
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from submissions.models import Consent
from submissions.text.content import MAX_DRAFT_THEME_CHARACTERS, MAX_PARAGRAPH_CHARACTERS, ProposedWording
from submissions.text.newlines import normalise_newlines
from themes.models import Theme
from wsis.one_line import OneLineEmailFormField, OneLineFormField
from wsis.typography import label_value

MAX_PROPOSALS = 60


def not_longer_than(limit: int) -> MaxLengthValidator:
    """A validator and not max_length, which would put a maxlength on the field, and browsers cut silently there."""
    return MaxLengthValidator(
        limit,
        _(
            "This text has %(show_value)d characters; the limit is %(limit_value)d. Nothing was cut: "
            "please shorten it here."
        ),
    )


def form_helper(*layout: Any) -> FormHelper:
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
        validators=[not_longer_than(MAX_DRAFT_THEME_CHARACTERS)],
        widget=forms.Textarea(attrs={"rows": 12, "dir": "auto", "data-counted": ""}),
    )

    def __init__(self, *args: Any, title: str = "", **kwargs: Any) -> None:
        """`title` is the area's: whoever hears the field without the page around it knows what it is about."""
        super().__init__(*args, **kwargs)
        if title:
            self.fields["text"].label = format_html(
                '{}<span class="for-ears"> – {}</span>', self.fields["text"].label, title
            )
        self.helper = form_helper("text")


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
        validators=[not_longer_than(MAX_DRAFT_THEME_CHARACTERS)],
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "data-counted": ""}),
    )
    reason = TextField(
        label=_("Reason"),
        required=False,
        strip=False,
        validators=[not_longer_than(MAX_DRAFT_THEME_CHARACTERS)],
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto", "data-counted": ""}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper("paragraph", "wording", "reason")

    @property
    def is_unplaced(self) -> bool:
        """Of a row that was saved or typed."""
        return ProposedWording(*(str(self[name].value() or "") for name in self.fields)).is_unplaced

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
        self.helper = form_helper(*self.themes)

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
        self.helper = form_helper("email")


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
        validators=[not_longer_than(1_000_000)],
        widget=forms.Textarea(attrs={"rows": 6, "dir": "auto"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper("file", "pasted")

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
        self.helper = form_helper("link")
