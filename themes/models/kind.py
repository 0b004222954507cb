"""What the document does on an area: it asks, invites proposals, or announces some."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from themes.fields import TranslatedField
from themes.models.consultation import Consultation
from themes.tracking import tracked
from wsis.one_line import OneLineField


@tracked()
class ThemeKind(models.Model):
    """A group of areas on a consultation's page, with a sentence that says what is wanted on them."""

    consultation = models.ForeignKey(Consultation, models.CASCADE, related_name="kinds", verbose_name=_("consultation"))
    position = models.PositiveSmallIntegerField(_("position"))
    name = TranslatedField(
        OneLineField(_("kind"), max_length=80, validators=[RegexValidator(r"\S", _("Give it a name."))])
    )
    explanation = TranslatedField(
        models.TextField(
            _("explanation"), blank=True, help_text=_("A sentence on what is wanted on areas of this kind.")
        )
    )

    class Meta:
        verbose_name = _("kind of area")
        verbose_name_plural = _("kinds of areas")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                name="theme_kind_positions_are_unique",
                fields=["consultation", "position"],
                violation_error_message=_("Another kind has this position."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
