"""The front page, the letterbox and the receipt. Each view: guard, form, verb, redirect."""

import uuid
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from submissions.drafts import desk
from submissions.drafts.models import Draft
from submissions.forms import RespondentForm
from submissions.models import Submission
from submissions.pages import grouped, own_page, put_away_page, see_other, sent_texts, to_be_sent, unavailable
from submissions.record import AlreadyWithdrawn, IntakeClosed, IntakeNotOpen, NothingToSend, note_late, record
from submissions.record import withdraw as withdraw_submission
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
    draft = desk.open_draft(request, consultation)
    submission = desk.last_sent(draft)
    words = {} if draft is None else dict(draft.contributions.exclude(text="").values_list("theme_id", "words"))
    themes = list(consultation.themes.all())
    return render(
        request,
        "submissions/home.html",
        {
            "consultation": consultation,
            "at": at,
            "state": intake.intake_at(consultation, at).value,
            "groups": grouped(themes, words),
            "first": themes[0] if themes else None,
            "draft": draft,
            "submission": submission,
            "is_changed": draft is not None and submission is not None and desk.is_changed(draft, submission),
            "is_withdrawn": submission is not None and hasattr(submission, "withdrawal"),
            "written": len(words),
            "milestones": consultation.milestones.all(),
        },
    )


@put_away_page
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything as it will be sent, and the one button that sends it."""
    at = timezone.now()
    consultation = get_object_or_404(Consultation, slug=slug)
    draft = desk.open_draft(request, consultation)
    texts = desk.texts_of(draft)
    sent = desk.last_sent(draft)
    if draft is not None and sent is not None:
        if hasattr(sent, "withdrawal") or not desk.is_changed(draft, sent):
            desk.note_sent(draft, sent)
            return see_other("submissions:receipt", slug=slug)
        if request.method == "POST" and _is_again(request, draft, sent):
            return _sent_otherwise(request, consultation, draft, sent, texts, at=at)
    if request.method == "POST" and draft is not None and texts and _is_complete(draft):
        return _send(request, consultation, draft, texts, amends=sent.reference if sent else "", at=at)
    if intake.intake_at(consultation, at) is not Intake.OPEN:
        return unavailable(request, consultation, texts, at=at, status=409 if request.method == "POST" else 200)
    return render(
        request,
        "submissions/send.html",
        {
            "consultation": consultation,
            "at": at,
            "contributions": to_be_sent(texts),
            "respondent": draft,
            "sent": sent,
            "sending_key": draft.sending_key if draft else "",
            "is_complete": draft is not None and _is_complete(draft),
            "is_pressed": request.method == "POST",
        },
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
    texts: dict[Theme, str],
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
            "state": intake.intake_at(consultation, at).value,
            "sent": sent,
            "sent_texts": sent_texts(sent),
            "contributions": to_be_sent(texts),
            "sending_key": draft.sending_key,
        },
        status=409,
    )


def _send(
    request: HttpRequest,
    consultation: Consultation,
    draft: Draft,
    texts: dict[Theme, str],
    *,
    amends: str,
    at: datetime,
) -> HttpResponse:
    try:
        sent = record(
            consultation=consultation, respondent=draft, texts=texts, sending_key=draft.sending_key, amends=amends
        )
    except IntakeClosed:
        # As it is now, and when the database says that this arrived: both may differ from what this page began with.
        consultation.refresh_from_db()
        at = note_late(consultation=consultation, texts=texts).arrived_at
        return unavailable(request, consultation, texts, at=at, status=409, state=Intake.CLOSED)
    except IntakeNotOpen:
        return unavailable(request, consultation, texts, at=at, status=409, state=Intake.UPCOMING)
    except NothingToSend:
        return see_other("submissions:send", slug=consultation.slug)
    except AlreadyWithdrawn:
        return see_other("submissions:receipt", slug=consultation.slug)
    desk.note_sent(draft, sent.submission)
    return see_other("submissions:receipt", slug=consultation.slug)


def _is_complete(draft: Draft) -> bool:
    return RespondentForm(draft.answers(), instance=Draft(consultation_id=draft.consultation_id)).is_valid()


@put_away_page
@require_safe
def receipt(request: HttpRequest, slug: str) -> HttpResponse:
    at = timezone.now()
    consultation = get_object_or_404(Consultation, slug=slug)
    draft = desk.open_draft(request, consultation)
    submission = desk.last_sent(draft)
    if draft is None or submission is None:
        return redirect("submissions:consultation", slug=slug)
    return render(
        request,
        "submissions/receipt.html",
        {
            "consultation": consultation,
            "at": at,
            "is_open": intake.intake_at(consultation, at) is Intake.OPEN,
            "submission": submission,
            "is_withdrawn": hasattr(submission, "withdrawal"),
            "is_changed": desk.is_changed(draft, submission),
            "earlier": Submission.objects.filter(reference=submission.reference, version__lt=submission.version),
            "contributions": sent_texts(submission),
        },
    )


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks twice: the link on the receipt leads here, and here is the button."""
    at = timezone.now()
    consultation = get_object_or_404(Consultation, slug=slug)
    submission = desk.last_sent(desk.open_draft(request, consultation))
    if submission is None:
        return redirect("submissions:consultation", slug=slug)
    if hasattr(submission, "withdrawal"):
        return see_other("submissions:receipt", slug=slug)
    is_open = intake.intake_at(consultation, at) is Intake.OPEN
    if request.method == "POST":
        try:
            withdraw_submission(submission)
        except IntakeNotOpen:
            is_open = False
        else:
            return see_other("submissions:receipt", slug=slug)
    return render(
        request,
        "submissions/withdraw.html",
        {"consultation": consultation, "at": at, "submission": submission, "is_open": is_open},
        status=200 if is_open or request.method != "POST" else 409,
    )


@require_POST
def another(request: HttpRequest, slug: str) -> HttpResponse:
    """Puts away what was sent from this browser, so that another submission can be written in it."""
    consultation = get_object_or_404(Consultation, slug=slug)
    response = see_other("submissions:consultation", slug=slug)
    draft = desk.open_draft(request, consultation)
    submission = desk.last_sent(draft)
    if draft is not None and submission is not None:
        if hasattr(submission, "withdrawal"):
            desk.hand_over(response, consultation, desk.start_anew(draft, at=timezone.now()))
        else:
            desk.put_away(response, consultation)
    return response
