"""Pictures of the ledger: importing a dirty station, looking through it, nothing there yet, something broken."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from lvdesk.kit.errors import KnownError
from lvdesk.kit.settings import Settings
from tests.shots.stage import Scene
from tests.shots.station import desk_files, encrypted, window, workspace
from ui.main_window import MainWindow
from ui.panes.base import Context
from ui.panes.ledger.file_list import Place
from ui.panes.ledger.importing import Stage
from ui.panes.ledger.loading import StationServices
from ui.panes.ledger.pane import LedgerPane as RealPane

if TYPE_CHECKING:
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
