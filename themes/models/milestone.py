"""The timeline on a consultation's page."""

from collections.abc import Sequence

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
        OneLineField(
            _("when"),
            max_length=80,
            blank=True,
            help_text=_("Left empty where the deadline is. Publishing asks for the others."),
        ),
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
        ]

    def __str__(self) -> str:
        return self.title


def next_milestones(milestones: Sequence[Milestone]) -> Sequence[Milestone]:
    """The two steps that follow on the consultation, of all of its milestones in their order."""
    after = next((n for n, step in enumerate(milestones, start=1) if step.is_intake), len(milestones))
    return milestones[after : after + 2]
