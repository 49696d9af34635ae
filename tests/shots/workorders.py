"""Pictures of the work orders over a real station: board, swimlanes, table, calendar, trips, a form, nothing yet."""

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QWidget

from lvdesk.kit.errors import RefusedError
from lvdesk.kit.settings import Settings
from lvdesk.organisation.state import state
from lvdesk.workorders.creating import NewOrder, create
from lvdesk.workorders.model import Action, Request
from lvdesk.workorders.moving import act, finish_task, prove
from lvdesk.workorders.types import load_orders
from lvdesk.workspace import Workspace
from tests.helpers.grids import organised
from tests.shots import station
from tests.shots.stage import Scene
from ui.main_window import MainWindow
from ui.panes import discover
from ui.panes.workorders.pane import WorkOrdersPane

_NARROW: Final = ((1366, 768),)
_KINDS: Final = (
    ("repair", "表后停电，邻居有电"), ("meter_data", "电费突增，要求核实"), ("complaint", "反映停电未通知"), ("box_defect", "表箱门损坏"),
    ("new_supply", "居民新装"), ("collection", "连续三天采集失败"), ("data_check", "户变关系核实"),
)  # fmt: skip
_WAY: Final = (Action.ACCEPT, Action.DISPATCH, Action.TAKE, Action.ARRIVE, Action.WORK)


def filled(ws: Workspace) -> None:
    """Some thirty orders in every lane, some late, one paused."""
    dice, areas = random.Random(4), list(state(ws).areas)
    clock, now = ws.clock, ws.clock()
    for place in range(32):
        kind, title = _KINDS[place % len(_KINDS)]
        ws.clock = station.Moment(now - timedelta(minutes=dice.randint(10, 6000)))
        number = create(ws, [NewOrder(kind, title, "transformer_area", areas[place % len(areas)], source="95598")]).numbers[0]
        ws.clock = clock
        steps = dice.randint(0, len(_WAY) + 1)
        for action in _WAY[:steps] if place % 9 else _WAY[:2]:
            try_act(ws, number, Request(action))
        if steps > len(_WAY):
            finish(ws, number, kind)
        if place == 11:
            try_act(ws, number, Request(Action.SUSPEND, reason="等待物资"))


def try_act(ws: Workspace, number: str, request: Request) -> None:
    """Does it where the state allows."""
    with suppress(RefusedError):
        act(ws, [number], request)


def finish(ws: Workspace, number: str, kind: str) -> None:
    """Tasks and evidence, then done."""
    finish_task(ws, number, 1)
    for each in load_orders(None).types[kind].evidence:
        prove(ws, number, each, "已核实")
    try_act(ws, number, Request(Action.FINISH))
    try_act(ws, number, Request(Action.ARCHIVE, satisfaction="满意"))


def pane(widget: QWidget) -> WorkOrdersPane:
    """The page of a window."""
    assert isinstance(widget, MainWindow)
    found = widget.stack.pane("workorders")
    assert isinstance(found, WorkOrdersPane)
    return found


def _full(folder: Path) -> MainWindow:
    ws = station.workspace(folder)
    organised(ws, folder)
    filled(ws)
    shown = MainWindow(ws, discover(), Settings(folder / "window.json"))
    shown.navigate("workorders")
    return shown


def _empty(folder: Path) -> MainWindow:
    return station.window(folder, "workorders")


def _ready(widget: QWidget) -> bool:
    return pane(widget).seen is not None


def _calm(widget: QWidget) -> bool:
    return not pane(widget).context.jobs._running


def _turned(key: str) -> Callable[[QWidget], None]:
    return lambda widget: pane(widget).show_view(key)


def _swim(widget: QWidget) -> None:
    bar = pane(widget).filters
    bar.swim.setCurrentIndex(1)
    pane(widget).apply_filters()


def scenes() -> list[Scene]:
    """All pictures of the page."""
    made = [
        Scene("workorders", _full, _ready, settled=_calm, readme="orders"),
        Scene("workorders-swim", _full, _ready, act=_swim, settled=_calm),
    ]
    made += [Scene(f"workorders-{key}", _full, _ready, act=_turned(key), settled=_calm) for key in ("table", "calendar", "trips")]
    return [*made, Scene("workorders-empty", _empty, _ready, settled=_calm, sizes=_NARROW)]
