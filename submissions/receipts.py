"""After sending: the receipt and its copies, the confirmed address, withdrawing, and starting anew."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from submissions import confirming
from submissions.canonical import canonical_of
from submissions.drafts import desk, keys
from submissions.models import Submission
from submissions.pages import download, own_page, put_away_page, see_other, sent_texts
from submissions.papers import plain, word
from submissions.papers.paper import receipt_paper
from submissions.record import IntakeNotOpen
from submissions.record import withdraw as withdraw_submission
from themes import intake
from themes.intake import Intake
from themes.models import Consultation


@put_away_page
@require_safe
def receipt(request: HttpRequest, slug: str) -> HttpResponse:
    at = timezone.now()
    consultation = get_object_or_404(Consultation, slug=slug)
    draft = keys.open_draft(request, consultation)
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
            "kept_until": intake.desk_kept_until(consultation),
            "submission": submission,
            "is_withdrawn": hasattr(submission, "withdrawal"),
            "is_changed": desk.is_changed(draft, submission),
            "is_confirmed": confirming.is_confirmed(submission),
            "earlier": Submission.objects.filter(reference=submission.reference, version__lt=submission.version),
            "contributions": sent_texts(submission),
        },
    )


@put_away_page
@require_safe
def receipt_copy(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """The receipt as a file: to keep (.docx, .txt), or the canonical text whose SHA-256 it gives (.json)."""
    consultation = get_object_or_404(Consultation, slug=slug)
    submission = desk.last_sent(keys.open_draft(request, consultation))
    if submission is None or hasattr(submission, "withdrawal"):
        return redirect("submissions:receipt", slug=slug)
    name = f"{submission.reference}-{submission.version}"
    if kind == "json":
        return download(canonical_of(submission), f"{name}.json", "application/json")
    paper = receipt_paper(submission)
    if kind == "txt":
        return download(plain.write(paper), f"{name}.txt", plain.CONTENT_TYPE)
    return download(word.write(paper), f"{name}.docx", word.CONTENT_TYPE)


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Opening the link shows the button; the button confirms the address. Pressed again, it says the same."""
    consultation = get_object_or_404(Consultation, slug=slug)
    confirmation = confirming.find(token)
    if confirmation is None or confirmation.submission.consultation_id != consultation.pk:
        return render(
            request, "submissions/confirm.html", {"consultation": consultation, "at": timezone.now()}, status=404
        )
    if request.method == "POST":
        confirming.confirm(confirmation)
        return see_other(request.path)
    return render(
        request,
        "submissions/confirm.html",
        {"consultation": consultation, "at": timezone.now(), "confirmation": confirmation},
    )


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks twice: the link on the receipt leads here, and here is the button."""
    at = timezone.now()
    consultation = get_object_or_404(Consultation, slug=slug)
    submission = desk.last_sent(keys.open_draft(request, consultation))
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
    draft = keys.open_draft(request, consultation)
    submission = desk.last_sent(draft)
    if draft is not None and submission is not None:
        if hasattr(submission, "withdrawal"):
            keys.hand_over(response, desk.start_anew(draft, at=timezone.now()))
        else:
            keys.put_away(response, consultation)
    return response
