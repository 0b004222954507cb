"""Personal data can leave what is final, and is written down when it does: sql/erasure.sql."""

import django.db.models.deletion
from django.db import migrations, models

from wsis.operations import run_sql_file


class Migration(migrations.Migration):

    dependencies = [
        ('submissions', '0007_once_and_unstored'),
    ]

    operations = [
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(db_index=True, max_length=14, verbose_name='reference')),
                ('what', models.CharField(choices=[('contacts', 'Name and address'), ('texts', 'Name, address and texts'), ('correction', 'Name or address corrected')], max_length=10, verbose_name='what')),
                ('why', models.CharField(choices=[('request', 'The person asked for it'), ('period', 'The period was over')], max_length=10, verbose_name='why')),
                ('erased_at', models.DateTimeField(verbose_name='at')),
                ('digests', models.JSONField(verbose_name='SHA-256 of what was received')),
            ],
            options={
                'verbose_name': 'erasure',
                'verbose_name_plural': 'erasures',
                'ordering': ['-erased_at', '-pk'],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='FormerRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('written_at', models.DateTimeField(verbose_name='written at')),
                ('replaced_at', models.DateTimeField(verbose_name='replaced at')),
                ('record', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='former', to='submissions.record', verbose_name='record')),
            ],
            options={
                'verbose_name': 'former file of a record',
                'verbose_name_plural': 'former files of records',
                'ordering': ['replaced_at', 'pk'],
                'default_permissions': (),
            },
        ),
        run_sql_file(__file__, "erasure"),
    ]
