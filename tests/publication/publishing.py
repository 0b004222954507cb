"""A consultation that is closed, and published by two people."""

from django.contrib.auth.models import User

from publication import acts, gate, sweep
from publication.models import Licence, Publication, PublishedText
from submissions.models import Review
from submissions.review import reviewing
from submissions.review.reviewing import Decision
from tests.factories import move_cutoff_behind_now, send
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


def shown() -> list[tuple[str, str]]:
    """Names and texts that the public reads."""
    rows = PublishedText.objects.filter(is_shown=True).order_by("theme_number", "-is_named", "name", "text")
    return [(row.name, row.text) for row in rows]


def send_anonymous(consultation: Consultation, how_many: int = gate.MIN_ANONYMOUS_SENDERS) -> None:
    for n in range(how_many):
        send(consultation, {2: f"Said by nobody {n}."}, consent="anonymous", organisation=f"Secret {n}")


def hold_back_review(consultation, sent):
    state = Decision(Review.State.SET_ASIDE, None, "Not on the document", [], "")
    reviewing.save_review(sent, state, by=people()[0], version=0)
