"""Full-text search in any script: sql/search.sql."""

from django.db import migrations

from wsis.operations import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("submissions", "0002_guards")]
    operations = [run_sql_file(__file__, "search")]
