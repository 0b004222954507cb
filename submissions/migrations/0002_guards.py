"""What no writer gets round, and the one other way in: sql/guards.sql, sql/admissions.sql."""

from pathlib import Path

from django.db import migrations

SQL = Path(__file__).with_name("sql")


def run(name: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        (SQL / f"{name}.sql").read_text(encoding="utf-8"), (SQL / f"{name}.down.sql").read_text(encoding="utf-8")
    )


class Migration(migrations.Migration):
    dependencies = [("submissions", "0001_initial"), ("themes", "0002_intake_guard")]
    operations = [run("guards"), run("admissions")]
