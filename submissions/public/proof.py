"""When so much is sent that a browser is to prove some work first, and the way for one without script.

It is asked for by what is being sent, from one network or from all: a consultation on a quiet day never shows it. The
proof is the browser's own arithmetic, while the visitor reads the page. Without script a link by mail does as well.
"""

from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.urls import reverse

from submissions.models import Draft
from submissions.public.limits import TEN_MINUTES
from submissions.public.visit import Visit
from wsis import proof_of_work
from wsis.network import client_network
from wsis.rate_limits import Limit, is_reached, seconds_to_wait

# Beyond so many sendings in ten minutes.
FREE_FROM_ONE_NETWORK = Limit("sent", 10, TEN_MINUTES)
FREE_IN_ALL = Limit("sent-in-all", 100, TEN_MINUTES)
EVERYBODY = "everybody"
PASS_SECONDS = 24 * 3600


def is_wanted(visit: Visit) -> bool:
    """Whether a sending from this visitor needs a proof now."""
    network = client_network(visit.request)
    return is_reached(FREE_FROM_ONE_NETWORK, network) or is_reached(FREE_IN_ALL, EVERYBODY)


def note_sending(visit: Visit) -> None:
    """Counts a sending that was accepted."""
    seconds_to_wait(FREE_FROM_ONE_NETWORK, client_network(visit.request))
    seconds_to_wait(FREE_IN_ALL, EVERYBODY)


def is_given(visit: Visit, draft: Draft) -> bool:
    """Whether this sending brings a proof, or the pass of a link that was mailed."""
    posted = visit.request.POST
    return is_pass(posted.get("pass", ""), draft) or proof_of_work.is_proven(posted.get("proof", ""), _purpose(draft))


def challenge(draft: Draft) -> str:
    return proof_of_work.challenge(_purpose(draft))


def _purpose(draft: Draft) -> str:
    return f"send-{draft.sending_key}"


# --- Without script ----------------------------------------------------------------------------------------------


def _signer() -> TimestampSigner:
    return TimestampSigner(salt="submissions.pass", sep=".")


def link_with_pass(draft: Draft) -> str:
    """The address of the page to send from. It opens no draft: the browser that has the draft's key still needs it."""
    page = reverse("submissions:send", kwargs={"slug": draft.consultation.slug})
    return f"{settings.PUBLIC_URL}{page}?pass={_signer().sign(str(draft.pk))}"


def is_pass(token: str, draft: Draft) -> bool:
    try:
        return _signer().unsign(token, max_age=PASS_SECONDS) == str(draft.pk)
    except BadSignature:
        return False
