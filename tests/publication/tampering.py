"""What somebody might change in what was downloaded, and the reason for which each change is refused."""

import hashlib
import json
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
    inner[path[-1]] = to(inner[path[-1]])
    (folder / name).write_text(json.dumps(whole, ensure_ascii=False))


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
]


def _sums_again(folder: Path) -> None:
    """As somebody does who changes a file and its sum with it."""
    names = [line.split("  ")[1] for line in (folder / "SHA256SUMS").read_text().splitlines()]
    lines = (f"{hashlib.sha256((folder / name).read_bytes()).hexdigest()}  {name}\n" for name in names)
    (folder / "SHA256SUMS").write_text("".join(lines))


# File, what is replaced by what, the reason.
ARCHIVE_CHANGES = {
    "a file": ("README.txt", "Licence", "License", "README.txt is not the file that SHA256SUMS is about."),
    "a text": ("contributions.jsonl", "The village", "The city", "does not say what the register's entry is bound to"),
    "a proposal": ("proposals.jsonl", "A link for", "No link for", "does not say what the register's entry is"),
    "words of a part": ("proofs.jsonl", "The village", "The city", "do not give its digest"),
    "a salt": ("proofs.jsonl", '"salt": "', '"salt": "00', "do not give its digest"),
    "an index": ("proofs.jsonl", '"index": ', '"index": 1', "The proof"),
    "a leaf": ("proofs.jsonl", '\\"kind\\":\\"sent\\"', '\\"kind\\":\\"withdrawn\\"', "of another kind"),
    "a checkpoint": ("register/in-time.checkpoint", "elements-paper", "elements-piper", "not signed with this key"),
}


def change_archive(folder: Path, what: str) -> str:
    """Changes one thing in an archive that was unpacked, and the sums with it. Returns why it is refused."""
    name, old, new, reason = ARCHIVE_CHANGES[what]
    before = (folder / name).read_text(encoding="utf-8")
    assert old in before
    (folder / name).write_text(before.replace(old, new), encoding="utf-8", newline="")
    if what != "a file":
        _sums_again(folder)
    return reason
