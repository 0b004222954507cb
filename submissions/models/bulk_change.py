"""A change of many reviews at once, to be taken back within a day; a later one removes it then (review/bulk.py)."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from themes.intake import DatabaseClock


class BulkChange(models.Model):
    """Who changed what of how many."""

    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("changed by")
    )
    changed_at = models.DateTimeField(_("changed at"), db_default=DatabaseClock(), db_index=True)
    summary = models.TextField(_("what was changed"))
    count = models.PositiveIntegerField(_("submissions"))
    undone_at = models.DateTimeField(_("undone at"), null=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("undone by")
    )

    class Meta:
        verbose_name = _("change of many")
        verbose_name_plural = _("changes of many")
        ordering = ["-changed_at", "-pk"]
        default_permissions = ()

    def __str__(self) -> str:
        return self.summary


class FormerReview(models.Model):
    """A review as it was before a change of many, and which version it had after it."""

    change = models.ForeignKey(BulkChange, models.CASCADE, related_name="former_reviews")
    reference = models.CharField(max_length=14)
    # State, reason, assignee, version read, and the ids of its tags; and what was decided about publication, if that
    # was changed.
    before = models.JSONField()
    version = models.PositiveIntegerField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="former_review_once", fields=["change", "reference"])]

    def __str__(self) -> str:
        return self.reference
