"""Which files are given out, and which are removed: when their time is over, and when they hold what must not go out.

Somebody may withdraw, or allow less than before, and the secretariat may hold a passage back, after a file was made.
Every download is asked anew; the sweep removes what nobody may have.
"""

import logging
from datetime import timedelta
from typing import Any

from django.apps import apps
from django.core.files.storage import default_storage
from django.db.models import Count, Exists, F, Manager, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from submissions.export.public_audience import allowed
from submissions.export.scratch import remove_outdated
from submissions.models import Audience, Contribution, Export, PublicationDecision, Submission, Withdrawal
from submissions.queries.publication import own_consent
from themes.intake import DatabaseClock

logger = logging.getLogger(__name__)

State = Export.State
COMMIT_MARGIN = timedelta(minutes=1)


def remove_expired() -> int:
    """Removes the files that were kept long enough, and those that hold what was withdrawn or held back since.

    Returns:
        How many files were removed.
    """
    over = Q(expires_at__lte=DatabaseClock()) | is_barred()
    Export.objects.filter(over, state=State.DONE).update(state=State.EXPIRED)
    # Told apart from the removing, so that one that is cut off goes on the next time.
    removed = 0
    for export in Export.objects.filter(state=State.EXPIRED).exclude(file=""):
        try:
            default_storage.delete(str(export.file))
        except Exception:
            # The next sweep tries it again; the others go all the same.
            logger.exception("export %s: its file could not be removed", export.pk)
            continue
        removed += Export.objects.filter(pk=export.pk, state=State.EXPIRED).update(file="")
    remove_outdated()
    return removed


def is_barred() -> Q:
    """Of exports: those that hold what was withdrawn, held back, or is not allowed any more."""
    return holds_withdrawn() | holds_held_back() | holds_disallowed()


def holds_withdrawn() -> Q:
    """Whether something was withdrawn after the export was read: then it holds what must not be given out."""
    return Q(withdrawals_seen__lt=_count(withdrawals(OuterRef("consultation"))))


def holds_held_back() -> Q:
    """Whether a passage was blacked out, or a text withheld, after an export for the public was read."""
    consultation = OuterRef("consultation")
    now = _count(redactions(consultation)) + _count(withholdings(consultation))
    return Q(holds_seen__lt=now, audience=Audience.PUBLIC)


# What an export counts in its snapshot, and every download counts again. Rows of these are never removed, so that one
# more means that something was committed which the file does not know, whenever it was stamped.


def withdrawals(consultation: Any) -> QuerySet[Any]:
    return Withdrawal.objects.filter(submission__consultation=consultation)


def redactions(consultation: Any) -> QuerySet[Any]:
    """Every bar that was ever drawn, from the history."""
    events: Manager[Any] = apps.get_model("submissions", "RedactionEvent")._default_manager
    return events.filter(pgh_label="insert", theme__consultation=consultation)


def withholdings(consultation: Any) -> QuerySet[Any]:
    """Every time that a text was withheld, from the history."""
    events: Manager[Any] = apps.get_model("submissions", "PublicationDecisionEvent")._default_manager
    is_withheld = {"pgh_label__in": ["insert", "update"], "decision": PublicationDecision.Decision.WITHHELD}
    return events.filter(theme__consultation=consultation, **is_withheld)


def _count(rows: QuerySet[Any]) -> Coalesce:
    grouped = rows.order_by().annotate(every=Value(1)).values("every").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(grouped), 0)


def holds_disallowed() -> Q:
    """Whether, after an export for the public was begun, somebody sent again and allows less than before.

    Or shortly before: what is stamped may take some moments to its COMMIT, and be in neither.
    """
    since = OuterRef("started_at") - COMMIT_MARGIN
    later = Submission.objects.filter(consultation=OuterRef("consultation"), version__gt=1, received_at__gte=since)
    earlier = Submission.objects.filter(reference=OuterRef("reference"), version__lt=OuterRef("version"))
    as_a_whole = later.annotate(now=allowed(F("consent"))).filter(
        Exists(earlier.annotate(before=allowed(F("consent"))).filter(before__gt=OuterRef("now")))
    )
    text = Contribution.objects.filter(
        submission__consultation=OuterRef("consultation"),
        submission__version__gt=1,
        submission__received_at__gte=since,
    )
    said_before = Contribution.objects.filter(
        submission__reference=OuterRef("submission__reference"),
        submission__version__lt=OuterRef("submission__version"),
        theme=OuterRef("theme"),
    )
    one_text = text.annotate(now=allowed(own_consent())).filter(
        Exists(said_before.annotate(before=allowed(own_consent())).filter(before__gt=OuterRef("now")))
    )
    return Q(Exists(as_a_whole) | Exists(one_text), audience=Audience.PUBLIC)


def is_downloadable(export: Export) -> bool:
    """Whether its file may be handed over now, whenever the next sweep comes."""
    ready = Export.objects.filter(pk=export.pk, state=State.DONE, expires_at__gt=DatabaseClock())
    return ready.exclude(is_barred()).exists()
