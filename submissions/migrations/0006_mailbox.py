"""Mails are counted by mailbox; those that there are already get theirs."""

from django.db import migrations, models

# mail/mailboxes.py in SQL, as it was when this was written.
FILL = """
UPDATE submissions_mail SET mailbox = CASE
    WHEN lower(recipient) ~ '@(gmail|googlemail)[.]com$'
        THEN replace(split_part(split_part(lower(recipient), '@', 1), '+', 1), '.', '') || '@gmail.com'
    ELSE split_part(split_part(lower(recipient), '@', 1), '+', 1) || '@' || split_part(lower(recipient), '@', 2)
END
"""


class Migration(migrations.Migration):
    dependencies = [("submissions", "0005_trail")]
    operations = [
        migrations.AddField("mail", "mailbox", models.CharField(editable=False, max_length=254, default=""), False),
        migrations.AddField("mail", "begun_at", models.DateTimeField(editable=False, null=True)),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        migrations.AddIndex("mail", models.Index(fields=["mailbox", "begun_at"], name="mail_to_one_mailbox")),
    ]
