"""Word documents built from pieces of WordprocessingML."""

import io
import zipfile
from pathlib import PurePosixPath

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


RELATIONS = "word/_rels/document.xml.rels"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def with_part(raw: bytes, name: str, content: bytes) -> bytes:
    """The same archive with one part replaced, or added and named by the document."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        kind = PurePosixPath(name).stem.rstrip("0123456789")
        relation = f'<Relationship Id="new-{kind}" Type="{OFFICE}/{kind}" Target="/{name}"/></Relationships>'
        is_new = name not in old.namelist()
        for entry in old.infolist():
            part = old.read(entry)
            if is_new and entry.filename == RELATIONS:
                part = part.replace(b"</Relationships>", relation.encode())
            if entry.filename != name:
                new.writestr(entry, part)
        new.writestr(name, content)
    return file.getvalue()


def with_link(raw: bytes, key: str, address: str) -> bytes:
    """The same archive, whose document knows a link by this id."""
    with zipfile.ZipFile(io.BytesIO(raw)) as archive:
        relations = archive.read(RELATIONS)
    link = f'<Relationship Id="{key}" Type="{OFFICE}/hyperlink" Target="{address}" TargetMode="External"/>'
    return with_part(raw, RELATIONS, relations.replace(b"</Relationships>", f"{link}</Relationships>".encode()))


def harmless() -> bytes:
    return document_with(p(run("x")))


def cites(number: int) -> str:
    return f'<w:r><w:footnoteReference w:id="{number}"/></w:r>'
