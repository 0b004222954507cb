"""`manage.py export`: a whole file under its name, or none."""

import csv
import errno
import hashlib
import io
import re
import subprocess
import sys

import pytest
from django.core.management import CommandError, call_command

from submissions.export.sink import Sink
from submissions.models import Submission
from tests.factories import ENGLISH, send

pytestmark = pytest.mark.django_db(transaction=True)


def run(*arguments: str) -> str:
    text = io.StringIO()
    call_command("export", "elements-paper", *arguments, stderr=text)
    return text.getvalue()


@pytest.fixture
def one(consultation) -> Submission:
    return send(consultation, {1: ENGLISH}).submission


def test_a_file(one, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = run("--profile", "verbatim")
    (path,) = tmp_path.iterdir()
    assert re.fullmatch(r"elements-paper-contributions-workspace-verbatim-\d{8}T\d{6}Z\.csv", path.name)
    assert path.stat().st_mode & 0o777 == 0o600
    content = path.read_bytes()
    assert text.strip() == (f"{path.name}: 1 rows, {len(content)} bytes, SHA-256 {hashlib.sha256(content).hexdigest()}")
    (row,) = csv.DictReader(io.StringIO(content.decode(), newline=""))
    assert row["text"] == ENGLISH
    with pytest.raises(CommandError, match="is there already, and is not written over"):
        run("--to", path.name)
    assert path.read_bytes() == content


def test_half_a_file_is_never_left(one, tmp_path, monkeypatch):
    def full(sink, chunk):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Sink, "write", full)
    with pytest.raises(CommandError, match="No space left on device"):
        run("--to", str(tmp_path / "x.csv"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--area", "99"], "has no area 99"),
        (["--layout", "submissions", "--audience", "public"], "Choose contributions for the public"),
        (["--layout", "submissions", "--format", "docx"], "A compilation holds contributions"),
    ],
)
def test_what_cannot_be_is_refused(consultation, arguments, sentence):
    with pytest.raises(CommandError, match=sentence):
        run(*arguments)
    with pytest.raises(CommandError, match="There is no consultation at /none/"):
        call_command("export", "none")


def test_standard_output_holds_the_file_and_nothing_else(one):
    """A process of its own, on the same database."""
    import os

    from django.db import connection

    password = connection.settings_dict["PASSWORD"]
    host = connection.settings_dict["HOST"].replace("/", "%2F")
    user, name = connection.settings_dict["USER"], connection.settings_dict["NAME"]
    url = f"postgres://{user}:{password}@{host}:{connection.settings_dict['PORT'] or 5432}/{name}"
    done = subprocess.run(
        [sys.executable, "manage.py", "export", "elements-paper", "--to", "-", "--profile", "verbatim"],
        env={**os.environ, "DATABASE_URL": url},
        capture_output=True,
        check=True,
    )
    (row,) = csv.DictReader(io.StringIO(done.stdout.decode(), newline=""))
    assert row["text"] == ENGLISH
    assert done.stderr.startswith(b"standard output: 1 rows, ")
