"""The text as the public reads it: sql/redaction.sql."""

from django.db import migrations

from wsis.operations import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("submissions", "0003_search")]
    operations = [run_sql_file(__file__, "redaction")]
