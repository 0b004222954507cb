"""The front page, the letterbox and the receipt. Each view: guard, form, verb, redirect."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from submissions.drafts import desk
from submissions.drafts.models import Draft
from submissions.forms import RespondentForm
from submissions.pages import grouped, own_page, to_be_sent, unavailable
from submissions.record import IntakeNotOpen, NothingToSend, record
from submissions.respondent import RESPONDENT_FIELDS
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
    submission = desk.submission_of(draft)
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
            "written": len(words),
            "milestones": consultation.milestones.all(),
        },
    )


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything as it will be sent, and the one button that sends it."""
    at = timezone.now()
    consultation = get_object_or_404(Consultation, slug=slug)
    draft = desk.open_draft(request, consultation)
    if draft is not None and desk.submission_of(draft) is not None:
        return redirect("submissions:receipt", slug=slug)
    texts = desk.texts_of(draft)
    if request.method == "POST" and draft is not None and texts and _is_complete(draft):
        return _send(request, consultation, draft, texts, at=at)
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
            "is_complete": draft is not None and _is_complete(draft),
            "is_pressed": request.method == "POST",
        },
    )


def _send(
    request: HttpRequest, consultation: Consultation, draft: Draft, texts: dict[Theme, str], *, at: datetime
) -> HttpResponse:
    try:
        record(consultation=consultation, respondent=draft, texts=texts, sending_key=draft.sending_key)
    except IntakeNotOpen:
        return unavailable(request, consultation, texts, at=at, status=409)
    except NothingToSend:
        return redirect("submissions:send", slug=consultation.slug)
    response = redirect("submissions:receipt", slug=consultation.slug)
    response.status_code = 303
    return response


def _is_complete(draft: Draft) -> bool:
    answers = {name: getattr(draft, name) for name in RESPONDENT_FIELDS}
    return RespondentForm(answers, instance=Draft(consultation_id=draft.consultation_id)).is_valid()


@own_page
@require_safe
def receipt(request: HttpRequest, slug: str) -> HttpResponse:
    consultation = get_object_or_404(Consultation, slug=slug)
    submission = desk.submission_of(desk.open_draft(request, consultation))
    if submission is None:
        return redirect("submissions:consultation", slug=slug)
    return render(
        request,
        "submissions/receipt.html",
        {
            "consultation": consultation,
            "at": timezone.now(),
            "submission": submission,
            "contributions": submission.contributions.all(),
        },
    )


@require_POST
def another(request: HttpRequest, slug: str) -> HttpResponse:
    """Puts away what was sent from this browser, so that another submission can be written in it."""
    consultation = get_object_or_404(Consultation, slug=slug)
    response = redirect("submissions:consultation", slug=slug)
    response.status_code = 303
    if desk.submission_of(desk.open_draft(request, consultation)) is not None:
        desk.put_away(response, consultation)
    return response
