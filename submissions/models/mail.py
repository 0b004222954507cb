"""The outbox, as rows: what is to be mailed, to whom, and what became of it."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from submissions.models.admission import LateAccess
from submissions.models.draft import Draft
from wsis.one_line import OneLineEmailField, OneLineField


class Mail(models.Model):
    """The outbox: a mail to be sent, written in the same transaction as what it tells. outbox.py empties it."""

    submission = models.ForeignKey(
        "submissions.Submission",
        models.CASCADE,
        related_name="mails",
        verbose_name=_("submission"),
        null=True,
        blank=True,
    )
    # The text that waits here holds a mark in the place of a link, which is put in when it is sent.
    has_link = models.BooleanField(default=False, editable=False)
    # Whose private link that is.
    draft = models.ForeignKey(Draft, models.SET_NULL, related_name="+", null=True, blank=True, editable=False)
    # Or whose late-access link.
    late_access = models.ForeignKey(
        LateAccess, models.SET_NULL, related_name="+", null=True, blank=True, editable=False
    )
    # Or, of a mail of another app, what that app knows it by (signals.py).
    about = models.CharField(max_length=60, default="", db_default="", blank=True, editable=False, db_index=False)
    # What a withdrawal emptied is sent to nobody again, and nobody misses it: it was neither sent nor given up.
    WAS_SENT: ClassVar[Q] = Q(sent_at__isnull=False) & ~Q(body="")
    WAS_GIVEN_UP: ClassVar[Q] = Q(failed_at__isnull=False) & ~Q(body="")

    recipient = OneLineEmailField(_("to"))
    # One mailbox, however its address is written (mail/mailboxes.py), and when a mail to it was last begun to be sent:
    # so many an hour and no more go to one.
    mailbox = models.CharField(max_length=254, editable=False)
    begun_at = models.DateTimeField(null=True, editable=False)
    subject = OneLineField(_("subject"), max_length=250)
    body = models.TextField(_("text"))
    message_id = models.CharField(_("Message-ID"), max_length=120, unique=True)
    queued_at = models.DateTimeField(_("queued at"))
    due_at = models.DateTimeField(_("next attempt at"))
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    failed_at = models.DateTimeField(_("not sent, since"), null=True, blank=True)
    last_error = models.TextField(_("last error"), blank=True)
    # It was sent, and another mail said that it did not arrive (bounces.py).
    bounced_at = models.DateTimeField(_("came back at"), null=True, blank=True)
    bounce = models.TextField(_("why it came back"), blank=True)

    class Meta:
        verbose_name = _("e-mail")
        verbose_name_plural = _("e-mails")
        ordering = ["-queued_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="mail_is_sent_or_given_up",
                condition=Q(sent_at__isnull=True) | Q(failed_at__isnull=True),
                violation_error_message=_("An e-mail that was sent cannot be marked as failed."),
            ),
            models.CheckConstraint(
                name="mail_came_back_after_it_was_sent",
                condition=Q(bounced_at__isnull=True) | Q(sent_at__isnull=False),
                violation_error_message=_("Only an e-mail that was sent comes back."),
            ),
        ]
        indexes = [
            # By equality, and by how it begins.
            models.Index(
                fields=["about"], name="mail_about", opclasses=["varchar_pattern_ops"], condition=~Q(about="")
            ),
            models.Index(fields=["mailbox", "begun_at"], name="mail_to_one_mailbox"),
            models.Index(
                fields=["due_at"],
                name="mail_waiting",
                condition=Q(sent_at__isnull=True, failed_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.subject
