"""A second coding of some submissions by somebody who does not see the first, to measure how well the two agree."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from submissions.models.review import Tag
from themes.intake import DatabaseClock
from themes.models import Consultation

MAX_SIZE = 500


class CodingSample(models.Model):
    """Which submissions, drawn by lot among those that were reviewed, and who codes them again."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="+", verbose_name=_("consultation"))
    coder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("second coder")
    )
    size = models.PositiveSmallIntegerField(
        _("how many submissions"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_SIZE)],
        help_text=_("Drawn by lot among those that are reviewed, and that somebody else than this coder reviewed."),
    )
    drawn_at = models.DateTimeField(_("drawn at"), db_default=DatabaseClock())
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("drawn by")
    )

    class Meta:
        verbose_name = _("sample coded twice")
        verbose_name_plural = _("samples coded twice")
        ordering = ["-drawn_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.consultation}, {self.drawn_at:%Y-%m-%d}"


class SampledSubmission(models.Model):
    """One of a sample, in the version that was reviewed. `place` is its turn."""

    sample = models.ForeignKey(CodingSample, models.CASCADE, related_name="submissions")
    reference = models.CharField(max_length=14)
    version = models.PositiveSmallIntegerField()
    place = models.PositiveSmallIntegerField()
    coded_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["sample", "place"]
        constraints = [models.UniqueConstraint(name="sampled_once", fields=["sample", "reference"])]

    def __str__(self) -> str:
        return self.reference


class CodingDecision(models.Model):
    """Whether a tag applies to one of the sample: what the first coding said when it was drawn, and what the second
    says, which is empty until then. There is a row for each tag of the code frame as it was then."""

    sampled = models.ForeignKey(SampledSubmission, models.CASCADE, related_name="decisions")
    tag = models.ForeignKey(Tag, models.CASCADE, related_name="+")
    first = models.BooleanField()
    second = models.BooleanField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="coding_decision_once", fields=["sampled", "tag"])]

    def __str__(self) -> str:
        return str(self.pk)
