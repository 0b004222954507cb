"""The indexes that a search used before sql/search_words.sql. They are dropped while everybody goes on reading."""

from django.db import migrations

from wsis.operations import run_sql_file

INDEXES = ("proposal_search", "submission_contact_search", "submission_search", "contribution_search")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("submissions", "0011_search_words")]
    operations = [
        # On the way back they are made with their functions.
        *(migrations.RunSQL(f"DROP INDEX CONCURRENTLY {index}", migrations.RunSQL.noop) for index in INDEXES),
        run_sql_file(__file__, "search_by_functions"),
    ]
