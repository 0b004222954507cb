"""The pages for the cutoff: moving it, closing early, re-opening; shown before it is done, and told to the public.

What cannot be undone for those it hits, an earlier cutoff, closing early and re-opening, is asked for by one person and
done by another.
"""

from datetime import datetime
from functools import partial
from typing import Any, cast

from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from themes import cutoff_changes, intake
from themes.forms import CutoffForm, ReasonForm
from themes.intake import DatabaseClock, database_now
from themes.models import AskedChange, Consultation, Extension
from themes.templatetags.deadline import cutoff_in_words

# The verbs on a deadline: by the last part of their address, what they are called and what they leave in the history.
VERBS = {
    "cutoff": gettext_lazy("Move the deadline"),
    "close": gettext_lazy("Close early, now"),
    "reopen": gettext_lazy("Re-open"),
}
KINDS = {
    "cutoff": Extension.Kind.MOVED,
    "close": Extension.Kind.CLOSED_EARLY,
    "reopen": Extension.Kind.REOPENED,
}
NAMES = dict(settings.LANGUAGES)


def waiting_changes() -> QuerySet[AskedChange]:
    """What one person asked for and no second has answered yet, of every consultation."""
    change = AskedChange.objects.filter(answered_at__isnull=True, asked_at__gt=DatabaseClock() - cutoff_changes.WAITS)
    return change.select_related("asked_by")


def _takes_two(verb: str, consultation: Consultation, when: datetime | None) -> bool:
    """What takes time from those who count on it, or gives it back to some, is seen by two."""
    return verb != "cutoff" or (when is not None and intake.brings_forward(consultation, when))


class CutoffMixin(admin.ModelAdmin):  # type: ignore[type-arg]
    """What the admin of consultations has for their cutoffs."""

    def get_urls(self) -> list[URLPattern]:
        verbs = [
            path(
                f"<int:pk>/{verb}/",
                self.admin_site.admin_view(partial(self.change_deadline, verb=verb)),
                name=f"themes_consultation_{verb}",
            )
            for verb in VERBS
        ]
        answer: Any = self.admin_site.admin_view(require_http_methods(["GET", "HEAD", "POST"])(self.answer_view))
        second = path("<int:pk>/asked/<int:which>/", answer, name="themes_consultation_answer")
        return [*verbs, second, *super().get_urls()]

    def _changeable(self, request: HttpRequest, pk: int) -> Consultation:
        consultation = get_object_or_404(Consultation, pk=pk)
        if not self.has_change_permission(request, consultation):
            raise PermissionDenied
        return consultation

    def change_deadline(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """One form for the three verbs: when, in the consultation's zone, why, and what the public is told."""
        consultation = self._changeable(request, pk)
        kind = ReasonForm if verb == "close" else CutoffForm
        form = kind(request.POST or None, consultation=consultation)
        is_valid = form.is_valid() and self._fits(request, consultation, form, verb)
        when = form.cleaned_data.get("closes_at") if is_valid else None
        # What is confirmed is what was shown: an instant that was edited after the check is shown again first.
        is_confirmed = "confirm" in request.POST and request.POST.get("shown", "") == (when.isoformat() if when else "")
        needs_second = _takes_two(verb, consultation, when)
        if is_valid and is_confirmed:
            done = (
                self._ask(request, consultation, form, verb)
                if needs_second
                else self._move(request, consultation, form)
            )
            if done is not None:
                return done
        return self._page(
            request,
            consultation,
            {
                "title": VERBS[verb],
                "form": form,
                "is_checked": is_valid and not form.errors,
                "preview": when,
                "announcements": form.announcements_shown if is_valid else [],
                "needs_second": needs_second,
                "waiting": waiting_changes().filter(consultation=consultation),
            },
        )

    def _fits(self, request: HttpRequest, consultation: Consultation, form: ReasonForm, verb: str) -> bool:
        """Checking refuses what doing it would, and says the same."""
        asked = waiting_changes().filter(consultation=consultation, kind=KINDS[verb])
        if _takes_two(verb, consultation, form.cleaned_data.get("closes_at")) and asked.exists():
            form.add_error(None, _("This was asked for before, and waits for a second person: see above."))
            return False
        values = form.cleaned_data
        by = cast(User, request.user)
        try:
            cutoff_changes.prepare(
                KINDS[verb],
                consultation,
                values.get("closes_at"),
                reason=values["reason"],
                by=by,
                at=database_now(),
            )
        except ValidationError as refusal:
            form.add_error(None, refusal.messages)
            return False
        return True

    def _page(self, request: HttpRequest, consultation: Consultation, more: dict[str, Any]) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts, "consultation": consultation, **more}
        return render(request, "admin/themes/consultation/cutoff.html", context)

    def _move(self, request: HttpRequest, consultation: Consultation, form: ReasonForm) -> HttpResponse | None:
        try:
            extension = cutoff_changes.move_cutoff(
                consultation_id=consultation.pk,
                closes_at=form.cleaned_data["closes_at"],
                reason=form.cleaned_data["reason"],
                announcements=form.announcements,
                by=cast(User, request.user),
            )
        except ValidationError as refusal:
            form.add_error(None, refusal)
            return None
        return self._done(request, consultation, extension)

    def _ask(self, request: HttpRequest, consultation: Consultation, form: ReasonForm, verb: str) -> HttpResponse:
        """Writes down what is asked for. Whether it fits was looked at now, and is decided when it is done."""
        change = AskedChange.objects.create(
            consultation=consultation,
            kind=KINDS[verb],
            new_cutoff=form.cleaned_data.get("closes_at"),
            reason=form.cleaned_data["reason"],
            announcements=form.announcements,
            asked_by=cast(User, request.user),
        )
        messages.success(request, _("Requested. It takes effect when a second person with this right confirms it."))
        return redirect("admin:themes_consultation_answer", consultation.pk, change.pk)

    def answer_view(self, request: HttpRequest, pk: int, which: int) -> HttpResponse:
        """What was asked for, as it will be; a second person does it, and either of the two calls it off."""
        consultation = self._changeable(request, pk)
        change = get_object_or_404(
            AskedChange.objects.select_related("asked_by", "answered_by"), pk=which, consultation=pk
        )
        is_open = waiting_changes().filter(pk=change.pk).exists()
        is_second = change.asked_by != request.user
        error = ""
        if request.method == "POST" and is_open:
            if "decline" in request.POST:
                if cutoff_changes.decline(change, by=cast(User, request.user)):
                    messages.success(request, _("Called off. Nothing was changed."))
                else:
                    messages.error(request, _("It was answered before."))
                return redirect("admin:themes_consultation_change", pk)
            if is_second and "confirm" in request.POST:
                try:
                    return self._done(
                        request, consultation, cutoff_changes.confirm_change(change, by=cast(User, request.user))
                    )
                except ValidationError as refusal:
                    error = " ".join(refusal.messages)
        others = User.objects.with_perm(
            "themes.change_consultation", backend="django.contrib.auth.backends.ModelBackend"
        ).filter(is_staff=True)
        return self._page(
            request,
            consultation,
            {
                "title": change.get_kind_display(),
                "asked": change,
                "is_open": is_open,
                "is_second": is_second,
                "error": error,
                "preview": change.new_cutoff,
                "announcements": [(code, NAMES.get(code, code), text) for code, text in change.announcements.items()],
                "others": others.exclude(pk=change.asked_by_id).order_by("username"),
            },
        )

    def _done(self, request: HttpRequest, consultation: Consultation, extension: Extension) -> HttpResponse:
        self.log_change(request, consultation, f"{extension.get_kind_display()}: {extension}. {extension.reason}")
        now = cutoff_in_words(extension.new_cutoff, consultation.time_zone)
        messages.success(request, _("The deadline is now %(when)s. The public page says so.") % {"when": now})
        return redirect("admin:themes_consultation_change", consultation.pk)
