"""What was there before could be seen by everybody."""

from django.db import migrations

from wsis.operations import run_sql_file


def publish(apps, schema_editor):
    for row in apps.get_model("themes", "Consultation").objects.filter(public_since=None):
        row.public_since = min(row.published_at, row.opens_at)
        row.save(update_fields=["public_since"])


class Migration(migrations.Migration):

    dependencies = [("themes", "0006_public_since")]

    operations = [
        migrations.RunPython(publish, migrations.RunPython.noop, elidable=True),
        run_sql_file(__file__, "intake_guard_public"),
    ]
