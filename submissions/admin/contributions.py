"""Contributions: what was said on a theme across all submissions, in a list, and one after the other to be read."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.forms import Script
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions.admin.columns import ReviewColumnsMixin, about_sender
from submissions.admin.contribution_cards import contribution_cards
from submissions.admin.exports import ask_url
from submissions.admin.list_filters import FilterBarMixin, django_filter
from submissions.admin.mail import note_list
from submissions.admin.pagination import CachedCountPaginator
from submissions.admin.passages import DECISIONS
from submissions.admin.permissions import OrganisationOnlyMixin, may_see_contacts
from submissions.admin.saved_filters import SavedFiltersMixin
from submissions.admin.search import SearchMixin
from submissions.export import jobs
from submissions.models import Audience, ContactView, Contribution, SavedFilter, Submission, Tag
from submissions.queries.filtered import NOT_FILTERS
from submissions.queries.filters import CountryFilter, LanguageFilter, LengthFilter, RegionFilter, TimeFilter, WayFilter
from submissions.queries.review_filters import AssigneeFilter, FlagFilter, PublicationFilter, ReviewFilter, TagFilter
from submissions.review.contact_log import note_view
from submissions.search.find import Found, contribution_places, find
from submissions.search.snippets import snippets_of
from submissions.search.terms import Terms, parse
from themes.models import Theme
from wsis.typography import short_datetime

PAGE_SIZE = 10  # texts on one page of reading


@admin.register(Contribution)
class ContributionAdmin(FilterBarMixin, SavedFiltersMixin, SearchMixin, ReviewColumnsMixin, OrganisationOnlyMixin):
    """The way drafters read."""

    path = "submission__"
    list_display = [
        *("theme_sign", "beginning", "sender", "language_in_words", "words", "review", "assignee", "marks", "received"),
    ]
    list_display_links = ["beginning"]
    list_filter = [
        *("submission__consultation", "theme"),
        *map(django_filter, (ReviewFilter(), AssigneeFilter(), TagFilter(), FlagFilter(), PublicationFilter())),
        "submission__stakeholder_group",
        *map(
            django_filter,
            (RegionFilter(), CountryFilter(), LanguageFilter(), LengthFilter(), TimeFilter(), WayFilter()),
        ),
    ]
    list_select_related = ["submission", "theme"]
    search_fields = ["text"]  # there is a search; search/find.py says in what
    search_help_text = gettext_lazy(
        "Words of a text in any form, organisation, or reference. Also: “exact words”, begin*, one OR another, -without"
    )
    list_per_page = 50
    paginator = CachedCountPaginator
    show_full_result_count = False
    ordering = ["-pk"]
    change_list_template = "admin/submissions/contribution/change_list.html"

    class Media:
        css = {"all": ["css/admin.css"]}
        js = [Script("js/workspace.js", defer=True), Script("js/filter_bar.js", defer=True)]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contribution]:
        return (
            super()
            .get_queryset(request)
            .filter(submission__in=Submission.objects.standing())
            .prefetch_related("proposals")
        )

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        filters = request.GET.urlencode()
        may_export = jobs.may_export(request.user, Audience.WORKSPACE)
        export_url = ask_url(filters, SavedFilter.Of.CONTRIBUTIONS) if may_export else ""
        answer = super().changelist_view(request, {**(extra_context or {}), "export_url": export_url})
        return note_list(request, answer, ContactView.Where.LIST) if may_see_contacts(request) else answer

    def find(self, request: HttpRequest, queryset: QuerySet[Contribution], terms: Terms) -> Found:
        return find(queryset, terms, contribution_places)

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        """With a search, a text is shown where it was found."""
        shown = super().get_changelist_instance(request)
        if typed := shown.query:
            shown.result_list = list(shown.result_list)
            places = snippets_of(shown.result_list, parse(typed))
            for one in shown.result_list:
                one.found_in = places.get(one.pk)
        return shown

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """A contribution is read on the page of its submission, where it stands."""
        one = Contribution.objects.filter(pk=object_id).first() if object_id.isdecimal() else None
        if one is None or not self.has_view_permission(request, one):
            return super().change_view(request, object_id, form_url, extra_context)
        page = reverse("admin:submissions_submission_change", args=[one.submission_id])
        return redirect(f"{page}#text-{one.submission_id}-{one.theme_id}")

    def reading_view(self, request: HttpRequest) -> HttpResponse:
        """What the list shows, one whole text after the other, ten on a page."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        parameters = request.GET.copy()
        number = parameters.pop("page", ["1"])[-1]
        for name in NOT_FILTERS & set(parameters):
            del parameters[name]
        request.GET = parameters  # type: ignore[assignment]
        try:
            listed = self.get_changelist_instance(request)
        except IncorrectLookupParameters:
            return redirect(reverse("admin:submissions_contribution_changelist") + "?e=1")
        pages = Paginator(listed.queryset, PAGE_SIZE)
        pages.count = listed.result_count
        page = pages.get_page(number)
        cards = contribution_cards(page.object_list, parse(parameters.get("q", "")))
        theme = (
            Theme.objects.filter(pk=parameters.get("theme__id__exact", "0")).first() if _is_number(parameters) else None
        )
        consultations = {one.contribution.theme.consultation_id for one in cards}
        context = {
            **self.admin_site.each_context(request),
            "title": theme or _("Contributions, one after the other"),
            "opts": self.opts,
            "page": page,
            "cards": [(one, self._about(one.contribution, request)) for one in cards],
            "decisions": DECISIONS,
            "filters": parameters.urlencode(),
            "back": f"{request.path}?{parameters.urlencode()}&page={page.number}",
            "can_review": request.user.has_perm("submissions.review"),
            "tags": Tag.objects.filter(consultation__in=consultations),
            "themes": Theme.objects.filter(consultation__in=consultations) if consultations else Theme.objects.all(),
            "theme": theme,
            "media": self.media,
        }
        if cards and may_see_contacts(request):
            note_view(request.user, ContactView.Where.LIST, parameters.urlencode() or "–", people=len(cards))
        return render(request, "admin/submissions/contribution/read.html", context)

    def _about(self, one: Any, request: HttpRequest) -> dict[str, Any]:
        """Who it is from and what became of it, as the list tells it."""
        return {
            "sender": one.submission.sender if may_see_contacts(request) else one.submission.organisation,
            "review": self.state(one),
            "tags": self.shown_tags(one),
            "flags": self.flags(one),
        }

    def get_urls(self) -> list[URLPattern]:
        url = path("reading/", self.admin_site.admin_view(self.reading_view), name="submissions_contribution_reading")
        return [url, *super().get_urls()]

    @admin.display(description=gettext_lazy("area"), ordering="theme__number")
    def theme_sign(self, contribution: Contribution) -> SafeString:
        theme = contribution.theme
        return format_html('<div class="area-name clamped" title="{}">{}</div>', theme, theme)

    @admin.display(description=gettext_lazy("text"))
    def beginning(self, contribution: Any) -> SafeString:
        found: SafeString | None = getattr(contribution, "found_in", None)
        if found is not None:
            return format_html('<div class="clamped">{}</div>', found)
        # A contribution may be proposed wording alone.
        row = next(iter(contribution.proposals.all()), None)
        text = contribution.text or (row.wording or row.reason or row.paragraph if row else "")
        return format_html('<div class="clamped" dir="auto">{}</div>', text if len(text) <= 160 else text[:160] + "…")

    @admin.display(description=gettext_lazy("from"), ordering="submission__organisation")
    def sender(self, contribution: Contribution) -> SafeString:
        submission = contribution.submission
        return about_sender(submission.sender, submission)

    @admin.display(description=gettext_lazy("from"), ordering="submission__organisation")
    def organisation_alone(self, contribution: Contribution) -> SafeString:
        submission = contribution.submission
        name = submission.organisation or str(submission.get_submitting_as_display())
        return about_sender(name, submission)

    @admin.display(description=gettext_lazy("language"), ordering="submission__language")
    def language_in_words(self, contribution: Contribution) -> str:
        return contribution.submission.language_name

    @admin.display(description=gettext_lazy("received"), ordering="submission__received_at")
    def received(self, contribution: Contribution) -> str:
        return short_datetime(contribution.submission.received_at)


def _is_number(parameters: Any) -> bool:
    return str(parameters.get("theme__id__exact", "")).isdecimal()
