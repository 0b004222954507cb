"""Requests about personal data, under two persons; and how long what is kept."""

from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from privacy import disclosure
from privacy.models import PersonalDataRequest, Retention
from submissions.admin.permissions import ContactsMixin
from submissions.models import ContactView, Erasure, Submission
from submissions.review.contact_log import note_view
from themes.intake import DatabaseClock
from wsis.read_only import ReadOnlyMixin

RIGHT = "privacy.answer_requests"
Kind = PersonalDataRequest.Kind


@admin.register(Retention)
class RetentionAdmin(ReadOnlyMixin):
    list_display = ["kind", "days", "swept_at", "removed"]
    list_display_links = None


@admin.register(Erasure)
class ErasureAdmin(ReadOnlyMixin):
    """What was erased, when and why; of what was received the SHA-256 stays."""

    list_display = ["erased_at", "reference", "what", "why"]
    list_filter = ["what", "why"]
    search_fields = ["=reference"]


class RequestForm(forms.ModelForm):  # type: ignore[type-arg]
    class Meta:
        model = PersonalDataRequest
        fields = ["kind", "reference", "identified_by", "new_name", "new_email"]
        widgets = {"kind": forms.RadioSelect, "identified_by": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = Kind.choices  # type: ignore[attr-defined]
        self.fields["new_name"].help_text = self.fields["new_email"].help_text = _(
            "To correct it; else leave it empty."
        )

    def clean_reference(self) -> str:
        reference = str(self.cleaned_data["reference"]).strip().upper()
        if not Submission.objects.filter(reference=reference).exists():
            raise ValidationError(_("Nothing was sent under this reference."))
        return reference


@admin.register(PersonalDataRequest)
class PersonalDataRequestAdmin(ContactsMixin):
    """Written down by one person, approved by another, carried out by whoever runs the install."""

    list_display = ["asked_at", "kind", "reference", "state", "asked_by"]
    list_filter = ["kind"]
    list_select_related = ["asked_by"]
    search_fields = ["=reference"]
    fields = [
        *("kind", "reference", "identified_by", "new_name", "new_email", "asked_by", "asked_at"),
        *("answered_by", "answered_at", "state", "answer"),
    ]
    readonly_fields = ["state", "answer"]
    change_form_template = "admin/privacy/personaldatarequest/change_form.html"

    class Media:
        css = {"all": ["css/admin.css"]}

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) and bool(request.user.has_perm(RIGHT))

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.has_perm(RIGHT))

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return RequestForm if obj is None else super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return RequestForm.Meta.fields if obj is None else self.fields

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [] if obj is None else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: PersonalDataRequest, form: Any, change: bool) -> None:
        obj.asked_by = cast(User, request.user)
        obj.save(force_insert=True)

    def response_add(
        self, request: HttpRequest, obj: PersonalDataRequest, post_url_continue: str | None = None
    ) -> HttpResponse:
        messages.success(request, _("Written down. A second person with this right approves it."))
        return redirect("admin:privacy_personaldatarequest_change", obj.pk)

    @admin.display(description=gettext_lazy("state"))
    def state(self, row: PersonalDataRequest) -> str:
        if row.answered_at is None:
            return _("Waits for a second person")
        if not row.is_approved:
            return _("Declined")
        if row.kind == Kind.SEE:
            return _("Approved")
        return _("Carried out") if row.done_at else _("Approved; carried out by whoever runs this install")

    @admin.display(description=gettext_lazy("answer"))
    def answer(self, row: PersonalDataRequest) -> SafeString | str:
        if not row.is_approved:
            return "–"
        if row.kind == Kind.SEE:
            url = reverse("admin:privacy_personaldatarequest_held", args=[row.pk])
            return format_html('<a href="{}">{}</a>', url, _("Download all that is held"))
        return format_html("<code>manage.py personal_data --carry-out {}</code>", row.pk)

    def get_urls(self) -> list[URLPattern]:
        verbs = {"answer": require_POST(self.answer_view), "held": require_safe(self.held_view)}
        urls = [
            path(f"<int:pk>/{name}/", self.admin_site.admin_view(view), name=f"privacy_personaldatarequest_{name}")
            for name, view in verbs.items()
        ]
        return [*urls, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = PersonalDataRequest.objects.filter(pk=object_id).first() if object_id.isdecimal() else None
        is_open = row is not None and row.answered_at is None
        more = {"is_open": is_open, "is_second": row is not None and row.asked_by_id != request.user.pk}
        answer = super().change_view(request, object_id, form_url, {**(extra_context or {}), **more})
        if row is not None and row.new_email + row.new_name and answer.status_code == 200:
            note_view(request.user, ContactView.Where.PAGE, row.reference, people=1)
        return answer

    def answer_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A second person approves; either of the two declines."""
        row = get_object_or_404(PersonalDataRequest, pk=pk)
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        is_approved = "approve" in request.POST
        if is_approved and row.asked_by_id == request.user.pk:
            messages.error(request, _("A second person approves it."))
            return redirect("admin:privacy_personaldatarequest_change", pk)
        answered = PersonalDataRequest.objects.filter(pk=pk, answered_at__isnull=True).update(
            answered_by=request.user, answered_at=DatabaseClock(), is_approved=is_approved
        )
        if not answered:
            messages.error(request, _("It was answered before."))
        else:
            messages.success(request, _("Approved.") if is_approved else _("Declined. Nothing was changed."))
        return redirect("admin:privacy_personaldatarequest_change", pk)

    def held_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(PersonalDataRequest, pk=pk, kind=Kind.SEE, is_approved=True)
        if not self.has_view_permission(request, row):
            raise PermissionDenied
        note_view(request.user, ContactView.Where.PAGE, row.reference, people=1)
        held = JsonResponse(
            disclosure.held_about(row.reference), json_dumps_params={"ensure_ascii": False, "indent": 1}
        )
        held["Content-Disposition"] = f'attachment; filename="{row.reference}-held.json"'
        return held
