"""The timeline on a consultation's page."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from themes.fields import TranslatedField
from themes.models.consultation import Consultation
from wsis.one_line import OneLineField


class Milestone(models.Model):
    """A step of the process that the consultation belongs to, for the timeline on its page."""

    consultation = models.ForeignKey(
        Consultation, models.CASCADE, related_name="milestones", verbose_name=_("consultation")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    date = TranslatedField(
        OneLineField(_("when"), max_length=80, blank=True, help_text=_("Left empty where the cutoff is.")),
        source_column="date",
    )
    title = TranslatedField(OneLineField(_("what"), max_length=120), source_column="title")
    is_intake = models.BooleanField(_("this step is the consultation"), default=False)

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                name="milestone_positions_are_unique",
                fields=["consultation", "position"],
                violation_error_message=_("Another step has this position."),
            ),
            models.CheckConstraint(
                name="milestone_has_a_date_unless_it_is_the_intake",
                condition=models.Q(is_intake=True) | ~models.Q(date_en=""),
                violation_error_message=_("Say when. Only the step that is the consultation takes its date from it."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
