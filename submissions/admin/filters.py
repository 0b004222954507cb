"""The lists' filters in Django's side bar. What each means stands in `submissions/queries/filters.py`."""

from collections.abc import Iterator
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from submissions.queries.filters import ListFilter, UnknownFilter, Viewer


class SideBarFilter(admin.SimpleListFilter):
    """A filter of `queries/filters.py`. The list's admin says in `path` how a row leads to its submission."""

    list_filter: ClassVar[ListFilter]

    def __init__(self, request: HttpRequest, params: dict[str, Any], model: Any, model_admin: Any) -> None:
        self.path: str = getattr(model_admin, "path", "")
        self.viewer = Viewer(request.user, timezone.now())
        super().__init__(request, params, model, model_admin)

    def value(self) -> str | None:
        value: str | None = super().value()
        if value is not None and "\0" in value:
            raise IncorrectLookupParameters
        return value

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        return self.list_filter.choices(self.viewer)

    def choices(self, changelist: Any) -> Iterator[Any]:
        first, *others = super().choices(changelist)
        yield {**first, "display": self.list_filter.default_label}
        yield from others

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        try:
            return self.list_filter.apply(queryset, self.value(), self.path, self.viewer)
        except UnknownFilter as refusal:
            raise IncorrectLookupParameters from refusal


def side_bar(list_filter: ListFilter) -> type[SideBarFilter]:
    """The side bar's class for a filter."""
    attributes = {
        "list_filter": list_filter,
        "title": list_filter.title,
        "parameter_name": list_filter.parameter,
    }
    return type(type(list_filter).__name__, (SideBarFilter,), attributes)
