"""Files that mean harm or are broken: each is refused with a sentence, and none costs more than a text may."""

import pytest

from submissions.documents import docx_reader, parser, plain_text
from submissions.documents.blocks import UnreadableFile
from tests.docx_files import W, document_with, p, run
from tests.factories import theme
from tests.hostile_files import HOSTILE

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]


def test_what_is_nested_is_read_once(seeded):
    """A table in a cell, a box in a box, each a hundred deep: no letter stands there twice."""
    table, box = p(run("in")), p(run("deep"))
    for _depth in range(40):
        table = f"<w:tbl {W}><w:tr><w:tc>{p(run('a'))}{table}</w:tc></w:tr></w:tbl>"
        box = p(f"<w:r><w:pict><w:txbxContent>{box}</w:txbxContent></w:pict></w:r>")
    split = parser.parse(docx_reader.read(document_with(table, box)), seeded)
    text = split.contents[theme(seeded, 2)].text
    assert (text.split().count("a"), text.split().count("in"), text.split().count("deep")) == (40, 1, 1)


def test_labels_without_end_are_read_in_one_go(seeded):
    """A hundred thousand times “Paragraph:” and “Proposed wording:”: no rows, and no text is lost."""
    value = "Paragraph:\nProposed wording:\n" * 20_000
    split = parser.parse(plain_text.read(f"### 1. Theme\n{value}"), seeded)
    whole = [*(content.text for content in split.contents.values()), *split.unplaced]
    assert "\n".join(whole).count("Proposed wording:") == 20_000
    ended = value + "Reason: x" + "\n" * 100_000 + "x"
    rows = parser._labelled_rows(ended, parser._known(seeded))[1]
    assert [row.reason.startswith("x") for row in rows] == [True]


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_and_broken_files_are_refused_with_a_sentence(name):
    make, sentence = HOSTILE[name]
    with pytest.raises(UnreadableFile, match=sentence):
        docx_reader.read(make())


@pytest.mark.parametrize(
    ("raw", "sentence"),
    [
        ("Grüße".encode("latin-1"), "not in UTF-8"),
        (b"MZ\x00\x01binary", "no text file"),
        (b"\xff\xfea", "not in UTF-8"),
    ],
)
def test_what_is_no_text_is_refused_with_a_sentence(raw, sentence):
    with pytest.raises(UnreadableFile, match=sentence):
        plain_text.decode(raw)


@pytest.mark.parametrize("raw", ["é\r\nü".encode("utf-16"), b"\xef\xbb\xbf\xc3\xa9\r\n\xc3\xbc", b"\xc3\xa9\n\xc3\xbc"])
def test_texts_of_old_and_new_editors(raw):
    assert plain_text.decode(raw) == "é\nü"
