"""docs/security.md: every number of the standard once, every test it names there, and the versions behind it locked."""

import re
from collections import Counter

from tests.source import BASE

# How many requirements of levels 1 and 2 each section of ASVS 5.0.0 has; within a section they are the first ones.
SECTIONS = {
    "1.1": 2,
    "1.2": 9,
    "1.3": 11,
    "1.4": 3,
    "1.5": 2,
    "2.1": 3,
    "2.2": 3,
    "2.3": 4,
    "2.4": 1,
    "3.2": 2,
    "3.3": 4,
    "3.4": 6,
    "3.5": 5,
    "3.7": 2,
    "4.1": 3,
    "4.2": 1,
    "4.3": 2,
    "4.4": 4,
    "5.1": 1,
    "5.2": 3,
    "5.3": 2,
    "5.4": 3,
    "6.1": 3,
    "6.2": 12,
    "6.3": 4,
    "6.4": 4,
    "6.5": 5,
    "6.6": 3,
    "6.8": 4,
    "7.1": 3,
    "7.2": 4,
    "7.3": 2,
    "7.4": 5,
    "7.5": 2,
    "7.6": 2,
    "8.1": 2,
    "8.2": 3,
    "8.3": 1,
    "8.4": 1,
    "9.1": 3,
    "9.2": 4,
    "10.1": 2,
    "10.2": 2,
    "10.3": 4,
    "10.4": 11,
    "10.5": 5,
    "10.6": 2,
    "10.7": 3,
    "11.1": 2,
    "11.2": 3,
    "11.3": 3,
    "11.4": 4,
    "11.5": 1,
    "11.6": 1,
    "12.1": 3,
    "12.2": 2,
    "12.3": 4,
    "13.1": 1,
    "13.2": 5,
    "13.3": 2,
    "13.4": 5,
    "14.1": 2,
    "14.2": 4,
    "14.3": 3,
    "15.1": 3,
    "15.2": 3,
    "15.3": 7,
    "16.1": 1,
    "16.2": 5,
    "16.3": 4,
    "16.4": 3,
    "16.5": 3,
    "17.1": 1,
    "17.2": 4,
    "17.3": 2,
}
PAPER = (BASE / "docs" / "security.md").read_text(encoding="utf-8")
ROWS = [row.strip("| ").split(" | ") for row in PAPER.splitlines() if re.match(r"\| \d", row)]


def numbers(cell: str) -> list[str]:
    found = []
    for part in cell.split(", "):
        first, _, last = part.partition("–")
        section, _, start = first.rpartition(".")
        end = int((last or first).rpartition(".")[2])
        found += [f"{section}.{n}" for n in range(int(start), end + 1)]
    return found


def test_every_number_of_the_standard_stands_there_once():
    wanted = Counter(f"{section}.{n}" for section, count in SECTIONS.items() for n in range(1, count + 1))
    assert wanted.total() == 253
    assert Counter(number for row in ROWS for number in numbers(row[0])) == wanted


def test_a_row_that_applies_names_a_test_that_is_there():
    for row in ROWS:
        named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", " ".join(row))
        is_left_out = row[1].startswith(("not applicable:", "**open**"))
        assert is_left_out or named, row
        for path, name in named:
            source = (BASE / path).read_text(encoding="utf-8")
            assert not name or f"def {name}(" in source, (path, name)


def test_what_is_installed_is_locked_with_hashes():
    for lock in sorted((BASE / "requirements").glob("*.txt")):
        lines = lock.read_text(encoding="utf-8").splitlines()
        packages = [line for line in lines if re.match(r"[\w.-]+==", line)]
        assert len(packages) > 20
        assert sum("--hash=sha256:" in line for line in lines) >= len(packages)
    assert "pip-audit" in (BASE / "Makefile").read_text(encoding="utf-8")
    assert "within a week" in (BASE / "SECURITY.md").read_text(encoding="utf-8")
