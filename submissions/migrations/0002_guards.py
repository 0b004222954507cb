"""What no writer gets round, and the one other way in: sql/guards.sql, sql/admissions.sql."""

from django.db import migrations

from wsis.operations import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("submissions", "0001_initial"), ("themes", "0002_intake_guard")]
    operations = [run_sql_file(__file__, "guards"), run_sql_file(__file__, "admissions")]
