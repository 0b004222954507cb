"""Finds near-identical texts among many, each compared with the few that share a band of its signature.

Groups are kept in the database and grow with every sweep, so that a sweep costs what is new and not what is there.
A text joins the group of every text it is alike to (minhash.py): what was changed step by step stays one group.
"""

import hashlib
import time
from collections.abc import Iterator

from django.db import connection, transaction
from django.db.models import Count, Max, Min, QuerySet, Value
from django.db.models.functions import NullIf

from submissions.models import Band, Campaign, Contribution, Fingerprint, Submission
from submissions.review.flags import minhash

# The first half of an advisory lock's key, beside themes/lock.py's: "FLAG" in ASCII.
LOCK_SPACE = 0x464C4147
BATCH = 500
SWEEP_SECONDS = 60  # seconds: what is left over is the next sweep's


def compare_new() -> int:
    """Takes the fingerprint of every text that has none, and puts it into its group. Returns how many."""
    _forget_older_forms()
    taken, after, ends_at = 0, 0, time.monotonic() + SWEEP_SECONDS
    while time.monotonic() < ends_at:
        with transaction.atomic():
            if not _lock():
                return taken
            texts = list(_without_fingerprint(after)[:BATCH])
            if not texts:
                return taken
            _group(texts)
        taken, after = taken + len(texts), texts[-1].pk
    return taken


def _forget_older_forms() -> None:
    """What an earlier release's rule made is not compared with this one's: it is all made anew, in as many sweeps as
    it takes."""
    if not Fingerprint.objects.exclude(form=minhash.FORM).exists():
        return
    with transaction.atomic():
        if _lock():
            # A band does not say of which form it is, so all of them go.
            Band.objects.all().delete()
            Fingerprint.objects.all().delete()


def _lock() -> bool:
    """Whether no other sweep is at it; until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, 0)", [LOCK_SPACE])
        is_free: bool = cursor.fetchone()[0]
    return is_free


def _without_fingerprint(after: int) -> QuerySet[Contribution]:
    texts = Contribution.objects.filter(pk__gt=after, fingerprint__isnull=True).order_by("pk")
    return texts.select_related("submission").prefetch_related("proposals")


def compared_text(contribution: Contribution) -> str:
    """All that is compared: the text and the wording proposed."""
    return "\n".join([contribution.text, *(row.wording for row in contribution.proposals.all())])


def _sha256(contribution: Contribution) -> str:
    return hashlib.sha256(compared_text(contribution).encode()).hexdigest()


class Groups:
    """Which group each known text is in, and which groups turned out to be one."""

    def __init__(self, known: dict[int, tuple[bytes, int]]) -> None:
        self.known = known
        self.now: dict[int, int] = {}

    def of(self, group: int) -> int:
        while group in self.now:
            group = self.now[group]
        return group

    def join(self, one: int, other: int) -> int:
        """The older of the two stays."""
        stays, goes = sorted((self.of(one), self.of(other)))
        if stays != goes:
            self.now[goes] = stays
        return stays


def _group(texts: list[Contribution]) -> None:
    signatures = {text.pk: minhash.signature_of(compared_text(text)) for text in texts}
    bands = {
        text.pk: minhash.bands_of(signature, among=text.submission.consultation_id)
        for text in texts
        if (signature := signatures[text.pk]) is not None
    }
    keys = {key for keys in bands.values() for key in keys}
    first_of = dict(Band.objects.filter(key__in=keys).values_list("key", "contribution_id"))
    groups = Groups(dict(_fingerprints(set(first_of.values()))))
    new_bands, rows = {}, []
    for text in texts:
        signature, group = signatures[text.pk], text.pk
        if signature is not None:
            others = []
            for key in bands[text.pk]:
                if key not in first_of:
                    first_of[key] = new_bands[key] = text.pk
                elif first_of[key] != text.pk:
                    others.append(first_of[key])
            for other in dict.fromkeys(others):
                theirs, their_group = groups.known[other]
                if groups.of(their_group) != groups.of(group) and minhash.likeness(signature, theirs) > minhash.ALIKE:
                    group = groups.join(group, their_group)
            groups.known[text.pk] = (signature, group)
        rows.append(
            Fingerprint(
                contribution=text, form=minhash.FORM, signature=signature or b"", group=group, text_sha256=_sha256(text)
            )
        )
    for row in rows:
        row.group = groups.of(row.group)
    Band.objects.bulk_create([Band(key=key, contribution_id=pk) for key, pk in new_bands.items()], BATCH)
    Fingerprint.objects.bulk_create(rows, BATCH)
    for goes in groups.now:
        Fingerprint.objects.filter(group=goes).update(group=groups.of(goes))


def _fingerprints(pks: set[int]) -> Iterator[tuple[int, tuple[bytes, int]]]:
    for row in Fingerprint.objects.filter(pk__in=pks):
        yield row.pk, (bytes(row.signature), row.group)


def count_campaigns(consultation_id: int) -> int:
    """Counts anew every group that more than one reference that stands is in. Returns how many groups."""
    several = Fingerprint.objects.values("group").annotate(n=Count("pk")).filter(n__gt=1).values("group")
    standing = Submission.objects.standing().filter(consultation=consultation_id).values("pk")
    found = (
        Fingerprint.objects.filter(group__in=several, contribution__submission__in=standing)
        .order_by()
        .values("group")
        .annotate(
            submissions=Count("contribution__submission", distinct=True),
            texts=Count("text_sha256", distinct=True),
            organisations=Count(NullIf("contribution__submission__organisation", Value("")), distinct=True),
            countries=Count("contribution__submission__country", distinct=True),
            first_at=Min("contribution__submission__received_at"),
            last_at=Max("contribution__submission__received_at"),
        )
        .filter(submissions__gt=1)
    )
    with transaction.atomic():
        Campaign.objects.filter(consultation=consultation_id).delete()
        campaigns = Campaign.objects.bulk_create(
            [Campaign(consultation_id=consultation_id, **row) for row in found], BATCH
        )
    return len(campaigns)
