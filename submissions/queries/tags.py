"""The code frame in the order in which a reviewer needs it."""

from django.db.models import Case, IntegerField, QuerySet, Value, When

from submissions.models import KeptMatrix, Tag


def tags_by_use(consultation: int) -> QuerySet[Tag]:
    """A consultation's tags, those on most submissions first, as the worker last counted them; then by name."""
    kept = KeptMatrix.objects.filter(consultation=consultation).values_list("counted__tag__group", flat=True).first()
    # By "tag|group"; of all groups together nothing stands behind the stroke.
    counts = {place.removesuffix("|"): cell[0] for place, cell in (kept or {}).items() if place.endswith("|")}
    ranked = [When(pk=int(pk), then=Value(-n)) for pk, n in counts.items() if pk]
    by_use = [Case(*ranked, default=Value(0), output_field=IntegerField())] if ranked else []
    return Tag.objects.filter(consultation=consultation).order_by(*by_use, "name")
