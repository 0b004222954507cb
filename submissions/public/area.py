"""One area a page: what is asked, and what the visitor writes on it. The first save makes the draft.

The page's script posts the same form every few seconds and asks for JSON; the same rules answer it.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from submissions.drafts import saving
from submissions.edit_conflict import EditConflict
from submissions.forms import ContributionForm, ProposalFormSet
from submissions.models import DraftContribution
from submissions.public.responses import see_other
from submissions.public.visit import GET_OR_POST, Visit, public_view
from submissions.text.content import Content
from submissions.text.numbers import parse_number
from themes.models import Theme


@public_view(*GET_OR_POST, has_typing=True)
def area(visit: Visit, number: int) -> HttpResponse:
    theme = _theme(visit, number)
    if not visit.is_post:
        return _page(visit, theme, visit.areas[theme].content)
    form, formset = _forms(visit.request, theme)
    is_valid = all([form.is_valid(), formset is None or formset.is_valid()])
    posted = _posted(visit, theme, form, formset)
    if not is_valid:
        return _refused(visit, theme, posted, form=form, formset=formset)
    return _store(visit, theme, posted, form=form, formset=formset)


def _store(visit: Visit, theme: Theme, posted: Content, *, form: ContributionForm, formset: Any) -> HttpResponse:
    try:
        row = _save(visit, theme, posted)
    except EditConflict as conflict:
        return _conflict(visit, theme, posted, conflict.stored)
    except saving.DraftFullError as full:
        form.add_error("text", _sentence(full))
        return _refused(visit, theme, posted, form=form, formset=formset)
    return _saved(visit, theme, posted, row)


def _theme(visit: Visit, number: int) -> Theme:
    for theme in visit.themes:
        if theme.number == number:
            return theme
    raise Http404


def _forms(request: HttpRequest, theme: Theme) -> tuple[ContributionForm, Any]:
    """The text's form, and the rows' formset: None of a page without the rows' part, which says nothing of them."""
    has_rows = "row-TOTAL_FORMS" in request.POST
    form = ContributionForm(request.POST, title=theme.title)
    return form, ProposalFormSet(request.POST, prefix="row") if has_rows else None


def _posted(visit: Visit, theme: Theme, form: ContributionForm, formset: Any) -> Content:
    """Everything as it was typed, right or wrong."""
    text = form.cleaned_data["text"] if "text" in form.cleaned_data else form.data.get("text", "")
    return Content(text, visit.areas[theme].content.proposals if formset is None else formset.rows)


def posted_version(request: HttpRequest) -> int | None:
    """The version that the page was opened with; None when it says none, as a form from before there were any."""
    return parse_number(request.POST.get("version", ""))


def _save(visit: Visit, theme: Theme, posted: Content) -> DraftContribution | None:
    """Kept in any case, also when it is too late to send it. Nothing is made for an empty first page."""
    if visit.draft is None and posted.normalised().is_empty and "leave-out" not in visit.request.POST:
        return None
    # By a button it is put in or left out; what the script saves in between leaves nothing out.
    is_left_out = None if visit.wants_json or visit.chosen_language else "leave-out" in visit.request.POST
    row = saving.save_content(
        visit.draft_to_write(),
        theme,
        posted,
        at=visit.at,
        version=posted_version(visit.request),
        is_left_out=is_left_out,
    )
    visit.reload()
    return row


def _saved(visit: Visit, theme: Theme, posted: Content, row: DraftContribution | None) -> HttpResponse:
    if visit.wants_json:
        answer = {
            "draft": visit.draft.mark if visit.draft else "",
            "version": row.version if row else 0,
            "words": posted.words,
            "saved_at": visit.at.isoformat(),
            "written": areas_in_words(len(visit.contents)),
            "is_open": visit.is_open,
        }
        return JsonResponse(answer, status=200 if visit.is_open else 409)
    if not visit.is_open:
        return visit.unavailable(visit.contents or {theme: posted})
    return see_other(_next_page(visit, theme))


def _refused(visit: Visit, theme: Theme, posted: Content, *, form: ContributionForm, formset: Any) -> HttpResponse:
    """Not even a draft holds it: the page comes back with every character, and says what is wrong."""
    if visit.wants_json:
        return JsonResponse({"error": _("This is too long to be saved.")}, status=422)
    if not visit.is_open:
        return visit.unavailable({**visit.contents, theme: posted}, is_kept=False)
    stored = visit.areas[theme].content
    return _page(visit, theme, stored, form=form, formset=formset, version=posted_version(visit.request))


def _sentence(full: saving.DraftFullError) -> str:
    sentence = (
        _("Text and rows of this area have %(n)d characters, and %(limit)d are the most. Nothing was cut.")
        if full.is_theme
        else _("With this your draft would have %(n)d characters, and %(limit)d are the most. Nothing was cut.")
    )
    return sentence % {"n": full.characters, "limit": full.limit}


def _conflict(visit: Visit, theme: Theme, posted: Content, stored: DraftContribution) -> HttpResponse:
    """A colleague, or another window, saved first. Both texts are shown, and neither is lost."""
    if visit.wants_json:
        return JsonResponse({"is_conflict": True}, status=409)
    visit.reload()
    if not visit.is_open:
        return visit.unavailable({**visit.contents, theme: posted}, is_kept=False)
    return _page(visit, theme, posted, newer=stored.content, version=stored.version, status=409)


def _page(
    visit: Visit,
    theme: Theme,
    content: Content,
    *,
    form: ContributionForm | None = None,
    formset: Any = None,
    newer: Content | None = None,
    version: int | None = None,
    status: int = 200,
) -> HttpResponse:
    """`content` fills the form; `newer` is what a colleague saved meanwhile."""
    themes = visit.themes
    position = themes.index(theme)
    area_state = visit.areas[theme]
    return visit.render(
        "area.html",
        status=status,
        theme=theme,
        area=area_state,
        content=content,
        form=form or ContributionForm(initial={"text": content.text}, title=theme.title),
        formset=formset or ProposalFormSet(initial=content.rows(), prefix="row"),
        has_open_rows="row" in visit.request.GET,
        newer=newer,
        is_unsaved=newer is not None or form is not None,
        over=max(0, content.words - theme.max_words),
        version=area_state.version if version is None else version,
        previous=themes[position - 1] if position else None,
        next=themes[position + 1] if position + 1 < len(themes) else None,
        count=sum(not each.is_question for each in visit.themes),
    )


def _next_page(visit: Visit, theme: Theme) -> str:
    """Where the button that was pressed leads."""
    buttons, slug = visit.request.POST, visit.slug
    if visit.chosen_language or buttons.keys() & {"add-row", "stay"}:
        here = reverse("submissions:write", kwargs={"slug": slug, "number": theme.number})
        return f"{here}?row#rows" if "add-row" in buttons and not visit.chosen_language else here
    if "to-list" in buttons:
        return reverse("submissions:consultation", kwargs={"slug": slug}) + f"#area-{theme.number}"
    themes = visit.themes
    position = themes.index(theme)
    position += -1 if "to-previous" in buttons and position else 1
    if position == len(themes):
        return reverse("submissions:about-you", kwargs={"slug": slug})
    return reverse("submissions:write", kwargs={"slug": slug, "number": themes[position].number})


def areas_in_words(n: int) -> str:
    return ngettext("%(n)s area", "%(n)s areas", n) % {"n": n}
