"""A change to the wording is final once it is written: sql/wording_is_final.sql."""

from django.db import migrations

from wsis.operations import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("themes", "0002_intake_guard")]
    operations = [run_sql_file(__file__, "wording_is_final")]
