"""Brings the catalogues up to date: `make messages`, after words have changed. Needs GNU gettext.

Besides the words in source and templates it takes the name of the paper's city, and writes the compiled catalogues,
which are kept beside their sources so that nobody needs gettext to run the site.
"""

import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import polib

BASE = Path(__file__).resolve().parent.parent
LANGUAGES = ("ar", "es", "fr", "ru", "zh_Hans")
PAPER = "themes/elements_paper.toml"


def cities() -> Iterator[str]:
    """The place after which the paper's time zone is named; other zones are told by their own name."""
    content = tomllib.loads((BASE / PAPER).read_text(encoding="utf-8"))
    yield content["time_zone"].rpartition("/")[2].replace("_", " ")


def main() -> None:
    options = [f"--locale={language}" for language in LANGUAGES]
    ignored = [f"--ignore={folder}" for folder in (".venv", ".local", "tests", "bench")]
    command = [sys.executable, "manage.py", "makemessages", *options, *ignored, "--add-location=file", "--no-wrap"]
    subprocess.run([*command, "--extension=html,txt,py", "--keep-pot"], cwd=BASE, check=True)  # noqa: S603
    (BASE / "locale" / "django.pot").unlink()
    for language in LANGUAGES:
        path = BASE / "locale" / language / "LC_MESSAGES" / "django.po"
        catalogue = polib.pofile(str(path), wrapwidth=0)
        for text in cities():
            entry = catalogue.find(text, include_obsolete_entries=True)
            if entry is None:
                catalogue.append(polib.POEntry(msgid=text, occurrences=[(PAPER, "")]))
            else:
                entry.obsolete = False
        # gettext's form for a header asks for what nobody here keeps.
        catalogue.header, catalogue.metadata_is_fuzzy = "", False
        kept = ("MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Plural-Forms")
        catalogue.metadata = {"Language": language, **{name: catalogue.metadata[name] for name in kept}}
        catalogue.save(str(path))
        catalogue.save_as_mofile(str(path.with_suffix(".mo")))


if __name__ == "__main__":
    main()
