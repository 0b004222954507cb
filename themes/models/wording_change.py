"""What the public reads was worded otherwise before."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from themes import intake
from themes.models.consultation import Consultation
from themes.models.kind import ThemeKind
from themes.models.theme import Theme
from wsis.one_line import OneLineField


class WordingChange(models.Model):
    """A text that was changed after its consultation had opened: the public reads both wordings, and why.

    Final, by a trigger of its table: the record of a consultation is checked with the wording of its closing, which is
    found by these rows.
    """

    class Name(models.TextChoices):
        TITLE = "title", _("Title")
        HEADLINE = "headline", _("Headline")
        INTRODUCTION = "introduction", _("Introduction")
        DOCUMENT_TITLE = "document_title", _("Title of the document")
        DOCUMENT_URL = "document_url", _("Address of the document")
        PROMPT = "prompt", _("Question to the public")
        NAME = "name", _("Kind of area")
        EXPLANATION = "explanation", _("What is wanted on areas of a kind")

    consultation = models.ForeignKey(
        Consultation, models.PROTECT, related_name="wording_changes", verbose_name=_("consultation")
    )
    # Both empty: a text of the consultation itself.
    theme = models.ForeignKey(
        Theme, models.PROTECT, null=True, blank=True, related_name="wording_changes", verbose_name=_("area")
    )
    kind = models.ForeignKey(
        ThemeKind, models.PROTECT, null=True, blank=True, related_name="wording_changes", verbose_name=_("kind")
    )
    name = models.CharField(_("text"), max_length=20, choices=Name)
    language = models.CharField(_("language"), max_length=8, choices=settings.LANGUAGES)
    old = models.TextField(_("before"))
    new = models.TextField(_("after"), blank=True)
    note = OneLineField(_("reason"), max_length=500)
    changed_at = models.DateTimeField(_("changed at"), db_default=intake.DatabaseClock())
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("changed by")
    )

    class Meta:
        verbose_name = _("change to the wording")
        verbose_name_plural = _("changes to the wording")
        ordering = ["changed_at", "pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.old[:60]
