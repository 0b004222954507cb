"""Flags dismissed by hand, and near-identical texts side by side; addresses that are none."""

import re

import pytest
from django.contrib import admin
from django.urls import reverse

from submissions.models import Flag
from submissions.review.flags.sweep import raise_flags
from tests.factories import send

LIST = "/admin/submissions/submission/"
READING = "/admin/submissions/contribution/reading/"

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


OURS = [model for model in admin.site._registry if model._meta.app_label in {"submissions", "themes"}]


ODD = [
    *(f"{name}=%00" for name in ("q", "review", "flag", "came", "country", "language", "publication", "assignee")),
    *("assignee=", "assignee=abc", "tag=99999999999999999999", "id__exact=99999999999999999999", "p=9999", "all=1"),
    *("theme__id__exact=abc", "theme__id__exact=99999999999999999999", "nothing=1", "received=x", "length=x"),
    *("consent__exact=%00", "stakeholder_group__exact=%00", "organisation=%00", "organisation__regex=("),
    *("arrived_at__year=9999", "seen_at__year=9999", "received_at__year=9999", "when=%00", "of=%00", "state=%00"),
]


@pytest.mark.parametrize("query", ODD)
def test_odd_addresses_are_answered(admin_client, sent, query):
    lists = [reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist") for model in OURS]
    for path in (*lists, READING):
        assert admin_client.get(f"{path}?{query}").status_code in {200, 302, 400}, path
    filters = query.replace("=", "%3D").replace("%00", "%2500")
    assert admin_client.get(f"{LIST}{sent.pk}/change/?_changelist_filters={filters}").status_code == 200
    ask = {"layout": "contributions", "format": "csv", "profile": "spreadsheet", "audience": "workspace"}
    asked = {**ask, "consultation": sent.consultation_id, "filters": query.replace("%00", "\0")}
    assert admin_client.post("/admin/submissions/export/add/", asked).status_code in {200, 302}


def test_odd_pages_are_answered(admin_client, sent):
    for path in (f"{READING}?page=x", f"{READING}?page=-1", "/admin/submissions/campaign/of/99999999/"):
        assert admin_client.get(path).status_code in {200, 404}, path


def test_flags_are_dismissed_and_come_back_by_hand_alone(client, amina, consultation):
    sent = send(consultation, {1: "Short."}).submission
    raise_flags()
    assert [flag.kind for flag in Flag.objects.filter(reference=sent.reference)] == ["short"]
    assert client.get(f"{LIST}?flag=short").context["cl"].result_count == 1
    client.post(f"{LIST}{sent.pk}/flag/short/", {})
    flag = Flag.objects.get()
    assert (flag.dismissed_by, flag.dismissed_at is None) == (amina, False)
    assert client.get(f"{LIST}?flag=any").context["cl"].result_count == 0
    assert client.get(f"{LIST}?flag=none").context["cl"].result_count == 1
    send(consultation, {1: "Something else, so that the sweep has a look at everything there is once more."})
    raise_flags()
    assert Flag.objects.get(kind="short", reference=sent.reference).dismissed_by == amina
    # Nor does it come back by itself when it was not so for a while.
    send(consultation, {1: "word " * 30}, amends=sent.reference)
    raise_flags()
    send(consultation, {1: "Short again."}, amends=sent.reference)
    raise_flags()
    assert Flag.objects.get(kind="short", reference=sent.reference).dismissed_by == amina
    client.post(f"{LIST}{sent.pk}/flag/short/", {"again": "1"})
    assert Flag.objects.get(kind="short", reference=sent.reference).dismissed_at is None


def test_side_by_side(client, amina, consultation):
    letter = "We call for an open network, for libraries with a link, and for funds that last longer than one year."
    for n, text in enumerate([letter, letter, letter.replace("open", "free")]):
        sent = send(consultation, {1: text}, organisation=f"Organisation {n}").submission
    raise_flags()
    assert client.get("/admin/submissions/campaign/").context["cl"].result_count == 1
    page = client.get(f"/admin/submissions/campaign/of/{sent.pk}/").content.decode()
    assert re.findall(r"<dd>(\d+)</dd>", page) == ["3", "2", "3", "1"]
    assert page.count("The same to the letter") == 2
    assert "for an <del>open </del><ins>free </ins>network" in page
    assert "amina@example.org" not in page
