"""The workspace's page on which a consultation's texts are changed, as a browser sends it."""

from django.test import Client

from themes.models import Consultation


def texts_page(consultation: Consultation, language: str = "en") -> str:
    return f"/admin/themes/consultation/{consultation.pk}/texts/{language}/"


def reword(client: Client, consultation: Consultation, language: str = "en", **typed: str):
    """As a browser sends the page: every text with the mark of what was shown, and some of them typed over."""
    form = client.get(texts_page(consultation, language)).context["form"]
    shown = {text.key: field.value() for text, field, _mark in form.rows()}
    marks = {f"was-{text.key}": mark for text, _field, mark in form.rows()}
    return client.post(texts_page(consultation, language), {**shown, **marks, **typed})
