"""The page behind a late-access link: a button, and then the pages as they are before the cutoff."""

from django.http import HttpResponse

from submissions.drafts import late_access
from submissions.public.responses import see_other
from submissions.public.visit import GET_OR_POST, Visit, public_view


@public_view(*GET_OR_POST)
def late(visit: Visit, token: str) -> HttpResponse:
    access = late_access.find(visit.consultation, token)
    is_usable = access is not None and late_access.is_usable(access, visit.at)
    if visit.is_post and access is not None and is_usable:
        response = see_other("submissions:consultation", slug=visit.slug)
        late_access.set_cookie(response, access, visit.at)
        return response
    status = 200 if is_usable else 404 if access is None else 410
    return visit.render("late_access.html", status=status, access=access, is_usable=is_usable)
