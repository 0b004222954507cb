"""The page on which a consultation is published, or taken back before it opens; with what is to be done first."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from themes import publication
from themes.intake import Intake, database_now, has_opened
from themes.models import Consultation


class PublicationMixin(admin.ModelAdmin):  # type: ignore[type-arg]
    """What the admin of consultations has for making one public."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.publish_view)
        return [path("<int:pk>/publish/", view, name="themes_consultation_publish"), *super().get_urls()]

    @admin.display(description=gettext_lazy("public"), boolean=True)
    def is_public(self, consultation: Consultation) -> bool:
        return publication.is_public(consultation)

    def publish_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        consultation = get_object_or_404(Consultation, pk=pk)
        if not self.has_change_permission(request, consultation):
            raise PermissionDenied
        at = database_now()
        if request.method == "POST" and "take-back" in request.POST:
            if publication.take_back(consultation):
                self.log_change(request, consultation, _("Withdrawn: no longer public."))
                messages.success(request, _("It is not public any more."))
            else:
                messages.error(request, _("It has opened, or was not public: nothing was changed."))
            return redirect("admin:themes_consultation_change", pk)
        if request.method == "POST" and {"front", "not-front"} & request.POST.keys():
            is_chosen = "front" in request.POST
            publication.put_at_front(consultation, is_chosen=is_chosen)
            words = (
                _("The home page shows it first now.")
                if is_chosen
                else _("The home page does not show it first any more.")
            )
            self.log_change(request, consultation, words)
            messages.success(request, words)
            return redirect("admin:themes_consultation_publish", pk)
        errors: list[str] = []
        if request.method == "POST" and "publish" in request.POST:
            try:
                if publication.publish(consultation, at):
                    self.log_change(request, consultation, _("Published."))
                    messages.success(request, _("It is public now."))
                return redirect("admin:themes_consultation_change", pk)
            except ValidationError as refusal:
                errors = refusal.messages
        checks = publication.checks(consultation, at)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Publish") if not publication.is_public(consultation) else _("Published"),
            "opts": self.opts,
            "consultation": consultation,
            "checks": [*checks, *publication.steps(consultation, at)],
            "errors": errors,
            "is_ready": all(check.is_done for check in checks if check.is_wanted),
            "is_public": publication.is_public(consultation),
            "opens_at_once": has_opened(consultation, at),
            "states": Intake.choices,
        }
        return render(request, "admin/themes/consultation/publish.html", context, status=422 if errors else 200)
