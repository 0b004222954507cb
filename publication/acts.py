"""Publishing as an act of two people: one asks, another confirms what the first was shown, and the worker does it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from publication.gate import Batch, batch_of
from publication.models import Publication
from publication.models.published import new_public_id
from themes.intake import DatabaseClock
from themes.models import Consultation


class BatchChanged(Exception):
    """What would be published is not what was shown."""


def ask(publication: Publication, *, by: Any) -> Publication:
    """Writes down what is to be published, for a second person.

    Raises:
        ValidationError: it cannot be published, or another one waits.
    """
    consultation = Consultation.objects.get(pk=publication.consultation_id)
    batch = assert_publishable(consultation, publication.scope)
    publication.asked_by, publication.content_sha256 = by, batch.sha256
    numbers = Publication.objects.filter(consultation=consultation)
    publication.number = (numbers.aggregate(last=Max("number"))["last"] or 0) + 1
    try:
        with transaction.atomic():
            publication.save(force_insert=True)
    except IntegrityError as refusal:
        raise ValidationError(_("Another publication of this consultation waits for a second person.")) from refusal
    return publication


def assert_publishable(consultation: Consultation, scope: str) -> Batch:
    """The batch.

    Raises:
        ValidationError: intake has not closed, another publication waits, or there is nothing to publish.
    """
    if consultation.closed_at is None:
        raise ValidationError(_("Intake has not closed: nothing of it is published before."))
    if Publication.objects.filter(consultation=consultation, published_at=None, is_declined=False).exists():
        raise ValidationError(_("Another publication of this consultation waits for a second person."))
    batch = batch_of(consultation, scope)
    if not batch.texts:
        raise ValidationError(_("There is nothing to publish that is not public already."))
    return batch


@transaction.atomic
def confirm(pk: int, *, by: Any, seen: str) -> None:
    """Confirms what another asked for. The worker publishes it within seconds.

    Args:
        seen: the SHA-256 of the batch that the page showed.

    Raises:
        ValidationError: it was answered before, or by whoever asked.
        BatchChanged: something was withheld, withdrawn or cleared since; the second person looks again.
    """
    publication = Publication.objects.select_for_update().get(pk=pk)
    if not publication.is_waiting:
        raise ValidationError(_("It was answered already."))
    if publication.asked_by == by:
        raise ValidationError(_("Somebody else than the one who asked has to confirm it."))
    batch = batch_of(publication.consultation, publication.scope)
    if not batch.texts:
        raise ValidationError(_("There is nothing to publish that is not public already."))
    if batch.sha256 != seen:
        raise BatchChanged
    Publication.objects.filter(pk=pk).update(answered_by=by, answered_at=DatabaseClock(), content_sha256=seen)
    # Not public yet, and not drawn: from here on triggers know of them (migrations/sql/published.sql).
    _insert(publication, batch)


def _insert(publication: Publication, batch: Batch) -> None:
    """In one statement, however many. The worker fills in what each says."""
    pks, are_named = zip(*batch.texts, strict=True)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO publication_publishedtext (
                publication_id, contribution_id, consultation_id, theme_id, theme_number, reference, public_id,
                sender_id, is_named, name, stakeholder_group, country, language, is_late, text, digest, is_lead,
                sender_count, is_shown, is_due
            )
            SELECT %s, c.id, %s, c.theme_id, t.number, s.reference, new.public_id,
                '', new.is_named, '', '', '', '', false, '', '', true, 1, false, true
            FROM unnest(%s::bigint[], %s::boolean[], %s::text[]) AS new (id, is_named, public_id)
            JOIN submissions_contribution c ON c.id = new.id
            JOIN submissions_submission s ON s.id = c.submission_id
            JOIN themes_theme t ON t.id = c.theme_id
            -- Of a publication that was withdrawn it is public again, under the address that it had.
            ON CONFLICT (contribution_id) DO UPDATE SET publication_id = excluded.publication_id, is_due = true
            """,
            [
                *(publication.pk, publication.consultation_id, list(pks), list(are_named)),
                [new_public_id() for _pk in pks],
            ],
        )


def decline(pk: int, *, by: Any) -> bool:
    """Also for whoever asked. Of two answers the first counts."""
    rows = Publication.objects.filter(pk=pk, answered_at=None)
    return bool(rows.update(answered_by=by, answered_at=DatabaseClock(), is_declined=True))


@transaction.atomic
def withdraw(pk: int, *, by: Any, reason: str) -> bool:
    """Takes all texts of a publication off the pages at once. Its date and the reason stay public.

    Raises:
        ValidationError: nobody said why.
    """
    if not reason.strip():
        raise ValidationError(_("Say why it is withdrawn."))
    rows = Publication.objects.filter(pk=pk, published_at__isnull=False, withdrawn_at=None)
    return bool(rows.update(withdrawn_by=by, withdrawn_at=DatabaseClock(), withdrawal_reason=reason.strip()))
