"""Who works in the workspace: second factors, invitations, sessions, the security log."""

import django.contrib.auth.models
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SecurityEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True, verbose_name='at')),
                ('kind', models.CharField(choices=[('signed-in', 'Right password'), ('wrong-password', 'Wrong password'), ('locked-out', 'Locked out for a while'), ('too-many', 'Too many attempts from one network'), ('right-code', 'Right code'), ('wrong-code', 'Wrong code'), ('second-factor-set-up', 'Second factor set up'), ('second-factor-reset', 'Second factor taken away'), ('signed-on', 'Signed in through the organisation'), ('sign-on-refused', 'Refused, coming through the organisation'), ('emergency', 'The emergency account’s right password'), ('signed-out', 'Signed out')], max_length=24, verbose_name='what happened')),
                ('username', models.CharField(blank=True, max_length=150, verbose_name='username')),
                ('network', models.CharField(blank=True, max_length=16, verbose_name='network')),
            ],
            options={
                'verbose_name': 'security event',
                'verbose_name_plural': 'security log',
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Colleague',
            fields=[
            ],
            options={
                'verbose_name': 'colleague',
                'verbose_name_plural': 'colleagues',
                'proxy': True,
                'default_permissions': ('add', 'change', 'view'),
                'indexes': [],
                'constraints': [],
            },
            bases=('auth.user',),
            managers=[
                ('objects', django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='AuthenticatorApp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(help_text='The user that this device belongs to.', on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
                ('name', models.CharField(help_text='The human-readable name of this device.', max_length=64)),
                ('confirmed', models.BooleanField(default=True, help_text='Is this device ready for use?')),
                ('throttling_failure_timestamp', models.DateTimeField(blank=True, default=None, help_text='A timestamp of the last failed verification attempt. Null if last attempt succeeded.', null=True)),
                ('throttling_failure_count', models.PositiveIntegerField(default=0, help_text='Number of successive failed attempts.')),
                ('sealed_secret', models.TextField(editable=False)),
                ('last_step', models.BigIntegerField(default=-1, editable=False)),
            ],
            options={
                'verbose_name': 'authenticator app',
                'verbose_name_plural': 'authenticator apps',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Invitation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='account')),
                ('token_hash', models.CharField(editable=False, max_length=64, unique=True)),
                ('expires_at', models.DateTimeField(verbose_name='good until')),
                ('used_at', models.DateTimeField(blank=True, null=True, verbose_name='used at')),
            ],
            options={
                'verbose_name': 'invitation',
                'verbose_name_plural': 'invitations',
            },
        ),
        migrations.CreateModel(
            name='RecoveryCodes',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(help_text='The user that this device belongs to.', on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
                ('name', models.CharField(help_text='The human-readable name of this device.', max_length=64)),
                ('confirmed', models.BooleanField(default=True, help_text='Is this device ready for use?')),
                ('throttling_failure_timestamp', models.DateTimeField(blank=True, default=None, help_text='A timestamp of the last failed verification attempt. Null if last attempt succeeded.', null=True)),
                ('throttling_failure_count', models.PositiveIntegerField(default=0, help_text='Number of successive failed attempts.')),
            ],
            options={
                'verbose_name': 'recovery codes',
                'verbose_name_plural': 'recovery codes',
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='WorkspaceSession',
            fields=[
                ('session_data', models.TextField(verbose_name='session data')),
                ('expire_date', models.DateTimeField(db_index=True, verbose_name='expire date')),
                ('session_key', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('browser', models.CharField(blank=True, max_length=200, verbose_name='browser')),
            ],
            options={
                'verbose_name': 'session',
                'verbose_name_plural': 'sessions',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='OrganisationIdentity',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='account')),
                ('issuer', models.CharField(max_length=300, verbose_name='provider')),
                ('subject', models.CharField(max_length=255, verbose_name='name there')),
            ],
            options={
                'verbose_name': 'identity at the organisation',
                'verbose_name_plural': 'identities at the organisation',
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('issuer', 'subject'), name='organisation_identity_once')],
            },
        ),
        migrations.CreateModel(
            name='RecoveryCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('of', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='codes', to='accounts.recoverycodes')),
                ('code_hash', models.CharField(max_length=64)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('of', 'code_hash'), name='recovery_code_once')],
            },
        ),
    ]
