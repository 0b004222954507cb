"""Personal data can leave what is final, and is written down when it does: sql/erasure.sql."""

from django.db import migrations

from wsis.operations import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("submissions", "0005_trail")]
    operations = [run_sql_file(__file__, "erasure")]
