"""Coding a sample twice: drawing it, the second coding, and how far the two agree (Cohen's kappa)."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.db.models import BigIntegerField, BooleanField, Case, Count, Exists, F, OuterRef, Q, QuerySet, When
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from submissions.models import CodingDecision, CodingSample, Review, SampledSubmission, Submission, Tag
from submissions.queries.tags import as_tree
from submissions.review.refusals import TAG_IS_GONE, MissingInput
from themes.intake import DatabaseClock
from themes.models import Consultation


def may_code(user: Any) -> bool:
    """Whether somebody may read what they would code."""
    return bool(user.has_perms(["submissions.view_codingsample", "submissions.view_contribution"]))


def candidates(consultation: Consultation, coder: Any) -> QuerySet[Submission]:
    """What counts and is reviewed as it stands, and was in no version taken up, reviewed or coded by the coder."""
    history = LogEntry.objects.filter(user=coder.pk, content_type=ContentType.objects.get_for_model(Submission))
    known = history.annotate(number=Cast("object_id", BigIntegerField())).values("number")
    review = Review.objects.filter(
        reference=OuterRef("reference"),
        state=Review.State.REVIEWED,
        read_version=OuterRef("version"),
    )
    standing = Submission.objects.standing().filter(Exists(review), consultation=consultation)
    return standing.exclude(reference__in=Submission.objects.filter(pk__in=known).values("reference"))


def assert_drawable(consultation: Consultation, coder: Any) -> None:
    """
    Raises:
        MissingInput: there is nothing to draw from, or the consultation has no tags.
    """
    if not may_code(coder):
        raise MissingInput(_("This colleague may not read what was sent."), "coder")
    if not Tag.objects.filter(consultation=consultation).exists():
        raise MissingInput(_("This consultation has no tags yet."), "consultation")
    if not candidates(consultation, coder).exists():
        raise MissingInput(_("Nothing that somebody else reviewed can be drawn yet."), "coder")


def draw(sample: CodingSample) -> CodingSample:
    """Saves the sample with its submissions, as many as there are up to its size, and the first coding of each."""
    with transaction.atomic():
        drawn = list(candidates(sample.consultation, sample.coder).order_by("?")[: sample.size])
        sample.size = len(drawn)
        sample.save(force_insert=True)
        rows = [
            SampledSubmission(sample=sample, reference=one.reference, version=one.version, place=place)
            for place, one in enumerate(drawn, start=1)
        ]
        SampledSubmission.objects.bulk_create(rows)
        codings = Review.tags.through.objects.filter(review__reference__in=[row.reference for row in rows])
        tags = list(Tag.objects.filter(consultation=sample.consultation))
        given = set(codings.values_list("review__reference", "tag_id"))
        CodingDecision.objects.bulk_create(
            CodingDecision(sampled=row, tag=tag, first=(row.reference, tag.pk) in given) for row in rows for tag in tags
        )
    return sample


def readable() -> Exists:
    """Of sampled submissions: those whose version still counts. What was withdrawn or replaced is read no more."""
    standing = Submission.objects.standing()
    return Exists(standing.filter(reference=OuterRef("reference"), version=OuterRef("version")))


def next_to_code(sample: CodingSample) -> SampledSubmission | None:
    return sample.submissions.filter(readable(), coded_at=None).order_by("place").first()


def left_to_code(coder: Any) -> list[tuple[int, int]]:
    """Of each sample of a coder's that is not done: its id, and how many are left."""
    left = SampledSubmission.objects.filter(readable(), sample__coder=coder, coded_at=None)
    return list(left.order_by().values_list("sample").annotate(n=Count("pk")).order_by("sample"))


def save_coding(sampled: SampledSubmission, tags: Collection[Tag]) -> None:
    """The second coding of one of the sample. Coding it again puts it in the place of what was said before.

    Raises:
        MissingInput: a tag was merged or removed meanwhile.
    """
    chosen = [tag.pk for tag in tags]
    with transaction.atomic():
        SampledSubmission.objects.select_for_update().get(pk=sampled.pk)
        if CodingDecision.objects.filter(sampled=sampled, tag__in=chosen).count() != len(chosen):
            raise MissingInput(str(TAG_IS_GONE), "tags")
        is_chosen = Case(When(tag__in=chosen, then=True), default=False, output_field=BooleanField())
        CodingDecision.objects.filter(sampled=sampled).update(second=is_chosen)
        SampledSubmission.objects.filter(pk=sampled.pk).update(coded_at=DatabaseClock())


def move_decisions(tag: Tag, into: Tag) -> None:
    """Before `tag` is merged into another: of each submission the two tags' decisions become one."""
    # Whoever is coding one of these meanwhile comes before this or after it.
    affected = SampledSubmission.objects.filter(decisions__tag=tag).order_by("pk")
    list(affected.select_for_update(of=["self"]).values_list("pk", flat=True))
    either = CodingDecision.objects.filter(tag=tag, sampled=OuterRef("sampled"))
    for coding in ("first", "second"):
        rows = CodingDecision.objects.filter(Exists(either.filter(**{coding: True})), tag=into)
        rows.update(**{coding: True})
    lone = ~Exists(CodingDecision.objects.filter(tag=into, sampled=OuterRef("sampled")))
    CodingDecision.objects.filter(lone, tag=tag).update(tag=into)


# --- Agreement --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Agreement:
    """Of one tag, or of all together: how many decisions were the same, and how many were not."""

    both: int = 0
    only_first: int = 0
    only_second: int = 0
    neither: int = 0

    def __add__(self, other: "Agreement") -> "Agreement":
        return Agreement(
            self.both + other.both,
            self.only_first + other.only_first,
            self.only_second + other.only_second,
            self.neither + other.neither,
        )

    @property
    def total(self) -> int:
        return self.both + self.only_first + self.only_second + self.neither

    @property
    def observed(self) -> float | None:
        """The share of decisions that were the same."""
        return (self.both + self.neither) / self.total if self.total else None

    @property
    def kappa(self) -> float | None:
        """Cohen's kappa: 1 where all decisions are the same, 0 where they are as alike as by chance.

        None where chance alone would make them all the same, such as a tag that nobody gave: then it says nothing.
        Source: J. Cohen, "A Coefficient of Agreement for Nominal Scales", 1960.
        """
        n = self.total
        first, second = self.both + self.only_first, self.both + self.only_second
        # In whole numbers, so that "all the same by chance" is exact.
        by_chance = first * second + (n - first) * (n - second)
        if by_chance == n * n:
            return None
        return (n * (self.both + self.neither) - by_chance) / (n * n - by_chance)


@dataclass(frozen=True)
class Disagreement:
    """What one submission was given by one coding alone."""

    reference: str
    only_first: list[Tag]
    only_second: list[Tag]


def agreement_by_tag(sample: CodingSample) -> list[tuple[Tag, Agreement]]:
    """Of what is coded, in the code frame's order."""
    found: dict[int, list[int]] = {}
    decisions = CodingDecision.objects.filter(sampled__sample=sample, sampled__coded_at__isnull=False)
    for tag, first, second in decisions.values_list("tag_id", "first", "second"):
        found.setdefault(tag, [0, 0, 0, 0])[2 * (not first) + (not second)] += 1
    tags = as_tree(Tag.objects.filter(pk__in=found))
    return [(tag, Agreement(*found[tag.pk])) for tag in tags]


def disagreements(sample: CodingSample) -> list[Disagreement]:
    """In the order in which they were drawn."""
    decisions = CodingDecision.objects.filter(
        ~Q(first=F("second")), sampled__sample=sample, sampled__coded_at__isnull=False
    )
    found: dict[str, Disagreement] = {}
    for one in decisions.select_related("tag__parent", "sampled").order_by("sampled__place", "tag__name"):
        row = found.setdefault(one.sampled.reference, Disagreement(one.sampled.reference, [], []))
        (row.only_first if one.first else row.only_second).append(one.tag)
    return list(found.values())
