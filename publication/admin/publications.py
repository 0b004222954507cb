"""Publishing in the workspace: one person asks, and sees what the public would; another confirms it, or declines."""

from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from publication import acts
from publication.gate import batch_of
from publication.models import Publication
from publication.pages.cards import Card
from publication.texts import preview
from submissions.admin.permissions import may_see_contacts
from submissions.text.numbers import parse_number
from themes.models import Consultation
from wsis.read_only import ReadOnlyMixin
from wsis.typography import short_datetime

PREVIEW_SIZE = 20


class PublicationForm(forms.ModelForm):  # type: ignore[type-arg]
    """What is to be published, and under which licence. What cannot be is said beside the field that it is about."""

    consultation = forms.ModelChoiceField(
        label=gettext_lazy("Consultation"), queryset=Consultation.objects.order_by("-opens_at"), empty_label=None
    )

    class Meta:
        model = Publication
        fields = ["consultation", "scope", "licence", "respond_by"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            try:
                acts.assert_publishable(data["consultation"], data["scope"])
            except ValidationError as refusal:
                self.add_error("consultation", refusal)
        return data


@admin.register(Publication)
class PublicationAdmin(ReadOnlyMixin):
    form = PublicationForm
    fields = ["consultation", "scope", "licence", "respond_by"]
    list_display = ["asked_on", "consultation", "number", "state", "text_count"]
    list_select_related = ["consultation"]
    list_filter = ["consultation"]
    ordering = ["-asked_at"]
    change_form_template = "admin/publication/publication/change_form.html"

    class Media:
        css: ClassVar[Any] = {"all": ["css/admin.css"]}

    def has_add_permission(self, request: HttpRequest) -> bool:  # type: ignore[override]
        return bool(request.user.has_perm("publication.add_publication"))

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        return {}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Publication]:
        shown = Count("texts", filter=Q(texts__is_shown=True))
        counted: QuerySet[Publication] = super().get_queryset(request).annotate(shown=shown)
        return counted

    @admin.display(description=gettext_lazy("asked for"), ordering="asked_at")
    def asked_on(self, publication: Publication) -> str:
        return short_datetime(publication.asked_at)

    @admin.display(description=gettext_lazy("state"))
    def state(self, publication: Publication) -> str:
        return state_in_words(publication)

    @admin.display(description=gettext_lazy("public texts"))
    def text_count(self, publication: Any) -> int:
        shown: int = publication.shown
        return shown

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        closed = Consultation.objects.filter(closed_at__isnull=False).order_by("-closed_at").first()
        return {"consultation": closed}

    def save_model(self, request: HttpRequest, obj: Publication, form: Any, change: bool) -> None:
        acts.ask(obj, by=request.user)

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        only_save = {"show_save_and_add_another": False, "show_save_and_continue": False}
        context = {"title": _("Publish contributions"), **only_save, **(extra_context or {})}
        try:
            return super().add_view(request, form_url, context)
        except ValidationError as refusal:
            # Another one was asked for in the same moment.
            messages.error(request, " ".join(refusal.messages))
            return redirect("admin:publication_publication_changelist")

    def response_add(self, request: HttpRequest, obj: Publication, post_url_continue: Any = None) -> HttpResponse:
        messages.success(request, _("It waits for a second person, who sees the same and confirms it here."))
        return redirect("admin:publication_publication_change", obj.pk)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        publication = self.get_object(request, object_id)
        context = self._context(request, publication) if publication is not None else {}
        return super().change_view(request, object_id, form_url, {**context, **(extra_context or {})})

    def _context(self, request: HttpRequest, publication: Publication) -> dict[str, Any]:
        """Of one that waits what it would make public now, as the public would read it."""
        context = {
            "publication": publication,
            "title": str(publication),
            "state": state_in_words(publication),
            "may_answer": publication.is_waiting and self.has_add_permission(request),
            "is_own": publication.asked_by == request.user,
            "may_withdraw": publication.is_public and self.has_add_permission(request),
        }
        # Of a person their name is shown, as the public would read it.
        if not publication.is_waiting or not (self.has_add_permission(request) and may_see_contacts(request)):
            return context
        batch = batch_of(publication.consultation, publication.scope)
        paginator = Paginator(batch.texts, PREVIEW_SIZE)
        page = paginator.get_page(parse_number(request.GET.get("page", "1")) or 1)
        rows = preview(list(page.object_list), publication.consultation)
        return {
            **context,
            "batch": batch,
            "has_changed": batch.sha256 != publication.content_sha256,
            "page": page,
            "cards": [Card(row, row.theme) for row in rows],
        }

    def get_urls(self) -> list[URLPattern]:
        verbs = {"confirm": self.confirm_view, "decline": self.decline_view, "withdraw": self.withdraw_view}
        acts_of_two: list[Any] = [
            path(
                f"<int:pk>/{verb}/",
                self.admin_site.admin_view(require_POST(view)),
                name=f"publication_publication_{verb}",
            )
            for verb, view in verbs.items()
        ]
        return [*acts_of_two, *super().get_urls()]

    def _publication(self, request: HttpRequest, pk: int) -> Publication:
        if not self.has_add_permission(request):
            raise PermissionDenied
        return get_object_or_404(Publication, pk=pk)

    def confirm_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        publication = self._publication(request, pk)
        try:
            acts.confirm(pk, by=request.user, seen=request.POST.get("seen", ""))
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        except acts.BatchChanged:
            messages.warning(request, _("What would be published has changed since this page was shown. Look again."))
        else:
            self.log_change(request, publication, _("Confirmed."))
            messages.success(request, _("Confirmed. It is public within a minute."))
        return redirect("admin:publication_publication_change", pk)

    def decline_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        publication = self._publication(request, pk)
        if acts.decline(pk, by=request.user):
            self.log_change(request, publication, _("Declined."))
            messages.success(request, _("Declined: nothing of it is published."))
        else:
            messages.error(request, _("It was answered already."))
        return redirect("admin:publication_publication_change", pk)

    def withdraw_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        publication = self._publication(request, pk)
        try:
            is_done = acts.withdraw(pk, by=request.user, reason=request.POST.get("reason", ""))
        except ValidationError as refusal:
            messages.error(request, " ".join(refusal.messages))
        else:
            if is_done:
                self.log_change(request, publication, _("Withdrawn: no longer public."))
                messages.success(request, _("It is not public any more. Its date and the reason stay public."))
        return redirect("admin:publication_publication_change", pk)


def state_in_words(publication: Publication) -> str:
    if publication.withdrawn_at is not None:
        return _("Withdrawn, %(when)s") % {"when": short_datetime(publication.withdrawn_at)}
    if publication.published_at is not None:
        return _("Published, %(when)s") % {"when": short_datetime(publication.published_at)}
    if publication.is_declined:
        return _("Declined")
    return _("Waits for a second person") if publication.is_waiting else _("Being published")
