"""A new consultation made from an earlier one: the form begins with its texts, and the rest comes along on saving."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from themes.models import Consultation
from themes.next_round import copy_round, texts_to_copy

COPY = "copy"


def previous_round(request: HttpRequest) -> Consultation | None:
    """The consultation that the new one is made from, if the address names one."""
    asked = request.GET.get(COPY, "")
    # Longer is no key of any table.
    is_number = asked.isascii() and asked.isdecimal() and len(asked) < 10
    return Consultation.objects.filter(pk=asked).first() if is_number else None


class NextRoundMixin(admin.ModelAdmin):  # type: ignore[type-arg]
    @admin.display(description=gettext_lazy("next round"))
    def next_round(self, consultation: Consultation) -> SafeString:
        address = reverse("admin:themes_consultation_add", query={COPY: consultation.pk})
        return format_html('<a href="{}">{}</a>', address, _("Set up the next round from this one"))

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        previous = previous_round(request)
        if previous is None:
            return initial
        same = {"time_zone": previous.time_zone, "word_limit": previous.word_limit}
        return initial | texts_to_copy(previous) | same

    def get_inlines(self, request: HttpRequest, obj: Consultation | None) -> Any:
        # They come along, and are edited afterwards.
        return [] if obj is None and previous_round(request) else super().get_inlines(request, obj)

    def get_fieldsets(self, request: HttpRequest, obj: Consultation | None = None) -> Any:
        previous = previous_round(request) if obj is None else None
        if previous is None:
            return super().get_fieldsets(request, obj)
        themes = previous.themes.count()
        words = _(
            "These come along from “%(title)s”: its areas and questions (%(n)d), its timeline without the dates, their "
            "translations, and its tags. Give it an address and its dates; then put the areas in order."
        ) % {"title": previous.title, "n": themes}
        # Django takes a description for HTML, and a title is what somebody typed.
        return [(None, {"fields": self.get_fields(request, obj), "description": escape(words)})]

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        super().save_related(request, form, formsets, change)
        previous = None if change else previous_round(request)
        if previous is not None:
            copy_round(previous, form.instance)

    def response_add(self, request: HttpRequest, obj: Consultation, post_url_continue: str | None = None) -> Any:
        if previous_round(request) is None:
            return super().response_add(request, obj, post_url_continue)
        messages.success(request, _("The areas and their translations came along. Put them in order, then publish."))
        # What was copied is what one looks at next.
        return redirect("admin:themes_consultation_change", obj.pk)
