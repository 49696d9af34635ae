"""Dispatch slips and trip sheets on paper: marks in the corners by which a photographed page is laid flat, boxes to tick."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from lvdesk.kit.clock import stamp
from lvdesk.kit.flow import A4, Col, Flow
from lvdesk.kit.page import Code, Comb, Line, Page, Primitive, Rectangle, TextBox, TickBox
from lvdesk.workorders.dispatching import Trip
from lvdesk.workorders.reading import Order
from lvdesk.workorders.types import load_orders
from lvdesk.workspace import Workspace

MARK: Final = "LVDESK:SLIP"
MARK_MM: Final = 17.0
_MARGIN: Final = 12.0
_GREY: Final = "#5A6A70"
TICK: Final = 4.2
TASK_ROWS: Final = 8
OUTCOMES: Final = (("done", "已处理"), ("none", "无人在家"), ("refused", "客户拒绝"), ("more", "需再次到场"))


@dataclass(frozen=True)
class Spot:
    """A box to tick: ``name`` is ``task.N`` or ``outcome.KEY``; its middle in millimetres."""

    name: str
    x: float
    y: float


def marks() -> dict[str, tuple[float, float]]:
    """Corner -> the upper left corner of its mark, millimetres: the same on every slip."""
    right, low = A4[0] - _MARGIN - MARK_MM, A4[1] - _MARGIN - MARK_MM
    return {"1": (_MARGIN, _MARGIN), "2": (right, _MARGIN), "3": (_MARGIN, low), "4": (right, low)}


def spots(tasks: int) -> list[Spot]:
    """The boxes to tick of a slip with so many tasks."""
    found = [Spot(f"task.{place}", _MARGIN + 6, 100.0 + place * 9.0) for place in range(1, min(tasks, TASK_ROWS) + 1)]
    return found + [Spot(f"outcome.{key}", _MARGIN + 8 + at * 46, 196.0) for at, (key, _title) in enumerate(OUTCOMES)]


def slips(ws: Workspace, orders: Sequence[Order]) -> Iterator[Page]:
    """One page for each order."""
    for each in orders:
        yield _slip(ws, each)


def trip_sheets(ws: Workspace, trips: Sequence[Trip], orders: Sequence[Order]) -> Iterator[Page]:
    """One sheet for each trip: stops in walking order, what is to be done at each."""
    known = {each.order_no: each for each in orders}
    for trip in trips:
        under = f"{trip.person}   {len(trip.stops)} 处  {len(trip.orders)} 张工单  约 {trip.metres / 1000:.1f} km   {ws.clock():%Y-%m-%d}"
        flow = Flow("派工行程单", under, f"{ws.title}  {ws.person}  {stamp(ws.clock())[:16].replace('T', ' ')}  现场作业使用")
        flow.skip(4)
        columns = (
            Col("序", 0.5, "center"),
            Col("地点", 3),
            Col("工单", 2.2, lines=4),
            Col("要做的事", 5, lines=6),
            Col("完成", 0.8, "center"),
        )
        rows = []
        for place, stop in enumerate(trip.stops, 1):
            held = [known[number] for number in stop.orders if number in known]
            todo = "\n".join(f"{task.kind}：{task.what}" for each in held for task in each.tasks if not task.done_at)
            rows.append((str(place), f"{stop.title}\n{stop.area_no}", "\n".join(stop.orders), todo, "□"))
        flow.table(columns, rows)
        flow.sign(("作业人", "网格长"))
        yield from flow.pages()


def _slip(ws: Workspace, order: Order) -> Page:
    book = load_orders(ws.overrides)
    width, height = A4
    items: list[Primitive] = [Code(x, y, MARK_MM, MARK_MM, "qr", f"{MARK}:{order.order_no}:{corner}") for corner, (x, y) in marks().items()]
    left, wide = _MARGIN + MARK_MM + 4, width - 2 * (_MARGIN + MARK_MM + 4)
    items += [
        TextBox(left, _MARGIN, wide, 9, f"{order.kind_title}派工单", size=18, bold=True, align="center"),
        TextBox(left, _MARGIN + 9, wide, 6, f"{order.order_no}   {order.state_title}", size=11, align="center", mono=True),
    ]
    facts = [
        ("事项", order.title), ("来源", f"{order.source} {order.source_no}".strip()), ("地址", order.address), ("对象", f"{order.key}"),
        ("联系人", f"{order.contact}  {order.phone}".strip()), ("台区", order.area_no), ("负责人", order.responsible),
        ("协同", "、".join(order.helpers)), ("受理", order.created_at[:16].replace("T", " ")),
        ("期限", "；".join(f"{each.title} {each.due:%m-%d %H:%M}" for each in order.clocks if each.due)),
    ]  # fmt: skip
    top = 34.0
    for place, (name, value) in enumerate(facts):
        rank, column = divmod(place, 2)
        x, y, cell = _MARGIN + column * 93, top + rank * 8.4, 93.0
        items += [
            Rectangle(x, y, cell, 8.4, 0.15, "", "#B9C6CA"), TextBox(x + 1.5, y, 16, 8.4, name, size=9, colour=_GREY),
            TextBox(x + 18, y, cell - 20, 8.4, value, size=9.5, lines=2, least=6),
        ]  # fmt: skip
    items.append(TextBox(_MARGIN, 94, 100, 6, "任务（做完打勾）", size=11, bold=True))
    for spot in spots(len(order.tasks)):
        items.append(TickBox(spot.x - TICK / 2, spot.y - TICK / 2, TICK, spot.name))
    for place, task in enumerate(order.tasks[:TASK_ROWS], 1):
        y = 100.0 + place * 9.0
        items.append(TextBox(_MARGIN + 11, y - 4.3, 170, 8.6, f"{place}. {task.kind}：{task.what}", size=10, lines=2, least=6))
        items.append(Line(_MARGIN, y + 4.5, width - _MARGIN, y + 4.5, 0.1, colour="#D5DEE0"))
    for at, (_key, title) in enumerate(OUTCOMES):
        items.append(TextBox(_MARGIN + 12 + at * 46, 193, 34, 6, title, size=10))
    needs = "、".join(book.evidence[name] for name in book.types[order.kind].evidence) if order.kind in book.types else ""
    items += [
        TextBox(_MARGIN, 186, 120, 6, "结果", size=11, bold=True), TextBox(_MARGIN, 203, 40, 7, "表计示数", size=10),
        Comb(_MARGIN + 24, 203, 56, 7, 8, "reading"), TextBox(_MARGIN + 86, 203, 90, 7, f"关闭需要：{needs}", size=9, colour=_GREY),
        TextBox(_MARGIN, 213, 60, 6, "处理说明", size=10), Rectangle(_MARGIN, 219, width - 2 * _MARGIN, 28, 0.15, "", "#B9C6CA"),
        TextBox(left, 252, 40, 7, "客户签字：", size=10), Line(left + 20, 259, left + 62, 259, 0.2),
        TextBox(left + 68, 252, 40, 7, "作业人签字：", size=10), Line(left + 92, 259, left + 130, 259, 0.2),
        TextBox(left, height - _MARGIN - 8, wide, 5, "四角图案不要遮挡；拍照时拍下整页", size=8, colour=_GREY, align="center"),
        TextBox(left, height - _MARGIN - 3, wide, 5, f"{ws.title}  {ws.person}  {stamp(ws.clock())[:16].replace('T', ' ')}  现场作业使用",
                size=7.5, colour=_GREY, align="center"),
    ]  # fmt: skip
    return Page(width, height, tuple(items), order.order_no)
