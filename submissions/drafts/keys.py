"""What opens a draft: a long random key, in an HttpOnly cookie and in the private link.

Its hash is stored, and finds the draft. Once somebody leaves an address, the key is stored as well, sealed with the
server's secret, because the mails to them carry the link; the database alone opens nothing. The link carries the key
in its fragment, which browsers send to no server: it stands in no log and in no referrer.
"""

import re
import secrets
from urllib.parse import unquote

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from submissions.drafts import late_access
from submissions.models import Draft
from themes.models import Consultation
from wsis import sealing
from wsis.sealing import hash_of

KEY_BYTES = 32
_KEY = r"[A-Za-z0-9_-]{43}"  # as `new_key` makes them
MAX_KEYS_TRIED = 5
MAX_WRAPPINGS = 3
COOKIE_AGE = 365 * 24 * 3600  # seconds
# Stands in a stored mail's text where the link is to be.
LINK_MARK = "⟦private link⟧"


def _cookie_name(consultation: Consultation) -> str:
    return f"{settings.COOKIE_PREFIX}draft-{consultation.pk}"


def new_key() -> str:
    return secrets.token_urlsafe(KEY_BYTES)


# Also whether it was ever sent: most drafts that are opened were not, and every page asks. Every page begins with this,
# and Django's own way of asking takes four times the processor time.
_DRAFT = """
SELECT d.*, EXISTS (
    SELECT FROM submissions_submission s
    WHERE s.sending_key = d.sending_key OR (d.reference <> '' AND s.reference = d.reference)
) AS was_sent
FROM submissions_draft d WHERE d.consultation_id = %s AND d.key_hash = %s
"""


def find_draft(consultation: Consultation, key: str) -> Draft | None:
    """The draft that `key` opens, with the key in memory, or None."""
    if not key:
        return None
    draft = next(iter(Draft.objects.raw(_DRAFT, [consultation.pk, hash_of(key)])), None)
    if draft is not None:
        draft.key = key
        draft.consultation = consultation
    return draft


def open_draft(request: HttpRequest, consultation: Consultation) -> Draft | None:
    """The draft that the visitor's cookie opens, or None."""
    return find_draft(consultation, request.COOKIES.get(_cookie_name(consultation), ""))


def is_of_another(mark: str, draft: Draft | None) -> bool:
    """Whether a page that says by `mark` which draft it showed, showed another than `draft`. False if it says none.

    True also where no draft is open any more: a cookie that is gone never makes a second draft in silence.
    """
    return bool(mark) and (draft is None or mark != draft.mark)


def set_cookie(response: HttpResponse, draft: Draft) -> None:
    """Gives the visitor's browser the key of a draft that was just made or opened."""
    response.set_cookie(
        _cookie_name(draft.consultation),
        draft.key,
        max_age=COOKIE_AGE,
        secure=settings.IS_HTTPS,
        httponly=True,
        samesite="Lax",
    )


def clear_cookies(response: HttpResponse, consultation: Consultation) -> None:
    """The visitor's browser forgets the key, and a late access with it; what was written stays on the server."""
    response.delete_cookie(_cookie_name(consultation), samesite="Lax")
    if settings.IS_HTTPS:
        # What the browser remembers of the pages goes too, or the next person reads them with the Back button.
        response["Clear-Site-Data"] = '"cache"'
    late_access.clear_cookie(response, consultation)


def private_link(draft: Draft, key: str = "") -> str:
    """The private link: stable, not used up by opening it; nothing changes until the button behind it is pressed."""
    path = reverse("submissions:come-back", kwargs={"slug": draft.consultation.slug})
    return f"{settings.PUBLIC_URL}{path}#{key or draft.key}"


def keys_in(pasted: str) -> list[str]:
    """What may be the key in whatever was pasted, the likeliest first: a link, in a sentence, broken over lines or
    wrapped by a program that checks links, or the key alone."""
    text = pasted
    for _layer in range(MAX_WRAPPINGS):
        text = unquote(text)
    # A line's end in the middle of it, and what a mail program puts there.
    whole = re.sub(r"=?\s+(?:>\s*)*", "", text)
    found = [*re.findall(rf"#({_KEY})", whole), *re.findall(rf"(?<![\w-]){_KEY}(?![\w-])", text)]
    return list(dict.fromkeys(found))[:MAX_KEYS_TRIED]


def seal(draft: Draft) -> None:
    """Keeps the key for the mails to whoever left an address."""
    if draft.key and not draft.sealed_key:
        draft.sealed_key = sealing.seal(draft.key, purpose="draft link")
        Draft.objects.filter(pk=draft.pk).update(sealed_key=draft.sealed_key)


def renew(draft: Draft) -> bool:
    """Gives the draft a new key: the link from before, and every browser that came by it, opens nothing any more.

    Returns:
        False if somebody else has just done the same; then this browser's key is the one that ended.
    """
    key = new_key()
    sealed = sealing.seal(key, purpose="draft link") if draft.sealed_key else ""
    chosen = Draft.objects.filter(pk=draft.pk, key_hash=draft.key_hash)
    if not chosen.update(key_hash=hash_of(key), sealed_key=sealed):
        return False
    draft.key, draft.key_hash, draft.sealed_key = key, hash_of(key), sealed
    return True


def link_for_mail(draft: Draft | None) -> str:
    """The private link for a mail about `draft`; empty when nobody left an address, or the secret has changed since."""
    key = sealing.unseal(draft.sealed_key, purpose="draft link") if draft is not None else ""
    return private_link(draft, key) if draft is not None and key else ""
