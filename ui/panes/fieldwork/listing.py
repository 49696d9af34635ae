"""Short lists behind tables: rows by key, each keeps its number while the list changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

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

    def fill(self, lines: Iterable[Line]) -> None:
        """Holds these rows from now on."""
        rows = {}
        for line in lines:
            number = self._numbers.setdefault(line.key, len(self._numbers) + 1)
            self._keys[number] = line.key
            rows[number] = Row(number, line.values, line.marks)
        self._rows = rows

    def key_of(self, number: int | None) -> str:
        """The key of a row; "" when there is none."""
        return self._keys.get(number, "") if number is not None else ""

    def number_of(self, key: str) -> int | None:
        """The number of a row that is listed now."""
        number = self._numbers.get(key)
        return number if number in self._rows else None
