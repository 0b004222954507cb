"""What follows from what came in: records, mails, late attempts."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext
from django.views.decorators.http import require_POST

from submissions.admin.permissions import ContactsMixin
from submissions.export import records
from submissions.models import ContactView, LateAttempt, Record, Submission, Withdrawal
from submissions.review.contact_log import note_view
from wsis.read_only import ReadOnlyMixin
from wsis.typography import short_datetime


@admin.register(Record)
class RecordAdmin(ContactsMixin):
    list_display = ["consultation", "closed_at", "state", "submission_count", "row_count", "byte_count", "download"]
    list_select_related = ["consultation"]
    fields = [
        *("consultation", "closed_at", "state", "written_at", "submission_count", "row_count", "byte_count"),
        *("sha256", "attempts", "last_error", "late_after", "download"),
    ]
    readonly_fields = ["state", "late_after", "download"]
    change_form_template = "admin/submissions/record/change_form.html"

    @admin.display(description=gettext_lazy("state"))
    def state(self, record: Record) -> str:
        if record.is_superseded:
            return _("Superseded: re-opened after this closing")
        if record.written_at:
            return pgettext("record", "Written")
        if record.due_at is None:
            return pgettext("record", "Not written")
        if record.last_error:
            when = short_datetime(record.due_at)
            return _("Failed; tried again at %(when)s") % {"when": when}
        return _("Being written")

    @admin.display(description=gettext_lazy("late entries"))
    def late_after(self, record: Record) -> SafeString | str:
        """What the secretariat admitted after this closing: it is in lists and exports, and not in this record."""
        late = Submission.objects.standing().filter(consultation=record.consultation, admission__isnull=False)
        if not (count := late.filter(received_at__gte=record.closed_at).count()):
            return _("None")
        words = ngettext("%(n)d, not in this record", "%(n)d, not in this record", count) % {"n": count}
        where = urlencode({"came": "admitted", "consultation__id__exact": record.consultation_id})
        return format_html('<a href="{}?{}">{}</a>', reverse("admin:submissions_submission_changelist"), where, words)

    @admin.display(description=gettext_lazy("file"))
    def download(self, record: Record) -> str:
        if not record.written_at:
            return "–"
        url = reverse("admin:submissions_record_download", args=[record.pk])
        return format_html('<a href="{}">{}</a>', url, _("Download the record"))

    def get_urls(self) -> list[URLPattern]:
        verbs = {"download": self.download_view, "again": require_POST(self.again_view)}
        urls = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"submissions_record_{name}")
            for name, view in verbs.items()
        ]
        return [*urls, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        is_given_up = object_id.isdecimal() and records.given_up().filter(pk=object_id).exists()
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "is_given_up": is_given_up})

    def again_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        record = get_object_or_404(Record, pk=pk)
        if records.try_again(Record.objects.filter(pk=record.pk)):
            messages.success(request, _("The worker tries again at its next sweep, within seconds."))
        else:
            messages.info(request, _("It is still being tried: nothing was changed."))
        return redirect("admin:submissions_record_change", record.pk)

    def download_view(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        record = get_object_or_404(Record, pk=pk, written_at__isnull=False)
        if not self.has_view_permission(request, record):
            raise PermissionDenied
        if Withdrawal.objects.filter(
            submission__consultation=record.consultation, withdrawn_at__gte=record.read_at or record.written_at
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
class LateAttemptAdmin(ReadOnlyMixin):
    """Evidence for an extension: how many came too late, when, how long they were, and how long they had waited on our
    side. Not what they said."""

    list_display = ["arrived_at", "consultation", "byte_count", "waited_ms", "sha256"]
    list_filter = ["consultation"]
    list_select_related = ["consultation"]
    date_hierarchy = "arrived_at"
