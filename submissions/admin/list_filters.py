"""The lists' filters, as a bar above the rows. What each means stands in `submissions/queries/filters.py`."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ERROR_FLAG, PAGE_VAR
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from submissions.queries.filters import ListFilter, UnknownFilter, Viewer
from wsis.typography import label_value

# What an address says of this one page alone.
PASSING = {ERROR_FLAG, PAGE_VAR}


class BarFilter(admin.SimpleListFilter):
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

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        try:
            return self.list_filter.apply(queryset, self.value(), self.path, self.viewer)
        except UnknownFilter as refusal:
            raise IncorrectLookupParameters from refusal


def django_filter(list_filter: ListFilter) -> type[BarFilter]:
    """Django's class for a filter."""
    attributes = {
        "list_filter": list_filter,
        "title": list_filter.title,
        "parameter_name": list_filter.parameter,
    }
    return type(type(list_filter).__name__, (BarFilter,), attributes)


@dataclass(frozen=True)
class Field:
    """One filter of the bar.

    Attributes:
        options: of each value its words, and whether it is the one in force; the first has no value.
        without: the address of the list without it, where it is in force.
    """

    parameter: str
    title: str
    options: list[tuple[str, str, bool]]
    without: str = ""

    @property
    def in_words(self) -> str:
        return label_value(capfirst(self.title), next(words for _value, words, is_chosen in self.options if is_chosen))


def fields_of(changelist: Any) -> list[Field]:
    """The list's filters; and after them what else its address asks for, which the bar cannot choose but take away."""
    fields = [_field(changelist, spec) for spec in changelist.filter_specs]
    known = {field.parameter for field in fields}
    titles = {one.parameter_name: one.title for one in changelist.list_filter if hasattr(one, "parameter_name")}
    for name, (value, *_others) in changelist.get_filters_params().items():
        if name not in known:
            without = changelist.get_query_string(remove=[name])
            fields.append(Field(name, str(titles.get(name, name)), [(value, value, True)], without))
    return fields


def _field(changelist: Any, spec: Any) -> Field:
    parameter = spec.expected_parameters()[0]
    in_force = changelist.get_filters_params().get(parameter, [""])[0]
    options = [(value, capfirst(words), value == in_force) for value, words in _choices_of(spec)]
    if not any(is_chosen for _value, _words, is_chosen in options):
        # A group of texts that is no longer among the largest, or a tag that is gone.
        label = spec.list_filter.label_of(in_force) if isinstance(spec, BarFilter) else in_force
        options.append((in_force, label, True))
    without = changelist.get_query_string(remove=[parameter]) if in_force else ""
    return Field(parameter, str(spec.title), options, without)


def _choices_of(spec: Any) -> Iterator[tuple[str, str]]:
    """Values and words, the one for all first. Not by `choices()`, which makes an address for each of hundreds."""
    is_ours = isinstance(spec, BarFilter)
    yield "", str(spec.list_filter.default_label if is_ours else _("All"))
    # Of a field with choices they are the field's.
    found = spec.lookup_choices if hasattr(spec, "lookup_choices") else spec.field.flatchoices
    yield from ((str(value), str(words)) for value, words in found)


class FilterBarMixin(admin.ModelAdmin):  # type: ignore[type-arg]
    """The filters above the list: those in force as chips, the others to be chosen and searched through."""

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        chosen = request.GET.copy()
        for name in [name for name, values in request.GET.lists() if values == [""]]:
            # Of the bar's form without script; an empty filter is none, and no address says so.
            del chosen[name]
        if request.method == "GET" and len(chosen) < len(request.GET):
            return redirect(f"{request.path}?{chosen.urlencode()}" if chosen else request.path)
        answer = super().changelist_view(request, extra_context)
        context = getattr(answer, "context_data", None) or {}
        if "cl" in context:
            fields = fields_of(context["cl"])
            choosable = {field.parameter for field in fields if len(field.options) > 1}
            chips = [field for field in fields if field.without]
            context |= {
                "fields": fields,
                "chips": chips,
                "without_any": context["cl"].get_query_string(remove=[field.parameter for field in chips]),
                # What else the address says goes on: a search, an order, a filter that the bar does not offer.
                "kept": [(name, value) for name, value in chosen.items() if name not in choosable | PASSING],
            }
            answer.context_data = context  # type: ignore[attr-defined]
        return answer
