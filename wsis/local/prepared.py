"""Whether an install was made ready by this very code already: then a start need not do it again.

`manage.py prepare` takes two seconds to find out that a database lacks nothing. It is asked only when something has
changed that it looks at: our files, what is installed, the environment, or the database's folder.
"""

import sysconfig
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path

from wsis.local.folder import LocalFolder

_SUFFIXES = {".py", ".sql", ".toml", ".js", ".css", ".svg", ".html"}
_APPS = ("wsis", "accounts", "themes", "submissions", "privacy", "publication", "static")
# Of a terminal or of this one start.
_FLEETING = {
    "PWD",
    "OLDPWD",
    "SHLVL",
    "_",
    "TERM",
    "COLUMNS",
    "LINES",
    "PORT",
    "BIND",
    "MAKELEVEL",
    "MFLAGS",
    "MAKEFLAGS",
}


class Prepared:
    def __init__(self, base: Path, folder: LocalFolder, environment: Mapping[str, str]) -> None:
        self.base = base
        self.folder = folder
        self.environment = environment
        self.noted = folder.root / "prepared.sha256"

    def is_known(self) -> bool:
        try:
            return self.noted.read_text() == self._digest()
        except OSError:
            return False

    def note(self) -> None:
        self.noted.write_text(self._digest())

    def _digest(self) -> str:
        digest = sha256()
        for part in self._parts():
            digest.update(part.encode() + b"\0")
        return digest.hexdigest()

    def _parts(self) -> Iterator[str]:
        for app in _APPS:
            for path in sorted((self.base / app).rglob("*")):
                if path.suffix in _SUFFIXES and path.name != "__pycache__":
                    state = path.stat()
                    yield f"{path.relative_to(self.base)} {state.st_size} {state.st_mtime_ns}"
        yield from sorted(path.name for path in Path(sysconfig.get_path("purelib")).glob("*.dist-info"))
        yield from sorted(f"{name}={value}" for name, value in self.environment.items() if name not in _FLEETING)
        for path in (self.base / ".env", self.folder.postgres / "PG_VERSION", self.folder.keys / "admin-password"):
            yield f"{path.name} {path.stat().st_mtime_ns}" if path.exists() else f"no {path.name}"
