"""Pictures of the ledger: importing a dirty station, looking through it, nothing there yet, something broken."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from lvdesk.kit.errors import KnownError
from lvdesk.kit.progress import Progress
from lvdesk.kit.settings import Settings
from lvdesk.kit.table import Query
from lvdesk.ledger import deskcheck
from lvdesk.network import browsing, editing
from lvdesk.workspace import Workspace
from tests.shots.stage import Scene
from tests.shots.station import desk_files, encrypted, window, workspace
from ui.main_window import MainWindow
from ui.panes import discover
from ui.panes.base import Context
from ui.panes.ledger.desk_all import Listed, MarkAll
from ui.panes.ledger.desk_loading import StationDesk
from ui.panes.ledger.file_list import Place
from ui.panes.ledger.importing import Stage
from ui.panes.ledger.loading import StationServices
from ui.panes.ledger.pane import LedgerPane as RealPane

if TYPE_CHECKING:
    from lvdesk.ledger.deskcheck_candidates import Candidates
    from lvdesk.network.browsing import Node

_NARROW = ((1366, 768),)


class LedgerPane(RealPane):
    """The ledger when the database does not answer."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _NoLedger(context.workspace))


class _NoLedger(StationServices):
    def children(self, node: "Node | None") -> "Sequence[Node]":
        raise KnownError("db.locked", "数据库正被另一个程序占用", "请关闭它后重试")


def pane(widget: QWidget) -> RealPane:
    """The ledger pane of a window."""
    assert isinstance(widget, MainWindow)
    found = widget.stack.pane("ledger")
    assert isinstance(found, RealPane)
    return found


def _broken(folder: Path) -> MainWindow:
    made = MainWindow(workspace(folder), (LedgerPane,), Settings(folder / "window.json"))
    made.navigate("ledger")
    return made


def _import(folder: Path) -> MainWindow:
    made = window(folder, "ledger", filled=False)
    made.files_dropped.emit([*desk_files(), encrypted()])
    return made


def _ready(widget: QWidget) -> bool:
    return pane(widget).imports.importing.stage is Stage.READY


def _tab(key: str) -> Callable[[QWidget], None]:
    def act(widget: QWidget) -> None:
        imports = pane(widget).imports
        imports.importing.remove(imports.importing.request.paths[-1])
        imports.files.go_to(Place(desk_files()[1], 1))
        imports.sheet.show_tab(key)

    return act


def _browsing(widget: QWidget) -> bool:
    browser = pane(widget).browser
    return browser.table.model.row(0) is not None and browser.inspector.record is not None


def _open_area(widget: QWidget) -> None:
    browser = pane(widget).browser
    record = browser.inspector.record
    assert record is not None
    browser.tree.arrived.connect(lambda: browser.switch.usual.chosen.emit("customer"))
    browser.tree.reveal([(link.entity, link.key) for link in record.path])


def _customers(widget: QWidget) -> bool:
    browser = pane(widget).browser
    return browser.edits.entity == "customer" and _browsing(widget) and browser.inspector.record.entity == "customer"  # type: ignore[union-attr]


def _cancel_some(ws: Workspace) -> None:
    """Every twentieth customer is cancelled in one way or another; the first ones are judged."""
    source = browsing.table(ws, "customer")
    ids = source.ids(Query())[4::19]
    place = [column.key for column in source.columns].index("address")
    addresses = {row.id: row.values[place] for row in source.rows(ids)}
    edits: list[editing.Edit] = []
    for turn, number in enumerate(ids):
        if turn % 3 == 0:
            edits += [editing.Edit(number, "status", "已销户"), editing.Edit(number, "cancelled_on", f"2026-0{turn % 9 + 1}-12")]
        elif turn % 3 == 1:
            edits.append(editing.Edit(number, "address", f"{addresses[number]}（已拆除）"))
        edits.append(editing.Edit(number, "recent_kwh", "0"))
    editing.edit(ws, "customer", edits)
    seen = deskcheck.candidates(ws)
    numbers = [each.customer_no for each in seen.items()]
    deskcheck.mark(ws, numbers[::4], "确认销户", "营销系统已销户", seen=seen)
    deskcheck.mark(ws, numbers[1:8:3], "正常", "户主在用，台账未更新", seen=seen)


class _DeskPane(RealPane):
    key = "ledger"

    def __init__(self, context: Context) -> None:
        super().__init__(context, None, _NoDesk(context.workspace))


class _NoDesk(StationDesk):
    def find(self, progress: Progress) -> "Candidates":
        raise KnownError("db.locked", "数据库正被另一个程序占用", "请关闭它后重试")


def _desk(folder: Path, *, filled: bool = True) -> MainWindow:
    """The desk check of the station after its newer export, some customers judged."""
    ws = workspace(folder, filled=filled)
    if filled:
        _cancel_some(ws)
    made = MainWindow(ws, discover(), Settings(folder / "window.json"))
    made.navigate("ledger", "desk")
    return made


def _no_desk(folder: Path) -> MainWindow:
    made = MainWindow(workspace(folder), (_DeskPane,), Settings(folder / "window.json"))
    made.navigate("ledger", "desk")
    return made


def _proposed(widget: QWidget) -> bool:
    return pane(widget).desk.inspector.candidate is not None


def _nothing_found(widget: QWidget) -> bool:
    return bool(pane(widget).desk.state.title())


def _pick_many(widget: QWidget) -> None:
    view = pane(widget).desk.table.view
    view.setCurrentIndex(view.model().index(1, 0))
    view.selectAll()


def _marked(widget: QWidget) -> None:
    pane(widget).desk.states.select("marked")
    pane(widget).desk.states.chosen.emit("marked")


def _question(_folder: Path) -> MarkAll:
    sample = ("4288524103  吕飞明  用户状态为已销户客户；销户日期为 2026-07-12", "4262891913  梁桂平修理部  用户状态为已销户客户")
    listed = Listed(tuple(range(27)), "10kV临江线；待核实；把握：确定", sample)
    return MarkAll(listed, "营销系统已销户", None)


def scenes() -> Iterator[Scene]:
    """Everything this module can show."""
    yield Scene("ledger-browse", lambda folder: window(folder, "ledger"), _browsing, _open_area, _customers, readme="ledger")
    yield Scene("ledger-import", _import, _ready, readme="import")
    yield Scene("ledger-import-mapping", _import, _ready, _tab("mapping"), _ready, _NARROW)
    yield Scene("ledger-import-healed", _import, _ready, _tab("healed"), _ready, _NARROW)
    yield Scene("ledger-import-difference", _import, _ready, _tab("difference"), _ready, _NARROW)
    yield Scene(
        "ledger-import-done", _import, _ready, lambda w: pane(w).imports.load(), lambda w: pane(w).imports.importing.stage is Stage.DONE
    )
    yield Scene("ledger-empty", lambda folder: window(folder, "ledger", filled=False), lambda w: bool(pane(w).browser.table.state.title()))
    yield Scene("ledger-import-empty", lambda folder: window(folder, "ledger", filled=False), act=lambda w: pane(w).show_view("import"))
    yield Scene("ledger-error", _broken, lambda w: bool(w.notices.open()), sizes=_NARROW)  # type: ignore[attr-defined]
    yield Scene("ledger-desk", _desk, _proposed, readme="deskcheck")
    yield Scene("ledger-desk-many", _desk, _proposed, _pick_many, sizes=_NARROW)
    yield Scene("ledger-desk-marked", _desk, _proposed, _marked, sizes=_NARROW)
    yield Scene("ledger-desk-all", _question, sizes=())
    yield Scene("ledger-desk-small", _desk, _proposed, sizes=((1093, 614),))
    yield Scene("ledger-desk-empty", lambda folder: _desk(folder, filled=False), _nothing_found, sizes=_NARROW)
    yield Scene("ledger-desk-error", _no_desk, _nothing_found, sizes=_NARROW)
