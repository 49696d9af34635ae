"""What the lists of the page show: orders, trips."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from lvdesk.kit.table import Column
from ui.panes.workorders.cards import countdown
from ui.panes.workorders.loading import Services
from ui.widgets.list_view import Listing

if TYPE_CHECKING:
    from lvdesk.workorders.dispatching import Trip
    from lvdesk.workorders.reading import Order

_PAGE = "workorders"


def orders(clock: Callable[[], datetime]) -> Listing:
    """Orders as a table."""
    columns = (
        Column("number", "工单", "identifier", 120), Column("state", "状态", "code", 90), Column("kind", "类型", "code", 100),
        Column("title", "事项", "text", 220), Column("person", "负责人", "code", 80), Column("left", "时限", "text", 150),
        Column("source", "来源", "code", 80), Column("address", "地址", "text", 180), Column("at", "受理时间", "date", 130),
    )  # fmt: skip

    def line(each: "Order") -> tuple[str, ...]:
        at = each.created_at[:16].replace("T", " ")
        told = countdown(each, clock())[0]
        return each.order_no, each.state_title, each.kind_title, each.title, each.responsible, told, each.source, each.address, at

    empty = ("board", "没有符合条件的工单", "换一个筛选条件")
    return Listing(_PAGE, "table", "工单", columns, line, lambda each: f"{each.order_no}　{each.title}", lambda: (), empty)


def trips(services: Services) -> Listing:
    """Trips of people."""
    columns = (
        Column("person", "人员", "text", 90), Column("orders", "工单", "number", 60), Column("stops", "地点", "number", 60),
        Column("way", "路程", "text", 90), Column("places", "经过", "text", 520),
    )  # fmt: skip

    def line(trip: "Trip") -> tuple[str, ...]:
        way = " → ".join(stop.title for stop in trip.stops)
        return trip.person, str(len(trip.orders)), str(len(trip.stops)), f"{trip.metres / 1000:.1f} km", way

    def said(trip: "Trip") -> str:
        return f"{trip.person}：{len(trip.orders)} 张工单合并成一趟，{len(trip.stops)} 处，每处只去一次"

    empty = ("map", "没有待办的工单", "建立工单后，这里把同一地点的工单合成一趟")
    return Listing(_PAGE, "trips", "行程", columns, line, said, services.trips, empty)
