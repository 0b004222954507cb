"""Confirming an e-mail address: opening the link shows a button, and the button confirms. Again, it says the same."""

from django.http import HttpResponse

from submissions.public.responses import see_other
from submissions.public.visit import GET_OR_POST, Visit, public_view
from submissions.sending import confirmation


@public_view(*GET_OR_POST)
def confirm(visit: Visit, token: str) -> HttpResponse:
    row = confirmation.find(visit.consultation, token)
    if row is None:
        return visit.render("confirmation.html", status=404)
    if visit.is_post:
        confirmation.confirm(row)
        return see_other(visit.request.path)
    return visit.render("confirmation.html", confirmation=row)
