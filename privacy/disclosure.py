"""What is held about whoever sent something, as one JSON document: the answer to "what do you have about me?"."""

from typing import Any

from django.db.models import Q, QuerySet

from privacy.models import PersonalDataRequest
from submissions.mail.mailboxes import mailbox_of
from submissions.models import (
    Admission,
    Draft,
    EmailConfirmation,
    Erasure,
    LateAccess,
    Mail,
    Note,
    PublicationDecision,
    Redaction,
    Review,
    SampledSubmission,
    Submission,
    Withdrawal,
)
from submissions.signals import held_about_mailboxes


def references_of(address: str) -> list[str]:
    """The references that were ever sent from an address, however its letters are written."""
    sent = Submission.objects.filter(email__iexact=address).order_by("reference")
    return list(sent.values_list("reference", flat=True).distinct())


def held_about(reference: str) -> dict[str, Any]:
    """Everything that is stored about one reference, table by table, empty ones included.

    What a draft holds is its writer's alone, so that only its being there is said: the private link opens it.
    """
    sent = Submission.objects.filter(reference=reference)
    accesses = LateAccess.objects.filter(admission__submission__reference=reference)
    return {
        "reference": reference,
        "submissions": [
            {
                **_row(one, leave_out=frozenset({"sending_key"})),
                "texts": {
                    str(theme.number): {
                        "text": content.text,
                        "proposals": [vars(proposal) for proposal in content.proposals],
                    }
                    for theme, content in one.contents.items()
                },
            }
            for one in sent.order_by("version")
        ],
        "withdrawals": _rows(Withdrawal.objects.filter(reference=reference)),
        "confirmations": _rows(EmailConfirmation.objects.filter(submission__in=sent)),
        "admissions": _rows(Admission.objects.filter(submission__in=sent)),
        "late_accesses": _rows(accesses),
        "mails": _rows(
            Mail.objects.filter(Q(submission__in=sent) | Q(late_access__in=accesses) | Q(draft__reference=reference))
        ),
        "drafts": list(Draft.objects.filter(reference=reference).values("created_at", "saved_at")),
        "reviews": _rows(Review.objects.filter(reference=reference)),
        "second_codings": _rows(SampledSubmission.objects.filter(reference=reference)),
        "notes": _rows(Note.objects.filter(reference=reference)),
        "publication_decisions": _rows(PublicationDecision.objects.filter(reference=reference)),
        "redactions": _rows(Redaction.objects.filter(reference=reference)),
        "erasures": _rows(Erasure.objects.filter(reference=reference)),
        "requests": _rows(PersonalDataRequest.objects.filter(reference=reference)),
        **_held_elsewhere(sent),
    }


def _held_elsewhere(sent: QuerySet[Submission]) -> dict[str, list[dict[str, Any]]]:
    """What other apps hold by the address."""
    mailboxes = {mailbox_of(address) for address in sent.values_list("email", flat=True) if address}
    answers: list[Any] = held_about_mailboxes.send(sender=None, mailboxes=mailboxes)
    return {name: _rows(rows) for _receiver, held in answers for name, rows in held.items()}


def _rows(rows: Any) -> list[dict[str, Any]]:
    return [_row(row) for row in rows.order_by("pk")]


def _row(row: Any, leave_out: frozenset[str] = frozenset()) -> dict[str, Any]:
    fields = [field for field in row._meta.concrete_fields if field.attname not in leave_out]
    return {field.attname: field.value_from_object(row) for field in fields}
