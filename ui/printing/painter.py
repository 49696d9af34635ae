"""Paints one page with a QPainter whose device may be anything; the caller says how many of its dots make a millimetre."""

from collections.abc import Callable
from typing import Any, Final

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QGradient, QImage, QPainter, QPainterPath, QPen, QPolygonF

from lvdesk.kit.page import Code, Comb, Disc, Line, Page, Picture, Polygon, Rectangle, TextBox, TickBox
from ui.printing.codes import bars, readable
from ui.printing.fitting import Fitted, fit
from ui.printing.fonts import UNITS, font, metrics

_TICK_LINE: Final = 0.35
_COMB_LINE: Final = 0.25
_COMB_PART: Final = 0.12
_COMB_INK: Final = "#5A6A70"
_TICK: Final = ((0.2, 0.55), (0.42, 0.8), (0.85, 0.15))
_COMB_SIZE: Final = 0.62
_POINTS: Final = 72 / 25.4
_READY: Final = QGradient.Preset
"""Looked up here, once: PySide makes it at the first brush, and two threads that paint their first page at once stumble over it."""


def paint(painter: QPainter, page: Page, dots: float) -> None:
    """Paints a page from the device's origin.

    Args:
        painter: active on the device.
        page: what to paint.
        dots: device dots in a millimetre.
    """
    painter.save()
    painter.scale(dots / UNITS, dots / UNITS)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
    for item in page.items:
        _PAINTED[type(item)](painter, item)
    painter.restore()


def clipped(page: Page) -> list[str]:
    """Texts of a page that cannot be read with ease however they are broken and shrunk: their boxes, cells or codes are too small."""
    return [item.text for item in page.items if isinstance(item, TextBox | Comb | Code) and item.text and not _room(item)]


def _room(item: TextBox | Comb | Code) -> bool:
    if isinstance(item, TextBox):
        return fit(item).whole
    return len(item.text) <= item.count if isinstance(item, Comb) else readable(item)


def _pen(width: float, colour: str) -> QPen:
    pen = QPen(QColor(colour), width * UNITS)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
    return pen


def _text(painter: QPainter, box: TextBox) -> None:
    if not box.text:
        return
    fitted = fit(box)
    measure = metrics(fitted.points, bold=box.bold, mono=box.mono)
    painter.setPen(QColor(box.colour))
    painter.setFont(font(fitted.points, bold=box.bold, mono=box.mono))
    tall = measure.lineSpacing() * len(fitted.lines) - measure.leading()
    spare = box.height * UNITS - tall
    y = box.y * UNITS + {"top": 0.0, "middle": spare / 2, "bottom": spare}[box.rise] + measure.ascent()
    for line in fitted.lines:
        _line_of_text(painter, box, fitted, line, y)
        y += measure.lineSpacing()


def _line_of_text(painter: QPainter, box: TextBox, fitted: Fitted, words: str, y: float) -> None:
    """Narrow text is drawn narrower, not set in a narrower font: fonts without such a face would ignore it."""
    narrow = fitted.stretch / 100
    width = metrics(fitted.points, bold=box.bold, mono=box.mono).horizontalAdvance(words) * narrow
    spare = box.width * UNITS - width
    x = box.x * UNITS + {"left": 0.0, "center": spare / 2, "right": spare}[box.align]
    if narrow == 1:
        painter.drawText(QPointF(x, y), words)
        return
    painter.save()
    painter.translate(x, y)
    painter.scale(narrow, 1)
    painter.drawText(QPointF(0, 0), words)
    painter.restore()


def _line(painter: QPainter, item: Line) -> None:
    pen = _pen(item.width, item.colour)
    if item.dash:
        pen.setDashPattern([length / item.width for length in item.dash])
    painter.setPen(pen)
    painter.drawLine(QLineF(item.x1 * UNITS, item.y1 * UNITS, item.x2 * UNITS, item.y2 * UNITS))


def _rectangle(painter: QPainter, item: Rectangle) -> None:
    painter.setPen(_pen(item.width, item.colour) if item.width else Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(QColor(item.fill)) if item.fill else Qt.BrushStyle.NoBrush)
    painter.drawRect(QRectF(item.x * UNITS, item.y * UNITS, item.w * UNITS, item.h * UNITS))


def _disc(painter: QPainter, item: Disc) -> None:
    painter.setPen(_pen(item.width, item.colour) if item.width else Qt.PenStyle.NoPen)
    painter.setBrush(QBrush(QColor(item.fill)) if item.fill else Qt.BrushStyle.NoBrush)
    painter.drawEllipse(QPointF(item.x * UNITS, item.y * UNITS), item.radius * UNITS, item.radius * UNITS)


def _tick_box(painter: QPainter, item: TickBox) -> None:
    _rectangle(painter, Rectangle(item.x, item.y, item.size, item.size, _TICK_LINE))
    if item.ticked:
        painter.setPen(_pen(item.size / 8, "#000000"))
        places = [QPointF((item.x + x * item.size) * UNITS, (item.y + y * item.size) * UNITS) for x, y in _TICK]
        painter.drawPolyline(places)


def _comb(painter: QPainter, item: Comb) -> None:
    cell = item.width / item.count
    for number in range(1, item.count):
        x = item.x + number * cell
        _line(painter, Line(x, item.y, x, item.y + item.height, _COMB_PART, colour=_COMB_INK))
    _rectangle(painter, Rectangle(item.x, item.y, item.width, item.height, _COMB_LINE, colour=_COMB_INK))
    size = item.height * _COMB_SIZE * _POINTS
    for number, letter in enumerate(item.text[: item.count]):
        _text(painter, TextBox(item.x + number * cell, item.y, cell, item.height, letter, size, 4, mono=True, align="center"))


def _code(painter: QPainter, item: Code) -> None:
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(Qt.GlobalColor.black)
    black = [QRectF(*bar) for bar in bars(item)]
    # modules of a QR code touch: as one shape they show no seams; bars stand apart, and one by one keep sharp edges at coarse resolutions
    for together in [black] if item.kind == "qr" else [[bar] for bar in black]:
        painter.drawRects(together)
    painter.restore()


def _polygon(painter: QPainter, item: Polygon) -> None:
    path = QPainterPath()
    for ring in item.rings:
        path.addPolygon(QPolygonF([QPointF(x * UNITS, y * UNITS) for x, y in ring]))
        path.closeSubpath()
    painter.setPen(_pen(item.width, item.colour) if item.width else Qt.PenStyle.NoPen)
    painter.setBrush(QColor(item.fill) if item.fill else Qt.BrushStyle.NoBrush)
    painter.drawPath(path)


def _picture(painter: QPainter, item: Picture) -> None:
    image = QImage.fromData(item.data)
    if image.isNull():
        return
    wanted = item.width / item.height
    wide, high = min(image.width(), image.height() * wanted), min(image.height(), image.width() / wanted)
    source = QRectF((image.width() - wide) / 2, (image.height() - high) / 2, wide, high)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(QRectF(item.x * UNITS, item.y * UNITS, item.width * UNITS, item.height * UNITS), image, source)


_PAINTED: Final[dict[type, Callable[[QPainter, Any], None]]] = {
    TextBox: _text, Line: _line, Rectangle: _rectangle, Disc: _disc, TickBox: _tick_box, Comb: _comb, Code: _code,
    Polygon: _polygon, Picture: _picture,
}  # fmt: skip
