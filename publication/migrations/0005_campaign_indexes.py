from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    """Without a lock on a full table: each index is built beside what is read and written."""

    atomic = False

    dependencies = [('publication', '0004_campaigns')]

    operations = [
        # What an attempt that broke off may have left.
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS published_listed", migrations.RunSQL.noop),
        migrations.RunSQL("DROP INDEX CONCURRENTLY IF EXISTS published_by_campaign", migrations.RunSQL.noop),
        AddIndexConcurrently(
            model_name='publishedtext',
            index=models.Index(condition=models.Q(('is_shown', True)), fields=['consultation', 'theme_number', '-is_named', 'name', 'public_id'], include=('id', 'is_lead', 'is_campaign_lead', 'stakeholder_group', 'country', 'language'), name='published_listed'),
        ),
        AddIndexConcurrently(
            model_name='publishedtext',
            index=models.Index(condition=models.Q(('campaign__isnull', False), ('is_shown', True)), fields=['campaign'], name='published_by_campaign'),
        ),
        RemoveIndexConcurrently(
            model_name='publishedtext',
            name='published_in_order',
        ),
    ]
