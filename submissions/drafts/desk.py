"""The desk's verbs: start, save, leave out, start anew. What opens a draft is in keys.py."""

import hashlib
import json
import uuid
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import get_language

from submissions.canonical import content_of
from submissions.contents import Content
from submissions.drafts import keys
from submissions.drafts.models import Draft, DraftContribution, DraftProposal
from submissions.models import Submission
from submissions.respondent import RESPONDENT_FIELDS
from themes.models import Consultation, Theme


class Stale(Exception):
    """The page was opened before somebody else saved. `stored` is what is on the desk now: both are to be shown."""

    def __init__(self, stored: DraftContribution) -> None:
        super().__init__(str(stored))
        self.stored = stored


class StaleAnswers(Exception):
    """The same, for the answers about the respondent. `stored` is the draft as it is now."""

    def __init__(self, stored: Draft) -> None:
        super().__init__(str(stored))
        self.stored = stored


def start_draft(consultation: Consultation, *, at: datetime) -> Draft:
    """A new draft with its key at hand, which is nowhere stored: give it to the visitor with `keys.hand_over`."""
    key = keys.new_key()
    draft = Draft.objects.create(
        consultation=consultation,
        key_hash=keys.hash_of(key),
        created_at=at,
        saved_at=at,
        page_language=get_language() or "en",
    )
    draft.key = key
    return draft


def rows_of(draft: Draft | None) -> dict[int, DraftContribution]:
    """Theme id to what stands on the desk, left out or not, in the themes' order."""
    if draft is None:
        return {}
    rows = draft.contributions.select_related("theme__consultation").prefetch_related("proposals")
    return {row.theme_id: row for row in rows}


def to_send(rows: Mapping[int, DraftContribution]) -> dict[Theme, Content]:
    """What would be sent, in the themes' order: neither what is empty nor what is left out on purpose."""
    return {row.theme: row.content for row in rows.values() if not row.is_left_out and not row.content.is_empty}


def contents_of(draft: Draft | None) -> dict[Theme, Content]:
    return to_send(rows_of(draft))


def save_content(
    draft: Draft,
    theme: Theme,
    content: Content,
    *,
    at: datetime,
    seen: int | None = None,
    is_left_out: bool | None = None,
) -> DraftContribution | None:
    """Keeps what is written on a theme. Its own consent is no part of this page, and stays.

    Args:
        seen: the version with which the page was opened, 0 for none; None saves over whatever is there.
        is_left_out: None leaves that as it is.

    Returns:
        The row, or None where there was nothing and nothing came.

    Raises:
        Stale: another version was saved meanwhile, and it says something else.
    """
    content = content.normalised()
    with transaction.atomic():
        # Saves on one draft wait for each other here, also the two that would both be the first on a theme.
        Draft.objects.select_for_update().get(pk=draft.pk)
        row = DraftContribution.objects.prefetch_related("proposals").filter(draft=draft, theme=theme).first()
        if row is None:
            if content.is_empty and not is_left_out:
                return None
            row = DraftContribution(draft=draft, theme=theme, words=0, version=0, saved_at=at)
            is_changed = True
        else:
            stored = row.content
            is_changed = (stored.text, stored.proposals) != (content.text, content.proposals)
            if is_changed and seen is not None and seen != row.version:
                raise Stale(row)
        row.text, row.words, row.saved_at = content.text, content.words, at
        row.version += is_changed
        if is_left_out is not None:
            row.is_left_out = is_left_out
        if row._state.adding:
            row.save(force_insert=True)
        else:
            row.save(update_fields=["text", "words", "version", "is_left_out", "saved_at"])
        if is_changed:
            row.proposals.all().delete()
            DraftProposal.objects.bulk_create(
                DraftProposal(contribution=row, position=position, **asdict(proposal))
                for position, proposal in enumerate(content.proposals, start=1)
            )
        Draft.objects.filter(pk=draft.pk).update(saved_at=at)
    return row


def save_consents(draft: Draft, consents: Mapping[Theme, str], *, at: datetime) -> None:
    """How single themes may be published; an empty answer is the submission's own."""
    for theme, consent in consents.items():
        draft.contributions.filter(theme=theme).update(own_consent=consent)
    Draft.objects.filter(pk=draft.pk).update(saved_at=at)


def last_sent(draft: Draft | None) -> Submission | None:
    """The last version that this draft was sent as, or None."""
    if draft is None:
        return None
    own = Q(reference=draft.reference) if draft.reference else Q(sending_key=draft.sending_key)
    return (
        Submission.objects.filter(own)
        .select_related("consultation", "withdrawal")
        .prefetch_related("contributions__theme", "contributions__proposals")
        .order_by("-version")
        .first()
    )


def sent_contents(submission: Submission) -> dict[Theme, Content]:
    rows = sorted(submission.contributions.all(), key=lambda row: row.theme.number)
    return {row.theme: row.content for row in rows}


def is_changed(draft: Draft, submission: Submission) -> bool:
    """Whether the desk says something else than what was sent."""
    now, then = contents_of(draft), sent_contents(submission)
    return content_of(draft, by_number(now)) != content_of(submission, by_number(then))


def sum_of(draft: Draft, contents: Mapping[Theme, Content]) -> str:
    """What tells one state of the whole from the next: changes with every sign that would be sent."""
    said = json.dumps(content_of(draft, by_number(contents)), sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def by_number(contents: Mapping[Theme, Content]) -> dict[int, Content]:
    return {theme.number: content for theme, content in contents.items()}


def is_unsent(draft: Draft) -> bool:
    """Whether something stands on the desk that was not sent as it is."""
    submission = last_sent(draft)
    return bool(contents_of(draft)) if submission is None else is_changed(draft, submission)


def note_sent(draft: Draft, submission: Submission) -> None:
    """Remembers what the draft became, and makes the key of its next sending.

    Not in the sending's own transaction, and need not be: if it is missed, the key finds what was sent.
    """
    Draft.objects.filter(pk=draft.pk, sending_key=submission.sending_key).update(
        reference=submission.reference, sending_key=uuid.uuid4()
    )


def save_respondent(draft: Draft, answers: Mapping[str, object], *, at: datetime, seen: int | None = None) -> None:
    """Keeps the answers that are right. What was taken back, or is wrong, is open again: it is never sent as it was.

    Raises:
        StaleAnswers: they were saved meanwhile, and say something else.
    """
    named = {name: answers.get(name, name != "has_accepted_privacy" and "") for name in RESPONDENT_FIELDS}
    with transaction.atomic():
        stored = Draft.objects.select_for_update().get(pk=draft.pk)
        if seen is not None and seen != stored.answers_version and stored.answers() != named:
            raise StaleAnswers(stored)
        Draft.objects.filter(pk=draft.pk).update(saved_at=at, answers_version=F("answers_version") + 1, **named)
    if named["email"]:
        keys.seal(draft)


def start_anew(draft: Draft, *, at: datetime) -> Draft:
    """A fresh draft with what stands on this one: for whoever withdrew and wants to write again."""
    fresh = start_draft(draft.consultation, at=at)
    save_respondent(fresh, draft.answers(), at=at)
    for row in rows_of(draft).values():
        save_content(fresh, row.theme, row.content, at=at, is_left_out=row.is_left_out)
        save_consents(fresh, {row.theme: row.own_consent}, at=at)
    return fresh
