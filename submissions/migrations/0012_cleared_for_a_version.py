"""A text is cleared for the version that was read. Decisions from before were on the last version at their instant."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

# The trail refuses every change; this fills in a column that is new to it.
VERSIONS = "".join(
    f"""
    ALTER TABLE {table} DISABLE TRIGGER USER;
    UPDATE {table} SET version = coalesce(
        (SELECT max(sent.version) FROM submissions_submission sent
         WHERE sent.reference = {table}.reference AND sent.received_at <= {table}.decided_at), 1);
    ALTER TABLE {table} ENABLE TRIGGER USER;
    """
    for table in ("submissions_publicationdecision", "submissions_publicationdecisionevent")
)

# What was reviewed in bulk until now did not say which version was read.
READ = """
UPDATE submissions_review SET read_version = coalesce(
    (SELECT max(sent.version) FROM submissions_submission sent
     WHERE sent.reference = submissions_review.reference AND sent.received_at <= submissions_review.changed_at), 0)
WHERE read_version = 0 AND state <> 'new';
"""


class Migration(migrations.Migration):

    dependencies = [
        ('submissions', '0011_links_and_sums'),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name='publicationdecision',
            name='insert_insert',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='publicationdecision',
            name='update_update',
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name='publicationdecision',
            name='delete_delete',
        ),
        migrations.AddField(
            model_name='publicationdecision',
            name='version',
            field=models.PositiveSmallIntegerField(default=1, verbose_name='version read'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='publicationdecisionevent',
            name='version',
            field=models.PositiveSmallIntegerField(default=1, verbose_name='version read'),
            preserve_default=False,
        ),
        migrations.RunSQL(VERSIONS, migrations.RunSQL.noop),
        migrations.RunSQL(READ, migrations.RunSQL.noop),
        pgtrigger.migrations.AddTrigger(
            model_name='publicationdecision',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "submissions_publicationdecisionevent" ("decided_at", "decided_by_id", "decision", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "reference", "theme_id", "version") VALUES (NEW."decided_at", NEW."decided_by_id", NEW."decision", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."reference", NEW."theme_id", NEW."version"); RETURN NULL;', hash='aebae61fe3016fb3917a7e65f0c5aef4d590e753', operation='INSERT', pgid='pgtrigger_insert_insert_1630b', table='submissions_publicationdecision', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publicationdecision',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "submissions_publicationdecisionevent" ("decided_at", "decided_by_id", "decision", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "reference", "theme_id", "version") VALUES (NEW."decided_at", NEW."decided_by_id", NEW."decision", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."reference", NEW."theme_id", NEW."version"); RETURN NULL;', hash='0c02dbc4a12fe96f639e2afda22c6acc7dba0965', operation='UPDATE', pgid='pgtrigger_update_update_bec5b', table='submissions_publicationdecision', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publicationdecision',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "submissions_publicationdecisionevent" ("decided_at", "decided_by_id", "decision", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "reference", "theme_id", "version") VALUES (OLD."decided_at", OLD."decided_by_id", OLD."decision", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."reference", OLD."theme_id", OLD."version"); RETURN NULL;', hash='0638d97de4bfb0644fff3f521f414ad940099e62', operation='DELETE', pgid='pgtrigger_delete_delete_87e59', table='submissions_publicationdecision', when='AFTER')),
        ),
    ]
