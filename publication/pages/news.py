"""News of a round's publications by mail: asking for it, and the two links that its mails carry."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.csrf import csrf_exempt

from publication import followers
from publication.forms import FollowForm
from publication.pages.round import rendered
from submissions.public.responses import never_stored, see_other
from submissions.public.visit import GET_OR_POST, Visit, public_view


@public_view(*GET_OR_POST, cache=never_stored, has_typing=True)
def news(visit: Visit) -> HttpResponse:
    """The same answer whoever follows already."""
    if visit.chosen_language:
        return rendered(visit, "news.html", form=FollowForm(initial=visit.typed))
    form = FollowForm(visit.request.POST if visit.is_post else None)
    if form.is_valid():
        followers.ask(visit.consultation, form.cleaned_data["email"], get_language() or "")
        return see_other(reverse("publication:news", args=[visit.slug]) + "?asked#main")
    return rendered(visit, "news.html", form=form, is_asked="asked" in visit.request.GET)


@public_view(*GET_OR_POST, cache=never_stored)
def confirm_follower(visit: Visit, token: str) -> HttpResponse:
    """Opening the link shows a button, and the button confirms."""
    follower = followers.found(visit.consultation, token, followers.CONFIRM)
    if follower is not None and visit.is_post:
        followers.confirm(follower)
        return see_other(visit.request.path)
    return rendered(visit, "follower.html", follower=follower, status=404 if follower is None else 200)


# The token is the proof, and a mail program, which may press the button by itself (RFC 8058), sends no cookie.
@csrf_exempt
@public_view(*GET_OR_POST, cache=never_stored)
def stop_follower(visit: Visit, token: str) -> HttpResponse:
    """A link that was used before says the same: there is nothing left of whom it was."""
    follower = followers.found(visit.consultation, token, followers.STOP)
    if follower is not None and visit.is_post:
        followers.stop(follower)
        follower = None
    return rendered(visit, "stop_follower.html", follower=follower)
