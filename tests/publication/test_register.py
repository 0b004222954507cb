"""The register: filled by the worker, signed, given out in tiles, and found out when somebody rewrites it."""

import html
import json
import re
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management import CommandError, call_command
from django.db import DatabaseError

from publication.models import RegisterCheckpoint, RegisterEntry, RegisterLog
from publication.register import log as register_log
from publication.register import tiles
from publication.register.checking import RegisterBroken, check_register
from publication.register.log import append_and_sign
from publication.register.notes import signer, verifiers
from publication.register.tree import root_of, tree_root
from publication.verifier import verify
from publication.verifier.page import PYTHON, SENTENCES
from submissions.models import Admission, Way
from submissions.sending.submit import submit
from submissions.sending.withdraw import withdraw
from tests.factories import contents, make_late_access, make_respondent, move_cutoff_behind_now, reopen, send
from tests.publication.auditing import forge_entry, later_than_an_hour, run_verifier
from tests.publication.tampering import RECEIPT_CHANGES, change
from tests.roles import owner_connection
from tests.visitor import HOME, answer_about_you, write
from themes import cutoff_changes
from themes.intake import database_now
from themes.models import Consultation

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
REGISTER = f"{HOME}register/"
FOLDER = PYTHON.parent


@pytest.fixture(autouse=True)
def key(settings):
    settings.REGISTER_KEY = "a secret of the register, for tests"


def public_keys() -> list[tuple[str, bytes]]:
    key = signer()
    assert key is not None
    return [verify.read_key(key.verifier)]


def test_each_sending_and_each_withdrawal_is_one_entry(consultation):
    sent = [send(consultation, {1: f"Text {n}."}).submission for n in range(5)]
    assert append_and_sign() == 5
    send(consultation, {1: "Again."}, amends=sent[0].reference)
    withdraw(sent[1])
    assert (append_and_sign(), append_and_sign()) == (2, 0)
    entries = RegisterEntry.objects.order_by("index")
    assert [entry.index for entry in entries] == list(range(7))
    assert [entry.kind for entry in entries][5:] == ["sent", "withdrawn"]
    # Within a batch they stand by their commitments, and not by who came first.
    first = [bytes(entry.commitment) for entry in entries][:5]
    assert first == sorted(first)
    assert list(check_register(consultation)) == [
        "in-time: 7 entries, as 1 checkpoints say.",
        "7 entries: 6 sendings and 1 withdrawals, each of them once.",
    ]


def test_it_is_signed_once_an_hour_when_it_has_grown(consultation):
    append_and_sign()
    assert not RegisterCheckpoint.objects.exists()
    send(consultation, {1: "a"})
    append_and_sign()
    send(consultation, {1: "b"})
    append_and_sign()
    assert [one.size for one in RegisterCheckpoint.objects.all()] == [1]
    later_than_an_hour()
    append_and_sign()
    later_than_an_hour()
    append_and_sign()
    assert [one.size for one in RegisterCheckpoint.objects.all()] == [1, 2]
    assert next(iter(check_register(consultation))) == "in-time: 2 entries, as 2 checkpoints say."


def test_a_closing_is_signed_at_once_and_what_is_late_stands_apart(consultation, admin_user):
    for n in range(3):
        send(consultation, {1: f"In time {n}."})
    append_and_sign()
    send(consultation, {1: "In the last moment."})
    move_cutoff_behind_now(consultation)
    cutoff_changes.close_due_consultations()
    closed = Consultation.objects.get(pk=consultation.pk)
    append_and_sign()
    in_time = RegisterLog.objects.get(part="in-time")
    last = in_time.checkpoints.last()
    assert (last.size, last.closed_at) == (4, closed.closed_at)
    admission = Admission(way=Way.LATE_LINK, late_access=make_late_access(consultation, admin_user), reason="x")
    submit(
        consultation=closed,
        respondent=make_respondent(),
        contents=contents(closed, {1: "Late."}),
        sending_key=uuid.uuid4(),
        admission=admission,
    )
    append_and_sign()
    late = RegisterLog.objects.get(part="late")
    assert (RegisterLog.objects.get(part="in-time").size, late.size) == (4, 1)
    assert late.checkpoints.get().note.splitlines()[0].endswith("/elements-paper/register/late")
    assert in_time.checkpoints.filter(closed_at__isnull=False).count() == 1
    # Re-opened, what comes in is in time again, and the next closing is signed, too.
    reopen(closed, database_now() + timedelta(days=30))
    send(consultation, {1: "In the second time."})
    append_and_sign()
    assert RegisterLog.objects.get(part="in-time").size == 5
    assert len(list(check_register(consultation))) == 3


def test_without_a_key_entries_are_written_and_nothing_is_signed(consultation, settings, client):
    settings.REGISTER_KEY = ""
    send(consultation, {1: "a"})
    assert append_and_sign() == 1
    assert not RegisterCheckpoint.objects.exists()
    assert client.get(f"{REGISTER}checkpoint").status_code == 404
    assert b"Nothing is signed yet." in client.get(REGISTER).content


@pytest.mark.parametrize("batches", [[1], [255, 1], [256], [257], [300, 300, 1], [70_000]])
def test_tiles_hold_the_tree_whatever_the_batches(consultation, batches):
    log = RegisterLog.objects.create(consultation=consultation, part="in-time")
    hashes: list[bytes] = []
    for size in batches:
        new = [tiles.WIDTH.to_bytes(4) + (len(hashes) + n).to_bytes(28) for n in range(size)]
        tiles.append(log, new)
        hashes += new
        log.size = len(hashes)
        log.save()
    read = tiles.Tiles(log)
    assert [one for index in range(-(-len(hashes) // 256)) for one in read.hashes(0, index)] == hashes
    for size in {1, len(hashes), len(hashes) // 2 + 1}:
        assert tree_root(size, read.node) == root_of(hashes[:size])


def test_its_files_are_those_of_c2sp(consultation, client, monkeypatch):
    """A monitor that knows nothing but the checkpoint and the tiles works the same root out."""
    for n in range(300):
        send(consultation, {1: f"Text {n}."})
    append_and_sign()
    note = client.get(f"{REGISTER}checkpoint").content.decode()
    origin, size, root = verify.read_checkpoint(note, public_keys())
    assert (origin, size) == (f"{register_log.host()}/elements-paper/register", 300)
    whole = client.get(f"{REGISTER}tile/0/000")
    part = client.get(f"{REGISTER}tile/0/001.p/44")
    assert (len(whole.content), len(part.content)) == (256 * 32, 44 * 32)
    assert "immutable" in whole["Cache-Control"]
    assert "immutable" not in part["Cache-Control"]
    hashes = tiles.cut(whole.content + part.content)
    assert root_of(hashes) == root
    assert client.get(f"{REGISTER}tile/1/000.p/1").content == root_of(hashes[:256])
    leaves = read_entries(client.get(f"{REGISTER}tile/entries/000").content)
    leaves += read_entries(client.get(f"{REGISTER}tile/entries/001.p/44").content)
    assert [verify.sha256(b"\x00" + leaf) for leaf in leaves] == hashes
    assert {tuple(sorted(json.loads(leaf))) for leaf in leaves} == {("commitment", "kind", "round", "v")}
    # What is not signed yet is not given out; nor is what there is not.
    send(consultation, {1: "Later."})
    append_and_sign()
    for path in (
        *("tile/0/001.p/45", "tile/0/001", "tile/0/000.p/0", "tile/0/000.p/256", "tile/2/000.p/1", "tile/0/x999/999"),
        *("tile/entries/001.p/45", "late/checkpoint", "consistency/0.json", "consistency/301.json", "tile/99/000"),
    ):
        assert client.get(f"{REGISTER}{path}").status_code == 404, path
    assert client.get("/nowhere/register/checkpoint").status_code == 404


def read_entries(bundle: bytes) -> list[bytes]:
    found = []
    while bundle:
        length = int.from_bytes(bundle[:2])
        found.append(bundle[2 : 2 + length])
        bundle = bundle[2 + length :]
    return found


@pytest.fixture
def downloaded(consultation, client, tmp_path) -> Path:
    """What a stakeholder has: the receipt's proof, where it stands, and the check."""
    for n in range(9):
        send(consultation, {1: f"Text {n}."})
    write(client, 1, "On areas one and two.")
    write(client, 2, "Both of them.")
    answer_about_you(client)
    assert client.post(f"{HOME}send/").status_code == 303
    assert client.get(f"{HOME}receipt/inclusion.json")["Location"] == REGISTER
    append_and_sign()
    for name, url in {
        "proof.json": f"{HOME}receipt.proof.json",
        "inclusion.json": f"{HOME}receipt/inclusion.json",
        "verify.py": f"{REGISTER}verify.py",
    }.items():
        answer = client.get(url)
        assert answer.status_code == 200, url
        (tmp_path / name).write_bytes(answer.content)
    return tmp_path


def test_a_stakeholder_checks_with_python_alone(downloaded):
    status, words = run_verifier(downloaded, "proof.json", "inclusion.json")
    assert status == 0, words
    assert words.startswith("Right: What the proof holds (3 of 3 parts with their words) is entry ")
    assert " of 10 in " in words


@pytest.mark.parametrize(("name", "path", "to", "reason"), RECEIPT_CHANGES)
def test_one_changed_bit_is_refused_with_its_reason(downloaded, name, path, to, reason):
    change(downloaded, name, *path, to=to)
    status, words = run_verifier(downloaded, "proof.json", "inclusion.json")
    assert status == 1
    assert words.startswith("Wrong: ")
    assert reason in words


def test_with_another_key_nothing_is_right(downloaded, settings):
    settings.REGISTER_KEY = "another secret of thirty-two characters"
    status, words = run_verifier(downloaded, "proof.json", "inclusion.json")
    assert (status, words) == (1, "Wrong: The checkpoint is not signed with this key, or was changed.")


def test_an_owner_who_rewrites_it_is_found_out_by_a_checkpoint_that_was_kept(consultation, client, tmp_path, capsys):
    """Entries, tiles and signatures made anew, with every right and the key itself."""
    for n in range(6):
        send(consultation, {1: f"Text {n}."})
    append_and_sign()
    kept = tmp_path / "kept.txt"
    kept.write_text(client.get(f"{REGISTER}checkpoint").content.decode())
    send(consultation, {1: "One more."})
    later_than_an_hour()
    append_and_sign()
    (tmp_path / "verify.py").write_bytes(PYTHON.read_bytes())

    def compared() -> tuple[int, str]:
        (tmp_path / "steps.json").write_bytes(client.get(f"{REGISTER}consistency/6.json").content)
        return run_verifier(tmp_path, "--earlier", "kept.txt", "steps.json")

    status, words = compared()
    assert (status, words.partition("/register ")[2]) == (
        0,
        "still begins with the 6 entries that it had; it has 7 now.",
    )
    with pytest.raises(DatabaseError):
        RegisterEntry.objects.filter(index=2).update(commitment=b"x" * 32)
    forge_entry(2)
    append_and_sign()
    # By itself it looks right; what was kept elsewhere says that it is another one.
    assert len(list(check_register(consultation))) == 2
    status, words = compared()
    assert (status, "the register was rewritten" in words or "does not lead to" in words) == (1, True)
    with pytest.raises(CommandError, match="not of these entries: they were changed"):
        call_command("verify_register", "elements-paper", checkpoint=str(kept))


def test_another_key_signs_from_now_on_and_the_former_is_still_taken(consultation, settings, client):
    send(consultation, {1: "a"})
    append_and_sign()
    settings.REGISTER_KEY, settings.REGISTER_KEY_FALLBACKS = "the next secret of the register", [settings.REGISTER_KEY]
    send(consultation, {1: "b"})
    later_than_an_hour()
    append_and_sign()
    assert next(iter(check_register(consultation))) == "in-time: 2 entries, as 2 checkpoints say."
    page = client.get(REGISTER).content.decode()
    assert [page.count(html.escape(one)) for one in verifiers()] == [2, 2]
    # Nor does a site that has moved to another host forget what it signed before.
    settings.PUBLIC_URL = "https://elsewhere.example.org"
    assert next(iter(check_register(consultation))) == "in-time: 2 entries, as 2 checkpoints say."
    settings.REGISTER_KEY_FALLBACKS = []
    # One that was lost is named, and its public key takes its place once somebody has said that it was ours.
    former = RegisterCheckpoint.objects.earliest("pk").public_key
    with pytest.raises(RegisterBroken, match=r"is not signed with this key.* It names this one: testserver/register"):
        list(check_register(consultation))
    settings.REGISTER_KEY_FALLBACKS = [former]
    assert next(iter(check_register(consultation))) == "in-time: 2 entries, as 2 checkpoints say."


def test_what_is_missing_or_changed_is_said(consultation):
    for n in range(3):
        send(consultation, {1: f"Text {n}."})
    append_and_sign()
    send(consultation, {1: "Not yet."})
    with pytest.raises(RegisterBroken, match="1 sendings or withdrawals have no entry"):
        list(check_register(consultation))
    append_and_sign()
    assert len(list(check_register(consultation))) == 2
    with owner_connection() as owner:
        owner.execute("UPDATE publication_registertile SET hashes = overlay(hashes PLACING '\\x00' FROM 1 FOR 1)")
    with pytest.raises(RegisterBroken, match="Tile 0/0 of in-time does not hold"):
        list(check_register(consultation))


def test_ed25519_of_the_verifier_is_that_of_the_library():
    for n in range(20):
        key = Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32)
        public, message = key.public_key().public_bytes_raw(), bytes(range(n))
        signature = key.sign(message)
        assert verify.is_signed(public, message, signature)
        assert not verify.is_signed(public, message + b"x", signature)
        flipped = bytes([signature[0] ^ 1]) + signature[1:]
        assert not verify.is_signed(public, message, flipped)
        high = signature[:32] + (int.from_bytes(signature[32:], "little") + verify.L).to_bytes(32, "little")
        assert not verify.is_signed(public, message, high)


def test_the_page_says_what_python_says():
    """Every sentence of the two verifiers, and each of those that are translated, is one of the other two."""
    script, python = (path.read_text(encoding="utf-8") for path in (FOLDER / "verify.js", FOLDER / "verify.py"))
    in_script = set(re.findall(r'(?:new Wrong|said)\(\s*"([^"]+)"', script))
    assert in_script == set(SENTENCES)
    # What only the page has to say.
    alone = {"Right", "Wrong", "Checking…", "The public key is missing."}
    alone |= {
        one for one in SENTENCES if one.startswith(("Choose the proof", "This browser cannot", "Two of one kind"))
    }
    flat = re.sub(r"\{[^}]*\}", "{}", re.sub(r'"\n\s*f?"', "", python))
    wanted = {re.sub(r"\{[^}]*\}", "{}", one) for one in in_script - alone}
    assert {one for one in wanted if one not in flat} == set()
    raised = set(re.findall(r'Wrong\(f?"([^"]+)"', flat))
    assert len(raised) > 20
    assert raised - wanted == set()
