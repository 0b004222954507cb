"""What the register keeps: its entries, the tree's hashes in tiles, and what was signed of it."""

import base64
from urllib.parse import urlsplit

from django.db import models
from django.utils.translation import gettext_lazy as _

from submissions.models import Submission
from themes.intake import DatabaseClock
from themes.models import Consultation


class RegisterLog(models.Model):
    """One log of a consultation: of what came until the deadline, or of what was let in after it."""

    class Part(models.TextChoices):
        IN_TIME = "in-time", _("Until the deadline")
        LATE = "late", _("After the deadline")

    consultation = models.ForeignKey(Consultation, models.PROTECT, related_name="+")
    part = models.CharField(max_length=8, choices=Part)
    size = models.PositiveBigIntegerField(default=0)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="register_log_once", fields=["consultation", "part"])]

    def __str__(self) -> str:
        return f"{self.consultation_id} {self.part}"


class RegisterEntry(models.Model):
    """One leaf: that something was sent, or withdrawn. What the leaf says holds neither a time nor a reference; which
    sending it is of is known here alone. Final (migrations/sql/register.sql)."""

    class Kind(models.TextChoices):
        SENT = "sent", _("Sent")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    log = models.ForeignKey(RegisterLog, models.PROTECT, related_name="entries")
    index = models.PositiveBigIntegerField()
    kind = models.CharField(max_length=9, choices=Kind)
    commitment = models.BinaryField()
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(name="register_entry_at_one_place", fields=["log", "index"]),
            models.UniqueConstraint(name="register_entry_once", fields=["submission", "kind"]),
        ]

    def __str__(self) -> str:
        return f"{self.log_id}/{self.index}"


class RegisterTile(models.Model):
    """Up to 256 hashes side by side, of one level of the tree: levels count by eight, as C2SP tlog-tiles has it."""

    log = models.ForeignKey(RegisterLog, models.PROTECT, related_name="tiles")
    level = models.PositiveSmallIntegerField()
    index = models.PositiveBigIntegerField()
    hashes = models.BinaryField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(name="register_tile_once", fields=["log", "level", "index"])]

    def __str__(self) -> str:
        return f"{self.log_id}/{self.level}/{self.index}"


class RegisterCheckpoint(models.Model):
    """What was signed of a log: so many leaves, under this root. Final, like the entries."""

    log = models.ForeignKey(RegisterLog, models.PROTECT, related_name="checkpoints")
    size = models.PositiveBigIntegerField()
    root = models.BinaryField()
    note = models.TextField()
    # That it was signed with, as others have it: what to look for where the install knows that key no more.
    public_key = models.CharField(max_length=300, default="", db_default="")
    signed_at = models.DateTimeField(db_default=DatabaseClock())
    # Of the last one of a closing, when that was; empty for the hourly ones.
    closed_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["log", "pk"]
        constraints = [models.UniqueConstraint(name="register_final_once", fields=["log", "closed_at"])]

    def __str__(self) -> str:
        return f"{self.log_id}: {self.size}"

    @property
    def root_in_base64(self) -> str:
        """As the note has it."""
        return base64.b64encode(bytes(self.root)).decode()


class RegisterStamp(models.Model):
    """An authority's time stamp of a closing's last checkpoint (register/stamps.py), or what came of asking for it."""

    checkpoint = models.ForeignKey(RegisterCheckpoint, models.PROTECT, related_name="stamps")
    authority = models.CharField(max_length=200)
    # As it came, in DER: what `openssl ts -verify` reads.
    response = models.BinaryField(null=True)
    stamped_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(db_default=DatabaseClock())
    last_error = models.TextField(blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["checkpoint", "pk"]
        constraints = [models.UniqueConstraint(name="register_stamp_once", fields=["checkpoint", "authority"])]

    def __str__(self) -> str:
        return f"{self.checkpoint_id}: {self.authority}"

    @property
    def host(self) -> str:
        return urlsplit(self.authority).hostname or ""
