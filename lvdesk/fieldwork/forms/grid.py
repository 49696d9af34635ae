"""Where the cells of blocks lie on the paper: from the form and the shapes of its blocks alone, never from what is printed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lvdesk.fieldwork.forms.definition import Cell, Form, Row
from lvdesk.fieldwork.forms.frame import body
from lvdesk.fieldwork.forms.shapes import Shape, damaged, shape_in


class Rect(NamedTuple):
    """A rectangle on the paper."""

    x: float
    y: float
    width: float
    height: float

    def inset(self, left: float, top: float = 0.0, right: float | None = None, bottom: float | None = None) -> "Rect":
        """The rectangle inside; right and bottom like left and top unless given."""
        across = left + (left if right is None else right)
        down = top + (top if bottom is None else bottom)
        return Rect(self.x + left, self.y + top, self.width - across, self.height - down)


@dataclass(frozen=True)
class Placed:
    """A cell in its place on the page; ``framed`` draws its border."""

    block: int
    shape: Shape
    cell: Cell
    rect: Rect
    framed: bool


@dataclass(frozen=True)
class PlacedBlock:
    """A block in its place with its cells."""

    index: int
    shape: Shape
    rect: Rect
    cells: tuple[Placed, ...]


def block_height(form: Form, shape: Shape) -> float:
    """Height of a block of this shape."""
    return sum(height for _, height in chosen_rows(form, shape))


def blocks(form: Form, shapes: Sequence[str]) -> Iterator[PlacedBlock]:
    """The blocks of a page from top to bottom.

    Raises:
        KnownError: ``form.code`` when they do not fit a page, so that it cannot have been printed like this.
    """
    x, y, width, height = body(form)
    bottom = y + height
    for index, text in enumerate(shapes):
        shape = shape_in(form, text)
        rows = chosen_rows(form, shape)
        rect = Rect(x, y, width, sum(height for _, height in rows))
        if rect.y + rect.height > bottom + 0.001:
            raise damaged()
        yield PlacedBlock(index, shape, rect, tuple(_cells(index, shape, rows, rect)))
        y += rect.height + form.gap


def chosen_rows(form: Form, shape: Shape) -> list[tuple[Row, float]]:
    """The rows a block of this shape has, with their heights."""
    rows = [(row, row_height(row, shape)) for row in form.rows if _stands(row, shape)]
    return [(row, height) for row, height in rows if height]


def row_height(row: Row, shape: Shape) -> float:
    """Height of a row: its least height, or what grows in it."""
    return max([row.height, *(cell_height(cell, shape) for cell in row.cells)])


def cell_height(cell: Cell, shape: Shape) -> float:
    """Height a cell needs of itself; 0 for one that takes what it gets."""
    match cell.kind:
        case "slots":
            return shape.rows * cell.height + 2 * PAD if shape.rows else 0.0
        case "loose":
            return _ranks(shape.loose, cell.across) * cell.height + 2 * PAD if shape.loose else 0.0
        case "table":
            return cell.head + _ranks(shape.lines, cell.across) * cell.height if shape.lines else 0.0
        case "stack":
            return sum(row_height(row, shape) for row in cell.rows if _stands(row, shape))
    return 0.0


PAD = 1.0
"""Room around the slots of a box inside their cell."""


def _cells(index: int, shape: Shape, rows: Sequence[tuple[Row, float]], rect: Rect) -> Iterator[Placed]:
    y = rect.y
    for row, height in rows:
        x = rect.x
        for cell, width in zip(row.cells, widths(row.cells), strict=True):
            place = Rect(x, y, width * rect.width, height)
            yield Placed(index, shape, cell, place, cell.border)
            if cell.kind == "stack":
                yield from _stacked(index, shape, cell, place)
            x += place.width
        y += height


def _stacked(index: int, shape: Shape, cell: Cell, rect: Rect) -> Iterator[Placed]:
    rows = [(row, row_height(row, shape)) for row in cell.rows if _stands(row, shape)]
    spare = rect.height - sum(height for _, height in rows)
    rows[-1] = (rows[-1][0], rows[-1][1] + spare)
    yield from _cells(index, shape, rows, rect)


def widths(cells: Sequence[Cell]) -> list[float]:
    """Fractions of the cells' widths; those without share what remains."""
    open_cells = sum(1 for cell in cells if not cell.width)
    rest = 1.0 - sum(cell.width for cell in cells)
    return [cell.width or rest / open_cells for cell in cells]


def _ranks(count: int, across: int) -> int:
    return -(-count // across)


def _stands(row: Row, shape: Shape) -> bool:
    """Whether a block of this shape has the row."""
    least, most = row.columns
    if not least <= shape.columns <= most:
        return False
    holds = {
        "all": True,
        "first": shape.first,
        "rest": not shape.first,
        "last": not shape.more,
        "known": not shape.blank,
        "blank": shape.blank,
    }
    return all(holds[word] for word in row.on.split())
