"""Which state of the rounds the database holds, for what web processes keep of them: sql/round_version.sql."""

import uuid

from django.db import migrations, models

from wsis.operations import run_sql_file


class Migration(migrations.Migration):
    dependencies = [("themes", "0003_wording_is_final")]
    operations = [
        migrations.CreateModel(
            name="RoundVersion",
            fields=[
                ("id", models.SmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("version", models.UUIDField(default=uuid.uuid4)),
            ],
            options={
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("id", 1)),
                        name="round_version_is_one_row",
                        violation_error_message="There is one version for all rounds.",
                    )
                ],
            },
        ),
        run_sql_file(__file__, "round_version"),
    ]
