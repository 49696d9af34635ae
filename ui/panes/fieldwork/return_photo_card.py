"""One photo: the picture, what it says, the boxes it may show."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QLineEdit, QPushButton, QWidget

from lvdesk.fieldwork.photo_model import PhotoView
from ui.moments import said
from ui.parts import button, clearable, column, label, row
from ui.theme.icons import icon
from ui.widgets.picture_view import PictureView

_SHOWN: Final = 3
MOST: Final = 4
"""Candidates that have a key."""
_FROM: Final = {"exif": "照片记录", "name": "文件名", "file": "文件时间"}
_BY: Final = {"code": "图中条码", "neighbour": "前后照片的时间和位置", "person": "人工"}


class PhotoCard(QFrame):
    """Signals: bind_asked(box number), unbind_asked(), box_asked(number): to see it in the ledger."""

    bind_asked = Signal(str)
    unbind_asked = Signal()
    box_asked = Signal(str)

    def __init__(self, today: date) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._today = today
        self.photo: PhotoView | None = None
        self.picture = PictureView("照片")
        self.title, self.why = label("", "h2", wrap=True), label("", "muted", wrap=True)
        self.candidates: list[QPushButton] = []
        self._candidates = QWidget()
        self._buttons = QGridLayout(self._candidates)
        self._buttons.setContentsMargins(0, 0, 0, 0)
        self._buttons.setSpacing(6)
        self.box = clearable(QLineEdit())
        self.box.setPlaceholderText("输入或扫描箱编号，按 Enter")
        self.box.setAccessibleName("归到这个计量箱")
        self.box.addAction(QAction(icon("barcode"), "扫码", self.box), QLineEdit.ActionPosition.LeadingPosition)
        self.bind = button("归到此箱", self._bind_typed, "primary", "box")
        self.unbind = button("移出此箱…  Delete", self.unbind_asked.emit, icon_name="minus", name="移出此箱")
        self.ledger = button("在台账中查看", self._show_box, "link", "ledger")
        self.facts = {title: _fact() for title in ("拍摄", "图中其他条码", "图中电表", "位置", "台账有、图中没有", "图中有、属别处")}
        self._lines: dict[str, tuple[QLabel, QLabel]] = {}
        self._lay_out()
        self.box.returnPressed.connect(self._bind_typed)

    def show_photo(self, photo: PhotoView | None, chosen: int) -> None:
        """Shows a photo; ``chosen`` are selected with it."""
        self.photo = photo
        for part in (self.box, self.bind, self.unbind):
            part.setEnabled(photo is not None)
        if photo is None:
            self.title.setText("没有选中照片")
            self.why.setText("")
            self.picture.say("在左边选一张照片")
            self._offer((), 0)
            return
        filed = bool(photo.box_no)
        self.title.setText(f"{photo.box_no}" if filed else photo.name)
        by = f"按{_BY[photo.bound_by]}归箱" if photo.bound_by in _BY else ""
        self.why.setText(" · ".join(part for part in (photo.box_address, by, photo.why) if part) if filed else photo.why)
        taken = (
            f"{said(photo.taken_at, self._today)}（{_FROM.get(photo.taken_from, photo.taken_from)}）" if photo.taken_at else "不知道时间"
        )
        place = f"{photo.longitude:.6f}，{photo.latitude:.6f}" if photo.longitude is not None and photo.latitude is not None else ""
        others = [code for code in photo.codes if code not in photo.meters]
        texts = ((taken,), others, photo.meters, (place,) if place else (), photo.missing, photo.strange)
        for (title, value), each in zip(self._lines.values(), texts, strict=True):
            text = "\n".join([*each[:_SHOWN], *([f"等 {len(each):,} 个"] if len(each) > _SHOWN else [])])
            value.setText(text)
            value.setToolTip("\n".join(each) if len(each) > _SHOWN else "")
            title.setVisible(bool(text))
            value.setVisible(bool(text))
        self._offer(() if filed else photo.candidates, chosen)
        many = f" {chosen:,} 张" if chosen > 1 else ""
        self.bind.setText(f"{'改归' if filed else '归'}到此箱{many}")
        self.unbind.setVisible(filed)
        self.ledger.setVisible(filed)

    def start(self) -> None:
        """Puts the keyboard on the line for the box."""
        self.box.setFocus(Qt.FocusReason.OtherFocusReason)
        self.box.selectAll()

    def _offer(self, numbers: Sequence[str], chosen: int) -> None:
        for old in self.candidates:
            self._buttons.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.candidates = [self._candidate(place, number, chosen) for place, number in enumerate(numbers[:MOST])]
        for place, made in enumerate(self.candidates):
            self._buttons.addWidget(made, place, 0)
        self._candidates.setVisible(bool(self.candidates))

    def _candidate(self, place: int, number: str, chosen: int) -> QPushButton:
        many = f"（{chosen:,} 张）" if chosen > 1 else ""
        made = button(f"{place + 1}　归到 {number}{many}", lambda: self.bind_asked.emit(number), name=f"归到 {number}{many}")
        made.setProperty("left", "true")
        return made

    def _bind_typed(self) -> None:
        if number := self.box.text().strip():
            self.bind_asked.emit(number)
        else:
            self.start()

    def _show_box(self) -> None:
        if self.photo is not None and self.photo.box_no:
            self.box_asked.emit(self.photo.box_no)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(1, 1)
        for place, (name, value) in enumerate(self.facts.items()):
            title = label(name, "muted")
            grid.addWidget(title, place, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(value, place, 1)
            self._lines[name] = (title, value)
        line = row(self.box, self.bind, gap=8)
        line.setStretch(0, 1)
        self.ledger.setProperty("edge", "true")
        inside = column(
            self.title, self.why, self.picture, grid, self._candidates, line, row(self.unbind, None, self.ledger), parent=self, gap=8
        )
        inside.setContentsMargins(14, 12, 14, 12)
        inside.setStretch(2, 1)


def _fact() -> QLabel:
    made = label("", wrap=True)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return made
