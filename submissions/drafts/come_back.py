"""Save and come back: the private link, by mail if wanted, on another device, for colleagues; and finishing here."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from submissions import outbox
from submissions.drafts import desk, keys
from submissions.drafts.models import Draft
from submissions.forms import KeyForm, LinkMailForm
from submissions.pages import put_away_page, see_other
from themes import intake
from themes.models import Consultation


@put_away_page
@require_http_methods(["GET", "HEAD", "POST"])
def come_back(request: HttpRequest, slug: str) -> HttpResponse:
    """GET shows, and changes nothing. POST opens the draft of the link that was pasted or followed."""
    consultation = get_object_or_404(Consultation, slug=slug)
    present = keys.open_draft(request, consultation)
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = keys.find_draft(consultation, keys.key_in(form.cleaned_data["link"]))
        if found is None:
            form.add_error("link", _("No draft opens with this. See whether the whole link was copied."))
        elif present is not None and present.pk != found.pk and desk.is_unsent(present) and "leave" not in request.POST:
            # The browser holds one key: before it changes hands, the other one is shown, or its draft would be lost.
            return _page(request, consultation, present, form, status=409, other=found)
        else:
            response = see_other("submissions:consultation", slug=slug)
            keys.hand_over(response, found)
            return response
    return _page(request, consultation, present, form)


@put_away_page
@require_POST
def mail_link(request: HttpRequest, slug: str) -> HttpResponse:
    """Mails the link, and keeps the address for what happens to the deadline."""
    at = timezone.now()
    consultation = get_object_or_404(Consultation, slug=slug)
    draft = keys.open_draft(request, consultation)
    if draft is None:
        return see_other("submissions:come-back", slug=slug)
    form = LinkMailForm(request.POST)
    if form.is_valid():
        keys.seal(draft)
        if outbox.queue_link(draft, form.cleaned_data["email"], at=at):
            return see_other(_there(consultation, "mailed"))
        form.add_error("email", _("The link was mailed several times within the hour. Wait a while, or copy it."))
    return _page(request, consultation, draft, KeyForm(), mail_form=form)


@put_away_page
@require_POST
def reminders(request: HttpRequest, slug: str) -> HttpResponse:
    """Switches the reminders on or off."""
    consultation = get_object_or_404(Consultation, slug=slug)
    draft = keys.open_draft(request, consultation)
    if draft is not None:
        Draft.objects.filter(pk=draft.pk).update(wants_reminders="on" in request.POST)
    return see_other(_there(consultation, "reminders"))


@put_away_page
@require_POST
def finish(request: HttpRequest, slug: str) -> HttpResponse:
    """The browser forgets the draft; the draft stays, for whoever has its link."""
    consultation = get_object_or_404(Consultation, slug=slug)
    response = see_other(_there(consultation, "finished"))
    keys.put_away(response, consultation)
    return response


def _there(consultation: Consultation, done: str) -> str:
    return reverse("submissions:come-back", kwargs={"slug": consultation.slug}) + f"?{done}"


def _page(
    request: HttpRequest,
    consultation: Consultation,
    draft: Draft | None,
    form: KeyForm,
    *,
    mail_form: LinkMailForm | None = None,
    other: Draft | None = None,
    status: int = 200,
) -> HttpResponse:
    at: datetime = timezone.now()
    return render(
        request,
        "submissions/come_back.html",
        {
            "consultation": consultation,
            "at": at,
            "draft": draft,
            "private_link": keys.link_to(draft) if draft else "",
            "other": other,
            "form": form,
            "mail_form": mail_form or LinkMailForm(initial={"email": draft.email if draft else ""}),
            "done": next((name for name in ("mailed", "finished", "reminders") if name in request.GET), ""),
            "reminded": draft.link_email or draft.email if draft else "",
            "kept_until": intake.desk_kept_until(consultation),
        },
        status=status,
    )
