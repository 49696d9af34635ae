"""Beside the wall: the present crop larger, what it is about, what the ledger says, what is wrong."""

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy

from lvdesk.fieldwork.scan_model import Crop
from ui.panes.fieldwork.crop_words import hint
from ui.parts import button, card, column, label, restyle, row

_WIDE, _ROOM = 256, 132


class CropSide(QFrame):
    """The present crop in words.

    Attributes:
        back: takes the last decision back.
    """

    def __init__(self, take_back: Callable[[], object]) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.setFixedWidth(_WIDE)
        self.sheet, self.about = label("", "h2"), label("", "muted", wrap=True)
        self.picked = label("", wrap=True)
        self.picked.setProperty("ink", "info")
        self.ledger, self.hint, self.message = label("", wrap=True), label("", "muted", wrap=True), label("", wrap=True)
        self.back = button("撤回上一次", take_back, "", "undo", name="撤回上一次判读")
        self.picture = QLabel()
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setFixedHeight(_ROOM)
        self.picture.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._frame = card()
        column(self.picture, parent=self._frame, gap=0, margin=6)
        said = row(label("台账", "muted"), self.ledger, gap=8)
        said.setStretch(1, 1)
        self._ledger = QFrame()
        self._ledger.setLayout(said)
        column(
            self.sheet, self.about, self._frame, self.hint, self._ledger, self.picked, self.message, None, self.back,
            parent=self, gap=8, margin=14,
        )  # fmt: skip
        self.tell("", "")

    def show_crop(self, crop: Crop, picture: QPixmap | None, picked: int) -> None:
        """Shows another crop; ``picked`` how many are decided at once."""
        self.sheet.setText(crop.sheet_no)
        self.about.setText(crop.about)
        self.ledger.setText(crop.ledger)
        self._ledger.setVisible(bool(crop.ledger))
        self.hint.setText(f"机器看{hint(crop)}，墨迹 {crop.ink:.1%}")
        self.hint.setVisible(crop.kind == "tick")
        self.picked.setText(f"选中 {picked} 格，一起判")
        self.picked.setVisible(picked > 1)
        self._frame.setVisible(crop.kind == "tick")
        if picture is None or picture.isNull():
            self.picture.clear()
        else:
            room = QSize(_WIDE - 44, _ROOM - 4)
            self.picture.setPixmap(picture.scaled(room, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation))

    def tell(self, text: str, level: str) -> None:
        """Says something about the last key."""
        self.message.setText(text)
        self.message.setProperty("ink", level)
        self.message.setVisible(bool(text))
        restyle(self.message)
