"""Reads a .docx in a process of its own, which may take so much time and memory and no more.

Whoever has no account may upload, and what a file of some kilobytes costs is known only when it has been read. So the
reader runs apart: without our settings and secrets, writing nothing, two at a time on a machine, and is ended when it
takes too long. `python -m submissions.documents.reader_process` is that process: the file on its standard input,
JSON on its standard output.
"""

import fcntl
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from submissions.documents.blocks import FileContent, Line, Omission, Omitted, Table, UnreadableFile

MAX_SECONDS = 10  # of the processor
MAX_WAIT_SECONDS = 20  # by the clock, on a busy machine
MAX_MEMORY_BYTES = 512_000_000
AT_A_TIME = 2
MAX_WAITING = 4
MAX_TURN_SECONDS = 30
_MODULE = "submissions.documents.reader_process"


def read(raw: bytes) -> FileContent:
    """The paragraphs and tables of a .docx file, in their order; waits for its turn.

    Raises:
        UnreadableFile: it is none, is broken, too large, protected, holds macros, or takes too long to read.
    """
    with _turn():
        try:
            done = subprocess.run(  # noqa: S603 - ourselves
                [sys.executable, "-m", _MODULE],
                input=raw,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                timeout=MAX_WAIT_SECONDS,
                check=False,
                cwd=settings.BASE_DIR,
                env={"PYTHONDONTWRITEBYTECODE": "1", "LANG": "C.UTF-8"},
            )
        except subprocess.TimeoutExpired as error:
            raise _costs_too_much() from error
    if done.returncode:
        raise _costs_too_much()
    answer: dict[str, Any] = json.loads(done.stdout)
    if "refusal" in answer:
        # The process speaks English; its sentences are in the catalogues.
        raise UnreadableFile(_(answer["refusal"]))
    return FileContent(
        [Table(tuple(map(tuple, block["rows"]))) if "rows" in block else Line(**block) for block in answer["blocks"]],
        is_document=True,
        omitted=[Omitted(Omission(one["what"]), one["count"], one["beside"]) for one in answer["omitted"]],
    )


def _costs_too_much() -> UnreadableFile:
    return UnreadableFile(
        _("This file takes too long to read. Save it once more as .docx without pictures, or paste your text.")
    )


@contextmanager
def _turn() -> Iterator[None]:
    """One of the places of this machine, after waiting for it. Few may wait: each holds a thread of the server."""
    with ExitStack() as held:
        is_let_in = _take(held, "queue", AT_A_TIME + MAX_WAITING, patience=0)
        if not is_let_in or not _take(held, "reader", AT_A_TIME, patience=MAX_TURN_SECONDS):
            raise UnreadableFile(_("Many files are being read at this moment. Try again in a minute."))
        yield


def _take(held: ExitStack, name: str, places: int, *, patience: float) -> bool:
    """Locks one of so many files. A lock ends with whoever holds it, so that no killed worker keeps a place."""
    folder: Path = settings.SCRATCH_DIR
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    give_up_at = time.monotonic() + patience
    files = [held.enter_context((folder / f"{name}-{number}.lock").open("ab")) for number in range(places)]
    while not any(map(_try_lock, files)):
        if time.monotonic() >= give_up_at:
            return False
        time.sleep(0.05)
    return True


def _try_lock(file: Any) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _main() -> None:
    for limit, value in (
        (resource.RLIMIT_CPU, MAX_SECONDS),
        (resource.RLIMIT_AS, MAX_MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, 0),
    ):
        resource.setrlimit(limit, (value, value))
    from submissions.documents import docx_reader  # noqa: PLC0415 - under the limits

    try:
        content = docx_reader.read(sys.stdin.buffer.read())
    except UnreadableFile as refusal:
        answer: dict[str, Any] = {"refusal": str(refusal)}
    else:
        answer = {"blocks": list(map(vars, content.blocks)), "omitted": list(map(vars, content.omitted))}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    settings.configure(USE_I18N=False)
    _main()
