"""What somebody might change in what was downloaded, and the reason for which each change is refused."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any


def flip(text: str) -> str:
    """The last hex digit or letter, another one."""
    return text[:-1] + ("0" if text[-1] != "0" else "1")


def change(folder: Path, name: str, *path: str | int, to: Any = flip) -> None:
    """Changes one value inside a JSON file."""
    whole = json.loads((folder / name).read_text())
    inner = whole
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = to(inner.get(path[-1]) if isinstance(inner, dict) else inner[path[-1]])
    # As it is: half a sign is no text in UTF-8, and stands there as an escape.
    (folder / name).write_text(json.dumps(whole))


# File, where in it, how it is changed, the reason.
RECEIPT_CHANGES: list[tuple[str, tuple[str | int, ...], Any, str]] = [
    (
        "proof.json",
        ("parts", 1, "part"),
        lambda part: part.replace("areas", "Areas"),
        "Part 2 is not what was sent",
    ),
    ("proof.json", ("parts", 0, "salt"), flip, "Part 1 is not what was sent"),
    ("proof.json", ("parts", 2, "digest"), flip, "Part 3 is not what was sent"),
    ("proof.json", ("parts",), lambda parts: [parts[1], parts[0], parts[2]], "in this order"),
    ("proof.json", ("parts",), lambda parts: parts[:2], "in this order"),
    ("proof.json", ("commitment",), flip, "do not give the commitment"),
    ("proof.json", ("consultation",), lambda slug: "another", "of another consultation"),
    ("inclusion.json", ("leaf",), lambda leaf: leaf.replace('"sent"', '"withdrawn"'), "of another kind"),
    ("inclusion.json", ("leaf",), lambda leaf: leaf.replace(":1}", ":2}"), "does not lead to the checkpoint"),
    ("inclusion.json", ("index",), lambda index: (index + 1) % 10, "The proof"),
    ("inclusion.json", ("index",), lambda index: 10, "the checkpoint has 10 leaves"),
    ("inclusion.json", ("proof", 0), flip, "does not lead to the checkpoint"),
    ("inclusion.json", ("proof",), lambda steps: steps[::-1], "does not lead to the checkpoint"),
    ("inclusion.json", ("proof",), lambda steps: steps[:-1], "fewer steps"),
    ("inclusion.json", ("proof",), lambda steps: [*steps, steps[0]], "more steps"),
    (
        "inclusion.json",
        ("checkpoint",),
        lambda note: note.replace("\n10\n", "\n11\n"),
        "is not signed with this key",
    ),
    ("inclusion.json", ("checkpoint",), lambda note: note.replace("/register\n", "/other\n", 1), "is not signed"),
    (
        "inclusion.json",
        ("checkpoint",),
        lambda note: note[:-12] + flip(note[-12:-11]) + note[-11:],
        "is not signed",
    ),
    ("inclusion.json", ("checkpoint",), lambda note: note.partition("\n\n")[0], "has no signature"),
    ("inclusion.json", ("leaf",), lambda leaf: "[", "A file is not what it should be"),
    # What is shown without its salt proves nothing; and nothing of another kind is taken for what it looks like.
    ("proof.json", ("parts", 1, "salt"), lambda salt: None, "A file is not what it should be"),
    ("proof.json", ("parts", 1), lambda part: {**part, "salt": None, "part": "Forged."}, "A file is not what it"),
    ("proof.json", ("parts", 1, "part"), lambda part: [part], "A file is not what it should be"),
    ("proof.json", ("parts", 1, "part"), lambda part: part[:-3] + "\ud800" + part[-3:], "A file is not what it should"),
    ("proof.json", ("parts", 1, "salt"), lambda salt: salt.upper(), "A file is not what it should be"),
    ("proof.json", ("parts",), lambda parts: None, "A file is not what it should be"),
    ("inclusion.json", ("leaf",), lambda leaf: [leaf], "A file is not what it should be"),
    ("inclusion.json", ("leaf",), lambda leaf: "[]", "A file is not what it should be"),
    ("inclusion.json", ("index",), str, "A file is not what it should be"),
    ("inclusion.json", ("index",), lambda index: True, "A file is not what it should be"),
    ("inclusion.json", ("index",), lambda index: 2**60, "A file is not what it should be"),
    ("inclusion.json", ("proof",), lambda steps: "", "A file is not what it should be"),
    ("inclusion.json", ("checkpoint",), lambda note: note.replace("=\n", "\n"), "is not"),
    (
        "proof.json",
        ("parts", 1, "text"),
        lambda text: "Forged, beside the words that are proven.",
        "A file is not what",
    ),
    (
        "proof.json",
        ("parts", 1),
        lambda part: {**part, "salt": part["salt"] + part["part"][:1].encode().hex(), "part": part["part"][1:]},
        "A file is not what it should be",
    ),
]


def sums_again(folder: Path) -> None:
    """As somebody does who changes a file and its sum with it."""
    names = [line.split("  ")[1] for line in (folder / "SHA256SUMS").read_text().splitlines()]
    lines = (f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names)
    (folder / "SHA256SUMS").write_text("".join(lines))


def _replaced(name: str, old: str, new: str) -> Callable[[Path], None]:
    def change_it(folder: Path) -> None:
        before = (folder / name).read_text(encoding="utf-8")
        assert old in before
        (folder / name).write_text(before.replace(old, new), encoding="utf-8", newline="")

    return change_it


def _rewritten(name: str, rows: Callable[[list[Any]], list[Any]]) -> Callable[[Path], None]:
    def change_it(folder: Path) -> None:
        before = [json.loads(line) for line in (folder / name).read_text(encoding="utf-8").splitlines()]
        after = "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows(before))
        (folder / name).write_text(after, encoding="utf-8", newline="")

    return change_it


def _words_without_salt(folder: Path) -> None:
    """The words changed wherever they stand, and the salt that would show it left out."""
    for name in ("contributions.jsonl", "proofs.jsonl"):
        _replaced(name, "The village", "The city")(folder)

    def without_salts(rows: list[Any]) -> list[Any]:
        for row in rows:
            for part in row["parts"]:
                if "id" in part:
                    part["salt"] = None
        return rows

    _rewritten("proofs.jsonl", without_salts)(folder)


def _other_salts(to: Callable[[str], str]) -> Callable[[Path], None]:
    def change_rows(rows: list[Any]) -> list[Any]:
        for row in rows:
            for part in row["parts"]:
                if part.get("salt"):
                    part["salt"] = to(part["salt"])
        return rows

    return _rewritten("proofs.jsonl", change_rows)


def _words_into_salts(folder: Path) -> None:
    """The same bytes are hashed: the beginning of the words stands in the salt, and the words begin later."""

    def change_rows(rows: list[Any]) -> list[Any]:
        for row in rows:
            for part in row["parts"]:
                if part.get("salt"):
                    part["salt"], part["part"] = part["salt"] + part["part"][:1].encode().hex(), part["part"][1:]
        return rows

    _rewritten("proofs.jsonl", change_rows)(folder)


def _one_more(folder: Path) -> None:
    (folder / "extra.csv").write_text("text\nForged.\n")


def _unnamed(folder: Path) -> None:
    sums = folder / "SHA256SUMS"
    sums.write_text(
        "".join(line for line in sums.read_text().splitlines(keepends=True) if "contributions.jsonl" not in line)
    )


# What somebody does to an archive that was unpacked, before the sums are made again; and the reason.
ARCHIVE_CHANGES: dict[str, tuple[Callable[[Path], None], str]] = {
    "a file": (_replaced("README.txt", "Licence", "License"), "README.txt is not the file that SHA256SUMS is about."),
    "a text": (
        _replaced("contributions.jsonl", "The village", "The city"),
        "does not say what the register's entry is",
    ),
    "a proposal": (_replaced("proposals.jsonl", "A link for", "No link for"), "does not say what the register's entry"),
    "words of a part": (_replaced("proofs.jsonl", "The village", "The city"), "do not give its digest"),
    "a salt": (_other_salts(flip), "do not give its digest"),
    "words moved into the salt": (_words_into_salts, "A file is not what it should be."),
    "a file that nothing names": (_one_more, "extra.csv is not named in SHA256SUMS."),
    "an index": (_replaced("proofs.jsonl", '"index": ', '"index": 1'), "The proof"),
    "a leaf": (_replaced("proofs.jsonl", '\\"kind\\":\\"sent\\"', '\\"kind\\":\\"withdrawn\\"'), "of another kind"),
    "a checkpoint": (
        _replaced("register/in-time.checkpoint", "elements-paper", "elements-piper"),
        "not signed with this",
    ),
    "words without their salt": (_words_without_salt, "A file is not what it should be."),
    "a forged text before the true one": (
        _rewritten("contributions.jsonl", lambda rows: [{**rows[0], "text": "Forged."}, *rows]),
        "stands twice in the archive.",
    ),
    "one proof in the place of another": (
        _rewritten("proofs.jsonl", lambda rows: [rows[-1], rows[-1]]),
        "stands twice in the archive.",
    ),
    "a file that no sum is of": (_unnamed, "contributions.jsonl is not named in SHA256SUMS."),
}


def change_archive(folder: Path, what: str) -> str:
    """Changes one thing in an archive that was unpacked, and the sums with it. Returns why it is refused."""
    change_it, reason = ARCHIVE_CHANGES[what]
    change_it(folder)
    if what != "a file":
        sums_again(folder)
    return reason
