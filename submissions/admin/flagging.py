"""Near-identical texts as what they are: how many submissions, distinct texts and organisations, and side by side."""

from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count, Min, OuterRef, QuerySet, Subquery
from django.db.models.functions import MD5
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions.admin.paging import KeptCount
from submissions.admin.rights import may_see_contacts
from submissions.models import Campaign, Contribution, Fingerprint, Flag, Submission
from submissions.review.comparing import marked
from themes.admin import ReadOnly

A_PAGE = 20  # texts side by side
MOST_COMPARED = 20_000  # characters: beyond, marking what differs would hold the page up


@admin.register(Campaign)
class CampaignAdmin(ReadOnly):
    """Counted by the worker (flags/alike.py); nothing is merged, and each counts as what was sent."""

    list_display = ["beginning", "submissions", "texts", "organisations", "countries", "first", "last"]
    list_filter = ["consultation"]
    list_per_page = 50
    paginator = KeptCount
    show_full_result_count = False

    class Media:
        css = {"all": ["css/admin.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Campaign]:
        first = Contribution.objects.filter(pk=OuterRef("group")).values("text")[:1]
        shown: QuerySet[Campaign] = super().get_queryset(request).annotate(text=Subquery(first))
        return shown

    @admin.display(description=gettext_lazy("begins with"))
    def beginning(self, campaign: Any) -> SafeString:
        text = campaign.text or ""
        return format_html('<bdi dir="auto">{}</bdi>', text if len(text) <= 120 else text[:120] + "…")

    @admin.display(description=gettext_lazy("first (UTC)"), ordering="first_at")
    def first(self, campaign: Campaign) -> str:
        return f"{campaign.first_at:%Y-%m-%d %H:%M}"

    @admin.display(description=gettext_lazy("last (UTC)"), ordering="last_at")
    def last(self, campaign: Campaign) -> str:
        return f"{campaign.last_at:%Y-%m-%d %H:%M}"

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
        mine = Contribution.objects.filter(fingerprint__group=campaign.group, submission__in=standing)
        # The text that most of them sent, to the letter: what the others are compared with.
        by_text = mine.order_by().annotate(sum=MD5("text")).values("sum")
        commonest = by_text.annotate(n=Count("pk"), one=Min("pk")).order_by("-n", "one")[0]
        model_text = Contribution.objects.get(pk=commonest["one"])
        page = Paginator(
            mine.select_related("submission", "theme").order_by("submission__received_at", "pk"), A_PAGE
        ).get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Near-identical texts, side by side"),
            "opts": self.opts,
            "campaign": campaign,
            "commonest": model_text,
            "copies": commonest["n"],
            "page": page,
            "filters": "",
            "rows": [
                {
                    "one": one,
                    "sender": one.submission.sender if may_see_contacts(request) else one.submission.organisation,
                    "is_same": one.text == model_text.text,
                    "marked": marked(model_text.text, one.text)
                    if max(len(one.text), len(model_text.text)) <= MOST_COMPARED
                    else one.text,
                }
                for one in page
            ],
            "list_url": reverse("admin:submissions_submission_changelist") + f"?flag={Flag.Kind.ALIKE}",
        }
        return render(request, "admin/submissions/campaign/side_by_side.html", context)

    def get_urls(self) -> list[URLPattern]:
        own = path("of/<int:pk>/", self.admin_site.admin_view(self.of_view), name="submissions_campaign_of")
        return [own, *super().get_urls()]
