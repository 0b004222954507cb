"""Who has a submission open. A page says so when it is opened and, by its script, as long as it is looked at."""

from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model

from submissions.models import Presence
from themes.intake import database_now

PRESENT_FOR = timedelta(minutes=2)  # after the last sign of it; the page gives one every 45 seconds
FORGOTTEN_AFTER = timedelta(days=1)


def note_presence(reference: str, user: Any) -> None:
    now = database_now()
    Presence.objects.filter(seen_at__lt=now - FORGOTTEN_AFTER).delete()
    Presence.objects.bulk_create(
        [Presence(reference=reference, user=user, seen_at=now)],
        update_conflicts=True,
        unique_fields=["reference", "user"],
        update_fields=["seen_at"],
    )


def others_present(reference: str, user: Any) -> list[str]:
    """The names of the colleagues who have it open, too."""
    here = Presence.objects.filter(reference=reference, seen_at__gte=database_now() - PRESENT_FOR).exclude(user=user)
    people = get_user_model()._default_manager.filter(pk__in=here.values("user")).order_by("username")
    return [one.get_username() for one in people]
