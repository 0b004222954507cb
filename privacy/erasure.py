"""Carries out what a person asked for and two colleagues agreed on, as the tables' owner: what was sent is final.

The database does it in one function (submissions/migrations/sql/erasure.sql), with everything that lies about the
reference: mails, late accesses, marked passages, the trail. Its records are written again, and files of exports go.
"""

from django.db import connection, transaction
from django.db.models import Q, QuerySet

from privacy.models import PersonalDataRequest
from submissions.drafts.retention import delete_drafts
from submissions.mail.mailboxes import mailbox_of
from submissions.models import ERASED_EMAIL, ERASED_NAME, Draft, Mail, Submission
from submissions.signals import mailboxes_erased
from themes.intake import database_now

Kind = PersonalDataRequest.Kind


class NotApproved(Exception):
    """Two people have to agree before it is carried out."""


class NothingThere(Exception):
    """Nothing was sent under this reference."""


def carry_out(request: PersonalDataRequest) -> int:
    """Does what was asked for. A second time does the same again, as after a restore from a backup of before.

    Returns:
        How many versions were changed.

    Raises:
        NotApproved: no second person has approved it.
        NothingThere: no such reference.
    """
    if not request.is_approved:
        raise NotApproved(f"Request {request.pk} is not approved by a second person.")
    sent = Submission.objects.filter(reference=request.reference)
    if not sent.exists():
        raise NothingThere(f"Nothing was sent as {request.reference}.")
    changed = 0
    with transaction.atomic():
        if request.kind == Kind.CORRECT:
            changed = _call("submissions_correct", request.reference, request.new_name, request.new_email)
        elif request.kind in {Kind.ERASE_CONTACTS, Kind.ERASE_TEXTS}:
            _delete_draft(request.reference, sent)
            changed = _call("submissions_erase", [request.reference], request.kind, "request")
            # What earlier requests hold of the person goes too.
            corrected = PersonalDataRequest.objects.filter(reference=request.reference, kind=Kind.CORRECT)
            corrected.update(new_name=ERASED_NAME, new_email=ERASED_EMAIL)
        PersonalDataRequest.objects.filter(pk=request.pk).update(done_at=database_now())
    return changed


def _delete_draft(reference: str, sent: QuerySet[Submission]) -> None:
    """With its mails; a link to send from is mailed without naming the draft, so those go by their address."""
    addresses = set(sent.values_list("email", flat=True)) - {ERASED_EMAIL}
    of_it = Q(reference=reference) | Q(sending_key__in=list(sent.values_list("sending_key", flat=True)))
    delete_drafts(list(Draft.objects.filter(of_it).values_list("pk", flat=True)))
    # Other apps first: they lock what they keep, and then its mails, as they always do.
    mailboxes_erased.send(sender=None, mailboxes={mailbox_of(address) for address in addresses})
    Mail.objects.filter(submission=None, draft=None, late_access=None, recipient__in=addresses).delete()


def _call(function: str, *arguments: str | list[str]) -> int:
    marks = ", ".join(["%s"] * len(arguments))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}({marks})", arguments)
        return int(cursor.fetchone()[0])
