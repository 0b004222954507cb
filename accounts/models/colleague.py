"""Who works here, as a manager sees it: an account with one of the roles that the project ships."""

from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _

# What each role is for. What it may do is said by submissions/roles.py, which makes the groups.
ROLES = {
    "Reviewer": _("Reads, tags and reviews what was sent, without names of contacts and addresses; makes exports."),
    "Exporter": _("As a reviewer; and sees and exports contacts, reads the record and who changed what."),
    "Manager": _("As an exporter; and sets up consultations, moves deadlines, admits late entries, adds colleagues."),
}


class Colleague(User):  # type: ignore[django-manager-missing]
    class Meta:
        proxy = True
        verbose_name = _("colleague")
        verbose_name_plural = _("colleagues")
        default_permissions = ("add", "change", "view")
