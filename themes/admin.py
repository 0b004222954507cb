"""The secretariat's workspace for what is asked, and until when."""

from typing import Any, ClassVar, cast

from django.contrib import admin
from django.db.models import DateTimeField, Model, Prefetch, QuerySet, TextField, URLField
from django.forms import ModelForm, Script, Textarea
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from themes import intake, outages
from themes.cutoff_admin import VERBS, CutoffMixin, waiting_changes
from themes.fields import LANGUAGES, SOURCE_LANGUAGE, column
from themes.forms import ConsultationForm, LocalDateTimeField
from themes.intake import Intake
from themes.models import QUESTIONS_AFTER, Consultation, Extension, Milestone, Question, Theme, ThemeKind
from themes.next_round_admin import NextRoundMixin
from themes.publication import is_public
from themes.publication_admin import PublicationMixin
from themes.templatetags.deadline import cutoff_in_words, in_zone
from themes.theme_order import OrderedThemeForm, OrderedThemeFormSet
from themes.translations import CONSULTATION_TEXTS
from themes.translations_admin import TranslationsMixin
from wsis.labelled_rows import LabelledRowsMixin
from wsis.tolerant_lists import TolerantListMixin
from wsis.typography import short_datetime


class ChangedFieldsMixin(TolerantListMixin):
    """Saves what the form changed and nothing else: a page opened before a sweep must not undo what it wrote."""

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:  # type: ignore[type-arg]
        if not change:
            obj.save(force_insert=True)
        elif form.changed_data:
            obj.save(update_fields=form.changed_data)


def _has_opened(consultation: Model | None) -> bool:
    """What nobody has seen yet has not opened, whatever its dates."""
    return (
        isinstance(consultation, Consultation)
        and is_public(consultation)
        and intake.has_opened(consultation, timezone.now())
    )


TEXTS = [column(name, SOURCE_LANGUAGE) for name in CONSULTATION_TEXTS]


MAX_ROWS = 100


def _offer_kinds_of(consultation: Any, form: Any) -> None:
    """The kinds of the consultation alone. One that is written on the same page is chosen once it is saved."""
    if field := form.base_fields.get("kind"):
        field.queryset = ThemeKind.objects.filter(consultation=consultation)


class BoundedInline(LabelledRowsMixin, admin.TabularInline):  # type: ignore[type-arg]
    """A table of rows on a consultation's page, of which there are never thousands, whatever a request says."""

    max_num = MAX_ROWS

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        return super().get_formset(request, obj, **{"absolute_max": MAX_ROWS + 1, **kwargs})


class SettledInline(BoundedInline):
    """Rows are added and taken away until the consultation has opened."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return not _has_opened(obj) and super().has_add_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return not _has_opened(obj) and super().has_delete_permission(request, obj)


class ThemeInline(SettledInline):
    model = Theme
    formset = OrderedThemeFormSet
    columns: ClassVar[list[str]] = ["title_en", "kind", "prompt_en", "word_limit"]
    formfield_overrides = {TextField: {"widget": Textarea(attrs={"rows": 3, "cols": 50})}}
    extra = 0

    # Once it has opened people write on these themes, and receipts vouch for their numbers. Their wording has a page
    # of its own then, where it is changed with a reason (themes/translations_admin.py).
    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return ["number", *self.columns[:-1]] if _has_opened(obj) else []

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ["number" if _has_opened(obj) else "order", *self.columns]

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        form = ModelForm if _has_opened(obj) else OrderedThemeForm
        formset = super().get_formset(request, obj, **{"form": form, **kwargs})
        _offer_kinds_of(obj, formset.form)
        return formset

    def get_queryset(self, request: HttpRequest) -> QuerySet[Theme]:
        return super().get_queryset(request).filter(number__lte=QUESTIONS_AFTER).select_related("kind")


class QuestionInline(ThemeInline):
    """Beside the areas: what the consultation asks in general. Numbered Q1, Q2 … in the order they were added."""

    model = Question
    columns: ClassVar[list[str]] = ["title_en", "prompt_en", "word_limit"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Theme]:
        return cast(QuerySet[Theme], Question.objects.order_by("number"))


class ThemeKindInline(SettledInline):
    """What the document does on areas. After the opening the words are changed on a page of their own, as an area's."""

    model = ThemeKind
    fields: ClassVar[Any] = ["position", "name_en", "explanation_en"]
    formfield_overrides = {TextField: {"widget": Textarea(attrs={"rows": 2, "cols": 60})}}
    extra = 0

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> list[str]:
        return list(self.fields) if _has_opened(obj) else []


class MilestoneInline(BoundedInline):
    model = Milestone
    fields = ["position", "date_en", "title_en", "is_intake"]
    extra = 0


class ExtensionInline(BoundedInline):
    model = Extension
    fields: ClassVar[Any] = ["kind", "previous_cutoff", "new_cutoff", "announced_at", "announced_by", "reason"]
    readonly_fields: ClassVar[Any] = fields
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Consultation)
class ConsultationAdmin(CutoffMixin, TranslationsMixin, PublicationMixin, NextRoundMixin, ChangedFieldsMixin):
    list_display = [
        "title",
        "is_public",
        "intake_state",
        "cutoff_in_its_zone",
        "cutoff_in_utc",
        "closed_at",
        "deadline_links",
    ]
    form = ConsultationForm
    formfield_overrides = {
        URLField: {"assume_scheme": "https"},
        DateTimeField: {"form_class": LocalDateTimeField, "widget": LocalDateTimeField.widget},
    }

    class Media:
        css = {"all": ["css/admin.css"]}
        js = [Script("js/order.js", defer=True)]

    inlines = [ExtensionInline, ThemeKindInline, ThemeInline, QuestionInline, MilestoneInline]
    save_on_top = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Consultation]:
        waiting = Prefetch("asked_changes", waiting_changes(), to_attr="waiting")
        shown: QuerySet[Consultation] = super().get_queryset(request).prefetch_related(waiting)
        return shown

    @admin.display(description=gettext_lazy("publication"))
    def publication(self, consultation: Consultation) -> SafeString:
        words = _("Public") if is_public(consultation) else _("Not public yet: check, preview and publish")
        address = reverse("admin:themes_consultation_publish", args=[consultation.pk])
        return format_html('<a href="{}">{}</a>', address, words)

    @admin.display(description=gettext_lazy("intake"))
    def intake_state(self, consultation: Consultation) -> str:
        return str(intake.intake_at(consultation, timezone.now()).label)

    @admin.display(description=gettext_lazy("deadline, its own zone"), ordering="closes_at")
    def cutoff_in_its_zone(self, consultation: Consultation) -> str:
        return cutoff_in_words(consultation.closes_at, consultation.time_zone)

    @admin.display(description=gettext_lazy("deadline, UTC"), ordering="closes_at")
    def cutoff_in_utc(self, consultation: Consultation) -> str:
        return in_zone(consultation.closes_at, "UTC")

    @admin.display(description=gettext_lazy("deadline"))
    def deadline_links(self, consultation: Consultation) -> SafeString:
        is_closed = intake.intake_at(consultation, timezone.now()) is Intake.CLOSED
        verbs = ["reopen"] if is_closed else ["cutoff", "close"]
        links = [(f"admin:themes_consultation_{verb}", [consultation.pk], str(VERBS[verb])) for verb in verbs]
        links += [
            ("admin:themes_consultation_answer", [consultation.pk, asked.pk], _("Waits for a second person"))
            for asked in consultation.waiting  # type: ignore[attr-defined]
        ]
        addresses = ((reverse(name, args=args), words) for name, args, words in links)
        return format_html_join(" · ", '<a href="{}">{}</a>', addresses)

    @admin.display(description=gettext_lazy("outages while open"))
    def outages(self, consultation: Consultation) -> SafeString:
        """The gaps in the web server's heartbeats, and what the published rule gives back for them."""
        found = outages.outages(consultation, at=timezone.now())
        if not found:
            return format_html("{}", _("None noted."))
        lines = format_html_join(
            "",
            "<li>{} – {}</li>",
            ((short_datetime(o.began_at), short_datetime(o.ended_at)) for o in found),
        )
        since = intake.last_stretch(consultation, outages.LAST_HOURS)
        hours = outages.justified_extension(found, last_hours_from=since) // outages.HOUR
        rule = ngettext(
            "By the published rule they justify an extension of %(n)d hour.",
            "By the published rule they justify an extension of %(n)d hours.",
            hours,
        ) % {"n": hours}
        return format_html("<ul>{}</ul><p>{}</p>", lines, rule)

    def get_fields(self, request: HttpRequest, obj: Consultation | None = None) -> Any:
        """Texts in the source language; the others have a page of their own (themes/translations_admin.py)."""
        asked = [*TEXTS, "slug", "published_at", "time_zone", "opens_at", "closes_at", "word_limit"]
        more = ["deadline_links", "closed_at", "outages", "next_round"]
        return ["publication", "languages", *asked, *more] if obj else asked

    def get_readonly_fields(self, request: HttpRequest, obj: Consultation | None = None) -> list[str]:
        # Once it exists, a cutoff is moved with a reason and a public history, never typed over.
        if obj is None:
            return []
        settled = [*TEXTS, "slug", "time_zone", "opens_at"] if _has_opened(obj) else []
        moved = ["closes_at"] if is_public(obj) else []
        shown = ["publication", "languages", "deadline_links", "closed_at", "outages", "next_round"]
        return [*settled, *moved, *shown]

    def get_prepopulated_fields(self, request: HttpRequest, obj: Consultation | None = None) -> dict[str, Any]:
        return {"slug": ["title_en"]} if obj is None else {}

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


@admin.register(Theme)
class ThemeAdmin(LabelledRowsMixin, ChangedFieldsMixin):
    fields = ["consultation", "number", "title_en", "kind", "prompt_en", "word_limit"]
    list_display = ["sign", "title", "kind", "prompt", "word_limit", "consultation"]
    list_display_links = ["title"]
    list_editable = ["word_limit"]
    list_filter = ["consultation", "kind__name_en"]
    list_select_related = ["consultation", "kind"]
    search_fields = [column(name, language) for name in ("title", "prompt") for language in LANGUAGES]
    ordering = ["consultation", "number"]

    def get_readonly_fields(self, request: HttpRequest, obj: Theme | None = None) -> list[str]:
        if obj is None:
            return []
        settled = ["number", "kind"] if obj.is_question or _has_opened(obj.consultation) else []
        worded = ["title_en", "prompt_en"] if _has_opened(obj.consultation) else []
        return ["consultation", *settled, *worded]

    def get_form(self, request: HttpRequest, obj: Theme | None = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change, **kwargs)
        if obj is not None:
            _offer_kinds_of(obj.consultation, form)
        return form

    @admin.display(description=gettext_lazy("number"), ordering="number")
    def sign(self, theme: Theme) -> str:
        return theme.sign

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        is_settled = isinstance(obj, Theme) and _has_opened(obj.consultation)
        return not is_settled and super().has_delete_permission(request, obj)
