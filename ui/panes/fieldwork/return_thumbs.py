"""Photos side by side; their small pictures are read as they come into sight."""

from collections import OrderedDict, deque
from collections.abc import Callable, Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from lvdesk.fieldwork.photo_model import PhotoView
from ui.jobs import Jobs
from ui.theme.apply import font
from ui.theme.tokens import tokens

Index = QModelIndex | QPersistentModelIndex
PHOTO = Qt.ItemDataRole.UserRole + 1
LONGEST = 220
_IMAGE = Qt.ItemDataRole.UserRole + 2
_KEPT = 600
_AT_ONCE = 2
_CELL = QSize(156, 152)
_HIGH = 100


class ThumbModel(QAbstractListModel):
    """Photos with small pictures, the last seen of which are kept."""

    def __init__(self, jobs: Jobs, read: Callable[[int, int], bytes]) -> None:
        super().__init__()
        self._jobs, self._read = jobs, read
        self.photos: Sequence[PhotoView] = ()
        self._images: OrderedDict[int, QImage] = OrderedDict()
        self._wanted: deque[int] = deque()
        self._reading: set[int] = set()

    def show_photos(self, photos: Sequence[PhotoView]) -> None:
        """Lists other photos."""
        self.beginResetModel()
        self.photos = photos
        self._wanted.clear()
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's signature
        return 0 if parent.isValid() else len(self.photos)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self.photos):
            return None
        photo = self.photos[index.row()]
        if role == PHOTO:
            return photo
        if role == _IMAGE:
            return self._image(photo.id)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return photo.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{photo.name}，{photo.box_no or photo.why}"
        return None

    def _image(self, photo: int) -> QImage | None:
        if photo in self._images:
            self._images.move_to_end(photo)
            return self._images[photo]
        if photo not in self._reading and photo not in self._wanted:
            self._wanted.append(photo)
            self._go_on()
        return None

    def _go_on(self) -> None:
        while self._wanted and len(self._reading) < _AT_ONCE:
            photo = self._wanted.pop()  # what came into sight last is what is looked at
            self._reading.add(photo)
            self._jobs.read(self._reader(photo), self._taker(photo), self._failer(photo))

    def _reader(self, photo: int) -> Callable[[], QImage]:
        return lambda: QImage.fromData(self._read(photo, LONGEST))

    def _taker(self, photo: int) -> Callable[[QImage], None]:
        return lambda image: self._take(photo, image)

    def _failer(self, photo: int) -> Callable[[Exception], None]:
        return lambda _error: self._take(photo, QImage())

    def _take(self, photo: int, image: QImage) -> None:
        self._reading.discard(photo)
        self._images[photo] = image
        while len(self._images) > _KEPT:
            self._images.popitem(last=False)
        row = next((place for place, each in enumerate(self.photos) if each.id == photo), None)
        if row is not None:
            self.dataChanged.emit(self.index(row), self.index(row), [_IMAGE])
        self._go_on()


class Thumbs(QListView):
    """The photos; arrows move, Shift and Ctrl take several."""

    def __init__(self, model: ThumbModel) -> None:
        super().__init__()
        self.setObjectName("photos")
        self.setAccessibleName("照片")
        self.setModel(model)
        self.setItemDelegate(_Delegate(self))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setUniformItemSizes(True)
        self.setGridSize(_CELL)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setMouseTracking(True)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)

    def chosen(self) -> list[PhotoView]:
        """The selected photos in order."""
        return [index.data(PHOTO) for index in sorted(self.selectedIndexes(), key=QModelIndex.row)]

    def current(self) -> PhotoView | None:
        """The photo looked at."""
        found = self.currentIndex().data(PHOTO)
        return found if isinstance(found, PhotoView) else None


class _Delegate(QStyledItemDelegate):
    """Picture, name, what is known of its box."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return _CELL

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        photo, image, look = index.data(PHOTO), index.data(_IMAGE), tokens()
        if not isinstance(photo, PhotoView):
            return
        place = QRectF(option.rect).adjusted(4, 4, -4, -4)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(QColor(look.brand if chosen else look.line))
        over = bool(option.state & QStyle.StateFlag.State_MouseOver)
        painter.setBrush(QColor(look.brand_soft if chosen else look.hover if over else look.surface))
        painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        room = QRectF(place.left() + 6, place.top() + 6, place.width() - 12, _HIGH - 6)
        self._paint_image(painter, room, image)
        text = QRectF(room.left() + 2, room.bottom() + 3, room.width() - 4, 18)
        self._write(painter, text, photo.name, look.brand if chosen else look.text, bold=chosen)
        self._write(painter, text.translated(0, 18), photo.box_no or photo.why or "待归箱", look.text2)
        painter.restore()

    def _paint_image(self, painter: QPainter, room: QRectF, image: object) -> None:
        look = tokens()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(look.grey_soft))
        painter.drawRoundedRect(room, 5, 5)
        if isinstance(image, QImage) and not image.isNull():
            size = QSize(image.size()).scaled(room.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
            left, top = room.center().x() - size.width() / 2, room.center().y() - size.height() / 2
            painter.drawImage(QRectF(left, top, size.width(), size.height()), image)
        else:
            painter.setFont(font(12))
            painter.setPen(QColor(look.text3))
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, "不能显示" if isinstance(image, QImage) else "…")

    def _write(self, painter: QPainter, place: QRectF, text: str, ink: str, *, bold: bool = False) -> None:
        painter.setFont(font(12, QFont.Weight.DemiBold if bold else QFont.Weight.Normal))
        painter.setPen(QColor(ink))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, int(place.width()))
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
