"""What a migration would do to a full table that old processes still use: its SQL, read by squawk."""

import json
import re
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.source import APPS, BASE

# The last one of each app from before this was asked.
ASKED_AFTER = {
    "accounts": "0001",
    "privacy": "0002",
    "submissions": "0009",
    "themes": "0003",
    "wsis": "0001",
    "publication": "0000",
}
SQUAWK = Path(sys.executable).with_name("squawk")
# Django's own ways: a key of 64 bits by identity, NOT NULL with a default that it drops again, varchar with a length.
# What is made in the same file is empty. A function goes with the release that called it: until its last process has
# ended, a colleague's search may fail, and nothing of the public's.
PASSED_OVER = [
    "ban-drop-function",
    "prefer-bigint-over-int",
    "prefer-bigint-over-smallint",
    "prefer-identity",
    "prefer-robust-stmts",
    "prefer-text-field",
    "prefer-timestamp-tz",
    "require-timeout-settings",
    "ban-create-domain-with-constraint",
]


def later() -> list[tuple[str, str]]:
    return [
        (app, path.stem)
        for app in APPS
        for path in sorted((BASE / app / "migrations").glob("0*.py"))
        if path.stem[:4] > ASKED_AFTER[app]
    ]


def complaints(sql: str, folder: Path, *, is_atomic: bool = True) -> list[str]:
    file = folder / "migration.sql"
    file.write_text(sql)
    done = subprocess.run(
        [
            *(SQUAWK, "--reporter", "json", "--exclude", ",".join(PASSED_OVER)),
            *(["--assume-in-transaction"] if is_atomic else []),
            file,
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    return [f"{one['rule_name']}: {one['message']}" for one in json.loads(done.stdout or "[]")]


def is_atomic(app: str, name: str) -> bool:
    return "atomic = False" not in (BASE / app / "migrations" / f"{name}.py").read_text(encoding="utf-8")


@pytest.mark.django_db
@pytest.mark.parametrize(("app", "name"), [one for one in later() if is_atomic(*one)])
def test_it_stops_nobody_on_a_full_table(app, name, tmp_path):
    assert found_in(app, name, tmp_path) == []


# Django lets no index be built beside the traffic where a transaction is open, be it only to be shown.
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("app", "name"), [one for one in later() if not is_atomic(*one)])
def test_nor_does_one_outside_a_transaction(app, name, tmp_path):
    assert found_in(app, name, tmp_path) == []


def found_in(app: str, name: str, folder: Path) -> list[str]:
    out = StringIO()
    call_command("sqlmigrate", app, name, stdout=out, no_color=True)
    # Functions are bodies of another language, and the transaction around it, where there is one, is named apart.
    sql = re.sub(r"\$\$.*?\$\$", "''", out.getvalue(), flags=re.DOTALL)
    sql = re.sub(r"^(BEGIN|COMMIT);$", "", sql, flags=re.MULTILINE)
    return complaints(sql, folder, is_atomic="\nBEGIN;" in f"\n{out.getvalue()}")


@pytest.mark.parametrize(
    ("sql", "rule"),
    [
        ("ALTER TABLE t ADD COLUMN c integer DEFAULT random() NOT NULL;", "adding-field-with-default"),
        ("CREATE INDEX i ON t (c);", "require-concurrent-index-creation"),
        ("ALTER TABLE t ALTER COLUMN c TYPE text;", "changing-column-type"),
        ("ALTER TABLE t DROP COLUMN c;", "ban-drop-column"),
    ],
)
def test_what_would_is_found(sql, rule, tmp_path):
    assert [one.partition(":")[0] for one in complaints(sql, tmp_path)] == [rule]
