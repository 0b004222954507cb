"""Coding a sample twice: a manager draws it, a colleague codes it unseen, and its page says how far they agree."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from submissions.admin.reviewing import colleagues, path_with_memo
from submissions.models import CodingSample, Contribution, SampledSubmission, Submission, Tag
from submissions.queries.tags import as_tree
from submissions.review import double_coding
from submissions.review.double_coding import Agreement
from submissions.review.refusals import TAG_IS_GONE, MissingInput
from themes.models import Consultation
from wsis.read_only import ReadOnlyMixin


def kappa_in_words(agreement: Agreement) -> str:
    """Two decimals in the reader's digits, or a dash where it says nothing."""
    # Rounded here, since number_format cuts off; and no minus before a zero.
    return "–" if agreement.kappa is None else number_format(round(agreement.kappa, 2) + 0.0, 2)


class SampleForm(forms.ModelForm):  # type: ignore[type-arg]
    """What cannot be drawn is said beside the field that it is about."""

    consultation = forms.ModelChoiceField(
        label=gettext_lazy("Consultation"), queryset=Consultation.objects.order_by("-opens_at"), empty_label=None
    )
    coder = forms.ModelChoiceField(label=gettext_lazy("Second coder"), queryset=colleagues())

    class Meta:
        model = CodingSample
        fields = ["consultation", "coder", "size"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            try:
                double_coding.assert_drawable(data["consultation"], data["coder"])
            except MissingInput as refusal:
                self.add_error(refusal.field, str(refusal))
        return data


class CodingForm(forms.Form):
    """Which tags apply. Nothing says what the first coding was."""

    tags = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Tags"),
        queryset=Tag.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"invalid_choice": TAG_IS_GONE},
    )

    def __init__(self, *args: Any, sampled: SampledSubmission, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        frame = Tag.objects.filter(pk__in=sampled.decisions.values("tag"))
        self.fields["tags"].queryset = as_tree(frame)  # type: ignore[attr-defined]
        self.fields["tags"].label_from_instance = path_with_memo  # type: ignore[attr-defined]


@admin.register(CodingSample)
class CodingSampleAdmin(ReadOnlyMixin):
    form = SampleForm
    fields = ["consultation", "coder", "size"]
    list_display = ["drawn_at", "consultation", "coder", "progress", "kappa"]
    list_select_related = ["consultation", "coder"]
    change_form_template = "admin/submissions/codingsample/change_form.html"

    class Media:
        css: ClassVar[Any] = {"all": ["css/admin.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:  # type: ignore[override]
        return bool(request.user.has_perm("submissions.add_codingsample"))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As long as nobody has coded any of it."""
        is_begun = obj is not None and obj.submissions.filter(coded_at__isnull=False).exists()
        return not is_begun and bool(request.user.has_perm("submissions.delete_codingsample"))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    def get_queryset(self, request: HttpRequest) -> QuerySet[CodingSample]:
        coded = Q(submissions__coded_at__isnull=False)
        first, second = (Q(**{f"submissions__decisions__{name}": True}) for name in ("first", "second"))

        def decisions(condition: Q) -> Count:
            return Count("submissions__decisions", filter=coded & condition)

        counted: QuerySet[CodingSample] = (
            super()
            .get_queryset(request)
            .annotate(
                coded=Count("submissions", filter=coded, distinct=True),
                both=decisions(first & second),
                only_first=decisions(first & ~second),
                only_second=decisions(~first & second),
                neither=decisions(~first & ~second),
            )
        )
        return counted

    @admin.display(description=gettext_lazy("coded"))
    def progress(self, sample: Any) -> str:
        return _("%(n)d of %(total)d") % {"n": sample.coded, "total": sample.size}

    @admin.display(description=gettext_lazy("Cohen’s kappa"))
    def kappa(self, sample: Any) -> str:
        return kappa_in_words(Agreement(sample.both, sample.only_first, sample.only_second, sample.neither))

    def save_model(self, request: HttpRequest, obj: CodingSample, form: Any, change: bool) -> None:
        obj.drawn_by = request.user  # type: ignore[assignment]
        double_coding.draw(obj)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        only_save = {"show_save_and_add_another": False, "show_save_and_continue": False}
        return super().add_view(request, form_url, {"title": _("Draw a sample"), **only_save, **(extra_context or {})})

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        return super().changelist_view(request, {"title": _("Samples coded twice"), **(extra_context or {})})

    def response_add(self, request: HttpRequest, obj: CodingSample, post_url_continue: Any = None) -> HttpResponse:
        return redirect("admin:submissions_codingsample_change", obj.pk)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.code_view)
        code: Any = path("<int:pk>/code/<int:place>/", view, name="submissions_codingsample_code")
        return [code, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        sample = self.get_object(request, object_id)
        return super().change_view(request, object_id, form_url, {**_context(request, sample), **(extra_context or {})})

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Of a sample it is said itself, and not each of its thousands of decisions."""
        return [str(one) for one in objs], {}, set(), []

    def _is_saved(self, form: CodingForm, sampled: SampledSubmission) -> bool:
        try:
            double_coding.save_coding(sampled, form.cleaned_data["tags"])
        except MissingInput as refusal:
            form.add_error("tags", str(refusal))
            return False
        return True

    def code_view(self, request: HttpRequest, pk: int, place: int) -> HttpResponse:
        """The texts of one, and the code frame; for its coder alone, who has not seen the first coding."""
        sample = get_object_or_404(CodingSample, pk=pk)
        if sample.coder != request.user or not double_coding.may_code(request.user):
            raise PermissionDenied
        sampled = get_object_or_404(sample.submissions.filter(double_coding.readable()), place=place)
        if double_coding.next_to_code(sample) is None:
            # The agreement has been shown: what is coded now would not be coded unseen.
            raise Http404
        chosen = Tag.objects.filter(pk__in=sampled.decisions.filter(second=True).values("tag"))
        posted = request.POST if request.method == "POST" else None
        form = CodingForm(posted, sampled=sampled, initial={"tags": chosen})
        if form.is_valid() and self._is_saved(form, sampled):
            following = double_coding.next_to_code(sample)
            if following is None:
                messages.success(request, _("All that could be read is coded."))
                return redirect("admin:submissions_codingsample_change", pk)
            messages.success(request, _("%(reference)s is coded.") % {"reference": sampled.reference})
            return redirect("admin:submissions_codingsample_code", pk, following.place)
        submission = Submission.objects.get(reference=sampled.reference, version=sampled.version)
        texts = Contribution.objects.filter(submission=submission).select_related("theme").prefetch_related("proposals")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Code %(n)d of %(total)d") % {"n": place, "total": sample.size},
            "opts": self.opts,
            "sample": sample,
            "sampled": sampled,
            "submission": submission,
            "texts": texts.order_by("theme__number"),
            "form": form,
            "media": self.media,
        }
        return render(request, "admin/submissions/codingsample/code.html", context)


def _context(request: HttpRequest, sample: CodingSample | None) -> dict[str, Any]:
    """What the page of a sample shows."""
    if sample is None:
        return {}
    following = double_coding.next_to_code(sample) if sample.coder == request.user else None
    # Whoever is still to code sees nothing of the first coding.
    by_tag = [] if following else double_coding.agreement_by_tag(sample)
    found = [] if following else double_coding.disagreements(sample)
    standing = Submission.objects.standing().filter(reference__in=[one.reference for one in found])
    pages = {
        reference: reverse("admin:submissions_submission_change", args=[pk])
        for pk, reference in standing.values_list("pk", "reference")
    }
    return {
        "sample": sample,
        "rows": [
            (tag, agreement, share_in_words(agreement), kappa_in_words(agreement))
            for tag, agreement in [*by_tag, ("", _together(by_tag))]
        ]
        if by_tag
        else [],
        "coded": sample.submissions.exclude(coded_at=None).count(),
        "unreadable": sample.submissions.filter(~double_coding.readable(), coded_at=None).count(),
        "code_url": following and reverse("admin:submissions_codingsample_code", args=[sample.pk, following.place]),
        "disagreements": [(one, pages.get(one.reference, "")) for one in found],
    }


def _together(by_tag: list[tuple[Tag, Agreement]]) -> Agreement:
    return sum((agreement for _tag, agreement in by_tag), start=Agreement())


def share_in_words(agreement: Agreement) -> str:
    return "–" if agreement.observed is None else f"{number_format(round(100 * agreement.observed), 0)} %"
