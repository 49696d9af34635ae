"""A picture to look at: as large as there is room, or closer, turned where it stands upside down."""

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QTransform, QWheelEvent
from PySide6.QtWidgets import QFrame, QWidget

from ui.parts import column, row, tool
from ui.theme.apply import font
from ui.theme.tokens import tokens

_STEP: Final = 1.25
_MOST: Final = 6.0
_MARGIN: Final = 8


class PictureView(QFrame):
    """A picture with its tools. Wheel and + - come closer, dragging moves, double click or 0 shows all, R turns it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.canvas = _Canvas(name)
        tools = QFrame()
        tools.setObjectName("pictureTools")
        row(
            tool("minus", "缩小", lambda: self.canvas.zoom(1 / _STEP), shortcut="-"),
            tool("plus", "放大", lambda: self.canvas.zoom(_STEP), shortcut="+"),
            tool("eye", "看全图", self.canvas.fit, shortcut="0"),
            tool("refresh", "旋转 90°", self.canvas.turn, shortcut="R"),
            parent=tools,
            gap=0,
        )
        column(None, row(tools, None), parent=self.canvas, margin=6)
        column(self.canvas, parent=self, gap=0)

    def show_bytes(self, data: bytes) -> None:
        """Shows an encoded picture."""
        self.canvas.show_image(QImage.fromData(data))

    def say(self, text: str) -> None:
        """Says something in place of a picture."""
        self.canvas.show_image(QImage())
        self.canvas.said = text
        self.canvas.update()

    @property
    def shown(self) -> bool:
        """Whether there is a picture."""
        return not self.canvas.image.isNull()


class _Canvas(QWidget):
    """The picture itself."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setMinimumSize(200, 150)
        self.image, self._small = QImage(), QImage()
        self.said = ""
        self.closer = 1.0
        self._middle = QPointF(0.5, 0.5)
        self._grip: QPointF | None = None

    def show_image(self, image: QImage) -> None:
        """Another picture, all of it."""
        self.image, self.said = image, "" if not image.isNull() else "这张图不能显示"
        self.fit()

    def fit(self) -> None:
        """All of the picture."""
        self.closer, self._middle, self._small = 1.0, QPointF(0.5, 0.5), QImage()
        self.update()

    def zoom(self, factor: float) -> None:
        """Closer or farther."""
        self.closer = min(max(self.closer * factor, 1.0), _MOST)
        self._keep_inside()

    def turn(self) -> None:
        """A quarter to the right."""
        if not self.image.isNull():
            self.image = self.image.transformed(QTransform().rotate(90))
            self.fit()

    def sizeHint(self) -> QSize:
        return QSize(400, 280)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        deeds = {"+": lambda: self.zoom(_STEP), "=": lambda: self.zoom(_STEP), "-": lambda: self.zoom(1 / _STEP), "0": self.fit}
        deed = deeds.get(event.text()) or (self.turn if event.key() == Qt.Key.Key_R else None)
        if deed is None:
            super().keyPressEvent(event)
        else:
            deed()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom(_STEP if event.angleDelta().y() > 0 else 1 / _STEP)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._grip = event.position()
        self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grip is not None and not self.image.isNull():
            whole, moved = self._size(), event.position() - self._grip
            self._middle -= QPointF(moved.x() / max(whole.width(), 1), moved.y() / max(whole.height(), 1))
            self._grip = event.position()
            self._keep_inside()

    def mouseReleaseEvent(self, _event: QMouseEvent) -> None:
        self._grip = None
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def mouseDoubleClickEvent(self, _event: QMouseEvent) -> None:
        if self.closer > 1:
            self.fit()
        else:
            self.zoom(_STEP**4)

    def paintEvent(self, _event: QPaintEvent) -> None:
        look = tokens()
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.setPen(QColor(look.brand if self.hasFocus() else look.line))
        painter.setBrush(QColor(look.grey_soft))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8)
        if self.image.isNull():
            painter.setFont(font(13))
            painter.setPen(QColor(look.text3))
            painter.drawText(self.rect().adjusted(16, 0, -16, 0), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.said)
        else:
            whole = self._size()
            middle = QPointF(self.width() / 2, self.height() / 2)
            painter.setClipRect(QRectF(self.rect()).adjusted(2, 2, -2, -2))
            corner = middle - QPointF(whole.width() * self._middle.x(), whole.height() * self._middle.y())
            painter.drawImage(QRectF(corner.x(), corner.y(), whole.width(), whole.height()), self._drawn(whole))
        painter.end()

    def _size(self) -> QRectF:
        """How large the whole picture is drawn."""
        room = QSize(max(self.width() - 2 * _MARGIN, 1), max(self.height() - 2 * _MARGIN, 1))
        factor = min(room.width() / self.image.width(), room.height() / self.image.height()) * self.closer
        return QRectF(0, 0, self.image.width() * factor, self.image.height() * factor)

    def _drawn(self, whole: QRectF) -> QImage:
        """The picture, made smaller once where it is drawn smaller: thin lines of forms stay."""
        scale = self.devicePixelRatioF()
        size = QSize(round(whole.width() * scale), round(whole.height() * scale))
        if size.width() >= self.image.width():
            return self.image
        if self._small.size() != size:
            self._small = self.image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
        return self._small

    def _keep_inside(self) -> None:
        """The picture never leaves the frame."""
        if not self.image.isNull():
            whole = self._size()
            aside, above = (min(side / 2 / most, 0.5) for side, most in ((self.width(), whole.width()), (self.height(), whole.height())))
            self._middle = QPointF(min(max(self._middle.x(), aside), 1 - aside), min(max(self._middle.y(), above), 1 - above))
        self.update()
