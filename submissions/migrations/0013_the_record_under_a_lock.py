"""The record is written under a lock that ends with its worker: `due_at` says when to try next, and NULL never."""

from django.db import migrations, models

GIVEN_UP_BEFORE = 5  # attempts, until now

STATEMENT = f"""
UPDATE submissions_record SET due_at = NULL WHERE written_at IS NULL AND attempts >= {GIVEN_UP_BEFORE};
"""
BACK = """
UPDATE submissions_record SET due_at = now() WHERE due_at IS NULL;
"""


class Migration(migrations.Migration):
    dependencies = [("submissions", "0012_cleared_for_a_version")]

    operations = [
        migrations.RenameField("record", "leased_until", "due_at"),
        migrations.AlterField(
            "record", "due_at", models.DateTimeField(blank=True, null=True, verbose_name="next attempt")
        ),
        migrations.AddField(
            "record",
            "attempts_allowed",
            models.PositiveSmallIntegerField(default=12, verbose_name="attempts allowed"),
        ),
        migrations.RunSQL(STATEMENT, BACK),
    ]
