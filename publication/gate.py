"""Which texts may be public: what the consent allows, less what the secretariat withholds or set aside."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from publication.models import Publication, PublishedText
from submissions.export.layouts import offered
from submissions.export.public_audience import published
from submissions.models import (
    Audience,
    Consent,
    Contribution,
    Erasure,
    PublicationDecision,
    Redaction,
    Submission,
)
from themes.models import Consultation

# Texts without a name go out together with those of so many other senders, or wait: among fewer, who sent two of them
# could be told by the day on which they came.
MIN_ANONYMOUS_SENDERS = 5
Scope = Publication.Scope
_HOW: Any = "published"  # the annotation of `allowed_texts`


def allowed_texts(consultation: Consultation, scope: str) -> QuerySet[Contribution]:
    """All that may be public now, each with `published`: how, "named" or "anonymous"."""
    submissions = offered(Submission.objects.all(), consultation, Audience.PUBLIC)
    # What was erased at its author's request stands there no more, not even as a sentence that says so.
    erased = Erasure.objects.filter(reference=OuterRef("reference"), what=Erasure.What.TEXTS)
    submissions = submissions.exclude(Exists(erased))
    texts = published(Contribution.objects.filter(submission__in=submissions.values("pk")))
    if scope == Scope.CLEARED:
        texts = texts.filter(_is_cleared())
    return texts.order_by("pk")


def _is_cleared() -> Exists:
    """Somebody has read what it says now, and cleared it."""
    return Exists(
        PublicationDecision.objects.filter(
            reference=OuterRef("submission__reference"),
            theme=OuterRef("theme"),
            decision=PublicationDecision.Decision.CLEARED,
            read_version__gte=OuterRef("submission__version"),
        )
    )


@dataclass(frozen=True)
class Batch:
    """What a publication would make public now.

    Attributes:
        texts: ids of contributions, each with whether it is with its author's name.
        bars: what is blacked out of them.
        waiting: how many texts without a name wait until more senders' can go out with them.
    """

    texts: tuple[tuple[int, bool], ...]
    bars: tuple[Any, ...]
    waiting: int

    @property
    def named(self) -> int:
        return sum(1 for _pk, is_named in self.texts if is_named)

    @property
    def anonymous(self) -> int:
        return len(self.texts) - self.named

    @property
    def sha256(self) -> str:
        """Of which texts they are, how they go out and what of them is blacked out: the same means that the public
        would read what was shown. A later version of a text is another one."""
        return hashlib.sha256(repr((self.texts, self.bars)).encode()).hexdigest()


def batch_of(consultation: Consultation, scope: str) -> Batch:
    """What may be public and is in no publication yet."""
    in_one = PublishedText.objects.filter(contribution=OuterRef("pk"), publication__withdrawn_at=None)
    rows = allowed_texts(consultation, scope).filter(~Exists(in_one))
    found = list(rows.values_list("pk", _HOW, "submission__reference"))
    senders = {reference for _pk, consent, reference in found if consent == Consent.ANONYMOUS}
    are_enough = len(senders) >= MIN_ANONYMOUS_SENDERS
    texts = ((pk, consent == Consent.NAMED) for pk, consent, _reference in found)
    chosen = tuple((pk, is_named) for pk, is_named in texts if is_named or are_enough)
    bars = Redaction.objects.filter(reference__in={reference for _pk, _consent, reference in found})
    passages = bars.order_by("reference", "theme", "passage").values_list("reference", "theme", "passage")
    return Batch(chosen, tuple(passages), len(found) - len(chosen))


def still_allowed(texts: Iterable[PublishedText], publication: Publication) -> dict[int, str]:
    """Of these texts of one publication those that may be public now: contribution id to how."""
    pks = [text.contribution_id for text in texts]
    rows = allowed_texts(publication.consultation, publication.scope).filter(Q(pk__in=pks))
    return dict(rows.values_list("pk", _HOW))
