"""Where the fields of a sheet stand on the screen: blocks one under another, slots as in the box, the rest in the order of the paper."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from PySide6.QtCore import QPointF, QRectF

from ui.panes.fieldwork.keying_form import FOOT, KeyingForm, Stop
from ui.panes.fieldwork.keying_words import option_titles, stop_title

PAD, GAP, LINE = 14.0, 10.0, 32.0
CELL, BOX, HEAD, LABEL = 15.0, 18.0, 30.0, 18.0
_NUMBER, _LONG = 11.0, 22
_TICK: Final = _NUMBER + BOX + 4 + 8
_LEAST_WORDS, _MOST = 130.0, 420.0
_BESIDE: Final = 0.52
_SLOT_GAP: Final = 8.0
Measure = Callable[[str], float]


@dataclass(frozen=True)
class Box:
    """One stop: ``label`` its words, ``area`` where it is written, ``ticks`` the squares with where their words begin."""

    stop: Stop
    rect: QRectF
    title: str
    label: QRectF
    area: QRectF
    ticks: tuple[tuple[QRectF, QRectF], ...] = ()

    def moved(self, down: float) -> "Box":
        """The same further down."""
        ticks = tuple((square.translated(0, down), words.translated(0, down)) for square, words in self.ticks)
        label, area = self.label.translated(0, down), self.area.translated(0, down)
        return Box(self.stop, self.rect.translated(0, down), self.title, label, area, ticks)


@dataclass
class BlockBox:
    """One block with its boxes; ``head`` the room its heading has, ``slots`` the frames of its slots."""

    index: int
    rect: QRectF
    head: float
    boxes: list[Box] = field(default_factory=list)
    slots: list[QRectF] = field(default_factory=list)


@dataclass(frozen=True)
class _Grid:
    across: int
    wide: float
    high: float


class Layout:
    """All blocks of a sheet at one width.

    Attributes:
        blocks: from top to bottom; ``boxes`` by index of the stop; ``height`` of everything.
    """

    def __init__(self, form: KeyingForm, width: float, measure: Measure) -> None:
        self._form, self._width, self._measure = form, width, measure
        self.blocks: list[BlockBox] = []
        top = 0.0
        for index in dict.fromkeys(stop.block for stop in form.stops):
            made = self._block(index, top)
            self.blocks.append(made)
            top = made.rect.bottom() + GAP
        self.height = max(top - GAP, 0.0)
        self.boxes = {box.stop.index: box for block in self.blocks for box in block.boxes}

    def at(self, point: QPointF) -> tuple[Box, int] | None:
        """What lies under a point: a stop, and the number of the tick from 1 or 0."""
        for box in self.boxes.values():
            if box.rect.contains(point):
                ticked = (number for number, (square, words) in enumerate(box.ticks, 1) if square.united(words).contains(point))
                return box, next(ticked, 0)
        return None

    def _block(self, index: int, top: float) -> BlockBox:
        stops = [stop for stop in self._form.stops if stop.block == index]
        made = BlockBox(index, QRectF(0, top, self._width, 0), self._width)
        runs = list(_runs(stops))
        at = top + PAD + self._head(index)
        if runs[0][0].field.slot is not None and self._fits_beside(runs[0]):
            grid = self._grid(runs[0])
            made.head = self._width - 2 * PAD - grid.across * (grid.wide + _SLOT_GAP)
            at = max(self._slots(made, runs.pop(0), made.head + PAD, top + PAD), at)
        for run in runs:
            at = self._slots(made, run, PAD, at) if run[0].field.slot is not None else self._flow(made, run, at)
        made.rect.setBottom(at + PAD - GAP)
        return made

    def _head(self, index: int) -> float:
        if index == FOOT:
            return 0.0
        block = self._form.block(index)
        return HEAD + (len(block.lines) if block else 0) * LABEL

    def _fits_beside(self, run: Sequence[Stop]) -> bool:
        """Whether the slots stand beside the heading, as on the paper."""
        grid = self._grid(run)
        return run[0].block != FOOT and grid.across * (grid.wide + _SLOT_GAP) <= _BESIDE * self._width

    def _grid(self, run: Sequence[Stop]) -> "_Grid":
        """The slots in their columns, in fewer where the screen is too narrow."""
        comb = CELL * max(stop.field.length for stop in run)
        ticks = max((sum(self._measure(title) + BOX + 9 for title in option_titles(stop)) for stop in run if stop.ticks), default=0)
        wide = max(comb + 20, ticks + self._measure("10-10 000000") + 22)
        room = max(int((self._width - 2 * PAD + _SLOT_GAP) // (wide + _SLOT_GAP)), 1)
        high = BOX + 10 + (LINE if any(not stop.ticks for stop in run) else 0)
        return _Grid(min(max(stop.field.slot[1] for stop in run if stop.field.slot), room), wide, high)

    def _slots(self, made: BlockBox, run: Sequence[Stop], left: float, top: float) -> float:
        """The slots of a box in its rows and columns; where they end."""
        grid = self._grid(run)
        grouped: dict[tuple[int, int], list[Stop]] = {}
        for stop in run:
            grouped.setdefault(stop.field.slot or (0, 0), []).append(stop)
        for place, stops in enumerate(grouped.values()):
            at = QPointF(left + place % grid.across * (grid.wide + _SLOT_GAP), top + place // grid.across * (grid.high + _SLOT_GAP))
            rect = QRectF(at.x(), at.y(), grid.wide, grid.high)
            made.slots.append(rect)
            self._slot(made, stops, rect)
        return top + -(-len(grouped) // grid.across) * (grid.high + _SLOT_GAP) - _SLOT_GAP + GAP

    def _slot(self, made: BlockBox, stops: Sequence[Stop], rect: QRectF) -> None:
        upper = QRectF(rect.left(), rect.top(), rect.width(), BOX + 10)
        ticked = any(stop.ticks for stop in stops)
        for stop in stops:
            if stop.ticks:
                ticks: list[tuple[QRectF, QRectF]] = []
                right = rect.right() - 6
                for title in reversed(option_titles(stop)):
                    words = QRectF(right - self._measure(title), upper.top(), self._measure(title), upper.height())
                    square = QRectF(words.left() - BOX - 3, upper.top() + 5, BOX, BOX)
                    ticks.insert(0, (square, words))
                    right = square.left() - 6
                label = QRectF(rect.left() + 8, upper.top(), max(right - rect.left() - 10, 0), upper.height())
                made.boxes.append(Box(stop, upper, stop_title(stop), label, upper, tuple(ticks)))
            else:
                lower = QRectF(rect.left(), upper.bottom(), rect.width(), rect.bottom() - upper.bottom())
                wide = CELL * stop.field.length
                area = QRectF(lower.center().x() - wide / 2, lower.top() + 1, wide, LINE - 8)
                title = "" if ticked or stop.field.slot is None else "{}-{}".format(*stop.field.slot)
                made.boxes.append(Box(stop, lower, title, upper.adjusted(8, 0, -8, 0), area))

    def _flow(self, made: BlockBox, run: Sequence[Stop], top: float) -> float:
        """Fields side by side as far as there is room, then on the next line; free texts take what is left."""
        line: list[Stop] = []
        room = self._width - 2 * PAD
        for stop in run:
            full = sum(self._wide(each) + GAP for each in (*line, stop)) - GAP > room
            if line and (full or stop.line != line[-1].line):
                top = self._line(made, line, top)
                line = []
            line.append(stop)
        return self._line(made, line, top)

    def _line(self, made: BlockBox, line: Sequence[Stop], top: float) -> float:
        left = PAD
        spare = self._width - 2 * PAD - sum(self._wide(stop) + GAP for stop in line) + GAP
        words = [stop for stop in line if _wordy(stop)]
        more = max(min(spare / len(words), _MOST - _LEAST_WORDS), 0) if words else 0
        boxes = []
        for stop in line:
            wide = self._wide(stop) + (more if _wordy(stop) else 0)
            boxes.append(self._tick_row(stop, left, top) if stop.ticks else self._written(stop, QRectF(left, top, wide, 0)))
            left += wide + GAP
        bottom = max(box.rect.bottom() for box in boxes)
        made.boxes += [box.moved(bottom - box.rect.bottom()) for box in boxes]
        return bottom + GAP

    def _wide(self, stop: Stop) -> float:
        title = self._measure(stop_title(stop))
        if stop.ticks:
            return title + 10 + sum(self._measure(each) + _TICK for each in option_titles(stop))
        if _wordy(stop):
            return title + 8 + _LEAST_WORDS
        one = stop.field
        return max(CELL * (one.length or (_LONG if one.kind == "barcode" else 12)), title)

    def _written(self, stop: Stop, rect: QRectF) -> Box:
        title = stop_title(stop)
        if _wordy(stop):
            rect.setHeight(LINE)
            label = QRectF(rect.left(), rect.top(), self._measure(title) + 8, LINE)
            return Box(stop, rect, title, label, rect.adjusted(label.width(), 1, 0, -1))
        rect.setHeight(LABEL + LINE - 2)
        wide = CELL * (stop.field.length or (_LONG if stop.field.kind == "barcode" else 12))
        return Box(
            stop, rect, title, QRectF(rect.left(), rect.top(), rect.width(), LABEL), QRectF(rect.left(), rect.top() + LABEL, wide, LINE - 2)
        )

    def _tick_row(self, stop: Stop, left: float, top: float) -> Box:
        title = stop_title(stop)
        label = QRectF(left, top, self._measure(title) + 10 if title else 0, LINE)
        at, line, furthest = label.right(), top, label.right()
        ticks: list[tuple[QRectF, QRectF]] = []
        for option in option_titles(stop):
            wide = self._measure(option) + _TICK
            if at + wide > self._width - PAD + GAP and ticks:
                at, line = label.right(), line + LINE
            square = QRectF(at + _NUMBER, line + (LINE - BOX) / 2, BOX, BOX)
            ticks.append((square, QRectF(square.right() + 4, line, self._measure(option), LINE)))
            at += wide
            furthest = max(furthest, at)
        rect = QRectF(left, top, furthest - left - 6, line + LINE - top)
        return Box(stop, rect, title, label, rect, tuple(ticks))


def _wordy(stop: Stop) -> bool:
    return stop.field.kind in {"text", "choice"}


def _runs(stops: Sequence[Stop]) -> Iterator[list[Stop]]:
    """Slots together, the rest together, as the paper has them."""
    run: list[Stop] = []
    for stop in stops:
        if run and (run[0].field.slot is None) != (stop.field.slot is None):
            yield run
            run = []
        run.append(stop)
    if run:
        yield run
