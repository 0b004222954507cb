"""The trail is a chain, and its head goes away by mail: sql/trail_chain.sql."""

from django.db import migrations

from wsis.operations import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("submissions", "0006_erasure")]
    operations = [run_sql_file(__file__, "trail_chain")]
