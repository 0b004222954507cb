"""What an outsider runs, and what an insider with every right could do."""

import subprocess
import sys
from pathlib import Path

from publication.register.notes import signer
from tests.roles import owner_connection

FINAL = ("submissions_commitment", "publication_registerentry", "publication_registercheckpoint")


def run_verifier(folder: Path, *arguments: str) -> tuple[int, str]:
    """By Python alone: no site packages, no environment, in a folder that holds only what was downloaded."""
    key = signer()
    assert key is not None
    done = subprocess.run(
        [sys.executable, "-I", "-S", "verify.py", "--key", key.verifier, *arguments],
        cwd=folder,
        env={},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    return done.returncode, (done.stdout + done.stderr).strip()


def later_than_an_hour() -> None:
    """As if an hour had gone by since anything was signed."""
    with owner_connection() as owner:
        owner.execute("ALTER TABLE publication_registercheckpoint DISABLE TRIGGER USER")
        owner.execute("UPDATE publication_registercheckpoint SET signed_at = signed_at - interval '1 hour'")
        owner.execute("ALTER TABLE publication_registercheckpoint ENABLE TRIGGER USER")


def forge_entry(index: int) -> None:
    """As the owner of the database: binds the sending of one entry to other words, and empties the register, so that
    the worker, which has the key, writes and signs all of it anew."""
    other = "set_byte(digests, 0, get_byte(digests, 0) # 1)"
    with owner_connection() as owner:
        for table in FINAL:
            owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        owner.execute(
            f"UPDATE submissions_commitment SET digests = {other}, value = sha256({other}) WHERE submission_id ="
            f" (SELECT submission_id FROM publication_registerentry WHERE index = {index})"
        )
        for table in ("mailing", "registerentry", "registercheckpoint", "registertile"):
            owner.execute(f"DELETE FROM publication_{table}")
        owner.execute("UPDATE publication_registerlog SET size = 0")
        for table in FINAL:
            owner.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
