"""Opens a .docx that anybody may have made: an archive of parts, each found by its relationships and bounded.

Nothing is fetched, no entity is resolved, and a file with macros is refused.
"""

import io
import posixpath
import zipfile
from collections.abc import Iterator
from itertools import islice

from django.utils.translation import gettext as _
from lxml import etree

from submissions.documents.blocks import UnreadableFile

MAX_BYTES = 20_000_000  # unpacked, all parts together
MAX_PARTS = 2_000
MAX_PART_BYTES = 8_000_000
MAX_ELEMENTS = 400_000  # of one part; each costs some microseconds, whatever it says

OLD_WORD = b"\xd0\xcf\x11\xe0"
_SCHEMAS = b"http://schemas.openxmlformats.org/"
# Word can save with the namespaces of the standard's strict variant; everybody else writes the older ones.
_STRICT = {
    b"http://purl.oclc.org/ooxml/wordprocessingml/main": _SCHEMAS + b"wordprocessingml/2006/main",
    b"http://purl.oclc.org/ooxml/officeDocument/relationships": _SCHEMAS + b"officeDocument/2006/relationships",
    b"http://purl.oclc.org/ooxml/officeDocument/math": _SCHEMAS + b"officeDocument/2006/math",
}
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


def broken() -> UnreadableFile:
    return UnreadableFile(
        _("This file is damaged, or is no Word document. Save it once more as .docx, or paste your text.")
    )


def _too_large() -> UnreadableFile:
    return UnreadableFile(_("This file unpacks to far more than a text. Remove its pictures, or paste your text."))


class Package:
    """The archive, and what its main part is related to.

    Raises:
        UnreadableFile: it is no Word document, is broken, too large, protected, or holds macros.
    """

    def __init__(self, raw: bytes) -> None:
        self.archive = _opened(raw)
        self.names = set(self.archive.namelist())
        main = next((name for kind, _id, name in self._relations("") if kind == "officeDocument"), "")
        self.main = main if main in self.names else "word/document.xml"
        if self.main not in self.names:
            raise UnreadableFile(_kind_of_archive(self.names))
        self.relations = list(self._relations(self.main))

    def document(self) -> etree._Element:
        return self._parsed(self.main)

    def related(self, kind: str) -> Iterator[etree._Element]:
        """The parts of a kind ("styles", "footnotes", "header"), as the main part names them."""
        for name in dict.fromkeys(name for one, _id, name in self.relations if one == kind):
            if name in self.names:
                yield self._parsed(name)

    def links(self) -> dict[str, str]:
        """The addresses that the document links to, by their id there."""
        return {key: target for kind, key, target in self.relations if kind == "hyperlink"}

    def _relations(self, name: str) -> Iterator[tuple[str, str, str]]:
        """Kind, id and target of what the part `name` is related to; of the package itself for an empty name."""
        folder, base = posixpath.split(name)
        path = posixpath.join(folder, "_rels", f"{base}.rels")
        if path not in self.names:
            return
        for relation in self._parsed(path).iter(_RELATION):
            target = relation.get("Target", "")
            if relation.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            yield relation.get("Type", "").rpartition("/")[2], relation.get("Id", ""), target

    def _parsed(self, name: str) -> etree._Element:
        with self.archive.open(name) as part:
            # One byte more than allowed, whatever the archive's list says of its size.
            xml = part.read(MAX_PART_BYTES + 1)
        if len(xml) > MAX_PART_BYTES:
            raise _too_large()
        for strict, usual in _STRICT.items():
            xml = xml.replace(strict, usual)
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
        root = etree.fromstring(xml, parser)
        if sum(1 for _element in islice(root.iter(), MAX_ELEMENTS + 1)) > MAX_ELEMENTS:
            raise _too_large()
        if root.getroottree().docinfo.doctype:
            # Word writes none. Whoever does means to have something expanded or fetched.
            raise UnreadableFile(
                _("This file defines entities of its own, and is not opened. Save it once more as .docx.")
            )
        return root


def _opened(raw: bytes) -> zipfile.ZipFile:
    if raw.startswith(OLD_WORD):
        raise UnreadableFile(
            _("This is an old .doc file, or one with a password. Save it as .docx without a password.")
        )
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise broken() from error
    parts = archive.infolist()
    if len(parts) > MAX_PARTS or sum(part.file_size for part in parts) > MAX_BYTES:
        raise _too_large()
    if any(part.flag_bits & 1 for part in parts):
        raise UnreadableFile(_("This file has a password. Save it without one."))
    if any(part.filename.lower().endswith("vbaproject.bin") for part in parts):
        raise UnreadableFile(_("This file holds macros, and is not opened. Save it as .docx, which has none."))
    if any(part.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for part in parts):
        raise broken()
    return archive


def _kind_of_archive(names: set[str]) -> str:
    """What it is, to whoever uploaded it as a document."""
    if {"mimetype", "content.xml"} <= names:
        return _("This is an OpenDocument file, and no Word document. Save it as .docx, or paste your text.")
    if any(name.startswith(("xl/", "ppt/")) for name in names):
        return _("This is a table or a presentation, and no Word document. Paste its text instead.")
    return _("This is no Word document. Upload a .docx or .txt file, or paste your text.")
