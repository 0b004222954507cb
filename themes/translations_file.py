"""A consultation's texts as a workbook for translators: out, filled in, and back."""

import io
import zipfile
from collections.abc import Mapping

import openpyxl
import xlsxwriter
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from openpyxl.utils.exceptions import InvalidFileException

from themes.fields import LANGUAGES, TRANSLATIONS
from themes.translations import NAMES, Text

MAX_BYTES = 2_000_000
MAX_UNPACKED_BYTES = 30_000_000
MAX_ROWS = 2_000
CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_RTL = {"ar"}


def write(texts: list[Text]) -> bytes:
    """A row for each text: its key, what it is, and a column for each language."""
    to = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(to, options) as book:
        sheet = book.add_worksheet(_("Texts")[:31])
        bold = book.add_format({"bold": True, "bottom": 1})
        fixed = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#666666"})
        wrapped = {
            language: book.add_format(
                {"text_wrap": True, "valign": "top", "reading_order": 2 if language in _RTL else 1}
            )
            for language in LANGUAGES
        }
        for place, title in enumerate([_("Key"), _("What"), *(NAMES[language] for language in LANGUAGES)]):
            sheet.write_string(0, place, title, bold)
        # What a machine reads, whatever language the sheet is in; nobody needs to see it.
        for place, code in enumerate(["key", "what", *LANGUAGES]):
            sheet.write_string(1, place, code, fixed)
        sheet.set_row(1, None, None, {"hidden": True})
        for line, text in enumerate(texts, start=2):
            sheet.write_string(line, 0, text.key, fixed)
            sheet.write_string(line, 1, text.label, fixed)
            for place, language in enumerate(LANGUAGES, start=2):
                sheet.write_string(line, place, text.get(language), wrapped[language])
        sheet.set_column(0, 0, 16)
        sheet.set_column(1, 1, 22)
        sheet.set_column(2, 1 + len(LANGUAGES), 44)
        sheet.freeze_panes(2, 3)
    return to.getvalue()


def read(raw: bytes) -> Mapping[tuple[str, str], str]:
    """By key and language what the workbook has. An empty cell says nothing: it removes no text.

    Raises:
        ValidationError: it is no such workbook, or too large a one.
    """
    if len(raw) > MAX_BYTES:
        raise ValidationError(_("This file is larger than 2 MB. It cannot be the workbook from this page."))
    no_workbook = ValidationError(
        _("This is not the workbook from this page: it has to be an .xlsx file with its keys.")
    )
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as packed:
            if sum(part.file_size for part in packed.infolist()) > MAX_UNPACKED_BYTES:
                raise no_workbook
        book = openpyxl.load_workbook(io.BytesIO(raw), read_only=True, data_only=True)
        rows = book.worksheets[0].iter_rows(max_row=MAX_ROWS, max_col=2 + 2 * len(LANGUAGES), values_only=True)
        lines = [["" if cell is None else str(cell) for cell in row] for row in rows]
    except ValidationError:
        raise
    # A file that anybody may have made fails in any way that there is.
    except (
        InvalidFileException,
        zipfile.BadZipFile,
        OSError,
        KeyError,
        ValueError,
        TypeError,
        IndexError,
        SyntaxError,
    ) as error:
        raise no_workbook from error
    begins = next((n for n, line in enumerate(lines[:5]) if line and line[0].strip() == "key"), None)
    if begins is None:
        raise no_workbook
    codes = lines[begins]
    places = {code.strip(): place for place, code in enumerate(codes) if code.strip() in TRANSLATIONS}
    return {
        (line[0].strip(), language): line[place]
        for line in lines[begins + 1 :]
        if line and line[0].strip()
        for language, place in places.items()
        if place < len(line) and line[place].strip()
    }
