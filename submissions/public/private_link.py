"""Save and come back: the private link, by mail if wanted, on another device, for colleagues; and finishing here."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from submissions.drafts import keys
from submissions.drafts.sent import is_unsent
from submissions.forms import KeyForm, LinkMailForm
from submissions.mail import messages
from submissions.models import Draft
from submissions.public.responses import never_stored, see_other
from submissions.public.visit import GET_OR_POST, Visit, public_view

# What the page says that was just done; each redirects to it with its word.
DONE = ("mailed", "invited", "renewed", "finished", "reminders")


@public_view(*GET_OR_POST, cache=never_stored, has_typing=True)
def come_back(visit: Visit) -> HttpResponse:
    """GET shows, and changes nothing. POST opens the draft of the link that was pasted or followed."""
    if visit.chosen_language:
        return _page(visit, KeyForm(initial=visit.typed))
    form = KeyForm(visit.request.POST or None)
    if not visit.is_post or not form.is_valid():
        return _page(visit, form)
    found = (keys.find_draft(visit.consultation, key) for key in keys.keys_in(form.cleaned_data["link"]))
    linked = next((draft for draft in found if draft is not None), None)
    if linked is None:
        form.add_error("link", _("No draft opens with this. See whether the whole link was copied."))
        return _page(visit, form)
    is_other = visit.draft is not None and visit.draft.pk != linked.pk
    if visit.draft is not None and is_other and is_unsent(visit.draft) and "leave" not in visit.request.POST:
        # The browser holds one key: before it changes hands, the other one is shown, or its draft would be lost.
        return _page(visit, form, status=409, other=linked)
    response = see_other(reverse("submissions:consultation", kwargs={"slug": visit.slug}) + "?opened")
    keys.set_cookie(response, linked)
    return response


@public_view("POST", cache=never_stored, has_typing=True)
def mail_link(visit: Visit) -> HttpResponse:
    """Mails the link, and keeps the address for what happens to the deadline."""
    if visit.draft is None:
        return see_other("submissions:come-back", slug=visit.slug)
    if visit.chosen_language:
        return _page(visit, KeyForm(), mail_form=LinkMailForm(initial=visit.typed))
    form = LinkMailForm(visit.request.POST)
    if form.is_valid():
        keys.seal(visit.draft)
        is_invitation = "invite" in visit.request.POST
        if messages.queue_link(visit.draft, form.cleaned_data["email"], at=visit.at, is_invitation=is_invitation):
            return see_other(_address(visit, "invited" if is_invitation else "mailed"))
        form.add_error("email", _("The link was mailed several times within the hour. Wait a while, or copy it."))
    return _page(visit, KeyForm(), mail_form=form)


@public_view("POST", cache=never_stored)
def renew(visit: Visit) -> HttpResponse:
    """A new link in the place of the one that reached somebody whom it should not have."""
    response = see_other(_address(visit, "renewed"))
    if visit.draft is not None and keys.renew(visit.draft):
        keys.set_cookie(response, visit.draft)
    return response


@public_view("POST", cache=never_stored)
def reminders(visit: Visit) -> HttpResponse:
    """Switches the reminders on or off."""
    if visit.draft is not None:
        Draft.objects.filter(pk=visit.draft.pk).update(wants_reminders="on" in visit.request.POST)
    return see_other(_address(visit, "reminders"))


@public_view("POST", cache=never_stored)
def finish(visit: Visit) -> HttpResponse:
    """The browser forgets the draft; the draft stays, for whoever has its link."""
    response = see_other(_address(visit, "finished"))
    keys.clear_cookies(response, visit.consultation)
    return response


def _address(visit: Visit, done: str) -> str:
    # To the top, where it is said; without a place of its own a browser would go on to the form that was sent.
    return reverse("submissions:come-back", kwargs={"slug": visit.slug}) + f"?{done}#main"


def _page(
    visit: Visit,
    form: KeyForm,
    *,
    mail_form: LinkMailForm | None = None,
    other: Draft | None = None,
    status: int = 200,
) -> HttpResponse:
    """`other` is the draft that was to be opened in the place of one that is not sent."""
    draft = visit.draft
    return visit.render(
        "private_link.html",
        status=status,
        private_link=keys.private_link(draft) if draft else "",
        other=other,
        form=form,
        mail_form=mail_form or LinkMailForm(initial={"email": draft.email if draft else ""}),
        done=next((name for name in DONE if name in visit.request.GET), ""),
        reminded=draft.link_email or draft.email if draft else "",
    )
