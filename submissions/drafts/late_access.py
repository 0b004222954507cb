"""The late-access link: signed with the server's secret, so that the database alone opens nothing.

Opening it shows a page, and its button keeps the access in a cookie: scanners of mail open links, and use none up.
Whether it still lets anything in is for PostgreSQL to say, when something is sent (migrations/sql/admissions.sql).
"""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from submissions.models import Admission, LateAccess, Way
from themes.models import Consultation
from wsis.signed_ids import sign_id, signed_id

_DOOR = "submissions.late-access"


def sign(access: LateAccess) -> str:
    return sign_id(access.pk, door=_DOOR)


def link_to(access: LateAccess) -> str:
    address = {"slug": access.consultation.slug, "token": sign(access)}
    return settings.PUBLIC_URL + reverse("submissions:late", kwargs=address)


def find(consultation: Consultation, token: str) -> LateAccess | None:
    """The access that a link names, used or over as it may be. None of a link that was not signed here."""
    pk = signed_id(token, door=_DOOR)
    return None if pk is None else LateAccess.objects.filter(pk=pk, consultation=consultation).first()


def is_usable(access: LateAccess, at: datetime) -> bool:
    is_used = Admission.objects.filter(late_access=access).exists()
    return access.revoked_at is None and at < access.expires_at and not is_used


def _cookie_name(consultation: Consultation) -> str:
    return f"{settings.COOKIE_PREFIX}late-{consultation.pk}"


def set_cookie(response: HttpResponse, access: LateAccess, at: datetime) -> None:
    """The visitor's browser keeps the access as long as it lasts."""
    response.set_cookie(
        _cookie_name(access.consultation),
        sign(access),
        max_age=access.expires_at - at,
        secure=settings.IS_HTTPS,
        httponly=True,
        samesite="Lax",
    )


def clear_cookie(response: HttpResponse, consultation: Consultation) -> None:
    response.delete_cookie(_cookie_name(consultation), samesite="Lax")


def open_access(request: HttpRequest, consultation: Consultation, at: datetime) -> LateAccess | None:
    """The access that this visitor may still use. Most bring no cookie, and cost no query."""
    token = request.COOKIES.get(_cookie_name(consultation), "")
    access = find(consultation, token) if token else None
    return access if access is not None and is_usable(access, at) else None


def admission_of(access: LateAccess) -> Admission:
    """What goes with a sending that a late access lets in; not saved yet."""
    return Admission(way=Way.LATE_LINK, late_access=access, reason=access.reason)
