"""A paper as plain text, and a plain text read back into lines. UTF-8 with a byte order mark, for old editors."""

import re

from django.utils.translation import gettext as _

from submissions.documents.blocks import MAX_BLOCKS, FileContent, Line, UnreadableFile, too_many_blocks
from submissions.documents.document import Document, prompt_of, row_labels
from submissions.text.content import ProposedWording
from submissions.text.newlines import normalise_newlines
from wsis.typography import label_value

CONTENT_TYPE = "text/plain; charset=utf-8"
HEADING = "### "
PROMPT = "> "
MAX_MARKED_CHARACTERS = 1_000  # a longer line is no heading, however it is marked


def write(document: Document) -> bytes:
    lines = [document.title, "=" * len(document.title), ""]
    lines += [label_value(label, value) for label, value in document.facts]
    lines += ["", *document.remarks]
    for section in document.sections:
        lines += ["", HEADING + section.heading]
        if document.is_form and (prompt := prompt_of(section.theme)):
            lines += [PROMPT + prompt]
        lines += section.remarks
        lines += ["", section.content.text] if section.content.text else [""]
        rows = section.content.proposals or ((ProposedWording(),) if document.is_form else ())
        for row in rows:
            fields = zip(row_labels(), (row.paragraph, row.wording, row.reason), strict=True)
            lines += ["", *(label_value(label, value).rstrip() for label, value in fields)]
    lines += ["", *document.closing, ""]
    return b"\xef\xbb\xbf" + "\n".join(lines).replace("\n", "\r\n").encode()


def decode(raw: bytes) -> str:
    """The text of a plain file: UTF-8, or UTF-16 with its mark.

    Raises:
        UnreadableFile: it is in another encoding, or no text at all.
    """
    encoding = "utf-16" if raw[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnreadableFile(_("This text is not in UTF-8. Save it as “UTF-8”, or paste it instead.")) from error
    if "\x00" in text:
        raise UnreadableFile(_("This is no text file. Upload a .docx or .txt file, or paste your text."))
    return normalise_newlines(text)


# A bullet of any kind, as programs and people write them.
_ITEM = re.compile(r"\s*(?:[-–—•‣▪◦·*]|o)\s+\S")
_BOLD = re.compile(r"\s*(\*\*|__).+\1[\s:]*$")


def read(text: str) -> FileContent:
    """One line a line; those of the template's headings say so.

    Raises:
        UnreadableFile: there are too many of them.
    """
    if text.count("\n") >= MAX_BLOCKS:
        raise too_many_blocks()
    return FileContent([_line(line) for line in text.split("\n")])


def _line(line: str) -> Line:
    if line.startswith(HEADING):
        return Line(line.removeprefix(HEADING), level=2)
    if len(line) > MAX_MARKED_CHARACTERS:
        return Line(line)
    return Line(line, is_inner=_ITEM.match(line) is not None, is_bold=_BOLD.match(line) is not None)
