"""What was sent before is put where a search looks now, and the indexes of before are dropped while everybody goes on."""

from django.db import migrations

from wsis.operations import run_sql_file

INDEXES = ("proposal_search", "submission_contact_search", "submission_search", "contribution_search")


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("submissions", "0011_search_words")]
    operations = [
        # What was sent before, apart from the triggers' own transaction, so that nobody who sends waits for it.
        migrations.RunSQL(
            "INSERT INTO submissions_contributionwords (contribution_id, submission_id)"
            " SELECT id, submission_id FROM submissions_contribution ON CONFLICT DO NOTHING",
            migrations.RunSQL.noop,
        ),
        migrations.RunSQL(
            "INSERT INTO submissions_submissionwords (submission_id)"
            " SELECT id FROM submissions_submission ON CONFLICT DO NOTHING",
            migrations.RunSQL.noop,
        ),
        # On the way back they are made with their functions.
        *(migrations.RunSQL(f"DROP INDEX CONCURRENTLY {index}", migrations.RunSQL.noop) for index in INDEXES),
        run_sql_file(__file__, "search_by_functions"),
    ]
