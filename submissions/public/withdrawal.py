"""Taking a submission back. Asks twice: the link on the receipt leads here, and here is the button."""

from django.http import HttpResponse
from django.shortcuts import redirect

from submissions.public.responses import see_other
from submissions.public.visit import GET_OR_POST, Visit, public_view
from submissions.sending.refusals import IntakeNotOpen
from submissions.sending.withdraw import withdraw
from themes.intake import Intake


@public_view(*GET_OR_POST)
def withdrawal(visit: Visit) -> HttpResponse:
    if visit.submission is None:
        return redirect("submissions:consultation", slug=visit.slug)
    if visit.is_withdrawn:
        return see_other("submissions:receipt", slug=visit.slug)
    is_open = visit.public_intake is Intake.OPEN
    if visit.is_post:
        try:
            withdraw(visit.submission)
        except IntakeNotOpen:
            is_open = False
        else:
            return see_other("submissions:receipt", slug=visit.slug)
    status = 409 if visit.is_post and not is_open else 200
    return visit.render("withdrawal.html", status=status, submission=visit.submission, is_open=is_open)
