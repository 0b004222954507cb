"""Submissions and contributions: lists, filters, search, reading."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Exists, OuterRef, Prefetch, QuerySet
from django.forms import Script
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions import confirming
from submissions.admin.exporting import ask_url
from submissions.admin.figuring import Figured
from submissions.admin.filters import (
    AssigneeFilter,
    CountryFilter,
    EmailFilter,
    ReviewFilter,
    StandingFilter,
    TagFilter,
    ThemeFilter,
    TimeFilter,
)
from submissions.admin.paging import KeptCount
from submissions.admin.reviewing import Reviewing
from submissions.admin.rights import CONTACT, NamesForSome, may_see_contacts
from submissions.export import making
from submissions.export.choices import Audience
from submissions.listing import ONE_BY_ONE
from submissions.models import Contribution, Submission, Withdrawal
from submissions.respondent import Consent
from submissions.searching import said_by, searched, submissions_with


class ContributionInline(admin.StackedInline):  # type: ignore[type-arg]
    model = Contribution
    fields: ClassVar[Any] = ["words", "published", "as_written"]
    readonly_fields: ClassVar[Any] = fields
    extra = 0
    can_delete = False
    ordering = ["theme__number"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contribution]:
        shown = super().get_queryset(request).select_related("theme", "submission").prefetch_related("proposals")
        return shown.exclude(Exists(Withdrawal.objects.filter(reference=OuterRef("submission__reference"))))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("publication"))
    def published(self, contribution: Contribution) -> str:
        return published(contribution)

    @admin.display(description=gettext_lazy("text"))
    def as_written(self, contribution: Contribution) -> SafeString:
        return as_written(contribution)


def published(contribution: Contribution) -> str:
    """How this one may be published: where it says otherwise than the whole, that counts."""
    return str(dict(Consent.choices).get(contribution.consent, contribution.consent))


def as_written(contribution: Contribution) -> SafeString:
    """The text and the rows of proposed wording, each in its own direction."""
    language = contribution.submission.language
    text = format_html('<div class="as-written" dir="auto" lang="{}">{}</div>', language, contribution.text)
    rows = format_html_join(
        "",
        '<tr><td>{}</td><td class="as-written" dir="auto">{}</td><td class="as-written" dir="auto">{}</td></tr>',
        ((row.paragraph, row.wording, row.reason) for row in contribution.proposals.all()),
    )
    if not rows:
        return text
    heads = format_html_join(
        "", "<th>{}</th>", ((label,) for label in (_("Paragraph"), _("Proposed wording"), _("Reason")))
    )
    table = format_html("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>", heads, rows)
    return format_html("{}{}", text if contribution.text else "", table)


@admin.register(Submission)
class SubmissionAdmin(Reviewing, Figured, NamesForSome):
    list_display = [
        "reference",
        "received",
        "sender",
        "group",
        "country_in_words",
        "review",
        "assigned",
        "shown_tags",
        "is_email_confirmed",
        "theme_count",
        "word_count",
    ]
    list_filter = [
        "consultation",
        ReviewFilter,
        AssigneeFilter,
        TagFilter,
        StandingFilter,
        ThemeFilter,
        "stakeholder_group",
        "submitting_as",
        CountryFilter,
        TimeFilter,
        EmailFilter,
        "consent",
    ]
    paginator = KeptCount
    show_full_result_count = False
    search_fields = ["reference"]  # there is a search; searching.py says in what
    search_help_text = gettext_lazy("Reference, organisation, name, e-mail, or words of a text")
    list_per_page = 50
    inlines = [ContributionInline]
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
        js = [Script("js/desk.js", defer=True)]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Submission]:
        # Only the counts of words: the texts are long, and a list shows none.
        words = Prefetch("contributions", Contribution.objects.only("submission_id", "words"), to_attr="word_counts")
        shown = super().get_queryset(request).select_related("consultation").prefetch_related(words)
        annotated: QuerySet[Submission] = shown.annotate(has_confirmed_email=confirming.has_confirmed_email())
        return annotated

    @admin.display(description=gettext_lazy("e-mail confirmed"), boolean=True)
    def is_email_confirmed(self, submission: Submission) -> bool:
        confirmed: bool = submission.has_confirmed_email  # type: ignore[attr-defined]
        return confirmed

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        shown = super().get_fieldsets(request, obj)
        if may_see_contacts(request):
            return shown
        return [
            (title, {**options, "fields": [name for name in options["fields"] if name not in CONTACT]})
            for title, options in shown
        ]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Submission], search_term: str
    ) -> tuple[QuerySet[Submission], bool]:
        """What was withdrawn is found by no word of its text."""
        if not search_term:
            return queryset, False
        with_contacts = may_see_contacts(request)
        found = searched(queryset, search_term, lambda word: submissions_with(word, with_contacts=with_contacts))
        return found.exclude(Exists(Withdrawal.objects.filter(reference=OuterRef("reference")))), False

    @admin.display(description=gettext_lazy("standing"))
    def standing(self, submission: Submission) -> str:
        if Withdrawal.objects.filter(reference=submission.reference).exists():
            return _("Withdrawn by the stakeholder; its texts are not shown")
        last = Submission.objects.filter(reference=submission.reference).order_by("-version").first()
        if last is not None and last.version > submission.version:
            return _("Replaced by version %(n)d") % {"n": last.version}
        return _("Counts")

    @admin.display(description=gettext_lazy("received (UTC)"), ordering="received_at")
    def received(self, submission: Submission) -> str:
        return f"{submission.received_at:%Y-%m-%d %H:%M}"

    @admin.display(description=gettext_lazy("from"), ordering="organisation")
    def sender(self, submission: Submission) -> SafeString:
        return format_html('<bdi dir="auto">{}</bdi>', submission.sender)

    @admin.display(description=gettext_lazy("organisation"), ordering="organisation")
    def organisation_alone(self, submission: Submission) -> SafeString:
        return format_html('<bdi dir="auto">{}</bdi>', submission.organisation)

    @admin.display(description=gettext_lazy("group"), ordering="stakeholder_group")
    def group(self, submission: Submission) -> str:
        return submission.get_stakeholder_group_display()

    @admin.display(description=gettext_lazy("country or territory"), ordering="country")
    def country_in_words(self, submission: Submission) -> str:
        return submission.country_name

    @admin.display(description=gettext_lazy("language"))
    def language_in_words(self, submission: Submission) -> str:
        return submission.language_name

    @admin.display(description=gettext_lazy("themes"))
    def theme_count(self, submission: Submission) -> int:
        return len(submission.word_counts)  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("words"))
    def word_count(self, submission: Submission) -> int:
        return sum(row.words for row in submission.word_counts)  # type: ignore[attr-defined]

    @admin.action(description=gettext_lazy("Export the selected submissions"), permissions=["export"])
    def export_selected(self, request: HttpRequest, queryset: QuerySet[Submission]) -> HttpResponse:
        if request.POST.get("select_across") == "1":
            return redirect(ask_url(request.GET.urlencode()))
        chosen = ",".join(str(pk) for pk in queryset.order_by("pk").values_list("pk", flat=True))
        # What was chosen by hand is meant, also what was replaced since.
        return redirect(ask_url(urlencode({ONE_BY_ONE: chosen, "standing": "all"})))

    def has_export_permission(self, request: HttpRequest) -> bool:
        return making.may_have(request.user, Audience.DESK)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        export_url = ask_url(request.GET.urlencode()) if self.has_export_permission(request) else ""
        return super().changelist_view(request, {**(extra_context or {}), "export_url": export_url})


@admin.register(Contribution)
class ContributionAdmin(NamesForSome):
    """One theme across all submissions: the way drafters read."""

    list_display = ["theme_number", "beginning", "sender", "group", "words", "received"]
    list_display_links = ["beginning"]
    list_filter = ["submission__consultation", "theme", "submission__stakeholder_group"]
    list_select_related = ["submission", "theme"]
    search_fields = ["text"]  # there is a search; searching.py says in what
    list_per_page = 50
    paginator = KeptCount
    show_full_result_count = False
    ordering = ["-pk"]
    fields = ["submission_link", "theme", "words", "how_published", "text_as_written"]
    readonly_fields = ["submission_link", "how_published", "text_as_written"]

    class Media:
        css = {"all": ["css/admin.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Contribution]:
        return super().get_queryset(request).filter(submission__in=Submission.objects.standing())

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Contribution], search_term: str
    ) -> tuple[QuerySet[Contribution], bool]:
        return searched(queryset, search_term, said_by), False

    @admin.display(description=gettext_lazy("theme"), ordering="theme__number")
    def theme_number(self, contribution: Contribution) -> str:
        return str(contribution.theme)

    @admin.display(description=gettext_lazy("text"))
    def beginning(self, contribution: Contribution) -> SafeString:
        # A contribution may be proposed wording alone.
        row = None if contribution.text else contribution.proposals.first()
        text = contribution.text or (row.wording or row.reason or row.paragraph if row else "")
        return format_html('<bdi dir="auto">{}</bdi>', text if len(text) <= 160 else text[:160] + "…")

    @admin.display(description=gettext_lazy("from"), ordering="submission__organisation")
    def sender(self, contribution: Contribution) -> SafeString:
        return format_html('<bdi dir="auto">{}</bdi>', contribution.submission.sender)

    @admin.display(description=gettext_lazy("organisation"), ordering="submission__organisation")
    def organisation_alone(self, contribution: Contribution) -> SafeString:
        return format_html('<bdi dir="auto">{}</bdi>', contribution.submission.organisation)

    @admin.display(description=gettext_lazy("group"), ordering="submission__stakeholder_group")
    def group(self, contribution: Contribution) -> str:
        return contribution.submission.get_stakeholder_group_display()

    @admin.display(description=gettext_lazy("received (UTC)"), ordering="submission__received_at")
    def received(self, contribution: Contribution) -> str:
        return f"{contribution.submission.received_at:%Y-%m-%d %H:%M}"

    @admin.display(description=gettext_lazy("submission"))
    def submission_link(self, contribution: Contribution) -> SafeString:
        url = reverse("admin:submissions_submission_change", args=[contribution.submission_id])
        return format_html('<a href="{}">{}</a>', url, contribution.submission)

    @admin.display(description=gettext_lazy("publication"))
    def how_published(self, contribution: Contribution) -> str:
        return published(contribution)

    @admin.display(description=gettext_lazy("text"))
    def text_as_written(self, contribution: Contribution) -> SafeString:
        return as_written(contribution)
