"""Mails about publication: who asked to be told, how far each round of mails has come, and what readers report."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from publication.models.act import Publication
from publication.models.published import PublishedText
from publication.models.register import RegisterCheckpoint
from themes.intake import DatabaseClock
from themes.models import Consultation
from wsis.one_line import OneLineEmailField


class Follower(models.Model):
    """Somebody, without an account, who is told by mail when contributions of a round are published. Nothing comes
    before the address is confirmed; ending it removes the row (followers.py)."""

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="+")
    email = OneLineEmailField()
    # The same mailbox however its address is written (submissions/mail/mailboxes.py).
    mailbox = models.CharField(max_length=254)
    page_language = models.CharField(max_length=10)
    asked_at = models.DateTimeField(db_default=DatabaseClock())
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="follower_once", fields=["consultation", "mailbox"])]
        indexes = [
            models.Index(fields=["asked_at"], name="follower_unconfirmed", condition=Q(confirmed_at__isnull=True))
        ]

    def __str__(self) -> str:
        return f"{self.consultation_id}: {self.pk}"


class Mailing(models.Model):
    """How far something was mailed to all whom it concerns, in the order of their ids (mailings.py): a closing's last
    checkpoint to its senders, or the news of a publication to its followers."""

    checkpoint = models.OneToOneField(RegisterCheckpoint, models.PROTECT, null=True, related_name="mailing")
    publication = models.OneToOneField(Publication, models.PROTECT, null=True, related_name="mailing")
    last_id = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(
                name="mailing_is_of_one_thing",
                condition=Q(checkpoint__isnull=True, publication__isnull=False)
                | Q(checkpoint__isnull=False, publication__isnull=True),
                violation_error_message=_("A mailing is of one thing."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.checkpoint_id or self.publication_id}: {self.last_id}"


class Report(models.Model):
    """What a reader tells the secretariat about a published text, for somebody to look at it (reports.py)."""

    class Kind(models.TextChoices):
        NOT_MINE = "not-mine", _("It bears my name, and is not mine")
        SHOWS_TOO_MUCH = "shows-too-much", _("It shows something that should not be public")
        OTHER = "other", _("Something else")

    published = models.ForeignKey(
        PublishedText, models.PROTECT, related_name="reports", verbose_name=_("published text")
    )
    kind = models.CharField(_("what it is about"), max_length=16, choices=Kind)
    message = models.TextField(_("message"), blank=True)
    email = OneLineEmailField(_("e-mail address"), blank=True)
    page_language = models.CharField(max_length=10)
    received_at = models.DateTimeField(_("received at"), db_default=DatabaseClock())
    answered_at = models.DateTimeField(_("answered at"), null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("answered by")
    )
    answer = models.TextField(_("what was done"), blank=True)

    class Meta:
        verbose_name = _("report by a reader")
        verbose_name_plural = _("reports by readers")
        ordering = ["-received_at", "-pk"]
        default_permissions = ("view",)
        permissions = [("answer_report", "Can answer reports by readers")]
        indexes = [
            models.Index(fields=["published"], name="report_waits", condition=Q(answered_at__isnull=True)),
            models.Index(fields=["answered_at"], name="report_by_answer"),
        ]
        constraints = [
            models.CheckConstraint(
                name="report_answered_by_somebody",
                condition=Q(answered_at__isnull=True, answered_by__isnull=True)
                | Q(answered_at__isnull=False, answered_by__isnull=False),
                violation_error_message=_("An answer has somebody who gave it."),
            )
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
