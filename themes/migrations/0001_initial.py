import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
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
            name='Consultation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(help_text='The part of the web address that names this consultation.', unique=True, validators=[django.core.validators.RegexValidator('^(admin|health|how-the-deadline-works|language|privacy|static)$', 'This address is taken by a page of the site. Choose another.', inverse_match=True)], verbose_name='address')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('headline', models.CharField(help_text='The first sentence of its page, in large type.', max_length=200, verbose_name='headline')),
                ('introduction', models.TextField(help_text='A blank line starts a paragraph.', verbose_name='introduction')),
                ('document_title', models.CharField(max_length=200, verbose_name='document')),
                ('document_url', models.URLField(blank=True, verbose_name='address of the document')),
                ('published_at', models.DateTimeField(help_text='As the clocks of the consultation’s zone show it.', verbose_name='document published at')),
                ('time_zone', models.CharField(help_text='The zone in which its dates are meant, by IANA name: America/New_York.', max_length=64, verbose_name='time zone')),
                ('opens_at', models.DateTimeField(help_text='As the clocks of the consultation’s zone show it.', verbose_name='opens at')),
                ('closes_at', models.DateTimeField(help_text='Intake is open while opens at ≤ moment < cutoff: the cutoff instant itself is closed. For “through the whole of 15 July”, this is 16 July 00:00 in the consultation’s zone.', verbose_name='cutoff')),
                ('closed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='recorded as closed at')),
                ('word_limit', models.PositiveIntegerField(default=1000, help_text='The most that can be sent on one area. More is kept on the draft and named, never cut.', validators=[django.core.validators.MinValueValidator(1)], verbose_name='words per area')),
            ],
            options={
                'verbose_name': 'consultation',
                'verbose_name_plural': 'consultations',
                'ordering': ['-opens_at', 'slug'],
                'constraints': [models.CheckConstraint(condition=models.Q(('closes_at__gt', models.F('opens_at'))), name='consultation_opens_before_it_closes', violation_error_message='The cutoff must come after the opening.'), models.CheckConstraint(condition=models.Q(('closed_at__isnull', True), ('closed_at', models.F('closes_at')), _connector='OR'), name='consultation_closed_at_its_cutoff', violation_error_message='A recorded closing is the cutoff itself.')],
            },
        ),
        migrations.CreateModel(
            name='Extension',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('moved', 'Moved'), ('closed-early', 'Closed early'), ('reopened', 'Re-opened')], default='moved', max_length=12, verbose_name='kind')),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='extensions', to='themes.consultation', verbose_name='consultation')),
                ('previous_cutoff', models.DateTimeField(verbose_name='from')),
                ('new_cutoff', models.DateTimeField(verbose_name='to')),
                ('announced_at', models.DateTimeField(verbose_name='announced at')),
                ('announced_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL, verbose_name='announced by')),
                ('reason', models.CharField(help_text='Shown to the public.', max_length=500, verbose_name='reason')),
            ],
            options={
                'verbose_name': 'change of the cutoff',
                'verbose_name_plural': 'changes of the cutoff',
                'ordering': ['announced_at', 'pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('new_cutoff', models.F('previous_cutoff')), _negated=True), name='extension_changes_the_cutoff', violation_error_message='The new cutoff is the same as the present one.')],
            },
        ),
        migrations.CreateModel(
            name='Announcement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('extension', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='announcements', to='themes.extension', verbose_name='change of the cutoff')),
                ('language', models.CharField(choices=[('ar', 'العربية'), ('zh-hans', '中文'), ('en', 'English'), ('fr', 'Français'), ('ru', 'Русский'), ('es', 'Español')], max_length=8, verbose_name='language')),
                ('text', models.TextField(verbose_name='announcement')),
            ],
            options={
                'verbose_name': 'announcement',
                'verbose_name_plural': 'announcements',
                'ordering': ['extension', 'language'],
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('extension', 'language'), name='announcement_once_a_language', violation_error_message='There is an announcement in this language.')],
            },
        ),
        migrations.CreateModel(
            name='Milestone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='milestones', to='themes.consultation', verbose_name='consultation')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('date', models.CharField(blank=True, help_text='Left empty where the cutoff is.', max_length=80, verbose_name='when')),
                ('title', models.CharField(max_length=120, verbose_name='what')),
                ('is_intake', models.BooleanField(default=False, verbose_name='this step is the consultation')),
            ],
            options={
                'verbose_name': 'milestone',
                'verbose_name_plural': 'milestones',
                'ordering': ['position'],
                'constraints': [models.UniqueConstraint(fields=('consultation', 'position'), name='milestone_positions_are_unique', violation_error_message='Another step has this position.'), models.CheckConstraint(condition=models.Q(('is_intake', True), models.Q(('date', ''), _negated=True), _connector='OR'), name='milestone_has_a_date_unless_it_is_the_intake', violation_error_message='Say when. Only the step that is the consultation takes its date from it.')],
            },
        ),
        migrations.CreateModel(
            name='Theme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='themes', to='themes.consultation', verbose_name='consultation')),
                ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                ('title', models.CharField(max_length=200, validators=[django.core.validators.RegexValidator('\\S', 'Give it a title.')], verbose_name='title')),
                ('kind', models.CharField(choices=[('feedback', 'Feedback invited'), ('general', 'General comments'), ('proposals', 'Proposals invited'), ('announced', 'Proposals to come in the Zero Draft'), ('question', 'General questions')], max_length=10, verbose_name='kind')),
                ('prompt', models.TextField(blank=True, help_text='The question, if the document asks one.', verbose_name='prompt')),
                ('word_limit', models.PositiveIntegerField(blank=True, help_text='Empty: as the consultation says.', null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='words')),
            ],
            options={
                'verbose_name': 'theme',
                'verbose_name_plural': 'themes',
                'ordering': ['consultation', 'number'],
                'constraints': [models.UniqueConstraint(fields=('consultation', 'number'), name='theme_numbers_are_unique', violation_error_message='Another theme of this consultation has this number.'), models.CheckConstraint(condition=models.Q(('kind__in', ['feedback', 'general', 'proposals', 'announced', 'question'])), name='theme_kind_is_known', violation_error_message='This kind of theme is not known.'), models.CheckConstraint(condition=models.Q(models.Q(('kind', 'question'), ('number__gt', 100)), models.Q(models.Q(('kind', 'question'), _negated=True), ('number__lte', 100)), _connector='OR'), name='theme_questions_have_numbers_of_their_own', violation_error_message='Areas have the numbers up to 100, general questions those above.')],
            },
        ),
        migrations.CreateModel(
            name='AskedChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='asked_changes', to='themes.consultation', verbose_name='consultation')),
                ('kind', models.CharField(choices=[('moved', 'Moved'), ('closed-early', 'Closed early'), ('reopened', 'Re-opened')], max_length=12, verbose_name='kind')),
                ('new_cutoff', models.DateTimeField(blank=True, null=True, verbose_name='to')),
                ('reason', models.CharField(max_length=500, verbose_name='reason')),
                ('announcements', models.JSONField(blank=True, default=dict, verbose_name='announcements')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                ('asked_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp', output_field=models.DateTimeField(), template='%(function)s()'), verbose_name='asked at')),
                ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='answered by')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered at')),
                ('extension', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='asked_as', to='themes.extension', verbose_name='change')),
            ],
            options={
                'verbose_name': 'change that waits for a second person',
                'verbose_name_plural': 'changes that wait for a second person',
                'ordering': ['-asked_at', '-pk'],
                'default_permissions': (),
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('answered_at__isnull', True), ('answered_by__isnull', True), ('extension__isnull', True)), models.Q(('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='asked_change_answered_by_somebody_at_a_time', violation_error_message='An answer has its time and its person.'), models.CheckConstraint(condition=models.Q(('extension__isnull', True), models.Q(('answered_by', models.F('asked_by')), _negated=True), _connector='OR'), name='asked_change_done_by_another', violation_error_message='Somebody else than the one who asked has to confirm it.')],
            },
        ),
        migrations.CreateModel(
            name='Question',
            fields=[
            ],
            options={
                'verbose_name': 'general question',
                'verbose_name_plural': 'general questions',
                'proxy': True,
            },
            bases=('themes.theme',),
        ),
        migrations.CreateModel(
            name='ConsultationEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='themes.consultation')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('slug', models.SlugField(db_index=False, help_text='The part of the web address that names this consultation.', validators=[django.core.validators.RegexValidator('^(admin|health|how-the-deadline-works|language|privacy|static)$', 'This address is taken by a page of the site. Choose another.', inverse_match=True)], verbose_name='address')),
                ('title', models.CharField(max_length=200, verbose_name='title')),
                ('headline', models.CharField(help_text='The first sentence of its page, in large type.', max_length=200, verbose_name='headline')),
                ('introduction', models.TextField(help_text='A blank line starts a paragraph.', verbose_name='introduction')),
                ('document_title', models.CharField(max_length=200, verbose_name='document')),
                ('document_url', models.URLField(blank=True, verbose_name='address of the document')),
                ('published_at', models.DateTimeField(help_text='As the clocks of the consultation’s zone show it.', verbose_name='document published at')),
                ('time_zone', models.CharField(help_text='The zone in which its dates are meant, by IANA name: America/New_York.', max_length=64, verbose_name='time zone')),
                ('opens_at', models.DateTimeField(help_text='As the clocks of the consultation’s zone show it.', verbose_name='opens at')),
                ('closes_at', models.DateTimeField(help_text='Intake is open while opens at ≤ moment < cutoff: the cutoff instant itself is closed. For “through the whole of 15 July”, this is 16 July 00:00 in the consultation’s zone.', verbose_name='cutoff')),
                ('closed_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='recorded as closed at')),
                ('word_limit', models.PositiveIntegerField(default=1000, help_text='The most that can be sent on one area. More is kept on the draft and named, never cut.', validators=[django.core.validators.MinValueValidator(1)], verbose_name='words per area')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ExtensionEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='themes.extension')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('moved', 'Moved'), ('closed-early', 'Closed early'), ('reopened', 'Re-opened')], default='moved', max_length=12, verbose_name='kind')),
                ('consultation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='themes.consultation', verbose_name='consultation')),
                ('previous_cutoff', models.DateTimeField(verbose_name='from')),
                ('new_cutoff', models.DateTimeField(verbose_name='to')),
                ('announced_at', models.DateTimeField(verbose_name='announced at')),
                ('announced_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='announced by')),
                ('reason', models.CharField(help_text='Shown to the public.', max_length=500, verbose_name='reason')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ThemeEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='themes.theme')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('consultation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='themes.consultation', verbose_name='consultation')),
                ('number', models.PositiveSmallIntegerField(verbose_name='number')),
                ('title', models.CharField(max_length=200, validators=[django.core.validators.RegexValidator('\\S', 'Give it a title.')], verbose_name='title')),
                ('kind', models.CharField(choices=[('feedback', 'Feedback invited'), ('general', 'General comments'), ('proposals', 'Proposals invited'), ('announced', 'Proposals to come in the Zero Draft'), ('question', 'General questions')], max_length=10, verbose_name='kind')),
                ('prompt', models.TextField(blank=True, help_text='The question, if the document asks one.', verbose_name='prompt')),
                ('word_limit', models.PositiveIntegerField(blank=True, help_text='Empty: as the consultation says.', null=True, validators=[django.core.validators.MinValueValidator(1)], verbose_name='words')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='AnnouncementEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='themes.announcement')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('extension', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='themes.extension', verbose_name='change of the cutoff')),
                ('language', models.CharField(choices=[('ar', 'العربية'), ('zh-hans', '中文'), ('en', 'English'), ('fr', 'Français'), ('ru', 'Русский'), ('es', 'Español')], max_length=8, verbose_name='language')),
                ('text', models.TextField(verbose_name='announcement')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='AskedChangeEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_obj', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='themes.askedchange')),
                ('pgh_context', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context')),
                ('id', models.BigIntegerField()),
                ('consultation', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='themes.consultation', verbose_name='consultation')),
                ('kind', models.CharField(choices=[('moved', 'Moved'), ('closed-early', 'Closed early'), ('reopened', 'Re-opened')], max_length=12, verbose_name='kind')),
                ('new_cutoff', models.DateTimeField(blank=True, null=True, verbose_name='to')),
                ('reason', models.CharField(max_length=500, verbose_name='reason')),
                ('announcements', models.JSONField(blank=True, default=dict, verbose_name='announcements')),
                ('asked_by', models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='asked by')),
                ('asked_at', models.DateTimeField(db_default=models.Func(function='clock_timestamp', output_field=models.DateTimeField(), template='%(function)s()'), verbose_name='asked at')),
                ('answered_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL, verbose_name='answered by')),
                ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='answered at')),
                ('extension', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='themes.extension', verbose_name='change')),
            ],
            options={
                'abstract': False,
                'default_permissions': (),
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consultation',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "themes_consultationevent" ("closed_at", "closes_at", "document_title", "document_url", "headline", "id", "introduction", "opens_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "slug", "time_zone", "title", "word_limit") VALUES (NEW."closed_at", NEW."closes_at", NEW."document_title", NEW."document_url", NEW."headline", NEW."id", NEW."introduction", NEW."opens_at", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."published_at", NEW."slug", NEW."time_zone", NEW."title", NEW."word_limit"); RETURN NULL;', hash='140da4d03ee9e3b12d60e7b7e4790d00c94d22bd', operation='INSERT', pgid='pgtrigger_insert_insert_a73fa', table='themes_consultation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consultation',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "themes_consultationevent" ("closed_at", "closes_at", "document_title", "document_url", "headline", "id", "introduction", "opens_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "slug", "time_zone", "title", "word_limit") VALUES (NEW."closed_at", NEW."closes_at", NEW."document_title", NEW."document_url", NEW."headline", NEW."id", NEW."introduction", NEW."opens_at", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."published_at", NEW."slug", NEW."time_zone", NEW."title", NEW."word_limit"); RETURN NULL;', hash='dc8931d7654c40f1de055fd8297f710311d90675', operation='UPDATE', pgid='pgtrigger_update_update_93321', table='themes_consultation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consultation',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "themes_consultationevent" ("closed_at", "closes_at", "document_title", "document_url", "headline", "id", "introduction", "opens_at", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "published_at", "slug", "time_zone", "title", "word_limit") VALUES (OLD."closed_at", OLD."closes_at", OLD."document_title", OLD."document_url", OLD."headline", OLD."id", OLD."introduction", OLD."opens_at", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."published_at", OLD."slug", OLD."time_zone", OLD."title", OLD."word_limit"); RETURN NULL;', hash='ddfde79fd5ce08477ba15b6bd8d8b6d4bd965311', operation='DELETE', pgid='pgtrigger_delete_delete_6d113', table='themes_consultation', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='consultationevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='6f2af0c0ed68f70bedec001cde34ef8965918fa6', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_b036a', table='themes_consultationevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='extension',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "themes_extensionevent" ("announced_at", "announced_by_id", "consultation_id", "id", "kind", "new_cutoff", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_cutoff", "reason") VALUES (NEW."announced_at", NEW."announced_by_id", NEW."consultation_id", NEW."id", NEW."kind", NEW."new_cutoff", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."previous_cutoff", NEW."reason"); RETURN NULL;', hash='9353c30e12540289b12ea148366f1a5f07ff686b', operation='INSERT', pgid='pgtrigger_insert_insert_f9b66', table='themes_extension', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='extension',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "themes_extensionevent" ("announced_at", "announced_by_id", "consultation_id", "id", "kind", "new_cutoff", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_cutoff", "reason") VALUES (NEW."announced_at", NEW."announced_by_id", NEW."consultation_id", NEW."id", NEW."kind", NEW."new_cutoff", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."previous_cutoff", NEW."reason"); RETURN NULL;', hash='6e7169a76f3884c1f15558e00e885589c473f4d8', operation='UPDATE', pgid='pgtrigger_update_update_e539e', table='themes_extension', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='extension',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "themes_extensionevent" ("announced_at", "announced_by_id", "consultation_id", "id", "kind", "new_cutoff", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_cutoff", "reason") VALUES (OLD."announced_at", OLD."announced_by_id", OLD."consultation_id", OLD."id", OLD."kind", OLD."new_cutoff", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."previous_cutoff", OLD."reason"); RETURN NULL;', hash='aaac75f853a6c9619ac1499734ad9f386c8a4fe9', operation='DELETE', pgid='pgtrigger_delete_delete_e8ae6', table='themes_extension', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='askedchangeevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='94f11b00673215f72d1093ff364f8097dcb568e6', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_0eaaf', table='themes_askedchangeevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='askedchange',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "themes_askedchangeevent" ("announcements", "answered_at", "answered_by_id", "asked_at", "asked_by_id", "consultation_id", "extension_id", "id", "kind", "new_cutoff", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") VALUES (NEW."announcements", NEW."answered_at", NEW."answered_by_id", NEW."asked_at", NEW."asked_by_id", NEW."consultation_id", NEW."extension_id", NEW."id", NEW."kind", NEW."new_cutoff", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."reason"); RETURN NULL;', hash='c41c0cc787d9dd6ddf074b68db50742a9c49e372', operation='INSERT', pgid='pgtrigger_insert_insert_62985', table='themes_askedchange', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='askedchange',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "themes_askedchangeevent" ("announcements", "answered_at", "answered_by_id", "asked_at", "asked_by_id", "consultation_id", "extension_id", "id", "kind", "new_cutoff", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") VALUES (NEW."announcements", NEW."answered_at", NEW."answered_by_id", NEW."asked_at", NEW."asked_by_id", NEW."consultation_id", NEW."extension_id", NEW."id", NEW."kind", NEW."new_cutoff", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason"); RETURN NULL;', hash='c4e746e5ed9fd92bd7dfabaa841ea30391ff94ed', operation='UPDATE', pgid='pgtrigger_update_update_f3963', table='themes_askedchange', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='askedchange',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "themes_askedchangeevent" ("announcements", "answered_at", "answered_by_id", "asked_at", "asked_by_id", "consultation_id", "extension_id", "id", "kind", "new_cutoff", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason") VALUES (OLD."announcements", OLD."answered_at", OLD."answered_by_id", OLD."asked_at", OLD."asked_by_id", OLD."consultation_id", OLD."extension_id", OLD."id", OLD."kind", OLD."new_cutoff", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason"); RETURN NULL;', hash='f5336779fecf1ee6a666b1193dddc96c0c84d267', operation='DELETE', pgid='pgtrigger_delete_delete_c42f4', table='themes_askedchange', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='announcementevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4ffd3c3e67bb05bb99bcbc2fc04d6d6ae3bd17e4', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_0a703', table='themes_announcementevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='announcement',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "themes_announcementevent" ("extension_id", "id", "language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text") VALUES (NEW."extension_id", NEW."id", NEW."language", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."text"); RETURN NULL;', hash='39016ae4b0e0bf16421b061e1e8797050f9d5909', operation='INSERT', pgid='pgtrigger_insert_insert_460ee', table='themes_announcement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='announcement',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "themes_announcementevent" ("extension_id", "id", "language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text") VALUES (NEW."extension_id", NEW."id", NEW."language", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."text"); RETURN NULL;', hash='4941642fb0256e0b27f28fb124412b83f7235831', operation='UPDATE', pgid='pgtrigger_update_update_51ee8', table='themes_announcement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='announcement',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "themes_announcementevent" ("extension_id", "id", "language", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text") VALUES (OLD."extension_id", OLD."id", OLD."language", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."text"); RETURN NULL;', hash='1b38cedd10477e2db6a52ea2c6c3d556a3137f3d', operation='DELETE', pgid='pgtrigger_delete_delete_6e5f2', table='themes_announcement', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='extensionevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='4c67bb51694545e30ceaa4b4caa98ec1df4c0bb9', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_ff19b', table='themes_extensionevent', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='theme',
            trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "themes_themeevent" ("consultation_id", "id", "kind", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prompt", "title", "word_limit") VALUES (NEW."consultation_id", NEW."id", NEW."kind", NEW."number", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."prompt", NEW."title", NEW."word_limit"); RETURN NULL;', hash='455dbbc7c134e6567698bdfe467b054ccb27aea0', operation='INSERT', pgid='pgtrigger_insert_insert_e7641', table='themes_theme', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='theme',
            trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "themes_themeevent" ("consultation_id", "id", "kind", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prompt", "title", "word_limit") VALUES (NEW."consultation_id", NEW."id", NEW."kind", NEW."number", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."prompt", NEW."title", NEW."word_limit"); RETURN NULL;', hash='b741f14975785f40d1395e76dc8668099ac26884', operation='UPDATE', pgid='pgtrigger_update_update_74a5b', table='themes_theme', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='theme',
            trigger=pgtrigger.compiler.Trigger(name='delete_delete', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "themes_themeevent" ("consultation_id", "id", "kind", "number", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "prompt", "title", "word_limit") VALUES (OLD."consultation_id", OLD."id", OLD."kind", OLD."number", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."prompt", OLD."title", OLD."word_limit"); RETURN NULL;', hash='a55cd2a80e47258b5b50723a6660c1ff67543b7c', operation='DELETE', pgid='pgtrigger_delete_delete_ea2fc', table='themes_theme', when='AFTER')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='themeevent',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='afdb03e017a2c0da5a829a1b065a353dc603ce4c', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_2f45d', table='themes_themeevent', when='BEFORE')),
        ),
    ]
