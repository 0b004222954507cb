"""Who saw contact names and addresses. What was changed is in the history that PostgreSQL writes (tracking.py)."""

from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db import models
from django.utils.translation import gettext_lazy as _
from pghistory import ProxyField
from pghistory.models import Events

from themes.intake import DatabaseClock
from themes.tracking import tracked
from wsis.typography import label_value


class ContactView(models.Model):
    """That somebody was shown whom to write to. As final as a submission (migrations/sql/admissions.sql)."""

    class Where(models.TextChoices):
        PAGE = "page", _("Page of a submission")
        LIST = "list", _("List with names")
        MAIL = "mail", _("E-mail")
        EXPORT = "export", _("Export")
        RECORD = "record", _("Record")
        LATE_ACCESS = "late", _("Late-submission permission")

    seen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("who"))
    seen_at = models.DateTimeField(_("when"), db_default=DatabaseClock(), db_index=True)
    where = models.CharField(_("where"), max_length=10, choices=Where)
    what = models.TextField(_("what"), help_text=_("The reference, or the list’s filters, or the file."))
    people = models.PositiveIntegerField(_("submissions shown"))

    class Meta:
        verbose_name = _("view of contacts")
        verbose_name_plural = _("views of contacts")
        ordering = ["-seen_at", "-pk"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return label_value(self.get_where_display(), self.what)


class Change(Events):
    """One change of one row, as the history has it: of all tables together, by pghistory's own query."""

    # From what the workspace's pages say of themselves (wsis/tracking.py); empty for tasks, commands and plain SQL.
    user = ProxyField("pgh_context__user", models.BigIntegerField(null=True))
    url = ProxyField("pgh_context__url", models.TextField(null=True))

    class Meta:
        proxy = True
        managed = False
        app_label = "submissions"
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        default_permissions = ("view",)


class TrailLink(models.Model):
    """A link of the chain, for one row of the history; PostgreSQL writes it (migrations/sql/trail_chain.sql)."""

    event_table = models.CharField(max_length=63)
    event_id = models.BigIntegerField()
    row_sha256 = models.CharField(max_length=64)
    # What the row's hash is since personal data was taken out of it; empty as long as none was.
    erased_sha256 = models.CharField(max_length=64, db_default="")
    # Over the link before and this row.
    sha256 = models.CharField(max_length=64)
    linked_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["event_table", "event_id"], name="trail_link_once")]

    def __str__(self) -> str:
        return f"{self.pk}: {self.sha256}"


class Checkpoint(models.Model):
    """What was mailed away of the trail's head and of all records on one day, so that others hold it too."""

    day = models.DateField(_("day"), unique=True)
    written_at = models.DateTimeField(_("written at"), db_default=DatabaseClock())
    link = models.BigIntegerField(_("last link"))
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)

    class Meta:
        verbose_name = _("checkpoint")
        verbose_name_plural = _("checkpoints")
        ordering = ["-day"]
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.day}"


@tracked(exclude=["password", "last_login"], app_label="submissions", model_name="AccountEvent")
class Account(User):  # type: ignore[django-manager-missing]
    """Who may come in, and as what."""

    class Meta:
        proxy = True
        default_permissions = ()


@tracked(app_label="submissions", model_name="RoleEvent")
class Role(Group):
    class Meta:
        proxy = True
        default_permissions = ()


# What lies between two tables is a model of Django's own making: its triggers hang on a proxy of it.
@tracked(obj_field=None, app_label="submissions", model_name="AccountRoleEvent")
class AccountRole(User.groups.through):  # type: ignore[name-defined,misc]
    class Meta:
        proxy = True
        default_permissions = ()


@tracked(obj_field=None, app_label="submissions", model_name="AccountRightEvent")
class AccountRight(User.user_permissions.through):  # type: ignore[name-defined,misc]
    class Meta:
        proxy = True
        default_permissions = ()


@tracked(obj_field=None, app_label="submissions", model_name="RoleRightEvent")
class RoleRight(Group.permissions.through):  # type: ignore[name-defined,misc]
    class Meta:
        proxy = True
        default_permissions = ()
