"""Beside what is read: a tag or a bar on a passage, whether a text goes out, and what to make of a flag."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from submissions.admin.permissions import ReviewersMixin
from submissions.edit_conflict import EditConflict
from submissions.models import Flag, Highlight, PublicationDecision, Redaction, Submission, Tag
from submissions.queries.tags import tags_by_use
from submissions.review.passages import highlight
from submissions.review.redaction import decide_publication, redact
from submissions.review.refusals import MissingInput, PassageNotFound
from themes.intake import DatabaseClock
from themes.models import Theme
from wsis.one_line import OneLineFormField

DECISIONS = [("", gettext_lazy("As the sender allowed")), *PublicationDecision.Decision.choices]


class PassageForm(forms.Form):
    """A passage, and what to do with it. The page's script fills it in from what is selected."""

    theme = forms.ModelChoiceField(label=gettext_lazy("In the text on"), queryset=Theme.objects.none())
    passage = forms.CharField(
        label=gettext_lazy("Passage"),
        help_text=gettext_lazy("Select it in the text, or copy it here. It is marked wherever it occurs in that text."),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
    )
    tag = forms.ModelChoiceField(label=gettext_lazy("Tag"), queryset=Tag.objects.none(), required=False)
    reason = OneLineFormField(
        label=gettext_lazy("Why it is blacked out"),
        help_text=gettext_lazy("The stakeholder reads it."),
        required=False,
        max_length=500,
    )

    def __init__(self, *args: Any, submission: Submission, **kwargs: Any) -> None:
        # The panel beside it has a reason, too.
        super().__init__(*args, **{"auto_id": "passage-%s", **kwargs})
        themes: QuerySet[Theme] = Theme.objects.filter(contributions__submission=submission).order_by("number")
        self.fields["theme"].queryset = themes  # type: ignore[attr-defined]
        self.fields["tag"].queryset = tags_by_use(submission.consultation_id)  # type: ignore[attr-defined]
        self.fields["tag"].label_from_instance = lambda tag: tag.path  # type: ignore[attr-defined]


class DecisionForm(forms.Form):
    """Whether a text goes out. `version` is that of the decision which the page showed, 0 for none."""

    decision = forms.ChoiceField(choices=DECISIONS, required=False)
    reason = OneLineFormField(required=False, max_length=500)
    tell = forms.BooleanField(required=False)
    version = forms.IntegerField(required=False)


class PassageMixin(ReviewersMixin):
    """The verbs on one submission that its page and the page of a theme have in common. Each says what it did."""

    def get_urls(self) -> list[URLPattern]:
        verbs: dict[str, tuple[str, Any]] = {
            "passage": ("<int:pk>/passage/", self.passage_view),
            "unmark": ("<int:pk>/passage/<slug:kind>/<int:which>/remove/", self.unmark_view),
            "publication": ("<int:pk>/publication/<int:theme>/", self.publication_view),
            "flag": ("<int:pk>/flag/<slug:kind>/", self.flag_view),
        }
        urls = [
            path(route, self.admin_site.admin_view(require_POST(view)), name=f"submissions_submission_{name}")
            for name, (route, view) in verbs.items()
        ]
        return [*urls, *super().get_urls()]

    def _reviewed(self, request: HttpRequest, pk: int) -> Submission:
        submission = get_object_or_404(Submission, pk=pk)
        if not (self.has_view_permission(request, submission) and self.has_review_permission(request)):
            raise PermissionDenied
        return submission

    def passage_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        submission = self._reviewed(request, pk)
        form = PassageForm(request.POST, submission=submission)
        if form.is_valid():
            data, is_bar = form.cleaned_data, "black-out" in request.POST
            try:
                if is_bar:
                    count = redact(
                        submission.reference, data["theme"], data["passage"], reason=data["reason"], by=request.user
                    )
                else:
                    count = highlight(
                        submission.reference, data["theme"], data["passage"], tag=data["tag"], by=request.user
                    )
            except (MissingInput, PassageNotFound) as refusal:
                form.add_error(None, str(refusal))
            else:
                words = (
                    ngettext("Blacked out, in %(n)d place.", "Blacked out, in %(n)d places.", count)
                    if is_bar
                    else ngettext("Tagged, in %(n)d place.", "Tagged, in %(n)d places.", count)
                )
                messages.success(request, words % {"n": count})
                return self._back(request, submission, data["theme"].pk)
        return self.read_again(request, submission, {"passage_form": form})

    def read_again(self, request: HttpRequest, submission: Submission, extra: dict[str, Any]) -> HttpResponse:
        """The page as it is read, with a form as it was typed."""
        raise NotImplementedError

    def unmark_view(self, request: HttpRequest, pk: int, kind: str, which: int) -> HttpResponse:
        submission = self._reviewed(request, pk)
        model: Any = Redaction if kind == "bar" else Highlight
        row = get_object_or_404(model, pk=which, reference=submission.reference)
        row.delete()
        messages.success(request, _("Removed: “%(passage)s”.") % {"passage": row})
        return self._back(request, submission, row.theme_id)

    def publication_view(self, request: HttpRequest, pk: int, theme: int) -> HttpResponse:
        submission = self._reviewed(request, pk)
        area = get_object_or_404(Theme, pk=theme, contributions__submission=submission)
        form = DecisionForm(request.POST)
        typed = {name: request.POST.get(name, "") for name in ("decision", "reason")}
        if not form.is_valid() or "decision" not in request.POST:
            return self._refuse(request, submission, area, typed, _("Choose a decision. Nothing was changed."))
        decision, labels = form.cleaned_data["decision"], dict(DECISIONS)
        tells = form.cleaned_data["tell"] and decision == PublicationDecision.Decision.WITHHELD
        try:
            is_mailed = decide_publication(
                submission,
                area,
                decision,
                reason=form.cleaned_data["reason"],
                by=request.user,
                version=form.cleaned_data["version"] or 0,
                with_mail=tells,
            )
        except MissingInput as refusal:
            return self._refuse(request, submission, area, typed, str(refusal))
        except EditConflict as conflict:
            stored = conflict.stored
            words = {
                "who": (stored and stored.decided_by) or _("Somebody"),
                "decision": labels[stored.decision if stored else ""],
                "reason": stored.reason if stored else "",
            }
            sentence = _(
                "%(who)s has decided in the meantime: %(decision)s. %(reason)s Decide again to replace that decision."
            )
            return self._refuse(request, submission, area, typed, sentence % words)
        messages.success(request, _("%(theme)s: %(decision)s.") % {"theme": area, "decision": labels[decision]})
        if is_mailed:
            messages.success(request, _("The stakeholder is told by e-mail."))
        elif tells:
            messages.warning(
                request, _("Their address is not confirmed: nothing was mailed, and their receipt says it.")
            )
        return self._back(request, submission, area.pk)

    def _refuse(
        self, request: HttpRequest, submission: Submission, theme: Theme, typed: dict[str, str], error: str
    ) -> HttpResponse:
        return self.read_again(request, submission, {"refused": {**typed, "theme": theme.pk, "error": error}})

    def flag_view(self, request: HttpRequest, pk: int, kind: str) -> HttpResponse:
        """Dismisses a flag, or with `again` puts it back: it is never deleted by hand."""
        submission = self._reviewed(request, pk)
        flag = get_object_or_404(Flag, reference=submission.reference, kind=kind)
        is_again = "again" in request.POST
        Flag.objects.filter(pk=flag.pk).update(
            dismissed_at=None if is_again else DatabaseClock(), dismissed_by=None if is_again else request.user
        )
        words = _("Flag is back: %(flag)s.") if is_again else _("Dismissed: %(flag)s.")
        messages.success(request, words % {"flag": flag.get_kind_display()})
        return self._back(request, submission)

    def _back(self, request: HttpRequest, submission: Submission, theme: int | None = None) -> HttpResponse:
        """To the page that it was pressed on, where the text stands; within the workspace, and nowhere else."""
        wanted = request.POST.get("back", "")
        is_ours = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith(
            reverse("admin:index")
        )
        here = wanted if is_ours else reverse("admin:submissions_submission_change", args=[submission.pk])
        return redirect(here + (f"#text-{submission.pk}-{theme}" if theme else ""))
