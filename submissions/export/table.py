"""A table before any format: its columns, and the query that yields their cells."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from submissions.export.columns import Column
from submissions.models import Audience


class LayoutNotOffered(ValueError):
    """This layout is not offered to this audience; the message says why."""


@dataclass(frozen=True)
class Statement:
    """A query in SQL, for what the ORM cannot say."""

    sql: str
    params: tuple[Any, ...]


@dataclass(frozen=True)
class Table:
    """Rows and columns, before any format: a query that yields the cells in the columns' order."""

    columns: tuple[Column, ...]
    query: QuerySet[Any, Any] | Statement
    keys: tuple[str, ...]

    @property
    def headers(self) -> list[str]:
        return [column.header for column in self.columns]


def build_table(query: QuerySet[Any], columns: Iterable[Column], audience: Audience) -> Table:
    """The table of these columns, without those that this audience may not see."""
    shown = tuple(column for column in columns if audience is Audience.FULL or not column.is_contact)
    # Numbered names: a header such as "reference" is a field of the model, and no annotation may be called so.
    keys = tuple(f"column_{number}" for number in range(len(shown)))
    named = query.annotate(**{key: column.expression for key, column in zip(keys, shown, strict=True)})
    return Table(shown, named.values_list(*keys), keys)
