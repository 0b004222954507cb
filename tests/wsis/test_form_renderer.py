"""The short cut for plain widgets draws what their templates draw."""

import re

import pytest
from django import forms
from django.forms.renderers import TemplatesSetting

from wsis.form_renderer import FormRenderer

VALUES = [None, "", "word", "<b>'bold' & \"quoted\"</b>", "two\nlines", 7, 0]
ATTRIBUTES = [
    {},
    {"id": "id_x", "required": True, "disabled": False, "aria-label": 'a "b" <c>', "rows": 3, "title": ""},
]
WIDGETS = [
    forms.TextInput(),
    forms.EmailInput(attrs={"autocomplete": "email"}),
    forms.HiddenInput(),
    forms.NumberInput(attrs={"min": 0}),
    forms.URLInput(),
    forms.Textarea(),
    forms.CheckboxInput(),
]


def squeezed(html: str) -> str:
    return re.sub(r"\s+(?=[^\"]*(?:\"[^\"]*\"[^\"]*)*>)", " ", html.strip()).replace(" >", ">")


@pytest.mark.parametrize("attributes", ATTRIBUTES)
@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("widget", WIDGETS, ids=lambda one: type(one).__name__)
def test_it_draws_what_the_template_draws(widget, value, attributes):
    drawn = widget.render("the-name", value, attributes, renderer=FormRenderer())
    assert squeezed(drawn) == squeezed(widget.render("the-name", value, attributes, renderer=TemplatesSetting()))


def test_everything_else_is_drawn_by_its_template():
    select = forms.Select(choices=[("a", "A"), ("b", "B")])
    assert select.render("s", "b", renderer=FormRenderer()) == select.render("s", "b", renderer=TemplatesSetting())
