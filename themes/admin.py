"""The secretariat's desk for what is asked, and until when."""

from typing import Any, ClassVar, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Model, TextField, URLField
from django.forms import ModelForm, Textarea
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from themes import cutoff, intake
from themes.forms import CutoffForm
from themes.models import Consultation, Extension, Milestone, Theme
from themes.templatetags.deadline import cutoff_in_words, in_zone


class ReadOnly(admin.ModelAdmin):  # type: ignore[type-arg]
    """Rows that their own verbs write, and nobody types."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ChangedColumns(admin.ModelAdmin):  # type: ignore[type-arg]
    """Saves what the form changed and nothing else: a page opened before a sweep must not undo what it wrote."""

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:  # type: ignore[type-arg]
        if not change:
            obj.save(force_insert=True)
        elif form.changed_data:
            obj.save(update_fields=form.changed_data)


class ThemeInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Theme
    fields = ["number", "title", "kind", "prompt"]
    formfield_overrides = {TextField: {"widget": Textarea(attrs={"rows": 3, "cols": 50})}}
    extra = 0


class MilestoneInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Milestone
    extra = 0


class ExtensionInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Extension
    fields: ClassVar[Any] = ["previous_cutoff", "new_cutoff", "announced_at", "announced_by", "reason"]
    readonly_fields: ClassVar[Any] = fields
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Consultation)
class ConsultationAdmin(ChangedColumns):
    list_display = ["title", "intake_state", "cutoff_in_its_zone", "cutoff_in_utc", "closed_at", "move_link"]
    prepopulated_fields = {"slug": ["title"]}
    formfield_overrides = {URLField: {"assume_scheme": "https"}}
    inlines = [ExtensionInline, ThemeInline, MilestoneInline]
    save_on_top = True

    @admin.display(description=gettext_lazy("intake"))
    def intake_state(self, consultation: Consultation) -> str:
        return str(intake.intake_at(consultation, timezone.now()).label)

    @admin.display(description=gettext_lazy("cutoff, its own zone"), ordering="closes_at")
    def cutoff_in_its_zone(self, consultation: Consultation) -> str:
        return cutoff_in_words(consultation.closes_at, consultation.time_zone)

    @admin.display(description=gettext_lazy("cutoff, UTC"), ordering="closes_at")
    def cutoff_in_utc(self, consultation: Consultation) -> str:
        return in_zone(consultation.closes_at, "UTC")

    @admin.display(description=gettext_lazy("deadline"))
    def move_link(self, consultation: Consultation) -> SafeString:
        url = reverse("admin:themes_consultation_cutoff", args=[consultation.pk])
        return format_html('<a href="{}">{}</a>', url, _("Move the cutoff"))

    def get_readonly_fields(self, request: HttpRequest, obj: Consultation | None = None) -> list[str]:
        # Once it exists, a cutoff is moved with a reason and a public history, never typed over.
        return [] if obj is None else ["closes_at", "move_link", "closed_at"]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        move = path(
            "<int:pk>/cutoff/",
            self.admin_site.admin_view(self.move_cutoff),
            name="themes_consultation_cutoff",
        )
        return [move, *super().get_urls()]

    def move_cutoff(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One form: the new instant in the consultation's zone, and the reason the public reads. Shown before saved."""
        consultation = get_object_or_404(Consultation, pk=pk)
        if not self.has_change_permission(request, consultation):
            raise PermissionDenied
        form = CutoffForm(request.POST or None, consultation=consultation)
        if form.is_valid() and "confirm" in request.POST and (done := self._move(request, consultation, form)):
            return done
        return render(
            request,
            "admin/themes/consultation/cutoff.html",
            {
                **self.admin_site.each_context(request),
                "title": _("Move the cutoff"),
                "opts": self.opts,
                "consultation": consultation,
                "form": form,
                "preview": form.cleaned_data["closes_at"] if form.is_valid() else None,
            },
        )

    def _move(self, request: HttpRequest, consultation: Consultation, form: CutoffForm) -> HttpResponse | None:
        try:
            extension = cutoff.move_cutoff(
                consultation_id=consultation.pk,
                closes_at=form.cleaned_data["closes_at"],
                reason=form.cleaned_data["reason"],
                by=cast(User, request.user),
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return None
        moved_to = cutoff_in_words(extension.new_cutoff, consultation.time_zone)
        self.log_change(request, consultation, f"Moved the cutoff: {extension}. {extension.reason}")
        messages.success(request, _("The cutoff is now %(when)s. The public page says so.") % {"when": moved_to})
        return redirect("admin:themes_consultation_change", consultation.pk)


@admin.register(Theme)
class ThemeAdmin(ChangedColumns):
    list_display = ["number", "title", "kind", "prompt", "consultation"]
    list_display_links = ["title"]
    list_editable = ["kind"]
    list_filter = ["consultation", "kind"]
    list_select_related = ["consultation"]
    search_fields = ["title", "prompt"]
    ordering = ["consultation", "number"]
