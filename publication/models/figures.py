"""What the public pages count: made by the worker, so that no page does."""

from django.db import models

from themes.models import Consultation


class PublicFigures(models.Model):
    """Of one consultation."""

    consultation = models.OneToOneField(Consultation, models.PROTECT, primary_key=True, related_name="+")
    # Where each text that came in is: figures.py.
    sums = models.JSONField(default=dict)
    # Who was heard, with small cells left out; counted when something is published, and not in between, since two
    # counts with one submission between them would tell of that one.
    heard = models.JSONField(default=dict)
    # How many texts each filter of the list finds.
    facets = models.JSONField(default=dict)
    counted_at = models.DateTimeField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.consultation_id)
