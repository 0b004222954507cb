"""The archive: valid for those who validate, checked by Python alone, gone as soon as something is held back."""

import csv
import hashlib
import io
import json
import subprocess
import sys
import warnings
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client

from publication import gate, sweep
from publication.archive.proofs import proofs_of
from publication.models import PublicArchive, PublishedText
from publication.register.log import append_and_sign
from publication.register.notes import signer
from submissions.review.redaction import BAR, redact
from submissions.text.content import Content, ProposedWording
from submissions.text.spreadsheet import restore
from tests.factories import ARABIC, CHINESE, ENGLISH, FIRST, reopen, send, theme
from tests.publication.publishing import people, publish
from tests.publication.tampering import ARCHIVE_CHANGES, change_archive
from tests.roles import owner_connection
from tests.visitor import HOME
from themes.intake import database_now

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]
ARCHIVE = f"{HOME}contributions/archive.zip"


@pytest.fixture(autouse=True)
def key(settings):
    settings.REGISTER_KEY = "a secret of the register, for tests"


@pytest.fixture
def published(consultation):
    send(consultation, {1: FIRST, 2: ENGLISH}, organisation="Atoll Union", country="TV")
    send(consultation, {1: CHINESE, 3: ARABIC}, organisation="Zhu", language="zh")
    unnamed = Content("Not named.", (ProposedWording("9", "x", ""),))
    send(consultation, {2: unnamed}, consent="anonymous", organisation="Nobody")
    for n in range(gate.MIN_ANONYMOUS_SENDERS):
        send(consultation, {2: f"Unsigned {n}."}, consent="anonymous", organisation=f"Secret {n}")
    append_and_sign()
    publish(consultation)
    return consultation


def download(folder: Path) -> Path:
    answer = Client().get(ARCHIVE)
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)
    answer.close()
    assert hashlib.sha256(content).hexdigest() == answer["X-Content-SHA256"]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        archive.extractall(folder / "unpacked")
    return folder / "unpacked"


def alone(folder: Path, *arguments: str) -> tuple[int, str]:
    """By Python alone: no site packages, no environment."""
    command = [sys.executable, "-I", "-S", "verify.py", *arguments]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env={"LANG": "C.UTF-8"})
    return done.returncode, done.stdout + done.stderr


def test_it_says_the_same_in_each_of_its_files(tmp_path, published):
    folder = download(tmp_path)
    with (folder / "contributions.csv").open(encoding="utf-8", newline="") as file:
        cells = list(csv.DictReader(file))
    lines = [json.loads(line) for line in (folder / "contributions.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [restore(row["text"]) for row in cells] == [line["text"] for line in lines]
    assert {line["text"] for line in lines} >= {FIRST.text, ENGLISH, CHINESE, ARABIC, "Not named."}
    ids = [line["id"] for line in lines]
    assert ids == sorted(PublishedText.objects.values_list("public_id", flat=True))
    # A spreadsheet runs nothing of it.
    assert all(not cell.startswith(("=", "+", "-", "@")) for row in cells for cell in row.values())
    proposals = [json.loads(line) for line in (folder / "proposals.jsonl").read_text(encoding="utf-8").splitlines()]
    assert sorted(row["wording"] for row in proposals) == ["A link for each village", "x"]


def test_frictionless_and_csvw_find_nothing_wrong(tmp_path, published):
    """As its users would, each by its own command."""
    folder = download(tmp_path)
    tools = Path(sys.executable).parent
    for command in (["frictionless", "validate", "datapackage.json"], ["csvwvalidate", "csv-metadata.json"]):
        done = subprocess.run(
            [str(tools / command[0]), *command[1:]], cwd=folder, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
    # A package that lies is found out.
    lines = (folder / "contributions.csv").read_bytes().replace(b",true,", b",perhaps,", 1)
    (folder / "contributions.csv").write_bytes(lines)
    done = subprocess.run(
        [str(tools / "frictionless"), "validate", "datapackage.json"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1


def test_python_alone_checks_it(tmp_path, published):
    folder = download(tmp_path)
    public = signer().verifier
    code, output = alone(folder, "--key", public, "--archive", ".")
    # Four texts of two senders, who gave their names to all that they sent.
    assert (code, output) == (
        0,
        "Right: 12 files are as their sums say; 4 of 10 texts in contributions.jsonl stand in the register,"
        " word for word.\n",
    )
    assert "compare it with the one on the register's page" in alone(folder, "--archive", ".")[1]


@pytest.mark.parametrize("what", ARCHIVE_CHANGES)
def test_what_was_changed_in_it_is_found(tmp_path, published, what):
    folder = download(tmp_path)
    reason = change_archive(folder, what)
    code, output = alone(folder, "--key", signer().verifier, "--archive", ".")
    assert (code, reason in output) == (1, True), output


def test_what_is_held_back_is_in_no_archive_from_that_moment(client, tmp_path, published):
    before = PublicArchive.objects.get()
    row = PublishedText.objects.get(name="Atoll Union", theme_number=1)
    redact(row.reference, theme(published, 1), "Li Wei", reason="x", by=people()[0])
    answer = client.get(ARCHIVE)
    assert (answer.status_code, answer["Retry-After"]) == (503, "60")
    assert client.get(f"{HOME}contributions/dataset.jsonld").status_code == 503
    assert "is being written" in client.get(f"{HOME}contributions/archive/").content.decode()
    sweep.keep_up()
    assert not default_storage.exists(str(before.file))
    folder = download(tmp_path)
    texts = (folder / "contributions.jsonl").read_text(encoding="utf-8")
    everything = b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())
    assert (BAR in texts, b"Li Wei" in everything) == (True, False)
    # Its other text is still proven; of the one with a bar only its author can show what it says.
    assert "3 of 10 texts" in alone(folder, "--key", signer().verifier, "--archive", ".")[1]


def test_a_bar_that_is_not_committed_yet_is_in_it_or_it_is_not_given_out(client, published):
    """Somebody blacks out a passage in a transaction that the worker cannot see, while it writes the archive."""
    row = PublishedText.objects.get(name="Atoll Union", theme_number=1)
    PublicArchive.objects.update(is_current=False)
    with owner_connection() as other:
        other.execute("BEGIN")
        other.execute(
            "INSERT INTO submissions_redaction (reference, theme_id, passage, reason) VALUES (%s, %s, 'Li Wei', 'x')",
            [row.reference, theme(published, 1).pk],
        )
        sweep.keep_up()
        assert client.get(ARCHIVE).status_code == 503
        other.execute("COMMIT")
    sweep.keep_up()
    with zipfile.ZipFile(io.BytesIO(b"".join(client.get(ARCHIVE).streaming_content))) as archive:
        assert b"Li Wei" not in archive.read("contributions.csv")


def test_the_same_texts_give_the_same_bytes(published):
    first = PublicArchive.objects.get()
    PublicArchive.objects.update(is_current=False)
    sweep.keep_up()
    again = PublicArchive.objects.get()
    assert (again.pk != first.pk, again.sha256) == (True, first.sha256)


def test_catalogues_read_what_it_is(client, published):
    archive = PublicArchive.objects.get()
    answer = client.get(f"{HOME}contributions/dataset.jsonld")
    assert answer["Content-Type"] == "application/ld+json"
    described = answer.json()
    [file] = described["distribution"]
    assert (file["sha256"], file["dcat:byteSize"]) == (archive.sha256, archive.size)
    assert described["license"] == ["https://creativecommons.org/licenses/by/4.0/"]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own
        from rdflib import RDF, Graph, URIRef

        graph = Graph().parse(data=json.dumps(described), format="json-ld")
    kinds = set(graph.objects(URIRef(described["@id"]), RDF.type))
    assert {URIRef("http://www.w3.org/ns/dcat#Dataset"), URIRef("https://schema.org/Dataset")} <= kinds


def test_a_full_disk_leaves_no_half_archive(published, monkeypatch):
    PublicArchive.objects.update(is_current=False)

    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(default_storage, "save", full)
    sweep.keep_up()
    assert not PublicArchive.objects.filter(is_current=True).exists()
    monkeypatch.undo()
    sweep.keep_up()
    assert PublicArchive.objects.get().written_at is not None
    assert default_storage.size(str(PublicArchive.objects.get().file)) > 0


def test_a_worker_that_was_killed_leaves_none_that_is_never_written(client, published):
    """It had noted one, and perhaps stored its file."""
    PublicArchive.objects.update(is_current=False)
    left = PublicArchive.objects.create(consultation=published)
    name = default_storage.save(f"public/{published.slug}/{left.pk}.zip", ContentFile(b"half of it"))
    assert client.get(ARCHIVE).status_code == 503
    sweep.keep_up()
    answer = client.get(ARCHIVE)
    assert answer.status_code == 200
    answer.close()
    assert (PublicArchive.objects.count(), default_storage.exists(name)) == (1, False)


def test_who_has_no_proof_is_not_who_also_wrote_without_a_name(tmp_path, consultation):
    """One whose line is missing among many would be the one; so there is none as long as they are few."""
    for n in range(6):
        send(consultation, {1: f"Named {n}."}, organisation=f"Member {n}")
    for n in range(gate.MIN_ANONYMOUS_SENDERS):
        both: dict[int, str | Content] = {1: f"Both {n}.", 2: Content(f"Unnamed {n}.", (), "anonymous")}
        send(consultation, both, organisation=f"Both ways {n}")
        if n == 0:
            for k in range(gate.MIN_ANONYMOUS_SENDERS):
                send(consultation, {2: f"Unsigned {k}."}, consent="anonymous", organisation=f"Secret {k}")
            append_and_sign()
            assert lines_of(consultation) == 0
    append_and_sign()
    assert lines_of(consultation) == 6


def lines_of(consultation) -> int:
    """How many proofs there would be."""
    closed_at = consultation.closed_at
    publish(consultation)
    count = len(list(proofs_of(consultation)))
    if closed_at is None:
        reopen(consultation, database_now() + timedelta(days=3))
        consultation.refresh_from_db()
    return count
