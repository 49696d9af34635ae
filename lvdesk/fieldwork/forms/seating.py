"""Which meter stands in which slot of a box, and which have none."""

from collections.abc import Iterator
from dataclasses import dataclass

from lvdesk.fieldwork.forms.definition import Cell, Form, Row
from lvdesk.fieldwork.forms.model import Content, Slot
from lvdesk.fieldwork.forms.shapes import Shape


@dataclass(frozen=True)
class Seated:
    """Meters by row and column, and those without a place of their own (unknown, beyond the box, or taken by another)."""

    seats: dict[tuple[int, int], Slot]
    loose: list[Slot]


def cells_of(rows: tuple[Row, ...]) -> Iterator[Cell]:
    """All cells, those inside others too."""
    for row in rows:
        for cell in row.cells:
            yield cell
            yield from cells_of(cell.rows)


def has(form: Form, kind: str) -> bool:
    """Whether the form has cells of this kind."""
    return any(cell.kind == kind for cell in cells_of(form.rows))


def seated(slots: tuple[Slot, ...], shape: Shape) -> Seated:
    """The meters as they stand in the part of a box that the shape shows."""
    row0, column0, *_ = shape.before
    found = Seated({}, [])
    for slot in slots:
        inside = row0 < slot.row <= row0 + shape.rows and column0 < slot.column <= column0 + shape.columns
        if inside and (slot.row, slot.column) not in found.seats:
            found.seats[slot.row, slot.column] = slot
        else:
            found.loose.append(slot)
    return found


def box_size(form: Form, content: Content) -> tuple[int, int]:
    """Rows and columns of a box: as recorded, and at least as its meters stand; a size nobody would build is not believed."""
    most_rows, most_columns = form.slot_limit
    known = [slot for slot in content.slots if 0 < slot.row <= most_rows and 0 < slot.column <= most_columns]
    rows = max([_count(content, "meter_box.slot_rows", most_rows), *(slot.row for slot in known)])
    columns = max([_count(content, "meter_box.slot_columns", most_columns), *(slot.column for slot in known)])
    if rows or columns:
        return max(rows, 1), max(columns, 1)
    if content.slots or not form.blank:
        return 0, 0
    empty = Shape.parse(form.blank)
    return empty.rows, empty.columns


def _count(content: Content, name: str, most: int) -> int:
    text = content.values.get(name, "").strip()
    return int(text) if text.isdecimal() and int(text) <= most else 0
