"""Files that mean harm or are broken, each with the sentence that refuses it."""

import io
import zipfile

from submissions.documents import docx_package
from tests.docx_files import W, cites, document_with, harmless, p, run, with_part


def bomb() -> bytes:
    """Twelve kilobytes that unpack to twelve megabytes in one part, and say so."""
    return with_part(harmless(), "word/document.xml", b"<w:document>" + b" " * 12_000_000 + b"</w:document>")


def lying_bomb() -> bytes:
    """The same, but the archive's list says ten bytes."""
    raw = bytearray(bomb())
    with zipfile.ZipFile(io.BytesIO(bytes(raw))) as archive:
        true = archive.getinfo("word/document.xml").file_size.to_bytes(4, "little")
    return bytes(raw).replace(true, (10).to_bytes(4, "little"))


def entities(definition: str, use: str) -> bytes:
    body = (
        f'<?xml version="1.0"?><!DOCTYPE d [{definition}]><w:document {W}><w:body>{p(run(use))}</w:body></w:document>'
    )
    return with_part(harmless(), "word/document.xml", body.encode())


def many_parts() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for n in range(docx_package.MAX_PARTS + 1):
            archive.writestr(f"word/{n}.xml", b"")
    return file.getvalue()


def notes_bomb() -> bytes:
    """A mark is short, and so many of them are still more than anybody writes; each note is told once."""
    notes = f'<w:footnotes {W}><w:footnote w:id="2">{p(run("x" * 500_000))}</w:footnote></w:footnotes>'
    raw = document_with(p(cites(2) * 150_000), p(run("y" * 100_000)))
    return with_part(raw, "word/footnotes.xml", notes.encode())


def flipped() -> bytes:
    raw = bytearray(harmless())
    with zipfile.ZipFile(io.BytesIO(bytes(raw))) as archive:
        entry = archive.getinfo("word/document.xml")
    raw[entry.header_offset + 30 + len(entry.filename) + 1] ^= 0xFF
    return bytes(raw)


def packed(how: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(harmless())) as old, zipfile.ZipFile(file, "w", how) as new:
        for entry in old.infolist():
            new.writestr(entry.filename, old.read(entry.filename))
    return file.getvalue()


def without_document() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("xl/workbook.xml", b"<workbook/>")
    return file.getvalue()


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12))


HOSTILE = {
    "a zip bomb": (bomb, "unpacks to far more"),
    "a zip bomb that lies about its size": (lying_bomb, "damaged"),
    "hundreds of parts in one": (
        lambda: with_part(harmless(), "word/media/big.bin", b"\0" * 30_000_000),
        "unpacks to far more",
    ),
    "thousands of parts": (many_parts, "unpacks to far more"),
    "macros": (lambda: with_part(harmless(), "word/vbaProject.bin", b"macro"), "macros"),
    "an external entity": (
        lambda: entities('<!ENTITY secret SYSTEM "file:///etc/passwd">', "&secret;"),
        "defines entities",
    ),
    "a billion laughs": (lambda: entities(LAUGHS, "&l11;"), "damaged"),
    "a password, or an old .doc": (lambda: docx_package.OLD_WORD + b"\xa1\xb1\x1a\xe1" + b"\0" * 512, "old .doc"),
    "cut off in the middle": (lambda: harmless()[: len(harmless()) // 2], "damaged"),
    "a spreadsheet": (without_document, "no Word document"),
    "broken XML": (lambda: with_part(harmless(), "word/document.xml", b"<w:document"), "damaged"),
    "XML nested a million deep": (
        lambda: with_part(harmless(), "word/document.xml", b"<a>" * 1_000_000 + b"</a>" * 1_000_000),
        "damaged",
    ),
    "one long note cited again and again": (notes_bomb, "more than a million"),
    "one flipped byte in what is packed": (flipped, "damaged"),
    "packed in a way that Word does not know": (lambda: packed(zipfile.ZIP_LZMA), "damaged"),
    "no body": (lambda: with_part(harmless(), "word/document.xml", f"<w:document {W}/>".encode()), "damaged"),
}
