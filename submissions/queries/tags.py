"""The code frame: in the order in which a reviewer needs it, and as the tree that it is."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BigIntegerField, Case, F, Func, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce, Lower

from submissions.models import KeptMatrix, Tag


def tags_by_use(consultation: int) -> QuerySet[Tag]:
    """A consultation's tags, those on most submissions first, as the worker last counted them; then by name."""
    kept = KeptMatrix.objects.filter(consultation=consultation).values_list("counted__tag__group", flat=True).first()
    # By "tag|group"; of all groups together nothing stands behind the stroke.
    counts = {place.removesuffix("|"): cell[0] for place, cell in (kept or {}).items() if place.endswith("|")}
    counted = {int(pk): n for pk, n in counts.items() if pk}
    by_use = [_Count(counted).desc()] if counted else []
    return Tag.objects.filter(consultation=consultation).select_related("parent").order_by(*by_use, "name")


class _Count(Func):
    """A tag's count out of two arrays: a CASE with an arm for each of dozens takes Django longer than the query."""

    output_field = IntegerField()
    template = "coalesce((%(expressions)s], 0)"
    arg_joiner = ")["

    def __init__(self, counted: dict[int, int]) -> None:
        numbers = ArrayField(BigIntegerField())
        place = Func(Value(list(counted), output_field=numbers), F("pk"), function="array_position")
        super().__init__(Value(list(counted.values()), output_field=numbers), place)


def as_tree(tags: QuerySet[Tag]) -> QuerySet[Tag]:
    """Each followed by those that stand under it, by their names."""
    return tags.select_related("parent").order_by(*tree_order())


def tree_order() -> list[Any]:
    top = Coalesce(Lower("parent__name"), Lower("name"))
    is_under = Case(When(parent=None, then=Value(0)), default=Value(1))
    return ["consultation", top, is_under, Lower("name")]


def with_those_under(tag: int) -> QuerySet[Tag]:
    """A tag, and what stands under it."""
    return Tag.objects.filter(Q(pk=tag) | Q(parent=tag))
