"""Who is writing. What is right is kept even while something else is missing, and even too late."""

from django.http import HttpResponse
from django.utils.translation import get_language

from submissions.drafts import saving
from submissions.edit_conflict import EditConflict
from submissions.models import Draft
from submissions.public.area import posted_version
from submissions.public.responses import see_other
from submissions.public.visit import GET_OR_POST, Visit, public_view
from submissions.respondent_form import RespondentForm
from submissions.text.language_detection import guess_language
from submissions.text.storable import is_storable

TYPED = ("organisation", "contact_name", "email")
MAX_REFUSED_CHARACTERS = 5_000  # of one answer that is kept although it is wrong


@public_view(*GET_OR_POST, has_typing=True)
def about_you(visit: Visit) -> HttpResponse:
    if visit.is_withdrawn and not visit.is_post:
        return see_other("submissions:receipt", slug=visit.slug)
    if visit.is_post:
        return _save(visit)
    if not visit.is_open:
        return visit.unavailable()
    refused = visit.draft.refused_answers if visit.draft is not None else {}
    # What was refused the last time is still wrong: it is shown again, with what is wrong about it.
    form = RespondentForm({**_answers(visit), **refused}) if refused else RespondentForm(initial=_answers(visit))
    return _page(visit, form)


def _save(visit: Visit) -> HttpResponse:
    form = RespondentForm(visit.request.POST, instance=Draft(consultation=visit.consultation))
    is_valid, newer = form.is_valid(), None
    draft = visit.draft_to_write()
    try:
        saving.save_respondent(
            draft, form.cleaned_data, at=visit.at, version=posted_version(visit.request), refused=_refused(form)
        )
    except EditConflict as conflict:
        newer = conflict.stored
    if not visit.is_open:
        return visit.unavailable()
    if is_valid and newer is None:
        return see_other("submissions:about-you" if visit.chosen_language else "submissions:send", slug=visit.slug)
    if visit.chosen_language and newer is None:
        # Nobody has said yet that this is all.
        form = RespondentForm(initial=visit.typed)
    return _page(visit, form, newer=newer)


def _refused(form: RespondentForm) -> dict[str, str]:
    """What was typed and is wrong, as it was typed."""
    typed = {name: form.data.get(name, "") for name in form.errors if name in TYPED}
    return {name: text for name, text in typed.items() if 0 < len(text) <= MAX_REFUSED_CHARACTERS and is_storable(text)}


def _answers(visit: Visit) -> dict[str, object]:
    """What the form begins with: the draft's answers, and guesses where there are none."""
    draft = visit.draft
    answers = {} if draft is None else draft.answers()
    if draft is not None and not draft.email:
        answers["email"] = draft.link_email
    if not answers.get("language"):
        texts = [content.text for content in visit.contents.values()]
        # The page may be in "zh-hans"; the question is about the language.
        answers["language"] = guess_language(texts, (get_language() or "en").partition("-")[0])
    return answers


def _page(visit: Visit, form: RespondentForm, *, newer: Draft | None = None) -> HttpResponse:
    """`newer` is the draft with the answers that a colleague saved meanwhile."""
    shown = newer or visit.draft
    if shown is not None and newer is None and visit.is_post:
        shown.refresh_from_db(fields=["version"])
    return visit.render(
        "about_you.html", status=409 if newer else 200, form=form, newer=newer, version=shown.version if shown else 0
    )
