"""The map of the grids measured frame by frame: ``python -m tests.bench.map [POINTS]``; 1366×768, offscreen."""

import os
import statistics
import sys
import time
from typing import Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication

from lvdesk.organisation.grids import GridView, Picture
from lvdesk.organisation.mapping import GridMap, MapArea
from lvdesk.organisation.outlines import outlines
from lvdesk.organisation.state import State
from ui.panes.organisation.map_canvas import MapCanvas

_AREAS: Final = 300
_GRIDS: Final = 20
_STEPS: Final = 120
_SIZE: Final = (1040, 600)


def station(points: int) -> GridMap:
    """300 areas in 20 grids over 15 km, so many boxes around them."""
    dice = np.random.default_rng(7)
    plane, seats = dice.uniform(-7500, 7500, (_AREAS, 2)), dice.uniform(-7500, 7500, (_GRIDS, 2))
    grid = [f"WG{place:02d}" for place in np.hypot(*(plane[:, None] - seats[None]).transpose(2, 0, 1)).argmin(axis=1)]
    areas = tuple(MapArea(f"A{n}", f"{n}#公变", grid[n], "", float(x), float(y), 80, 1, 90.0) for n, (x, y) in enumerate(plane))
    box_area = dice.integers(0, _AREAS, points)
    boxes = plane[box_area] + dice.normal(0, 180, (points, 2))
    views = tuple(GridView(f"WG{n:02d}", f"第{n}网格", "", (), (), (), 0, 0, 0, 0.0, 1.0) for n in range(_GRIDS))
    seen = Picture("2026-11-24", State({}, {}), {}, views, (), {}, {})
    lines = tuple((n, n + 1) for n in range(_AREAS - 1))
    return GridMap(seen, (115.0, 34.0), areas, boxes, box_area.astype(np.int64), lines, tuple(outlines(plane, grid)), ())


def frames(points: int) -> dict[str, list[float]]:
    """Milliseconds of each frame, panning and zooming."""
    canvas = MapCanvas()
    canvas.resize(*_SIZE)
    canvas.show_map(station(points), {f"WG{n:02d}": "#00706B" for n in range(_GRIDS)}, "grid")
    canvas.show()
    QApplication.processEvents()
    canvas.fit()
    canvas.repaint()
    found: dict[str, list[float]] = {"平移": [], "缩放": []}
    for step in range(_STEPS):
        begun = time.perf_counter()
        canvas.pan(7 if step % 40 < 20 else -7, 3)
        canvas.repaint()
        found["平移"].append((time.perf_counter() - begun) * 1000)
    for step in range(_STEPS):
        begun = time.perf_counter()
        canvas.zoom(1.06 if step % 60 < 30 else 1 / 1.06, QPointF(300, 300))
        canvas.repaint()
        found["缩放"].append((time.perf_counter() - begun) * 1000)
    return found


if __name__ == "__main__":
    app = QApplication([])
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    for name, times in frames(count).items():
        sys.stdout.write(f"{name}：{count:,} 只箱，中位 {statistics.median(times):.1f} 毫秒，最长 {max(times):.1f} 毫秒\n")
