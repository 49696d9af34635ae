"""Short lists behind tables: rows by key, each keeps its number while the list changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from threading import Lock

from lvdesk.kit.table import Cell, Column, Row
from ui.models.source import ListSource


@dataclass(frozen=True)
class Line:
    """One row before it has a number."""

    key: str
    values: tuple[str, ...]
    marks: dict[str, Cell] = field(default_factory=dict)


class Listing(ListSource):
    """Fill it, then ``reload`` the table: filters, orders and the current row stay."""

    def __init__(self, columns: Sequence[Column]) -> None:
        super().__init__(columns, ())
        self._numbers: dict[str, int] = {}
        self._keys: dict[int, str] = {}
        self._numbering = Lock()

    def rows_of(self, lines: Iterable[Line]) -> list[Row]:
        """Rows with their numbers; for long lists on a worker thread."""
        made = []
        with self._numbering:
            for line in lines:
                number = self._numbers.setdefault(line.key, len(self._numbers) + 1)
                self._keys[number] = line.key
                made.append(Row(number, line.values, line.marks))
        return made

    def hold(self, rows: Iterable[Row]) -> None:
        """Holds these rows from now on."""
        self._rows = {row.id: row for row in rows}

    def fill(self, lines: Iterable[Line]) -> None:
        """Holds rows of these lines from now on."""
        self.hold(self.rows_of(lines))

    def key_of(self, number: int | None) -> str:
        """The key of a row; "" when there is none."""
        return self._keys.get(number, "") if number is not None else ""

    def number_of(self, key: str) -> int | None:
        """The number of a row that is listed now."""
        number = self._numbers.get(key)
        return number if number in self._rows else None
