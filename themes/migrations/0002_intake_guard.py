"""What decides at COMMIT whether intake is open: sql/intake_guard.sql."""

from django.db import migrations

from wsis.operations import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("themes", "0001_initial")]
    operations = [run_sql_file(__file__, "intake_guard")]
