"""What follows from what came in: records, mails, late attempts."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions import closing
from submissions.admin.rights import HoldsContacts
from submissions.models import ContactView, LateAttempt, Record, Withdrawal
from submissions.trail.seeing import note_view
from themes.admin import ReadOnly


@admin.register(Record)
class RecordAdmin(HoldsContacts):
    list_display = ["consultation", "closed_at", "state", "submission_count", "row_count", "byte_count", "download"]
    list_select_related = ["consultation"]
    fields = [
        *("consultation", "closed_at", "state", "written_at", "submission_count", "row_count", "byte_count"),
        *("sha256", "attempts", "last_error", "download"),
    ]
    readonly_fields = ["state", "download"]

    @admin.display(description=gettext_lazy("state"))
    def state(self, record: Record) -> str:
        if record.is_superseded:
            return _("Superseded: re-opened after this closing")
        if record.written_at:
            return _("Written")
        return _("Failed") if record.attempts >= closing.MOST_ATTEMPTS else _("Being written")

    @admin.display(description=gettext_lazy("file"))
    def download(self, record: Record) -> str:
        if not record.written_at:
            return "–"
        url = reverse("admin:submissions_record_download", args=[record.pk])
        return format_html('<a href="{}">{}</a>', url, _("Download the record"))

    def get_urls(self) -> list[URLPattern]:
        download = path(
            "<int:pk>/download/",
            self.admin_site.admin_view(self.download_view),
            name="submissions_record_download",
        )
        return [download, *super().get_urls()]

    def download_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        record = get_object_or_404(Record, pk=pk, written_at__isnull=False)
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        if Withdrawal.objects.filter(
            submission__consultation=record.consultation, withdrawn_at__gte=record.written_at
        ).exists():
            messages.error(request, _("A submission in it was withdrawn since. The later record is given out."))
            return redirect("admin:submissions_record_changelist")
        note_view(request.user, ContactView.Where.RECORD, str(record), people=record.submission_count)
        name = f"{record.consultation.slug}-record-{record.closed_at:%Y%m%dT%H%M%SZ}.zip"
        response = FileResponse(record.file.open("rb"), as_attachment=True, filename=name)
        response["Content-Type"] = "application/zip"
        response["X-Content-SHA256"] = record.sha256
        return response


@admin.register(LateAttempt)
class LateAttemptAdmin(ReadOnly):
    """Evidence for an extension: how many came too late, when, and how long they were. Not what they said."""

    list_display = ["arrived_at", "consultation", "byte_count", "sha256"]
    list_filter = ["consultation"]
    list_select_related = ["consultation"]
    date_hierarchy = "arrived_at"
