"""What is final leaves when its period is over: sql/retention.sql."""

from django.db import migrations

from wsis.operations import run_sql_file


class Migration(migrations.Migration):
    dependencies = [
        ("privacy", "0001_initial"),
        ("submissions", "0006_erasure"),
        ("admin", "0003_logentry_add_action_flag_choices"),
    ]
    operations = [run_sql_file(__file__, "retention")]
