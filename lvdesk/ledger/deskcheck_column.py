"""The verdict of the desk check as one more column of the customers' table."""

from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

import polars as pl
from sqlalchemy import select

from lvdesk.kit.table import Cell, Column, Query, Row, Values
from lvdesk.ledger.deskcheck_model import LEVELS
from lvdesk.ledger.deskcheck_table import holds
from lvdesk.network.browsing import Source
from lvdesk.network.tables import Customer
from lvdesk.network.verdicts import DeskCheckMark
from lvdesk.workspace import Workspace

COLUMN: Final = Column("desk_check", "室内核实", "level", 110, hint="室内核实的结论；确认销户的用户不列入采录任务包")

_DECIDED: Final = {"id": pl.Int64, COLUMN.key: pl.String}


class WithVerdict:
    """The customers of another source, each with what was decided about it. Marked customers are few beside all: they are read whole."""

    def __init__(self, ws: Workspace, source: Source) -> None:
        self._ws, self._source = ws, source
        self.columns = (*source.columns, COLUMN)

    def ids(self, query: Query) -> "array[int]":
        """The ids of all rows that answer the query, in its order; by verdict the marked ones come first."""
        mine = [each for each in query.filters if each.column == COLUMN.key]
        orders = [down for key, down in query.order if key == COLUMN.key]
        found = self._source.ids(_without(query))
        if not mine and not orders:
            return found
        decided = pl.DataFrame([(number, verdict) for number, (verdict, _why) in self._marks().items()], schema=_DECIDED, orient="row")
        frame = pl.DataFrame({"id": pl.Series(found, dtype=pl.Int64)}).join(decided, on="id", how="left", maintain_order="left")
        frame = frame.with_columns(pl.col(COLUMN.key).fill_null("")).filter(pl.lit(value=True), *(holds(each) for each in mine))
        if orders:
            frame = frame.sort(pl.col(COLUMN.key) == "", COLUMN.key, descending=[False, orders[0]], maintain_order=True)
        return array("q", frame["id"].to_list())

    def rows(self, ids: Sequence[int]) -> list[Row]:
        """The rows with these ids, in this order."""
        marks = self._marks()
        return [_row(row, marks.get(row.id)) for row in self._source.rows(ids)]

    def values(self, column: str, query: Query, limit: int = 1000) -> Values:
        """The most frequent displayed values of a column among the rows that answer the query."""
        if column != COLUMN.key and all(each.column != COLUMN.key for each in query.filters):
            return self._source.values(column, _without(query), limit)
        ids = self.ids(replace(query, order=()))
        if column == COLUMN.key:
            marks = self._marks()
            return Counter(marks[number][0] if number in marks else "" for number in ids).most_common(limit)
        place = next(number for number, each in enumerate(self.columns) if each.key == column)
        return Counter(row.values[place] for row in self.rows(ids)).most_common(limit)

    def _marks(self) -> dict[int, tuple[str, str]]:
        """Customer record -> verdict and why."""
        query = select(Customer.id, DeskCheckMark.verdict, DeskCheckMark.reason, DeskCheckMark.person, DeskCheckMark.at)
        with self._ws.store.read() as connection:
            rows = connection.execute(query.join(DeskCheckMark, DeskCheckMark.customer_no == Customer.customer_no)).all()
        return {row.id: (row.verdict, f"{row.reason}（{row.person}，{row.at[:10]}）") for row in rows}


def _without(query: Query) -> Query:
    filters = tuple(each for each in query.filters if each.column != COLUMN.key)
    return replace(query, filters=filters, order=tuple(each for each in query.order if each[0] != COLUMN.key))


def _row(row: Row, mark: tuple[str, str] | None) -> Row:
    if mark is None:
        return Row(row.id, (*row.values, ""), row.marks)
    marks: Mapping[str, Cell] = row.marks | {COLUMN.key: Cell(LEVELS.get(mark[0], "neutral"), mark[1])}
    return Row(row.id, (*row.values, mark[0]), dict(marks))
