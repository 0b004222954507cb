"""What the trail says of who it was is not written over: sql/trail.sql."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("sql")


def run(name: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        (SQL / f"{name}.sql").read_text(encoding="utf-8"), (SQL / f"{name}.down.sql").read_text(encoding="utf-8")
    )


class Migration(migrations.Migration):
    dependencies = [("submissions", "0004_redaction")]
    operations = [run("trail")]
