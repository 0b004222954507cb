"""One round on one document."""

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from themes import intake
from themes.fields import TimeZoneField, TranslatedField
from themes.tracking import tracked
from wsis.one_line import OneLineField


@tracked()
class Consultation(models.Model):
    """One round on one document: its window, its themes. One install hosts many."""

    slug = models.SlugField(
        _("address"),
        unique=True,
        validators=[
            RegexValidator(
                r"^(admin|api|health|help|how-the-deadline-works|language|metrics|privacy|static)$",
                _("This address is taken by a page of the site. Choose another."),
                inverse_match=True,
            )
        ],
        help_text=_("The part of the web address that names this consultation."),
    )
    title = TranslatedField(OneLineField(_("title"), max_length=200), source_column="title")
    headline = TranslatedField(
        OneLineField(_("headline"), max_length=200, help_text=_("The first sentence of its page, in large type.")),
        source_column="headline",
    )
    introduction = TranslatedField(
        models.TextField(_("introduction"), help_text=_("A blank line starts a paragraph.")),
        source_column="introduction",
    )
    document_title = TranslatedField(OneLineField(_("document"), max_length=200), source_column="document_title")
    document_url = TranslatedField(
        models.URLField(_("address of the document"), blank=True), source_column="document_url"
    )
    published_at = models.DateTimeField(
        _("document published at"), help_text=_("As the clocks of the consultation’s zone show it.")
    )
    time_zone = TimeZoneField(
        _("time zone"),
        max_length=64,
        help_text=_("The zone in which its dates are meant, by IANA name: America/New_York."),
    )
    opens_at = models.DateTimeField(_("opens at"), help_text=_("As the clocks of the consultation’s zone show it."))
    closes_at = models.DateTimeField(
        _("deadline"),
        help_text=_(
            "Intake is open while opens at ≤ moment < deadline: the deadline instant itself is "
            "closed. For “through the whole of 15 July”, this is 16 July 00:00 in the consultation’s "
            "zone."
        ),
    )
    closed_at = models.DateTimeField(_("recorded as closed at"), null=True, blank=True, editable=False)
    # Empty: the secretariat alone sees it, and nothing is taken (themes/publication.py).
    public_since = models.DateTimeField(_("public since"), null=True, blank=True, editable=False)
    # Staff have chosen it for the home page: of several, the one that was chosen last.
    front_since = models.DateTimeField(_("at the front since"), null=True, blank=True, editable=False)
    word_limit = models.PositiveIntegerField(
        _("words per area"),
        default=1000,
        validators=[MinValueValidator(1)],
        help_text=_("The most that can be sent on one area. More is kept on the draft and named, never cut."),
    )

    class Meta:
        verbose_name = _("consultation")
        verbose_name_plural = _("consultations")
        ordering = ["-opens_at", "slug"]
        constraints = [
            models.CheckConstraint(
                name="consultation_opens_before_it_closes",
                condition=intake.OPENS_BEFORE_IT_CLOSES,
                violation_error_message=_("The deadline must come after the opening."),
            ),
            models.CheckConstraint(
                name="consultation_closed_at_its_cutoff",
                condition=intake.CLOSED_AT_ITS_CUTOFF,
                violation_error_message=_("A recorded closing is the deadline itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
