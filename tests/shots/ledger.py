"""Pictures of the ledger: importing a dirty station, looking through it, nothing there yet, something broken."""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

from PySide6.QtWidgets import QWidget

from lvdesk.kit.errors import KnownError
from lvdesk.kit.progress import Progress
from lvdesk.kit.settings import Settings
from lvdesk.ledger import importing as services
from lvdesk.ledger.model import ImportRequest
from lvdesk.sample.building import build
from lvdesk.workspace import Workspace
from tests.shots.stage import Scene
from tests.ui.ledger.fakes import FakeLedger
from tests.ui.shell.fakes import FakeServices, FakeWorkspace
from ui.main_window import MainWindow
from ui.panes import discover
from ui.panes.base import Context
from ui.panes.ledger.file_list import Place
from ui.panes.ledger.importing import Stage
from ui.panes.ledger.pane import LedgerPane as RealPane

_CUSTOMERS = 900
_NARROW = ((1366, 768),)


@cache
def _files() -> tuple[Path, ...]:
    """A dirty sample station's ledgers."""
    folder = Path(tempfile.mkdtemp(prefix="lvdesk-shots-"))
    build(folder, customers=_CUSTOMERS)
    return tuple(path for path in sorted(folder.rglob("*")) if path.is_file() and not path.parent.name.startswith("04"))


@cache
def _station() -> Path:
    """A workspace that holds them."""
    folder = Path(tempfile.mkdtemp(prefix="lvdesk-shots-")) / "城东供电所"
    workspace = Workspace.open(folder, person="陈思远")
    services.take(workspace, ImportRequest(_files()), Progress())
    workspace.close()
    return folder


def _real(folder: Path, *, filled: bool) -> MainWindow:
    place = folder / "城东供电所"
    if filled:
        shutil.copytree(_station(), place)
    made = MainWindow(Workspace.open(place, person="陈思远"), discover(), Settings(folder / "window.json"))
    made.navigate("ledger")
    return made


def _fake(folder: Path, ledger: FakeLedger) -> MainWindow:
    class LedgerPane(RealPane):
        def __init__(self, context: Context) -> None:
            super().__init__(context, ledger)

    made = MainWindow(FakeWorkspace(folder), (LedgerPane,), Settings(folder / "window.json"), FakeServices(done=[]))  # type: ignore[arg-type]
    made.navigate("ledger")
    return made


def pane(widget: QWidget) -> RealPane:
    """The ledger pane of a window."""
    assert isinstance(widget, MainWindow)
    found = widget.stack.pane("ledger")
    assert isinstance(found, RealPane)
    return found


def _broken(folder: Path) -> MainWindow:
    ledger = FakeLedger()
    ledger.error = KnownError("db.locked", "数据库正被另一个程序占用", "请关闭它后重试")
    return _fake(folder, ledger)


def _import(folder: Path) -> MainWindow:
    made = _real(folder, filled=False)
    bad = folder / "10kV旧线（加密）.xlsx"
    bad.write_bytes(bytes.fromhex("d0cf11e0a1b11ae1") + bytes(600))
    made.files_dropped.emit([*_files(), bad])
    return made


def _ready(widget: QWidget) -> bool:
    return pane(widget).imports.importing.stage is Stage.READY


def _tab(key: str) -> Callable[[QWidget], None]:
    def act(widget: QWidget) -> None:
        imports = pane(widget).imports
        imports.importing.remove(imports.importing.request.paths[-1])
        imports.files.go_to(Place(_files()[1], 1))
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
    yield Scene("ledger-browse", lambda folder: _real(folder, filled=True), _browsing, _open_area, _customers)
    yield Scene("ledger-import", _import, _ready)
    yield Scene("ledger-import-mapping", _import, _ready, _tab("mapping"), _ready, _NARROW)
    yield Scene("ledger-import-healed", _import, _ready, _tab("healed"), _ready, _NARROW)
    yield Scene("ledger-import-difference", _import, _ready, _tab("difference"), _ready, _NARROW)
    yield Scene(
        "ledger-import-done", _import, _ready, lambda w: pane(w).imports.load(), lambda w: pane(w).imports.importing.stage is Stage.DONE
    )
    yield Scene("ledger-empty", lambda folder: _real(folder, filled=False), lambda w: bool(pane(w).browser.table.state.title()))
    yield Scene("ledger-import-empty", lambda folder: _fake(folder, FakeLedger()), act=lambda w: pane(w).show_view("import"))
    yield Scene("ledger-error", _broken, lambda w: bool(w.notices.open()), sizes=_NARROW)  # type: ignore[attr-defined]
