"""Word documents built from pieces of WordprocessingML."""

import io
import zipfile

import docx
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

W = nsdecls("w")


def document_with(*paragraphs: str) -> bytes:
    """A .docx whose body is a heading and these pieces of WordprocessingML."""
    document = docx.Document()
    document.add_heading("2. Digital economy", level=2)
    for xml in paragraphs:
        document.element.body.insert(-1, parse_xml(xml))
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def p(inner: str) -> str:
    return f"<w:p {W}>{inner}</w:p>"


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


def with_part(raw: bytes, name: str, content: bytes) -> bytes:
    """The same archive with one part replaced or added."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, content)
    return file.getvalue()


def harmless() -> bytes:
    return document_with(p(run("x")))


def cites(number: int) -> str:
    return f'<w:r><w:footnoteReference w:id="{number}"/></w:r>'
