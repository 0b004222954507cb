"""A mail says itself whether it holds the mark of a link, also when the draft it led to is deleted."""

from django.db import migrations, models

# Of those whose draft is gone already nothing tells the mark from a stakeholder's words: they are left as they are.
HOLDS_LINK = """
UPDATE submissions_mail SET has_link = true WHERE draft_id IS NOT NULL OR late_access_id IS NOT NULL;
"""

WHERE = [
    ("page", "Page of a submission"),
    ("list", "List with names"),
    ("mail", "Mail"),
    ("export", "Export"),
    ("record", "Record"),
    ("late", "Late access"),
]


class Migration(migrations.Migration):
    dependencies = [("submissions", "0014_tagged_passages")]

    operations = [
        migrations.AddField("mail", "has_link", models.BooleanField(default=False, editable=False)),
        migrations.RunSQL(HOLDS_LINK, migrations.RunSQL.noop),
        migrations.AlterField(
            "contactview", "where", models.CharField(choices=WHERE, max_length=10, verbose_name="where")
        ),
    ]
