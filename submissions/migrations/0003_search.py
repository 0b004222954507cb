"""Full-text search in any script: sql/search.sql."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("sql")


def run(name: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        (SQL / f"{name}.sql").read_text(encoding="utf-8"), (SQL / f"{name}.down.sql").read_text(encoding="utf-8")
    )


class Migration(migrations.Migration):
    dependencies = [("submissions", "0002_guards")]
    operations = [run("search")]
