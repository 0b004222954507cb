#!/usr/bin/env python3
"""Checks, with Python alone, that what you sent stands in the register of a consultation.

    python3 verify.py --key <public key> <reference>.proof.json <reference>.inclusion.json
    python3 verify.py [--key <public key>] --archive <folder with the files of the archive>
    python3 verify.py --key <public key> --earlier <mail or file with a checkpoint> consistency.json

It needs Python 3.9 and nothing else, asks no network, and says what it found, or the first thing that is wrong.

What a proof shows: these words, bound by your salts, are one entry of the log that was signed with this key.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Point = tuple[int, int, int, int]  # in extended coordinates; Python 3.9 has no other way to name it

P = 2**255 - 19  # the field of Ed25519 (RFC 8032)
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


PART = {"digest", "salt", "part", "id"}


class Wrong(Exception):
    """What does not fit, in a sentence."""


# --- Ed25519 (RFC 8032, section 6), for checking alone ----------------------------------------------------------------


def _add(p: Point, q: Point) -> Point:
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _multiply(scalar: int, point: Point) -> Point:
    result = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            result = _add(result, point)
        point = _add(point, point)
        scalar >>= 1
    return result


def _recover_x(y: int, sign: int) -> int | None:
    if y >= P:
        return None
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if x2 == 0:
        return None if sign else 0
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - x2) % P:
        return None
    return P - x if (x & 1) != sign else x


def _point(data: bytes) -> Point | None:
    y = int.from_bytes(data, "little")
    x = _recover_x(y & ((1 << 255) - 1), y >> 255)
    return None if x is None else (x, y & ((1 << 255) - 1), 1, x * (y & ((1 << 255) - 1)) % P)


_BASE_Y = 4 * pow(5, P - 2, P) % P
_BASE_X = _recover_x(_BASE_Y, 0) or 0
BASE = (_BASE_X, _BASE_Y, 1, _BASE_X * _BASE_Y % P)


def is_signed(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether `signature` (64 bytes) over `message` is of the key `public` (32 bytes)."""
    if len(public) != 32 or len(signature) != 64:
        return False
    a, r = _point(public), _point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if a is None or r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    left, right = _multiply(s, BASE), _add(r, _multiply(h, a))
    return (left[0] * right[2] - right[0] * left[2]) % P == 0 and (left[1] * right[2] - right[1] * left[2]) % P == 0


# --- The tree (RFC 9162, section 2.1) ---------------------------------------------------------------------------------


def sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def root_by_inclusion(leaf: bytes, index: int, size: int, proof: list[bytes]) -> bytes:
    """The root that `proof` leads to from this leaf; an error where it has too few or too many steps."""
    if not 0 <= index < size:
        raise Wrong(f"The proof is of leaf {index}, and the checkpoint has {size} leaves.")
    at, last, found = index, size - 1, sha256(b"\x00" + leaf)
    for step in proof:
        if last == 0:
            raise Wrong("The proof has more steps than the tree.")
        if at & 1 or at == last:
            found = sha256(b"\x01" + step + found)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            found = sha256(b"\x01" + found + step)
        at, last = at >> 1, last >> 1
    if last:
        raise Wrong("The proof has fewer steps than the tree.")
    return found


def check_consistency(earlier: int, earlier_root: bytes, size: int, root: bytes, proof: list[bytes]) -> None:
    """An error unless the first `earlier` leaves of the later tree are those of the earlier one."""
    if not 0 < earlier <= size:
        raise Wrong(f"The earlier checkpoint has {earlier} leaves, and the later one {size}.")
    if earlier == size:
        if proof or earlier_root != root:
            raise Wrong("Two checkpoints of one size have different roots: the register was rewritten.")
        return
    # Where the earlier tree is a whole subtree of the later one, its root is the first step.
    steps = [earlier_root, *proof] if earlier & (earlier - 1) == 0 else list(proof)
    if not steps:
        raise Wrong("The proof of consistency is empty.")
    first, second = _roots_by_consistency(earlier, size, steps)
    if second != root:
        raise Wrong("The proof of consistency does not lead to the later checkpoint.")
    if first != earlier_root:
        raise Wrong("The proof of consistency does not lead to the earlier checkpoint: the register was rewritten.")


def _roots_by_consistency(earlier: int, size: int, steps: list[bytes]) -> tuple[bytes, bytes]:
    at, last = earlier - 1, size - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            raise Wrong("The proof of consistency has more steps than the tree.")
        if at & 1 or at == last:
            first, second = sha256(b"\x01" + step + first), sha256(b"\x01" + step + second)
            while not at & 1 and at:
                at, last = at >> 1, last >> 1
        else:
            second = sha256(b"\x01" + second + step)
        at, last = at >> 1, last >> 1
    if last:
        raise Wrong("The proof of consistency has fewer steps than the tree.")
    return first, second


# --- Checkpoints (C2SP signed notes) ----------------------------------------------------------------------------------


def _from_base64(text: str) -> bytes:
    """Each run of bytes has one spelling: another that means the same was changed."""
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("This is another spelling of base64.")
    return data


def read_key(text: str) -> tuple[str, bytes]:
    """Name, key id and public key of a line like host/register+1a2b3c4d+AbC..."""
    name, key_id, encoded = text.strip().split("+", 2)
    data = _from_base64(encoded)
    if data[:1] != b"\x01" or sha256(name.encode() + b"\n" + data)[:4].hex() != key_id:
        raise Wrong("This is no public key of a register, or a mistyped one.")
    return name, data[1:]


def signed_notes(text: str) -> list[tuple[str, str]]:
    """Three lines and the line that signs them, wherever they stand: in a file or in a whole mail, also as an answer
    quotes it, or with a signature that was wrapped."""
    lines = [line.strip("> \t\xa0") for line in text.replace("\r", "\n").split("\n")]
    lines = [line for line in lines if line]
    starts = [number for number, line in enumerate(lines) if line.startswith("\u2014 ")]
    if not starts:
        raise Wrong("The checkpoint has no signature.")
    found = []
    for start in starts:
        signed = [line for line in lines[:start] if not line.startswith("\u2014 ")][-3:]
        words = " ".join(lines[start : start + 4]).split(" ")
        # A key's id and a signature are 68 bytes, which are 92 signs.
        encoded = "".join(words[2:])[:92]
        if len(signed) == 3:
            found.append(("".join(f"{line}\n" for line in signed), f"\u2014 {[*words, ''][1]} {encoded}"))
    if not found:
        raise Wrong("The checkpoint is not whole.")
    return found


def _is_signature(line: str, name: str, public: bytes, text: bytes) -> bool:
    _dash, named, encoded = line.split(" ")
    try:
        data = _from_base64(encoded)
    except ValueError:
        return False
    key_id = sha256(name.encode() + b"\n\x01" + public)[:4]
    return named == name and data[:4] == key_id and is_signed(public, text, data[4:])


def read_checkpoint(note: str, keys: list[tuple[str, bytes]]) -> tuple[str, int, bytes]:
    """Origin, size and root of a checkpoint that one of the keys has signed."""
    for text, line in signed_notes(note):
        if any(_is_signature(line, name, public, text.encode()) for name, public in keys):
            origin, size, root = text.splitlines()
            return origin, int(size), _from_base64(root)
    raise Wrong("The checkpoint is not signed with this key, or was changed.")


# --- What was sent ----------------------------------------------------------------------------------------------------


def _field(whole: Any, name: str, kind: type) -> Any:
    """What JSON says under a name, of exactly this kind: True is no number, and a list of one string is no string."""
    value = whole.get(name) if isinstance(whole, dict) else None
    # Beyond 2**53 two numbers are one to other programs.
    if type(value) is not kind or (isinstance(value, int) and abs(value) >= 2**53):
        raise ValueError(f"{name} is no {kind.__name__}")
    return value


def _hex(text: Any) -> bytes:
    data = bytes.fromhex(text)
    if data.hex() != text:
        raise ValueError("This is another spelling of a hexadecimal number.")
    return data


def check_parts(proof: dict[str, Any]) -> str:
    """The commitment over the parts of a receipt's proof; an error naming the first part that does not fit."""
    digests = b""
    for number, part in enumerate(_field(proof, "parts", list), start=1):
        digest = _hex(_field(part, "digest", str))
        # Whatever is shown of a part, its words and its salt have to prove it. With a salt of another length some of
        # the words could stand in it.
        if any(part.get(name) is not None for name in ("salt", "part", "id")) or set(part) - PART:
            salt, words = _hex(_field(part, "salt", str)), _field(part, "part", str)
            if len(salt) != 32 or set(part) - PART or not isinstance(json.loads(words), dict):
                raise ValueError("this is no part of a proof")
            if sha256(salt + words.encode()) != digest:
                raise Wrong(f"Part {number} is not what was sent: its words and its salt do not give its digest.")
        digests += digest
    commitment = sha256(digests).hex()
    if commitment != _field(proof, "commitment", str):
        raise Wrong("The digests, in this order, do not give the commitment.")
    return commitment


def check_inclusion(
    proof: dict[str, Any], inclusion: dict[str, Any], keys: list[tuple[str, bytes]]
) -> tuple[str, int, bytes]:
    """The checkpoint in which what was sent stands."""
    commitment, text = check_parts(proof), _field(inclusion, "leaf", str)
    leaf = json.loads(text)
    if _field(leaf, "commitment", str) != commitment:
        raise Wrong("The entry of the register is about something else than what was sent.")
    if leaf.get("round") != _field(proof, "consultation", str) or leaf.get("kind") != "sent":
        raise Wrong("The entry of the register is of another consultation, or of another kind.")
    origin, size, root = read_checkpoint(_field(inclusion, "checkpoint", str), keys)
    steps = [_hex(step) for step in _field(inclusion, "proof", list)]
    if root_by_inclusion(text.encode(), _field(inclusion, "index", int), size, steps) != root:
        raise Wrong("The proof does not lead to the checkpoint's root.")
    return origin, size, root


# --- The archive of what is published ---------------------------------------------------------------------------------


def check_archive(folder: Path, keys: list[tuple[str, bytes]]) -> str:
    """What was found; an error naming the first file or text that is not what it should be."""
    names = check_sums(folder)
    texts: dict[str, Any] = {}
    for text in _rows(folder, names, "contributions.jsonl"):
        _once(texts, _field(text, "id", str), text)
    proposals: dict[str, list[Any]] = {}
    for row in _rows(folder, names, "proposals.jsonl"):
        proposals.setdefault(_field(row, "contribution", str), []).append(row)
    shown: dict[str, Any] = {}
    for proof in _rows(folder, names, "proofs.jsonl"):
        note = _text(folder, names, f"register/{_field(proof, 'checkpoint', str)}")
        check_inclusion(proof, {**proof, "checkpoint": note}, keys)
        for part in proof["parts"]:
            if part.get("id") is not None:
                _once(shown, _field(part, "id", str), part)
                sent = _field(json.loads(part["part"]), "contribution", dict)
                check_words(sent, texts[part["id"]], proposals.get(part["id"], []))
    files, proven, every = len(names), len(shown), len(texts)
    if not proven:
        return f"{files} files are as their sums say. No text is proven: the archive holds no proof of any."
    return (
        f"{files} files are as their sums say; {proven} of {every} texts in contributions.jsonl stand in the register,"
        " word for word."
    )


def _once(known: dict[str, Any], name: str, value: Any) -> None:
    if name in known:
        raise Wrong(f"{name} stands twice in the archive.")
    known[name] = value


def check_sums(folder: Path) -> dict[str, Any]:
    """The files that SHA256SUMS names, each as it says; and there is no other but what a system hides."""
    names: dict[str, Any] = {}
    for line in _lines(folder / "SHA256SUMS"):
        digest, _blanks, name = line.partition("  ")
        _once(names, name, digest)
        # One spelling: on some systems two names are one file.
        if name.strip("./") != name or "//" in name or "/." in name or "\\" in name or not name.isascii():
            raise ValueError(f"{name} is no plain name")
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
            raise Wrong(f"{name} is not the file that SHA256SUMS is about.")
    for path in folder.rglob("*"):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in names and name != "SHA256SUMS" and not path.name.startswith("."):
            raise Wrong(f"{name} is not named in SHA256SUMS.")
    if len({name.lower() for name in names}) != len(names):
        raise ValueError("two names are one")
    return names


def check_words(sent: dict[str, Any], text: dict[str, Any], rows: list[dict[str, Any]]) -> None:
    """An error unless a published text says what was sent."""
    published = _wording(sorted(rows, key=lambda row: int(_field(row, "position", int))))
    bound = _wording(_field(sent, "proposals", list) if "proposals" in sent else [])
    wanted = (_field(sent, "theme", int), _field(sent, "text", str), bound)
    if wanted != (_field(text, "area", int), _field(text, "text", str), published):
        raise Wrong(f"The published text {text['id']} does not say what the register's entry is bound to.")


def _wording(rows: list[Any]) -> list[tuple[str, ...]]:
    return [tuple(_field(row, name, str) for name in ("paragraph", "wording", "reason")) for row in rows]


def _text(folder: Path, names: dict[str, Any], name: str) -> str:
    """The text of a file, which has to be among those whose sums were checked."""
    if name not in names:
        raise Wrong(f"{name} is not named in SHA256SUMS.")
    return _read(folder / name)


def _rows(folder: Path, names: dict[str, Any], name: str) -> Iterator[Any]:
    return map(json.loads, filter(None, _text(folder, names, name).split("\n")))


def _lines(path: Path) -> list[str]:
    return [line for line in _read(path).split("\n") if line]


def _read(path: Path) -> str:
    # As it is: line ends count.
    return path.read_bytes().decode("utf-8")


def main(arguments: list[str] | None = None) -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--key", action="append", help="the public key; once more for each former one")
    asked.add_argument("--archive", help="the folder that the archive was unpacked in")
    asked.add_argument("--earlier", help="a checkpoint that you have from before, or the whole mail with it, as text")
    asked.add_argument("files", nargs="*")
    given = asked.parse_args(arguments)
    if not given.key and not given.archive:
        asked.error("--key is wanted: the public key of the register")
    # Nothing that is given is passed over.
    wanted = 0 if given.archive else 1 if given.earlier else 2
    if len(given.files) != wanted or (given.archive and given.earlier):
        asked.error("give the two files of a receipt; or --earlier and consistency.json; or --archive alone")
    try:
        found = _archive(given) if given.archive else _compare(given) if given.earlier else _find(given)
    except (Wrong, OSError, LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        malformed = f"A file is not what it should be. ({type(error).__name__}: {error})"
        sys.stderr.write(f"Wrong: {error if isinstance(error, Wrong) else malformed}\n")
        return 1
    sys.stdout.write(f"Right: {found}\n")
    return 0


def _archive(given: argparse.Namespace) -> str:
    kept = Path(given.archive) / "register" / "keys.txt"
    known = given.key or (_lines(kept) if kept.exists() else [])
    found = check_archive(Path(given.archive), [read_key(key) for key in known])
    # Whoever could change the archive could change the key in it.
    hint = "The key is the archive's own: compare it with the one on the register's page."
    return found if given.key else f"{found} {hint}"


def _find(given: argparse.Namespace) -> str:
    proof, inclusion = (json.loads(_read(Path(path))) for path in given.files)
    origin, size, _root = check_inclusion(proof, inclusion, [read_key(key) for key in given.key])
    shown, parts = sum(part.get("salt") is not None for part in proof["parts"]), len(proof["parts"])
    at = inclusion["index"]
    return f"What the proof holds ({shown} of {parts} parts with their words) is entry {at} of {size} in {origin}."


def _compare(given: argparse.Namespace) -> str:
    keys = [read_key(key) for key in given.key]
    earlier_origin, earlier, earlier_root = read_checkpoint(_read(Path(given.earlier)), keys)
    [since] = (json.loads(_read(Path(path))) for path in given.files)
    origin, size, root = read_checkpoint(_field(since, "checkpoint", str), keys)
    if earlier_origin != origin:
        raise Wrong("The two checkpoints are of two different registers.")
    steps = [_hex(step) for step in _field(since, "consistency", list)]
    check_consistency(earlier, earlier_root, size, root, steps)
    return f"{origin} still begins with the {earlier} entries that it had; it has {size} now."


if __name__ == "__main__":
    sys.exit(main())
