"""Every public text in each language of the site. The text that is there becomes the English one, in the same column."""

from django.db import migrations, models

RENAMED = {
    "consultation": {
        "title": models.CharField(db_column="title", max_length=200, verbose_name="title"),
        "headline": models.CharField(db_column="headline", max_length=200, verbose_name="headline"),
        "introduction": models.TextField(db_column="introduction", verbose_name="introduction"),
        "document_title": models.CharField(db_column="document_title", max_length=200, verbose_name="document"),
        "document_url": models.URLField(blank=True, db_column="document_url", verbose_name="address of the document"),
    },
    "milestone": {
        "date": models.CharField(blank=True, db_column="date", max_length=80, verbose_name="when"),
        "title": models.CharField(db_column="title", max_length=120, verbose_name="what"),
    },
    "theme": {
        "title": models.CharField(db_column="title", max_length=200, verbose_name="title"),
        "prompt": models.TextField(blank=True, db_column="prompt", verbose_name="prompt"),
    },
}
TRACKED = {"consultation": "consultationevent", "theme": "themeevent"}


def renamed():
    for model, fields in RENAMED.items():
        for each in filter(None, [model, TRACKED.get(model)]):
            for name, field in fields.items():
                yield migrations.AlterField(each, name, field.clone())
                yield migrations.RenameField(each, name, f"{name}_en")


class Migration(migrations.Migration):

    dependencies = [("themes", "0002_intake_guard")]

    operations = [
        migrations.RemoveConstraint("milestone", "milestone_has_a_date_unless_it_is_the_intake"),
        *renamed(),
    ]
