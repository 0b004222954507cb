"""Time stamps of others (RFC 3161): that a closing's last checkpoint was there at an hour which we cannot choose.

Off unless the operator names authorities (TIMESTAMP_AUTHORITIES) and the certificates that vouch for them. Each is
asked until it has answered, or for two days. Only an answer that is about this checkpoint, carries the number that was
asked with, and is signed by an authority that a root vouches for is kept.
"""

import logging
import time
from datetime import timedelta
from pathlib import Path

import requests
from cryptography import x509
from django.conf import settings
from django.db.models import F
from rfc3161_client import TimestampRequestBuilder, TimeStampResponse, VerifierBuilder, decode_timestamp_response
from rfc3161_client.base import HashAlgorithm

from publication.models import RegisterCheckpoint, RegisterStamp
from themes.intake import DatabaseClock
from wsis.claims import backoff, claim

logger = logging.getLogger(__name__)

TIMEOUT = (5, 10)  # seconds: to connect, and for each piece of the answer
ANSWER_SECONDS, SWEEP_SECONDS = 30, 120
MAX_ANSWER_BYTES = 100_000  # with a chain of certificates it has some thousands
FIRST_DELAY, MAX_DELAY, MAX_ATTEMPTS = timedelta(minutes=1), timedelta(hours=1), 50
HEADERS = {"Content-Type": "application/timestamp-query", "Accept": "application/timestamp-reply"}


class StampRefused(Exception):
    """The authority gave no stamp that can be kept."""


def stamp_due() -> int:
    """Asks for what is missing.

    Returns:
        How many stamps came.
    """
    if not settings.TIMESTAMP_AUTHORITIES:
        return 0
    final = RegisterCheckpoint.objects.filter(closed_at=F("log__consultation__closed_at"))
    RegisterStamp.objects.bulk_create(
        [
            RegisterStamp(checkpoint=one, authority=authority)
            for one in final
            for authority in settings.TIMESTAMP_AUTHORITIES
        ],
        ignore_conflicts=True,
    )
    came, ends_at = 0, time.monotonic() + SWEEP_SECONDS
    while time.monotonic() < ends_at and (stamp := _claim_next()) is not None:
        came += _ask(stamp)
    return came


def _claim_next() -> RegisterStamp | None:
    due = RegisterStamp.objects.filter(response=None, due_at__lte=DatabaseClock(), attempts__lt=MAX_ATTEMPTS)
    # Of an authority that is named no more nothing is asked.
    due = due.filter(authority__in=settings.TIMESTAMP_AUTHORITIES).select_related("checkpoint")
    return claim(
        due, lambda attempts: {"due_at": DatabaseClock() + backoff(attempts, first=FIRST_DELAY, longest=MAX_DELAY)}
    )


def _ask(stamp: RegisterStamp) -> bool:
    row = RegisterStamp.objects.filter(pk=stamp.pk)
    try:
        response = _response(stamp.authority, stamp.checkpoint.note.encode())
    except Exception as error:  # noqa: BLE001 - whatever a stranger's server answers, the next one is asked
        logger.warning("no stamp by %s: %s", stamp.authority, error)
        row.update(last_error=f"{type(error).__name__}: {error}"[:500])
        return False
    row.update(
        response=response.as_bytes(),
        stamped_at=response.tst_info.gen_time,
        last_error="",
    )
    return True


def _response(authority: str, note: bytes) -> TimeStampResponse:
    """
    Raises:
        StampRefused, VerificationError, ValueError, requests.RequestException: it is none.
    """
    builder = TimestampRequestBuilder().data(note).hash_algorithm(HashAlgorithm.SHA256)
    request = builder.cert_request(cert_request=True).nonce(nonce=True).build()
    response = decode_timestamp_response(_post(authority, request.as_bytes()))
    verifier = VerifierBuilder.from_request(request)
    for root in roots():
        verifier = verifier.add_root_certificate(root)
    verifier.build().verify_message(response, note)
    return response


def _post(authority: str, question: bytes) -> bytes:
    with requests.post(
        authority, data=question, headers=HEADERS, timeout=TIMEOUT, stream=True, allow_redirects=False
    ) as answer:
        if answer.status_code != 200:
            raise StampRefused(f"It answered {answer.status_code}.")
        content, ends_at = b"", time.monotonic() + ANSWER_SECONDS
        # As it comes: whoever sends one byte at a time is not waited for without end.
        while piece := answer.raw.read1(MAX_ANSWER_BYTES, decode_content=True):
            content += piece
            if len(content) > MAX_ANSWER_BYTES:
                raise StampRefused("Its answer is too large.")
            if time.monotonic() > ends_at:
                raise StampRefused("Its answer takes too long.")
    return content


def roots() -> list[x509.Certificate]:
    """Those that vouch for the authorities, from the file that the operator has given."""
    return x509.load_pem_x509_certificates(Path(settings.TIMESTAMP_ROOTS).read_bytes())
