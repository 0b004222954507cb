"""The trail's rows that a list shows, found in each table of the history by itself.

pghistory's own query builds what each row held, and what changed in it, before it leaves any out. So the keys are found
first, and only what a page shows is built.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any, cast

from django.contrib.auth.models import User
from django.db import connection
from psycopg import sql

from submissions.models import Change

# Of what a search finds so many are listed, the newest first; that there are more says enough.
MAX_FOUND = 1_000
# Between two values, so that no word is found in the end of one and the beginning of the next.
SEPARATOR = "\x1f"
MAX_DIGITS = 19  # of an id


def event_models() -> list[Any]:
    from pghistory.core import event_models as tables  # noqa: PLC0415 - models are there only now

    found: list[Any] = tables()
    return found


def _rows(statement: sql.Composed) -> list[Any]:
    """As text: whoever wraps a cursor, as the history does for a request that may change something, expects that."""
    with connection.cursor() as cursor:
        cursor.execute(statement.as_string(cursor.connection))
        found: list[Any] = cursor.fetchall()
    return found


@dataclass(frozen=True)
class TrailRows:
    """Changes, the last first, as a sequence for a paginator.

    Attributes:
        of: the label of the model whose rows changed, such as "submissions.Review"; empty for all.
        who: a colleague's id, "nobody" for what no page did; empty for all.
        since: none that is older.
        words: each stands in a value of the row, or is the name of whoever changed it.
    """

    of: str = ""
    who: str = ""
    since: datetime | None = None
    words: tuple[str, ...] = ()

    def narrowed(self, **what: Any) -> "TrailRows":
        return replace(self, **what)

    def __len__(self) -> int:
        return self._length

    @cached_property
    def _length(self) -> int:
        if self.words:
            return min(len(self._found), MAX_FOUND)
        counts = sql.SQL(" UNION ALL ").join(self._from_each(sql.SQL("count(*)")))
        [(count,)] = _rows(sql.SQL("SELECT coalesce(sum(count), 0) FROM ({}) AS counted").format(counts))
        return int(count)

    @property
    def has_more(self) -> bool:
        """Whether a search found more than are listed."""
        return bool(self.words) and len(self._found) > MAX_FOUND

    def __getitem__(self, asked: slice) -> list[Any]:
        """The rows of one page, built whole."""
        start, stop = asked.start or 0, asked.stop
        keys = self._found[start:stop] if self.words else self._keys(start, stop - start)
        return _build(keys)

    @cached_property
    def _found(self) -> list[tuple[str, int, datetime]]:
        """Read once: looking through every value costs more than counting what was found."""
        return self._keys(0, MAX_FOUND + 1)

    def _keys(self, offset: int, limit: int) -> list[tuple[str, int, datetime]]:
        """Of each row its event model's label, its id and when it was written.

        Within a table the last id comes first, which its primary key finds. A row's moment is when its transaction
        began, so that one may be younger than another with a higher id: it is merged with the other tables' rows at
        the moment of those above it, and pages neither repeat nor skip a row.
        """
        last = sql.SQL(
            "SELECT model, id, created_at, min(created_at) OVER (ORDER BY id DESC) AS at"
            " FROM ({} ORDER BY e.pgh_id DESC LIMIT {}) AS one"
        )
        columns = sql.SQL("{} AS model, e.pgh_id AS id, e.pgh_created_at AS created_at")
        parts = [
            last.format(part, offset + limit)
            for part in self._from_each(*(columns.format(model._meta.label) for model in self._models()))
        ]
        statement = sql.SQL(
            "SELECT model, id, created_at FROM ({}) AS every ORDER BY at DESC, model DESC, id DESC LIMIT {} OFFSET {}"
        )
        return _rows(statement.format(sql.SQL(" UNION ALL ").join(parts), limit, offset))

    @cached_property
    def _people(self) -> dict[str, list[int]]:
        """Of each word whose name it is."""
        if not self.words:
            return {}
        ids: dict[str, list[int]] = {}
        for pk, name in User.objects.values_list("pk", "username"):
            ids.setdefault(name.lower(), []).append(pk)
        return {word: ids.get(word.lower(), []) for word in self.words}

    def _models(self) -> list[Any]:
        models = event_models()
        return [one for one in models if one.pgh_tracked_model._meta.label == self.of] or models

    def _from_each(self, *columns: sql.Composable) -> Sequence[sql.Composed]:
        """A SELECT from each table; its columns, or those of all."""
        models = self._models()
        all_columns = columns if len(columns) == len(models) else columns * len(models)
        by_context = "LEFT JOIN pghistory_context context ON context.id = e.pgh_context_id"
        statement = sql.SQL("SELECT {} FROM {} e {} WHERE {}")
        joined = sql.SQL(by_context if self.who or self.words else "")
        return [
            statement.format(one, sql.Identifier(model._meta.db_table), joined, self._condition(model))
            for one, model in zip(all_columns, models, strict=True)
        ]

    def _condition(self, model: Any) -> sql.Composable:
        user = sql.SQL("(context.metadata->>'user')::bigint")
        conditions: list[sql.Composable] = [sql.SQL("true")]
        if self.who == "nobody":
            conditions.append(sql.SQL("{} IS NULL").format(user))
        elif self.who.isdecimal() and len(self.who) < MAX_DIGITS:
            conditions.append(sql.SQL("{} = {}").format(user, int(self.who)))
        if self.since:
            conditions.append(sql.SQL("e.pgh_created_at >= {}").format(self.since))
        values = sql.SQL("concat_ws({}, {})").format(
            SEPARATOR,
            sql.SQL(", ").join(
                sql.Identifier("e", field.column)
                for field in model._meta.concrete_fields
                if not field.column.startswith("pgh_")
            ),
        )
        for word, people in self._people.items():
            escaped = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
            conditions.append(
                sql.SQL("({} ILIKE {} OR {} = ANY({}::bigint[]))").format(values, f"%{escaped}%", user, people)
            )
        return sql.SQL(" AND ").join(conditions)


def _build(keys: list[tuple[str, int, datetime]]) -> list[Any]:
    """What each row held and what changed in it, in the keys' order."""
    if not keys:
        return []
    labels = {label for label, _pk, _at in keys}
    tables = [model for model in event_models() if model._meta.label in labels]
    slugs = [f"{label}:{pk}" for label, pk, _at in keys]
    moments = {at for _label, _pk, at in keys}
    rows = cast(Any, Change.objects).across(*tables).filter(pgh_slug__in=slugs, pgh_created_at__in=moments)
    found = {row.pgh_slug: row for row in rows}
    # One that was taken out meanwhile, when its time had come, is not there any more.
    return [found[slug] for slug in slugs if slug in found]
