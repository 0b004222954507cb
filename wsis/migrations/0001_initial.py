"""When the web server and the worker were last alive."""

from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Heartbeat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(choices=[('web', 'Web server'), ('worker', 'Scheduler and worker')], max_length=10, verbose_name='part')),
                ('minute', models.DateTimeField(verbose_name='minute')),
            ],
            options={
                'verbose_name': 'heartbeat',
                'verbose_name_plural': 'heartbeats',
                'constraints': [models.UniqueConstraint(fields=('part', 'minute'), name='heartbeat_once_a_minute', violation_error_message='This minute is noted.')],
            },
        ),
    ]
