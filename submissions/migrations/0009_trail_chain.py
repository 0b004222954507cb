"""The trail is a chain, and its head goes away by mail: sql/trail_chain.sql."""

from django.db import migrations, models

from wsis.operations import run_sql_file


class Migration(migrations.Migration):

    dependencies = [
        ('submissions', '0008_erasure'),
    ]

    operations = [
        migrations.CreateModel(
            name='Checkpoint',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField(unique=True, verbose_name='day')),
                ('written_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp', output_field=models.DateTimeField(), template='%(function)s()'), verbose_name='written at')),
                ('link', models.BigIntegerField(verbose_name='last link')),
                ('sha256', models.CharField(blank=True, max_length=64, verbose_name='SHA-256')),
            ],
            options={
                'verbose_name': 'checkpoint',
                'verbose_name_plural': 'checkpoints',
                'ordering': ['-day'],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='TrailLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('event_table', models.CharField(max_length=63)),
                ('event_id', models.BigIntegerField()),
                ('row_sha256', models.CharField(max_length=64)),
                ('erased_sha256', models.CharField(db_default='', max_length=64)),
                ('sha256', models.CharField(max_length=64)),
                ('linked_at', models.DateTimeField()),
            ],
            options={
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('event_table', 'event_id'), name='trail_link_once')],
            },
        ),
        run_sql_file(__file__, "trail_chain"),
    ]
