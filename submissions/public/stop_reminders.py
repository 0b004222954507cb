"""Ending the reminders of a draft from a mail: opening the link shows a button, and the button ends them. A mail
program may press it by itself where its reader asks it to (RFC 8058)."""

from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt

from submissions.mail import reminder_links
from submissions.models import Draft
from submissions.public.responses import never_stored
from submissions.public.visit import GET_OR_POST, Visit, public_view


# The token is the proof, and a mail program sends no cookie.
@csrf_exempt
@public_view(*GET_OR_POST, cache=never_stored)
def stop_reminders(visit: Visit, token: str) -> HttpResponse:
    drafts = Draft.objects.filter(pk=reminder_links.draft_in(token) or 0, consultation=visit.consultation)
    is_known = drafts.exists()
    if visit.is_post and is_known:
        drafts.update(wants_reminders=False)
    return visit.render(
        "stop_reminders.html",
        status=200 if is_known else 404,
        is_known=is_known,
        is_stopped=is_known and not drafts.filter(wants_reminders=True).exists(),
    )
