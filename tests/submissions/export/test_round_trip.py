"""Out and back: every text that can be stored, through a file and a parser, is the text that was stored."""

import csv
import io
import shutil
import subprocess
import sys

import pytest
from django.db import connection
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from submissions.text.spreadsheet import MARK, MAY_NEED_MARK, NEEDS_MARK, make_inert, restore
from tests.export_files import exported, parsed
from tests.factories import send

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.timeout(900), pytest.mark.slow]

# What is stored has its line ends in one character (submissions/text/newlines.py), and NUL is refused at the door.
STORABLE = st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r")
DANGEROUS = [
    "=",
    "+",
    "-",
    "@",
    "＝",
    "＋",
    "－",
    "＠",
    "\t",
    "\n",
    "'",
    '"',
    ",",
    "\u200b",
    "\u202e",
    "\ufeff",
    " ",
    "−",
]
TEXTS = st.lists(
    st.text(st.one_of(STORABLE, st.sampled_from(DANGEROUS)), max_size=60).filter(lambda text: bool(text.strip())),
    min_size=1,
    max_size=8,
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(TEXTS)
@example(["=1+1", "'=1+1", "''x", "\n=1", "\u200b\u200b=1", "\\N", "\\.", '"', "a\u2028b", "\u202e-1", "x\x1fy"])
def test_any_text_comes_back_from_every_format(consultation, texts):
    from submissions.models import Submission

    sent = [send(consultation, {1: text}).submission.pk for text in texts]
    own_draft = Submission.objects.filter(pk__in=sent)
    stored = list(own_draft.order_by("received_at", "pk").values_list("contributions__text", flat=True))
    marked = [row[14] for row in parsed(exported(submissions=own_draft)[0])[1:]]
    assert marked == [make_inert(text) for text in stored]
    assert [restore(cell) for cell in marked] == stored
    exact = exported(submissions=own_draft, profile="verbatim")[0]
    assert [row[14] for row in parsed(b"\xef\xbb\xbf" + exact)[1:]] == stored
    import json

    # Not splitlines(): it also splits where JSON does not.
    lines = exported(submissions=own_draft, format="jsonl")[0].decode().split("\n")[:-1]
    assert [json.loads(line)["text"] for line in lines] == stored


def test_a_text_with_nul_is_refused_at_the_door(client, consultation):
    answer = client.post("/elements-paper/themes/1/", {"text": "a\x00b"})
    assert answer.status_code == 200
    assert "Null characters are not allowed" in answer.content.decode()


def test_the_rule_is_the_same_in_python_and_in_postgresql():
    """For every sign that can be stored, alone, before a formula, and after a letter."""
    signs = [chr(code) for code in range(1, 0x3000)] + [chr(code) for code in range(0x3000, 0x11000, 7)]
    signs += ["\u3000", "\u3164", "\ufe00", "\ufe0f", "\ufeff", "\uff0b", "\uff0d", "\uff1d", "\uff20", "\uffa0", "🌍"]
    signs = [sign for sign in signs if not "\ud800" <= sign <= "\udfff"]
    texts = [text for sign in signs for text in (sign, f"{sign}=1", f"{sign}a", f"a{sign}=")]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT CASE WHEN left(t, 1) !~ %s THEN t WHEN t ~ %s THEN %s || t ELSE t END"
            " FROM unnest(%s::text[]) WITH ORDINALITY AS given (t, n) ORDER BY n",
            [MAY_NEED_MARK, NEEDS_MARK, MARK, texts],
        )
        by_database = [row[0] for row in cursor.fetchall()]
    different = [t for t, found in zip(texts, by_database, strict=True) if found != make_inert(t)]
    assert different == []
    assert sum(found != text for text, found in zip(texts, by_database, strict=True)) > 150


def test_a_spreadsheet_program_reads_what_was_written_and_runs_nothing(consultation, tmp_path):
    """LibreOffice opens the file for spreadsheets and saves it as CSV again: the same texts, none of them run."""
    program = shutil.which("soffice")
    assert program, "No LibreOffice on the PATH. `make test` installs it when root; else install it and try again."
    texts = ["=1+1", "+1", "-1+2", "@SUM(1)", "\u200b=1+1", "'=1+1", "''", "plain", "“quoted”, comma; semicolon"]
    texts += ['="x"', "\u202eabc", "人工智能\n第二行", "إن سد\n\nالفجوات", "1e5", "007", "2027-07-16", "TRUE", "＝1+1"]
    for text in texts:
        send(consultation, {1: text})
    source = tmp_path / "export.csv"
    source.write_bytes(exported()[0])
    # As a person would who leaves the import's default: fields by comma, quotes, UTF-8, columns as “standard”.
    subprocess.run(
        [
            program,
            f"-env:UserInstallation=file://{tmp_path}/profile",
            *(
                "--headless",
                "--infilter=CSV:44,34,76,1",
                "--convert-to",
                "csv:Text - txt - csv (StarCalc):44,34,76,1,,0",
            ),
            *("--outdir", str(tmp_path / "out"), str(source)),
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )
    csv.field_size_limit(sys.maxsize)
    saved = (tmp_path / "out" / "export.csv").read_text(encoding="utf-8-sig")
    cells = [row[14] for row in csv.reader(io.StringIO(saved, newline=""))][1:]
    # What looks like a number or a date is a spreadsheet's to rewrite, and it does; a text stays, and nothing is run.
    rewritten = {"1e5", "007", "2027-07-16", "TRUE"}
    found = dict(zip(texts, cells, strict=True))
    assert {text: restore(found[text]) for text in texts if text not in rewritten} == {
        text: text for text in texts if text not in rewritten
    }
