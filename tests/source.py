"""The project's own source files, as the tests of the house walk them."""

from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
APPS = ("wsis", "accounts", "themes", "submissions", "privacy", "publication")
SOURCES = [path for app in APPS for path in sorted((BASE / app).rglob("*.py"))]
MODULES = [path for path in SOURCES if "migrations" not in path.parts]
TEMPLATES = sorted((BASE / "templates").rglob("*.html")) + sorted((BASE / "templates").rglob("*.txt"))


def name(path: Path) -> str:
    """The path from the project's folder on."""
    return path.relative_to(BASE).as_posix()
