"""The map of the grids on paper: true to a round scale, with legend, scale bar and north."""

import math
from collections.abc import Callable, Iterator, Mapping
from typing import Final

from lvdesk.kit.errors import RefusedError
from lvdesk.kit.page import Disc, Line, Page, Polygon, Primitive, Rectangle, TextBox
from lvdesk.organisation.mapping import GridMap, grid_map
from lvdesk.organisation.paper.areas import foot
from lvdesk.workspace import Workspace

PALETTE: Final = ("#00706B", "#C05A12", "#1F66B5", "#8A3FA0", "#7A6A00", "#B02A5B", "#3F7D20", "#5B5FC7", "#A8452C", "#2E7F9F")
"""Colours of grids, one after the other; distinct for colour-blind people in neighbouring places, and grids are named on the map."""
_NONE: Final = "#6F7F85"
_A3: Final = (420.0, 297.0)
_LEGEND: Final = 78.0
_MARGIN: Final = 12.0


def colours(seen: GridMap) -> Mapping[str, str]:
    """Grid -> its colour, the same on screen and paper."""
    return {view.grid_no: PALETTE[place % len(PALETTE)] for place, view in enumerate(seen.picture.grids)}


def map_page(ws: Workspace) -> Iterator[Page]:
    """One A3 page.

    Raises:
        RefusedError: ``grids.no_places`` where nothing has a place.
    """
    seen = grid_map(ws)
    if not seen.areas:
        raise RefusedError("grids.no_places", "公变台区都没有坐标，画不出网格图", "请先导入带坐标的台区或计量箱")
    xs = [area.x for area in seen.areas] + [point[0] for each in seen.outlines for ring in each.rings for point in ring]
    ys = [area.y for area in seen.areas] + [point[1] for each in seen.outlines for ring in each.rings for point in ring]
    wide, high = _A3[0] - _LEGEND - 2 * _MARGIN, _A3[1] - 2 * _MARGIN - 22
    scale = _round_scale(max((max(xs) - min(xs)) / wide, (max(ys) - min(ys)) / high, 0.05) * 1000)
    middle = ((max(xs) + min(xs)) / 2, (max(ys) + min(ys)) / 2)

    def at(x: float, y: float) -> tuple[float, float]:
        return _MARGIN + wide / 2 + (x - middle[0]) * 1000 / scale, _MARGIN + 18 + high / 2 - (y - middle[1]) * 1000 / scale

    inks = colours(seen)
    yield Page(*_A3, (
        TextBox(_MARGIN, _MARGIN - 3, 250, 10, f"{ws.title}  供电服务网格图", size=20, bold=True),
        TextBox(_MARGIN, _MARGIN + 7, 250, 6, f"{seen.picture.day}   比例尺 1:{scale:,}   CGCS2000", size=10, colour="#5A6A70"),
        Rectangle(_MARGIN, _MARGIN + 18, wide, high, 0.3, "", "#B9C6CA"), *_ground(seen, inks, at), *_legend(seen, inks, scale),
        TextBox(_MARGIN, _A3[1] - _MARGIN + 1, 300, 5, foot(ws, "网格管理使用"), size=7.5, colour="#5A6A70"),
    ), "网格图")  # fmt: skip


def _ground(seen: GridMap, inks: Mapping[str, str], at: Callable[[float, float], tuple[float, float]]) -> list[Primitive]:
    """Outlines, lines, areas and the grids' names."""
    items: list[Primitive] = []
    for each in seen.outlines:
        ink = inks.get(each.grid, _NONE)
        rings = tuple(tuple(at(float(point[0]), float(point[1])) for point in ring) for ring in each.rings)
        items.append(Polygon(rings, 0.45, _soft(ink), ink))
    for first, second in seen.lines:
        one, two = seen.areas[first], seen.areas[second]
        items.append(Line(*at(one.x, one.y), *at(two.x, two.y), 0.15, (1.2, 0.8), "#8FA0A6"))
    items += [Disc(*at(area.x, area.y), 0.9, inks.get(area.grid, _NONE), 0.15, "#FFFFFF") for area in seen.areas]
    names = {view.grid_no: view.name for view in seen.picture.grids}
    for each in seen.outlines:
        x, y = at(*each.centre)
        name, ink = names.get(each.grid, each.grid), inks.get(each.grid, _NONE)
        items.append(TextBox(x - 25, y - 4, 50, 8, name, size=12, bold=True, align="center", colour=ink))
    return items


def _legend(seen: GridMap, inks: Mapping[str, str], scale: int) -> list[Primitive]:
    x, y = _A3[0] - _MARGIN - _LEGEND + 6, _MARGIN + 18
    items: list[Primitive] = [TextBox(x, y, _LEGEND - 8, 7, "网格", size=12, bold=True)]
    step = min(12.0, (_A3[1] - 90) / max(len(seen.picture.grids), 1))
    for place, view in enumerate(seen.picture.grids):
        top = y + 9 + place * step
        items.append(Rectangle(x, top + 1, 5, 4, 0.3, _soft(inks[view.grid_no]), inks[view.grid_no]))
        items.append(TextBox(x + 7, top, _LEGEND - 16, step / 2, f"{view.name}  {view.leader or '（缺网格长）'}", size=9))
        told = f"{len(view.areas)} 台区  {view.customers:,} 户  人均 {view.share:.2f}"
        items.append(TextBox(x + 7, top + step / 2, _LEGEND - 16, step / 2, told, size=7.5, colour="#5A6A70"))
    bar = _round_scale(scale / 1000 * 50, least=10)
    base = _A3[1] - _MARGIN - 14
    long = bar * 1000 / scale
    items += [
        Line(x, base, x + long, base, 0.6), Line(x, base - 2, x, base, 0.4), Line(x + long, base - 2, x + long, base, 0.4),
        TextBox(x, base + 1, 60, 5, f"{bar:,} 米" if bar < 1000 else f"{bar / 1000:g} 千米", size=8.5),
        TextBox(x, base - 16, 20, 10, "北 ↑", size=12, bold=True), Disc(x + 40, base - 11, 0.9),
        TextBox(x + 43, base - 14, 20, 6, "公变台区", size=8.5),
    ]  # fmt: skip
    return items


def _round_scale(least_scale: float, least: int = 500) -> int:
    """The next round number: 1, 2, 2.5 or 5 times a power of ten."""
    power = 10 ** math.floor(math.log10(max(least_scale, least)))
    return int(next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= max(least_scale, least)))


def _soft(ink: str) -> str:
    """A light ground of the same colour."""
    parts = [int(ink[place : place + 2], 16) for place in (1, 3, 5)]
    return "#" + "".join(f"{round(255 - (255 - part) * 0.16):02X}" for part in parts)
