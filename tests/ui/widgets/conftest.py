"""A table over rows in memory, with jobs that end."""

from array import array
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication

from lvdesk.kit.table import Cell, Column, Query, Row, Values
from ui.jobs import Jobs
from ui.theme.apply import apply

COLUMNS = (
    Column("no", "户号", "identifier", 130),
    Column("name", "户名", "text", 120, editable=True),
    Column("kwh", "电量", "number", 90, editable=True),
    Column("status", "状态", "code", 90),
    Column("address", "用电地址", "text", 260, editable=True),
)


class Memory(dict[str, Any]):
    """Settings of the test."""

    def set(self, key: str, value: Any) -> None:
        """Remembers."""
        self[key] = value


class Numbers:
    """As many rows as asked, made when read: row i has id 10*i+7; every 1,000th carries an error."""

    columns = COLUMNS

    def __init__(self, count: int) -> None:
        self.count = count
        self.read = 0
        self.queries: list[Query] = []

    def ids(self, query: Query) -> "array[int]":
        """All rows, whatever is asked; descending when an order says so."""
        self.queries.append(query)
        found = array("q", range(7, self.count * 10 + 7, 10))
        if query.order and query.order[0][1]:
            found.reverse()
        return found

    def rows(self, ids: Sequence[int]) -> list[Row]:
        """Rows with a text that tells their place."""
        self.read += len(ids)
        return [self._row(each) for each in ids]

    def values(self, column: str, query: Query, limit: int) -> Values:
        """Two values."""
        return [("运行", self.count - 1), ("停运", 1)][:limit]

    @staticmethod
    def _row(identity: int) -> Row:
        place = identity // 10
        marks = {"address": Cell("error", "地址缺门牌号")} if place % 1000 == 999 else {}
        status = "停运" if place % 9 == 4 else "运行"
        return Row(identity, (f"33014{place:017d}", f"张{place}", str(place), status, f"东风路{place}号"), marks)


@pytest.fixture
def jobs(qapp: QApplication) -> Iterator[Jobs]:
    """Jobs that are over when the test is."""
    apply(qapp)
    made = Jobs()
    yield made
    made.close()
    made.deleteLater()
