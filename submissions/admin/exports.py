"""Exports: asked for here, made by the worker, watched, called off and fetched here."""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.db.models import F, QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.template.defaultfilters import filesizeformat
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from submissions.admin.export_form import ExportForm, asks_for_password
from submissions.admin.permissions import may_see_contacts
from submissions.export import access, jobs
from submissions.export.readme import readme
from submissions.export.spec import CONTENT_TYPES
from submissions.models import Audience, ContactView, Export, SavedFilter
from submissions.queries.filtered import areas_in, chosen_by, counts_of, in_words
from submissions.queries.filters import UnknownFilter
from submissions.review.contact_log import note_view
from themes import rounds
from themes.current import current_consultation
from wsis.read_only import ReadOnlyMixin
from wsis.typography import label_value, list_in_words, short_datetime

LONG_WAIT = 60  # seconds after which an export that waits says that the worker may be away


@admin.register(Export)
class ExportAdmin(ReadOnlyMixin):
    list_display = [
        *("asked_for", "what", "audience", "requested_by_name", "progress", "rows_done", "size", "took", "download"),
    ]
    list_display_links = ["what"]
    list_filter = ["state", "layout", "audience"]
    list_select_related = ["consultation"]
    fieldsets = [
        (
            None,
            {"fields": ["consultation", "layout", "which_areas", "format", "profile", "audience", "filters_in_words"]},
        ),
        (
            gettext_lazy("Result"),
            {
                "fields": [
                    *("requested_by_name", "requested_at", "started_at", "finished_at", "took", "expires_at"),
                    *("rows_done", "rows_total", "size", "long_cells", "sha256", "attempts", "why", "error"),
                ]
            },
        ),
    ]
    readonly_fields = ["which_areas", "took", "size", "why"]
    change_form_template = "admin/submissions/export/change_form.html"
    form = ExportForm

    class Media:
        css = {"all": ["css/admin.css"]}
        js = [forms.Script("js/export.js", defer=True), forms.Script("js/export_areas.js", defer=True)]

    # --- Who sees which ------------------------------------------------------------------------------------------

    def get_queryset(self, request: HttpRequest) -> QuerySet[Export]:
        """Whoever may not see contacts sees what they asked for themselves: another's search may name an address."""
        shown = super().get_queryset(request)
        return shown if may_see_contacts(request) else shown.filter(requested_by=request.user.pk)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return jobs.may_export(request.user, Audience.WORKSPACE)

    def _export(self, request: HttpRequest, pk: int) -> Export:
        export = get_object_or_404(self.get_queryset(request).select_related("consultation"), pk=pk)
        if not self.has_view_permission(request, export):
            raise PermissionDenied
        return export

    # --- Asking --------------------------------------------------------------------------------------------------

    def get_fieldsets(self, request: HttpRequest, obj: Export | None = None) -> Any:
        if obj:
            return super().get_fieldsets(request, obj)
        more = ["password"] if asks_for_password(request) else []
        return [(None, {"fields": [*ExportForm.Meta.fields, *more]})]

    def get_form(self, request: HttpRequest, obj: Export | None = None, change: bool = False, **kwargs: Any) -> Any:
        if obj is not None:
            return super().get_form(request, obj, change=change, **{**kwargs, "form": forms.ModelForm})
        form = super().get_form(request, obj, change=change, **kwargs)
        return type("ExportForm", (form,), {"request": request})

    def get_readonly_fields(self, request: HttpRequest, obj: Export | None = None) -> Any:
        return super().get_readonly_fields(request, obj) if obj else []

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        initial: dict[str, Any] = super().get_changeform_initial_data(request)
        at = timezone.now()
        try:
            chosen = chosen_by(initial.get("filters", ""), of=initial.get("of", ""), user=request.user, at=at)
            shown = list(counts_of(chosen.submissions))
        except UnknownFilter:
            shown = []
        current = current_consultation(at)
        proposed = shown[0] if shown and current not in shown else current
        areas = [int(one) for one in initial.get("areas", "").split(",") if one.isdecimal()]
        return {
            "consultation": proposed and proposed.pk,
            **initial,
            "areas": areas or areas_in(initial.get("filters", "")),
        }

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        asked = request.POST if request.method == "POST" else request.GET
        filters, of = asked.get("filters", ""), asked.get("of", "")
        at = timezone.now()
        try:
            chosen = {
                "filters_in_words": in_words(filters, of=of, user=request.user, at=at).splitlines(),
                "counts": counts_of(chosen_by(filters, of=of, user=request.user, at=at).submissions).items(),
            }
        except UnknownFilter:
            chosen = {}
        return super().add_view(
            request, form_url, {**(extra_context or {}), "title": _("Export submissions"), "chosen": chosen}
        )

    def save_model(self, request: HttpRequest, obj: Export, form: Any, change: bool) -> None:
        obj.requested_by_id = request.user.pk
        obj.requested_by_name = request.user.get_username()
        obj.filters_in_words = form.cleaned_data["in_words"]
        jobs.enqueue(obj)

    def response_add(self, request: HttpRequest, obj: Export, post_url_continue: str | None = None) -> HttpResponse:
        messages.success(
            request, _("Your export has been requested. It will start shortly; this page shows its progress.")
        )
        return redirect("admin:submissions_export_change", obj.pk)

    # --- Watching ------------------------------------------------------------------------------------------------

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> HttpResponse:
        if export := context.get("original"):
            context["progress"] = self._progress(request, export)
        return super().render_change_form(request, context, *args, **kwargs)

    def _progress(self, request: HttpRequest, export: Export) -> dict[str, Any]:
        """What the page and its script are told, the same to both."""
        return {
            "state": export.state,
            "label": export.get_state_display(),
            "is_under_way": export.is_under_way,
            "rows_done": export.rows_done,
            "rows_total": export.rows_total,
            "sentence": self._sentence(export, timezone.now()),
            "can_download": self._may_download(request, export),
        }

    def _sentence(self, export: Export, now: datetime) -> str:  # noqa: PLR0911 - a sentence for each state
        match export.state:
            case Export.State.RUNNING if export.rows_total is not None:
                return _("%(done)s of %(total)s rows are written.") % {
                    "done": f"{export.rows_done:,}",
                    "total": f"{export.rows_total:,}",
                }
            case Export.State.RUNNING:
                return _("The rows are being counted.")
            case Export.State.WAITING if export.error:
                return _("The last attempt ended early; the next one is at %(when)s UTC.") % {
                    "when": f"{export.due_at:%H:%M:%S}"
                }
            case Export.State.WAITING if (now - export.requested_at).total_seconds() > LONG_WAIT:
                return _(
                    "Waiting. Either another export is running or the background worker is not "
                    "responding. It will start automatically."
                )
            case Export.State.WAITING:
                return _("It waits for the worker, which looks every few seconds.")
            case Export.State.DONE if not access.is_downloadable(export):
                return _(
                    "Something in it was withdrawn, held back or allowed no more since, or its time is over. Ask for "
                    "it again."
                )
            case Export.State.DONE:
                return _("%(rows)s rows, %(size)s. It is available until %(until)s.") % {
                    "rows": f"{export.rows_done:,}",
                    "size": filesizeformat(export.byte_count),
                    "until": short_datetime(export.expires_at or now),
                }
            case Export.State.FAILED:
                return export.get_failure_display()
            case Export.State.CANCELLED:
                return _("It was called off. Nothing of it was kept.")
            case _:
                return _("Its file was removed. Ask for it again, and it holds what counts now.")

    def progress_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        response = JsonResponse(self._progress(request, self._export(request, pk)))
        response["Cache-Control"] = "no-store"
        return response

    def cancel_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        export = self._export(request, pk)
        if jobs.cancel(export):
            self.log_change(request, export, "Called off")
            messages.success(request, _("Cancelled."))
        else:
            messages.warning(request, _("There was nothing left to call off."))
        return redirect("admin:submissions_export_change", pk)

    def again_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        export = self._export(request, pk)
        if not jobs.may_export(request.user, export.audience):
            raise PermissionDenied
        anew = jobs.enqueue(export.again(request.user))
        self.log_addition(request, anew, "Asked for again")
        return self.response_add(request, anew)

    # --- Fetching ------------------------------------------------------------------------------------------------

    def _may_download(self, request: HttpRequest, export: Export) -> bool:
        return access.is_downloadable(export) and jobs.may_export(request.user, export.audience)

    def download_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        export = self._export(request, pk)
        if not jobs.may_export(request.user, export.audience):
            raise PermissionDenied
        if not access.is_downloadable(export) or not default_storage.exists(str(export.file)):
            messages.error(request, _("There is no file to download. Ask for it again."))
            return redirect("admin:submissions_export_change", pk)
        spec = jobs.spec_of(export)
        self.log_change(request, export, f"Downloaded: {spec.audience}")
        if spec.audience is Audience.FULL:
            name = spec.file_name(export.finished_at or timezone.now())
            note_view(request.user, ContactView.Where.EXPORT, name, people=export.rows_done)
        response = FileResponse(
            export.file.open("rb"), as_attachment=True, filename=spec.file_name(export.finished_at or timezone.now())
        )
        response["Content-Type"] = CONTENT_TYPES[spec.format]
        response["Content-Length"] = str(export.byte_count)
        response["X-Row-Count"] = str(export.rows_done)
        response["X-Content-SHA256"] = export.sha256
        return response

    def readme_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        export = self._export(request, pk)
        spec = jobs.spec_of(export)
        name = spec.file_name(export.finished_at or export.requested_at)
        response = HttpResponse(readme(export, spec, name), content_type="text/plain; charset=utf-8")
        response["Content-Disposition"] = f'attachment; filename="{name}.README.txt"'
        return response

    def get_urls(self) -> list[URLPattern]:
        urls = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"submissions_export_{name}")
            for name, view in (
                ("progress", self.progress_view),
                ("cancel", require_POST(self.cancel_view)),
                ("again", require_POST(self.again_view)),
                ("download", self.download_view),
                ("readme", self.readme_view),
            )
        ]
        return [*urls, *super().get_urls()]

    # --- Columns -------------------------------------------------------------------------------------------------

    @admin.display(description=gettext_lazy("requested"), ordering="requested_at")
    def asked_for(self, export: Export) -> str:
        return short_datetime(export.requested_at)

    @admin.display(description=gettext_lazy("export"), ordering="layout")
    def what(self, export: Export) -> str:
        return label_value(str(export), self.which_areas(export)) if export.areas else str(export)

    @admin.display(description=gettext_lazy("areas"))
    def which_areas(self, export: Export) -> str:
        chosen = set(export.areas or ())
        return list_in_words(
            theme.sign for one in rounds.consultations() for theme in one.themes.all() if theme.pk in chosen
        ) or _("All")

    @admin.display(description=gettext_lazy("state"), ordering="state")
    def progress(self, export: Export) -> SafeString:
        if export.state == Export.State.RUNNING and export.percent is not None:
            return format_html(
                '{} <progress max="100" value="{}">{} %</progress>',
                export.get_state_display(),
                export.percent,
                export.percent,
            )
        return format_html("{}", export.get_state_display())

    @admin.display(description=gettext_lazy("size"), ordering="byte_count")
    def size(self, export: Export) -> str:
        return filesizeformat(export.byte_count) if export.byte_count else "–"

    @admin.display(description=gettext_lazy("took"), ordering=F("finished_at") - F("started_at"))
    def took(self, export: Export) -> str:
        return f"{export.duration.total_seconds():.1f} s" if export.duration is not None else "–"

    @admin.display(description=gettext_lazy("why it failed"))
    def why(self, export: Export) -> str:
        return export.get_failure_display() or "–"

    @admin.display(description=gettext_lazy("download"))
    def download(self, export: Export) -> str:
        if export.state != Export.State.DONE:
            return "–"
        return format_html(
            '<a href="{}">{}</a>', reverse("admin:submissions_export_download", args=[export.pk]), _("Download")
        )


def ask_url(filters: str, of: str = SavedFilter.Of.SUBMISSIONS) -> str:
    """The page that asks for an export of a list under `filters`, the query string of the list's address."""
    return reverse("admin:submissions_export_add") + "?" + urlencode({"filters": filters, "of": of})
