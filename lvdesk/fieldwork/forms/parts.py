"""What lies inside a cell: labels, tick boxes, writing cells, slots and lines, each in its place."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from lvdesk.fieldwork.forms.definition import Cell, Option
from lvdesk.fieldwork.forms.grid import PAD, Placed, Rect, widths
from lvdesk.fieldwork.forms.measure import words_width
from lvdesk.fieldwork.forms.model import Spot

LABEL: Final = 8.0
COMB_HEIGHT: Final = 5.8
COMB_WIDEST: Final = 5.2
_LABEL_ABOVE: Final = 3.4
_AFTER_TICK: Final = 0.9
_BETWEEN_TICKS: Final = 2.6


@dataclass(frozen=True)
class Part:
    """One thing on the page.

    Attributes:
        kind: border, picture (the outline of a box), words (always the same), value, code, tick, comb, cell, sign, digits, seat, sketch.
        line: of the block's lines, as they stand on this sheet; ``slot`` row and column; ``loose`` the meter without a slot.
    """

    kind: str
    block: int
    rect: Rect
    cell: Cell
    words: str = ""
    spot: Spot | None = None
    line: int | None = None
    slot: tuple[int, int] | None = None
    loose: int | None = None


@dataclass(frozen=True)
class _At:
    """A cell with its place; ``prefix`` begins the names of its spots."""

    placed: Placed
    rect: Rect
    prefix: str
    line: int | None = None
    slot: tuple[int, int] | None = None
    loose: int | None = None

    @property
    def cell(self) -> Cell:
        return self.placed.cell

    def part(self, kind: str, rect: Rect, words: str = "", spot: Spot | None = None) -> Part:
        return Part(kind, self.placed.block, rect, self.cell, words, spot, self.line, self.slot, self.loose)

    def tick(self, rect: Rect, name: str, option: Option) -> Part:
        spot = Spot(f"{self.prefix}.{name}", "tick", self.placed.block, *rect, self.cell.field, 1, self.slot, option.value)
        return self.part("tick", rect, spot=spot)

    def comb(self, rect: Rect, name: str, field: str, count: int) -> Part:
        spot = Spot(f"{self.prefix}.{name}", "comb", self.placed.block, *rect, field, count, self.slot)
        return self.part("comb", rect, spot=spot)


def parts(placed: Placed) -> Iterator[Part]:
    """Everything in one cell of a block."""
    at = _At(placed, placed.rect, str(placed.block))
    if placed.framed:
        yield at.part("border", placed.rect)
    yield from _inside(at)


def _inside(at: _At) -> Iterator[Part]:
    cell = at.cell
    rect = at.rect
    if cell.label and cell.kind not in {"table", "slots", "loose"}:
        label, rect = _labelled(cell, rect)
        yield at.part("words", label, cell.label)
    yield from _KINDS[cell.kind](replace(at, rect=rect))


def _labelled(cell: Cell, rect: Rect) -> tuple[Rect, Rect]:
    if cell.above:
        return rect.inset(0.9, 0.3, bottom=rect.height - _LABEL_ABOVE), rect.inset(0, _LABEL_ABOVE, bottom=0)
    width = cell.label_width or label_width(cell)
    return rect.inset(0.9, 0, right=rect.width - width), rect.inset(width, 0, right=0)


def label_width(cell: Cell) -> float:
    """Room of the label in front of what it names."""
    return words_width(cell.label, LABEL) + 1.6


def _value(at: _At) -> Iterator[Part]:
    yield at.part(at.cell.kind, at.rect.inset(0.9, 0.2))


def _cell(at: _At) -> Iterator[Part]:
    kind = "signature" if at.cell.kind == "sign" else "cell"
    rect = at.rect.inset(0.6)
    spot = Spot(f"{at.prefix}.{at.cell.name}", kind, at.placed.block, *rect, at.cell.field)  # type: ignore[arg-type]
    yield at.part(at.cell.kind, rect, spot=spot)


def tick_width(cell: Cell, option: Option) -> float:
    """A tick box with its words."""
    return cell.tick + _AFTER_TICK + words_width(option.label, cell.size)


def _ticks(at: _At) -> Iterator[Part]:
    cell, area = at.cell, at.rect.inset(1.0, 0.4)
    ranks = ticks_in_lines(cell, area.width)
    height = area.height / len(ranks)
    for rank, options in enumerate(ranks):
        x, middle = area.x, area.y + height * (rank + 0.5)
        if cell.align == "center":
            x += (area.width - sum(tick_width(cell, option) for option in options)) / 2
        for option in options:
            yield at.tick(Rect(x, middle - cell.tick / 2, cell.tick, cell.tick), f"{cell.name}.{option.key}", option)
            words = words_width(option.label, cell.size)
            if option.label:
                place = Rect(x + cell.tick + _AFTER_TICK, middle - height / 2, words + 0.4, height)
                yield at.part("words", place, option.label)
            x += cell.tick + _AFTER_TICK + words + _BETWEEN_TICKS


def ticks_in_lines(cell: Cell, width: float) -> list[list[Option]]:
    """The options as they break into lines of this width."""
    ranks: list[list[Option]] = [[]]
    x = 0.0
    for option in cell.options:
        wide = tick_width(cell, option)
        if ranks[-1] and x + wide > width:
            ranks.append([])
            x = 0.0
        ranks[-1].append(option)
        x += wide + _BETWEEN_TICKS
    return ranks


def _comb(at: _At) -> Iterator[Part]:
    yield at.comb(comb_place(at.rect, at.cell.count), at.cell.name, at.cell.field, at.cell.count)


def comb_place(rect: Rect, count: int) -> Rect:
    """The writing cells in the middle of a cell's height, from its left."""
    width = min(rect.width - 1.8, count * COMB_WIDEST)
    height = min(COMB_HEIGHT, rect.height - 0.8)
    return Rect(rect.x + 0.6, rect.y + (rect.height - height) / 2, width, height)


def _slots(at: _At) -> Iterator[Part]:
    shape, cell = at.placed.shape, at.cell
    area = at.rect.inset(PAD, max(PAD, (at.rect.height - shape.rows * cell.height) / 2))
    width = area.width / cell.across
    if shape.rows:
        yield at.part("picture", Rect(area.x, area.y, shape.columns * width, shape.rows * cell.height))
    for row in range(shape.rows):
        for column in range(shape.columns):
            slot = (shape.before[0] + row + 1, shape.before[1] + column + 1)
            rect = Rect(area.x + column * width, area.y + row * cell.height, width, cell.height)
            here = replace(at, rect=rect, slot=slot, prefix=f"{at.prefix}.slot.{slot[0]}.{slot[1]}")
            yield from _meter(here, f"{slot[0]}-{slot[1]}")
            comb = Rect(rect.x, rect.y + rect.height - COMB_HEIGHT - 1.2, rect.width, COMB_HEIGHT + 1.0)
            yield here.comb(comb_place(comb, cell.count), "meter", cell.field, cell.count)


def _loose(at: _At) -> Iterator[Part]:
    shape, cell, area = at.placed.shape, at.cell, at.rect.inset(PAD)
    width = area.width / cell.across
    for index in range(shape.loose):
        rank, column = divmod(index, cell.across)
        rect = Rect(area.x + column * width, area.y + rank * cell.height, width, cell.height)
        here = replace(at, rect=rect, loose=index, prefix=f"{at.prefix}.loose.{shape.before[2] + index + 1}")
        yield from _meter(here, "")
        x, y = rect.x + 0.8, rect.y + rect.height - COMB_HEIGHT - 0.7
        for words, name, field in (("行", "row", "meter.slot_row"), ("列", "column", "meter.slot_column")):
            yield here.part("words", Rect(x, y, 3.4, COMB_HEIGHT), words)
            comb = Rect(x + 3.6, y, 2 * _LOOSE_COMB, COMB_HEIGHT)
            yield here.comb(comb, name, field, 2)
            x = comb.x + comb.width + 1.6


_LOOSE_COMB: Final = 4.8
_SEAT: Final = 5.2
_BETWEEN_SMALL: Final = 1.0


def _meter(at: _At, seat: str) -> Iterator[Part]:
    """A meter's number as printed, with tick boxes behind it."""
    cell, rect = at.cell, at.rect
    yield at.part("border", rect)
    high = rect.height - COMB_HEIGHT - 1.2
    ticks = sum(tick_width(cell, option) + _BETWEEN_SMALL for option in cell.options)
    yield at.part("seat", Rect(rect.x + 0.5, rect.y, _SEAT, high), seat)
    yield at.part("digits", Rect(rect.x + _SEAT, rect.y, rect.width - _SEAT - ticks - 0.6, high))
    x, middle = rect.x + rect.width - ticks, rect.y + high / 2
    for option in cell.options:
        yield at.tick(Rect(x, middle - cell.tick / 2 + 0.2, cell.tick, cell.tick), option.key, option)
        words = words_width(option.label, cell.size)
        yield at.part("words", Rect(x + cell.tick + _AFTER_TICK, rect.y, words + 0.3, high + 0.4), option.label)
        x += tick_width(cell, option) + _BETWEEN_SMALL


def _table(at: _At) -> Iterator[Part]:
    shape, cell = at.placed.shape, at.cell
    ranks = -(-shape.lines // cell.across)
    width = at.rect.width / cell.across
    if cell.head:
        for group in range(min(cell.across, shape.lines)):
            yield from _table_line(at, Rect(at.rect.x + group * width, at.rect.y, width, cell.head), None)
    for index in range(shape.lines):
        group, rank = divmod(index, ranks)
        rect = Rect(at.rect.x + group * width, at.rect.y + cell.head + rank * cell.height, width, cell.height)
        yield from _table_line(at, rect, index)


def _table_line(at: _At, rect: Rect, line: int | None) -> Iterator[Part]:
    """A line of a table, its heading for None."""
    x = rect.x
    for column, width in zip(at.cell.columns, widths(at.cell.columns), strict=True):
        place = Rect(x, rect.y, width * rect.width, rect.height)
        x += place.width
        if line is None:
            yield Part("heading", at.placed.block, place, column, column.label)
            continue
        number = at.placed.shape.before[3] + line + 1
        here = _At(replace(at.placed, cell=replace(column, label="")), place, f"{at.prefix}.{number}", line)
        yield here.part("border", place)
        yield from _inside(here)


def _nothing(_: _At) -> Iterator[Part]:
    return iter(())


_KINDS: Final[dict[str, Callable[[_At], Iterator[Part]]]] = {
    "value": _value,
    "code": _value,
    "sketch": _value,
    "cell": _cell,
    "sign": _cell,
    "ticks": _ticks,
    "comb": _comb,
    "slots": _slots,
    "loose": _loose,
    "table": _table,
    "stack": _nothing,
}
