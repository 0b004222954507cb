"""What a person asks about their data: two colleagues agree, the operator carries it out, and it stays explained."""

import io
import json
import os
import uuid
import zipfile
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, User
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.test import Client

from privacy.models import PersonalDataRequest
from submissions.export import records
from submissions.mail.messages import queue_pass
from submissions.models import (
    ERASED_EMAIL,
    ERASED_NAME,
    ERASED_TEXT,
    Admission,
    ContactView,
    Draft,
    Erasure,
    FormerRecord,
    Highlight,
    Mail,
    Record,
    Submission,
    Tag,
)
from submissions.review import trail
from submissions.sending.submit import submit
from tests.factories import FIRST, contents, make_late_access, make_respondent, move_cutoff_behind_now, reopen, send
from tests.roles import as_owner, owner_connection
from tests.visitor import answer_about_you, write
from themes import cutoff_changes
from themes.intake import database_now

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
URL = "/admin/privacy/personaldatarequest/"


@pytest.fixture
def colleagues():
    clients = []
    for name in ("one", "two"):
        user = User.objects.create_user(name, is_staff=True)
        user.groups.add(Group.objects.get(name="Manager"))
        client = Client()
        client.force_login(user)
        clients.append(client)
    return clients


@pytest.fixture
def sent(client, consultation) -> Submission:
    """A person's submission with all that lies about one, and somebody else's beside it; both are in the record."""
    write(client, 1, "A text of Amina's.")
    answer_about_you(client)
    client.post("/elements-paper/come-back/mail/", {"email": "amina@example.org"})
    queue_pass(Draft.objects.get(), "https://example.org/", at=database_now())
    client.post("/elements-paper/send/")
    one = Submission.objects.get()
    send(consultation, {1: "Of somebody else.", 6: FIRST}, email="other@example.org")
    tag = Tag.objects.create(consultation=consultation, name="Gender")
    theme = consultation.themes.get(number=1)
    Highlight.objects.create(reference=one.reference, theme=theme, tag=tag, passage="text of Amina's")
    move_cutoff_behind_now(consultation)
    cutoff_changes.close_due_consultations()
    records.write_due_records()
    return one


def write_down(client: Client, **fields: str) -> PersonalDataRequest:
    answer = client.post(f"{URL}add/", {"identified_by": "An answer from the confirmed address.", **fields})
    assert answer.status_code == 302, answer.content.decode()
    return PersonalDataRequest.objects.latest("pk")


def agree(colleagues, **fields: str) -> PersonalDataRequest:
    request = write_down(colleagues[0], **fields)
    colleagues[1].post(f"{URL}{request.pk}/answer/", {"approve": ""})
    request.refresh_from_db()
    assert request.is_approved
    return request


def carry_out(*arguments: str) -> str:
    out = io.StringIO()
    with as_owner():
        call_command("personal_data", *arguments, stdout=out)
    return out.getvalue()


def verify() -> list[str]:
    out = io.StringIO()
    call_command("verify_record", "elements-paper", stdout=out)
    return out.getvalue().splitlines()


def everything() -> str:
    """Every row of every table, as its owner sees it."""
    with owner_connection() as owner:
        tables = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
        return "\n".join(str(row) for (table,) in tables for (row,) in owner.execute(f"SELECT t::text FROM {table} t"))


def in_the_record(record: Record) -> bytes:
    with record.file.open("rb") as stored, zipfile.ZipFile(stored) as zipped:
        return b"\n".join(zipped.read(name) for name in zipped.namelist())


def test_two_persons(colleagues, sent):
    request = write_down(colleagues[0], kind="texts", reference=sent.reference.lower())
    assert (
        "A second person approves it"
        in colleagues[0].post(f"{URL}{request.pk}/answer/", {"approve": ""}, follow=True).content.decode()
    )
    with pytest.raises(CommandError, match="not approved by a second person"):
        carry_out("--carry-out", str(request.pk))
    colleagues[1].post(f"{URL}{request.pk}/answer/", {"decline": ""})
    # Answered is answered.
    colleagues[1].post(f"{URL}{request.pk}/answer/", {"approve": ""})
    with pytest.raises(CommandError, match="not approved"):
        carry_out("--carry-out", str(request.pk))
    with pytest.raises(CommandError, match="There is no request"):
        carry_out("--carry-out", "999")
    assert Erasure.objects.count() == 0


def test_what_is_no_reference_is_refused(colleagues, sent):
    answer = colleagues[0].post(f"{URL}add/", {"kind": "texts", "reference": "NONE-0000-0000", "identified_by": "x"})
    assert "Nothing was sent under this reference" in answer.content.decode()
    assert PersonalDataRequest.objects.count() == 0
    answer = colleagues[0].post(f"{URL}add/", {"kind": "correct", "reference": sent.reference, "identified_by": "x"})
    assert "Give the name or the address as it should be" in answer.content.decode()


def test_see(colleagues, sent):
    request = agree(colleagues, kind="see", reference=sent.reference)
    views = ContactView.objects.count()
    held = json.loads(colleagues[1].get(f"{URL}{request.pk}/held/").content)
    assert held["submissions"][0]["email"] == "amina@example.org"
    assert held["submissions"][0]["texts"]["1"]["text"] == "A text of Amina's."
    assert [mail["recipient"] for mail in held["mails"]] == ["amina@example.org"] * 2
    assert len(held["drafts"]) == 1
    assert "other@example.org" not in json.dumps(held)
    assert ContactView.objects.count() == views + 1
    # The same on the command line, by the address.
    assert json.loads(carry_out("--held-about", "AMINA@example.org"))[0]["reference"] == sent.reference


def test_erase_everything(colleagues, sent, client):
    before = Record.objects.get()
    old_file = str(before.file.name)
    request = agree(colleagues, kind="texts", reference=sent.reference)
    assert "1 versions changed" in carry_out("--carry-out", str(request.pk))
    one = Submission.objects.get(reference=sent.reference)
    assert (one.contact_name, one.email, one.content_sha256) == (ERASED_NAME, ERASED_EMAIL, sent.content_sha256)
    assert one.contributions.get().text == ERASED_TEXT
    assert (Draft.objects.count(), Mail.objects.filter(submission=one).count(), Highlight.objects.count()) == (0, 0, 0)
    # Nowhere in the database any more: neither the address, nor the name, nor the text, the trail included.
    stored = everything()
    for gone in ("amina@example.org", "A text of Amina's", "text of Amina's"):
        assert gone not in stored
    # Somebody else is as before.
    other = Submission.objects.exclude(reference=sent.reference).get()
    assert (other.email, other.contributions.get(theme__number=1).text) == ("other@example.org", "Of somebody else.")
    # The record is written again, without it, and says what its file was before.
    assert Record.objects.get().written_at is None
    records.write_due_records()
    after = Record.objects.get()
    content = in_the_record(after)
    assert b"amina@example.org" not in content
    assert b"A text of Amina" not in content
    assert before.sha256.encode() in content
    assert f"{sent.reference}: Name, address and texts".encode() in content
    assert FormerRecord.objects.get().sha256 == before.sha256
    assert not default_storage.exists(old_file)
    assert verify()[-2:] == [
        "SHA256SUMS: right.",
        "Commitments: 1 sendings say what they said when they were sent; of 1 a part was erased since.",
    ]
    erasure = Erasure.objects.get()
    assert erasure.digests == {"1": sent.content_sha256}
    # After a restore it is done again, and nothing is different.
    carry_out("--repeat")
    # The trail is whole, and says where something was taken out of it.
    assert "1 rows without what was erased." in list(trail.verify())
    assert everything().count(ERASED_EMAIL) == stored.count(ERASED_EMAIL)


def test_erase_contacts_and_keep_the_texts(colleagues, sent):
    request = agree(colleagues, kind="contacts", reference=sent.reference)
    carry_out("--carry-out", str(request.pk))
    one = Submission.objects.get(reference=sent.reference)
    assert (one.email, one.contributions.get().text) == (ERASED_EMAIL, "A text of Amina's.")
    stored = everything()
    assert "amina@example.org" not in stored
    assert "A text of Amina's." in stored


def test_correct(colleagues, sent):
    request = agree(colleagues, kind="correct", reference=sent.reference, new_email="right@example.org")
    carry_out("--carry-out", str(request.pk))
    one = Submission.objects.get(reference=sent.reference)
    assert (one.email, one.contact_name) == ("right@example.org", sent.contact_name)
    records.write_due_records()
    assert b"right@example.org" in in_the_record(Record.objects.get())
    assert verify()[-2:] == [
        "SHA256SUMS: right.",
        "Commitments: 1 sendings say what they said when they were sent; of 1 a part was erased since.",
    ]
    # Erased later, what the earlier request said goes too.
    carry_out("--carry-out", str(agree(colleagues, kind="contacts", reference=sent.reference).pk))
    assert "right@example.org" not in everything()


def test_a_late_access_is_erased_with_its_trail(colleagues, consultation, admin_user):
    given = make_late_access(consultation, admin_user, for_whom="Boris Petrov", email="boris@example.org")
    one = submit(
        consultation=consultation, respondent=make_respondent(), contents=contents(consultation, {1: "Late."}),
        sending_key=uuid.uuid4(), admission=Admission(way="late-link", reason="x", late_access=given),
    ).submission  # fmt: skip
    carry_out("--carry-out", str(agree(colleagues, kind="contacts", reference=one.reference).pk))
    assert "boris@example.org" not in everything()
    assert "Boris Petrov" not in everything()


def test_a_superseded_record_is_written_again_too(colleagues, sent, consultation):
    consultation.refresh_from_db()
    reopen(consultation, database_now() + timedelta(days=1))
    move_cutoff_behind_now(consultation)
    cutoff_changes.close_due_consultations()
    records.write_due_records()
    assert Record.objects.filter(written_at__isnull=False).count() == 2
    carry_out("--carry-out", str(agree(colleagues, kind="texts", reference=sent.reference).pk))
    records.write_due_records()
    assert Record.objects.filter(written_at__isnull=False).count() == 2
    for record in Record.objects.all():
        assert b"amina@example.org" not in in_the_record(record)
    names = [name for _folder, _dirs, files in os.walk(default_storage.location) for name in files]
    assert len(names) == 2
