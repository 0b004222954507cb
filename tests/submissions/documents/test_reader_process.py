"""What anybody may upload costs so much and no more: bounds, a process of its own, two at a time."""

import time
import zipfile
from io import BytesIO

import pytest

from submissions.documents import docx_reader, parser, plain_text, reader_process
from submissions.documents.blocks import MAX_BLOCKS, UnreadableFile
from tests.docx_files import cites, document_with, p, run, with_part
from tests.hostile_files import HOSTILE
from tests.threads import at_once

pytestmark = pytest.mark.slow

HEADING = '<w:pPr><w:pStyle w:val="Heading2"/></w:pPr>'


@pytest.fixture(autouse=True)
def _scratch(settings, tmp_path):
    settings.SCRATCH_DIR = tmp_path


def headings_and_notes(count: int) -> bytes:
    """The probe of 111 kB that took 48.7 s: as many headings as notes, each heading citing one."""
    raw = document_with(*(p(HEADING + run(f"Heading {n}") + cites(n)) for n in range(count)))
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    notes = "".join(f'<w:footnote w:id="{n}">{p(run("note"))}</w:footnote>' for n in range(count))
    return with_part(raw, "word/footnotes.xml", f"<w:footnotes {space}>{notes}</w:footnotes>".encode())


def seconds(raw: bytes) -> float:
    """Of the processor, the least of three."""
    taken = []
    for _turn in range(3):
        begins = time.process_time()
        docx_reader.read(raw)
        taken.append(time.process_time() - begins)
    return min(taken)


@pytest.mark.timeout(900)
def test_reading_grows_with_the_file_and_no_faster():
    small, large = (seconds(headings_and_notes(count)) for count in (1_000, 2_000))
    assert large / small < 3


def test_a_headings_mark_is_none_of_its_words_and_its_note_is_kept():
    blocks = docx_reader.read(headings_and_notes(2)).blocks
    assert [(block.text, block.level) for block in blocks[1:]] == [
        *(("Heading 0", 2), ("[1] note", None)),
        *(("Heading 1", 2), ("[2] note", None)),
    ]


def test_a_million_empty_paragraphs_are_refused():
    """The probe of 9 kB that took 8.8 s."""
    raw = document_with()
    with zipfile.ZipFile(BytesIO(raw)) as archive:
        document = archive.read("word/document.xml")
    assert b"<w:sectPr" in document
    stuffed = with_part(
        raw, "word/document.xml", document.replace(b"<w:sectPr", b"<w:p/>" * 1_000_000 + b"<w:sectPr", 1)
    )
    assert len(stuffed) < 60_000
    with pytest.raises(UnreadableFile, match="far more than a text"):
        reader_process.read(stuffed)
    fewer = with_part(raw, "word/document.xml", document.replace(b"<w:sectPr", b"<w:p/>" * 60_000 + b"<w:sectPr", 1))
    with pytest.raises(UnreadableFile, match="more than 50,000 lines"):
        reader_process.read(fewer)


def test_too_many_notes_are_refused():
    with pytest.raises(UnreadableFile, match="more than 5,000 notes"):
        docx_reader.read(headings_and_notes(docx_reader.MAX_NOTES + 1))


@pytest.mark.django_db
def test_a_text_of_too_many_lines_is_refused_and_the_longest_that_is_not_is_read(seeded):
    with pytest.raises(UnreadableFile, match="more than 50,000 lines"):
        plain_text.read("\n" * MAX_BLOCKS)
    lines = plain_text.read("x" * 900_000 + "\n" * (MAX_BLOCKS - 1))
    found = parser.parse(lines, seeded)
    assert found.unplaced == ["x" * 900_000]


def test_the_process_reads_what_the_reader_reads():
    raw = headings_and_notes(3)
    assert reader_process.read(raw) == docx_reader.read(raw)


@pytest.mark.parametrize("name", HOSTILE)
def test_the_process_refuses_what_the_reader_refuses(name):
    make, sentence = HOSTILE[name]
    with pytest.raises(UnreadableFile, match=sentence):
        reader_process.read(make())


def test_its_sentences_are_in_the_readers_language():
    from django.utils import translation

    with translation.override("fr"), pytest.raises(UnreadableFile, match="fichier"):
        reader_process.read(b"PK\x03\x04 and no more")


@pytest.mark.parametrize("work", [b"for ever", b"memory"])
def test_what_takes_too_long_or_too_much_is_ended(monkeypatch, work):
    monkeypatch.setattr(reader_process, "_MODULE", "tests.slow_reader")
    monkeypatch.setattr(reader_process, "MAX_WAIT_SECONDS", 2)
    with pytest.raises(UnreadableFile, match="takes too long"):
        reader_process.read(work)


def test_the_process_limits_itself():
    """Its own limits, not the patience of whoever waits: as they are when it has set them."""
    import subprocess
    import sys

    code = (
        "from django.conf import settings; settings.configure(USE_I18N=False);"
        "import io, resource, sys; sys.stdin = io.TextIOWrapper(io.BytesIO(b'x'));"
        "from submissions.documents import reader_process as r; r._main();"
        "print(resource.getrlimit(resource.RLIMIT_CPU), resource.getrlimit(resource.RLIMIT_FSIZE)[0]);"
        "bytearray(600_000_000)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.endswith("}(10, 10) 0\n")
    assert done.returncode == 1
    assert "MemoryError" in done.stderr


def test_two_at_a_time_few_wait_and_nobody_fills_the_server(monkeypatch):
    monkeypatch.setattr(reader_process, "_MODULE", "tests.slow_reader")
    answers: list[str] = []

    def upload() -> None:
        with pytest.raises(UnreadableFile) as refused:
            reader_process.read(b"x")
        answers.append(str(refused.value))

    at_once(*[upload] * 16)
    spans = [tuple(map(float, answer.split())) for answer in answers if answer[0].isdecimal()]
    assert len(spans) == 6
    assert [answer for answer in answers if not answer[0].isdecimal()] == [
        "Many files are being read at this moment. Try again in a minute."
    ] * 10
    most = max(sum(begins <= moment < ends for begins, ends in spans) for moment, _ends in spans)
    assert most == 2
