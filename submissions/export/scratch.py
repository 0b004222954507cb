"""Where a file grows until it is whole: files without a name, which vanish with the process that wrote them.

Workbooks grow in a folder, which does not. What a killed process left there is removed when it is a day old.
"""

import shutil
import tempfile
import time
from pathlib import Path
from typing import IO

from django.conf import settings

MAX_AGE_SECONDS = 24 * 3600  # seconds: many times longer than a task may run


def scratch_folder() -> Path:
    folder: Path = settings.SCRATCH_DIR
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def scratch_file() -> IO[bytes]:
    return tempfile.TemporaryFile(dir=scratch_folder())


def remove_outdated() -> int:
    """Removes what processes left here that were killed long ago. Returns how many things that were."""
    removed = 0
    for left in scratch_folder().iterdir():
        if left.stat().st_mtime < time.time() - MAX_AGE_SECONDS:
            shutil.rmtree(left) if left.is_dir() else left.unlink()
            removed += 1
    return removed
