"""Counts for the workspace's front page, kept between two sweeps."""

from django.db import models

from themes.models import Consultation


class KeptFigures(models.Model):
    """The consultation in figures, as the worker counted them last (figures.py): the front page counts nothing."""

    consultation = models.OneToOneField(Consultation, models.CASCADE, primary_key=True, related_name="+")
    as_of = models.DateTimeField()
    counted = models.JSONField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.consultation_id)


class KeptMatrix(models.Model):
    """Code and area against group, region and language, as the worker counted them last (queries/matrix.py)."""

    consultation = models.OneToOneField(Consultation, models.CASCADE, primary_key=True, related_name="+")
    as_of = models.DateTimeField()
    seconds = models.FloatField()  # that counting took
    counted = models.JSONField()

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return str(self.consultation_id)
