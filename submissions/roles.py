"""The groups that the project ships: what each may do. Who is in one is the administrator's to say.

They are set anew with every migration, so that a group means the same in every install. Whoever needs other rights
makes another group.
"""

from typing import Any

from django.apps import AppConfig
from django.contrib.auth.models import Group, Permission
from django.db.models import Q

READING = (
    *("submissions.view_submission", "submissions.view_contribution", "submissions.view_lateattempt"),
    *("submissions.view_export", "submissions.add_export", "submissions.review"),
    *("submissions.view_campaign", "submissions.view_flag", "submissions.view_codingsample"),
    *("submissions.view_tag", "submissions.add_tag", "submissions.change_tag"),
    *("themes.view_consultation", "themes.view_theme", "themes.view_question"),
    *("themes.view_milestone", "themes.view_themekind", "themes.view_extension"),
    *("publication.view_publication", "publication.view_report", "publication.answer_report"),
)
CONTACTS = (
    *("submissions.see_contacts", "submissions.view_record", "submissions.view_mail"),
    *("submissions.view_lateaccess", "submissions.view_contactview"),
    "submissions.view_change",
)
RUNNING = (
    *("themes.add_consultation", "themes.change_consultation", "themes.add_theme", "themes.change_theme"),
    *("themes.add_question", "themes.change_question"),
    # Until it has opened: after that nobody deletes one (themes/admin.py).
    *("themes.delete_theme", "themes.delete_question"),
    *("submissions.delete_tag", "submissions.add_codingsample", "submissions.delete_codingsample"),
    *("submissions.admit", "publication.add_publication"),
    *("themes.add_milestone", "themes.change_milestone", "themes.delete_milestone"),
    *("themes.add_themekind", "themes.change_themekind", "themes.delete_themekind"),
    *("submissions.view_checkpoint", "submissions.view_erasure"),
    *("accounts.view_colleague", "accounts.add_colleague", "accounts.change_colleague"),
    *("privacy.view_retention", "privacy.view_personaldatarequest", "privacy.answer_requests"),
)
ROLES = {
    "Reviewer": READING,
    "Exporter": (*READING, *CONTACTS),
    "Manager": (*READING, *CONTACTS, *RUNNING),
}


def make_groups(sender: AppConfig | None = None, **kwargs: Any) -> None:
    """After a migration, when the permissions are there: the signal of the last app that makes any."""
    for name, rights in ROLES.items():
        group, _is_new = Group.objects.get_or_create(name=name)
        chosen = Q(pk__in=[])
        for right in rights:
            app, codename = right.split(".")
            chosen |= Q(content_type__app_label=app, codename=codename)
        group.permissions.set(Permission.objects.filter(chosen))
