"""How the map is drawn: boxes stamped into a picture at once, grounds as paths in metres, names where there is room."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainterPath, QPolygonF

if TYPE_CHECKING:
    from lvdesk.organisation.mapping import GridMap, MapArea
    from lvdesk.organisation.outlines import Outline

GREY: Final = "#8A999F"
RAMP: Final = ("#2C7A4B", "#8BAF3C", "#E0A81C", "#D2691E", "#B3261E")
"""From little to much; dark at both ends, so that it reads in grey too."""
BY: Final = (("grid", "网格"), ("manager", "客户经理户数"), ("load", "工作量"), ("errors", "数据质量"))
_SQUARE: Final = ((0, 0), (1, 0), (0, 1), (1, 1))
_STAMP: Final = tuple((x, y) for x in range(-1, 2) for y in range(-1, 2))


def stamped(places: NDArray[np.float64], inks: NDArray[np.uint32], wide: int, high: int, *, fine: bool) -> QImage:
    """A transparent picture with a dot of its colour (ARGB) at each place of pixels; ``fine`` dots are smaller."""
    canvas = np.zeros((high, wide), dtype=np.uint32)
    x, y = places[:, 0].astype(np.int32), places[:, 1].astype(np.int32)
    seen = np.flatnonzero((x >= 2) & (x < wide - 2) & (y >= 2) & (y < high - 2))
    flat, spot, ink = canvas.reshape(-1), y[seen] * wide + x[seen], inks[seen]
    for right, down in _SQUARE if fine else _STAMP:
        flat[spot + down * wide + right] = ink
    return QImage(canvas.tobytes(), wide, high, wide * 4, QImage.Format.Format_ARGB32_Premultiplied).copy()


def argb(colours: Sequence[str]) -> NDArray[np.uint32]:
    """Colours as numbers of four bytes."""
    return np.array([QColor(each).rgba() for each in colours], dtype=np.uint32)


def path_of(outline: "Outline") -> QPainterPath:
    """An outline in metres, north up."""
    path = QPainterPath()
    for ring in outline.rings:
        path.addPolygon(QPolygonF([QPointF(float(x), -float(y)) for x, y in ring]))
        path.closeSubpath()
    return path


def area_colours(seen: "GridMap", by: str, grid_inks: "dict[str, str]") -> list[str]:
    """The colour of each area."""
    if by == "grid":
        return [grid_inks.get(area.grid, GREY) for area in seen.areas]
    values = _values(seen, by)
    top = float(np.quantile(values, 0.95)) if len(values) else 0.0
    steps = np.clip(values / top * len(RAMP), 0, len(RAMP) - 1).astype(int) if top else np.zeros(len(values), dtype=int)
    return [RAMP[step] for step in steps]


def legend(seen: "GridMap", by: str) -> list[tuple[str, str]]:
    """Colour and words of each step; empty for colours of grids, which are named on the map."""
    values = _values(seen, by) if by != "grid" else np.empty(0)
    top = float(np.quantile(values, 0.95)) if len(values) else 0.0
    unit = {"manager": "户/人", "load": "", "errors": "处"}.get(by, "")
    step = top / len(RAMP)
    return [(ink, f"{step * place:,.0f}–{step * (place + 1):,.0f} {unit}".strip()) for place, ink in enumerate(RAMP)] if top else []


def _values(seen: "GridMap", by: str) -> NDArray[np.float64]:
    if by == "manager":
        held: dict[str, int] = {}
        for area in seen.areas:
            held[area.manager] = held.get(area.manager, 0) + area.customers
        return np.array([held[area.manager] if area.manager else 0 for area in seen.areas], dtype=np.float64)
    return np.array([_value(area, by) for area in seen.areas], dtype=np.float64)


def _value(area: "MapArea", by: str) -> float:
    return area.load if by == "load" else float(area.errors)
