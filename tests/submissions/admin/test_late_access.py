"""The workspace's part of another way in: late access given and taken back, and a submission entered on behalf."""

import io
import re
import uuid
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile

from submissions.documents import docx_writer
from submissions.documents.document import template_document
from submissions.drafts import late_access
from submissions.mail import outbox
from submissions.models import ContactView, LateAccess, Mail, Submission
from tests.factories import make_late_access, make_respondent, move_cutoff_behind_now
from themes import cutoff_changes
from themes.intake import database_now

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
BASE = "/admin/submissions/lateaccess/"


@pytest.fixture
def closed(consultation):
    move_cutoff_behind_now(consultation)
    cutoff_changes.close_due_consultations()
    consultation.refresh_from_db()
    return consultation


@pytest.fixture
def manager(client):
    user = get_user_model().objects.create_user("mariam", is_staff=True)
    user.groups.add(Group.objects.get(name="Manager"))
    client.force_login(user)
    return user


def give(client, consultation, **fields):
    when = (database_now() + timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:00")
    result = {"consultation": consultation.pk, "for_whom": "Réseau", "reason": "An outage of ours.", "expires_at": when}
    return client.post(f"{BASE}add/", {**result, **fields})


def test_given_shown_mailed_and_taken_back(client, manager, closed, mailoutbox):
    answer = give(client, closed, email="amina@example.org")
    access = LateAccess.objects.get()
    assert answer["Location"] == f"{BASE}{access.pk}/change/"
    assert (access.given_by, access.reason) == (manager, "An outage of ours.")
    page = client.get(answer["Location"]).content.decode()
    assert late_access.link_to(access) in page
    mail = Mail.objects.get()
    assert mail.recipient == "amina@example.org"
    # The link is put in when it is sent, and stands in no row: the database alone opens nothing.
    assert late_access.sign(access) not in mail.body
    assert "An outage of ours." in mail.body
    outbox.send_due()
    assert late_access.link_to(access) in mailoutbox[0].body
    client.post(f"{BASE}{access.pk}/revoke/")
    access.refresh_from_db()
    assert access.revoked_at is not None
    assert "Revoked" in client.get(BASE).content.decode()
    answer = client.post(f"{BASE}{access.pk}/revoke/", follow=True)
    assert "It had already been used or revoked." in answer.content.decode()


def test_whose_address_was_seen_is_in_the_trail(client, manager, closed):
    access = make_late_access(closed, manager, for_whom="Radio Kisumu")
    client.get(f"/admin/submissions/lateaccess/{access.pk}/change/")
    assert ContactView.objects.filter(where="late").values_list("what", "people").get() == ("Radio Kisumu", 1)


def test_its_time_is_of_the_consultations_zone(client, manager, closed):
    give(client, closed, expires_at="2027-07-20T00:00")
    assert LateAccess.objects.get().expires_at.isoformat() == "2027-07-20T04:00:00+00:00"
    for odd, sentence in {
        "2027-03-14T02:30": "This time does not exist in New York",
        "9999-12-31T23:59": "Write a date and a time, like",
        "0001-01-01T00:00": "Write a date and a time, like",
    }.items():
        assert sentence in give(client, closed, expires_at=odd).content.decode()


def test_a_reason_is_wanted(client, manager, closed):
    assert "This field is required." in give(client, closed, reason="").content.decode()
    assert not LateAccess.objects.exists()


def fields(**more):
    answers = {name: value for name, value in make_respondent().answers().items() if name != "has_accepted_privacy"}
    return {
        **answers,
        "has_accepted_privacy": "on",
        "way": "paper",
        "reason": "Handed over at the session.",
        "reached_us_at": "2027-07-14T10:00",
        "key": str(uuid.uuid4()),
        "theme-1": "What it says.\r\nOn two lines.",
        **more,
    }


def test_entered_on_behalf(client, manager, closed):
    url = f"{BASE}enter/{closed.pk}/"
    assert f'href="{url}"' in client.get("/admin/submissions/submission/").content.decode()
    sentence = fields()
    answer = client.post(url, sentence)
    sent = Submission.objects.get()
    assert answer["Location"] == f"/admin/submissions/submission/{sent.pk}/change/"
    assert (sent.admission.way, sent.admission.entered_by, sent.admission.is_late) == ("paper", manager, True)
    assert sent.admission.reached_us_at.isoformat() == "2027-07-14T14:00:00+00:00"
    assert sent.contributions.get().text == "What it says.\nOn two lines."
    page = client.get(answer["Location"]).content.decode()
    assert "Late: On paper" in page
    assert "Handed over at the session." in page
    assert "Entered by mariam" in page
    assert "Late: On paper" in client.get("/admin/submissions/submission/").content.decode()
    assert client.get("/admin/submissions/submission/?came=late").context["cl"].result_count == 1
    assert client.get("/admin/submissions/submission/?came=online").context["cl"].result_count == 0
    # A double click enters it once.
    client.post(url, sentence)
    assert Submission.objects.count() == 1


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({"reason": ""}, "This field is required."),
        ({"way": ""}, "This field is required."),
        ({"theme-1": " "}, "Type what it says on at least one area."),
        ({"organisation": ""}, "Name the organisation"),
        ({"theme-1": "word " * 1001}, "Longer than the limit: 1. Theme 1."),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_lost(client, manager, closed, more, sentence):
    is_empty = more.get("theme-1") == " "
    kept = {} if is_empty else {"theme-2": "Kept as typed."}
    answer = client.post(f"{BASE}enter/{closed.pk}/", fields(**kept, **more))
    assert is_empty or "Kept as typed." in answer.content.decode()
    assert "Handed over at the session." in answer.content.decode() or "reason" in more
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Submission.objects.exists()


def test_read_from_the_template_they_filled_in(client, manager, closed):
    import docx

    blank = docx.Document(io.BytesIO(docx_writer.write(template_document(closed))))
    heading = next(one for one in blank.paragraphs if "Theme 3" in one.text)
    heading.insert_paragraph_before("")
    after = blank.paragraphs[[one.text for one in blank.paragraphs].index(heading.text) + 1]
    after.insert_paragraph_before("Filled in by hand, far away.")
    file = io.BytesIO()
    blank.save(file)
    upload = SimpleUploadedFile("filled.docx", file.getvalue())
    page = client.post(
        f"{BASE}enter/{closed.pk}/", {**fields(), "theme-1": "Typed before.", "read": "1", "file": upload}
    ).content.decode()
    assert "Read from the file: 3." in page
    assert re.search(r'name="theme-3"[^>]*>\s*Filled in by hand, far away\.', page)
    assert "Typed before." in page
    assert "Handed over at the session." in page
    # On a theme that both have something on, what was typed stays above.
    upload.seek(0)
    both = {**fields(), "theme-3": "Typed on three.", "read": "1", "file": upload}
    page = client.post(f"{BASE}enter/{closed.pk}/", both).content.decode()
    assert re.search(r"Typed on three\.\s+Filled in by hand, far away\.", page)
    refused = SimpleUploadedFile("x.docx", b"PK\x03\x04 no document")
    page = client.post(f"{BASE}enter/{closed.pk}/", {**fields(), "read": "1", "file": refused}).content.decode()
    assert "Typed" not in page
    assert "What it says." in page
    assert 'role="status"' in page
