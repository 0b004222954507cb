"""Draws published texts: what each says with its bars, and of whom, as far as its author allows."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db import connection
from django.db.models import TextField
from django.db.models.functions import Cast
from django.utils import timezone

from publication.gate import still_allowed
from publication.models import Publication, PublishedProposal, PublishedText
from publication.models.published import new_public_id
from submissions.export.columns import ParagraphNumber
from submissions.models import (
    ANOTHER_LANGUAGE,
    ERASED_NAME,
    OFFICIAL_LANGUAGES,
    SEVERAL_LANGUAGES,
    Consent,
    Contribution,
    Erasure,
    Redaction,
    Submission,
    prefetched,
)
from submissions.review.redaction import redacted
from themes.models import Consultation

COMMON_LANGUAGES = {*OFFICIAL_LANGUAGES, SEVERAL_LANGUAGES}
# What a drawing writes, each column with its type: one statement for all rows, which Django's own takes many times as
# long for.
COLUMNS = {
    **dict.fromkeys(("sender_id", "name", "stakeholder_group", "country", "language", "text"), "text"),
    **dict.fromkeys(("is_late", "is_lead", "is_campaign_lead", "is_due", "is_shown"), "boolean"),
    **dict.fromkeys(("words", "sender_count", "campaign_senders"), "integer"),
    "campaign": "bigint",
    "digest": "bytea",
    **dict.fromkeys(("removed_at", "changed_at"), "timestamptz"),
}
Passages = dict[tuple[str, int], list[str]]


def draw(rows: Sequence[PublishedText], publication: Publication) -> None:
    """Writes what the public reads of these texts of one publication, which the caller has locked.

    What may not be public any more is emptied. Of a publication that is not public yet nothing is shown.
    """
    allowed = still_allowed(rows, publication) if publication.withdrawn_at is None else {}
    contributions = {
        one.pk: one
        for one in Contribution.objects.filter(pk__in=[row.contribution_id for row in rows])
        .select_related("submission", "submission__admission")
        .prefetch_related("proposals")
    }
    passages = _passages(rows)
    sender_ids = _sender_ids(rows)
    proposals: list[PublishedProposal] = []
    for row in rows:
        row.is_due, row.is_lead, row.sender_count = False, True, 1
        row.campaign, row.is_campaign_lead, row.campaign_senders = None, True, 1
        if row.is_named and publication.published_at is not None:
            row.changed_at = timezone.now()
        consent = Consent.NAMED if row.is_named else Consent.ANONYMOUS
        if allowed.get(row.contribution_id) != consent:
            _empty(row)
            continue
        contribution = contributions[row.contribution_id]
        proposals += _fill(row, contribution, passages.get((row.reference, row.theme_id), []))
        if row.is_named:
            _name(row, contribution.submission, sender_ids)
        row.is_shown, row.removed_at = publication.is_public, None
    PublishedProposal.objects.filter(published__in=rows).delete()
    _update(rows)
    PublishedProposal.objects.bulk_create(proposals, batch_size=1_000)
    _number_paragraphs([row.pk for row in rows])


def _update(rows: Sequence[PublishedText]) -> None:
    """Writes COLUMNS of all rows; their words are for the index to be found anew."""
    values = [[getattr(row, name) for row in rows] for name in COLUMNS]
    arrays = ", ".join(f"%s::{kind}[]" for kind in COLUMNS.values())
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE publication_publishedtext AS row"  # noqa: S608 - our own names
            f" SET search_words = NULL, {', '.join(f'{name} = new.{name}' for name in COLUMNS)}"
            f" FROM unnest(%s::bigint[], {arrays}) AS new (id, {', '.join(COLUMNS)}) WHERE row.id = new.id",
            [[row.pk for row in rows], *values],
        )


def preview(texts: Sequence[tuple[int, bool]], consultation: Consultation) -> list[PublishedText]:
    """What the public would read of these contributions, each with whether it is named; nothing of it is stored."""
    found = Contribution.objects.select_related("submission", "submission__admission", "theme")
    by_pk = found.prefetch_related("proposals").in_bulk([pk for pk, _is_named in texts])
    rows = []
    for pk, is_named in texts:
        contribution = by_pk[pk]
        reference, theme = contribution.submission.reference, contribution.theme
        # With a key, which is in no table, so that its proposals can hang on it.
        row = PublishedText(pk=pk, consultation=consultation, theme=theme, reference=reference, is_named=is_named)
        rows.append((row, contribution))
    passages = _passages([row for row, _contribution in rows])
    for row, contribution in rows:
        prefetched(row, "proposals", _fill(row, contribution, passages.get((row.reference, row.theme_id), [])))
        if row.is_named:
            _name(row, contribution.submission, {})
    return [row for row, _contribution in rows]


def _empty(row: PublishedText) -> None:
    row.is_shown, row.removed_at = False, row.removed_at or timezone.now()
    row.sender_id, row.name, row.stakeholder_group, row.country, row.is_late = "", "", "", "", False
    row.text, row.words, row.digest = "", None, b""


def _fill(row: PublishedText, contribution: Contribution, hidden: list[str]) -> list[PublishedProposal]:
    """The words, and the language unless it is a rare one of somebody without a name."""
    content, language = contribution.content, contribution.submission.language
    row.text = redacted(content.text, hidden)
    row.words = None if hidden else contribution.words
    row.language = language if row.is_named or language in COMMON_LANGUAGES else ANOTHER_LANGUAGE
    proposals = [
        PublishedProposal(
            published=row,
            position=place,
            paragraph=redacted(one.paragraph, hidden),
            wording=redacted(one.wording, hidden),
            reason=redacted(one.reason, hidden),
        )
        for place, one in enumerate(content.proposals)
    ]
    parts = [row.text, *(part for one in proposals for part in (one.paragraph, one.wording, one.reason))]
    row.digest = hashlib.sha256(repr((row.theme_id, parts)).encode()).digest()
    return proposals


def _name(row: PublishedText, submission: Submission, sender_ids: dict[str, str]) -> None:
    # The name of somebody whose address was only kept for its time stays with what they allowed it for.
    is_erased = submission.contact_name == ERASED_NAME and not submission.organisation
    if not is_erased or _by_request(row.reference):
        row.name = submission.organisation or submission.contact_name
    row.stakeholder_group, row.country = submission.stakeholder_group, submission.country
    admission = getattr(submission, "admission", None)
    row.is_late = admission is not None and admission.is_late
    row.sender_id = sender_ids.setdefault(row.reference, new_public_id())


def _by_request(reference: str) -> bool:
    return Erasure.objects.filter(reference=reference, why=Erasure.Why.REQUEST).exists()


def _passages(rows: Iterable[PublishedText]) -> Passages:
    found: Passages = defaultdict(list)
    held_back = Redaction.objects.filter(reference__in={row.reference for row in rows})
    for reference, theme, passage in held_back.values_list("reference", "theme", "passage"):
        found[reference, theme].append(passage)
    return found


def _sender_ids(rows: Iterable[PublishedText]) -> dict[str, str]:
    """The ids of submissions of which something was drawn before."""
    references = {row.reference for row in rows if row.is_named}
    known = PublishedText.objects.filter(reference__in=references).exclude(sender_id="")
    return dict(known.values_list("reference", "sender_id"))


def _number_paragraphs(pks: Sequence[int]) -> None:
    rows = PublishedProposal.objects.filter(published__in=pks)
    rows.update(number=ParagraphNumber(Cast("paragraph", TextField())))


def choose_leads(consultation_id: int) -> None:
    """Of texts that say the same one stands in the lists, with how many senders they have: one with a name, if any.

    So it is with those that say nearly the same, in a list that nothing is searched in: what most of them say is there.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH shown AS (
                SELECT text.id, text.digest, text.theme_id, text.is_named, text.name, text.public_id,
                    -- What stands behind a bar makes no campaign, or the others would tell of it.
                    -- Those that say the same to the letter are in one of them, whatever is compared anew just now.
                    min(CASE WHEN text.words IS NOT NULL THEN print."group" END) OVER (PARTITION BY digest) AS near,
                    count(*) OVER (PARTITION BY digest) AS same
                FROM publication_publishedtext AS text
                LEFT JOIN submissions_fingerprint AS print ON print.contribution_id = text.contribution_id
                WHERE text.consultation_id = %s AND text.is_shown
            ), counted AS (
                SELECT id, same, row_number() OVER alike AS place,
                    row_number() OVER nearly AS campaign_place,
                    count(*) OVER (PARTITION BY theme_id, coalesce(near, -id)) AS together,
                    CASE WHEN near IS NOT NULL
                        AND count(*) OVER (PARTITION BY theme_id, near) > 1 THEN near END AS campaign
                FROM shown
                WINDOW alike AS (PARTITION BY digest ORDER BY is_named DESC, name, public_id),
                    nearly AS (
                        PARTITION BY theme_id, coalesce(near, -id) ORDER BY same DESC, is_named DESC, name, public_id
                    )
            ), chosen AS (
                SELECT id, place = 1 AS is_lead, same, campaign, place = 1 AND campaign_place = 1 AS is_campaign_lead,
                    greatest(together, same) AS campaign_senders
                FROM counted
            )
            UPDATE publication_publishedtext AS row SET is_lead = chosen.is_lead, sender_count = chosen.same,
                campaign = chosen.campaign, is_campaign_lead = chosen.is_campaign_lead,
                campaign_senders = chosen.campaign_senders
            FROM chosen
            WHERE row.id = chosen.id AND (
                row.is_lead, row.sender_count, row.campaign, row.is_campaign_lead, row.campaign_senders
            ) IS DISTINCT FROM (
                chosen.is_lead, chosen.same, chosen.campaign, chosen.is_campaign_lead, chosen.campaign_senders
            )
            """,
            [consultation_id],
        )
