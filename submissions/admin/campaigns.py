"""Near-identical texts as what they are: how many submissions, distinct texts and organisations, and side by side."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Min, OuterRef, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions.admin.pagination import CachedCountPaginator
from submissions.admin.permissions import may_see_contacts
from submissions.models import Campaign, ContactView, Contribution, Fingerprint, Submission
from submissions.review.contact_log import note_view
from submissions.review.diff import Effort, marked
from submissions.review.flags.near_duplicates import compared_text
from wsis.read_only import ReadOnlyMixin
from wsis.typography import short_datetime

PAGE_SIZE = 20  # texts side by side
MAX_COMPARED_CHARACTERS = 4_000  # characters: beyond, marking what differs would hold the page up


@admin.register(Campaign)
class CampaignAdmin(ReadOnlyMixin):
    """Counted by the worker (review/flags/near_duplicates.py); nothing is merged, and each counts as what was sent."""

    list_display = ["beginning", "submissions", "texts", "organisations", "countries", "first", "last"]
    list_filter = ["consultation"]
    list_per_page = 50
    paginator = CachedCountPaginator
    show_full_result_count = False

    class Media:
        css = {"all": ["css/admin.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Campaign]:
        standing = Submission.objects.standing().values("pk")
        members = Contribution.objects.filter(fingerprint__group=OuterRef("group"), submission__in=standing)
        first = members.order_by("pk").values("text")[:1]
        shown: QuerySet[Campaign] = super().get_queryset(request).annotate(text=Subquery(first))
        return shown

    @admin.display(description=gettext_lazy("begins with"))
    def beginning(self, campaign: Any) -> SafeString:
        text = campaign.text or ""
        return format_html('<bdi dir="auto">{}</bdi>', text if len(text) <= 120 else text[:120] + "…")

    @admin.display(description=gettext_lazy("first"), ordering="first_at")
    def first(self, campaign: Campaign) -> str:
        return short_datetime(campaign.first_at)

    @admin.display(description=gettext_lazy("last"), ordering="last_at")
    def last(self, campaign: Campaign) -> str:
        return short_datetime(campaign.last_at)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        campaign = Campaign.objects.filter(pk=object_id).first() if object_id.isdecimal() else None
        if campaign is None or not self.has_view_permission(request, campaign):
            return super().change_view(request, object_id, form_url, extra_context)
        return self._side_by_side(request, campaign)

    def of_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The group that a submission is in; of several the largest. Groups are counted anew, so its id may change."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        groups = Fingerprint.objects.filter(contribution__submission=pk).values("group")
        campaign = Campaign.objects.filter(group__in=groups).first()
        if campaign is None:
            return redirect("admin:submissions_submission_change", get_object_or_404(Submission, pk=pk).pk)
        return self._side_by_side(request, campaign)

    def _side_by_side(self, request: HttpRequest, campaign: Campaign) -> HttpResponse:
        standing = Submission.objects.standing().values("pk")
        members = Contribution.objects.filter(fingerprint__group=campaign.group, submission__in=standing)
        # What most of them sent, to the letter: the others are compared with that.
        by_text = members.order_by().values("fingerprint__text_sha256").annotate(n=Count("pk"), one=Min("pk"))
        commonest = by_text.order_by("-n", "one").first()
        if commonest is None:
            # All were withdrawn, or the group has grown into another since it was counted.
            messages.info(request, _("This group has changed. It is counted again within a minute."))
            return redirect("admin:submissions_campaign_changelist")
        model = compared_text(Contribution.objects.prefetch_related("proposals").get(pk=commonest["one"]))
        page = Paginator(
            members.select_related("submission", "theme")
            .prefetch_related("proposals")
            .order_by("submission__received_at", "pk"),
            PAGE_SIZE,
        ).get_page(request.GET.get("page"))
        effort = Effort()  # of the whole page, however many texts it has
        context = {
            **self.admin_site.each_context(request),
            "title": _("Near-identical texts, side by side"),
            "opts": self.opts,
            "campaign": campaign,
            "commonest": model,
            "copies": commonest["n"],
            "page": page,
            "filters": "",
            "rows": [
                {
                    "one": one,
                    "sender": one.submission.sender if may_see_contacts(request) else one.submission.organisation,
                    "is_same": compared_text(one) == model,
                    "marked": _differs(model, compared_text(one), effort),
                }
                for one in page
            ],
            "list_url": reverse("admin:submissions_submission_changelist") + f"?campaign={campaign.group}",
        }
        if may_see_contacts(request):
            note_view(request.user, ContactView.Where.LIST, f"near-identical: {campaign.group}", people=len(page))
        return render(request, "admin/submissions/campaign/side_by_side.html", context)

    def get_urls(self) -> list[URLPattern]:
        url = path("of/<int:pk>/", self.admin_site.admin_view(self.of_view), name="submissions_campaign_of")
        return [url, *super().get_urls()]


def _differs(model: str, text: str, effort: Effort) -> SafeString | str:
    return marked(model, text, effort) if max(len(model), len(text)) <= MAX_COMPARED_CHARACTERS else text
