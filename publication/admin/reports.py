"""What readers report of published texts: looked at, acted on in the submission's review, and answered here."""

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from publication import reports
from publication.models import Report
from submissions.admin.permissions import may_see_contacts
from submissions.models import Submission
from wsis.read_only import ReadOnlyMixin

RIGHT = "publication.answer_report"
MAX_ANSWER_CHARACTERS = 4_000


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", _("Waits for somebody")), ("answered", _("Answered"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Report]) -> QuerySet[Report]:
        if self.value() not in {"waiting", "answered"}:
            return queryset
        return queryset.filter(answered_at__isnull=self.value() == "waiting")


@admin.register(Report)
class ReportAdmin(ReadOnlyMixin):
    list_display = ["received_at", "kind", "text_title", "state"]
    list_select_related = ["published__consultation", "published__theme"]
    list_filter = [StateFilter, "kind"]
    change_form_template = "admin/publication/report/change_form.html"

    class Media:
        css: ClassVar[Any] = {"all": ["css/admin.css"]}

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        # Who may not read an address must not find one by guessing either.
        is_contact = "email" in lookup.split("__")
        return (not is_contact or may_see_contacts(request)) and super().lookup_allowed(lookup, value, request)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    @admin.display(description=gettext_lazy("published text"))
    def text_title(self, report: Report) -> str:
        return f"{report.published.consultation.slug}, {report.published.theme}"

    @admin.display(description=gettext_lazy("state"), ordering="answered_at")
    def state(self, report: Report) -> str:
        return _("Waits for somebody") if report.answered_at is None else _("Answered")

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        report = self.get_object(request, object_id)
        context: dict[str, Any] = {}
        if report is not None:
            published = report.published
            sent = Submission.objects.latest_versions().filter(reference=published.reference).first()
            context = {
                "report": report,
                "title": report.get_kind_display(),
                "state": self.state(report),
                "submission": sent,
                "may_answer": report.answered_at is None and request.user.has_perm(RIGHT),
                "may_see_contacts": may_see_contacts(request),
            }
        return super().change_view(request, object_id, form_url, {**context, **(extra_context or {})})

    def get_urls(self) -> list[URLPattern]:
        answer = self.admin_site.admin_view(require_POST(self.answer_view))
        answering: list[Any] = [path("<int:pk>/answer/", answer, name="publication_report_answer")]
        return [*answering, *super().get_urls()]

    def answer_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        if not request.user.has_perm(RIGHT):
            raise PermissionDenied
        what = request.POST.get("answer", "")
        if not what.strip() or len(what) > MAX_ANSWER_CHARACTERS:
            limit = {"n": MAX_ANSWER_CHARACTERS}
            messages.error(request, _("Say what was done, in %(n)d characters at the most.") % limit)
        elif reports.answer(pk, by=request.user, what=what):
            messages.success(request, _("Answered."))
        else:
            messages.error(request, _("It was answered already."))
        return redirect("admin:publication_report_change", pk)
