"""No line end and nothing invisible in a field of one line, wherever it is typed and whatever writes it."""

import importlib
import unicodedata
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from hypothesis import given
from hypothesis import strategies as st

from submissions.models import Draft, LateAccess, Tag
from tests.factories import send
from tests.source import BASE, MODULES
from wsis.one_line import OneLineEmailField, OneLineEmailFormField, OneLineField, OneLineFormField, one_line

# What the program writes: references, sums, keys, codes, and what else no person types.
WRITTEN_BY_THE_PROGRAM = {
    *("reference", "sha256", "content_sha256", "text_sha256", "key_hash", "message_id", "mailbox"),
    *("event_table", "row_sha256", "erased_sha256"),
    *("country", "language", "page_language", "seen", "about"),
}
# Choices of a list, an address of the site.
CHECKED_OTHERWISE = (forms.SlugField, forms.URLField, forms.UUIDField)
COMPARED_WITH_WHAT_IS_KNOWN = {"CodeForm.code", "ExportForm.password"}


@given(st.text())
def test_one_line_and_nothing_unseen(text):
    line = one_line(text)
    assert {unicodedata.category(sign) for sign in line} & {"Cc", "Zl", "Zp", "Cs", "Co", "Cn"} == set()
    assert {sign for sign in line if unicodedata.category(sign) == "Cf"} <= {"\u200c", "\u200d"}
    assert line == line.strip()
    assert one_line(line) == line


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Amina\r\nBcc: all@example.org", "Amina Bcc: all@example.org"),
        ("a\u2028b\u2029c\x0bd\x85e", "a b c d e"),
        ("ad\u00admin\u200b\u2066\u202e", "admin"),
        ("\ufeff  Réseau   des bibliothèques ", "Réseau des bibliothèques"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\u200cname\u200d", "name"),
        ("O’Neill-Łukasz 大学 جامعة", "O’Neill-Łukasz 大学 جامعة"),
    ],
)
def test_what_becomes_of_it(typed, kept):
    assert one_line(typed) == kept


def test_every_field_of_one_line_in_the_database_is_one():
    loose = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if model._meta.app_label in {"themes", "submissions", "privacy"} and not hasattr(model, "pgh_event_model")
        for field in model._meta.local_fields
        if isinstance(field, models.CharField)
        and not isinstance(field, OneLineField | OneLineEmailField)
        # Events copy what their model has; users and groups are Django's.
        and not model.__name__.endswith("Event")
        and not model._meta.proxy
        and not field.choices
        and not isinstance(field, models.SlugField | models.URLField)
        and type(field).__name__ != "TimeZoneField"
        and field.name not in WRITTEN_BY_THE_PROGRAM
    ]
    assert loose == []


def test_every_field_of_one_line_in_a_form_is_one():
    for path in MODULES:
        importlib.import_module(".".join(path.relative_to(BASE).with_suffix("").parts).removesuffix(".__init__"))
    found = {
        f"{form.__name__}.{name}": field
        for form in _subclasses(forms.BaseForm)
        if form.__module__.split(".")[0] in {"wsis", "accounts", "themes", "submissions"}
        for name, field in form.base_fields.items()
        if isinstance(field, forms.CharField) and not isinstance(field.widget, forms.Textarea | forms.HiddenInput)
    }
    assert len(found) > 10
    loose = {
        name
        for name, field in found.items()
        if not isinstance(field, (OneLineFormField, OneLineEmailFormField, *CHECKED_OTHERWISE))
    }
    # Both become choices when the form is made.
    assert {name for name in loose if not name.endswith((".country", ".language"))} == COMPARED_WITH_WHAT_IS_KNOWN


def _subclasses(of: Any) -> set[Any]:
    return {of} | {found for child in of.__subclasses__() for found in _subclasses(child)}


@pytest.mark.django_db
def test_whatever_writes_it(consultation):
    tag = Tag.objects.create(consultation=consultation, name="Two\nlines")
    Tag.objects.bulk_create([Tag(consultation=consultation, name="By\rbulk")])
    Tag.objects.filter(pk=tag.pk).update(name="Up\x00dated\u200b".replace("\x00", "\x07"))
    assert set(Tag.objects.values_list("name", flat=True)) == {"Up dated", "By bulk"}
    assert Draft(contact_name="A\nB").answers()["contact_name"] == "A B"
    assert LateAccess._meta.get_field("for_whom").get_prep_value("A\nB") == "A B"


@pytest.mark.django_db(transaction=True)
def test_the_receipts_sum_is_of_what_is_stored(consultation):
    """What the sum is taken over is what the database keeps."""
    from submissions.text.canonical import sha256_of

    submission = send(consultation, contact_name="Amina\nOtieno").submission
    submission.refresh_from_db()
    assert submission.contact_name == "Amina Otieno"
    assert sha256_of(submission.canonical_text) == submission.content_sha256


def test_no_field_of_one_line_cuts_what_is_pasted():
    """A browser that finds a `maxlength` cuts there and says nothing; the form names the limit and keeps all."""
    form = OneLineFormField(max_length=5)
    assert "maxlength" not in form.widget_attrs(form.widget)
    with pytest.raises(ValidationError, match="at most 5 characters"):
        form.clean("six signs")


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("amina＠example．org", "amina@example.org"),
        ("Amina Otieno <amina@example.org>", "amina@example.org"),
        ('"Otieno, Amina" <amina@example.org>', "amina@example.org"),
        ("mailto:amina@example.org?subject=Hello", "amina@example.org"),
        ("<mailto:amina@example.org>", "amina@example.org"),
        ("\u200bamina@exam\u00adple.org\u2060\ufeff.", "amina@example.org"),
        ("  amina@example.org; ", "amina@example.org"),
        ("amina@例え.jp", "amina@例え.jp"),
    ],
)
def test_an_address_is_found_in_what_people_paste(typed, address):
    assert OneLineEmailFormField().clean(typed) == address


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("amina", "like name@example.org"),
        ("a@b@c.org", "like name@example.org"),
        ("amína@example.org", "plain letters"),
    ],
)
def test_a_wrong_address_is_told_with_an_example_or_the_reason(typed, sentence):
    with pytest.raises(ValidationError, match=sentence):
        OneLineEmailFormField().clean(typed)


@pytest.mark.parametrize("typed", ["\u200b", "\u00ad\u2060", " \ufeff "])
def test_a_name_of_nothing_to_see_is_none(typed):
    with pytest.raises(ValidationError, match="required"):
        OneLineFormField().clean(typed)
