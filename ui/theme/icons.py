"""The icon set: SVG line drawings from ``resources/icons``, tinted and sharp at every scale."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from lvdesk.kit.paths import resources
from ui.theme.tokens import tokens


@lru_cache(maxsize=256)
def _drawing(name: str, colour: str) -> QSvgRenderer:
    source = (resources() / "icons" / f"{name}.svg").read_text(encoding="utf-8")
    return QSvgRenderer(QByteArray(source.replace("currentColor", colour).encode()))


def paint(painter: QPainter, name: str, place: QRectF, colour: str) -> None:
    """Draws an icon into ``place``, for delegates."""
    _drawing(name, colour).render(painter, place)


class _Engine(QIconEngine):
    """Paints from the drawing at the size and scale asked for, so nothing is ever blown up."""

    def __init__(self, name: str, colour: str, colour_on: str) -> None:
        super().__init__()
        self._name, self._colour, self._colour_on = name, colour, colour_on

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Called by Qt."""
        colour = self._colour_on if state == QIcon.State.On else self._colour
        if mode == QIcon.Mode.Disabled:
            colour = tokens().disabled
        side = min(rect.width(), rect.height())
        place = QRectF(0, 0, side, side)
        place.moveCenter(QPointF(QRectF(rect).center()))
        paint(painter, self._name, place, colour)

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """Called by Qt."""
        image = QPixmap(size)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        self.paint(painter, QRect(0, 0, size.width(), size.height()), mode, state)
        painter.end()
        return image

    def clone(self) -> QIconEngine:
        """Called by Qt when an icon is copied."""
        return _Engine(self._name, self._colour, self._colour_on)


def icon(name: str, colour: str = "", colour_on: str = "") -> QIcon:
    """The icon ``name``; without a colour in that of secondary text.

    Raises:
        FileNotFoundError: no such drawing.
    """
    colour = colour or tokens().text2
    _drawing(name, colour)
    return QIcon(_Engine(name, colour, colour_on or colour))


def pixmap(name: str, colour: str, side: int, scale: float = 1.0) -> QPixmap:
    """The icon as a picture of ``side`` logical pixels for a label on a screen of that scale."""
    image = QPixmap(round(side * scale), round(side * scale))
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    paint(painter, name, QRectF(0, 0, side * scale, side * scale), colour)
    painter.end()
    image.setDevicePixelRatio(scale)
    return image


def names() -> tuple[str, ...]:
    """All icon names, for tests."""
    return tuple(sorted(path.stem for path in (resources() / "icons").glob("*.svg")))
