"""Many rows at once: tuples straight to SQLite, COPY on PostgreSQL, both inside SQLAlchemy's transaction."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Connection, Float, Table, any_, bindparam, column, func, select
from sqlalchemy.exc import IntegrityError

_ROWS = 20_000

Values = tuple[Any, ...]


def insert_tuples(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Values]) -> int:
    """Inserts ``rows`` (values in the order of ``columns``) and returns how many they were."""
    rows = _bound(connection, table, columns, rows)
    if connection.dialect.name == "postgresql":
        return _copy(connection, table, columns, rows)
    quote = connection.dialect.identifier_preparer.quote
    marks = ",".join("?" * len(columns))
    names = ",".join(map(quote, columns))
    statement = f"INSERT INTO {quote(table.name)} ({names}) VALUES ({marks})"  # noqa: S608 - names of our own tables
    count = 0
    remaining = iter(rows)
    while chunk := list(islice(remaining, _ROWS)):
        connection.exec_driver_sql(statement, chunk)
        count += len(chunk)
    return count


def _copy(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Values]) -> int:
    quote = connection.dialect.identifier_preparer.quote
    names = ",".join(map(quote, columns))
    count = 0
    cursor: Any = connection.connection.cursor()
    statement = f"COPY {quote(table.name)} ({names}) FROM STDIN"
    try:
        with cursor, cursor.copy(statement) as copy:
            write = copy.write_row
            for count, row in enumerate(rows, 1):  # noqa: B007 - the last number is the count
                write(row)
    except connection.dialect.loaded_dbapi.IntegrityError as error:
        # The raw cursor knows nothing of SQLAlchemy's errors, which undo looks for.
        raise IntegrityError(statement, None, error) from error
    return count


def _bound(connection: Connection, table: Table, columns: Sequence[str], rows: Iterable[Values]) -> Iterable[Values]:
    """The rows as the driver wants them; untouched (and as fast) when every column is a plain one."""
    dialect = connection.dialect
    # SQLAlchemy would pass every float through float() again: 2 s of a 200,000-row import.
    kinds = [table.c[name].type for name in columns]
    makers = [None if isinstance(kind, Float) else kind.dialect_impl(dialect).bind_processor(dialect) for kind in kinds]
    if not any(makers):
        return rows
    return _processed(makers, rows)


def _processed(makers: Sequence[Callable[[Any], Any] | None], rows: Iterable[Values]) -> Iterator[Values]:
    for row in rows:
        yield tuple(value if make is None else make(value) for make, value in zip(makers, row, strict=True))


def among(connection: Connection, key: ColumnElement[int], ids: Sequence[int]) -> ColumnElement[bool]:
    """``key`` is one of ``ids``: one parameter, however many there are."""
    if connection.dialect.name == "postgresql":
        return key == any_(bindparam(None, list(ids), type_=ARRAY(BigInteger)))
    text = f"[{','.join(map(str, ids))}]"
    return key.in_(select(func.json_each(text).table_valued(column("value", BigInteger)).c.value))
