"""What is decided about the publication of many submissions' texts at once, and put back as it was."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db import connection
from django.utils.dateparse import parse_datetime

from submissions.models import Consent, Contribution, PublicationDecision, Submission
from submissions.queries.publication import own_consent

AS_ALLOWED = "consent"  # as the sender allowed: no decision
BATCH = 1_000


def decide_many(
    chosen: Iterable[Submission], decision: str, *, reason: str, by: Any, at: datetime
) -> dict[str, dict[str, Any]]:
    """Decides on every text of these that may be published at all.

    Returns:
        By reference, what is needed to put it back: this decision with its time, and by theme what was decided before,
        None where nothing was.
    """
    texts = Contribution.objects.filter(submission__in=[one.pk for one in chosen]).annotate(allowed=own_consent())
    # Of two versions of one reference, the last that was chosen.
    places = {
        (reference, theme): version
        for reference, theme, version in texts.exclude(allowed=Consent.NONE)
        .order_by("submission__version")
        .values_list("submission__reference", "theme_id", "submission__version")
    }
    references = {reference for reference, _theme in places}
    _lock(references)
    stored = _stored(references)
    before: dict[str, dict[str, Any]] = defaultdict(
        lambda: {"decision": decision, "decided_at": at.isoformat(), "themes": {}}
    )
    for reference, theme in places:
        row = stored.get((reference, theme))
        before[reference]["themes"][str(theme)] = row and {
            **{name: getattr(row, name) for name in ("decision", "reason", "read_version", "decided_by_id")},
            "decided_at": row.decided_at.isoformat(),
        }
    if decision == AS_ALLOWED:
        gone = [row.pk for place, row in stored.items() if place in places]
        PublicationDecision.objects.filter(pk__in=gone).delete()
    else:
        _store(
            PublicationDecision(
                reference=reference,
                theme_id=theme,
                decision=decision,
                reason=reason if decision == PublicationDecision.Decision.WITHHELD else "",
                read_version=version,
                decided_by=by,
                decided_at=at,
            )
            for (reference, theme), version in places.items()
        )
    return dict(before)


def put_back(before: dict[str, dict[str, Any]]) -> None:
    """Puts back what was decided before, with its time, text by text, unless somebody has decided since."""
    _lock(set(before))
    stored = _stored(before)
    people = set(get_user_model()._default_manager.values_list("pk", flat=True))
    gone, back = [], []
    for reference, noted in before.items():
        decided_at = parse_datetime(noted["decided_at"])
        for theme, former in noted["themes"].items():
            now = stored.get((reference, int(theme)))
            # As this decision left it: none, or one of its time.
            is_untouched = now is None if noted["decision"] == AS_ALLOWED else now and now.decided_at == decided_at
            if not is_untouched:
                continue
            if former is None:
                gone += [now.pk] if now else []
                continue
            by = former["decided_by_id"]
            values = {
                **former,
                "decided_by_id": by if by in people else None,
                "decided_at": parse_datetime(former["decided_at"]),
            }
            back.append(PublicationDecision(reference=reference, theme_id=int(theme), **values))
    PublicationDecision.objects.filter(pk__in=gone).delete()
    _store(back)


def _store(rows: Iterable[PublicationDecision]) -> None:
    PublicationDecision.objects.bulk_create(
        rows,
        BATCH,
        update_conflicts=True,
        unique_fields=["reference", "theme"],
        update_fields=["decision", "reason", "read_version", "decided_by", "decided_at"],
    )


def _stored(references: Iterable[str]) -> dict[tuple[str, int], PublicationDecision]:
    rows = PublicationDecision.objects.filter(reference__in=set(references))
    return {(row.reference, row.theme_id): row for row in rows}


def _lock(references: set[str]) -> None:
    """As who decides on one does, in one order: nobody waits for another who waits for them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT submissions_lock_reference(one) FROM (SELECT unnest(%s::text[]) AS one ORDER BY 1) AS all_of_them",
            [sorted(references)],
        )
