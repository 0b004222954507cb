"""Raises the flags: the worker's sweep. What is no longer so is taken down; what a person dismissed stays dismissed."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, Func, OuterRef, Q, QuerySet, TextField
from django.db.models.functions import Lower, Trim

from submissions.models import (
    Admission,
    Campaign,
    EmailConfirmation,
    Fingerprint,
    Flag,
    FlagSweep,
    Mail,
    Submission,
    Withdrawal,
)
from submissions.queries.confirmed import has_confirmed_email
from submissions.queries.totals import word_count
from submissions.review.flags import minhash
from submissions.review.flags.near_duplicates import LOCK_SPACE, compare_new, count_campaigns
from themes.intake import database_now
from themes.models import Consultation
from wsis.single_worker import single_worker

logger = logging.getLogger(__name__)

UNCONFIRMED_AFTER = timedelta(days=1)
SHORT_WORDS = 15  # in all that a submission says


def raise_flags() -> int:
    """Looks at every consultation of which something has changed. Returns how many flags are new."""
    with single_worker(LOCK_SPACE, 1) as is_mine:
        if not is_mine:
            return 0
        compare_new()
        at = database_now()
        return sum(_swept(consultation, at) for consultation in Consultation.objects.all())


def _swept(consultation: Consultation, at: datetime) -> int:
    try:
        return _sweep(consultation, at)
    except Exception:
        # The others are looked at all the same, and this one again by the next sweep.
        logger.exception("flags of %s", consultation)
        return 0


def _sweep(consultation: Consultation, at: datetime) -> int:
    seen = _what_there_is(consultation, at)
    before = FlagSweep.objects.filter(consultation=consultation).first()
    if before is not None and before.seen == seen:
        return 0
    count_campaigns(consultation.pk)
    raised = 0
    standing = Submission.objects.standing().filter(consultation=consultation).order_by()
    with transaction.atomic():
        for kind, found in FINDS.items():
            raised += _settle(consultation, kind, set(found(standing, at).values_list("reference", flat=True)))
        FlagSweep.objects.update_or_create(consultation=consultation, defaults={"seen": seen, "swept_at": at})
    return raised


def _settle(consultation: Consultation, kind: Flag.Kind, references: set[str]) -> int:
    flags = Flag.objects.filter(consultation=consultation, kind=kind)
    existing = dict(flags.values_list("reference", "pk"))
    # What a person dismissed stays dismissed, also when it is so again later.
    gone = [pk for reference, pk in existing.items() if reference not in references]
    flags.filter(pk__in=gone, dismissed_at__isnull=True).delete()
    new = [Flag(consultation=consultation, kind=kind, reference=one) for one in sorted(references - set(existing))]
    Flag.objects.bulk_create(new, 1000, ignore_conflicts=True)
    return len(new)


def _what_there_is(consultation: Consultation, at: datetime) -> str:
    """Counts that change with everything that a flag hangs on. The hour, because a day without a confirmation ends."""
    mails = Mail.objects.filter(submission__consultation=consultation)
    counts = [
        Submission.objects.filter(consultation=consultation).count(),
        Withdrawal.objects.filter(submission__consultation=consultation).count(),
        EmailConfirmation.objects.filter(submission__consultation=consultation, confirmed_at__isnull=False).count(),
        mails.filter(bounced_at__isnull=False).count(),
        mails.filter(Mail.WAS_GIVEN_UP).count(),
        Fingerprint.objects.filter(contribution__submission__consultation=consultation).count(),
        minhash.FORM,
    ]
    return f"{at:%Y-%m-%d %H} " + " ".join(map(str, counts))


class _Words(Func):
    """An organisation's name as it is compared: without case, accents, stops and doubled blanks."""

    function = "submissions_search_words"
    template = r"regexp_replace(%(function)s(%(expressions)s), '[^[:alnum:]]+', ' ', 'g')"
    output_field = TextField()


def _same_organisation(standing: QuerySet[Submission], at: datetime) -> QuerySet[Any]:
    named = standing.exclude(organisation="").annotate(compared=Trim(_Words("organisation"))).exclude(compared="")
    several = named.values("compared").annotate(n=Count("pk")).filter(n__gt=1).values("compared")
    return named.filter(compared__in=several)


def _same_email(standing: QuerySet[Submission], at: datetime) -> QuerySet[Any]:
    """Two submissions of one person, or one that was meant to amend the other: for people to see, and no refusal."""
    named = standing.exclude(email="").annotate(compared=Lower("email"))
    several = named.values("compared").annotate(n=Count("pk")).filter(n__gt=1).values("compared")
    return named.filter(compared__in=several)


def _alike(standing: QuerySet[Submission], at: datetime) -> QuerySet[Any]:
    flags = Fingerprint.objects.filter(
        contribution__submission=OuterRef("pk"), group__in=Campaign.objects.values("group")
    )
    return standing.filter(Exists(flags))


def _unconfirmed(standing: QuerySet[Submission], at: datetime) -> QuerySet[Any]:
    requests = EmailConfirmation.objects.filter(submission=OuterRef("pk"))
    return standing.filter(~has_confirmed_email(), Exists(requests), received_at__lt=at - UNCONFIRMED_AFTER)


def _bounced(standing: QuerySet[Submission], at: datetime) -> QuerySet[Any]:
    lost = Q(bounced_at__isnull=False) | Mail.WAS_GIVEN_UP
    return standing.filter(Exists(Mail.objects.filter(lost, submission=OuterRef("pk"))))


def _late(standing: QuerySet[Submission], at: datetime) -> QuerySet[Any]:
    return standing.filter(Exists(Admission.objects.filter(submission=OuterRef("pk"), is_late=True)))


def _short(standing: QuerySet[Submission], at: datetime) -> QuerySet[Any]:
    return standing.annotate(in_all=word_count()).filter(in_all__lt=SHORT_WORDS)


FINDS: dict[Flag.Kind, Callable[[QuerySet[Submission], datetime], QuerySet[Any]]] = {
    Flag.Kind.SAME_ORGANISATION: _same_organisation,
    Flag.Kind.SAME_EMAIL: _same_email,
    Flag.Kind.ALIKE: _alike,
    Flag.Kind.UNCONFIRMED: _unconfirmed,
    Flag.Kind.BOUNCED: _bounced,
    Flag.Kind.LATE: _late,
    Flag.Kind.SHORT: _short,
}
