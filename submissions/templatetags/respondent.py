"""Codes in words: `{{ draft.country|country_name }}`."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django import template
from django.utils.translation import gettext as _

from submissions.drafts import late_access
from submissions.models import Respondent, respondent
from themes import intake
from themes.intake import Intake
from wsis.typography import list_in_words

register = template.Library()


@register.filter
def country_name(code: str) -> str:
    return respondent.country_name(code) if code else ""


@register.filter
def language_name(code: str) -> str:
    return respondent.language_name(code) if code else ""


class Answer(NamedTuple):
    """What a respondent said of themselves, in words.

    Attributes:
        field: by whose id its page's form is opened at the question.
    """

    label: str
    value: str
    field: str


@register.simple_tag
def answers_of(sender: Respondent) -> list[Answer]:
    """Everything, in the form's order. Who speaks for no organisation has no line for it."""
    answers = [
        Answer(_("Submitting as"), sender.get_submitting_as_display(), "submitting_as_0"),
        Answer(_("Organisation"), sender.organisation, "organisation"),
        Answer(_("Stakeholder group"), sender.get_stakeholder_group_display(), "stakeholder_group_0"),
        Answer(_("Country or territory"), country_name(sender.country), "country"),
        Answer(_("Language"), language_name(sender.language), "language"),
        Answer(_("Name"), sender.contact_name, "contact_name"),
        Answer(_("E-mail"), sender.email, "email"),
        Answer(_("Publication"), sender.get_consent_display(), "consent_0"),
    ]
    return [answer for answer in answers if answer.value or answer.field != "organisation"]


@register.simple_tag
def other_consents(texts: Iterable[Any], consent: str) -> str:
    """The signs of the areas that are published otherwise than the whole: “3 and 7”."""
    return list_in_words(text.theme.sign for text in texts or () if text.consent and text.consent != consent)


@register.inclusion_tag("submissions/public/late_note.html", takes_context=True)
def late_note(context: dict[str, Any]) -> dict[str, Any]:
    """That this visitor may still send although intake is closed; nothing on every other page."""
    request, consultation, at = (context.get(name) for name in ("request", "consultation", "at"))
    if request is None or consultation is None or at is None or not hasattr(consultation, "slug"):
        return {}
    if intake.intake_at(consultation, at) is not Intake.CLOSED:
        return {}
    return {"access": late_access.open_access(request, consultation, at), "consultation": consultation}
