"""How single areas may be published, where that differs from the whole submission."""

from django.http import HttpResponse

from submissions.drafts import saving
from submissions.forms import ConsentsForm
from submissions.public.responses import see_other
from submissions.public.visit import GET_OR_POST, Visit, public_view


@public_view(*GET_OR_POST, has_typing=True)
def consents(visit: Visit) -> HttpResponse:
    if visit.draft is None or not visit.contents:
        return see_other("submissions:send", slug=visit.slug)
    if not visit.is_open:
        return visit.unavailable()
    initial = {f"theme-{theme.number}": content.consent for theme, content in visit.contents.items()}
    form = ConsentsForm(
        visit.request.POST or None,
        themes=visit.contents,
        whole=visit.draft.consent,
        sender=visit.draft.sender,
        initial=initial,
    )
    if visit.is_post and form.is_valid():
        saving.save_consents(visit.draft, form.consents, at=visit.at)
        return see_other("submissions:publication" if visit.chosen_language else "submissions:send", slug=visit.slug)
    return visit.render("consents.html", form=form)
