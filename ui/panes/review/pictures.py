"""Photos and cells of the paper sheet, small; one is enlarged over the window."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QWidget

from lvdesk.review.model import ItemView
from ui.jobs import Jobs
from ui.overlay import Overlay
from ui.panes.review.loading import Services
from ui.parts import column, label, row, tool
from ui.theme.apply import font
from ui.theme.tokens import tokens
from ui.widgets.picture_view import PictureView

SMALL: Final = 320
_LARGE: Final = 1800
_KEPT: Final = 160
_COLUMNS: Final = 3
_MOST: Final = 9
_HIGH: Final = 92
_CAPTION: Final = 20


@dataclass(frozen=True)
class Shown:
    """A picture: a photo, or a cell of a page."""

    caption: str
    photo: int = 0
    page: int = 0
    place: str = ""


def shown_of(view: ItemView) -> list[Shown]:
    """What there is to see of an item, cells of the sheet first: they are what was written."""
    cells = [Shown(f"{crop.title} {crop.sheet_no}".strip(), page=crop.page, place=crop.place) for crop in view.crops]
    return [*cells, *(Shown(f"照片 {place}", photo=photo) for place, photo in enumerate(view.photos, 1))]


class Pictures(QWidget):
    """The small ones. Signals: enlarged(Shown)."""

    enlarged = Signal(object)

    def __init__(self, jobs: Jobs, services: Services) -> None:
        super().__init__()
        self._jobs, self._services = jobs, services
        self._images: OrderedDict[Shown, QImage] = OrderedDict()
        self._reading: set[Shown] = set()
        self.shown: list[Shown] = []
        self._more = label("", "muted")
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        self._tiles = [_Tile(self) for _ in range(_MOST)]
        for place, tile in enumerate(self._tiles):
            self._grid.addWidget(tile, place // _COLUMNS, place % _COLUMNS)
        self._grid.addWidget(self._more, _MOST // _COLUMNS, 0, 1, _COLUMNS)
        for place in range(_COLUMNS):
            self._grid.setColumnStretch(place, 1)

    def show_item(self, view: ItemView) -> None:
        """Shows what there is of an item."""
        self.shown = shown_of(view)
        for place, tile in enumerate(self._tiles):
            tile.show_picture(self.shown[place] if place < len(self.shown) else None)
        left = len(self.shown) - _MOST
        self._more.setText(f"另有 {left} 张，放大后用 ← → 翻看" if left > 0 else "")
        self._more.setVisible(left > 0)

    def ready(self, view: ItemView) -> None:
        """Reads what an item that comes up soon will show."""
        for each in shown_of(view)[:_COLUMNS]:
            self.image(each)

    def image(self, shown: Shown) -> QImage | None:
        """The small picture if it is here; reads it otherwise."""
        if shown in self._images:
            self._images.move_to_end(shown)
            return self._images[shown]
        if shown not in self._reading:
            self._reading.add(shown)
            self._jobs.read(lambda: self._small(shown), lambda image: self._take(shown, image), lambda _error: self._take(shown, QImage()))
        return None

    def data(self, shown: Shown) -> bytes:
        """The whole picture; on a reader's thread."""
        if shown.photo:
            return self._services.photo(shown.photo, _LARGE)
        return self._services.crop(shown.page, shown.place)

    def _small(self, shown: Shown) -> QImage:
        data = self._services.photo(shown.photo, SMALL) if shown.photo else self._services.crop(shown.page, shown.place)
        image = QImage.fromData(data)
        size = QSize(SMALL, SMALL)
        return (
            image if image.isNull() else image.scaled(size, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
        )

    def _take(self, shown: Shown, image: QImage) -> None:
        self._reading.discard(shown)
        self._images[shown] = image
        while len(self._images) > _KEPT:
            self._images.popitem(last=False)
        for tile in self._tiles:
            if tile.shown == shown:
                tile.update()


class _Tile(QWidget):
    """One small picture with its caption; a click, Space or Enter enlarges it."""

    def __init__(self, owner: Pictures) -> None:
        super().__init__()
        self._owner = owner
        self.shown: Shown | None = None
        self.setFixedHeight(_HIGH + _CAPTION)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def show_picture(self, shown: Shown | None) -> None:
        """Shows another, or none."""
        self.shown = shown
        self.setVisible(shown is not None)
        if shown is not None:
            self.setAccessibleName(f"放大 {shown.caption}")
            self.setToolTip(f"{shown.caption}（单击放大）")
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.shown is not None:
            self._owner.enlarged.emit(self.shown)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.shown is not None:
            self._owner.enlarged.emit(self.shown)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.shown is None:
            return
        look, image = tokens(), self._owner.image(self.shown)
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        room = QRectF(0.5, 0.5, self.width() - 1, _HIGH - 1)
        painter.setPen(QColor(look.brand if self.hasFocus() else look.line))
        painter.setBrush(QColor(look.grey_soft))
        painter.drawRoundedRect(room, 6, 6)
        painter.setFont(font(12))
        if image is None or image.isNull():
            painter.setPen(QColor(look.text3))
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, "…" if image is None else "不能显示")
        else:
            inside = room.adjusted(3, 3, -3, -3)
            size = image.size().scaled(inside.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRectF(inside.center().x() - size.width() / 2, inside.center().y() - size.height() / 2, size.width(), size.height())
            painter.drawImage(place, image)
        painter.setPen(QColor(look.text2))
        under = QRectF(0, _HIGH, self.width(), _CAPTION)
        shown = painter.fontMetrics().elidedText(self.shown.caption, Qt.TextElideMode.ElideRight, self.width())
        painter.drawText(under, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.end()


class Enlarged(Overlay):
    """One picture as large as there is room; the arrows show the others of the item."""

    def __init__(self, parent: QWidget, jobs: Jobs) -> None:
        card = QFrame()
        card.setProperty("card", "true")
        super().__init__(parent, card, 1100)
        self._jobs = jobs
        self._pictures: Pictures | None = None
        self._all: list[Shown] = []
        self._place = 0
        self.caption = label("", "h2")
        self.picture = PictureView("放大的照片或表单")
        self.picture.setMinimumHeight(520)
        head = row(
            self.caption, None, tool("chevron-left", "上一张", lambda: self.turn(-1), shortcut="←"),
            tool("chevron-right", "下一张", lambda: self.turn(1), shortcut="→"), tool("close", "关闭", self.close_card, shortcut="Esc"),
        )  # fmt: skip
        column(head, self.picture, parent=card, gap=8, margin=14).setStretch(1, 1)

    def show_picture(self, shown: Shown, pictures: Pictures) -> None:
        """Opens with one of an item's pictures."""
        self._pictures, self._all = pictures, list(pictures.shown)
        self._place = self._all.index(shown)
        self._read()
        self.open(self.picture.canvas)

    def turn(self, step: int) -> None:
        """The next or the one before."""
        if self._all:
            self._place = (self._place + step) % len(self._all)
            self._read()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways: dict[int, Callable[[], None]] = {
            Qt.Key.Key_Left: lambda: self.turn(-1), Qt.Key.Key_Right: lambda: self.turn(1), Qt.Key.Key_Space: self.close_card,
        }  # fmt: skip
        if event.key() in ways:
            ways[event.key()]()
        else:
            super().keyPressEvent(event)

    def _read(self) -> None:
        shown, pictures = self._all[self._place], self._pictures
        if pictures is None:
            return
        self.caption.setText(f"{shown.caption}（{self._place + 1} / {len(self._all)}）")
        self.picture.say("正在读取…")

        def take(data: bytes) -> None:
            if self._all[self._place : self._place + 1] == [shown]:
                self.picture.show_bytes(data)

        self._jobs.read(lambda: pictures.data(shown), take, lambda error: self.picture.say(getattr(error, "message", "") or "不能显示"))
