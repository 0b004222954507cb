"""The secretariat's workspace, over Django's client."""

import csv
import html
import io
import re
import zipfile
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model

from submissions.export import records
from submissions.models import Contribution, Export, Mail, Record, Submission
from submissions.search.index import index_new
from submissions.sending.withdraw import withdraw
from submissions.text.spreadsheet import restore
from tests.export_page import ask, rows
from tests.factories import ARABIC, CHINESE, ENGLISH, close_early, move_cutoff_behind_now, reopen, send
from themes import cutoff_changes
from themes.intake import database_now

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
LIST = "/admin/submissions/submission/"


def references(client, answer, **choices) -> set[str]:
    """What the page that asks for an export leads to: asked for, made, fetched."""
    requester = re.search(r'href="(/admin/submissions/export/add/[^"]*)"', answer.content.decode())
    url = html.unescape(requester[1]) if requester else answer["Location"]
    return {row["reference"] for row in rows(ask(client, url, **choices))}


@pytest.fixture
def two(consultation):
    return (
        send(consultation, {1: ENGLISH, 5: ARABIC}).submission,
        send(
            consultation, {12: CHINESE}, country="CN", stakeholder_group="academia", organisation="大学", language="zh"
        ).submission,
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {0, 1}),
        ("?theme={t5}", {0}),
        ("?stakeholder_group__exact=academia", {1}),
        ("?country=KE", {0}),
        ("?received=hour", {0, 1}),
        ("?q=人工智能", {1}),
        ("?q=الفجوات", {0}),
        ("?q={r1}", {1}),
        ("?theme={t12}&country=KE", set()),
    ],
)
def test_filters_search_and_the_export_of_the_whole_filter(admin_client, consultation, two, query, found):
    query = query.format(
        t5=consultation.themes.get(number=5).pk, t12=consultation.themes.get(number=12).pk, r1=two[1].reference
    )
    index_new()
    wanted = {two[index].reference for index in found}
    page = admin_client.get(LIST + query).content.decode()
    assert {s.reference for s in two if s.reference in page} >= wanted
    assert {s.pk for s in two if f"{LIST}{s.pk}/change/" in page} == {two[index].pk for index in found}
    if wanted:
        assert references(admin_client, admin_client.get(LIST + query)) == wanted
    else:
        assert "/export/add/" not in page


def test_export_of_a_selection(admin_client, two):
    answer = admin_client.post(LIST, {"action": "export_selected", "_selected_action": [two[1].pk]})
    assert references(admin_client, answer) == {two[1].reference}
    assert Export.objects.get().filters_in_words == "standing: Everything that was sent\n1 chosen by hand"


def test_export_of_a_selection_across_pages_is_the_whole_filter(admin_client, two):
    chosen = {"action": "export_selected", "_selected_action": [two[1].pk], "select_across": "1"}
    answer = admin_client.post(f"{LIST}?country=KE", chosen)
    assert references(admin_client, answer) == {two[0].reference}
    assert Export.objects.get().filters_in_words == "country or territory: Kenya"


def test_detail_shows_who_and_every_text(admin_client, two):
    page = admin_client.get(f"{LIST}{two[0].pk}/change/").content.decode()
    assert ARABIC in page
    assert "Réseau des bibliothèques" in page
    assert "amina@example.org" in page
    # What can be typed is the review's own, and nothing of what was sent.
    assert re.findall(r'<textarea[^>]*? name="([^"]+)"', page) == ["passage", "reason", "note"]


def test_nobody_adds_changes_or_deletes_a_submission_here(admin_client, two):
    assert admin_client.get(f"{LIST}add/").status_code == 403
    assert admin_client.post(f"{LIST}{two[0].pk}/change/", {"organisation": "x"}).status_code == 403
    assert admin_client.post(f"{LIST}{two[0].pk}/delete/", {"post": "yes"}).status_code == 403
    assert Submission.objects.count() == 2


def test_drafts_are_not_in_admin(admin_client, consultation):
    send(consultation)
    page = admin_client.get("/admin/").content.decode().lower()
    assert "submission" in page
    assert re.findall("[^<>]*draft[^<>]*", page) == ["drafts in progress"]  # how many, and no more
    assert admin_client.get("/admin/submissions/draft/").status_code == 404


def test_the_record_is_listed_and_downloaded(admin_client, consultation, two):
    move_cutoff_behind_now(consultation)
    cutoff_changes.close_due_consultations()
    records.write_due_records()
    record = Record.objects.get()
    page = admin_client.get("/admin/submissions/record/").content.decode()
    assert f"/admin/submissions/record/{record.pk}/download/" in page
    response = admin_client.get(f"/admin/submissions/record/{record.pk}/download/")
    content = b"".join(response.streaming_content)
    assert response["X-Content-SHA256"] == record.sha256
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        text = archive.read("contributions-spreadsheet.csv").decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [restore(row["text"]) for row in rows] == [ENGLISH, ARABIC, CHINESE]


@pytest.mark.parametrize(
    "path",
    [
        LIST,
        "/admin/submissions/export/add/",
        "/admin/submissions/record/1/download/",
        "/admin/themes/consultation/1/cutoff/",
    ],
)
def test_a_member_of_staff_without_the_permission_gets_nothing(client, consultation, path):
    client.force_login(get_user_model().objects.create_user("new", is_staff=True))
    Record.objects.create(
        pk=1,
        consultation=consultation,
        closed_at=consultation.closes_at,
        due_at=consultation.closes_at,
        written_at=consultation.closes_at,
        file="x.csv",
        submission_count=0,
        row_count=0,
        byte_count=0,
        sha256="0" * 64,
    )
    path = path.replace("consultation/1/", f"consultation/{consultation.pk}/")
    assert client.post(path).status_code == 403


def test_the_list_shows_what_counts(admin_client, consultation):
    first = send(consultation, {1: "first words"}).submission
    second = send(consultation, {1: "second words"}, amends=first.reference).submission
    gone = send(consultation, {1: "withdrawn words"}, organisation="Gone").submission
    withdraw(gone)

    def listed(query):
        page = admin_client.get(LIST + query).content.decode()
        return {s.pk for s in (first, second, gone) if f"{LIST}{s.pk}/change/" in page}

    assert listed("") == {second.pk}
    assert listed("?standing=superseded") == {first.pk}
    assert listed("?standing=withdrawn") == {gone.pk}
    assert listed("?standing=all") == {first.pk, second.pk, gone.pk}
    page = admin_client.get(f"{LIST}{gone.pk}/change/").content.decode()
    assert "Withdrawn by the stakeholder" in page
    assert "withdrawn words" not in page
    assert "Replaced by version 2" in admin_client.get(f"{LIST}{first.pk}/change/").content.decode()
    contributions = admin_client.get("/admin/submissions/contribution/").content.decode()
    assert [text in contributions for text in ("first words", "second words", "withdrawn words")] == [
        False,
        True,
        False,
    ]
    assert references(admin_client, admin_client.get(f"{LIST}?standing=all")) == {first.reference}
    assert Export.objects.get().rows_done == 2


def test_a_superseded_record_with_a_withdrawn_text_is_not_given_out(admin_client, consultation):
    submission = send(consultation, {1: "Taken back later."}).submission
    close_early(consultation)
    records.write_due_records()
    later = database_now() + timedelta(days=1)
    reopen(consultation, later)
    withdraw(submission)
    url = f"/admin/submissions/record/{Record.objects.get().pk}/download/"
    assert admin_client.get(url).status_code == 302
    assert Mail.objects.filter(body__contains="Revoked").count() == 0
    assert admin_client.get("/admin/submissions/mail/?body__contains=Taken").status_code == 400


def test_contributions_are_read_only_and_readable(admin_client, consultation, two):
    contribution = Contribution.objects.get(theme__number=5)
    answer = admin_client.get(f"/admin/submissions/contribution/{contribution.pk}/change/")
    place = f"text-{contribution.submission_id}-{contribution.theme_id}"
    assert answer["Location"] == f"{LIST}{contribution.submission_id}/change/#{place}"
    page = admin_client.get(answer["Location"]).content.decode()
    assert f'id="{place}"' in page
    assert ARABIC in page
    assert 'dir="auto" lang="fr"' in page


@pytest.mark.parametrize("path", ["submission", "contribution"])
def test_a_mistyped_reference_is_called_one(admin_client, consultation, path):
    reference = send(consultation, {1: "x"}).submission.reference
    sentence = "is no reference: a character in it is wrong"
    assert sentence not in admin_client.get(f"/admin/submissions/{path}/", {"q": reference}).content.decode()
    wrong = reference[:-1] + ("3" if reference[-1] == "2" else "2")
    page = admin_client.get(f"/admin/submissions/{path}/", {"q": wrong}).content.decode()
    assert f"“{wrong}” {sentence}" in page
