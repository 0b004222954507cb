"""Every write of a draft. What opens one is in keys.py."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import get_language

from submissions.drafts import keys
from submissions.drafts.contents import characters_elsewhere, contribution_on, contributions_of
from submissions.edit_conflict import EditConflict
from submissions.models import RESPONDENT_FIELDS, Draft, DraftContribution, DraftProposal
from submissions.text.content import MAX_DRAFT_CHARACTERS, MAX_DRAFT_THEME_CHARACTERS, Content
from themes.models import Consultation, Theme
from wsis.sealing import hash_of


class DraftFullError(ValueError):
    """More than a draft keeps, on one theme or in all. Nothing was stored, and nothing is cut.

    Attributes:
        is_theme: whether it is more than one theme takes.
        characters: how many there would be.
        limit: how many there may be.
    """

    def __init__(self, *, is_theme: bool, characters: int, limit: int) -> None:
        super().__init__(f"{characters} characters, and {limit} are the most")
        self.is_theme, self.characters, self.limit = is_theme, characters, limit


def start_draft(consultation: Consultation, *, at: datetime) -> Draft:
    """A new draft with its key in memory, which is stored nowhere: give it to the visitor with `keys.set_cookie`."""
    key = keys.new_key()
    draft = Draft.objects.create(
        consultation=consultation,
        key_hash=hash_of(key),
        created_at=at,
        saved_at=at,
        page_language=get_language() or "en",
    )
    draft.key = key
    return draft


def save_content(
    draft: Draft,
    theme: Theme,
    content: Content,
    *,
    at: datetime,
    version: int | None = None,
    is_left_out: bool | None = None,
) -> DraftContribution | None:
    """Keeps what is written on a theme. Its own consent is no part of this page, and stays.

    Args:
        version: which one the page showed, 0 for none; None saves over whatever is there.
        is_left_out: None leaves that as it is, but that writing on an area puts it in again.

    Returns:
        The row, or None where there was nothing and nothing came.

    Raises:
        EditConflict: another version was saved meanwhile, and it says something else.
        DraftFullError: it is more than a draft keeps.
    """
    content = content.normalised()
    size = content.stored_characters
    if size > MAX_DRAFT_THEME_CHARACTERS:
        raise DraftFullError(is_theme=True, characters=size, limit=MAX_DRAFT_THEME_CHARACTERS)
    with transaction.atomic():
        # Saves on one draft wait for each other here, also the two that would both be the first on a theme.
        if not Draft.objects.filter(pk=draft.pk).update(saved_at=at):
            raise Draft.DoesNotExist
        row = contribution_on(draft, theme)
        had_rows = False
        if row is None:
            if content.is_empty and not is_left_out:
                return None
            row = DraftContribution(draft=draft, theme=theme, words=0, version=0, saved_at=at)
            is_changed = True
        else:
            stored = row.content
            had_rows = bool(stored.proposals)
            is_changed = (stored.text, stored.proposals) != (content.text, content.proposals)
            if is_changed and version is not None and version != row.version:
                raise EditConflict(row)
        if is_changed and (whole := size + characters_elsewhere(draft, theme)) > MAX_DRAFT_CHARACTERS:
            raise DraftFullError(is_theme=False, characters=whole, limit=MAX_DRAFT_CHARACTERS)
        row.text, row.words, row.saved_at = content.text, content.words, at
        row.version += is_changed
        if is_left_out is not None:
            row.is_left_out = is_left_out
        elif is_changed and not content.is_empty:
            row.is_left_out = False
        known = None if row.pk is None else ["text", "words", "version", "is_left_out", "saved_at"]
        row.save(update_fields=known)
        if is_changed:
            if had_rows:
                row.proposals.all().delete()
            DraftProposal.objects.bulk_create(
                DraftProposal(contribution=row, position=position, **asdict(proposal))
                for position, proposal in enumerate(content.proposals, start=1)
            )
    return row


def save_consents(draft: Draft, consents: Mapping[Theme, str], *, at: datetime) -> None:
    """How single themes may be published; an empty answer is the submission's own."""
    for theme, consent in consents.items():
        draft.contributions.filter(theme=theme).update(own_consent=consent)
    Draft.objects.filter(pk=draft.pk).update(saved_at=at)


def save_respondent(
    draft: Draft,
    answers: Mapping[str, object],
    *,
    at: datetime,
    version: int | None = None,
    refused: Mapping[str, str] | None = None,
) -> None:
    """Keeps the answers that are right. What was taken back, or is wrong, is open again: it is never sent as it was.

    Args:
        refused: what was typed and is wrong, to be shown again.
        version: which one the page showed; None saves over whatever is there.

    Raises:
        EditConflict: they were saved meanwhile, and say something else. `stored` is the draft as it is now.
    """
    complete = {name: answers.get(name, name != "has_accepted_privacy" and "") for name in RESPONDENT_FIELDS}
    with transaction.atomic():
        stored = Draft.objects.select_for_update().get(pk=draft.pk)
        if version is not None and version != stored.version and stored.answers() != complete:
            raise EditConflict(stored)
        Draft.objects.filter(pk=draft.pk).update(
            saved_at=at, version=F("version") + 1, refused_answers=dict(refused or {}), **complete
        )
    if complete["email"]:
        keys.seal(draft)


def start_anew(draft: Draft, *, at: datetime) -> Draft:
    """A fresh draft with what stands on this one: for whoever withdrew and wants to write again."""
    fresh = start_draft(draft.consultation, at=at)
    save_respondent(fresh, draft.answers(), at=at)
    for row in contributions_of(draft).values():
        save_content(fresh, row.theme, row.content, at=at, is_left_out=row.is_left_out)
        save_consents(fresh, {row.theme: row.own_consent}, at=at)
    return fresh
