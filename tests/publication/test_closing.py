"""What follows a closing: its checkpoint is mailed to every sender, stands in the record, and tells on who rewrites."""

import io
import re
import zipfile
from datetime import timedelta

import pytest
from django.core import mail as sent_mail
from django.core.management import CommandError, call_command
from django.db import transaction

from publication import mailings
from publication.mailings import queue_due
from publication.models import Mailing, RegisterCheckpoint, RegisterLog
from publication.register import closing
from publication.register import log as register_log
from publication.register.log import append_and_sign
from publication.verifier import verify
from publication.verifier.page import PYTHON
from submissions.export import records
from submissions.mail import outbox
from submissions.models import EmailConfirmation, Mail, Record, Submission
from submissions.sending import confirmation
from submissions.sending.withdraw import withdraw
from tests.factories import move_cutoff_behind_now, reopen, send
from tests.publication.auditing import forge_entry, run_verifier
from tests.roles import owner_connection
from tests.visitor import HOME
from themes import cutoff_changes
from themes.intake import database_now
from themes.models import Consultation
from wsis.single_worker import single_worker

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


@pytest.fixture(autouse=True)
def key(settings):
    settings.REGISTER_KEY = "a secret of the register, for tests"


def sent(consultation, email: str, **answers) -> Submission:
    """With an address that was confirmed."""
    answers = {"language": "en", **answers}
    submission = send(consultation, {1: f"From {email}."}, email=email, **answers).submission
    confirmation.confirm(EmailConfirmation.objects.get(submission=submission))
    return submission


def close(consultation) -> None:
    move_cutoff_behind_now(consultation)
    cutoff_changes.close_due_consultations()


def recipients() -> list[str]:
    return sorted(Mail.objects.filter(subject__startswith="Keep this").values_list("recipient", flat=True))


def verified() -> list[str]:
    out = io.StringIO()
    call_command("verify_record", "elements-paper", stdout=out)
    return out.getvalue().splitlines()


def in_record(name: str) -> str:
    record = Record.objects.get()
    with record.file.open("rb") as stored, zipfile.ZipFile(stored) as zipped:
        return zipped.read(name).decode()


def test_every_sender_is_mailed_it_once_where_the_address_is_confirmed(consultation, monkeypatch):
    monkeypatch.setattr(mailings, "BATCH_SIZE", 2)
    first, *_others = [sent(consultation, f"{n}@example.org") for n in range(5)]
    send(consultation, {1: "Nobody confirmed it."}, email="unconfirmed@example.org")
    withdraw(sent(consultation, "withdrawn@example.org"))
    again = send(consultation, {1: "Again."}, amends=first.reference, email="0@example.org", language="en").submission
    append_and_sign()
    assert queue_due() == 0
    close(consultation)
    append_and_sign()
    # Of a worker that is killed half-way the next one goes on.
    monkeypatch.setattr(mailings, "MAILS_IN_A_SWEEP", 2)
    assert queue_due() == 2
    monkeypatch.setattr(mailings, "MAILS_IN_A_SWEEP", 100)
    assert (queue_due(), queue_due()) == (3, 0)
    assert recipients() == [f"{n}@example.org" for n in range(5)]
    assert Mail.objects.get(subject__startswith="Keep this", recipient="0@example.org").submission == again
    (note,) = RegisterCheckpoint.objects.filter(closed_at__isnull=False).values_list("note", flat=True)
    for body in Mail.objects.filter(subject__startswith="Keep this").values_list("body", flat=True):
        assert note.strip("\n") in body
        assert f"{HOME}register/" in body
        assert "9 entries: one for each sending and each withdrawal" in body


def test_what_breaks_off_in_a_batch_mails_nobody_twice(consultation, monkeypatch):
    for n in range(3):
        sent(consultation, f"{n}@example.org")
    close(consultation)
    append_and_sign()
    whole, calls = closing.queue_to_sender, []

    def breaks(submission, **values):
        calls.append(submission)
        if len(calls) == 2:
            raise RuntimeError("killed")
        return whole(submission, **values)

    monkeypatch.setattr(closing, "queue_to_sender", breaks)
    assert queue_due() == 0
    assert recipients() == []
    assert queue_due() == 3
    assert recipients() == [f"{n}@example.org" for n in range(3)]


def test_two_workers_at_once_mail_it_once(consultation):
    sent(consultation, "a@example.org")
    close(consultation)
    append_and_sign()
    queue_due()
    Mailing.objects.update(finished_at=None, last_id=0)
    with transaction.atomic(), owner_connection() as owner:
        owner.autocommit = False
        owner.execute("SELECT 1 FROM publication_mailing FOR UPDATE")
        assert queue_due() == 0
        owner.rollback()


def test_it_is_in_the_language_of_the_pages(consultation):
    sent(consultation, "a@example.org", language="ar")
    close(consultation)
    append_and_sign()
    queue_due()
    mail = Mail.objects.order_by("pk").last()
    assert mail is not None
    assert mail.subject.startswith("احتفظ")
    assert not re.search(
        "[a-z]{3}", re.sub("Consultation elements-paper|Amina Otieno", "", mail.body.partition("-----")[0])
    )


def test_a_second_closing_is_mailed_again(consultation):
    sent(consultation, "a@example.org")
    close(consultation)
    append_and_sign()
    queue_due()
    reopen(Consultation.objects.get(pk=consultation.pk), database_now() + timedelta(days=3))
    sent(consultation, "b@example.org")
    assert queue_due() == 0
    close(consultation)
    append_and_sign()
    queue_due()
    assert recipients() == ["a@example.org", "a@example.org", "b@example.org"]


def test_it_stands_in_the_record_and_is_checked_with_it(consultation):
    for n in range(3):
        sent(consultation, f"{n}@example.org")
    withdraw(Submission.objects.order_by("pk")[1])
    close(consultation)
    # The record does not wait for the register's own sweep: what is missing is entered and signed.
    assert records.write_due_records()
    checkpoint = RegisterCheckpoint.objects.get(closed_at__isnull=False)
    assert in_record("register/in-time.checkpoint") == checkpoint.note
    assert verify.read_checkpoint(checkpoint.note, [verify.read_key(in_record("register/key.txt"))])[1] == 4
    assert "register/in-time.checkpoint: The register at this closing" in in_record("README.txt")
    assert verified()[-4:] == [
        "SHA256SUMS: right.",
        "Commitments: 3 sendings say what they said when they were sent.",
        "Register: in-time: 4 entries, as 2 checkpoints say.",
        "Register: 4 entries: 3 sendings and 1 withdrawals, each of them once.",
    ]


def test_another_checkpoint_in_the_record_is_named(consultation, tmp_path):
    sent(consultation, "a@example.org")
    close(consultation)
    records.write_due_records()
    copy = tmp_path / "copy.zip"
    with (
        Record.objects.get().file.open("rb") as stored,
        zipfile.ZipFile(stored) as old,
        zipfile.ZipFile(copy, "w") as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content.replace(b"\n1\n", b"\n2\n") if name.endswith(".checkpoint") else content)
    with pytest.raises(
        CommandError, match=r"register/in-time.checkpoint, line 2: the record says '2', the database '1'"
    ):
        call_command("verify_record", "elements-paper", file=copy, stdout=io.StringIO())


def test_a_withdrawal_without_its_entry_is_found(consultation):
    for n in range(2):
        sent(consultation, f"{n}@example.org")
    close(consultation)
    records.write_due_records()
    with owner_connection() as owner:
        owner.execute("ALTER TABLE publication_registerentry DISABLE TRIGGER USER")
        owner.execute("DELETE FROM publication_registerentry WHERE index = 1")
        owner.execute("ALTER TABLE publication_registerentry ENABLE TRIGGER USER")
    with pytest.raises(CommandError, match="Register: in-time has 1 entries and should have 2"):
        verified()


def test_a_record_of_before_stays_right(consultation, settings):
    settings.REGISTER_KEY = ""
    sent(consultation, "a@example.org")
    close(consultation)
    records.write_due_records()
    assert Record.objects.get().added_files == []
    settings.REGISTER_KEY = "a secret of the register, for tests"
    append_and_sign()
    assert verified()[-2:] == [
        "Register: in-time: 1 entries, as 1 checkpoints say.",
        "Register: 1 entries: 1 sendings and 0 withdrawals, each of them once.",
    ]


def test_also_when_the_key_is_lost_or_the_site_moves(consultation, settings):
    sent(consultation, "a@example.org")
    close(consultation)
    records.write_due_records()
    settings.PUBLIC_URL = "https://elsewhere.example.org"
    assert verified()[-1].startswith("Register: 1 entries")
    key = RegisterCheckpoint.objects.values_list("public_key", flat=True).distinct().get()
    settings.REGISTER_KEY = "another one"
    with pytest.raises(CommandError, match="Register: The checkpoint is not signed with this key"):
        verified()
    settings.REGISTER_KEY_FALLBACKS = [key]
    assert verified()[-1].startswith("Register: 1 entries")
    with owner_connection() as owner:
        owner.execute("ALTER TABLE publication_registercheckpoint DISABLE TRIGGER USER")
        owner.execute("UPDATE publication_registercheckpoint SET note = replace(note, E'\\n1\\n', E'\\n2\\n')")
        owner.execute("ALTER TABLE publication_registercheckpoint ENABLE TRIGGER USER")
    with pytest.raises(CommandError, match=r"in-time.checkpoint, line 2"):
        verified()


def test_a_register_that_cannot_be_written_costs_no_record(consultation, monkeypatch):
    """It is waited for; then the record is written without."""
    sent(consultation, "a@example.org")
    close(consultation)
    monkeypatch.setattr(register_log, "WAIT_FOR_SWEEP", timedelta(milliseconds=50))
    with single_worker(register_log.LOCK_SPACE) as is_mine:
        assert is_mine
        for attempt in range(1, 4):
            written = records.write_due_records()
            assert bool(written) == (attempt == 3)
            Record.objects.filter(written_at=None).update(due_at=database_now())
    record = Record.objects.get()
    assert (record.attempts, record.added_files) == (3, [])
    append_and_sign()
    assert verified()[-1].startswith("Register: 1 entries")


def test_a_log_rewritten_with_every_right_is_found_out_by_the_mail(consultation, client, tmp_path):
    """Entries, tiles, signatures and the record's own file made anew, by the owner of the database, with the key."""
    for n in range(4):
        sent(consultation, f"{n}@example.org")
    close(consultation)
    append_and_sign()
    queue_due()
    sent_mail.outbox.clear()
    outbox.send_due()
    (mail,) = [one for one in sent_mail.outbox if one.to == ["2@example.org"] and one.subject.startswith("Keep this")]
    # As a reader shows it: the whole text, and as an answer quotes it.
    (tmp_path / "mail.txt").write_text(str(mail.body))
    (tmp_path / "quoted.txt").write_text(re.sub(r"(?m)^", "> ", str(mail.body)).replace("\n", "\r\n"))
    (tmp_path / "verify.py").write_bytes(PYTHON.read_bytes())

    def compared(kept: str) -> str:
        (tmp_path / "steps.json").write_bytes(client.get(f"{HOME}register/consistency/4.json").content)
        return run_verifier(tmp_path, "--earlier", kept, "steps.json")[1]

    for kept in ("mail.txt", "quoted.txt"):
        assert compared(kept).startswith("Right: "), kept
    assert call(kept=str(tmp_path / "mail.txt"))[0] == "in-time: 4 entries, as 2 checkpoints say."
    forge_entry(2)
    append_and_sign()
    assert RegisterLog.objects.get().size == 4
    # By itself it looks right. The mail says that it is another one.
    assert list(call())[1].startswith("4 entries: 4 sendings")
    for kept in ("mail.txt", "quoted.txt"):
        assert "Two checkpoints of one size have different roots: the register was rewritten." in compared(kept)
        with pytest.raises(CommandError, match=r"The checkpoint from elsewhere of 4 entries .* they were changed"):
            call(kept=str(tmp_path / kept))


def call(kept: str | None = None) -> list[str]:
    out = io.StringIO()
    call_command("verify_register", "elements-paper", checkpoint=kept, stdout=out)
    return out.getvalue().splitlines()


def test_a_closing_that_is_undone_is_told_to_nobody_any_more(consultation, monkeypatch):
    for n in range(4):
        sent(consultation, f"{n}@example.org")
    outbox.send_due()
    close(consultation)
    append_and_sign()
    monkeypatch.setattr(mailings, "BATCH_SIZE", 2)
    monkeypatch.setattr(mailings, "MAILS_IN_A_SWEEP", 2)
    assert queue_due() == 2
    reopen(Consultation.objects.get(pk=consultation.pk), database_now() + timedelta(days=3))
    # Neither those who were not written to yet, nor those whose mail waits.
    assert queue_due() == 0
    sent_mail.outbox.clear()
    outbox.send_due()
    assert [one.subject for one in sent_mail.outbox if one.subject.startswith("Keep this")] == []
    assert not Mail.objects.filter(Mail.WAS_GIVEN_UP).exists()


def test_who_confirms_afterwards_is_mailed_then(consultation, monkeypatch):
    late = send(consultation, {1: "Late to confirm."}, email="late@example.org", language="en").submission
    sent(consultation, "a@example.org")
    close(consultation)
    append_and_sign()
    assert queue_due() == 1
    for _again in range(2):
        confirmation.confirm(EmailConfirmation.objects.get(submission=late))
    assert recipients() == ["a@example.org", "late@example.org"]
    assert queue_due() == 0


def test_who_confirms_before_their_turn_is_mailed_once(consultation, monkeypatch):
    sent(consultation, "a@example.org")
    late = send(consultation, {1: "Soon."}, email="late@example.org", language="en").submission
    close(consultation)
    append_and_sign()
    monkeypatch.setattr(mailings, "BATCH_SIZE", 1)
    monkeypatch.setattr(mailings, "MAILS_IN_A_SWEEP", 1)
    assert queue_due() == 1
    confirmation.confirm(EmailConfirmation.objects.get(submission=late))
    while queue_due():
        pass
    assert recipients() == ["a@example.org", "late@example.org"]


def test_of_two_versions_whichever_is_confirmed_the_one_that_counts_is_told_once(consultation):
    first = send(consultation, {1: "One."}, email="a@example.org", language="en").submission
    send(consultation, {1: "Two."}, amends=first.reference, email="a@example.org", language="en")
    close(consultation)
    append_and_sign()
    assert queue_due() == 0
    for row in EmailConfirmation.objects.order_by("pk"):
        confirmation.confirm(row)
    queue_due()
    assert recipients() == ["a@example.org"]
    assert Mail.objects.get(subject__startswith="Keep this").submission.version == 2


def test_whose_data_was_erased_is_mailed_nothing(consultation):
    erased = sent(consultation, "a@example.org")
    with owner_connection() as owner:
        owner.execute("SELECT submissions_erase(%s, 'contacts', 'request')", [[erased.reference]])
    close(consultation)
    append_and_sign()
    assert queue_due() == 0
    assert not Mail.objects.filter(recipient__endswith=".invalid", subject__startswith="Keep this").exists()


def test_one_that_fails_stops_no_other(consultation, monkeypatch):
    sent(consultation, "a@example.org")
    close(consultation)
    append_and_sign()

    def broken():
        raise RuntimeError("x")

    monkeypatch.setattr(mailings.followers, "remove_outdated", broken)
    assert queue_due() == 1
