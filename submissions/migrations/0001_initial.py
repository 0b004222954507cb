"""Every table, with the triggers that write the history of the tracked ones."""

import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.db.models.manager
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('themes', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Change',
            fields=[
                ('user', models.BigIntegerField(null=True)),
                ('url', models.TextField(null=True)),
            ],
            options={
                'verbose_name': 'change',
                'verbose_name_plural': 'changes',
                'managed': False,
                'proxy': True,
                'default_permissions': ('view',),
            },
            bases=('pghistory.events',),
            managers=[
                ('no_objects', django.db.models.manager.Manager()),
            ],
        ),
        migrations.CreateModel(
            name='Contribution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(blank=True, verbose_name='text')),
                ('words', models.PositiveIntegerField(verbose_name='words')),
                ('own_consent', models.CharField(blank=True, choices=[('named', 'With my name or my organisation’s'), ('anonymous', 'Anonymously: the text, without who wrote it'), ('none', 'Not at all: only the secretariat and the co-facilitators read it')], help_text='Empty: as the whole submission.', max_length=10, verbose_name='publication of this one')),
                ('theme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contributions', to='themes.theme', verbose_name='theme')),
            ],
            options={
                'verbose_name': 'contribution',
                'verbose_name_plural': 'contributions',
                'ordering': ['submission', 'theme__number'],
            },
        ),
        migrations.CreateModel(
            name='FlagSweep',
            fields=[
                ('consultation', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='themes.consultation')),
                ('seen', models.CharField(max_length=200)),
                ('swept_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp', output_field=models.DateTimeField(), template='%(function)s()'))),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='KeptFigures',
            fields=[
                ('consultation', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='themes.consultation')),
                ('as_of', models.DateTimeField()),
                ('counted', models.JSONField()),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Role',
            fields=[
            ],
            options={
                'proxy': True,
                'default_permissions': (),
                'indexes': [],
                'constraints': [],
            },
            bases=('auth.group',),
            managers=[
                ('objects', django.contrib.auth.models.GroupManager()),
            ],
        ),
        migrations.CreateModel(
            name='Account',
            fields=[
            ],
            options={
                'proxy': True,
                'default_permissions': (),
                'indexes': [],
                'constraints': [],
            },
            bases=('auth.user',),
            managers=[
                ('objects', django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='AccountRight',
            fields=[
            ],
            options={
                'proxy': True,
                'default_permissions': (),
                'indexes': [],
                'constraints': [],
            },
            bases=('auth.user_user_permissions',),
        ),
        migrations.CreateModel(
            name='AccountRole',
            fields=[
            ],
            options={
                'proxy': True,
                'default_permissions': (),
                'indexes': [],
                'constraints': [],
            },
            bases=('auth.user_groups',),
        ),
        migrations.CreateModel(
            name='RoleRight',
            fields=[
            ],
            options={
                'proxy': True,
                'default_permissions': (),
                'indexes': [],
                'constraints': [],
            },
            bases=('auth.group_permissions',),
        ),
        migrations.CreateModel(
            name='AccountEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.IntegerField()),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='AccountRightEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.IntegerField()),
                ('permission', models.ForeignKey(db_constraint=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='auth.permission')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('user', models.ForeignKey(db_constraint=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='AccountRoleEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.IntegerField()),
                ('group', models.ForeignKey(db_constraint=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='auth.group')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('user', models.ForeignKey(db_constraint=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Campaign',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('group', models.BigIntegerField(editable=False, unique=True)),
                ('submissions', models.PositiveIntegerField(verbose_name='submissions')),
                ('texts', models.PositiveIntegerField(verbose_name='distinct texts')),
                ('organisations', models.PositiveIntegerField(verbose_name='organisations')),
                ('countries', models.PositiveIntegerField(verbose_name='countries')),
                ('first_at', models.DateTimeField(verbose_name='first received at')),
                ('last_at', models.DateTimeField(verbose_name='last received at')),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='themes.consultation', verbose_name='consultation')),
            ],
            options={
                'verbose_name': 'group of near-identical texts',
                'verbose_name_plural': 'near-identical texts',
                'ordering': ['-submissions', 'group'],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='ContactView',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp', output_field=models.DateTimeField(), template='%(function)s()'), db_index=True, verbose_name='when')),
                ('where', models.CharField(choices=[('page', 'Page of a submission'), ('list', 'List with names'), ('mail', 'Mail'), ('export', 'Export'), ('record', 'Record'), ('late', 'Late access')], max_length=10, verbose_name='where')),
                ('what', models.TextField(help_text='The reference, or the list’s filters, or the file.', verbose_name='what')),
                ('people', models.PositiveIntegerField(verbose_name='submissions shown')),
                ('seen_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='who')),
            ],
            options={
                'verbose_name': 'view of contacts',
                'verbose_name_plural': 'views of contacts',
                'ordering': ['-seen_at', '-pk'],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='Fingerprint',
            fields=[
                ('contribution', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='fingerprint', serialize=False, to='submissions.contribution')),
                ('form', models.PositiveSmallIntegerField()),
                ('signature', models.BinaryField()),
                ('text_sha256', models.CharField(max_length=64)),
                ('group', models.BigIntegerField(db_index=True)),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Band',
            fields=[
                ('key', models.BigIntegerField(primary_key=True, serialize=False)),
                ('contribution', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='submissions.contribution')),
            ],
            options={
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Draft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('submitting_as', models.CharField(blank=True, choices=[('individual', 'An individual'), ('organisation', 'An organisation'), ('delegation', 'A delegation or a group of States'), ('coalition', 'A coalition')], max_length=12, verbose_name='submitting as')),
                ('organisation', models.CharField(blank=True, max_length=250, verbose_name='organisation')),
                ('stakeholder_group', models.CharField(blank=True, choices=[('government', 'Government'), ('intergovernmental', 'Intergovernmental organisation'), ('civil-society', 'Civil society'), ('technical', 'Technical community'), ('private-sector', 'Private sector'), ('academia', 'Academia'), ('other', 'Other')], max_length=20, verbose_name='stakeholder group')),
                ('country', models.CharField(blank=True, max_length=3, verbose_name='country or territory')),
                ('contact_name', models.CharField(blank=True, max_length=200, verbose_name='contact name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('consent', models.CharField(blank=True, choices=[('named', 'With my name or my organisation’s'), ('anonymous', 'Anonymously: the text, without who wrote it'), ('none', 'Not at all: only the secretariat and the co-facilitators read it')], max_length=10, verbose_name='publication')),
                ('language', models.CharField(blank=True, max_length=8, verbose_name='language')),
                ('has_accepted_privacy', models.BooleanField(default=False, verbose_name='privacy notice accepted')),
                ('key_hash', models.CharField(max_length=64, unique=True)),
                ('sealed_key', models.TextField(blank=True, editable=False)),
                ('link_email', models.EmailField(blank=True, max_length=254)),
                ('wants_reminders', models.BooleanField(default=True)),
                ('page_language', models.CharField(default='en', max_length=8)),
                ('version', models.PositiveIntegerField(default=0)),
                ('sending_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('reference', models.CharField(blank=True, max_length=14)),
                ('created_at', models.DateTimeField()),
                ('saved_at', models.DateTimeField()),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='drafts', to='themes.consultation')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='DraftContribution',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(blank=True)),
                ('words', models.PositiveIntegerField()),
                ('own_consent', models.CharField(blank=True, choices=[('named', 'With my name or my organisation’s'), ('anonymous', 'Anonymously: the text, without who wrote it'), ('none', 'Not at all: only the secretariat and the co-facilitators read it')], max_length=10)),
                ('is_left_out', models.BooleanField(default=False)),
                ('version', models.PositiveIntegerField(default=1)),
                ('saved_at', models.DateTimeField()),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contributions', to='submissions.draft')),
                ('theme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='themes.theme')),
            ],
            options={
                'ordering': ['theme__number'],
            },
        ),
        migrations.CreateModel(
            name='DraftProposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('paragraph', models.CharField(blank=True, max_length=40)),
                ('wording', models.TextField(blank=True)),
                ('reason', models.TextField(blank=True)),
                ('contribution', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='proposals', to='submissions.draftcontribution')),
            ],
            options={
                'ordering': ['contribution', 'position'],
            },
        ),
        migrations.CreateModel(
            name='Export',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('requested_by_name', models.CharField(max_length=150, verbose_name='asked for by')),
                ('requested_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp', output_field=models.DateTimeField(), template='%(function)s()'), verbose_name='asked for at')),
                ('layout', models.CharField(choices=[('contributions', 'Contributions: one row for each text on an area'), ('submissions', 'Submissions: one row each, a column for each area'), ('proposals', 'Proposed wording: one row for each paragraph, in the document’s order'), ('stakeholders', 'Stakeholders: who was heard, without texts'), ('passages', 'Tagged passages: one row for each, by the code frame')], default='contributions', max_length=20, verbose_name='rows')),
                ('format', models.CharField(choices=[('csv', 'CSV'), ('xlsx', 'Excel (.xlsx)'), ('jsonl', 'JSON Lines'), ('docx', 'Word (.docx): what was written on one area, compiled for reading')], default='csv', max_length=10, verbose_name='file')),
                ('profile', models.CharField(choices=[('spreadsheet', 'For spreadsheets: what could run as a formula has an apostrophe before it'), ('verbatim', 'For programs: every text exactly as it was written')], default='spreadsheet', max_length=20, verbose_name='texts in a CSV')),
                ('audience', models.CharField(choices=[('full', 'With contact names and e-mail addresses'), ('workspace', 'Without contact names and e-mail addresses'), ('public', 'For the public: what the stakeholders’ consent allows, and nothing else')], default='workspace', max_length=10, verbose_name='for whom')),
                ('filters', models.TextField(blank=True, verbose_name='filters')),
                ('filters_in_words', models.TextField(blank=True, verbose_name='filters')),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Being written'), ('done', 'Ready'), ('failed', 'Failed'), ('cancelled', 'Cancelled'), ('expired', 'Expired')], default='waiting', max_length=10, verbose_name='state')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('due_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp', output_field=models.DateTimeField(), template='%(function)s()'), verbose_name='next attempt at')),
                ('started_at', models.DateTimeField(null=True, verbose_name='started at')),
                ('finished_at', models.DateTimeField(null=True, verbose_name='finished at')),
                ('expires_at', models.DateTimeField(null=True, verbose_name='kept until')),
                ('rows_done', models.PositiveBigIntegerField(default=0, verbose_name='rows written')),
                ('rows_total', models.PositiveBigIntegerField(null=True, verbose_name='rows in all')),
                ('withdrawals_seen', models.PositiveIntegerField(default=0, editable=False)),
                ('holds_seen', models.PositiveIntegerField(default=0, editable=False)),
                ('file', models.FileField(blank=True, max_length=250, upload_to='', verbose_name='file')),
                ('byte_count', models.PositiveBigIntegerField(default=0, verbose_name='bytes')),
                ('long_cells', models.PositiveIntegerField(default=0, verbose_name='texts longer than a cell')),
                ('sha256', models.CharField(blank=True, max_length=64, verbose_name='SHA-256')),
                ('failure', models.CharField(blank=True, choices=[('disk-full', 'The disk that exports are written to is full. Free some room, then ask again.'), ('database-full', 'The database’s disk has no room to sort so much. Free some room, or choose fewer rows, then ask again.'), ('database-away', 'The database went away again and again. Ask again when it is back.'), ('storage', 'The place where exports are kept took no file. See the detail below, then ask again.'), ('forbidden', 'Whoever asked for it may no longer have it.'), ('filters', 'The list’s filters are no longer understood. Filter the list anew, then ask again.'), ('died', 'The worker was ended each time it wrote this: too little memory, or it took more than half an hour.'), ('unexpected', 'Something went wrong that nobody thought of. The log of the worker has it whole.')], max_length=20, verbose_name='why it failed')),
                ('error', models.TextField(blank=True, verbose_name='detail')),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='themes.consultation', verbose_name='consultation')),
                ('requested_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked for by')),
                ('theme', models.ForeignKey(blank=True, help_text='Only what was written on it. Empty: on all.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='themes.theme', verbose_name='theme')),
            ],
            options={
                'verbose_name': 'export',
                'verbose_name_plural': 'exports',
                'ordering': ['-requested_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ExportEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('layout', models.CharField(choices=[('contributions', 'Contributions: one row for each text on an area'), ('submissions', 'Submissions: one row each, a column for each area'), ('proposals', 'Proposed wording: one row for each paragraph, in the document’s order'), ('stakeholders', 'Stakeholders: who was heard, without texts'), ('passages', 'Tagged passages: one row for each, by the code frame')], default='contributions', max_length=20, verbose_name='rows')),
                ('format', models.CharField(choices=[('csv', 'CSV'), ('xlsx', 'Excel (.xlsx)'), ('jsonl', 'JSON Lines'), ('docx', 'Word (.docx): what was written on one area, compiled for reading')], default='csv', max_length=10, verbose_name='file')),
                ('audience', models.CharField(choices=[('full', 'With contact names and e-mail addresses'), ('workspace', 'Without contact names and e-mail addresses'), ('public', 'For the public: what the stakeholders’ consent allows, and nothing else')], default='workspace', max_length=10, verbose_name='for whom')),
                ('filters_in_words', models.TextField(blank=True, verbose_name='filters')),
                ('consultation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='themes.consultation', verbose_name='consultation')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='consultation_requested_by_layout_format_audience_theme_filters_in_words_events', to='submissions.export')),
                ('requested_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked for by')),
                ('theme', models.ForeignKey(blank=True, db_constraint=False, help_text='Only what was written on it. Empty: on all.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='themes.theme', verbose_name='theme')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Flag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=14, verbose_name='reference')),
                ('kind', models.CharField(choices=[('same-organisation', 'Same organisation twice'), ('alike', 'Near-identical text'), ('unconfirmed', 'E-mail not confirmed for a day'), ('bounced', 'Mail came back'), ('late', 'Came in late'), ('short', 'Very short')], max_length=20, verbose_name='flag')),
                ('raised_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp', output_field=models.DateTimeField(), template='%(function)s()'), verbose_name='raised at')),
                ('dismissed_at', models.DateTimeField(blank=True, null=True, verbose_name='dismissed at')),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='themes.consultation', verbose_name='consultation')),
                ('dismissed_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='dismissed by')),
            ],
            options={
                'verbose_name': 'flag',
                'verbose_name_plural': 'flags',
                'ordering': ['-raised_at', '-pk'],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='FlagEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('reference', models.CharField(max_length=14, verbose_name='reference')),
                ('kind', models.CharField(choices=[('same-organisation', 'Same organisation twice'), ('alike', 'Near-identical text'), ('unconfirmed', 'E-mail not confirmed for a day'), ('bounced', 'Mail came back'), ('late', 'Came in late'), ('short', 'Very short')], max_length=20, verbose_name='flag')),
                ('raised_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp', output_field=models.DateTimeField(), template='%(function)s()'), verbose_name='raised at')),
                ('dismissed_at', models.DateTimeField(blank=True, null=True, verbose_name='dismissed at')),
                ('consultation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='themes.consultation', verbose_name='consultation')),
                ('dismissed_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='dismissed by')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='submissions.flag')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Highlight',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=14, verbose_name='reference')),
                ('passage', models.TextField(verbose_name='passage')),
                ('made_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp', output_field=models.DateTimeField(), template='%(function)s()'), verbose_name='at')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('theme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='themes.theme', verbose_name='theme')),
            ],
            options={
                'verbose_name': 'highlighted passage',
                'verbose_name_plural': 'highlighted passages',
                'ordering': ['made_at', 'pk'],
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='LateAccess',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('for_whom', models.CharField(max_length=250, verbose_name='for whom')),
                ('email', models.EmailField(blank=True, help_text='The link is mailed there, if you give one.', max_length=254, verbose_name='e-mail')),
                ('reason', models.TextField(help_text='Why this one may send late. It stands in every export.', verbose_name='reason')),
                ('expires_at', models.DateTimeField(verbose_name='expires at')),
                ('given_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp', output_field=models.DateTimeField(), template='%(function)s()'), verbose_name='given at')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked at')),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='late_accesses', to='themes.consultation', verbose_name='consultation')),
                ('given_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='given by')),
            ],
            options={
                'verbose_name': 'late access',
                'verbose_name_plural': 'late accesses',
                'ordering': ['-given_at', '-pk'],
                'default_permissions': ('view',),
            },
        ),
        migrations.CreateModel(
            name='Admission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('way', models.CharField(choices=[('email', 'By e-mail to the secretariat'), ('paper', 'On paper'), ('session', 'At a session or a meeting'), ('other', 'In another way'), ('late-link', 'By a late-access link')], max_length=10, verbose_name='how it came in')),
                ('reason', models.TextField(verbose_name='why it was taken')),
                ('reached_us_at', models.DateTimeField(blank=True, null=True, verbose_name='reached the secretariat at')),
                ('entered_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp', output_field=models.DateTimeField(), template='%(function)s()'), verbose_name='entered at')),
                ('is_late', models.BooleanField(default=False, verbose_name='after the cutoff')),
                ('entered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
                ('late_access', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='admission', to='submissions.lateaccess', verbose_name='late access')),
            ],
            options={
                'verbose_name': 'admission',
                'verbose_name_plural': 'admissions',
                'ordering': ['-entered_at', '-pk'],
                'permissions': [('admit', 'Can enter on behalf of others and give late access')],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='LateAccessEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('for_whom', models.CharField(max_length=250, verbose_name='for whom')),
                ('email', models.EmailField(blank=True, help_text='The link is mailed there, if you give one.', max_length=254, verbose_name='e-mail')),
                ('reason', models.TextField(help_text='Why this one may send late. It stands in every export.', verbose_name='reason')),
                ('expires_at', models.DateTimeField(verbose_name='expires at')),
                ('given_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp', output_field=models.DateTimeField(), template='%(function)s()'), verbose_name='given at')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked at')),
                ('consultation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='themes.consultation', verbose_name='consultation')),
                ('given_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='given by')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='submissions.lateaccess')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='LateAttempt',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('arrived_at', models.DateTimeField(verbose_name='arrived at')),
                ('byte_count', models.PositiveIntegerField(verbose_name='bytes')),
                ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='late_attempts', to='themes.consultation', verbose_name='consultation')),
            ],
            options={
                'verbose_name': 'late attempt',
                'verbose_name_plural': 'late attempts',
                'ordering': ['-arrived_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Note',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(db_index=True, max_length=14, verbose_name='reference')),
                ('written_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp', output_field=models.DateTimeField(), template='%(function)s()'), verbose_name='written at')),
                ('text', models.TextField(verbose_name='note')),
                ('author', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='author')),
            ],
            options={
                'verbose_name': 'note',
                'verbose_name_plural': 'notes',
                'ordering': ['written_at', 'pk'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='NoteEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('reference', models.CharField(max_length=14, verbose_name='reference')),
                ('written_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp', output_field=models.DateTimeField(), template='%(function)s()'), verbose_name='written at')),
                ('text', models.TextField(verbose_name='note')),
                ('author', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='author')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='submissions.note')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('paragraph', models.CharField(blank=True, max_length=40, verbose_name='paragraph')),
                ('wording', models.TextField(blank=True, verbose_name='proposed wording')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('contribution', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='submissions.contribution', verbose_name='contribution')),
            ],
            options={
                'verbose_name': 'proposed wording',
                'verbose_name_plural': 'proposed wordings',
                'ordering': ['contribution', 'position'],
            },
        ),
        migrations.CreateModel(
            name='PublicationDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=14, verbose_name='reference')),
                ('decision', models.CharField(choices=[('cleared', 'Cleared, as the consent allows'), ('withheld', 'Withheld')], max_length=10, verbose_name='decision')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('read_version', models.PositiveSmallIntegerField(verbose_name='version read')),
                ('decided_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp', output_field=models.DateTimeField(), template='%(function)s()'), verbose_name='at')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('theme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='themes.theme', verbose_name='theme')),
            ],
            options={
                'verbose_name': 'publication decision',
                'verbose_name_plural': 'publication decisions',
                'ordering': ['decided_at', 'pk'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='PublicationDecisionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('reference', models.CharField(max_length=14, verbose_name='reference')),
                ('decision', models.CharField(choices=[('cleared', 'Cleared, as the consent allows'), ('withheld', 'Withheld')], max_length=10, verbose_name='decision')),
                ('reason', models.TextField(blank=True, verbose_name='reason')),
                ('read_version', models.PositiveSmallIntegerField(verbose_name='version read')),
                ('decided_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp', output_field=models.DateTimeField(), template='%(function)s()'), verbose_name='at')),
                ('decided_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='submissions.publicationdecision')),
                ('theme', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='themes.theme', verbose_name='theme')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Record',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('closed_at', models.DateTimeField(verbose_name='closed at')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('attempts_allowed', models.PositiveSmallIntegerField(default=12, verbose_name='attempts allowed')),
                ('due_at', models.DateTimeField(blank=True, null=True, verbose_name='next attempt')),
                ('last_error', models.TextField(blank=True, verbose_name='last error')),
                ('read_at', models.DateTimeField(blank=True, null=True, verbose_name='read at')),
                ('written_at', models.DateTimeField(blank=True, null=True, verbose_name='written at')),
                ('file', models.FileField(blank=True, max_length=250, upload_to='', verbose_name='file')),
                ('submission_count', models.PositiveIntegerField(default=0, verbose_name='submissions')),
                ('row_count', models.PositiveIntegerField(default=0, verbose_name='rows')),
                ('byte_count', models.PositiveBigIntegerField(default=0, verbose_name='bytes')),
                ('sha256', models.CharField(blank=True, max_length=64, verbose_name='SHA-256')),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='records', to='themes.consultation', verbose_name='consultation')),
            ],
            options={
                'verbose_name': 'record',
                'verbose_name_plural': 'records',
                'ordering': ['-closed_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Redaction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=14, verbose_name='reference')),
                ('passage', models.TextField(verbose_name='passage')),
                ('made_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp', output_field=models.DateTimeField(), template='%(function)s()'), verbose_name='at')),
                ('reason', models.TextField(help_text='The stakeholder reads it, beside the bar.', verbose_name='reason')),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('theme', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='themes.theme', verbose_name='theme')),
            ],
            options={
                'verbose_name': 'redaction',
                'verbose_name_plural': 'redactions',
                'ordering': ['made_at', 'pk'],
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='RedactionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('reference', models.CharField(max_length=14, verbose_name='reference')),
                ('passage', models.TextField(verbose_name='passage')),
                ('made_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp', output_field=models.DateTimeField(), template='%(function)s()'), verbose_name='at')),
                ('reason', models.TextField(help_text='The stakeholder reads it, beside the bar.', verbose_name='reason')),
                ('made_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='submissions.redaction')),
                ('theme', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='themes.theme', verbose_name='theme')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('extension', 'Change of the deadline'), ('three-days', 'Three days left'), ('one-day', 'One day left')], max_length=12, verbose_name='kind')),
                ('closes_at', models.DateTimeField(verbose_name='cutoff')),
                ('queued_at', models.DateTimeField(verbose_name='queued at')),
                ('draft', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='submissions.draft', verbose_name='draft')),
            ],
            options={
                'ordering': ['-queued_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Review',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=14, unique=True, verbose_name='reference')),
                ('state', models.CharField(choices=[('new', 'New'), ('in-review', 'In review'), ('reviewed', 'Reviewed'), ('set-aside', 'Set aside')], default='new', max_length=10, verbose_name='state')),
                ('reason', models.TextField(blank=True, verbose_name='why it is set aside')),
                ('read_version', models.PositiveSmallIntegerField(default=0, verbose_name='version read')),
                ('version', models.PositiveIntegerField(default=0, editable=False)),
                ('changed_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp', output_field=models.DateTimeField(), template='%(function)s()'), verbose_name='changed at')),
                ('assignee', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='assigned to')),
                ('changed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by')),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='themes.consultation', verbose_name='consultation')),
            ],
            options={
                'verbose_name': 'review',
                'verbose_name_plural': 'reviews',
                'ordering': ['-changed_at', '-pk'],
                'permissions': [('review', 'Can review submissions')],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ReviewEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('reference', models.CharField(max_length=14, verbose_name='reference')),
                ('state', models.CharField(choices=[('new', 'New'), ('in-review', 'In review'), ('reviewed', 'Reviewed'), ('set-aside', 'Set aside')], default='new', max_length=10, verbose_name='state')),
                ('reason', models.TextField(blank=True, verbose_name='why it is set aside')),
                ('read_version', models.PositiveSmallIntegerField(default=0, verbose_name='version read')),
                ('version', models.PositiveIntegerField(default=0, editable=False)),
                ('changed_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp', output_field=models.DateTimeField(), template='%(function)s()'), verbose_name='changed at')),
                ('assignee', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='assigned to')),
                ('changed_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='changed by')),
                ('consultation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='themes.consultation', verbose_name='consultation')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='submissions.review')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='RoleRightEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.IntegerField()),
                ('group', models.ForeignKey(db_constraint=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='auth.group')),
                ('permission', models.ForeignKey(db_constraint=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='auth.permission')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='SavedFilter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('of', models.CharField(choices=[('submission', 'submissions'), ('contribution', 'contributions')], max_length=12, verbose_name='list')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('filters', models.TextField(help_text='As they stand in the list’s address.', verbose_name='filters')),
                ('is_shared', models.BooleanField(default=False, verbose_name='for all colleagues')),
                ('owner', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='of whom')),
            ],
            options={
                'verbose_name': 'saved filter',
                'verbose_name_plural': 'saved filters',
                'ordering': ['name', 'pk'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Submission',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('submitting_as', models.CharField(blank=True, choices=[('individual', 'An individual'), ('organisation', 'An organisation'), ('delegation', 'A delegation or a group of States'), ('coalition', 'A coalition')], max_length=12, verbose_name='submitting as')),
                ('organisation', models.CharField(blank=True, max_length=250, verbose_name='organisation')),
                ('stakeholder_group', models.CharField(blank=True, choices=[('government', 'Government'), ('intergovernmental', 'Intergovernmental organisation'), ('civil-society', 'Civil society'), ('technical', 'Technical community'), ('private-sector', 'Private sector'), ('academia', 'Academia'), ('other', 'Other')], max_length=20, verbose_name='stakeholder group')),
                ('country', models.CharField(blank=True, max_length=3, verbose_name='country or territory')),
                ('contact_name', models.CharField(blank=True, max_length=200, verbose_name='contact name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='e-mail')),
                ('consent', models.CharField(blank=True, choices=[('named', 'With my name or my organisation’s'), ('anonymous', 'Anonymously: the text, without who wrote it'), ('none', 'Not at all: only the secretariat and the co-facilitators read it')], max_length=10, verbose_name='publication')),
                ('language', models.CharField(blank=True, max_length=8, verbose_name='language')),
                ('has_accepted_privacy', models.BooleanField(default=False, verbose_name='privacy notice accepted')),
                ('reference', models.CharField(max_length=14, verbose_name='reference')),
                ('version', models.PositiveSmallIntegerField(default=1, verbose_name='version')),
                ('sending_key', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='sending key')),
                ('received_at', models.DateTimeField(db_index=True, verbose_name='received at')),
                ('content_sha256', models.CharField(max_length=64, verbose_name='SHA-256 of the canonical text')),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='submissions', to='themes.consultation', verbose_name='consultation')),
            ],
            options={
                'verbose_name': 'submission',
                'verbose_name_plural': 'submissions',
                'ordering': ['-received_at', '-pk'],
                'permissions': [('see_contacts', 'Can see contact names and e-mail addresses')],
            },
        ),
        migrations.CreateModel(
            name='Mail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('has_link', models.BooleanField(default=False, editable=False)),
                ('recipient', models.EmailField(max_length=254, verbose_name='to')),
                ('subject', models.CharField(max_length=250, verbose_name='subject')),
                ('body', models.TextField(verbose_name='text')),
                ('message_id', models.CharField(max_length=120, unique=True, verbose_name='Message-ID')),
                ('queued_at', models.DateTimeField(verbose_name='queued at')),
                ('due_at', models.DateTimeField(verbose_name='next attempt at')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='sent at')),
                ('failed_at', models.DateTimeField(blank=True, null=True, verbose_name='given up at')),
                ('last_error', models.TextField(blank=True, verbose_name='last error')),
                ('bounced_at', models.DateTimeField(blank=True, null=True, verbose_name='came back at')),
                ('bounce', models.TextField(blank=True, verbose_name='why it came back')),
                ('draft', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='submissions.draft')),
                ('late_access', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='submissions.lateaccess')),
                ('submission', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='mails', to='submissions.submission', verbose_name='submission')),
            ],
            options={
                'verbose_name': 'mail',
                'verbose_name_plural': 'mails',
                'ordering': ['-queued_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='EmailConfirmation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(editable=False, max_length=64, unique=True)),
                ('asked_at', models.DateTimeField(verbose_name='asked at')),
                ('confirmed_at', models.DateTimeField(blank=True, null=True, verbose_name='confirmed at')),
                ('submission', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='email_confirmation', to='submissions.submission', verbose_name='submission')),
            ],
            options={
                'verbose_name': 'e-mail confirmation',
                'verbose_name_plural': 'e-mail confirmations',
                'ordering': ['-asked_at', '-pk'],
            },
        ),
        migrations.AddField(
            model_name='contribution',
            name='submission',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='contributions', to='submissions.submission', verbose_name='submission'),
        ),
        migrations.CreateModel(
            name='AdmissionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('way', models.CharField(choices=[('email', 'By e-mail to the secretariat'), ('paper', 'On paper'), ('session', 'At a session or a meeting'), ('other', 'In another way'), ('late-link', 'By a late-access link')], max_length=10, verbose_name='how it came in')),
                ('reason', models.TextField(verbose_name='why it was taken')),
                ('reached_us_at', models.DateTimeField(blank=True, null=True, verbose_name='reached the secretariat at')),
                ('entered_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp', output_field=models.DateTimeField(), template='%(function)s()'), verbose_name='entered at')),
                ('is_late', models.BooleanField(default=False, verbose_name='after the cutoff')),
                ('entered_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='submissions.admission')),
                ('late_access', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='submissions.lateaccess', verbose_name='late access')),
                ('submission', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='submissions.submission', verbose_name='submission')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='admission',
            name='submission',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='admission', to='submissions.submission', verbose_name='submission'),
        ),
        migrations.CreateModel(
            name='Tag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, verbose_name='name')),
                ('colour', models.CharField(choices=[('blue', 'Blue'), ('green', 'Green'), ('amber', 'Amber'), ('red', 'Red'), ('violet', 'Violet'), ('grey', 'Grey')], default='blue', max_length=10, verbose_name='colour')),
                ('description', models.TextField(blank=True, verbose_name='when to use it')),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tags', to='themes.consultation', verbose_name='consultation')),
            ],
            options={
                'verbose_name': 'tag',
                'verbose_name_plural': 'tags',
                'ordering': ['consultation', 'name'],
            },
        ),
        migrations.CreateModel(
            name='ReviewTagEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('review', models.ForeignKey(db_constraint=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='submissions.review')),
                ('tag', models.ForeignKey(db_constraint=False, db_tablespace='', on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='submissions.tag')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='review',
            name='tags',
            field=models.ManyToManyField(blank=True, related_name='reviews', to='submissions.tag', verbose_name='tags'),
        ),
        migrations.CreateModel(
            name='HighlightEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('reference', models.CharField(max_length=14, verbose_name='reference')),
                ('passage', models.TextField(verbose_name='passage')),
                ('made_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp', output_field=models.DateTimeField(), template='%(function)s()'), verbose_name='at')),
                ('made_by', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='submissions.highlight')),
                ('theme', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='themes.theme', verbose_name='theme')),
                ('tag', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='submissions.tag', verbose_name='tag')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='highlight',
            name='tag',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='highlights', to='submissions.tag', verbose_name='tag'),
        ),
        migrations.CreateModel(
            name='TagEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.BigIntegerField()),
                ('name', models.CharField(max_length=40, verbose_name='name')),
                ('colour', models.CharField(choices=[('blue', 'Blue'), ('green', 'Green'), ('amber', 'Amber'), ('red', 'Red'), ('violet', 'Violet'), ('grey', 'Grey')], default='blue', max_length=10, verbose_name='colour')),
                ('description', models.TextField(blank=True, verbose_name='when to use it')),
                ('consultation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='themes.consultation', verbose_name='consultation')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='submissions.tag')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='Withdrawal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=14, unique=True, verbose_name='reference')),
                ('withdrawn_at', models.DateTimeField(verbose_name='withdrawn at')),
                ('submission', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='withdrawal', to='submissions.submission', verbose_name='last version')),
            ],
            options={
                'verbose_name': 'withdrawal',
                'verbose_name_plural': 'withdrawals',
                'ordering': ['-withdrawn_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='RoleEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('id', models.IntegerField()),
                ('name', models.CharField(max_length=150, verbose_name='name')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='submissions.role')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='role',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "submissions_roleevent" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='35da86f235d61608860632cd8590d92536e7463e', operation='INSERT', pgid='pgtrigger_insert_insert_9401b', table='auth_group', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='role',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "submissions_roleevent" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;', hash='30802699fa0c3e95171627c43ec3facd40acdf5c', operation='UPDATE', pgid='pgtrigger_update_update_6d478', table='auth_group', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='role',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "submissions_roleevent" ("id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;', hash='f0b6ea7dabf3a6d43c86675d2c7a18be55cb3529', operation='DELETE', pgid='pgtrigger_delete_delete_02ca6', table='auth_group', when='AFTER')),
        ),
        migrations.AddField(
            model_name='accountevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='submissions.account'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='account',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "submissions_accountevent" ("date_joined", "email", "first_name", "id", "is_active", "is_staff", "is_superuser", "last_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "username") VALUES (NEW."date_joined", NEW."email", NEW."first_name", NEW."id", NEW."is_active", NEW."is_staff", NEW."is_superuser", NEW."last_name", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."username"); RETURN NULL;', hash='b2f20d63ac71d2567c4598cfecedfb327a61f73f', operation='INSERT', pgid='pgtrigger_insert_insert_80d6d', table='auth_user', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='account',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."date_joined" IS DISTINCT FROM (NEW."date_joined") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."first_name" IS DISTINCT FROM (NEW."first_name") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_active" IS DISTINCT FROM (NEW."is_active") OR OLD."is_staff" IS DISTINCT FROM (NEW."is_staff") OR OLD."is_superuser" IS DISTINCT FROM (NEW."is_superuser") OR OLD."last_name" IS DISTINCT FROM (NEW."last_name") OR OLD."username" IS DISTINCT FROM (NEW."username"))', func='INSERT INTO "submissions_accountevent" ("date_joined", "email", "first_name", "id", "is_active", "is_staff", "is_superuser", "last_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "username") VALUES (NEW."date_joined", NEW."email", NEW."first_name", NEW."id", NEW."is_active", NEW."is_staff", NEW."is_superuser", NEW."last_name", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."username"); RETURN NULL;', hash='ccff162127733bc6633f6a28dd0ab22f0afa1eab', operation='UPDATE', pgid='pgtrigger_update_update_cdb41', table='auth_user', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='account',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "submissions_accountevent" ("date_joined", "email", "first_name", "id", "is_active", "is_staff", "is_superuser", "last_name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "username") VALUES (OLD."date_joined", OLD."email", OLD."first_name", OLD."id", OLD."is_active", OLD."is_staff", OLD."is_superuser", OLD."last_name", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."username"); RETURN NULL;', hash='490305eadc3dae1cf21989aa79c338d044af4324', operation='DELETE', pgid='pgtrigger_delete_delete_404ea', table='auth_user', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='accountright',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "submissions_accountrightevent" ("id", "permission_id", "pgh_context_id", "pgh_created_at", "pgh_label", "user_id") VALUES (NEW."id", NEW."permission_id", _pgh_attach_context(), NOW(), \'insert\', NEW."user_id"); RETURN NULL;', hash='ba5daac3292233916b0e75edeae653fa7f7a3c49', operation='INSERT', pgid='pgtrigger_insert_insert_df1d2', table='auth_user_user_permissions', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='accountright',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "submissions_accountrightevent" ("id", "permission_id", "pgh_context_id", "pgh_created_at", "pgh_label", "user_id") VALUES (NEW."id", NEW."permission_id", _pgh_attach_context(), NOW(), \'update\', NEW."user_id"); RETURN NULL;', hash='5728904c287c4e34ef33e2c14ea216cf3ed0a83d', operation='UPDATE', pgid='pgtrigger_update_update_d83d6', table='auth_user_user_permissions', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='accountright',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "submissions_accountrightevent" ("id", "permission_id", "pgh_context_id", "pgh_created_at", "pgh_label", "user_id") VALUES (OLD."id", OLD."permission_id", _pgh_attach_context(), NOW(), \'delete\', OLD."user_id"); RETURN NULL;', hash='069d45d926934377563c6de5db1d223d5cd0419a', operation='DELETE', pgid='pgtrigger_delete_delete_93399', table='auth_user_user_permissions', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='accountrole',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "submissions_accountroleevent" ("group_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "user_id") VALUES (NEW."group_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."user_id"); RETURN NULL;', hash='e367b59bd48dca43e7042761c52d45fe2bfd2426', operation='INSERT', pgid='pgtrigger_insert_insert_c6eb3', table='auth_user_groups', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='accountrole',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "submissions_accountroleevent" ("group_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "user_id") VALUES (NEW."group_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."user_id"); RETURN NULL;', hash='b716ef44a43aa10f732f80bfaa19ba8996bd1677', operation='UPDATE', pgid='pgtrigger_update_update_1fff2', table='auth_user_groups', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='accountrole',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "submissions_accountroleevent" ("group_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "user_id") VALUES (OLD."group_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."user_id"); RETURN NULL;', hash='44a6819f080c3037285b9283b27d6ba24af3e0aa', operation='DELETE', pgid='pgtrigger_delete_delete_fec9a', table='auth_user_groups', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='roleright',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "submissions_rolerightevent" ("group_id", "id", "permission_id", "pgh_context_id", "pgh_created_at", "pgh_label") VALUES (NEW."group_id", NEW."id", NEW."permission_id", _pgh_attach_context(), NOW(), \'insert\'); RETURN NULL;', hash='1935e933a82366880e38fc41673fad20bf90e739', operation='INSERT', pgid='pgtrigger_insert_insert_733ff', table='auth_group_permissions', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='roleright',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "submissions_rolerightevent" ("group_id", "id", "permission_id", "pgh_context_id", "pgh_created_at", "pgh_label") VALUES (NEW."group_id", NEW."id", NEW."permission_id", _pgh_attach_context(), NOW(), \'update\'); RETURN NULL;', hash='5d9520c2990467ea5f0fd632680fa71fa966ded7', operation='UPDATE', pgid='pgtrigger_update_update_56aa3', table='auth_group_permissions', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='roleright',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "submissions_rolerightevent" ("group_id", "id", "permission_id", "pgh_context_id", "pgh_created_at", "pgh_label") VALUES (OLD."group_id", OLD."id", OLD."permission_id", _pgh_attach_context(), NOW(), \'delete\'); RETURN NULL;', hash='897b3dfd0480efd86295df8c46c54ef6e81ae8af', operation='DELETE', pgid='pgtrigger_delete_delete_f7a13', table='auth_group_permissions', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='accountrightevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='353adcbb25f6bf40d6b7f7313065bdee9e86a3f4', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_7e334', table='submissions_accountrightevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='accountroleevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3421bf89e171236693243ae6e7120f3eb201abc3', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b3814', table='submissions_accountroleevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='draftcontribution',
            constraint=models.UniqueConstraint(fields=('draft', 'theme'), name='draft_one_text_per_theme', violation_error_message='A draft has one text on each theme.'),
        ),
        migrations.AddIndex(
            model_name='export',
            index=models.Index(condition=models.Q(('state__in', ['waiting', 'running'])), fields=['due_at'], name='export_waiting'),
        ),
        migrations.AddConstraint(
            model_name='export',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), models.Q(models.Q(('file', ''), _negated=True), models.Q(('sha256', ''), _negated=True), ('expires_at__isnull', False), ('finished_at__isnull', False)), _connector='OR'), name='export_is_whole_when_ready', violation_error_message='An export that is ready has a file, its sum, and an end.'),
        ),
        migrations.AddConstraint(
            model_name='export',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['done', 'expired']), ('file', ''), _connector='OR'), name='export_has_no_file_before', violation_error_message='Half a file is never offered.'),
        ),
        migrations.AddConstraint(
            model_name='export',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'failed'), models.Q(('failure', ''), _negated=True)), models.Q(models.Q(('state', 'failed'), _negated=True), ('failure', '')), _connector='OR'), name='export_failed_for_a_reason', violation_error_message='A failure says why.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='export',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "submissions_exportevent" ("audience", "consultation_id", "filters_in_words", "format", "layout", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "requested_by_id", "theme_id") VALUES (NEW."audience", NEW."consultation_id", NEW."filters_in_words", NEW."format", NEW."layout", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."requested_by_id", NEW."theme_id"); RETURN NULL;', hash='e9e8489b43eddd407d075b83ecfeba3b7bc9f475', operation='INSERT', pgid='pgtrigger_insert_insert_1fbd9', table='submissions_export', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='exportevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='498f32e014ae8dbeae79307a566e354ac421a52d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_88e0e', table='submissions_exportevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='flag',
            index=models.Index(fields=['kind', 'dismissed_at'], name='flag_by_kind'),
        ),
        migrations.AddConstraint(
            model_name='flag',
            constraint=models.UniqueConstraint(fields=('reference', 'kind'), name='flag_once_of_a_kind', violation_error_message='This flag is there.'),
        ),
        migrations.AddConstraint(
            model_name='flag',
            constraint=models.CheckConstraint(condition=models.Q(('dismissed_by__isnull', True), ('dismissed_at__isnull', False), _connector='OR'), name='flag_dismissed_by_somebody_at_a_time', violation_error_message='A flag is dismissed at a time.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='flag',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "submissions_flagevent" ("consultation_id", "dismissed_at", "dismissed_by_id", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "raised_at", "reference") VALUES (NEW."consultation_id", NEW."dismissed_at", NEW."dismissed_by_id", NEW."id", NEW."kind", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."raised_at", NEW."reference"); RETURN NULL;', hash='c35ffcebb2db3fabe9aa4e39345a81476e1352af', operation='UPDATE', pgid='pgtrigger_update_update_32535', table='submissions_flag', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='flagevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a4e7bd0e034b92e26cde2ca93c2711180d393bec', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_296b6', table='submissions_flagevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='lateaccess',
            constraint=models.CheckConstraint(condition=models.Q(('reason__regex', '\\S')), name='late_access_has_a_reason', violation_error_message='Say why.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lateaccess',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "submissions_lateaccessevent" ("consultation_id", "email", "expires_at", "for_whom", "given_at", "given_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revoked_at") VALUES (NEW."consultation_id", NEW."email", NEW."expires_at", NEW."for_whom", NEW."given_at", NEW."given_by_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."revoked_at"); RETURN NULL;', hash='05e191cd70af0af1118eb79c15722308933c101c', operation='INSERT', pgid='pgtrigger_insert_insert_c1e86', table='submissions_lateaccess', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lateaccess',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "submissions_lateaccessevent" ("consultation_id", "email", "expires_at", "for_whom", "given_at", "given_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revoked_at") VALUES (NEW."consultation_id", NEW."email", NEW."expires_at", NEW."for_whom", NEW."given_at", NEW."given_by_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."revoked_at"); RETURN NULL;', hash='5b398a0a2f1c4b4696fa38c387ab745c1f77a443', operation='UPDATE', pgid='pgtrigger_update_update_f45c1', table='submissions_lateaccess', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lateaccess',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "submissions_lateaccessevent" ("consultation_id", "email", "expires_at", "for_whom", "given_at", "given_by_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "revoked_at") VALUES (OLD."consultation_id", OLD."email", OLD."expires_at", OLD."for_whom", OLD."given_at", OLD."given_by_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."revoked_at"); RETURN NULL;', hash='d781c90261dce77e10780ed090761da037bd0201', operation='DELETE', pgid='pgtrigger_delete_delete_ab8a8', table='submissions_lateaccess', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='lateaccessevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='92df269807187ea17c21d65d023d352a038eb107', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_9f4c0', table='submissions_lateaccessevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='note',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "submissions_noteevent" ("author_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "text", "written_at") VALUES (NEW."author_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reference", NEW."text", NEW."written_at"); RETURN NULL;', hash='b9595edccdb65d6cd88a346e2d4bad2647a9c3b7', operation='INSERT', pgid='pgtrigger_insert_insert_82da8', table='submissions_note', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='note',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "submissions_noteevent" ("author_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "text", "written_at") VALUES (NEW."author_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reference", NEW."text", NEW."written_at"); RETURN NULL;', hash='c0591f542227f529d7c5cb69953443487a1bf34d', operation='UPDATE', pgid='pgtrigger_update_update_2f4a6', table='submissions_note', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='note',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "submissions_noteevent" ("author_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "text", "written_at") VALUES (OLD."author_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reference", OLD."text", OLD."written_at"); RETURN NULL;', hash='49877e94a3aac4fb3cc227b19eba5656dc5b4fcd', operation='DELETE', pgid='pgtrigger_delete_delete_b6c50', table='submissions_note', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='noteevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='411aab10936ff8d1415ebfe7acf052a53676be9f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b6a8b', table='submissions_noteevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.UniqueConstraint(fields=('contribution', 'position'), name='proposal_positions_are_unique', violation_error_message='Another row has this position.'),
        ),
        migrations.AddConstraint(
            model_name='proposal',
            constraint=models.CheckConstraint(condition=models.Q(('paragraph__regex', '\\S'), ('wording__regex', '\\S'), ('reason__regex', '\\S'), _connector='OR'), name='proposal_is_not_empty', violation_error_message='A row says something.'),
        ),
        migrations.AddConstraint(
            model_name='publicationdecision',
            constraint=models.UniqueConstraint(fields=('reference', 'theme'), name='publication_decided_once', violation_error_message='This contribution has its decision.'),
        ),
        migrations.AddConstraint(
            model_name='publicationdecision',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decision', 'withheld'), _negated=True), ('reason__regex', '\\S'), _connector='OR'), name='publication_withheld_for_a_reason', violation_error_message='Say why it is withheld.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publicationdecision',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "submissions_publicationdecisionevent" ("decided_at", "decided_by_id", "decision", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "read_version", "reason", "reference", "theme_id") VALUES (NEW."decided_at", NEW."decided_by_id", NEW."decision", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."read_version", NEW."reason", NEW."reference", NEW."theme_id"); RETURN NULL;', hash='9387da175896c2a7681b58a5d851f82bed0f4e0a', operation='INSERT', pgid='pgtrigger_insert_insert_1630b', table='submissions_publicationdecision', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publicationdecision',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "submissions_publicationdecisionevent" ("decided_at", "decided_by_id", "decision", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "read_version", "reason", "reference", "theme_id") VALUES (NEW."decided_at", NEW."decided_by_id", NEW."decision", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."read_version", NEW."reason", NEW."reference", NEW."theme_id"); RETURN NULL;', hash='1cc44b7fe6bfc6fafb98bc32aacdc550772a30d1', operation='UPDATE', pgid='pgtrigger_update_update_bec5b', table='submissions_publicationdecision', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publicationdecision',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "submissions_publicationdecisionevent" ("decided_at", "decided_by_id", "decision", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "read_version", "reason", "reference", "theme_id") VALUES (OLD."decided_at", OLD."decided_by_id", OLD."decision", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."read_version", OLD."reason", OLD."reference", OLD."theme_id"); RETURN NULL;', hash='326d126031a9f1a7827224fdfed9fe1e0b3109cf', operation='DELETE', pgid='pgtrigger_delete_delete_87e59', table='submissions_publicationdecision', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='publicationdecisionevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='db6d54690613a096fb8e35c8400a7c83e3fd83aa', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_e0866', table='submissions_publicationdecisionevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='record',
            constraint=models.UniqueConstraint(fields=('consultation', 'closed_at'), name='record_one_per_closing', violation_error_message='This closing has its record.'),
        ),
        migrations.AddConstraint(
            model_name='record',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('file', ''), ('sha256', ''), ('written_at__isnull', True)), models.Q(('written_at__isnull', False), models.Q(('file', ''), _negated=True), models.Q(('sha256', ''), _negated=True)), _connector='OR'), name='record_written_with_file_and_sum', violation_error_message='A written record has a file and its sum.'),
        ),
        migrations.AddConstraint(
            model_name='redaction',
            constraint=models.UniqueConstraint(models.F('reference'), models.F('theme'), django.db.models.functions.text.MD5('passage'), name='redaction_once', violation_error_message='This passage is blacked out.'),
        ),
        migrations.AddConstraint(
            model_name='redaction',
            constraint=models.CheckConstraint(condition=models.Q(('passage__regex', '\\S')), name='redaction_is_of_something', violation_error_message='Choose a passage.'),
        ),
        migrations.AddConstraint(
            model_name='redaction',
            constraint=models.CheckConstraint(condition=models.Q(('reason__regex', '\\S')), name='redaction_has_a_reason', violation_error_message='Say why it is blacked out.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='redaction',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "submissions_redactionevent" ("id", "made_at", "made_by_id", "passage", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "reference", "theme_id") VALUES (NEW."id", NEW."made_at", NEW."made_by_id", NEW."passage", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason", NEW."reference", NEW."theme_id"); RETURN NULL;', hash='f8fe96baad2bf75fb7df6b84a29fc7c9d466dd65', operation='INSERT', pgid='pgtrigger_insert_insert_0f198', table='submissions_redaction', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='redaction',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "submissions_redactionevent" ("id", "made_at", "made_by_id", "passage", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "reference", "theme_id") VALUES (NEW."id", NEW."made_at", NEW."made_by_id", NEW."passage", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."reference", NEW."theme_id"); RETURN NULL;', hash='13c827f140a2a783b7091e9700d903983a6c4616', operation='UPDATE', pgid='pgtrigger_update_update_dcde5', table='submissions_redaction', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='redaction',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "submissions_redactionevent" ("id", "made_at", "made_by_id", "passage", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "reference", "theme_id") VALUES (OLD."id", OLD."made_at", OLD."made_by_id", OLD."passage", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."reference", OLD."theme_id"); RETURN NULL;', hash='e58253ec3924379478da82ee9f55d4734993c7c1', operation='DELETE', pgid='pgtrigger_delete_delete_ae2e7', table='submissions_redaction', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='redactionevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='968f742cbce31d38e64a71f4490a1471ec669430', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f47e3', table='submissions_redactionevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.UniqueConstraint(fields=('draft', 'kind', 'closes_at'), name='reminder_once_each', violation_error_message='This was told once.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reviewevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='9f766b15fc4f9017054fbf98d2062803b29b687b', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_defb2', table='submissions_reviewevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='rolerightevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a3b5fa3757df86bcf74d93b66697b4021b9c42b0', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f4df1', table='submissions_rolerightevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='savedfilter',
            constraint=models.UniqueConstraint(fields=('owner', 'of', 'name'), name='saved_filter_names_are_unique', violation_error_message='You have saved filters under this name.'),
        ),
        migrations.AddIndex(
            model_name='submission',
            index=models.Index(fields=['consultation', '-received_at', '-id'], name='submission_by_time'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.UniqueConstraint(fields=('reference', 'version'), name='submission_versions_are_unique', violation_error_message='This version has been sent.'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(('submitting_as__in', ['individual', 'organisation', 'delegation', 'coalition'])), name='submission_says_as_whom', violation_error_message='Say as whom this is submitted.'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(('submitting_as', 'individual'), models.Q(('organisation', ''), _negated=True), _connector='OR'), name='submission_names_its_organisation', violation_error_message='Name the organisation, delegation or coalition.'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(('stakeholder_group__in', ['government', 'intergovernmental', 'civil-society', 'technical', 'private-sector', 'academia', 'other'])), name='submission_names_its_group', violation_error_message='Choose a stakeholder group.'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(('country', ''), _negated=True), name='submission_names_its_country', violation_error_message='Choose a country or territory, or “Global / regional”.'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('contact_name', ''), _negated=True), models.Q(('email', ''), _negated=True)), name='submission_names_a_contact', violation_error_message='Give a name and an e-mail address.'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(('consent__in', ['named', 'anonymous', 'none'])), name='submission_says_how_it_may_be_published', violation_error_message='Say whether and how this may be published.'),
        ),
        migrations.AddConstraint(
            model_name='submission',
            constraint=models.CheckConstraint(condition=models.Q(('has_accepted_privacy', True)), name='submission_accepts_the_privacy_notice', violation_error_message='The privacy notice has to be accepted.'),
        ),
        migrations.AddIndex(
            model_name='mail',
            index=models.Index(condition=models.Q(('failed_at__isnull', True), ('sent_at__isnull', True)), fields=['due_at'], name='mail_waiting'),
        ),
        migrations.AddConstraint(
            model_name='mail',
            constraint=models.CheckConstraint(condition=models.Q(('sent_at__isnull', True), ('failed_at__isnull', True), _connector='OR'), name='mail_is_sent_or_given_up', violation_error_message='A mail that was sent has not failed.'),
        ),
        migrations.AddConstraint(
            model_name='mail',
            constraint=models.CheckConstraint(condition=models.Q(('bounced_at__isnull', True), ('sent_at__isnull', False), _connector='OR'), name='mail_came_back_after_it_was_sent', violation_error_message='Only a mail that was sent comes back.'),
        ),
        migrations.AddIndex(
            model_name='contribution',
            index=models.Index(fields=['theme', '-id'], name='contribution_by_theme'),
        ),
        migrations.AddConstraint(
            model_name='contribution',
            constraint=models.UniqueConstraint(fields=('submission', 'theme'), name='contribution_one_per_theme', violation_error_message='A submission has one text on each theme.'),
        ),
        migrations.AddConstraint(
            model_name='contribution',
            constraint=models.CheckConstraint(condition=models.Q(('own_consent__in', ['', 'named', 'anonymous', 'none'])), name='contribution_consent_is_known', violation_error_message='Say whether and how this may be published.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='admissionevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6e83b9307d0e9eca7beaa809264c357d372d136e', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_39b58', table='submissions_admissionevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='admission',
            constraint=models.CheckConstraint(condition=models.Q(('way__in', ['email', 'paper', 'session', 'other', 'late-link'])), name='admission_way_is_known', violation_error_message='Say how it came in.'),
        ),
        migrations.AddConstraint(
            model_name='admission',
            constraint=models.CheckConstraint(condition=models.Q(('reason__regex', '\\S')), name='admission_has_a_reason', violation_error_message='Say why it is taken.'),
        ),
        migrations.AddConstraint(
            model_name='admission',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('late_access__isnull', False), ('way', 'late-link')), models.Q(models.Q(('way', 'late-link'), _negated=True), ('entered_by__isnull', False), ('late_access__isnull', True)), _connector='OR'), name='admission_by_link_or_by_somebody', violation_error_message='Somebody entered it, or a link let it in.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='admission',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "submissions_admissionevent" ("entered_at", "entered_by_id", "id", "is_late", "late_access_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reached_us_at", "reason", "submission_id", "way") VALUES (NEW."entered_at", NEW."entered_by_id", NEW."id", NEW."is_late", NEW."late_access_id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reached_us_at", NEW."reason", NEW."submission_id", NEW."way"); RETURN NULL;', hash='847dfe119e7ced41e50adee76a73964c70f66cff', operation='INSERT', pgid='pgtrigger_insert_insert_510ee', table='submissions_admission', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='admission',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "submissions_admissionevent" ("entered_at", "entered_by_id", "id", "is_late", "late_access_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reached_us_at", "reason", "submission_id", "way") VALUES (NEW."entered_at", NEW."entered_by_id", NEW."id", NEW."is_late", NEW."late_access_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reached_us_at", NEW."reason", NEW."submission_id", NEW."way"); RETURN NULL;', hash='36d0631230b124602cf6ae6f4b50520622769836', operation='UPDATE', pgid='pgtrigger_update_update_5419d', table='submissions_admission', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='admission',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "submissions_admissionevent" ("entered_at", "entered_by_id", "id", "is_late", "late_access_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reached_us_at", "reason", "submission_id", "way") VALUES (OLD."entered_at", OLD."entered_by_id", OLD."id", OLD."is_late", OLD."late_access_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reached_us_at", OLD."reason", OLD."submission_id", OLD."way"); RETURN NULL;', hash='acedb2be3b08fc0a053624012fc4c24e051cc967', operation='DELETE', pgid='pgtrigger_delete_delete_f8e0f', table='submissions_admission', when='AFTER')),
        ),
        migrations.AddConstraint(
            model_name='tag',
            constraint=models.UniqueConstraint(models.F('consultation'), django.db.models.functions.text.Lower('name'), name='tag_names_are_unique', violation_error_message='There is a tag of this name.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tag',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "submissions_tagevent" ("colour", "consultation_id", "description", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."colour", NEW."consultation_id", NEW."description", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'insert\', NEW."id"); RETURN NULL;', hash='57d09cc1127ca9435fd5dda58f2ee6579935e08e', operation='INSERT', pgid='pgtrigger_insert_insert_39d65', table='submissions_tag', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tag',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "submissions_tagevent" ("colour", "consultation_id", "description", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (NEW."colour", NEW."consultation_id", NEW."description", NEW."id", NEW."name", _pgh_attach_context(), NOW(), \'update\', NEW."id"); RETURN NULL;', hash='bff16c8dfe5fd9a0d69b71955097002d94d7f994', operation='UPDATE', pgid='pgtrigger_update_update_f78f7', table='submissions_tag', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tag',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "submissions_tagevent" ("colour", "consultation_id", "description", "id", "name", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id") VALUES (OLD."colour", OLD."consultation_id", OLD."description", OLD."id", OLD."name", _pgh_attach_context(), NOW(), \'delete\', OLD."id"); RETURN NULL;', hash='8cfd8bd63672d950c412364cd6d151f5108dc336', operation='DELETE', pgid='pgtrigger_delete_delete_68e1c', table='submissions_tag', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reviewtagevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='1f703bff8487d10e95e664dda74824824d4f030c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_e33dc', table='submissions_reviewtagevent', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='review',
            index=models.Index(fields=['state', 'assignee'], name='review_by_state'),
        ),
        migrations.AddConstraint(
            model_name='review',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'set-aside'), _negated=True), ('reason__regex', '\\S'), _connector='OR'), name='review_set_aside_for_a_reason', violation_error_message='Say why it is set aside.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='review',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "submissions_reviewevent" ("assignee_id", "changed_at", "changed_by_id", "consultation_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "read_version", "reason", "reference", "state", "version") VALUES (NEW."assignee_id", NEW."changed_at", NEW."changed_by_id", NEW."consultation_id", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."read_version", NEW."reason", NEW."reference", NEW."state", NEW."version"); RETURN NULL;', hash='402e1a74033c380919640f5f93dcdc5d6bce0648', operation='INSERT', pgid='pgtrigger_insert_insert_42ee7', table='submissions_review', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='review',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "submissions_reviewevent" ("assignee_id", "changed_at", "changed_by_id", "consultation_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "read_version", "reason", "reference", "state", "version") VALUES (NEW."assignee_id", NEW."changed_at", NEW."changed_by_id", NEW."consultation_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."read_version", NEW."reason", NEW."reference", NEW."state", NEW."version"); RETURN NULL;', hash='795edb170ba2979a1813d7b5ec8af9199e1b5b17', operation='UPDATE', pgid='pgtrigger_update_update_90e04', table='submissions_review', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='review',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "submissions_reviewevent" ("assignee_id", "changed_at", "changed_by_id", "consultation_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "read_version", "reason", "reference", "state", "version") VALUES (OLD."assignee_id", OLD."changed_at", OLD."changed_by_id", OLD."consultation_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."read_version", OLD."reason", OLD."reference", OLD."state", OLD."version"); RETURN NULL;', hash='9a2c93579a343b7ac413f87a6101e2d35f204d57', operation='DELETE', pgid='pgtrigger_delete_delete_1b254', table='submissions_review', when='AFTER')),
        ),
        migrations.CreateModel(
            name='ReviewTag',
            fields=[
            ],
            options={
                'proxy': True,
                'default_permissions': (),
                'indexes': [],
                'constraints': [],
            },
            bases=('submissions.review_tags',),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='highlightevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='166b4bc8538d3afaf035e53e855794cb62792748', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_1fa3f', table='submissions_highlightevent', when='BEFORE')),
        ),
        migrations.AddConstraint(
            model_name='highlight',
            constraint=models.UniqueConstraint(models.F('reference'), models.F('theme'), models.F('tag'), django.db.models.functions.text.MD5('passage'), name='highlight_once', violation_error_message='This passage has this tag.'),
        ),
        migrations.AddConstraint(
            model_name='highlight',
            constraint=models.CheckConstraint(condition=models.Q(('passage__regex', '\\S')), name='highlight_is_of_something', violation_error_message='Choose a passage.'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='highlight',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "submissions_highlightevent" ("id", "made_at", "made_by_id", "passage", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "tag_id", "theme_id") VALUES (NEW."id", NEW."made_at", NEW."made_by_id", NEW."passage", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reference", NEW."tag_id", NEW."theme_id"); RETURN NULL;', hash='0ee24be06b92389f73b258d92d1fe04bd45c7662', operation='INSERT', pgid='pgtrigger_insert_insert_974b2', table='submissions_highlight', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='highlight',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "submissions_highlightevent" ("id", "made_at", "made_by_id", "passage", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "tag_id", "theme_id") VALUES (NEW."id", NEW."made_at", NEW."made_by_id", NEW."passage", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reference", NEW."tag_id", NEW."theme_id"); RETURN NULL;', hash='fe8b180340cc6e27941c81dcca08acec93db1405', operation='UPDATE', pgid='pgtrigger_update_update_77808', table='submissions_highlight', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='highlight',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "submissions_highlightevent" ("id", "made_at", "made_by_id", "passage", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reference", "tag_id", "theme_id") VALUES (OLD."id", OLD."made_at", OLD."made_by_id", OLD."passage", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reference", OLD."tag_id", OLD."theme_id"); RETURN NULL;', hash='68dcb4ccf02b6c8a86eeb90473b1237ac2412424', operation='DELETE', pgid='pgtrigger_delete_delete_36f92', table='submissions_highlight', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='tagevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='3178c6b4736e30321d6c4c8b8c56541cd4597078', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_f2f0e', table='submissions_tagevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='roleevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='510e03dc7583acca29f5dd60be3e9a6682466b6f', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_2e704', table='submissions_roleevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='accountevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c705fbcd49bcd73a123d7eec7c1dc00cfb4a9f00', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_e55fd', table='submissions_accountevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reviewtag',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "submissions_reviewtagevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "review_id", "tag_id") VALUES (NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."review_id", NEW."tag_id"); RETURN NULL;', hash='5188318631b2a5fc77fb3d865092510825986672', operation='INSERT', pgid='pgtrigger_insert_insert_cbfcb', table='submissions_review_tags', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reviewtag',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "submissions_reviewtagevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "review_id", "tag_id") VALUES (NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."review_id", NEW."tag_id"); RETURN NULL;', hash='80af10bc5f2366793b1264a2c251afa72ba24bbb', operation='UPDATE', pgid='pgtrigger_update_update_d4c2e', table='submissions_review_tags', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='reviewtag',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "submissions_reviewtagevent" ("id", "pgh_context_id", "pgh_created_at", "pgh_label", "review_id", "tag_id") VALUES (OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."review_id", OLD."tag_id"); RETURN NULL;', hash='abef027c916858ce0b9790707d221636e3163ab1', operation='DELETE', pgid='pgtrigger_delete_delete_6a745', table='submissions_review_tags', when='AFTER')),
        ),    ]
