"""What the trail says of who it was is not written over: sql/trail.sql."""

from django.db import migrations

from wsis.operations import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("submissions", "0004_redaction")]
    operations = [run_sql_file(__file__, "trail")]
