"""Rows out of PostgreSQL as bytes: COPY writes them there, and here they are only passed on.

The csv module costs five times what PostgreSQL's own COPY does, so the cells are made in SQL: words for codes, marks
against spreadsheets, JSON. One connection of its own holds one snapshot for everything that is read in it, so that a
file, its counts and its neighbours in an archive agree, and nothing is slowed that stakeholders wait for.
"""

from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager, suppress
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import QuerySet
from psycopg.pq import TransactionStatus

from submissions.export.table import Statement, Table
from submissions.text.spreadsheet import MARK, MAY_NEED_MARK, NEEDS_MARK


@contextmanager
def snapshot(alias: str | None = None) -> Iterator[BaseDatabaseWrapper]:
    """A connection of its own, in one read-only transaction that sees one moment. The replica's, where there is one.

    Args:
        alias: which database; the record is always read where it was written, since a replica may lag behind.
    """
    connection: BaseDatabaseWrapper = connections.create_connection(alias or settings.EXPORTS_READ_FROM)
    try:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        yield connection
    finally:
        # Where rows are still on their way there is nothing to roll back: the connection is thrown away with them.
        is_idle = (
            connection.connection is not None
            and connection.connection.info.transaction_status != TransactionStatus.ACTIVE
        )
        if is_idle and not connection.connection.closed:
            # A lost connection has nothing to roll back, and must not hide what ended the reading.
            with suppress(DatabaseError), connection.wrap_database_errors:
                connection.connection.rollback()
        connection.close()


def copy_csv(table: Table, connection: BaseDatabaseWrapper, *, is_marked: bool, delimiter: str = ",") -> Generator[Any]:
    """The rows as CSV, one a buffer, each ending in one LF; an empty cell is empty."""
    options = f"FORMAT csv, NULL '\\N', DELIMITER '{delimiter}'"
    return _copy(connection, *_select(table, connection, is_marked=is_marked), options)


def copy_json_lines(table: Table, connection: BaseDatabaseWrapper) -> Generator[Any]:
    """The rows as JSON objects, one a buffer, each ending in one LF.

    JSON escapes every control character, so with two of them as delimiter and quote COPY finds nothing to quote.
    """
    inner, params = _compiled(table.query, connection)
    names = ", ".join(_quoted(header) for header in table.headers)
    statement = f"SELECT row_to_json(made) FROM ({inner}) AS made ({names})"  # noqa: S608 - of our own names
    return _copy(connection, statement, params, "FORMAT csv, DELIMITER E'\\x02', QUOTE E'\\x01'")


def fetch_rows(table: Table, connection: BaseDatabaseWrapper, batch: int = 500) -> Generator[tuple[Any, ...]]:
    """The rows as tuples, for formats that are no text; `batch` of them are in memory at a time."""
    # Wrapped by hand here and in _copy: what goes wrong while rows arrive is to be Django's error, not the driver's.
    # Closed twice: where the connection is lost, the first try fails and leaves the cursor open.
    with connection.wrap_database_errors, closing(connection.create_cursor(name="export")) as cursor, cursor:
        cursor.execute(*_compiled(table.query, connection))
        while rows := cursor.fetchmany(batch):
            yield from rows


def run_query(query: QuerySet[Any, Any], connection: BaseDatabaseWrapper) -> list[tuple[Any, ...]]:
    """All rows of a small query, such as counts, as the snapshot sees them."""
    with connection.cursor() as cursor:
        cursor.execute(*_compiled(query, connection))
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found


def count_rows(table: Table, connection: BaseDatabaseWrapper, *headers: str) -> dict[tuple[str, ...], int]:
    """How many rows a table has, by the cells of the columns named. Of no columns: one number, under ()."""
    unordered = table.query if isinstance(table.query, Statement) else table.query.order_by()
    inner, params = _compiled(unordered, connection)
    keys = [table.keys[table.headers.index(header)] for header in headers]
    by = f" GROUP BY {', '.join(keys)}" if keys else ""
    statement = f"SELECT {', '.join([*keys, 'count(*)'])} FROM ({inner}) AS made ({', '.join(table.keys)}){by}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return {tuple(cells): n for *cells, n in cursor.fetchall()}


def _compiled(query: QuerySet[Any, Any] | Statement, connection: BaseDatabaseWrapper) -> tuple[str, tuple[Any, ...]]:
    if isinstance(query, Statement):
        return query.sql, query.params
    statement, params = query.query.get_compiler(connection=connection).as_sql()
    return statement, tuple(params)


def _select(table: Table, connection: BaseDatabaseWrapper, *, is_marked: bool) -> tuple[str, tuple[Any, ...]]:
    inner, params = _compiled(table.query, connection)
    if not is_marked:
        return inner, params
    cells, marks = [], []
    for key, column in zip(table.keys, table.columns, strict=True):
        if column.is_free:
            cells.append(f"CASE WHEN left({key}, 1) !~ %s THEN {key} WHEN {key} ~ %s THEN %s || {key} ELSE {key} END")
            marks += [MAY_NEED_MARK, NEEDS_MARK, MARK]
        else:
            cells.append(key)
    # The inner query is sorted, so PostgreSQL makes each of its cells once, however often it is named out here.
    statement = f"SELECT {', '.join(cells)} FROM ({inner}) AS made ({', '.join(table.keys)})"  # noqa: S608
    return statement, (*marks, *params)


def _copy(connection: BaseDatabaseWrapper, statement: str, params: tuple[Any, ...], options: str) -> Generator[Any]:
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(f"COPY ({statement}) TO STDOUT WITH ({options})", params) as copy,
    ):
        yield from copy


def _quoted(header: str) -> str:
    return '"' + header.replace('"', '""') + '"'
