"""The group ``orders``: the board of a station with a year of 20,000 orders behind it."""

import random
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tests.bench.apart import measure, memory, tell
from tests.helpers.figures import Figure

if TYPE_CHECKING:
    from tests.bench.plan import Bench

Result = dict[str, Any]
_ORDERS: Final = 20_000
_GOAL: Final = 0.5
_KINDS: Final = ("repair", "meter_data", "complaint", "data_check", "collection")
_CLOSED: Final = 0.97


def orders(bench: "Bench") -> Iterator[Figure]:
    """What a person waits for who opens the board."""
    folder = bench.fresh()
    measure("orders.make", _ORDERS, folder)
    runs = sorted((measure("orders.opened", folder).said for _run in range(bench.runs)), key=lambda said: float(said["seconds"]))
    found = runs[len(runs) // 2]
    what = f"orders: the board opens, {_ORDERS:,} orders of a year, {found['open']:,} of them on the board"
    yield bench.figure(what, f"{found['seconds']:.2f} s", f"< {_GOAL} s", met=found["seconds"] < _GOAL)
    what = "orders: a card is dragged, longest frame"
    yield bench.figure(what, f"{found['drag']:.0f} ms", "< 100 ms", met=found["drag"] < 100)


def make(count: str, folder: str) -> Result:
    """A year of orders, most of them archived."""
    from lvdesk.workorders.reading import EVENT, ORDER, TASK
    from lvdesk.workspace import Workspace
    from tests.helpers.grids import with_areas
    from tests.helpers.ordering import CHINA, story

    ws = Workspace.open(Path(folder), person="钱内勤")
    areas, dice = with_areas(ws), random.Random(1)
    rows, events, tasks = [], [], []
    for number in range(int(count)):
        told = story(dice, datetime(2026, 1, 1, tzinfo=CHINA) + timedelta(minutes=dice.randint(0, 520_000)))
        state = "archived" if dice.random() < _CLOSED else told[-1].state
        area, order_no = areas[number % len(areas)], f"GD{number:06d}"
        rows.append((order_no, dice.choice(_KINDS), "事项", area, area, state, "钱内勤", told[0].at, *[""] * 14, 0, 0, 1, 0))
        events += [(order_no, each.at, each.action, each.state, each.person, each.target, 0, "") for each in told]
        tasks.append((order_no, 1, "核实", "核实", "", "", ""))
    texts = ("source", "source_no", "entity", "feeder_no", "address", "contact", "phone", "note", "helpers", "satisfaction", "merged_into",
             "origin", "created_by", "zone")  # fmt: skip
    columns = (
        "order_no",
        "kind",
        "title",
        "key",
        "area_no",
        "state",
        "responsible",
        "created_at",
        *texts,
        "level",
        "urgent",
        "visits",
        "reopened",
    )
    rows = [(*row[:21], "rural", *row[22:]) for row in rows]
    with ws.store.write("一年的工单") as write:
        write.insert(ORDER, columns, rows, len(rows))
        write.insert(EVENT, ("order_no", "at", "action", "state", "person", "target", "level", "reason"), events, len(events))
        write.insert(TASK, ("order_no", "position", "kind", "what", "done_at", "done_by", "result"), tasks, len(tasks))
    ws.close()
    return {"seconds": 0.0, "before": 0.0}


def opened(folder: str) -> Result:
    """Reading and the first picture of the board, then a card dragged across."""
    import os

    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QPoint
    from PySide6.QtWidgets import QApplication

    from lvdesk.workspace import Workspace
    from tests.helpers.ordering import CHINA
    from ui.panes.workorders.board_view import BoardView
    from ui.panes.workorders.cards import cards_of
    from ui.panes.workorders.loading import StationOrders

    app = QApplication([])
    ws = Workspace.open(Path(folder), person="钱内勤", clock=lambda: datetime(2026, 12, 31, 12, tzinfo=CHINA))
    services = StationOrders(ws)
    services.book()
    view = BoardView(ws.clock)
    view.resize(1120, 600)
    view.show()
    app.processEvents()
    begun = time.perf_counter()
    seen = services.board()
    view.show_cards(cards_of(seen, seen.orders, ""))
    view.viewport().repaint()
    seconds = time.perf_counter() - begun
    longest = 0.0
    for step in range(60):
        at = time.perf_counter()
        view._drag_at = QPoint(40 + step * 15, 200)
        view.viewport().repaint()
        longest = max(longest, (time.perf_counter() - at) * 1000)
    ws.close()
    app.quit()
    return {"seconds": seconds, "before": 0.0, "memory": memory(), "open": len(seen.orders), "drag": longest}


if __name__ == "__main__":
    tell({"make": make, "opened": opened}[sys.argv[1]](*sys.argv[2:]))
