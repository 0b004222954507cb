"""Another way in: late access for one stakeholder, and what came on paper or by mail, entered on behalf."""

from typing import Any, cast

from django.contrib import admin, messages
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from submissions.admin.late_access_forms import EnterForm, LateAccessForm
from submissions.admin.permissions import ContactsMixin
from submissions.documents.blocks import UnreadableFile
from submissions.documents.upload import read_upload
from submissions.drafts import late_access
from submissions.mail import messages as mail_messages
from submissions.models import Admission, ContactView, LateAccess
from submissions.review.contact_log import note_view
from submissions.sending.refusals import IntakeClosed, IntakeNotOpen
from submissions.sending.submit import NothingToSend, TooLong, submit
from themes.intake import DatabaseClock
from themes.models import Consultation
from themes.templatetags.deadline import in_zone
from wsis.typography import list_in_words
from wsis.uploads import was_refused

RIGHT = "submissions.admit"


@admin.register(LateAccess)
class LateAccessAdmin(ContactsMixin):
    """Given with a reason, used once, taken back with a button. The link is shown to those who may give one."""

    list_display = ["for_whom", "consultation", "state", "expires", "given_by", "reason"]
    list_filter = ["consultation"]
    list_select_related = ["consultation", "given_by", "admission"]
    search_fields = ["for_whom", "reason"]
    fields = ["consultation", "for_whom", "email", "reason", "expires", "given_by", "given_at", "state", "link"]
    readonly_fields = ["expires", "state", "link"]
    change_form_template = "admin/submissions/lateaccess/change_form.html"

    class Media:
        css = {"all": ["css/admin.css"]}

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.has_perm(RIGHT))

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return LateAccessForm if obj is None else super().get_form(request, obj, change, **kwargs)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        if obj is None:
            return LateAccessForm.Meta.fields
        return [name for name in self.fields or () if name != "link" or request.user.has_perm(RIGHT)]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [] if obj is None else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: LateAccess, form: ModelForm, change: bool) -> None:  # type: ignore[type-arg]
        obj.given_by = request.user  # type: ignore[assignment]
        obj.save(force_insert=True)
        if obj.email:
            mail_messages.queue_late_access(obj, at=timezone.now())

    def response_add(self, request: HttpRequest, obj: LateAccess, post_url_continue: str | None = None) -> HttpResponse:
        mailed = _("The link is on its way to %(email)s.") % {"email": obj.email} if obj.email else ""
        messages.success(request, _("The late-submission permission is given. Its link is below.") + f" {mailed}")
        return redirect("admin:submissions_lateaccess_change", obj.pk)

    @admin.display(description=gettext_lazy("state"))
    def state(self, access: LateAccess) -> SafeString | str:
        admission = getattr(access, "admission", None)
        if admission is not None:
            page = reverse("admin:submissions_submission_change", args=[admission.submission_id])
            return format_html('<a href="{}">{}</a>', page, _("Used"))
        if access.revoked_at:
            return _("Revoked")
        return _("Can be used") if timezone.now() < access.expires_at else _("Expired")

    @admin.display(description=gettext_lazy("expires at"), ordering="expires_at")
    def expires(self, access: LateAccess) -> str:
        zone = access.consultation.time_zone
        return f"{in_zone(access.expires_at, zone)} ({in_zone(access.expires_at, 'UTC')} UTC)"

    @admin.display(description=gettext_lazy("link"))
    def link(self, access: LateAccess) -> SafeString:
        return format_html('<code class="late-link">{}</code>', late_access.link_to(access))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        access = LateAccess.objects.filter(pk=object_id).first() if object_id.isdecimal() else None
        can_revoke = (
            access is not None and request.user.has_perm(RIGHT) and late_access.is_usable(access, timezone.now())
        )
        answer = super().change_view(request, object_id, form_url, {**(extra_context or {}), "can_revoke": can_revoke})
        if access is not None and answer.status_code == 200:
            note_view(request.user, ContactView.Where.LATE_ACCESS, access.for_whom, people=1)
        return answer

    def revoke_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        access = get_object_or_404(LateAccess, pk=pk)
        if not (self.has_view_permission(request, access) and request.user.has_perm(RIGHT)):
            raise PermissionDenied
        with transaction.atomic():
            # A sending by this link takes the same lock: it is used, or it is taken back.
            locked = LateAccess.objects.select_for_update().get(pk=pk)
            is_over = locked.revoked_at is not None or Admission.objects.filter(late_access=pk).exists()
            if not is_over:
                LateAccess.objects.filter(pk=pk).update(revoked_at=DatabaseClock())
        if is_over:
            messages.error(request, _("It had already been used or revoked."))
        else:
            messages.success(request, _("Revoked: the link no longer works."))
        return redirect("admin:submissions_lateaccess_change", pk)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        urls = [
            path("<int:pk>/revoke/", view(require_POST(self.revoke_view)), name="submissions_lateaccess_revoke"),
            path("enter/<int:pk>/", view(self.enter_view), name="submissions_lateaccess_enter"),
        ]
        return [*urls, *super().get_urls()]

    def enter_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A submission typed in on behalf of somebody, or read from the template they filled in."""
        consultation = get_object_or_404(Consultation, pk=pk)
        if not request.user.has_perm(RIGHT):
            raise PermissionDenied
        form = EnterForm(request.POST if request.method == "POST" else None, consultation=consultation)
        message = ""
        if request.method == "POST" and "read" in request.POST:
            form, message = _read(request, consultation)
        elif request.method == "POST" and "add-row" in request.POST:
            form = _typed(request, consultation)
        elif form.is_valid() and (done := _enter(request, consultation, form)):
            return done
        context = {
            **self.admin_site.each_context(request),
            "title": _("Enter on behalf of somebody"),
            "opts": self.opts,
            "consultation": consultation,
            "form": form,
            "message": message,
            "opened": request.POST.get("add-row", ""),
        }
        return render(request, "admin/submissions/lateaccess/enter.html", context, status=422 if form.errors else 200)


def _read(request: HttpRequest, consultation: Consultation) -> tuple[EnterForm, str]:
    """The form with what stands in the file; what was typed on other themes and about the respondent stays."""
    typed = request.POST.copy()
    rows = EnterForm(typed, consultation=consultation).typed_rows
    try:
        if was_refused(request):
            raise UnreadableFile(_("This file is larger than 4 MB. Remove its pictures, or paste your text."))
        parsed = read_upload(request.FILES.get("file"), "", consultation)
    except UnreadableFile as refusal:
        message = str(refusal)
    else:
        for theme, content in parsed.contents.items():
            name = f"theme-{theme.number}"
            before = typed.get(name, "").strip()
            # What was typed stays, and what was read stands below it.
            typed[name] = content.text if before in {"", content.text} else f"{before}\n\n{content.text}"
            rows[theme.number] += tuple(row for row in content.proposals if row not in rows[theme.number])
        signs = list_in_words(theme.sign for theme in parsed.contents)
        message = _("Read from the file: %(themes)s. Check it below.") % {"themes": signs or "–"}
        if parsed.unplaced:
            message += " " + _("Not placed on any area: %(text)s") % {"text": "\n\n".join(parsed.unplaced)}
    return EnterForm(consultation=consultation, initial=_initial(typed), rows=rows), message


def _typed(request: HttpRequest, consultation: Consultation) -> EnterForm:
    """As it was typed, with room for one more row on each area."""
    rows = EnterForm(request.POST, consultation=consultation).typed_rows
    return EnterForm(consultation=consultation, initial=_initial(request.POST), rows=rows)


def _initial(typed: QueryDict) -> dict[str, Any]:
    return {name: typed[name] for name in typed if name not in {"csrfmiddlewaretoken", "read"}}


def _enter(request: HttpRequest, consultation: Consultation, form: EnterForm) -> HttpResponse | None:
    data = form.cleaned_data
    admission = Admission(
        way=data["way"],
        reason=data["reason"],
        reached_us_at=data["reached_us_at"] or None,
        entered_by=cast(User, request.user),
    )
    try:
        sent = submit(
            consultation=consultation,
            respondent=form.instance,
            contents=form.contents,
            sending_key=data["key"],
            admission=admission,
        )
    except IntakeClosed:
        # The cutoff fell between the stamp and the COMMIT: pressed again it is entered, and marked as late.
        form.add_error(None, _("The deadline came in this very moment. Press again: it is entered as late."))
    except IntakeNotOpen:
        form.add_error(None, _("This consultation has not opened yet."))
    except TooLong as refusal:
        form.add_error(None, _("Longer than the limit: %(themes)s.") % {"themes": str(refusal)})
    except NothingToSend as refusal:
        form.add_error(None, str(refusal))
    else:
        messages.success(
            request, _("Entered as %(reference)s. The receipt goes by e-mail.") % {"reference": sent.submission}
        )
        return redirect("admin:submissions_submission_change", sent.submission.pk)
    return None
