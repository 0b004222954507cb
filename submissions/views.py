"""The front page and the letterbox. Each view: guard, form, verb, redirect."""

import uuid
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from submissions.admission.links import admission_for, intake_for
from submissions.contents import Content, Contents, too_long
from submissions.drafts import desk, keys
from submissions.drafts.models import Draft
from submissions.forms import ConsentsForm, RespondentForm
from submissions.models import Submission
from submissions.pages import (
    grouped,
    other_draft,
    own_page,
    put_away_page,
    see_other,
    sent_texts,
    texts_in,
    unavailable,
)
from submissions.record import (
    AlreadyWithdrawn,
    IntakeClosed,
    IntakeNotOpen,
    NothingToSend,
    TooLong,
    note_late,
    record,
)
from themes import intake
from themes.intake import Intake
from themes.models import Consultation, Theme


@own_page
@require_safe
def home(request: HttpRequest, slug: str | None = None) -> HttpResponse:
    """The consultation's page; without an address, of the one that is open, or the latest when none is."""
    at = timezone.now()
    if slug is None:
        found = list(Consultation.objects.filter(intake.is_in(Intake.OPEN, at))) or list(Consultation.objects.all()[:1])
        if len(found) != 1:
            return render(request, "submissions/chooser.html", {"consultations": found, "at": at})
        consultation = found[0]
    else:
        consultation = get_object_or_404(Consultation, slug=slug)
    draft = keys.open_draft(request, consultation)
    submission = desk.last_sent(draft)
    rows = desk.rows_of(draft)
    themes = list(consultation.themes.all())
    return render(
        request,
        "submissions/home.html",
        {
            "consultation": consultation,
            "at": at,
            "state": intake_for(request, consultation, at).value,
            "groups": grouped(themes, rows),
            "first": themes[0] if themes else None,
            "draft": draft,
            "has_answers": draft is not None and _is_complete(draft),
            "has_some_answers": draft is not None and bool(draft.submitting_as or draft.contact_name or draft.email),
            "submission": submission,
            "is_changed": draft is not None and submission is not None and desk.is_changed(draft, submission),
            "is_withdrawn": submission is not None and hasattr(submission, "withdrawal"),
            "written": len(desk.to_send(rows)),
            "left_out": sum(row.is_left_out for row in rows.values()),
            "milestones": consultation.milestones.all(),
            "kept_until": intake.desk_kept_until(consultation),
        },
    )


@put_away_page
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything as it will be sent and published, and the one button that sends it."""
    at = timezone.now()
    consultation = get_object_or_404(Consultation, slug=slug)
    draft = keys.open_draft(request, consultation)
    is_put_away = draft is None and bool(request.POST.get("draft"))
    if request.method == "POST" and (is_put_away or keys.is_of_another(request, draft)):
        return other_draft(request, consultation, {}, at=at, is_put_away=is_put_away)
    rows = desk.rows_of(draft)
    contents = desk.to_send(rows)
    sent = desk.last_sent(draft)
    shown = desk.sum_of(draft, contents) if draft is not None else ""
    # What is sent is what was shown: a colleague may have gone on writing since.
    has_changed = request.method == "POST" and request.POST.get("shown", shown) != shown
    if draft is not None and sent is not None:
        if hasattr(sent, "withdrawal") or not desk.is_changed(draft, sent):
            desk.note_sent(draft, sent)
            return see_other("submissions:receipt", slug=slug)
        if request.method == "POST" and _is_again(request, draft, sent):
            return _sent_otherwise(request, consultation, draft, sent, contents, at=at)
    is_whole = draft is not None and bool(contents) and _is_complete(draft) and not too_long(contents)
    if request.method == "POST" and draft is not None and is_whole and not has_changed:
        return _send(request, consultation, draft, contents, amends=sent.reference if sent else "", at=at)
    if intake_for(request, consultation, at) is not Intake.OPEN:
        return unavailable(request, consultation, contents, at=at, status=409 if request.method == "POST" else 200)
    return render(
        request,
        "submissions/send.html",
        {
            "consultation": consultation,
            "at": at,
            "contributions": texts_in(contents, draft.consent if draft else ""),
            "left_out": [row.theme for row in rows.values() if row.is_left_out],
            "too_long": texts_in(too_long(contents)),
            "respondent": draft,
            "sent": sent,
            "sending_key": draft.sending_key if draft else "",
            "is_complete": draft is not None and _is_complete(draft),
            "is_pressed": request.method == "POST" and not has_changed,
            "draft": draft,
            "shown": shown,
            "has_changed": has_changed,
        },
        status=409 if has_changed else 200,
    )


def _is_again(request: HttpRequest, draft: Draft, sent: Submission) -> bool:
    """Whether the button pressed belongs to a sending that was accepted: a try whose answer was lost, an old page."""
    try:
        key = uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        return False
    accepted = Submission.objects.filter(reference=sent.reference, sending_key=key).exists()
    return accepted or key not in {draft.sending_key, sent.sending_key}


def _sent_otherwise(
    request: HttpRequest,
    consultation: Consultation,
    draft: Draft,
    sent: Submission,
    contents: dict[Theme, Content],
    *,
    at: datetime,
) -> HttpResponse:
    """One key, two contents: what was sent under it, and what the desk says now. Both are shown, neither is lost."""
    desk.note_sent(draft, sent)
    draft.refresh_from_db(fields=["sending_key"])
    return render(
        request,
        "submissions/sent_otherwise.html",
        {
            "consultation": consultation,
            "at": at,
            "state": intake_for(request, consultation, at).value,
            "sent": sent,
            "sent_texts": sent_texts(sent),
            "contributions": texts_in(contents, draft.consent),
            "sending_key": draft.sending_key,
            "draft": draft,
            "shown": desk.sum_of(draft, contents),
        },
        status=409,
    )


def _send(
    request: HttpRequest,
    consultation: Consultation,
    draft: Draft,
    contents: Contents,
    *,
    amends: str,
    at: datetime,
) -> HttpResponse:
    keys.seal(draft)
    try:
        sent = record(
            consultation=consultation,
            respondent=draft,
            contents=contents,
            sending_key=draft.sending_key,
            amends=amends,
            draft=draft,
            admission=admission_for(request, consultation, at),
        )
    except IntakeClosed:
        # As it is now, and when the database says that this arrived: both may differ from what this page began with.
        consultation.refresh_from_db()
        at = note_late(consultation=consultation, contents=contents).arrived_at
        return unavailable(request, consultation, contents, at=at, status=409, state=Intake.CLOSED)
    except IntakeNotOpen:
        return unavailable(request, consultation, contents, at=at, status=409, state=Intake.UPCOMING)
    except (NothingToSend, TooLong):
        return see_other("submissions:send", slug=consultation.slug)
    except AlreadyWithdrawn:
        return see_other("submissions:receipt", slug=consultation.slug)
    desk.note_sent(draft, sent.submission)
    return see_other("submissions:receipt", slug=consultation.slug)


def _is_complete(draft: Draft) -> bool:
    return RespondentForm(draft.answers(), instance=Draft(consultation_id=draft.consultation_id)).is_valid()


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def publication(request: HttpRequest, slug: str) -> HttpResponse:
    """How single areas may be published, where that differs from the whole submission."""
    at = timezone.now()
    consultation = get_object_or_404(Consultation, slug=slug)
    draft = keys.open_draft(request, consultation)
    contents = desk.contents_of(draft)
    if draft is None or not contents:
        return see_other("submissions:send", slug=slug)
    if request.method == "POST" and keys.is_of_another(request, draft):
        return other_draft(request, consultation, {}, at=at)
    if intake_for(request, consultation, at) is not Intake.OPEN:
        return unavailable(request, consultation, contents, at=at, status=409 if request.method == "POST" else 200)
    initial = {f"theme-{theme.number}": content.consent for theme, content in contents.items()}
    form = ConsentsForm(request.POST or None, themes=contents, whole=draft.consent, initial=initial)
    if request.method == "POST" and form.is_valid():
        desk.save_consents(draft, form.consents, at=at)
        return see_other("submissions:send", slug=slug)
    return render(
        request, "submissions/publication.html", {"consultation": consultation, "at": at, "form": form, "draft": draft}
    )
