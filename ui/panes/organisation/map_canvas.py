"""The map itself: pan and zoom, lasso, dragging the chosen areas onto another grid's ground."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QImage, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent, QPen, QPolygonF, QWheelEvent
from PySide6.QtWidgets import QWidget

from ui.panes.organisation import map_paint
from ui.theme.apply import font
from ui.theme.tokens import tokens

if TYPE_CHECKING:
    from lvdesk.geo.backdrop import Backdrop, Tile
    from lvdesk.organisation.mapping import GridMap

_NEAR_PX: Final = 12.0
_MARGIN_PX: Final = 28
_STEP: Final = 1.25
_NAMES_FROM: Final = 0.12
_FINE_BELOW: Final = 0.08
_FURTHEST: Final = 1e-4
_NEAREST: Final = 20.0


class MapCanvas(QWidget):
    """Signals: chosen(area numbers), dropped(area numbers, grid), hovered(area numbers, grid or "") while dragging, moved()."""

    chosen = Signal(list)
    dropped = Signal(list, str)
    hovered = Signal(list, str)
    moved = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.seen: GridMap | None = None
        self.selection: list[int] = []
        self.lasso_on = False
        self.backdrop: Backdrop | None = None
        self.tiles: list[tuple[QImage, tuple[float, float, float, float]]] = []
        self._scale, self._centre = 1.0, (0.0, 0.0)
        self._paths: dict[str, QPainterPath] = {}
        self._inks: dict[str, str] = {}
        self._area_places, self._box_inks, self._area_inks = np.empty((0, 2)), np.empty(0, dtype=np.uint32), [""]
        self._start: QPointF | None = None
        self._lasso: list[QPointF] = []
        self._dragging, self._target = False, ""
        self._fitted = False
        self.setAccessibleName("网格地图")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(360, 240)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def show_map(self, seen: "GridMap", inks: "dict[str, str]", by: str) -> None:
        """Shows a map; the view stays where it was once somebody has moved it."""
        keep = {self.seen.areas[place].area_no for place in self.selection} if self.seen else set()
        self.seen, self._inks = seen, inks
        self.selection = [place for place, area in enumerate(seen.areas) if area.area_no in keep]
        self._area_places = np.array([(area.x, area.y) for area in seen.areas]).reshape(-1, 2)
        self._paths = {each.grid: map_paint.path_of(each) for each in seen.outlines}
        self.colour_by(by)
        if not self._fitted:
            self.fit()
        self.setAccessibleDescription(f"{len(seen.areas)} 个台区，{len(seen.boxes)} 只计量箱，{len(seen.outlines)} 个网格")

    def colour_by(self, by: str) -> None:
        """Another meaning of the colours."""
        if self.seen is None:
            return
        self._area_inks = map_paint.area_colours(self.seen, by, self._inks)
        inks = map_paint.argb([*self._area_inks, map_paint.GREY])
        self._box_inks = inks[self.seen.box_area] if len(self.seen.boxes) else np.empty(0, dtype=np.uint32)
        self.update()

    def fit(self) -> None:
        """Shows everything."""
        places = self._area_places
        if not len(places) or self.width() < 2 * _MARGIN_PX:
            return
        low, high = places.min(axis=0), places.max(axis=0)
        for path in self._paths.values():
            ground = path.boundingRect()
            low = np.minimum(low, (ground.left(), -ground.bottom()))
            high = np.maximum(high, (ground.right(), -ground.top()))
        size = np.maximum(high - low, 50.0)
        self._scale = float(min((self.width() - 2 * _MARGIN_PX) / size[0], (self.height() - 2 * _MARGIN_PX) / size[1]))
        self._centre = (float((low[0] + high[0]) / 2), float((low[1] + high[1]) / 2))
        self._fitted = self.isVisible()
        self._turned()

    def zoom(self, factor: float, at: QPointF | None = None) -> None:
        """Nearer (above 1) or further, around a pixel."""
        spot = at or QPointF(self.width() / 2, self.height() / 2)
        before = self.metres(spot)
        self._scale = min(max(self._scale * factor, _FURTHEST), _NEAREST)
        after = self.metres(spot)
        self._centre = (self._centre[0] + before[0] - after[0], self._centre[1] + before[1] - after[1])
        self._fitted = True
        self._turned()

    def pan(self, right: float, down: float) -> None:
        """Moves the ground by pixels."""
        self._centre = (self._centre[0] - right / self._scale, self._centre[1] + down / self._scale)
        self._fitted = True
        self._turned()

    def select(self, places: Sequence[int]) -> None:
        """Chooses areas."""
        self.selection = sorted(set(places))
        self.update()
        self.chosen.emit(self.numbers())

    def numbers(self) -> list[str]:
        """The chosen areas."""
        return [self.seen.areas[place].area_no for place in self.selection] if self.seen else []

    def show_backdrop(self, backdrop: "Backdrop | None") -> None:
        """Draws a file under the map, None for nothing."""
        self.backdrop, self.tiles = backdrop, []
        self._turned()

    def show_tiles(self, tiles: "Sequence[Tile]") -> None:
        """The pictures of the present ground."""
        self.tiles = [(QImage.fromData(each.data), each.ground) for each in tiles]
        self.update()

    def ground(self) -> tuple[float, float, float, float]:
        """Metres west, south, east, north of what is shown."""
        west, north = self.metres(QPointF(0, 0))
        east, south = self.metres(QPointF(self.width(), self.height()))
        return west, south, east, north

    def metres(self, pixel: QPointF) -> tuple[float, float]:
        """The place under a pixel."""
        x = self._centre[0] + (pixel.x() - self.width() / 2) / self._scale
        return x, self._centre[1] - (pixel.y() - self.height() / 2) / self._scale

    def pixel(self, x: float, y: float) -> QPointF:
        """The pixel of a place."""
        return QPointF(self.width() / 2 + (x - self._centre[0]) * self._scale, self.height() / 2 - (y - self._centre[1]) * self._scale)

    def sizeHint(self) -> QSize:
        """Wide."""
        return QSize(760, 520)

    def resizeEvent(self, _event: object) -> None:
        if not self._fitted:
            self.fit()
        self._turned()

    def showEvent(self, _event: object) -> None:
        self._fitted = self._fitted and self.seen is not None
        if not self._fitted:
            self.fit()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens().surface))
        if self.seen is not None:
            self._paint_ground(painter)
            self._paint_places(painter)
            self._paint_names(painter)
        self._paint_lasso(painter)
        self._paint_scale(painter)
        if self.hasFocus():
            painter.setPen(QPen(QColor(tokens().brand), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.zoom(_STEP ** (event.angleDelta().y() / 120), event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._start = event.position()
        near = self._nearest(event.position())
        self._dragging = near is not None and near in self.selection and not self.lasso_on
        lasso = self.lasso_on or bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._lasso = [event.position()] if lasso else []

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._start is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        if self._lasso:
            self._lasso.append(event.position())
            self.update()
        elif self._dragging:
            self._hover(event.position())
        else:
            step = event.position() - self._start
            self._start = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.pan(step.x(), step.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        start, self._start = self._start, None
        self.setCursor(Qt.CursorShape.CrossCursor if self.lasso_on else Qt.CursorShape.OpenHandCursor)
        if self._lasso:
            self._close_lasso(add=bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier))
        elif self._dragging:
            self._drop()
        elif start is not None and (near := self._nearest(event.position())) is not None:
            held = set(self.selection) if event.modifiers() & Qt.KeyboardModifier.ControlModifier else set()
            self.select(sorted(held ^ {near}))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        pans = {Qt.Key.Key_Left: (60, 0), Qt.Key.Key_Right: (-60, 0), Qt.Key.Key_Up: (0, 60), Qt.Key.Key_Down: (0, -60)}
        key = Qt.Key(event.key())
        if key in pans:
            self.pan(*pans[key])
        elif key in {Qt.Key.Key_Plus, Qt.Key.Key_Equal}:
            self.zoom(_STEP)
        elif key == Qt.Key.Key_Minus:
            self.zoom(1 / _STEP)
        elif key == Qt.Key.Key_Home:
            self.fit()
        else:
            super().keyPressEvent(event)

    def _turned(self) -> None:
        self.update()
        self.moved.emit()

    def _nearest(self, pixel: QPointF) -> int | None:
        if not len(self._area_places):
            return None
        x, y = self.metres(pixel)
        far = np.hypot(self._area_places[:, 0] - x, self._area_places[:, 1] - y) * self._scale
        place = int(far.argmin())
        return place if far[place] <= _NEAR_PX else None

    def _hover(self, pixel: QPointF) -> None:
        x, y = self.metres(pixel)
        target = next((grid for grid, path in self._paths.items() if path.contains(QPointF(x, -y))), "")
        self.setCursor(Qt.CursorShape.DragMoveCursor if target else Qt.CursorShape.ForbiddenCursor)
        if target != self._target:
            self._target = target
            self.hovered.emit(self.numbers(), target)
            self.update()

    def _drop(self) -> None:
        target, self._target, self._dragging = self._target, "", False
        self.hovered.emit(self.numbers(), "")
        if target and self.seen is not None:
            moving = [each for each in self.numbers() if self.seen.picture.grid_of.get(each, "") != target]
            if moving:
                self.dropped.emit(moving, target)
        self.update()

    def _close_lasso(self, *, add: bool) -> None:
        ring, self._lasso = QPolygonF(self._lasso), []
        pixels = [self.pixel(float(x), float(y)) for x, y in self._area_places]
        inside = [place for place, pixel in enumerate(pixels) if ring.containsPoint(pixel, Qt.FillRule.OddEvenFill)]
        self.select([*self.selection, *inside] if add else inside)

    def _paint_ground(self, painter: QPainter) -> None:
        look = tokens()
        for image, (west, south, east, north) in self.tiles:
            painter.drawImage(QRectF(self.pixel(west, north), self.pixel(east, south)), image)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(self.width() / 2 - self._centre[0] * self._scale, self.height() / 2 + self._centre[1] * self._scale)
        painter.scale(self._scale, self._scale)
        for grid, path in self._paths.items():
            ink = QColor(self._inks.get(grid, map_paint.GREY))
            ground = QColor(ink)
            ground.setAlpha(72 if grid == self._target else 34)
            painter.setPen(_cosmetic(ink, 3.0 if grid == self._target else 1.5))
            painter.setBrush(ground)
            painter.drawPath(path)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if self.backdrop is not None:
            painter.setPen(_cosmetic(QColor(look.text3), 1.0))
            for way in self.backdrop.ways:
                painter.drawPolyline(QPolygonF([QPointF(float(x), -float(y)) for x, y in way]))
        pen = _cosmetic(QColor(look.line_hover), 1.0)
        pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        assert self.seen is not None  # noqa: S101 - painted only with a map
        for first, second in self.seen.lines:
            (x1, y1), (x2, y2) = self._area_places[first], self._area_places[second]
            painter.drawLine(QPointF(float(x1), -float(y1)), QPointF(float(x2), -float(y2)))
        painter.restore()

    def _paint_places(self, painter: QPainter) -> None:
        assert self.seen is not None  # noqa: S101 - painted only with a map
        if len(self.seen.boxes):
            moved = (self.seen.boxes - self._centre) * (self._scale, -self._scale) + (self.width() / 2, self.height() / 2)
            picture = map_paint.stamped(moved, self._box_inks, self.width(), self.height(), fine=self._scale < _FINE_BELOW)
            painter.setOpacity(0.55)
            painter.drawImage(0, 0, picture)
            painter.setOpacity(1.0)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen, ground = set(self.selection), QRectF(self.rect()).adjusted(-8, -8, 8, 8)
        for place, (x, y) in enumerate(self._area_places):
            spot = self.pixel(float(x), float(y))
            if not ground.contains(spot):
                continue
            painter.setBrush(QColor(self._area_inks[place]))
            painter.setPen(QPen(QColor(tokens().text if place in chosen else "#FFFFFF"), 2.4 if place in chosen else 1.2))
            painter.drawEllipse(spot, 6.5 if place in chosen else 5.0, 6.5 if place in chosen else 5.0)

    def _paint_names(self, painter: QPainter) -> None:
        assert self.seen is not None  # noqa: S101 - painted only with a map
        names = {view.grid_no: view.name for view in self.seen.picture.grids}
        painter.setFont(font(13, QFont.Weight.DemiBold))
        for each in self.seen.outlines:
            self._name(painter, self.pixel(*each.centre), names.get(each.grid, each.grid), self._inks.get(each.grid, tokens().text))
        if self._scale < _NAMES_FROM or len(self.seen.areas) * 4000 > self.width() * self.height() * 4:
            return
        painter.setFont(font(11))
        for area in self.seen.areas:
            spot = self.pixel(area.x, area.y)
            if self.rect().contains(spot.toPoint()):
                self._name(painter, spot + QPointF(0, 14), area.name, tokens().text2)

    @staticmethod
    def _name(painter: QPainter, spot: QPointF, text: str, ink: str) -> None:
        metrics = painter.fontMetrics()
        place = QRectF(
            spot.x() - metrics.horizontalAdvance(text) / 2 - 3,
            spot.y() - metrics.height() / 2,
            metrics.horizontalAdvance(text) + 6,
            metrics.height(),
        )
        ground = QColor(tokens().surface)
        ground.setAlpha(205)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(place, 3, 3)
        painter.setPen(QColor(ink))
        painter.drawText(place, int(Qt.AlignmentFlag.AlignCenter), text)

    def _paint_lasso(self, painter: QPainter) -> None:
        if len(self._lasso) > 1:
            ink = QColor(tokens().brand)
            ink.setAlpha(40)
            painter.setPen(QPen(QColor(tokens().brand), 1.5, Qt.PenStyle.DashLine))
            painter.setBrush(ink)
            painter.drawPolygon(QPolygonF(self._lasso))

    def _paint_scale(self, painter: QPainter) -> None:
        wanted = 110 / self._scale
        power = 10 ** int(np.floor(np.log10(max(wanted, 1))))
        metres = next((step * power for step in (5, 2, 1) if step * power <= wanted), power)
        wide, base = metres * self._scale, self.height() - 16
        painter.setPen(QPen(QColor(tokens().text2), 2))
        painter.drawLine(QPointF(16, base), QPointF(16 + wide, base))
        painter.setFont(font(11))
        painter.drawText(QPointF(16, base - 5), f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m")


def _cosmetic(ink: QColor, width: float) -> QPen:
    """A pen as wide on every scale."""
    pen = QPen(ink, width)
    pen.setCosmetic(True)
    return pen
