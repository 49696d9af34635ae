"""The candidates as a table for the window: filters, words and order over a frame in memory."""

from array import array
from collections.abc import Callable, Sequence
from typing import Final

import polars as pl

from lvdesk.kit.table import Cell, Column, Condition, Filter, Query, Row, Values
from lvdesk.ledger.deskcheck_model import LEVELS, STRENGTH_LEVELS, STRENGTHS, Strength

COLUMNS: Final = (
    Column("customer_no", "用户编号", "identifier", 108), Column("name", "用户名称", "text", 92), Column("strength", "把握", "level", 84),
    Column("said", "依据", "text", 340), Column("verdict", "核实结论", "level", 110), Column("area_name", "台区", "text", 140),
    Column("address", "用电地址", "text", 240), Column("suggested", "建议", "text", 90), Column("status", "用户状态", "code", 120),
    Column("meter", "电能表", "identifier", 190), Column("box", "计量箱", "identifier", 190), Column("feeder_name", "线路", "text", 120),
    Column("reason", "原因", "text", 160), Column("person", "核实人", "text", 90), Column("at", "核实时间", "text", 140),
)  # fmt: skip
_VERDICT_FIRST: Final = (*COLUMNS[:2], COLUMNS[4], *COLUMNS[2:4], *COLUMNS[5:])
_BY_NAME: Final = {STRENGTHS[strength]: (level, strength) for strength, level in STRENGTH_LEVELS.items()}

_TESTS: Final[dict[Condition, Callable[[pl.Expr, Sequence[str]], pl.Expr]]] = {
    Condition.ONE_OF: lambda column, operands: column.is_in(list(operands)),
    Condition.CONTAINS: lambda column, operands: _lower(column).str.contains(operands[0].lower(), literal=True),
    Condition.NOT_CONTAINS: lambda column, operands: ~_lower(column).str.contains(operands[0].lower(), literal=True),
    Condition.STARTS: lambda column, operands: _lower(column).str.starts_with(operands[0].lower()),
    Condition.EQUALS: lambda column, operands: column == operands[0],
    Condition.NOT_EQUALS: lambda column, operands: column != operands[0],
    Condition.AT_LEAST: lambda column, operands: (column != "") & (column >= operands[0]),
    Condition.AT_MOST: lambda column, operands: (column != "") & (column <= operands[0]),
    Condition.BETWEEN: lambda column, operands: (column != "") & column.is_between(pl.lit(operands[0]), pl.lit(operands[1])),
    Condition.EMPTY: lambda column, _operands: column == "",
    Condition.NOT_EMPTY: lambda column, _operands: column != "",
}


def _lower(column: pl.Expr) -> pl.Expr:
    return column.str.to_lowercase()


class CandidateTable:
    """Rows of a frame with ``id``, ``score`` and the columns of ``COLUMNS`` as text, in its own order; the shape of a table's source."""

    def __init__(self, frame: pl.DataFrame, *, judged: bool = False) -> None:
        """``judged``: the rows are marked ones, so that their verdict stands before the evidence."""
        self.columns = _VERDICT_FIRST if judged else COLUMNS
        self._frame = frame.select("id", "score", *(pl.col(each.key) for each in self.columns))
        self._places: dict[int, int] | None = None

    def ids(self, query: Query) -> "array[int]":
        """The ids of all rows that answer, in order."""
        found = self._answering(query)
        if query.order:
            keys = ["score" if key == "strength" else key for key, _down in query.order]
            found = found.sort(keys, descending=[down for _key, down in query.order], maintain_order=True)
        return array("q", found["id"].to_list())

    def rows(self, ids: Sequence[int]) -> list[Row]:
        """The rows of these ids, in the order given; an id that is gone is left out."""
        if self._places is None:
            self._places = {number: place for place, number in enumerate(self._frame["id"].to_list())}
        places = [self._places[number] for number in ids if number in self._places]
        return [self._row(values) for values in self._frame[places].drop("score").iter_rows()]

    def values(self, column: str, query: Query, limit: int) -> Values:
        """The column's values with their counts, most frequent first."""
        counted = self._answering(query).group_by(column).len().sort(["len", column], descending=[True, False])
        return list(counted.head(limit).iter_rows())

    def _row(self, values: tuple[object, ...]) -> Row:
        number, *texts = values
        said = tuple(str(text) for text in texts)
        by_key = dict(zip((each.key for each in self.columns), said, strict=True))
        level, strength = _BY_NAME[by_key["strength"]]
        explained = "没有依据，由人工标注" if strength is Strength.MANUAL else f"{by_key['strength']}：建议{by_key['suggested']}"
        marks = {"strength": Cell(level, explained)}
        if by_key["verdict"]:
            why = f"{by_key['reason']}（{by_key['person']}，{by_key['at']}）"
            marks["verdict"] = Cell(LEVELS.get(by_key["verdict"], "neutral"), why)
        return Row(int(str(number)), said, marks)

    def _answering(self, query: Query) -> pl.DataFrame:
        frame = self._frame
        for each in query.filters:
            frame = frame.filter(holds(each))
        for word in query.words.lower().split():
            anywhere = [_lower(pl.col(column.key)).str.contains(word, literal=True) for column in COLUMNS]
            frame = frame.filter(pl.any_horizontal(anywhere))
        return frame


def holds(each: Filter) -> pl.Expr:
    """A filter over a frame of texts."""
    return _TESTS[each.condition](pl.col(each.column), each.operands)
