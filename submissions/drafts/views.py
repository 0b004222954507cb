"""The desk: one theme a page, and who is writing. Nothing here asks for an account or an address first."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from submissions.admission.links import intake_for
from submissions.contents import Content
from submissions.drafts import desk, keys
from submissions.drafts.models import Draft
from submissions.forms import ContributionForm, ProposalFormSet, RespondentForm
from submissions.pages import EXPLAINED, other_draft, own_page, see_other, unavailable
from submissions.scripts import guess_language
from themes.intake import Intake
from themes.models import Consultation, Theme


@own_page
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A theme, its prompt, and what the visitor writes on it. The first save makes the draft.

    The page's script posts the same form every few seconds and asks for JSON; the same rules answer it.
    """
    at = timezone.now()
    consultation = get_object_or_404(Consultation, slug=slug)
    theme = get_object_or_404(Theme.objects.select_related("consultation"), consultation=consultation, number=number)
    draft = keys.open_draft(request, consultation)
    row = desk.rows_of(draft).get(theme.pk)
    stored = row.content if row else Content()
    if request.method != "POST":
        return _write_page(request, theme, draft, stored, at=at)
    form = ContributionForm(request.POST)
    # A page without the rows' part says nothing of them.
    formset: Any = ProposalFormSet(request.POST, prefix="row") if "row-TOTAL_FORMS" in request.POST else None
    is_valid = all([form.is_valid(), formset is None or formset.is_valid()])
    posted = Content(
        form.cleaned_data["text"] if "text" in form.cleaned_data else form.data.get("text", ""),
        stored.proposals if formset is None else formset.rows,
    )
    if keys.is_of_another(request, draft):
        if _wants_json(request):
            return JsonResponse({"is_stale": True}, status=409)
        return other_draft(request, consultation, {theme: posted}, at=at)
    if not is_valid:
        return _refused(request, theme, draft, stored, posted=posted, form=form, formset=formset, at=at)
    is_new = draft is None
    try:
        if draft is None and not posted.normalised().is_empty:
            draft = desk.start_draft(consultation, at=at)
        row = None
        if draft is not None:
            # By a button it is put in or left out; what the script saves in between changes nothing about that.
            is_left_out = None if _wants_json(request) else "leave-out" in request.POST
            row = desk.save_content(draft, theme, posted, at=at, seen=_seen(request), is_left_out=is_left_out)
    except desk.Stale as stale:
        response = _stale_page(request, theme, draft, stale, posted, at=at)
    else:
        response = _saved(request, theme, draft, row.version if row else 0, posted, at=at)
    if is_new and draft is not None:
        keys.hand_over(response, draft)
    return response


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept") == "application/json"


def _seen(request: HttpRequest) -> int | None:
    """The version that the page was opened with; None when it says none, as a form from before there were any."""
    said = request.POST.get("version", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 10 else None


def _saved(
    request: HttpRequest, theme: Theme, draft: Draft | None, version: int, posted: Content, *, at: datetime
) -> HttpResponse:
    """Kept in any case, also when it is too late to send it; then on to where the button said."""
    consultation = theme.consultation
    is_open = intake_for(request, consultation, at) is Intake.OPEN
    if _wants_json(request):
        said = {
            "draft": draft.mark if draft else "",
            "version": version,
            "words": posted.words,
            "saved_at": f"{at:%H:%M}",
            "is_open": is_open,
        }
        return JsonResponse(said, status=200 if is_open else 409)
    if not is_open:
        kept = desk.contents_of(draft) or {theme: posted}
        return unavailable(request, consultation, kept, at=at, status=409)
    return see_other(_next_page(request, consultation, theme))


def _refused(
    request: HttpRequest,
    theme: Theme,
    draft: Draft | None,
    stored: Content,
    *,
    posted: Content,
    form: ContributionForm,
    formset: Any,
    at: datetime,
) -> HttpResponse:
    """Not even a draft holds it: the page comes back with every character, and says what is wrong."""
    if _wants_json(request):
        return JsonResponse({"error": _("This is too long to be saved.")}, status=422)
    if intake_for(request, theme.consultation, at) is not Intake.OPEN:
        whole = {**desk.contents_of(draft), theme: posted}
        return unavailable(request, theme.consultation, whole, at=at, status=409, is_kept=False)
    return _write_page(request, theme, draft, stored, at=at, form=form, formset=formset, version=_seen(request))


def _stale_page(
    request: HttpRequest, theme: Theme, draft: Draft | None, stale: desk.Stale, posted: Content, *, at: datetime
) -> HttpResponse:
    """A colleague, or another window, saved first. Both texts are shown, and neither is lost."""
    if _wants_json(request):
        return JsonResponse({"is_stale": True}, status=409)
    if intake_for(request, theme.consultation, at) is not Intake.OPEN:
        whole = {**desk.contents_of(draft), theme: posted}
        return unavailable(request, theme.consultation, whole, at=at, status=409, is_kept=False)
    return _write_page(
        request, theme, draft, posted, at=at, newer=stale.stored.content, version=stale.stored.version, status=409
    )


def _write_page(
    request: HttpRequest,
    theme: Theme,
    draft: Draft | None,
    content: Content,
    *,
    at: datetime,
    form: ContributionForm | None = None,
    formset: Any = None,
    newer: Content | None = None,
    version: int | None = None,
    status: int = 200,
) -> HttpResponse:
    """`content` fills the form; `newer` is what a colleague saved meanwhile."""
    consultation = theme.consultation
    rows = desk.rows_of(draft)
    row = rows.get(theme.pk)
    submission = desk.last_sent(draft)
    themes = list(consultation.themes.all())
    position = themes.index(theme)
    return render(
        request,
        "submissions/write.html",
        {
            "consultation": consultation,
            "at": at,
            "state": intake_for(request, consultation, at).value,
            "theme": theme,
            "explained": EXPLAINED[theme.kind],
            "content": content,
            "form": form or ContributionForm(initial={"text": content.text}),
            "formset": formset
            or ProposalFormSet(
                initial=[
                    {"paragraph": r.paragraph, "wording": r.wording, "reason": r.reason} for r in content.proposals
                ],
                prefix="row",
            ),
            "is_row_asked_for": "row" in request.GET,
            "newer": newer,
            "over": max(0, content.words - theme.most_words),
            "version": version if version is not None else (row.version if row else 0),
            "row": row,
            "previous": themes[position - 1] if position else None,
            "next": themes[position + 1] if position + 1 < len(themes) else None,
            "place": position + 1,
            "count": sum(not theme.is_question for theme in themes),
            "draft": draft,
            "written": len(desk.to_send(rows)),
            "submission": submission,
            "is_withdrawn": submission is not None and hasattr(submission, "withdrawal"),
        },
        status=status,
    )


def _next_page(request: HttpRequest, consultation: Consultation, theme: Theme) -> str:
    slug = consultation.slug
    here = reverse("submissions:write", kwargs={"slug": slug, "number": theme.number})
    if "add-row" in request.POST:
        return f"{here}?row#rows"
    if "to-list" in request.POST or "leave-out" in request.POST:
        return reverse("submissions:consultation", kwargs={"slug": slug}) + f"#area-{theme.number}"
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
    draft = keys.open_draft(request, consultation)
    is_open = intake_for(request, consultation, at) is Intake.OPEN
    if request.method == "POST":
        if keys.is_of_another(request, draft):
            typed = (request.POST.get(name, "") for name in ("organisation", "contact_name", "email"))
            return other_draft(request, consultation, {}, at=at, more=typed)
        is_new = draft is None
        draft = draft or desk.start_draft(consultation, at=at)
        form = RespondentForm(request.POST, instance=Draft(consultation=consultation))
        is_valid, newer = form.is_valid(), None
        try:
            desk.save_respondent(draft, form.cleaned_data, at=at, seen=_seen(request))
        except desk.StaleAnswers as stale:
            newer = stale.stored
        response: HttpResponse
        if not is_open:
            response = unavailable(request, consultation, desk.contents_of(draft), at=at, status=409)
        elif is_valid and newer is None:
            response = see_other("submissions:send", slug=slug)
        else:
            response = _about_you_page(request, consultation, draft, form, at=at, newer=newer)
        if is_new:
            keys.hand_over(response, draft)
        return response
    if not is_open:
        return unavailable(request, consultation, desk.contents_of(draft), at=at, status=200)
    return _about_you_page(request, consultation, draft, RespondentForm(initial=_answers(draft)), at=at)


def _answers(draft: Draft | None) -> dict[str, object]:
    answers = {} if draft is None else draft.answers()
    if draft is not None and not draft.email:
        answers["email"] = draft.link_email
    if not answers.get("language"):
        texts = [content.text for content in desk.contents_of(draft).values()]
        # The page may be in "zh-hans"; the question is about the language.
        answers["language"] = guess_language(texts, (get_language() or "en").partition("-")[0])
    return answers


def _about_you_page(
    request: HttpRequest,
    consultation: Consultation,
    draft: Draft | None,
    form: RespondentForm,
    *,
    at: datetime,
    newer: Draft | None = None,
) -> HttpResponse:
    if draft is not None and newer is None:
        draft.refresh_from_db(fields=["answers_version"])
    return render(
        request,
        "submissions/about_you.html",
        {
            "consultation": consultation,
            "at": at,
            "form": form,
            "newer": newer,
            "version": newer.answers_version if newer else draft.answers_version if draft else 0,
            "draft": draft,
            "written": len(desk.contents_of(draft)),
            "submission": desk.last_sent(draft),
        },
        status=409 if newer else 200,
    )
