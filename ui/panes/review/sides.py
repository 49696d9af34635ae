"""Both sides of an item, value by value, and what will be taken; where they differ it shows."""

from collections.abc import Mapping, Sequence
from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QLineEdit, QWidget

from lvdesk.review.model import Side
from ui.parts import column as stacked
from ui.parts import label, restyle

_HEADS: Final = ("字段 · 归属", "台账", "现场", "采用")
_NOTHING: Final = "—"
_NUMBER: Final = "_no"
_STRETCH: Final = (5, 8, 9, 10)


def taken(side: Side) -> str:
    """What passing takes: what was corrected on the way, else what the field says."""
    return side.accepted or side.field


class _Row:
    """The widgets of one value, used again for the next item."""

    def __init__(self, grid: QGridLayout, place: int, owner: "SidesTable") -> None:
        self.side: Side | None = None
        self.title, self.owner = label("", wrap=True), label("", "faint")
        self.ledger, self.field = _value(), _value()
        self.named = QWidget()
        stacked(self.title, self.owner, parent=self.named, gap=0)
        self.text, self.codes, self.fixed = QLineEdit(), QComboBox(), _value()
        for editor in (self.text, self.codes):
            editor.setProperty("taken", "true")
            editor.installEventFilter(owner)
        self.text.textEdited.connect(lambda _text: owner.follow())
        self.codes.activated.connect(lambda _place: owner.follow())
        parts: Sequence[QWidget] = (self.named, self.ledger, self.field, self.text)
        for column, part in enumerate(parts):
            grid.addWidget(part, place, column, Qt.AlignmentFlag.AlignVCenter)
        for part in (self.codes, self.fixed):
            grid.addWidget(part, place, 3, Qt.AlignmentFlag.AlignVCenter)
        self.all: Sequence[QWidget] = (*parts, self.codes, self.fixed)

    def show(self, side: Side, *, editable: bool, column: bool) -> None:
        """Shows a value."""
        self.side = side
        self.title.setText(side.title)
        self.owner.setText(side.owner)
        self.owner.setVisible(bool(side.owner))
        self.named.setToolTip(f"{side.title}以{side.owner}为准" if side.owner else "")
        for part, text, mark in ((self.ledger, side.ledger, "old"), (self.field, side.field, "new")):
            part.setText(text or _NOTHING)
            _mark(part, mark if side.decisive and text else "")
        self.reset()
        self.fixed.setText(taken(side) or _NOTHING)
        self.text.setAccessibleName(f"采用 {side.title}")
        self.codes.setAccessibleName(f"采用 {side.title}")
        for shown in (self.named, self.ledger, self.field):
            shown.show()
        self.text.setVisible(editable and not side.codes)
        self.codes.setVisible(editable and bool(side.codes))
        self.fixed.setVisible(column and not editable)

    def reset(self) -> None:
        """What is taken without a correction."""
        if self.side is None:
            return
        start = taken(self.side)
        self.text.setText(start)
        self.text.setCursorPosition(0)
        if self.side.codes:
            self.codes.clear()
            titles = [title for _code, title in self.side.codes]
            if start not in titles:
                self.codes.addItem(start or "（空）", "")
            for code, title in self.side.codes:
                self.codes.addItem(title, code)
            self.codes.setCurrentIndex(self.codes.findText(start) if start in titles else 0)
        self.mark()

    def hide(self) -> None:
        """Nothing here."""
        self.side = None
        for part in self.all:
            part.hide()

    def given(self) -> str | None:
        """What was put in, None where nothing was."""
        if self.side is None or taken(self.side) == (self.codes.currentText() if self.side.codes else self.text.text().strip()):
            return None
        if self.side.codes:
            return str(self.codes.currentData()) or None
        text = self.text.text().strip()
        return text.split()[0] if text and self.side.place.endswith(_NUMBER) else text

    def mark(self) -> None:
        """Shows whether something was put in."""
        for part in (self.text, self.codes):
            _mark(part, "given" if self.given() is not None else "")


class SidesTable(QWidget):
    """Signals: changed(): another value was put in; left(): Enter or Escape in a value."""

    changed = Signal()
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(6)
        self._heads = [label(text, "muted") for text in _HEADS]
        for place, head in enumerate(self._heads):
            self._grid.addWidget(head, 0, place)
            self._grid.setColumnStretch(place, _STRETCH[place])
        self._grid.setColumnMinimumWidth(0, 86)
        self._rows: list[_Row] = []

    def show_sides(self, sides: Sequence[Side], *, editable: bool) -> None:
        """Shows values, those that differ first."""
        ordered = sorted(sides, key=lambda side: not side.decisive)
        while len(self._rows) < len(ordered):
            self._rows.append(_Row(self._grid, len(self._rows) + 1, self))
        column = editable or any(side.accepted for side in sides)
        self._heads[3].setVisible(column)
        self._grid.setColumnStretch(3, _STRETCH[3] if column else 0)
        for place, row in enumerate(self._rows):
            if place < len(ordered):
                row.show(ordered[place], editable=editable, column=column)
            else:
                row.hide()

    def given(self) -> Mapping[str, str]:
        """What was put in: place -> text or code."""
        return {row.side.place: text for row in self._rows if row.side is not None and (text := row.given()) is not None}

    def reset(self) -> None:
        """Takes back what was put in."""
        for row in self._rows:
            row.reset()
        self.changed.emit()

    def start(self) -> bool:
        """Puts the keyboard into the first value; False where none can be put in."""
        for row in self._rows:
            for part in (row.text, row.codes):
                if part.isVisibleTo(self):
                    part.setFocus(Qt.FocusReason.ShortcutFocusReason)
                    if isinstance(part, QLineEdit):
                        part.selectAll()
                    return True
        return False

    def follow(self) -> None:
        """Something was put in."""
        for row in self._rows:
            row.mark()
        self.changed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and Escape leave a value; Escape takes it back. The wheel scrolls the page, not the choice."""
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QComboBox) and not watched.hasFocus():
            event.ignore()
            return True
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            row = next((row for row in self._rows if watched in {row.text, row.codes}), None)
            if row is not None and event.key() == Qt.Key.Key_Escape:
                row.reset()
                self.changed.emit()
                self.left.emit()
                return True
            if row is not None and event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
                self.left.emit()
                return True
        return super().eventFilter(watched, event)


def _value() -> QLabel:
    made = label("", wrap=True)
    made.setProperty("side", "")
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made


def _mark(part: QWidget, mark: str) -> None:
    if part.property("side") != mark:
        part.setProperty("side", mark)
        restyle(part)
