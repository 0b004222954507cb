"""The desk: one theme a page, and who is writing. Nothing here asks for an account or an address first."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.views.decorators.http import require_http_methods

from submissions.drafts import desk
from submissions.drafts.models import Draft
from submissions.forms import ContributionForm, RespondentForm
from submissions.normal import normalise
from submissions.pages import own_page, see_other, unavailable
from submissions.scripts import guess_language
from themes import intake
from themes.intake import Intake
from themes.models import Consultation, Theme


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A theme, its prompt, and what the visitor writes on it. The first save makes the draft."""
    at = timezone.now()
    consultation = get_object_or_404(Consultation, slug=slug)
    theme = get_object_or_404(Theme, consultation=consultation, number=number)
    draft = desk.open_draft(request, consultation)
    texts = desk.texts_of(draft)
    submission = desk.last_sent(draft)
    is_withdrawn = submission is not None and hasattr(submission, "withdrawal")
    stored, is_newer = texts.get(theme, ""), False
    if request.method == "POST":
        form = ContributionForm(request.POST)
        is_valid = form.is_valid()
        posted = form.cleaned_data["text"] if is_valid else form.data.get("text", "")
        is_newer = _is_newer(request.POST.get("seen", ""), stored, posted)
        if is_valid and not is_newer:
            return _save(request, consultation, theme, draft, posted, at=at)
        if intake.intake_at(consultation, at) is not Intake.OPEN:
            return unavailable(request, consultation, {**texts, theme: posted}, at=at, status=409)
    else:
        form = ContributionForm(initial={"text": stored})
    themes = list(consultation.themes.all())
    position = themes.index(theme)
    return render(
        request,
        "submissions/write.html",
        {
            "consultation": consultation,
            "at": at,
            "state": intake.intake_at(consultation, at).value,
            "theme": theme,
            "form": form,
            "text": stored,
            "seen": desk.fingerprint(stored),
            "is_newer": is_newer,
            "previous": themes[position - 1] if position else None,
            "next": themes[position + 1] if position + 1 < len(themes) else None,
            "count": len(themes),
            "draft": draft,
            "written": len(texts),
            "submission": submission,
            "is_withdrawn": is_withdrawn,
        },
        status=409 if is_newer else 200,
    )


def _is_newer(seen: str, stored: str, posted: str) -> bool:
    """Whether the stored text is another one than the page was opened with, and than what is posted: both are shown."""
    return bool(seen) and seen != desk.fingerprint(stored) and normalise(posted) != stored


def _save(
    request: HttpRequest,
    consultation: Consultation,
    theme: Theme,
    draft: Draft | None,
    text: str,
    *,
    at: datetime,
) -> HttpResponse:
    """Keeps the text in any case, also when it is too late to send it, and goes where the button said."""
    key = None
    if draft is None and text.strip():
        draft, key = desk.start_draft(consultation, at=at)
    if draft is not None:
        desk.save_text(draft, theme, text, at=at)
    if intake.intake_at(consultation, at) is not Intake.OPEN:
        kept = desk.texts_of(draft) if draft else {theme: text}
        response = unavailable(request, consultation, kept, at=at, status=409)
    else:
        response = see_other(_next_page(request, consultation, theme))
    if key is not None:
        desk.hand_over(response, consultation, key)
    return response


def _next_page(request: HttpRequest, consultation: Consultation, theme: Theme) -> str:
    slug = consultation.slug
    if "to-list" in request.POST:
        return reverse("submissions:consultation", kwargs={"slug": slug}) + "#themes"
    previous = consultation.themes.filter(number__lt=theme.number).last()
    following = consultation.themes.filter(number__gt=theme.number).first()
    if "to-previous" in request.POST and previous is not None:
        return reverse("submissions:write", kwargs={"slug": slug, "number": previous.number})
    if following is None:
        return reverse("submissions:about-you", kwargs={"slug": slug})
    return reverse("submissions:write", kwargs={"slug": slug, "number": following.number})


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def about_you(request: HttpRequest, slug: str) -> HttpResponse:
    """Who is writing. What is right is kept even while something else is missing, and even too late."""
    at = timezone.now()
    consultation = get_object_or_404(Consultation, slug=slug)
    draft = desk.open_draft(request, consultation)
    is_open = intake.intake_at(consultation, at) is Intake.OPEN
    if request.method == "POST":
        key = None
        if draft is None:
            draft, key = desk.start_draft(consultation, at=at)
        form = RespondentForm(request.POST, instance=Draft(consultation=consultation))
        is_valid = form.is_valid()
        desk.save_respondent(draft, form.cleaned_data, at=at)
        response: HttpResponse
        if not is_open:
            response = unavailable(request, consultation, desk.texts_of(draft), at=at, status=409)
        elif is_valid:
            response = see_other("submissions:send", slug=slug)
        else:
            response = _about_you_page(request, consultation, draft, form, at=at)
        if key is not None:
            desk.hand_over(response, consultation, key)
        return response
    if not is_open:
        return unavailable(request, consultation, desk.texts_of(draft), at=at, status=200)
    return _about_you_page(request, consultation, draft, RespondentForm(initial=_answers(draft)), at=at)


def _answers(draft: Draft | None) -> dict[str, object]:
    answers = {} if draft is None else draft.answers()
    if not answers.get("language"):
        texts = list(desk.texts_of(draft).values())
        answers["language"] = guess_language(texts, get_language() or "en")
    return answers


def _about_you_page(
    request: HttpRequest,
    consultation: Consultation,
    draft: Draft | None,
    form: RespondentForm,
    *,
    at: datetime,
) -> HttpResponse:
    return render(
        request,
        "submissions/about_you.html",
        {
            "consultation": consultation,
            "at": at,
            "form": form,
            "written": len(desk.texts_of(draft)),
        },
    )
