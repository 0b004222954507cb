"""What the workspace made of a submission, as columns: only for its own audience, and never in the record."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Func, OuterRef, QuerySet, Subquery, TextField, Value
from django.db.models.functions import Coalesce, Concat

from submissions.export.columns import Column, InUtc, InWords, Joined, english
from submissions.models import Flag, Note, Review, Submission, Tag
from submissions.queries.reviews import reviewed


class _Listed(Func):
    """The texts of a subquery, with semicolons between them."""

    template = "array_to_string(%(expressions)s, '; ')"
    output_field = TextField()


def review_columns(reference: str, *, with_notes: bool) -> list[Column]:
    """How far its review is, why it was set aside, tags, flags, whose it is; the colleagues' notes where wanted.

    Args:
        reference: the way from the row to its reference.
    """
    outer = OuterRef(reference)
    review = Review.objects.filter(reference=outer)
    tags = Tag.objects.filter(reviews__reference=outer).order_by("name")
    flags = Flag.objects.filter(reference=outer, dismissed_at__isnull=True).order_by("kind")
    state = InWords("state", english(Review.State.choices))
    flag = InWords("kind", english(Flag.Kind.choices))
    columns = [
        Column(
            "review",
            Coalesce(_one(review, state), Value("New"), output_field=TextField()),
            "How far its review in the workspace is.",
        ),
        Column("set_aside_because", _or_empty(_one(review, "reason")), "Why it was set aside.", is_free=True),
        Column("tags", _Listed(ArraySubquery(tags.values_list("name"))), "Codes of the code frame.", is_free=True),
        Column("flags", _Listed(ArraySubquery(flags.values_list(flag))), "What is to be looked at twice."),
        Column(
            "assigned_to",
            _or_empty(_one(review, "assignee__username")),
            "Which colleague has it.",
            is_free=True,
        ),
    ]
    return [*columns, _notes(outer)] if with_notes else columns


def _one(review: QuerySet[Review], what: Any) -> Subquery:
    return Subquery(review.values_list(what)[:1], output_field=TextField())


def _or_empty(what: Any) -> Coalesce:
    return Coalesce(what, Value(""), output_field=TextField())


def _notes(reference: OuterRef) -> Column:
    notes = Note.objects.filter(reference=reference).order_by("written_at", "pk")
    author = Coalesce("author__username", Value("–"), output_field=TextField())
    one = Concat(InUtc("written_at"), Value(" "), author, Value(": "), "text", output_field=TextField())
    return Column(
        "notes", Joined(ArraySubquery(notes.values_list(one))), "Colleagues' notes, each with its time.", True
    )


def without_set_aside(submissions: QuerySet[Submission]) -> QuerySet[Submission]:
    return submissions.exclude(reviewed(state=Review.State.SET_ASIDE))
