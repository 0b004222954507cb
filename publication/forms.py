"""The forms of the published pages, laid out by crispy-forms."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from publication.models import Report
from submissions.forms import TextField, form_helper, not_longer_than
from wsis.one_line import OneLineEmailFormField

MAX_MESSAGE_CHARACTERS = 4_000


class FollowForm(forms.Form):
    """Where the news is to be mailed."""

    email = OneLineEmailFormField(
        label=_("E-mail address"),
        help_text=_("It is used for nothing else, and removed when you end the news."),
        error_messages={"required": _("Give the address to which the news is to go.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper("email")


class ReportForm(forms.Form):
    """What is wrong with a published text."""

    kind = forms.ChoiceField(
        label=_("What is wrong?"),
        choices=Report.Kind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what it is about.")},
    )
    message = TextField(
        label=_("What the secretariat should know"),
        help_text=_("Which words, and why. Nothing of this is published."),
        required=False,
        validators=[not_longer_than(MAX_MESSAGE_CHARACTERS)],
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    )
    email = OneLineEmailFormField(
        label=_("E-mail address"),
        help_text=_("If you want an answer. The text stays as it is until somebody has looked at it."),
        required=False,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = form_helper("kind", "message", "email")
