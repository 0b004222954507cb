"""Several who read at once: the next unread one for each, and who else has this one open."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from submissions.admin.permissions import ReviewersMixin
from submissions.models import Submission
from submissions.review.presence import note_presence, others_present
from submissions.review.queue import take_next
from themes.current import current_consultation
from themes.models import Consultation
from wsis.typography import list_in_words


def also_open(names: list[str]) -> str:
    return _("Also open with: %(names)s") % {"names": list_in_words(names)} if names else ""


class QueueMixin(ReviewersMixin):
    def get_urls(self) -> list[URLPattern]:
        views: dict[str, tuple[str, Any]] = {
            "take": ("take/", self.take_view),
            "present": ("<int:pk>/present/", self.present_view),
        }
        urls = [
            path(route, self.admin_site.admin_view(require_POST(view)), name=f"submissions_submission_{name}")
            for name, (route, view) in views.items()
        ]
        return [*urls, *super().get_urls()]

    def take_view(self, request: HttpRequest) -> HttpResponse:
        """Assigns the oldest unread one to whoever asks, and opens it."""
        self.assert_reviewer(request)
        asked = request.POST.get("consultation", "")
        if asked.isdecimal() and len(asked) < 10:
            consultation: Consultation | None = get_object_or_404(Consultation, pk=asked)
        else:
            consultation = current_consultation(timezone.now())
        taken = take_next(consultation, by=request.user) if consultation else None
        if taken is None:
            messages.info(request, _("There is none that is new and nobody’s: all have been taken."))
            return redirect("admin:submissions_submission_changelist")
        return redirect("admin:submissions_submission_change", taken.pk)

    def present_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page's sign that it is still being looked at. Answers who else does."""
        self.assert_reviewer(request)
        submission = get_object_or_404(Submission, pk=pk)
        note_presence(submission.reference, request.user)
        return JsonResponse({"sentence": also_open(others_present(submission.reference, request.user))})

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        submission = Submission.objects.filter(pk=object_id).first() if object_id.isdecimal() else None
        more: dict[str, Any] = {}
        if submission is not None and self.has_review_permission(request):
            note_presence(submission.reference, request.user)
            more = {"present": True, "also_open": also_open(others_present(submission.reference, request.user))}
        return super().change_view(request, object_id, form_url, {**more, **(extra_context or {})})
