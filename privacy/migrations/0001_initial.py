"""Retention periods, and requests about personal data."""

import django.db.models.deletion
import pgtrigger.compiler
import wsis.operations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('pghistory', '0007_auto_20250421_0444'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Retention',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('drafts', 'Drafts, after the deadline'), ('contacts', 'Names and addresses of those who sent, after the deadline'), ('mails', 'E-mails'), ('exports', 'Files of exports'), ('contact-views', 'Who was shown names and addresses'), ('trail', 'Changes in the workspace'), ('security-log', 'Security log'), ('sessions', 'Sessions that are over')], max_length=16, unique=True, verbose_name='what')),
                ('days', models.PositiveIntegerField(verbose_name='kept for days')),
                ('swept_at', models.DateTimeField(null=True, verbose_name='last looked at')),
                ('removed', models.PositiveBigIntegerField(default=0, verbose_name='removed so far')),
            ],
            options={
                'verbose_name': 'retention period',
                'verbose_name_plural': 'retention periods',
                'ordering': ['pk'],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='PersonalDataRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('see', 'See what is held'), ('correct', 'Correct name or address'), ('contacts', 'Erase name and address'), ('texts', 'Erase name, address and texts')], max_length=10, verbose_name='what they want')),
                ('reference', models.CharField(max_length=14, verbose_name='reference')),
                ('identified_by', models.TextField(help_text='For instance: an answer from the confirmed address.', verbose_name='how they showed who they are')),
                ('new_name', models.CharField(blank=True, max_length=200, verbose_name='name as it should be')),
                ('new_email', models.EmailField(blank=True, max_length=254, verbose_name='address as it should be')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written down by')),
                ('asked_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp', output_field=models.DateTimeField(), template='%(function)s()'), verbose_name='written down at')),
                ('answered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='answered by')),
                ('answered_at', models.DateTimeField(null=True, verbose_name='answered at')),
                ('is_approved', models.BooleanField(default=False, verbose_name='approved')),
                ('done_at', models.DateTimeField(null=True, verbose_name='carried out at')),
            ],
            options={
                'verbose_name': 'request about personal data',
                'verbose_name_plural': 'requests about personal data',
                'ordering': ['-asked_at', '-pk'],
                'permissions': [('answer_requests', 'Can write down and answer requests about personal data')],
                'default_permissions': ('view',),
                'constraints': [models.CheckConstraint(condition=models.Q(('answered_by__isnull', True), ('is_approved', False), models.Q(('answered_by', models.F('asked_by')), _negated=True), _connector='OR'), name='request_is_approved_by_another', violation_error_message='A second person approves it.'), models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('answered_by__isnull', True), ('is_approved', False)), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='request_is_answered_by_somebody', violation_error_message='An answer is somebody’s.'), models.CheckConstraint(condition=models.Q(('done_at__isnull', True), ('is_approved', True), _connector='OR'), name='request_is_carried_out_when_approved', violation_error_message='Only what was approved is carried out.'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'correct'), _negated=True), models.Q(('new_email', ''), ('new_name', ''), _negated=True), _connector='OR'), name='request_to_correct_says_what', violation_error_message='Give the name or the address as it should be.')],
            },
        ),
        migrations.CreateModel(
            name='PersonalDataRequestEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='privacy.personaldatarequest')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('see', 'See what is held'), ('correct', 'Correct name or address'), ('contacts', 'Erase name and address'), ('texts', 'Erase name, address and texts')], max_length=10, verbose_name='what they want')),
                ('reference', models.CharField(max_length=14, verbose_name='reference')),
                ('asked_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='written down by')),
                ('asked_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp', output_field=models.DateTimeField(), template='%(function)s()'), verbose_name='written down at')),
                ('answered_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='answered by')),
                ('answered_at', models.DateTimeField(null=True, verbose_name='answered at')),
                ('is_approved', models.BooleanField(default=False, verbose_name='approved')),
                ('done_at', models.DateTimeField(null=True, verbose_name='carried out at')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        wsis.operations.AddTriggers(
            triggers=[
                ('personaldatarequest', pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "privacy_personaldatarequestevent" ("answered_at", "answered_by_id", "asked_at", "asked_by_id", "done_at", "id", "is_approved", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference") VALUES (NEW."answered_at", NEW."answered_by_id", NEW."asked_at", NEW."asked_by_id", NEW."done_at", NEW."id", NEW."is_approved", NEW."kind", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reference"); RETURN NULL;', hash='4f93732b13b0cdfc92535c462cbc1dd2be776ca8', operation='INSERT', pgid='pgtrigger_insert_insert_3104b', table='privacy_personaldatarequest', when='AFTER'))),
                ('personaldatarequest', pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."answered_at" IS DISTINCT FROM (NEW."answered_at") OR OLD."answered_by_id" IS DISTINCT FROM (NEW."answered_by_id") OR OLD."asked_at" IS DISTINCT FROM (NEW."asked_at") OR OLD."asked_by_id" IS DISTINCT FROM (NEW."asked_by_id") OR OLD."done_at" IS DISTINCT FROM (NEW."done_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_approved" IS DISTINCT FROM (NEW."is_approved") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."reference" IS DISTINCT FROM (NEW."reference"))', func='INSERT INTO "privacy_personaldatarequestevent" ("answered_at", "answered_by_id", "asked_at", "asked_by_id", "done_at", "id", "is_approved", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference") VALUES (NEW."answered_at", NEW."answered_by_id", NEW."asked_at", NEW."asked_by_id", NEW."done_at", NEW."id", NEW."is_approved", NEW."kind", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reference"); RETURN NULL;', hash='0a84fe374b549913a1cbe6710e0ee77fde395d36', operation='UPDATE', pgid='pgtrigger_update_update_e8cb8', table='privacy_personaldatarequest', when='AFTER'))),
                ('personaldatarequest', pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "privacy_personaldatarequestevent" ("answered_at", "answered_by_id", "asked_at", "asked_by_id", "done_at", "id", "is_approved", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference") VALUES (OLD."answered_at", OLD."answered_by_id", OLD."asked_at", OLD."asked_by_id", OLD."done_at", OLD."id", OLD."is_approved", OLD."kind", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reference"); RETURN NULL;', hash='4ee209d87a3992bd4ec8d12c1802046ed7498b53', operation='DELETE', pgid='pgtrigger_delete_delete_6bc3d', table='privacy_personaldatarequest', when='AFTER'))),
                ('personaldatarequestevent', pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3f8b4cf6e06a03d61c453d78479cf9b83b94a4f6', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_c68cc', table='privacy_personaldatarequestevent', when='BEFORE'))),
            ],
        ),
    ]
