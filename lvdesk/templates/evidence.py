"""What the values below a header say: 22 digits are a barcode, digits are a number, Han characters a name."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from lvdesk.templates.assigning import Assignment

_BARCODE: Final = re.compile(r"\d{22}")
_ASSET: Final = re.compile(r"\d{10,16}")
_NUMBER: Final = re.compile(r"[\dA-Za-z-]{6,}")
_HAN: Final = re.compile(r"[\u4e00-\u9fff]")
_SAMPLE: Final = 30
_SHARE: Final = 0.8

_RIVALS: Final = (
    ("meter_box.asset_no", "meter_box.bar_code", _BARCODE),
    ("meter_box.bar_code", "meter_box.asset_no", _ASSET),
    ("meter.asset_no", "meter.bar_code", _BARCODE),
    ("meter.bar_code", "meter.asset_no", _ASSET),
    ("metering_point.area_name", "metering_point.area_no", _NUMBER),
    ("metering_point.area_no", "metering_point.area_name", _HAN),
    ("transformer_area.feeder_name", "transformer_area.feeder_no", _NUMBER),
    ("transformer_area.feeder_no", "transformer_area.feeder_name", _HAN),
    ("transformer_area.name", "transformer_area.area_no", _NUMBER),
    ("feeder.substation_name", "feeder.substation_no", _NUMBER),
    ("feeder.substation_no", "feeder.substation_name", _HAN),
)
"""(field as the header says, field the values speak for when it is free, what these values look like)."""

_SLOTS: Final = ("meter.slot_row", "meter.slot_column")
_RUNNING: Final = 8
"""So many rows numbered one by one are no places in boxes, whatever 行号 means elsewhere."""


def weigh_values(made: Assignment, rows: Sequence[Sequence[str | None]], start: int) -> None:
    """Moves a header to its rival field when the values below clearly belong there and the rival is free."""
    for index, name in list(made.fields.items()):
        sample = list(_values(rows, start, index))
        for said, rival, pattern in _RIVALS:
            if name == said and len(sample) >= 1 and _mostly(sample, pattern):
                _move(made, index, rival)
                break
        if name in _SLOTS and _running(sample):
            _move(made, index, "note.sequence")


def joined_cells(made: Assignment, rows: Sequence[Sequence[str | None]], start: int) -> bool:
    """Whether a column that may hold several joined values really does."""
    for index, position in made.positions.items():
        sign = made.template.columns[position].split
        if sign and any(sign in value for value in _values(rows, start, index)):
            return True
    return False


def _move(made: Assignment, index: int, rival: str) -> None:
    free = next((position for position, column in made.free if column.field == rival), None)
    if free is not None:
        made.positions[index], made.how[index] = free, "values"


def _running(sample: Sequence[str]) -> bool:
    """Whether the column only counts its rows."""
    numbers = [unicodedata.normalize("NFKC", value).removesuffix(".0") for value in sample]
    return len(numbers) >= _RUNNING and numbers == [str(number) for number in range(1, len(numbers) + 1)]


def _values(rows: Sequence[Sequence[str | None]], start: int, index: int) -> Iterator[str]:
    for row in rows[start : start + _SAMPLE]:
        value = row[index] if index < len(row) else None
        if value is not None and value.strip():
            yield value.strip().removeprefix("'")


def _mostly(sample: Sequence[str], pattern: re.Pattern[str]) -> bool:
    # A name is any text with a Han character; numbers must fit as a whole.
    fits = sum(bool(pattern.search(value) if pattern is _HAN else pattern.fullmatch(value)) for value in sample)
    return fits >= _SHARE * len(sample)
