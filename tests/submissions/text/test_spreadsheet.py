import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from submissions.text.spreadsheet import make_inert, restore

STORABLE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))
RUNS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1+1",
    "＋1",
    "－1",
    "＠x",
    "  =1",
    "\u200b=1",
    "\ufeff@x",
    "\u202e-1",
    "\u00a0+1",
    "−1",
]
HARMLESS = ["a=1", "", "5", "“=1”", "النص", "文本", "(=1)"]


@pytest.mark.parametrize("text", RUNS)
def test_what_a_spreadsheet_would_run_is_made_inert(text):
    assert make_inert(text) == "'" + text


@pytest.mark.parametrize("text", HARMLESS)
def test_everything_else_stays(text):
    assert make_inert(text) == text


def test_a_text_that_starts_with_the_mark_gets_one_more():
    assert make_inert("'quoted'") == "''quoted'"
    assert make_inert("'=1") == "''=1"


@given(STORABLE)
def test_the_way_back_is_exact(text):
    assert restore(make_inert(text)) == text


@given(STORABLE, st.sampled_from(RUNS))
def test_also_through_a_csv_file(text, dangerous):
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\r\n").writerow([make_inert(text), make_inert(dangerous + text)])
    file.seek(0)
    assert [restore(cell) for cell in next(csv.reader(file))] == [text, dangerous + text]
