"""What each key does on the crop wall."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

from lvdesk.fieldwork.keying_values import normal, wrong
from lvdesk.fieldwork.scan_model import Crop
from ui.panes.fieldwork.crop_words import field_of, likely

if TYPE_CHECKING:
    from ui.panes.fieldwork.crop_wall import CropWall

_CTRL, _SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
_ENTER: Final = frozenset({Qt.Key.Key_Return, Qt.Key.Key_Enter})
_EMPTY: Final = frozenset({Qt.Key.Key_Backspace, Qt.Key.Key_Delete})


class CropHands:
    """Answers the keys of a wall."""

    def __init__(self, wall: "CropWall") -> None:
        self._wall, self._grid, self._line = wall, wall.grid, wall.grid.line
        self._refused = ""

    def key(self, event: QKeyEvent) -> bool:
        """Answers a key; False leaves it to the line or the window."""
        crop = self._grid.crop
        if crop is None:
            return False
        if is_undo(event) and not (self._grid.written and self._line.isUndoAvailable() and self._line.isModified()):
            self._wall.take_back()
            return True
        if event.modifiers() & _CTRL:
            return self._with_ctrl(event)
        if self._move(event):
            return True
        return self._write(crop, event) if self._grid.written else self._tick(event)

    def _with_ctrl(self, event: QKeyEvent) -> bool:
        if event.key() in {Qt.Key.Key_PageDown, Qt.Key.Key_PageUp}:
            self._wall.list.turn(1 if event.key() == Qt.Key.Key_PageDown else -1)
        elif event.key() == Qt.Key.Key_A and not self._line.text():
            self._grid.pick_open()
        else:
            return False
        return True

    def _move(self, event: QKeyEvent) -> bool:
        grid = self._grid
        if event.key() == Qt.Key.Key_Escape and len(grid.picked()) > 1:
            grid.go(grid.here)
            return True
        steps = {Qt.Key.Key_Up: -grid.across(), Qt.Key.Key_Down: grid.across()}
        steps |= {Qt.Key.Key_PageUp: -grid.page(), Qt.Key.Key_PageDown: grid.page()}
        if grid.written:
            steps |= {Qt.Key.Key_Tab: 1, Qt.Key.Key_Backtab: -1}
        else:
            steps |= {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Home: -grid.here, Qt.Key.Key_End: len(grid.crops)}
        step = steps.get(Qt.Key(event.key()))
        if step is None:
            return False
        inside = 0 <= grid.here + step < len(grid.crops)
        if not inside and event.key() in {Qt.Key.Key_Tab, Qt.Key.Key_Backtab}:
            return False
        far = event.key() in {Qt.Key.Key_PageUp, Qt.Key.Key_PageDown, Qt.Key.Key_End}
        if far or inside:
            grid.go(grid.here + step, pick=bool(event.modifiers() & _SHIFT) and event.key() != Qt.Key.Key_Backtab)
        return True

    def _tick(self, event: QKeyEvent) -> bool:
        grid = self._grid
        if event.key() in _ENTER:
            self._wall.decide({place: grid.values.get(place, likely(grid.crops[place])) for place in grid.picked()})
        elif event.text() in {"1", " ", "+"}:
            self._wall.decide(dict.fromkeys(grid.picked(), "1"))
        elif event.text() in {"0", "-"} or event.key() in _EMPTY:
            self._wall.decide(dict.fromkeys(grid.picked(), ""))
        else:
            return False
        return True

    def _write(self, crop: Crop, event: QKeyEvent) -> bool:
        fresh = self._line.selectedText() == self._line.text()
        if event.key() in _ENTER:
            self._accept(crop, normal(field_of(crop), self._line.text()))
        elif event.text() == "-" and fresh:
            self._wall.decide(dict.fromkeys(self._grid.picked(), ""))
        elif event.text() in {"+", "="} and fresh:
            self._as_ledger()
        else:
            return False
        return True

    def _as_ledger(self) -> None:
        crops = self._grid.crops
        said = {place: crops[place].ledger for place in self._grid.picked() if crops[place].ledger}
        if said:
            self._wall.decide(said)
        else:
            self._wall.side.tell("台账没有这一项，请照裁片录入", "warning")

    def _accept(self, crop: Crop, text: str) -> None:
        mark = f"{crop.page} {crop.place} {text}"
        why = wrong(field_of(crop), text) if text else ""
        if not text:
            self._wall.side.tell("还没有录入；格里确实没有字，按 -", "warning")
        elif why and self._refused != mark:
            self._refused = mark
            self._wall.side.tell(f"{why}。裁片上确是这样，再按一次 Enter", "error")
            self._line.selectAll()
        else:
            self._wall.decide(dict.fromkeys(self._grid.picked(), text))


def is_undo(event: QKeyEvent) -> bool:
    """Whether a key asks to take something back."""
    return bool(event.matches(QKeySequence.StandardKey.Undo))
