"""Pages on the screen as they will print: painted by the same painter, only those that are seen."""

from collections.abc import Callable
from functools import lru_cache
from typing import Final

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget

from lvdesk.kit.page import Page
from ui.printing.painter import paint
from ui.theme.tokens import tokens

_AROUND: Final = 16
_INCH: Final = 25.4
_ZOOM: Final = 1.2
_LEAST, _MOST = 0.2, 5.0
_SHADOW: Final = 4
_HELD: Final = 12
_NOTCH: Final = 120
WIDTH, WHOLE = "width", "whole"
"""Zooms that follow the size of the view; others are a number, 1 the true size."""


class PagePreview(QAbstractScrollArea):
    """One page at a time on a neutral ground.

    Attributes:
        page_changed: the number of the page now shown, from 0.
        zoom_changed: dots of the screen for one of the paper at its true size.
    """

    page_changed = Signal(int)
    zoom_changed = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("打印预览")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.viewport().setAutoFillBackground(False)
        self._count, self._current, self._turned = 0, 0, 0
        self._empty = "没有可以预览的页"
        self._zoom: float | str = WIDTH
        self._page_at: Callable[[int], Page] = _nothing

    @property
    def count(self) -> int:
        """How many pages there are."""
        return self._count

    @property
    def current(self) -> int:
        """The page shown, from 0."""
        return self._current

    def set_pages(self, count: int, page_at: Callable[[int], Page], *, empty: str = "") -> None:
        """Shows other pages, asked one by one as they are looked at; ``empty`` is said when there are none."""
        self._count, self._page_at = count, lru_cache(maxsize=_HELD)(page_at)
        self._empty = empty or self._empty
        self._current = -1
        self.show_page(0)

    def show_page(self, number: int) -> None:
        """Turns to a page, the nearest there is."""
        number = max(0, min(number, self._count - 1))
        moved, self._current = number != self._current, number
        self.verticalScrollBar().setValue(0)
        self._measure()
        self.setAccessibleDescription(f"第 {number + 1} / {self._count} 页" if self._count else self._empty)
        if moved:
            self.page_changed.emit(number)

    def zoom(self) -> float:
        """Dots of the screen for one of the paper at its true size."""
        if isinstance(self._zoom, float) or not self._count:
            return self._zoom if isinstance(self._zoom, float) else 1.0
        page, room = self._page_at(self._current), self.maximumViewportSize()
        wide = (room.width() - 2 * _AROUND) * _INCH / (page.width * self.logicalDpiX())
        high = (room.height() - 2 * _AROUND) * _INCH / (page.height * self.logicalDpiY())
        if self._zoom == WIDTH and wide > high:  # the scroll bar takes its width before it shows, else it would come and go
            wide -= self.verticalScrollBar().sizeHint().width() * _INCH / (page.width * self.logicalDpiX())
        return max(_LEAST, min(wide if self._zoom == WIDTH else min(wide, high), _MOST))

    def set_zoom(self, zoom: float | str) -> None:
        """1 is the true size; ``WIDTH`` and ``WHOLE`` follow the view."""
        self._zoom = zoom if isinstance(zoom, str) else max(_LEAST, min(float(zoom), _MOST))
        self._measure()

    def zoom_in(self) -> None:
        """A step larger."""
        self.set_zoom(self.zoom() * _ZOOM)

    def zoom_out(self) -> None:
        """A step smaller."""
        self.set_zoom(self.zoom() / _ZOOM)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Page keys turn pages, arrows move the paper, Ctrl with plus, minus and 0 zooms."""
        key, controlled = event.key(), bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        turning = {
            Qt.Key.Key_PageDown: self._current + 1,
            Qt.Key.Key_PageUp: self._current - 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: self._count - 1,
        }
        zooming: dict[int, Callable[[], object]] = {
            Qt.Key.Key_Plus: self.zoom_in,
            Qt.Key.Key_Equal: self.zoom_in,
            Qt.Key.Key_Minus: self.zoom_out,
            Qt.Key.Key_0: lambda: self.set_zoom(1.0),
        }
        if controlled and key in zooming:
            zooming[key]()
        elif key in turning and self._count:
            self.show_page(turning[Qt.Key(key)])
        else:
            super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel moves the paper and turns the page at its end; with Ctrl it zooms."""
        turns, bar = event.angleDelta().y(), self.verticalScrollBar()
        zooming = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        further = self._current + (-1 if turns > 0 else 1)
        at_end = bar.value() == (bar.minimum() if turns > 0 else bar.maximum())
        if not turns or not (zooming or (at_end and 0 <= further < self._count)):
            self._turned = 0
            super().wheelEvent(event)
        elif self._whole_notch(turns):
            if zooming:
                (self.zoom_in if turns > 0 else self.zoom_out)()
            else:
                self.show_page(further)
                bar.setValue(bar.maximum() if turns > 0 else 0)
        event.accept()

    def _whole_notch(self, turns: int) -> bool:
        """Touch pads send a notch in many small turns: they count together."""
        self._turned = turns + (self._turned if self._turned * turns > 0 else 0)
        if abs(self._turned) < _NOTCH:
            return False
        self._turned = 0
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, look = QPainter(self.viewport()), tokens()
        painter.fillRect(self.viewport().rect(), QColor(look.bg))
        if not self._count:
            painter.setPen(QColor(look.text2))
            painter.drawText(self.viewport().rect(), Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._empty)
        else:
            self._paper(painter, self._page_at(self._current))
        painter.end()

    def _paper(self, painter: QPainter, page: Page) -> None:
        dots = self.zoom() * self.logicalDpiX() / _INCH
        wide, high = page.width * dots, page.height * dots
        left = max((self.viewport().width() - wide) / 2, _AROUND) - self.horizontalScrollBar().value()
        top = max((self.viewport().height() - high) / 2, _AROUND) - self.verticalScrollBar().value()
        painter.fillRect(QRectF(left + _SHADOW, top + _SHADOW, wide, high), QColor(0, 0, 0, 28))
        painter.fillRect(QRectF(left, top, wide, high), QColor("#FFFFFF"))
        painter.setPen(QColor(tokens().line))
        painter.drawRect(QRectF(left, top, wide, high))
        painter.save()
        painter.setClipRect(QRectF(left, top, wide, high))
        painter.translate(left, top)
        paint(painter, page, dots)
        painter.restore()

    def _measure(self) -> None:
        """Scroll ranges for the page at its zoom."""
        zoom = self.zoom()
        if self._count:
            page, room = self._page_at(self._current), self.viewport().size()
            sizes = ((page.width, self.horizontalScrollBar(), room.width()), (page.height, self.verticalScrollBar(), room.height()))
            for millimetres, bar, seen in sizes:
                whole = round(millimetres * zoom * self.logicalDpiX() / _INCH) + 2 * _AROUND
                bar.setRange(0, max(0, whole - seen))
                bar.setPageStep(seen)
                bar.setSingleStep(40)
        self.zoom_changed.emit(zoom)
        self.viewport().update()


def _nothing(_number: int) -> Page:
    return Page(297, 210, ())
