"""The workspace's part of another way in: late access given and taken back, and a submission entered on behalf."""

import io
import re
import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone
from lxml import html

from submissions.documents import docx_writer
from submissions.documents.document import template_document
from submissions.drafts import late_access
from submissions.mail import outbox
from submissions.models import Admission, ContactView, LateAccess, Mail, Submission
from submissions.queries.filtered import filtered_submissions
from submissions.sending.refusals import IntakeClosed
from submissions.sending.submit import submit
from submissions.text.content import Content, ProposedWording
from tests.factories import contents, make_late_access, make_respondent, move_cutoff_behind_now, send
from themes import cutoff_changes
from themes.intake import database_now
from themes.models import Consultation

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


def typed_in(page) -> dict[str, str]:
    """The form as a browser would send it."""
    form = next(form for form in html.fromstring(page.content.decode()).forms if "way" in form.fields)
    # A browser leaves the first line end of a textarea out.
    values = ((name, value.removeprefix("\n")) for name, value in form.form_values())
    return {name: value for name, value in values if name != "csrfmiddlewaretoken"}


def admit(consultation, admission: Admission):
    return submit(
        consultation=consultation,
        respondent=make_respondent(),
        contents=contents(consultation, {1: "On paper."}),
        sending_key=uuid.uuid4(),
        admission=admission,
    )


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
    assert sent.admission.is_after_cutoff
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


@pytest.mark.parametrize(("microseconds", "is_late"), [(-1, False), (0, True), (1, True)])
def test_what_reached_the_secretariat_in_time_is_not_late(consultation, manager, microseconds, is_late):
    """To the microsecond, whatever the writer says; and it is held to the rules of an admission all the same."""
    move_cutoff_behind_now(consultation)
    cutoff = Consultation.objects.get().closes_at
    reached = cutoff + timedelta(microseconds=microseconds)
    admission = Admission(way="paper", reason="By post.", entered_by=manager, reached_us_at=reached)
    admission.is_late = not is_late
    sent = admit(consultation, admission).submission
    sent.admission.refresh_from_db()
    assert (sent.admission.is_late, sent.admission.is_after_cutoff) == (is_late, True)
    assert filtered_submissions("came=admitted", user=manager, at=timezone.now()).count() == 1
    assert filtered_submissions("came=late", user=manager, at=timezone.now()).count() == is_late
    # Without one, nothing passes.
    with pytest.raises(IntakeClosed):
        send(consultation, {1: "Too late."})


def test_a_late_link_is_late_whatever_it_says(consultation, manager):
    access = make_late_access(consultation, manager)
    move_cutoff_behind_now(consultation)
    early = Consultation.objects.get().closes_at - timedelta(days=1)
    admission = Admission(way="late-link", reason=access.reason, late_access=access, reached_us_at=early)
    assert admit(consultation, admission).submission.admission.is_late


def test_rows_of_proposed_wording_are_entered_and_read_from_a_file(client, manager, closed):
    url = f"{BASE}enter/{closed.pk}/"
    rows = {
        "rows-2-TOTAL_FORMS": "1",
        "rows-2-INITIAL_FORMS": "0",
        "rows-2-0-paragraph": "12",
        "rows-2-0-wording": "Shall.",
        "rows-2-0-reason": "It is law.",
    }
    page = client.post(url, fields(**rows, **{"add-row": "1"}))
    assert page.status_code == 200
    shown = typed_in(page)
    assert (shown["rows-2-TOTAL_FORMS"], shown["rows-2-0-wording"], shown["rows-2-1-wording"]) == ("2", "Shall.", "")
    assert shown["theme-1"] == "What it says.\nOn two lines."
    assert Submission.objects.count() == 0

    theme = closed.themes.get(number=2)
    document = template_document(closed)
    sections = [
        replace(one, content=Content("Read.", (ProposedWording("13", "Will.", ""),))) if one.theme == theme else one
        for one in document.sections
    ]
    file = SimpleUploadedFile("filled.docx", docx_writer.write(replace(document, sections=sections)))
    page = client.post(url, {**shown, "read": "1", "file": file})
    shown = typed_in(page)
    assert [shown.get(f"rows-2-{n}-paragraph", "") for n in range(3)] == ["12", "13", ""]
    assert shown["theme-2"] == "Read."
    answer = client.post(url, {**fields(), **shown})
    assert answer.status_code == 302, answer.context["form"].errors
    sent = Submission.objects.get()
    assert sent.contents[theme] == Content(
        "Read.", (ProposedWording("12", "Shall.", "It is law."), ProposedWording("13", "Will.", ""))
    )
    # A paragraph that is no number is said, and nothing is lost.
    page = client.post(url, fields(**rows | {"rows-2-0-paragraph": "x" * 41}))
    assert page.status_code == 422
    assert "40 characters at most" in page.content.decode()
    assert typed_in(page)["rows-2-0-wording"] == "Shall."


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
