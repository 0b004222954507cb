"""A backup is worth what its restore is: the script of docs/operations.md, as it stands there."""

import subprocess
import sys

import pytest

from tests.stack import BASE

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def test_destroyed_and_restored_to_the_moment_before():
    done = subprocess.run(
        [sys.executable, "deploy/rehearse_restore.py"], cwd=BASE, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "tables, the same to the row." in done.stdout
    assert "SHA256SUMS: right." in done.stdout
    assert "rows as written." in done.stdout
