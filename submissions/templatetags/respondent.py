"""Codes in words: `{{ draft.country|country_name }}`."""

from typing import Any

from django import template

from submissions.drafts import late_access
from submissions.models import respondent
from themes import intake
from themes.intake import Intake

register = template.Library()


@register.filter
def country_name(code: str) -> str:
    return respondent.country_name(code) if code else ""


@register.filter
def language_name(code: str) -> str:
    return respondent.language_name(code) if code else ""


@register.inclusion_tag("submissions/public/late_note.html", takes_context=True)
def late_note(context: dict[str, Any]) -> dict[str, Any]:
    """That this visitor may still send although intake is closed; nothing on every other page."""
    request, consultation, at = (context.get(name) for name in ("request", "consultation", "at"))
    if request is None or consultation is None or at is None or not hasattr(consultation, "slug"):
        return {}
    if intake.intake_at(consultation, at) is not Intake.CLOSED:
        return {}
    return {"access": late_access.open_access(request, consultation, at), "consultation": consultation}
