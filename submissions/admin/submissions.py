"""Submissions and contributions: lists, filters, search, reading."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Prefetch, QuerySet
from django.forms import Script
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions.admin.bulk import BulkMixin
from submissions.admin.columns import about_sender
from submissions.admin.exports import ask_url
from submissions.admin.list_filters import FilterBarMixin, django_filter
from submissions.admin.mail import note_list
from submissions.admin.matrix import MatrixMixin
from submissions.admin.pagination import CachedCountPaginator
from submissions.admin.permissions import CONTACT, OrganisationOnlyMixin, may_see_contacts
from submissions.admin.queue import QueueMixin
from submissions.admin.reviewing import ReviewMixin
from submissions.admin.saved_filters import SavedFiltersMixin
from submissions.admin.search import SearchMixin
from submissions.admin.statistics_csv import StatisticsCsvMixin
from submissions.export import jobs
from submissions.models import Audience, ContactView, Contribution, Submission
from submissions.queries.confirmed import has_confirmed_email
from submissions.queries.filtered import SELECTED_IDS, consultation_in, find_submissions
from submissions.queries.filters import (
    CountryFilter,
    EmailFilter,
    LanguageFilter,
    LengthFilter,
    RegionFilter,
    StandingFilter,
    ThemeFilter,
    TimeFilter,
    WayFilter,
)
from submissions.queries.review_filters import AssigneeFilter, CampaignFilter, FlagFilter, ReviewFilter, TagFilter
from submissions.queries.totals import theme_count as theme_total
from submissions.queries.totals import word_count as word_total
from submissions.search.find import Found
from submissions.search.snippets import snippets_for
from submissions.search.terms import Terms, parse
from themes import intake
from themes.current import current_consultation
from themes.intake import Intake
from themes.models import Consultation
from wsis.typography import short_datetime

COUNTS = {"theme_count", "word_count", "language_in_words"}


@admin.register(Submission)
class SubmissionAdmin(
    FilterBarMixin,
    SavedFiltersMixin,
    SearchMixin,
    BulkMixin,
    QueueMixin,
    ReviewMixin,
    MatrixMixin,
    StatisticsCsvMixin,
    OrganisationOnlyMixin,
):
    list_display = [
        *("reference", "received", "sender", "language_in_words", "review", "assignee", "marks"),
        *("theme_count", "word_count"),
    ]
    list_filter = [
        "consultation",
        *map(django_filter, (ReviewFilter(), AssigneeFilter(), TagFilter(), FlagFilter(), CampaignFilter())),
        *map(django_filter, (StandingFilter(), ThemeFilter())),
        *("stakeholder_group", "submitting_as"),
        *map(django_filter, (RegionFilter(), CountryFilter(), LanguageFilter(), LengthFilter(), TimeFilter())),
        *map(django_filter, (WayFilter(), EmailFilter())),
        "consent",
    ]
    paginator = CachedCountPaginator
    show_full_result_count = False
    search_fields = ["reference"]  # there is a search; search/find.py says in what
    search_help_text = gettext_lazy(
        "Reference, organisation, name, e-mail, or words of a text in any form. "
        "Also: “exact words”, begin*, one OR another, -without"
    )
    list_per_page = 50
    actions = ["review_selected", "export_selected"]
    change_list_template = "admin/submissions/submission/change_list.html"
    fieldsets = [
        (None, {"fields": ["reference", "version", "standing", "consultation", "received_at", "content_sha256"]}),
        (
            gettext_lazy("Who"),
            {
                "fields": [
                    "submitting_as",
                    "organisation",
                    "stakeholder_group",
                    "country_in_words",
                    "language_in_words",
                ]
            },
        ),
        (
            gettext_lazy("Contact"),
            {"fields": ["contact_name", "email", "is_email_confirmed", "consent", "has_accepted_privacy"]},
        ),
    ]
    readonly_fields = ["standing", "country_in_words", "language_in_words", "is_email_confirmed"]

    class Media:
        css = {"all": ["css/admin.css"]}
        js = [
            Script("js/workspace.js", defer=True),
            Script("js/filter_bar.js", defer=True),
            Script("js/review_panel.js", defer=True),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Submission]:
        # Only the counts of words: the texts are long, and a list shows none.
        words = Prefetch("contributions", Contribution.objects.only("submission_id", "words"), to_attr="word_counts")
        shown = super().get_queryset(request).select_related("consultation").prefetch_related(words)
        annotated: QuerySet[Submission] = shown.annotate(has_confirmed_email=has_confirmed_email())
        return annotated

    @admin.display(description=gettext_lazy("e-mail confirmed"))
    def is_email_confirmed(self, submission: Any) -> str:
        # In words: most addresses are not confirmed yet, and a red cross beside each would look like an error.
        return _("Yes") if submission.has_confirmed_email else _("Not yet")

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        shown = super().get_fieldsets(request, obj)
        if may_see_contacts(request):
            return shown
        return [
            (title, {**options, "fields": [name for name in options["fields"] if name not in CONTACT]})
            for title, options in shown
        ]

    def get_list_display(self, request: HttpRequest) -> Any:
        shown = super().get_list_display(request)
        if not request.GET.get("q"):
            return shown
        # Where it was found takes the room of the counts.
        return [*shown[:1], "found_in", *(name for name in shown[1:] if name not in COUNTS)]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """With a search, each row of the page shows where it was found."""
        shown = super().get_changelist_instance(request)
        if request.GET.get("q"):
            shown.result_list = list(shown.result_list)
            places = snippets_for([one.pk for one in shown.result_list], parse(shown.query))
            for one in shown.result_list:
                one.found_in = places.get(one.pk, "–")
        return shown

    @admin.display(description=gettext_lazy("found in"))
    def found_in(self, submission: Any) -> SafeString | str:
        place: SafeString | str = submission.found_in
        return place

    def find(self, request: HttpRequest, queryset: QuerySet[Submission], terms: Terms) -> Found:
        return find_submissions(queryset, terms, user=request.user)

    @admin.display(description=gettext_lazy("standing"))
    def standing(self, submission: Submission) -> str:
        if submission.is_withdrawn:
            return _("Withdrawn by the stakeholder; its texts are not shown")
        last = Submission.objects.filter(reference=submission.reference).order_by("-version").first()
        if last is not None and last.version > submission.version:
            return _("Replaced by version %(n)d") % {"n": last.version}
        return _("Counts")

    @admin.display(description=gettext_lazy("received"), ordering="received_at")
    def received(self, submission: Submission) -> str:
        return short_datetime(submission.received_at)

    @admin.display(description=gettext_lazy("from"), ordering="organisation")
    def sender(self, submission: Submission) -> SafeString:
        return about_sender(submission.sender, submission)

    @admin.display(description=gettext_lazy("from"), ordering="organisation")
    def organisation_alone(self, submission: Submission) -> SafeString:
        return about_sender(submission.organisation or str(submission.get_submitting_as_display()), submission)

    @admin.display(description=gettext_lazy("country or territory"), ordering="country")
    def country_in_words(self, submission: Submission) -> str:
        return submission.country_name

    @admin.display(description=gettext_lazy("language"), ordering="language")
    def language_in_words(self, submission: Submission) -> str:
        return submission.language_name

    @admin.display(description=gettext_lazy("areas"), ordering=theme_total())
    def theme_count(self, submission: Submission) -> int:
        return len(submission.word_counts)  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("words"), ordering=word_total())
    def word_count(self, submission: Submission) -> int:
        return sum(row.words for row in submission.word_counts)  # type: ignore[attr-defined]

    @admin.action(description=gettext_lazy("Export the selected submissions"), permissions=["export"])
    def export_selected(self, request: HttpRequest, queryset: QuerySet[Submission]) -> HttpResponse:
        if request.POST.get("select_across") == "1":
            return redirect(ask_url(request.GET.urlencode()))
        chosen = ",".join(str(pk) for pk in queryset.order_by("pk").values_list("pk", flat=True))
        # What was chosen by hand is meant, also what was replaced since.
        return redirect(ask_url(urlencode({SELECTED_IDS: chosen, "standing": "all"})))

    def has_export_permission(self, request: HttpRequest) -> bool:
        return jobs.may_export(request.user, Audience.WORKSPACE)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        export_url = ask_url(request.GET.urlencode()) if self.has_export_permission(request) else ""
        into = _may_be_entered(request) if request.user.has_perm("submissions.admit") else []
        enter = [
            (reverse("admin:submissions_lateaccess_enter", args=[one.pk]), one.title if len(into) > 1 else "")
            for one in into
        ]
        more = {
            "export_url": export_url,
            "enter": enter,
            "can_take": request.user.has_perm("submissions.review"),
            "take_from": consultation_in(request.GET.urlencode()) or "",
        }
        answer = super().changelist_view(request, {**(extra_context or {}), **more})
        return note_list(request, answer, ContactView.Where.LIST) if may_see_contacts(request) else answer


def _may_be_entered(request: HttpRequest) -> list[Consultation]:
    """Into which consultations something can be entered on behalf of somebody: the one that the list shows, or all
    that have opened, the one at hand first."""
    only = consultation_in(request.GET.urlencode())
    at = timezone.now()
    opened = Consultation.objects.filter(intake.IS_PUBLIC).exclude(intake.is_in(Intake.UPCOMING, at))
    if only is not None:
        return list(opened.filter(pk=only))
    current = current_consultation(at)
    return sorted(opened.order_by("-closes_at"), key=lambda one: one != current)
