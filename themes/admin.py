"""The secretariat's desk for what is asked, and until when."""

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import DateTimeField, Model, QuerySet, TextField, URLField
from django.forms import ModelForm, Textarea
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from themes import cutoff, intake, outages
from themes.forms import ConsultationForm, CutoffForm, LocalDateTimeField, ReasonForm
from themes.intake import Intake
from themes.models import Consultation, Extension, Milestone, Question, Theme
from themes.templatetags.deadline import cutoff_in_words, in_zone

# The verbs on a deadline: by the last part of their address, what they are called and what they do.
VERBS = {
    "cutoff": gettext_lazy("Move the cutoff"),
    "close": gettext_lazy("Close early, now"),
    "reopen": gettext_lazy("Re-open"),
}
DOES: dict[str, Callable[..., Extension]] = {
    "cutoff": cutoff.move_cutoff,
    "close": cutoff.close_early,
    "reopen": cutoff.reopen,
}


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


def _has_opened(consultation: Model | None) -> bool:
    return isinstance(consultation, Consultation) and intake.has_opened(consultation, timezone.now())


class ThemeInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Theme
    fields = ["number", "title", "kind", "prompt", "word_limit"]
    formfield_overrides = {TextField: {"widget": Textarea(attrs={"rows": 3, "cols": 50})}}
    extra = 0

    # Once it has opened people write on these themes, and receipts vouch for their numbers.
    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["number"] if _has_opened(obj) else []

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return not _has_opened(obj) and super().has_add_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return not _has_opened(obj) and super().has_delete_permission(request, obj)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Theme]:
        return super().get_queryset(request).exclude(kind=Theme.Kind.QUESTION)

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "kind":
            kwargs["choices"] = [choice for choice in Theme.Kind.choices if choice[0] != Theme.Kind.QUESTION]
        return super().formfield_for_choice_field(db_field, request, **kwargs)


class QuestionInline(ThemeInline):
    """Beside the areas: what the consultation asks in general. Numbered Q1, Q2 … in the order they were added."""

    model = Question
    fields = ["title", "prompt", "word_limit"]

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return []

    def get_queryset(self, request: HttpRequest) -> QuerySet[Theme]:
        return cast(QuerySet[Theme], Question.objects.order_by("number"))


class MilestoneInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Milestone
    extra = 0


class ExtensionInline(admin.TabularInline):  # type: ignore[type-arg]
    model = Extension
    fields: ClassVar[Any] = ["kind", "previous_cutoff", "new_cutoff", "announced_at", "announced_by", "reason"]
    readonly_fields: ClassVar[Any] = fields
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Consultation)
class ConsultationAdmin(ChangedColumns):
    list_display = ["title", "intake_state", "cutoff_in_its_zone", "cutoff_in_utc", "closed_at", "deadline_links"]
    form = ConsultationForm
    formfield_overrides = {
        URLField: {"assume_scheme": "https"},
        DateTimeField: {"form_class": LocalDateTimeField, "widget": LocalDateTimeField.widget},
    }
    inlines = [ExtensionInline, ThemeInline, QuestionInline, MilestoneInline]
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
    def deadline_links(self, consultation: Consultation) -> SafeString:
        is_closed = intake.intake_at(consultation, timezone.now()) is Intake.CLOSED
        verbs = ["reopen"] if is_closed else ["cutoff", "close"]
        links = ((reverse(f"admin:themes_consultation_{verb}", args=[consultation.pk]), VERBS[verb]) for verb in verbs)
        return format_html_join(" · ", '<a href="{}">{}</a>', links)

    @admin.display(description=gettext_lazy("outages while open"))
    def outages(self, consultation: Consultation) -> SafeString:
        """The gaps in the web server's heartbeats, and what the published rule gives back for them."""
        found = outages.outages(consultation, at=timezone.now())
        if not found:
            return format_html("{}", _("None noted."))
        lines = format_html_join(
            "",
            "<li>{} – {} UTC</li>",
            ((f"{o.began_at:%Y-%m-%d %H:%M}", f"{o.ended_at:%Y-%m-%d %H:%M}") for o in found),
        )
        since = intake.last_stretch(consultation, outages.LAST_HOURS)
        hours = outages.justified_extension(found, last_hours_from=since) // outages.HOUR
        rule = ngettext(
            "By the published rule they justify an extension of %(n)d hour.",
            "By the published rule they justify an extension of %(n)d hours.",
            hours,
        ) % {"n": hours}
        return format_html("<ul>{}</ul><p>{}</p>", lines, rule)

    def get_readonly_fields(self, request: HttpRequest, obj: Consultation | None = None) -> list[str]:
        # Once it exists, a cutoff is moved with a reason and a public history, never typed over.
        if obj is None:
            return []
        settled = ["slug", "time_zone", "opens_at"] if _has_opened(obj) else []
        return [*settled, "closes_at", "deadline_links", "closed_at", "outages"]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Consultation | None = None) -> dict[str, Any]:
        return {"slug": ["title"]} if obj is None else {}

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        verbs = [
            path(
                f"<int:pk>/{verb}/",
                self.admin_site.admin_view(partial(self.change_deadline, verb=verb)),
                name=f"themes_consultation_{verb}",
            )
            for verb in VERBS
        ]
        return [*verbs, *super().get_urls()]

    def change_deadline(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """One form for the three verbs: when, in the consultation's zone, and why. Shown in words before it is done."""
        consultation = get_object_or_404(Consultation, pk=pk)
        if not self.has_change_permission(request, consultation):
            raise PermissionDenied
        kind = ReasonForm if verb == "close" else CutoffForm
        form = kind(request.POST or None, consultation=consultation)
        is_valid = form.is_valid()
        when = form.cleaned_data.get("closes_at") if is_valid else None
        # What is confirmed is what was shown: an instant that was edited after the check is shown again first.
        is_confirmed = "confirm" in request.POST and request.POST.get("shown", "") == (when.isoformat() if when else "")
        if is_valid and is_confirmed and (done := self._do(request, consultation, form, verb)):
            return done
        return render(
            request,
            "admin/themes/consultation/cutoff.html",
            {
                **self.admin_site.each_context(request),
                "title": VERBS[verb],
                "opts": self.opts,
                "consultation": consultation,
                "form": form,
                "is_checked": is_valid and not form.errors,
                "preview": when,
            },
        )

    def _do(self, request: HttpRequest, consultation: Consultation, form: ReasonForm, verb: str) -> HttpResponse | None:
        said: dict[str, Any] = {
            "consultation_id": consultation.pk,
            "by": cast(User, request.user),
            **form.cleaned_data,
        }
        try:
            extension = DOES[verb](**said)
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return None
        self.log_change(request, consultation, f"{extension.get_kind_display()}: {extension}. {extension.reason}")
        now = cutoff_in_words(extension.new_cutoff, consultation.time_zone)
        messages.success(request, _("The cutoff is now %(when)s. The public page says so.") % {"when": now})
        return redirect("admin:themes_consultation_change", consultation.pk)


@admin.register(Theme)
class ThemeAdmin(ChangedColumns):
    list_display = ["sign", "title", "kind", "prompt", "word_limit", "consultation"]
    list_display_links = ["title"]
    list_editable = ["word_limit"]
    list_filter = ["consultation", "kind"]
    list_select_related = ["consultation"]
    search_fields = ["title", "prompt"]
    ordering = ["consultation", "number"]

    def get_readonly_fields(self, request: HttpRequest, obj: Theme | None = None) -> list[str]:
        if obj is None:
            return []
        return ["consultation", "number"] if _has_opened(obj.consultation) or obj.is_question else ["consultation"]

    @admin.display(description=gettext_lazy("number"), ordering="number")
    def sign(self, theme: Theme) -> str:
        return theme.sign

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        is_settled = isinstance(obj, Theme) and _has_opened(obj.consultation)
        return not is_settled and super().has_delete_permission(request, obj)
