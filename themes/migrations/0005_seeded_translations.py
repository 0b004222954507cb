"""The seeded texts get the translations that the catalogues had for them; what staff have written since has none."""

import tomllib
from pathlib import Path

from django.db import migrations

TEXTS = {
    "Consultation": ("title", "headline", "introduction", "document_title"),
    "Theme": ("title", "prompt"),
    "Milestone": ("date", "title"),
}


def found_in(content):
    """Every text of the data file that has languages, by its English."""
    if isinstance(content, list):
        content = dict(enumerate(content))
    if isinstance(content, dict):
        if "en" in content:
            yield {language: text.strip() for language, text in content.items()}
        else:
            for part in content.values():
                yield from found_in(part)


def fill(apps, schema_editor):
    content = tomllib.loads((Path(__file__).parents[1] / "elements_paper.toml").read_text(encoding="utf-8"))
    known = {texts["en"]: texts for texts in found_in(content)}
    for model, names in TEXTS.items():
        for row in apps.get_model("themes", model).objects.order_by("pk"):
            changed = []
            for name in names:
                texts = known.get(getattr(row, f"{name}_en").replace("\r\n", "\n").strip(), {})
                for language, text in texts.items():
                    column = f"{name}_{language}".replace("-", "_")
                    if language != "en" and not getattr(row, column):
                        setattr(row, column, text)
                        changed.append(column)
            if changed:
                row.save(update_fields=changed)


class Migration(migrations.Migration):

    dependencies = [("themes", "0004_languages")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
