"""What the keys of heads-down typing mean, and how the burst of a scanner gun is told from a person's fingers."""

from enum import StrEnum
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

_FAST_MS: Final = 35  # a gun sends a character every 1 to 20 ms; fingers never keep this up
_LEAST: Final = 6
_RUN: Final = 3  # so many characters without a pause, and a sign among them is no order
_CTRL = Qt.KeyboardModifier.ControlModifier
_OTHER = Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class Deed(StrEnum):
    """What a key asks for."""

    NEXT = "next"
    SKIP = "skip"
    BACK = "back"
    LEDGER = "ledger"
    EMPTY = "empty"
    BLOCK = "block"
    BLOCK_NEXT = "block_next"
    BLOCK_BACK = "block_back"
    OPEN = "open"
    OPEN_BACK = "open_back"


_KEYS: Final = {
    Qt.Key.Key_Return: Deed.NEXT,
    Qt.Key.Key_Enter: Deed.NEXT,
    Qt.Key.Key_Tab: Deed.NEXT,
    Qt.Key.Key_Down: Deed.SKIP,
    Qt.Key.Key_Backtab: Deed.BACK,
    Qt.Key.Key_Up: Deed.BACK,
    Qt.Key.Key_PageDown: Deed.BLOCK_NEXT,
    Qt.Key.Key_PageUp: Deed.BLOCK_BACK,
    Qt.Key.Key_F8: Deed.OPEN,
}
_SIGNS: Final = {"+": Deed.LEDGER, "=": Deed.LEDGER, "-": Deed.EMPTY, "*": Deed.BLOCK}
LEGEND: Final = (
    ("Enter", "下一栏"), ("↑", "上一栏"), ("+", "与台账一致"), ("-", "空白"), ("*", "整块一致"), ("1…9", "打勾"),
    ("PgUp PgDn", "换块"), ("F8", "下一处待办"), ("F9", "完成"), ("Ctrl+G", "换一张"),
)  # fmt: skip
LEGEND_SECOND: Final = (
    ("Enter", "下一栏"), ("↑", "上一栏"), ("-", "空白"), ("1…9", "打勾"), ("PgUp PgDn", "换块"), ("F8", "下一处待办"),
    ("F9", "完成"), ("Ctrl+G", "换一张"),
)  # fmt: skip


def deed_of(event: QKeyEvent, *, signs: bool) -> Deed | None:
    """What a key asks for; ``signs`` whether + - * = are orders here and not letters."""
    held = event.modifiers()
    if held & (_CTRL | _OTHER):
        return None
    if event.key() == Qt.Key.Key_F8 and held & Qt.KeyboardModifier.ShiftModifier:
        return Deed.OPEN_BACK
    if event.key() == Qt.Key.Key_Tab and held & Qt.KeyboardModifier.ShiftModifier:
        return Deed.BACK
    return _KEYS.get(Qt.Key(event.key())) or (_SIGNS.get(event.text()) if signs else None)


class Burst:
    """Characters that come too fast for fingers.

    Attributes:
        text: what came without a pause, up to now.
    """

    def __init__(self) -> None:
        self.text = ""
        self._last = -1.0

    def runs(self, moment_ms: float) -> bool:
        """Whether a character now would belong to a code a gun is in the middle of."""
        return len(self.text) >= _RUN and 0 <= moment_ms - self._last <= _FAST_MS

    def feed(self, character: str, moment_ms: float) -> bool:
        """Takes a character; True when it belongs to a run that goes on without a pause."""
        together = bool(self.text) and 0 <= moment_ms - self._last <= _FAST_MS
        self.text = self.text + character if together else character
        self._last = moment_ms
        return together

    def end(self, moment_ms: float) -> str:
        """The code a gun sent when its Enter came; "" when a person typed."""
        code = self.text if 0 <= moment_ms - self._last <= _FAST_MS and len(self.text) >= _LEAST else ""
        self.text = ""
        return code
