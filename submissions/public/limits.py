"""How often a stakeholder's browser may do what costs something, by network and by draft.

The numbers are far above what people do: an office of fifty behind one address writes and sends undisturbed, and a
browser that saves every three seconds is nowhere near. Whoever is over one waits, and is told how long, with every word
they sent on the page.
"""

from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from submissions.models import Draft
from wsis.faults import given_back
from wsis.network import client_network
from wsis.rate_limits import Limit, seconds_to_wait

MINUTE, TEN_MINUTES, HOUR = 60, 600, 3600

# What one network posts in all, whatever it is.
POSTS = Limit("posts", 1_200, MINUTE)
NEW_DRAFTS = Limit("new-drafts", 200, HOUR)

# By the name of the address: what one network, and what one draft may do. A name that is not here has POSTS alone.
BY_NETWORK = {
    "send": Limit("send", 120, HOUR),
    "offline": Limit("upload", 120, TEN_MINUTES),
    "mail-link": Limit("mail-link", 60, HOUR),
    "come-back": Limit("come-back", 120, TEN_MINUTES),
    "late": Limit("late", 120, TEN_MINUTES),
    "confirm": Limit("confirm", 120, TEN_MINUTES),
    "stop-reminders": Limit("stop-reminders", 120, TEN_MINUTES),
    "news": Limit("news", 60, HOUR),
    "confirm-follower": Limit("confirm", 120, TEN_MINUTES),
    "stop-follower": Limit("stop-reminders", 120, TEN_MINUTES),
    "report": Limit("report", 30, HOUR),
}
BY_DRAFT = {
    "write": Limit("write", 200, MINUTE),
    "about-you": Limit("about-you", 60, MINUTE),
    "publication": Limit("publication", 60, MINUTE),
    "offline": Limit("upload", 30, TEN_MINUTES),
    "offline-store": Limit("offline-store", 60, TEN_MINUTES),
    "send": Limit("send", 30, HOUR),
}
# Files that are made when they are asked for.
FILES = {"draft-file", "template-file", "receipt-copy", "whole"}
FILES_BY_NETWORK = Limit("files", 600, TEN_MINUTES)

# What makes a draft where there is none.
MAKES_DRAFT = {"write", "about-you", "offline-store"}


def refusal(request: HttpRequest, draft: Draft | None) -> HttpResponse | None:
    """The answer to whoever does something too often; None to everybody else. Each call counts once."""
    match = request.resolver_match
    asked = _limits_of(request, (match.url_name or "") if match else "", draft)
    wait = next((wait for limit, who in asked if (wait := seconds_to_wait(limit, who))), 0)
    return _too_many(request, wait) if wait else None


def _limits_of(request: HttpRequest, name: str, draft: Draft | None) -> list[tuple[Limit, str]]:
    """Each limit that this request counts for, and as whose."""
    network = client_network(request)
    if request.method != "POST":
        return [(FILES_BY_NETWORK, network)] if name in FILES else []
    asked = [(POSTS, network)]
    if name in BY_NETWORK:
        asked.append((BY_NETWORK[name], network))
    if draft is None and name in MAKES_DRAFT:
        asked.append((NEW_DRAFTS, network))
    if draft is not None and name in BY_DRAFT:
        asked.append((BY_DRAFT[name], f"draft-{draft.pk}"))
    return asked


def _until(wait: int) -> datetime:
    """The minute from which it is worth another try."""
    return (timezone.now() + timedelta(seconds=wait + 59)).replace(second=0, microsecond=0)


def _too_many(request: HttpRequest, wait: int) -> HttpResponse:
    if request.headers.get("Accept") == "application/json":
        sentence = _("Not saved: too much comes from your network just now. It is saved again in %(n)d seconds.")
        response: HttpResponse = JsonResponse({"busy": sentence % {"n": wait}, "wait": wait}, status=429)
    else:
        response = given_back(request, "errors/429.html", status=429, until=_until(wait))
    response["Retry-After"] = str(wait)
    return response
