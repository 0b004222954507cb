"""Brings the catalogues up to date: `make messages`, after words have changed. Needs GNU gettext.

It writes the compiled catalogues too, which are kept beside their sources so that nobody needs gettext to run the site.
"""

import subprocess
import sys
from pathlib import Path

import polib

BASE = Path(__file__).resolve().parent.parent
LANGUAGES = ("ar", "es", "fr", "ru", "zh_Hans")


def main() -> None:
    options = [f"--locale={language}" for language in LANGUAGES]
    ignored = [f"--ignore={folder}" for folder in (".venv", ".local", "tests", "bench")]
    command = [sys.executable, "manage.py", "makemessages", *options, *ignored, "--add-location=file", "--no-wrap"]
    subprocess.run([*command, "--extension=html,txt,py", "--keep-pot"], cwd=BASE, check=True)  # noqa: S603
    (BASE / "locale" / "django.pot").unlink()
    for language in LANGUAGES:
        path = BASE / "locale" / language / "LC_MESSAGES" / "django.po"
        catalogue = polib.pofile(str(path), wrapwidth=0)
        # gettext's form for a header asks for what nobody here keeps.
        catalogue.header, catalogue.metadata_is_fuzzy = "", False
        kept = ("MIME-Version", "Content-Type", "Content-Transfer-Encoding", "Plural-Forms")
        catalogue.metadata = {"Language": language, **{name: catalogue.metadata[name] for name in kept}}
        catalogue.save(str(path))
        catalogue.save_as_mofile(str(path.with_suffix(".mo")))


if __name__ == "__main__":
    main()
