"""Whole tables as polars frames, for work on the station at once."""

from collections.abc import Mapping
from typing import Any, Final

import polars as pl
from sqlalchemy import Connection, Float, Integer, Select, Table
from sqlalchemy.types import TypeEngine

_PIECE: Final = 20_000

Schema = Mapping[str, pl.DataType | type[pl.DataType]]


def read_frame(connection: Connection, statement: Select[*tuple[Any, ...]], schema: Schema) -> pl.DataFrame:
    """The rows of ``statement`` as a frame with these column names and types.

    Rows come from the driver untouched: wrapping 200,000 of them would take longer than the rules.
    """
    cursor: Any = connection.execute(statement).cursor
    pieces: list[pl.DataFrame] = []
    while rows := cursor.fetchmany(_PIECE):
        columns = zip(schema.items(), zip(*rows, strict=True), strict=True)
        pieces.append(pl.DataFrame([pl.Series(name, values, dtype=kind, strict=False) for (name, kind), values in columns]))
    return pl.concat(pieces) if pieces else pl.DataFrame(schema=dict(schema))


def kind_of(column: TypeEngine[Any]) -> type[pl.DataType]:
    """The polars type of a table's column."""
    if isinstance(column, Integer):
        return pl.Int64
    return pl.Float64 if isinstance(column, Float) else pl.String


def schema_of(table: Table, names: list[str]) -> dict[str, type[pl.DataType]]:
    """The schema of some columns of a table."""
    return {name: kind_of(table.c[name].type) for name in names}
