"""What somebody hands in as a file or as a text: told apart by its first bytes, and read by the reader for its kind."""

from typing import Any

from django.utils.translation import gettext as _

from submissions.documents import docx_reader, parser, plain_text, reader_process
from submissions.documents.blocks import MAX_DOCUMENT_CHARACTERS, UnreadableFile, too_many_characters
from themes.models import Consultation


def read_upload(file: Any, pasted: str, consultation: Consultation) -> parser.ParsedDocument:
    """What it says on each theme.

    Args:
        file: as a form gives it, or None: then the pasted text is read.

    Raises:
        UnreadableFile: with a sentence for whoever sent it.
    """
    raw: bytes = file.read() if file else b""
    is_document = raw[:4] in {b"PK\x03\x04", docx_reader.OLD_WORD} or (
        bool(file) and file.name.lower().endswith(".docx")
    )
    if is_document:
        return parser.parse(reader_process.read(raw), consultation, is_document=True)
    if raw.startswith((b"%PDF", b"{\\rtf")):
        raise UnreadableFile(_("This is a PDF or RTF file. Save it as .docx or as plain text, or paste your text."))
    text = plain_text.decode(raw) if file else pasted
    if len(text) > MAX_DOCUMENT_CHARACTERS:
        raise too_many_characters()
    return parser.parse(plain_text.read(text), consultation, is_document=False)
