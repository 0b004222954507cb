"""Codes in words: `{{ draft.country|country_name }}`."""

from django import template

from submissions import respondent

register = template.Library()


@register.filter
def country_name(code: str) -> str:
    return respondent.country_name(code) if code else ""


@register.filter
def language_name(code: str) -> str:
    return respondent.language_name(code) if code else ""
