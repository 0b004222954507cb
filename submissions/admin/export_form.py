"""The form that asks for an export."""

from collections.abc import Iterator
from itertools import groupby
from typing import Any, ClassVar

from django import forms
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import reauthentication
from accounts.sign_on import provider
from accounts.sign_on.backend import came_through_it
from submissions.export import jobs
from submissions.export.table import LayoutNotOffered
from submissions.models import Audience, Export, Format, SavedFilter
from submissions.queries.filtered import chosen_by, counts_of, in_words
from submissions.queries.filters import UnknownFilter
from themes.models import Theme
from wsis.typography import list_in_words


def _is_to_be_asked(request: HttpRequest) -> bool:
    """Who may take contacts out, and has not given a password just now."""
    return bool(request.user.has_perm("submissions.see_contacts")) and not reauthentication.is_recent(request)


def asks_for_password(request: HttpRequest) -> bool:
    return _is_to_be_asked(request) and not came_through_it(request)


def asks_to_sign_in_again(request: HttpRequest) -> bool:
    """Of those whose password the organisation's provider has."""
    return _is_to_be_asked(request) and came_through_it(request)


class AreasField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """The areas of each consultation under its name; their ids, or None where none is chosen."""

    def __init__(self, **kwargs: Any) -> None:
        rows = Theme.objects.select_related("consultation").order_by(
            "-consultation__opens_at", "consultation", "number"
        )
        super().__init__(rows, required=False, widget=forms.CheckboxSelectMultiple, **kwargs)
        self.iterator = _ByConsultation

    def clean(self, value: Any) -> Any:
        return [area.pk for area in super().clean(value)] or None


class _ByConsultation(forms.models.ModelChoiceIterator):  # type: ignore[type-arg]
    def __iter__(self) -> Iterator[Any]:
        for title, areas in groupby(self.queryset, key=lambda area: area.consultation.title):
            yield title, [self.choice(area) for area in areas]


class ExportForm(forms.ModelForm):  # type: ignore[type-arg]
    """What is wanted out. The choices that do not go together are told apart here, before anything is made."""

    class Meta:
        model = Export
        fields = [
            *("consultation", "layout", "format", "profile", "audience", "areas"),
            *("with_set_aside", "with_notes", "of", "filters"),
        ]
        widgets = {
            "layout": forms.RadioSelect,
            "format": forms.RadioSelect,
            "profile": forms.RadioSelect,
            "audience": forms.RadioSelect,
            "of": forms.HiddenInput,
            "filters": forms.HiddenInput,
        }

    areas = AreasField(label=gettext_lazy("Areas"), help_text=Export._meta.get_field("areas").help_text)
    password = forms.CharField(
        label=gettext_lazy("Your password"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        help_text=gettext_lazy("For an export with names and addresses, if you signed in some time ago."),
    )
    request: ClassVar[Any] = None

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Chosen here, and made elsewhere.
        widget = self.fields["consultation"].widget
        widget.can_add_related = widget.can_change_related = False
        widget.can_delete_related = widget.can_view_related = False
        # Whoever says nothing means the list of submissions.
        self.fields["of"].required = False
        if not self.request.user.has_perm("submissions.see_contacts"):
            field = self.fields["audience"]
            field.choices = [choice for choice in field.choices if choice[0] != Audience.FULL]  # type: ignore[attr-defined]
        if not asks_for_password(self.request):
            del self.fields["password"]

    def clean_of(self) -> str:
        return self.cleaned_data["of"] or SavedFilter.Of.SUBMISSIONS

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        try:
            viewer = {"user": self.request.user, "at": timezone.now()}
            filters, of = cleaned.get("filters", ""), cleaned.get("of", "")
            cleaned["in_words"] = in_words(filters, of=of, **viewer)
            counts = counts_of(chosen_by(filters, of=of, **viewer).submissions)
        except UnknownFilter:
            self.add_error(None, _("The list’s filters are not understood. Go back to the list and filter it again."))
            counts = None
        if counts and "consultation" in cleaned and cleaned["consultation"] not in counts:
            names = list_in_words(one.title for one in counts)
            message = _("The selection belongs to another consultation: %(names)s. Choose that one, or filter again.")
            self.add_error("consultation", message % {"names": names})
        if "password" in self.fields and cleaned.get("audience") == Audience.FULL:
            given = cleaned.get("password", "")
            if not given or not reauthentication.confirm(self.request, given):
                self.add_error("password", _("Type your password: names and addresses are taken out."))
        if asks_to_sign_in_again(self.request) and cleaned.get("audience") == Audience.FULL:
            self.add_error("audience", self._way_to_sign_in_again())
        if not self.errors:
            # A file that is no CSV says itself what is text.
            if cleaned["format"] != Format.CSV:
                self.instance.profile = cleaned["profile"] = "verbatim"
            try:
                jobs.spec_of(Export(**{name: cleaned[name] for name in ExportForm.Meta.fields}))
            except LayoutNotOffered as refusal:
                self.add_error(None, str(refusal))
        return cleaned

    def _way_to_sign_in_again(self) -> SafeString:
        """A link to the provider and back to this form, with everything that is chosen here."""
        chosen: dict[str, str] = {name: str(self.data[name]) for name in ExportForm.Meta.fields if self.data.get(name)}
        chosen["areas"] = ",".join(self["areas"].value() or [])
        back = f"{reverse('admin:submissions_export_add')}?{urlencode(chosen)}"
        return format_html(
            '{} <a href="{}?{}">{}</a>',
            _("Names and addresses are taken out, and you signed in some time ago."),
            reverse("admin:sign_on"),
            urlencode({"again": "1", "next": back}),
            _("Sign in with %(name)s again; your choices stay.") % {"name": provider.name()},
        )
