"""Many submissions reviewed at once: what it will touch is listed first, and for a day there is a way back."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from submissions.admin.permissions import ReviewersMixin, may_see_contacts
from submissions.admin.reviewing import colleagues
from submissions.models import BulkChange, ContactView, PublicationDecision, Review, Submission, Tag
from submissions.queries.tags import as_tree
from submissions.review import bulk
from submissions.review.bulk_publication import AS_ALLOWED
from submissions.review.contact_log import note_view
from submissions.review.refusals import TAG_IS_GONE, MissingInput
from wsis.one_line import OneLineFormField

MAX_DIGITS = 19  # of an id
LISTED = 100  # of what will be touched; of more, their number


class TagsField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, obj: Any) -> str:
        path: str = obj.path
        return path

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            queryset=Tag.objects.none(), required=False, error_messages={"invalid_choice": TAG_IS_GONE}, **kwargs
        )


class ManyForm(forms.Form):
    """What is to become of all of them: what is left empty stays as it is."""

    state = forms.ChoiceField(
        label=gettext_lazy("State"), required=False, choices=[("", gettext_lazy("As it is")), *Review.State.choices]
    )
    reason = OneLineFormField(label=gettext_lazy("Why it is set aside"), required=False)
    assignee = forms.ChoiceField(label=gettext_lazy("Assigned to"), required=False)
    publication = forms.ChoiceField(
        label=gettext_lazy("Publication of their texts"),
        required=False,
        choices=[
            ("", gettext_lazy("As it is")),
            (AS_ALLOWED, gettext_lazy("As the sender allowed")),
            *PublicationDecision.Decision.choices,
        ],
        help_text=gettext_lazy("Of every text that its sender allows to be published at all."),
    )
    why_withheld = OneLineFormField(
        label=gettext_lazy("Why it is withheld; the stakeholder reads it"), required=False, max_length=500
    )
    tags = TagsField(label=gettext_lazy("Add tags"))
    tags_off = TagsField(label=gettext_lazy("Take tags off"))

    def __init__(self, *args: Any, submissions: QuerySet[Submission], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        consultations = submissions.order_by().values("consultation")
        for name in ("tags", "tags_off"):
            rows = as_tree(Tag.objects.filter(consultation__in=consultations))
            self.fields[name].queryset = rows  # type: ignore[attr-defined]
        known = [(str(user.pk), user.get_username()) for user in colleagues()]
        self.fields["assignee"].choices = [("", _("As it is")), ("nobody", _("Nobody")), *known]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if set(data.get("tags", [])) & set(data.get("tags_off", [])):
            self.add_error("tags_off", _("A tag is added or taken off, not both."))
        names = ("state", "assignee", "tags", "tags_off", "publication")
        if not self.errors and not any(data.get(name) for name in names):
            self.add_error(None, _("Choose what is to be changed."))
        return data

    @property
    def wanted(self) -> bulk.Wanted:
        data = self.cleaned_data
        assignee = None if data["assignee"] in {"", "nobody"} else colleagues().get(pk=data["assignee"])
        return bulk.Wanted(
            data["state"],
            data["reason"],
            assignee,
            bool(data["assignee"]),
            data["tags"],
            data["tags_off"],
            data["publication"],
            data["why_withheld"],
        )


class BulkMixin(ReviewersMixin):
    """The list's action, and the page that takes it back."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.undo_view)
        return [path("undo/<int:change>/", view, name="submissions_submission_undo"), *super().get_urls()]

    @admin.action(description=gettext_lazy("Review the selected submissions"), permissions=["review"])
    def review_selected(self, request: HttpRequest, queryset: QuerySet[Submission]) -> HttpResponse | None:
        """Asks first, and lists them; then changes of each what was chosen."""
        chosen = Submission.objects.filter(pk__in=queryset.order_by().values("pk"))
        # What came in since they were listed is not among them.
        if (highest := request.POST.get("highest", "")).isdecimal() and len(highest) < MAX_DIGITS:
            chosen = chosen.filter(pk__lte=int(highest))
        form = ManyForm(request.POST if "confirm" in request.POST else None, submissions=chosen)
        if form.is_valid():
            try:
                change = bulk.save_reviews(chosen, form.wanted, by=request.user)
            except MissingInput as refusal:
                form.add_error(refusal.field, str(refusal))
            else:
                words = ngettext("%(n)d submission was changed.", "%(n)d submissions were changed.", change.count)
                undo = reverse("admin:submissions_submission_undo", args=[change.pk])
                sentence = format_html('{} <a href="{}">{}</a>', words % {"n": change.count}, undo, _("Undo this"))
                messages.success(request, sentence)
                return None
        count = chosen.count()
        listed = list(chosen.order_by("-received_at", "-pk")[:LISTED])
        is_named = may_see_contacts(request)
        if is_named and listed:
            note_view(request.user, ContactView.Where.LIST, "review_selected", people=len(listed))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Review the selected submissions"),
            "opts": self.model._meta,
            "form": form,
            "count": count,
            "highest": chosen.aggregate(highest=Max("pk"))["highest"] or 0,
            "listed": [(one, one.sender if is_named else one.organisation) for one in listed],
            "more": max(0, count - LISTED),
            "selected": request.POST.getlist("_selected_action"),
            "select_across": request.POST.get("select_across", "0"),
        }
        return render(request, "admin/submissions/submission/review_many.html", context)

    def undo_view(self, request: HttpRequest, change: int) -> HttpResponse:
        self.assert_reviewer(request)
        found = get_object_or_404(BulkChange, pk=change, changed_by=request.user.pk)
        if request.method == "POST":
            try:
                back, left = bulk.undo(found, by=request.user)
            except bulk.CannotUndo as refusal:
                messages.error(request, str(refusal))
            else:
                words = ngettext("%(n)d submission is as it was.", "%(n)d submissions are as they were.", back)
                messages.success(request, words % {"n": back})
                if left:
                    words = ngettext(
                        "%(n)d was changed by somebody since, and stays as it is now.",
                        "%(n)d were changed by somebody since, and stay as they are now.",
                        left,
                    )
                    messages.warning(request, words % {"n": left})
            return redirect("admin:submissions_submission_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Undo a change of many"),
            "opts": self.model._meta,
            "change": found,
        }
        return render(request, "admin/submissions/submission/undo.html", context)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        recent = list(bulk.undoable(request.user)[:3]) if self.has_review_permission(request) else []
        return super().changelist_view(request, {"undoable": recent, **(extra_context or {})})
