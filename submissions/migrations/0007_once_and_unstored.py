"""A late attempt counts once, and what confirms an address is stored nowhere."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("submissions", "0006_mailbox")]
    operations = [
        migrations.RemoveField("emailconfirmation", "token_hash"),
        migrations.AddField(
            "lateattempt",
            "draft",
            models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="submissions.draft",
            ),
        ),
        migrations.AddConstraint(
            "lateattempt", models.UniqueConstraint(fields=["draft", "sha256"], name="late_attempt_once")
        ),
    ]
