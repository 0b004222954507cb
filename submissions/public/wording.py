"""What the consultation was worded like before: dates, both wordings, and why."""

from django.http import HttpResponse

from submissions.public.visit import Visit, public_view


@public_view()
def wording(visit: Visit) -> HttpResponse:
    changes = visit.consultation.wording_changes.select_related("theme").order_by("-changed_at", "-pk")
    return visit.render("wording.html", changes=changes)
