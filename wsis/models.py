"""Heartbeats by the minute: whether the web server and the worker were there, and when they were not."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Heartbeat(models.Model):
    """A part of the install was alive in this minute, by PostgreSQL's clock."""

    class Part(models.TextChoices):
        WEB = "web", _("Web server")
        WORKER = "worker", _("Scheduler and worker")

    part = models.CharField(_("part"), max_length=10, choices=Part)
    minute = models.DateTimeField(_("minute"))

    class Meta:
        verbose_name = _("heartbeat")
        verbose_name_plural = _("heartbeats")
        constraints = [
            models.UniqueConstraint(
                name="heartbeat_once_a_minute",
                fields=["part", "minute"],
                violation_error_message=_("This minute is noted."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part} {self.minute:%Y-%m-%d %H:%M}"
