"""Everything as it will be sent and published, and the one button that sends it."""

import uuid
from typing import Any

from django.http import HttpResponse

from submissions.drafts import keys, late_access
from submissions.drafts.sent import note_sent
from submissions.mail.messages import queue_pass
from submissions.models import Consent, Draft, Submission
from submissions.public import proof
from submissions.public.responses import never_stored, see_other
from submissions.public.texts import draft_texts, sent_texts, texts_of
from submissions.public.visit import GET_OR_POST, Visit, public_view
from submissions.sending.late_attempts import note_late_attempt
from submissions.sending.refusals import AlreadyWithdrawn, IntakeClosed, IntakeNotOpen
from submissions.sending.submit import NothingToSend, TooLong, submit
from submissions.text.canonical import digest
from submissions.text.content import too_long
from themes import rounds
from themes.intake import Intake
from wsis.request_queue import waited


@public_view(*GET_OR_POST, cache=never_stored)
def send(visit: Visit) -> HttpResponse:
    if visit.draft is None:
        return _page(visit) if visit.is_open else visit.unavailable()
    if visit.submission is not None:
        if visit.is_withdrawn or not visit.is_changed:
            note_sent(visit.draft, visit.submission)
            return see_other("submissions:receipt", slug=visit.slug)
        if visit.is_post and _was_accepted(visit, visit.draft, visit.submission):
            return _sent_otherwise(visit, visit.draft, visit.submission)
    # What is sent is what was shown: a colleague may have gone on writing since.
    now = digest(visit.draft.answers(), visit.contents)
    has_changed = visit.is_post and visit.request.POST.get("shown", now) != now
    is_whole = bool(visit.contents) and visit.is_complete and not too_long(visit.contents)
    if visit.is_post and is_whole and not has_changed:
        return _send(visit, visit.draft) if _is_proven(visit, visit.draft) else _ask_for_proof(visit, visit.draft, now)
    return _page(visit, shown=now, has_changed=has_changed) if visit.is_open else visit.unavailable()


def _is_proven(visit: Visit, draft: Draft) -> bool:
    """Whether a proof is there where one is wanted. What comes too late is refused for that, and not for this."""
    return not visit.is_open or not proof.is_wanted(visit) or proof.is_given(visit, draft)


def _ask_for_proof(visit: Visit, draft: Draft, shown: str) -> HttpResponse:
    """So much is being sent that a browser is to prove some work; or the visitor, without script, asks for a mail."""
    is_mailed = "mail-me" in visit.request.POST and queue_pass(draft, proof.link_with_pass(draft), at=visit.at)
    return _page(visit, shown=shown, status=200 if is_mailed else 428, is_mailed=is_mailed, is_unproven=not is_mailed)


def _page(visit: Visit, *, status: int = 200, **context: Any) -> HttpResponse:
    has_changed, mailed = context.get("has_changed", False), visit.request.GET.get("pass", "")
    has_pass = visit.draft is not None and bool(mailed) and proof.is_pass(mailed, visit.draft)
    sent_areas = [visit.areas[theme] for theme in visit.contents]
    texts = draft_texts(sent_areas, visit.draft.consent if visit.draft else "")
    return visit.render(
        "send.html",
        status=409 if has_changed else status,
        challenge=proof.challenge(visit.draft) if visit.draft and not has_pass and proof.is_wanted(visit) else "",
        mailed_pass=mailed if has_pass else "",
        contributions=texts,
        # A name beside one text may tell whose the others are.
        is_mixed={text.consent for text in texts} >= {Consent.NAMED, Consent.ANONYMOUS},
        unplaced=[text for text in texts if text.content.has_unplaced_rows],
        left_out=[area.theme for area in visit.areas.values() if area.is_left_out],
        too_long=texts_of(too_long(visit.contents)),
        respondent=visit.draft,
        is_pressed=visit.is_post and not has_changed,
        **context,
    )


def _was_accepted(visit: Visit, draft: Draft, sent: Submission) -> bool:
    """Whether the button pressed belongs to a sending that was accepted: a try whose answer was lost, an old page."""
    try:
        key = uuid.UUID(visit.request.POST.get("key", ""))
    except ValueError:
        return False
    is_accepted = Submission.objects.filter(reference=sent.reference, sending_key=key).exists()
    return is_accepted or key not in {draft.sending_key, sent.sending_key}


def _sent_otherwise(visit: Visit, draft: Draft, sent: Submission) -> HttpResponse:
    """One key, two contents: what was sent under it, and what the draft says now. Both are shown, neither is lost."""
    note_sent(draft, sent)
    draft.refresh_from_db(fields=["sending_key"])
    return visit.render(
        "sent_otherwise.html",
        status=409,
        sent_texts=sent_texts(sent),
        contributions=texts_of(visit.contents, draft.consent),
        shown=digest(draft.answers(), visit.contents),
    )


def _send(visit: Visit, draft: Draft) -> HttpResponse:
    keys.seal(draft)
    access = visit.late_access
    try:
        sent = submit(
            consultation=visit.consultation,
            respondent=draft,
            contents=visit.contents,
            sending_key=draft.sending_key,
            amends=visit.submission.reference if visit.submission else "",
            draft=draft,
            admission=late_access.admission_of(access) if access is not None else None,
        )
    except IntakeClosed:
        # As it is now, and when the database says that this arrived: both may differ from what this page began with.
        visit.consultation = rounds.consultation_at(visit.slug, max_age=0) or visit.consultation
        attempt = note_late_attempt(
            consultation=visit.consultation, contents=visit.contents, draft=draft, waited=waited(visit.request)
        )
        visit.at = attempt.arrived_at
        return visit.unavailable(state=Intake.CLOSED)
    except IntakeNotOpen:
        return visit.unavailable(state=Intake.UPCOMING)
    except (NothingToSend, TooLong):
        return see_other("submissions:send", slug=visit.slug)
    except AlreadyWithdrawn:
        return see_other("submissions:receipt", slug=visit.slug)
    proof.note_sending(visit)
    note_sent(draft, sent.submission)
    return see_other("submissions:receipt", slug=visit.slug)
