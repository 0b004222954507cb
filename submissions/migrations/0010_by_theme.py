"""One theme across all submissions by its own index; and what a word of a text costs to find, as it is.

Without the cost PostgreSQL believes that reading a million texts through is cheap when only a few rows are wanted.
"""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('submissions', '0009_another_way_in'),
        ('themes', '0004_announcements_and_four_eyes'),
    ]

    operations = [
        migrations.RunSQL(
            "ALTER FUNCTION submissions_searchable(text) COST 5000",
            "ALTER FUNCTION submissions_searchable(text) COST 100",
        ),
        migrations.AddIndex(
            model_name='contribution',
            index=models.Index(fields=['theme', '-id'], name='contribution_by_theme'),
        ),
    ]
