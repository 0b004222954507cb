"""A consultation that is closed, and published by two people."""

from django.contrib.auth.models import User

from publication import acts, sweep
from publication.models import Licence, Publication
from tests.factories import move_cutoff_behind_now
from themes import cutoff_changes
from themes.models import Consultation


def people() -> tuple[User, User]:
    """Who asks, and who confirms."""
    first, second = (
        User.objects.get_or_create(username=name, defaults={"is_staff": True, "is_superuser": True})[0]
        for name in ("asks", "confirms")
    )
    return first, second


def close(consultation: Consultation) -> Consultation:
    if consultation.closed_at is None:
        move_cutoff_behind_now(consultation)
        cutoff_changes.close_due_consultations()
        consultation.refresh_from_db()
    return consultation


def ask(consultation: Consultation, **values) -> Publication:
    asking, _confirming = people()
    usual = {"consultation": consultation, "licence": Licence.CC_BY}
    return acts.ask(Publication(**{**usual, **values}), by=asking)


def publish(consultation: Consultation, **values) -> Publication:
    """Closes it, if it is open, asks, confirms, and lets the worker do it."""
    asked = ask(close(consultation), **values)
    acts.confirm(asked.pk, by=people()[1], seen=asked.content_sha256)
    sweep.keep_up()
    asked.refresh_from_db()
    assert asked.published_at is not None
    return asked
