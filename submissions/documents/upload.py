"""What somebody hands in as a file or as a text: told apart by its first bytes, and read by the reader for its kind."""

from typing import Any

from django.utils.translation import gettext as _

from submissions.documents import parser, plain_text, reader_process
from submissions.documents.blocks import MAX_DOCUMENT_CHARACTERS, UnreadableFile, too_many_characters
from submissions.documents.docx_package import OLD_WORD
from themes.models import Consultation

# By their first bytes, what people upload who have no text at hand.
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")


def read_upload(file: Any, pasted: str, consultation: Consultation) -> parser.ParsedDocument:
    """What it says on each theme.

    Args:
        file: as a form gives it, or None: then the pasted text is read.

    Raises:
        UnreadableFile: with a sentence for whoever sent it.
    """
    raw: bytes = file.read() if file else b""
    refuse_other_kinds(raw)
    is_document = raw[:4] in {b"PK\x03\x04", OLD_WORD} or (bool(file) and file.name.lower().endswith(".docx"))
    if is_document:
        return parser.parse(reader_process.read(raw), consultation)
    text = plain_text.decode(raw) if file else pasted
    if len(text) > MAX_DOCUMENT_CHARACTERS:
        raise too_many_characters()
    return parser.parse(plain_text.read(text), consultation)


def refuse_other_kinds(raw: bytes) -> None:
    """Whatever its name says: a picture is a picture.

    Raises:
        UnreadableFile: it is a PDF, an RTF file or a picture.
    """
    if raw.lstrip()[:4] == b"%PDF":
        raise UnreadableFile(_("This is a PDF file. Save your text as .docx or as plain text, or paste it."))
    if raw.startswith(b"{\\rtf"):
        raise UnreadableFile(_("This is an RTF file. Save it as .docx or as plain text, or paste your text."))
    is_riff, is_heic = raw[:4] == b"RIFF" and raw[8:12] == b"WEBP", raw[4:8] == b"ftyp"
    if raw.startswith(_PICTURES) or is_riff or is_heic:
        raise UnreadableFile(_("This is a picture, and its text cannot be read. Upload the text, or paste it."))
