"""js/site.js: the files of static/js/site/, one after the other, so that a page asks for one script.

They are joined where Django looks for static files. So `collectstatic` finds one file to hash and compress, runserver
serves it as it is now, and nothing has to be built before.
"""

import atexit
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.files.storage import FileSystemStorage, Storage

NAME = "js/site.js"
# In this order: each uses only what stands before it.
PARTS = ("page", "clock", "words", "kept", "forget", "autosave", "forms", "private_link")


def joined() -> str:
    folder = settings.BASE_DIR / "static" / "js" / "site"
    return "\n".join((folder / f"{part}.js").read_text(encoding="utf-8") for part in PARTS)


class SiteScriptFinder(BaseFinder):
    """Finds `js/site.js`, written anew each time it is asked for."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.folder = Path(tempfile.mkdtemp(prefix="wsis-scripts-"))
        atexit.register(shutil.rmtree, self.folder, ignore_errors=True)
        self.storage = FileSystemStorage(location=self.folder)

    def _write(self) -> Path:
        target = self.folder / NAME
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(joined(), encoding="utf-8")
        return target

    def check(self, **kwargs: Any) -> list[Any]:
        return []

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        found = [str(self._write())] if path == NAME else []
        return found if find_all else (found[0] if found else [])

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        self._write()
        yield NAME, self.storage
