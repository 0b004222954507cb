"""Every mail with its state and its text, sent again with a button. The private link stands in none of them."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy
from django.views.decorators.http import require_POST

from submissions.admin.pagination import CachedCountPaginator
from submissions.admin.permissions import ContactsMixin
from submissions.mail import outbox
from submissions.models import ContactView, Mail
from submissions.review.contact_log import note_view


class StateFilter(admin.SimpleListFilter):
    title = gettext_lazy("state")
    parameter_name = "state"
    STATES = {
        "queued": (pgettext_lazy("e-mail", "Waiting"), Q(sent_at__isnull=True, failed_at__isnull=True)),
        "sent": (pgettext_lazy("e-mail", "Sent"), Q(sent_at__isnull=False, bounced_at__isnull=True)),
        "failed": (pgettext_lazy("e-mail", "Not sent"), Mail.WAS_GIVEN_UP),
        "bounced": (gettext_lazy("Came back"), Q(bounced_at__isnull=False)),
        "withdrawn": (gettext_lazy("Withdrawn"), Q(failed_at__isnull=False, body="")),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(name, words) for name, (words, _which) in self.STATES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Mail]) -> QuerySet[Mail]:
        found = self.STATES.get(self.value() or "")
        return queryset.filter(found[1]) if found else queryset


@admin.register(Mail)
class MailAdmin(ContactsMixin):
    list_display = ["subject", "recipient", "state", "queued_at", "sent_at", "attempts", "problem"]
    list_filter = [StateFilter]
    search_fields = ["recipient", "subject", "submission__reference"]
    fields = [
        *("subject", "recipient", "state", "queued_at", "due_at", "sent_at", "failed_at", "attempts", "last_error"),
        *("bounced_at", "bounce", "message_id", "text"),
    ]
    readonly_fields = ["state", "text"]
    actions = ["send_again"]
    paginator = CachedCountPaginator
    show_full_result_count = False
    change_form_template = "admin/submissions/mail/change_form.html"

    class Media:
        css = {"all": ["css/admin.css"]}

    def lookup_allowed(self, lookup: str, value: Any, request: HttpRequest) -> bool:
        # The body holds what a stakeholder wrote: nobody finds it by guessing.
        return not lookup.startswith("body") and super().lookup_allowed(lookup, value, request)

    @admin.action(description=gettext_lazy("Send again"), permissions=["view"])
    def send_again(self, request: HttpRequest, queryset: QuerySet[Mail]) -> HttpResponse | None:
        """Asks first, and names the count: what has left cannot be called back."""
        chosen = Mail.objects.filter(pk__in=queryset.order_by().values("pk"))
        if "confirm" in request.POST:
            waiting, copies = outbox.send_again(chosen)
            self._tell(request, waiting + len(copies))
            return None
        context = {
            **self.admin_site.each_context(request),
            "title": _("Send again"),
            "opts": self.opts,
            "count": chosen.filter(Mail.WAS_SENT | Mail.WAS_GIVEN_UP).count(),
            "people": chosen.filter(Mail.WAS_SENT | Mail.WAS_GIVEN_UP).values("recipient").distinct().count(),
            "selected": request.POST.getlist("_selected_action"),
            "select_across": request.POST.get("select_across", "0"),
        }
        return render(request, "admin/submissions/mail/send_many.html", context)

    def _tell(self, request: HttpRequest, count: int) -> None:
        message = ngettext("%(n)d e-mail waits again.", "%(n)d e-mails wait again.", count) % {"n": count}
        messages.add_message(request, messages.SUCCESS if count else messages.INFO, message)

    @admin.display(description=gettext_lazy("state"))
    def state(self, mail: Mail) -> str:
        for words, is_so in (
            (_("Came back"), mail.bounced_at),
            (pgettext("e-mail", "Sent"), mail.sent_at),
            (_("Withdrawn"), mail.failed_at and not mail.body),
            (pgettext("e-mail", "Not sent"), mail.failed_at),
        ):
            if is_so:
                return words
        return pgettext("e-mail", "Waiting")

    @admin.display(description=gettext_lazy("what went wrong"))
    def problem(self, mail: Mail) -> str:
        return (mail.bounce or mail.last_error)[:120]

    @admin.display(description=gettext_lazy("text"))
    def text(self, mail: Mail) -> SafeString:
        return format_html('<div class="as-written" dir="auto">{}</div>', mail.body or "–")

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        answer = super().changelist_view(request, extra_context)
        return note_list(request, answer, ContactView.Where.MAIL)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        mail = Mail.objects.filter(pk=object_id).first() if object_id.isdecimal() else None
        can_resend = mail is not None and bool(mail.body) and (mail.sent_at or mail.failed_at)
        answer = super().change_view(request, object_id, form_url, {**(extra_context or {}), "can_resend": can_resend})
        if mail is not None and answer.status_code == 200:
            note_view(request.user, ContactView.Where.MAIL, mail.subject, people=1)
        return answer

    def resend_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        mail = get_object_or_404(Mail, pk=pk)
        if not self.has_view_permission(request, mail):
            raise PermissionDenied
        waiting, copies = outbox.send_again(Mail.objects.filter(pk=pk))
        self._tell(request, waiting + len(copies))
        return redirect("admin:submissions_mail_change", copies[0] if copies else pk)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(require_POST(self.resend_view))
        return [path("<int:pk>/resend/", view, name="submissions_mail_resend"), *super().get_urls()]


def note_list(request: HttpRequest, answer: HttpResponse, where: ContactView.Where) -> HttpResponse:
    """That a page of a list with names was shown: under which filters, and how many."""
    shown = getattr(answer, "context_data", {}).get("cl") if answer.status_code == 200 else None
    # Whatever the method: a list that is posted to is shown too.
    if shown is not None and request.method != "HEAD" and len(shown.result_list):
        note_view(request.user, where, request.GET.urlencode() or "–", people=len(shown.result_list))
    return answer
