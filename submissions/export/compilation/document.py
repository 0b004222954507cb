"""Writes a compilation into a file."""

from typing import BinaryIO

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet

from submissions.export.compilation.chapters import Compilation, Contents
from submissions.export.compilation.web_page import write_web_page
from submissions.export.compilation.word import write_word
from submissions.export.sink import Progress, Sink, Written
from submissions.models import Contribution, Format, Submission

PROGRESS_ROWS = 100


def count_compiled(
    compilation: Compilation,
    submissions: QuerySet[Submission],
    connection: BaseDatabaseWrapper,
    texts: QuerySet[Contribution] | None = None,
) -> int:
    return Contents(compilation, submissions, connection, texts).rows_in_all()


def write_compilation(
    compilation: Compilation,
    submissions: QuerySet[Submission],
    to: BinaryIO,
    connection: BaseDatabaseWrapper,
    *,
    format: Format,  # noqa: A002 - the field's own word
    progress: Progress,
    texts: QuerySet[Contribution] | None = None,
) -> Written:
    """Memory does not grow with the number of texts."""

    def on_row(rows: int) -> None:
        if rows % PROGRESS_ROWS == 0:
            progress(rows)

    sink = Sink(to)
    contents = Contents(compilation, submissions, connection, texts, on_row)
    write_as = write_word if format is Format.DOCX else write_web_page
    write_as(contents.title_page(), list(contents.chapters()), sink)
    progress(contents.rows_read())
    return Written(contents.rows_read(), sink.size, sink.digest.hexdigest())
