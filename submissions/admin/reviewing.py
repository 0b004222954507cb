"""Reviewing: the panel beside a submission, the way to the next one, many at once, and the code frame."""

from copy import copy
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions.admin.columns import ReviewColumnsMixin, came_in_words
from submissions.admin.contribution_cards import contribution_cards
from submissions.admin.passages import DECISIONS, PassageForm, PassageMixin
from submissions.admin.permissions import may_see_contacts
from submissions.admin.tags import tags_in_colour
from submissions.edit_conflict import EditConflict
from submissions.models import Admission, ContactView, Contribution, Flag, Note, Review, Submission, Tag
from submissions.queries.filtered import filtered_submissions
from submissions.queries.filters import UnknownFilter
from submissions.queries.reviews import is_new
from submissions.queries.tags import tags_by_use
from submissions.review import diff, reviewing
from submissions.review.contact_log import note_view
from submissions.review.refusals import TAG_IS_GONE, MissingInput
from submissions.review.reviewing import Decision
from submissions.search.terms import parse
from wsis.typography import list_in_words


def colleagues() -> QuerySet[Any]:
    """Whom something can be assigned to."""
    return get_user_model()._default_manager.filter(is_active=True, is_staff=True).order_by("username")


def path_with_memo(tag: Tag) -> SafeString:
    """Its place in the tree, and when to use it, for whoever points at it."""
    return format_html('<span title="{}">{}</span>', tag.description, tag.path)


class ReviewForm(forms.Form):
    """The panel of one submission."""

    state = forms.ChoiceField(label=gettext_lazy("State"), choices=Review.State, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=gettext_lazy("Why it is set aside"), required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    assignee = forms.ModelChoiceField(
        label=gettext_lazy("Assigned to"),
        queryset=colleagues(),
        required=False,
        error_messages={"invalid_choice": gettext_lazy("This colleague no longer has access.")},
    )
    tags = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Tags"),
        queryset=Tag.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": TAG_IS_GONE},
    )
    note = forms.CharField(
        label=gettext_lazy("Add a note for your colleagues"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 2, "data-key": "c"}),
    )
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, submission: Submission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tags"].queryset = tags_by_use(submission.consultation_id)  # type: ignore[attr-defined]
        self.fields["tags"].label_from_instance = path_with_memo  # type: ignore[attr-defined]

    @property
    def decision(self) -> Decision:
        data = self.cleaned_data
        return Decision(Review.State(data["state"]), data["assignee"], data["reason"], data["tags"], data["note"])


def _texts_of(submission: Submission) -> QuerySet[Contribution]:
    """What it says, and nothing of what was withdrawn."""
    if submission.is_withdrawn:
        return Contribution.objects.none()
    texts = submission.contributions.select_related("theme", "submission").prefetch_related("proposals")
    return texts.order_by("theme__number")


def _filters(request: HttpRequest) -> QueryDict:
    """Those of the list that one came from."""
    return QueryDict(request.GET.get("_changelist_filters", ""))


def _came_in(submission: Submission) -> dict[str, Any] | None:
    admission = Admission.objects.filter(submission=submission).select_related("entered_by", "late_access").first()
    if admission is None:
        return None
    return {"words": came_in_words(admission.way, is_late=admission.is_late), "admission": admission}


class ReviewMixin(PassageMixin, ReviewColumnsMixin):
    """What reviewing adds to the admin of submissions."""

    change_form_template = "admin/submissions/submission/change_form.html"

    # --- Beside one submission -----------------------------------------------------------------------------------

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        submission = Submission.objects.filter(pk=object_id).first() if object_id.isdecimal() else None
        panel = self._panel(request, submission) if submission is not None else {}
        answer = super().change_view(request, object_id, form_url, {**panel, **(extra_context or {})})
        if submission is not None and answer.status_code == 200 and may_see_contacts(request):
            note_view(request.user, ContactView.Where.PAGE, submission.reference, people=1)
        return answer

    def _panel(self, request: HttpRequest, submission: Submission) -> dict[str, Any]:
        review = reviewing.review_of(submission)
        initial = {
            **{name: getattr(review, name) for name in ("state", "reason", "assignee", "version")},
            "tags": list(review.tags.all()) if review.pk else [],
        }
        versions = diff.versions_of(submission)
        earlier = [one for one in versions if one.version == submission.version - 1]
        return {
            "versions": versions if len(versions) > 1 else [],
            "earlier": earlier[0] if earlier else None,
            "changes": diff.changes(earlier[0], submission) if earlier else [],
            "review": review,
            "review_is_old": bool(review.read_version) and review.read_version < submission.version,
            "review_form": ReviewForm(initial=initial, submission=submission)
            if self.has_review_permission(request)
            else None,
            "review_tags": tags_in_colour((tag.colour, tag.name) for tag in initial["tags"]),
            "notes": Note.objects.filter(reference=submission.reference).select_related("author"),
            "ways": self._ways(request, submission),
            "cards": contribution_cards(_texts_of(submission), parse(_filters(request).get("q", ""))),
            "decisions": DECISIONS,
            "passage_form": PassageForm(submission=submission) if self.has_review_permission(request) else None,
            "can_review": self.has_review_permission(request),
            "back": reverse("admin:submissions_submission_change", args=[submission.pk])
            + (f"?{request.GET.urlencode()}" if request.GET else ""),
            "flags": Flag.objects.filter(reference=submission.reference).select_related("dismissed_by"),
            "came_in": _came_in(submission),
            "sender": submission.sender if may_see_contacts(request) else submission.organisation,
        }

    def _ways(self, request: HttpRequest, submission: Submission) -> dict[str, str]:
        """The addresses of the next and the previous submission of the list one came from, and of the next new one."""
        filters = request.GET.get("_changelist_filters", "")
        try:
            others = filtered_submissions(filters, user=request.user, at=timezone.now())
        except UnknownFilter:
            return {}
        at = submission.received_at
        below = others.filter(Q(received_at__lt=at) | Q(received_at=at, pk__lt=submission.pk))
        above = others.filter(Q(received_at__gt=at) | Q(received_at=at, pk__gt=submission.pk))
        found = {
            "next": below.order_by("-received_at", "-pk"),
            "previous": above.order_by("received_at", "pk"),
            "next_new": below.filter(is_new()).order_by("-received_at", "-pk"),
        }
        query = "?" + urlencode({"_changelist_filters": filters}) if filters else ""
        return {
            name: reverse("admin:submissions_submission_change", args=[pk]) + query
            for name, wanted in found.items()
            if (pk := wanted.values_list("pk", flat=True).first())
        }

    def review_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        submission = get_object_or_404(Submission, pk=pk)
        if not (self.has_view_permission(request, submission) and self.has_review_permission(request)):
            raise PermissionDenied
        if request.method != "POST":
            # Where a refused form was shown, and somebody comes back to after signing in again.
            page = reverse("admin:submissions_submission_change", args=[pk])
            return redirect(page + (f"?{request.GET.urlencode()}" if request.GET else ""))
        form = ReviewForm(request.POST, submission=submission)
        if form.is_valid():
            try:
                reviewing.save_review(submission, form.decision, by=request.user, version=form.cleaned_data["version"])
            except MissingInput as refusal:
                form.add_error("reason", str(refusal))
            except EditConflict as conflict:
                self._tell_change(form, conflict.stored)
            else:
                ways = self._ways(request, submission)
                here = reverse("admin:submissions_submission_change", args=[pk])
                query = f"?{request.GET.urlencode()}" if request.GET else ""
                link = format_html('<a href="{}">{}</a>', here + query, submission)
                messages.success(request, format_html(_("{reference}: the review is saved."), reference=link))
                onward = ways.get("next_new") or ways.get("next") if "on" in request.POST else None
                return redirect(onward or here + query)
        return self.read_again(request, submission, {"review_form": form})

    def read_again(self, request: HttpRequest, submission: Submission, extra: dict[str, Any]) -> HttpResponse:
        """The page as it is read, with a form as it was typed: nobody changes the submission itself."""
        reading = copy(request)
        reading.method = "GET"
        return self.change_view(reading, str(submission.pk), extra_context=extra)

    def _tell_change(self, form: ReviewForm, review: Review) -> None:
        """Says what a colleague made of it meanwhile, and lets the reviewer decide anew; nothing typed is lost."""
        form.add_error(
            None,
            _(
                "%(who)s changed this meanwhile: %(state)s, assigned to %(assignee)s, tags: %(tags)s. Yours is not "
                "saved yet. Save again to put it over that."
            )
            % {
                "who": review.changed_by or _("Somebody"),
                "state": review.get_state_display(),
                "assignee": review.assignee or _("Nobody"),
                "tags": list_in_words(tag.name for tag in review.tags.all()) or "–",
            },
        )
        data = cast(QueryDict, form.data).copy()
        data["version"] = str(review.version)
        form.data = data

    def get_urls(self) -> list[URLPattern]:
        url = path(
            "<int:pk>/review/",
            self.admin_site.admin_view(self.review_view),
            name="submissions_submission_review",
        )
        return [url, *super().get_urls()]
