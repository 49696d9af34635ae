"""Pictures of the exports: chosen and looked at, options of GIS, done, nothing to export, the archive, empty, broken."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QWidget

from lvdesk.exchange.model import Scope
from tests.shots.stage import Scene
from tests.ui.export.export_fakes import AREAS, FakeExport, ahead, offline
from tests.ui.export.export_window import export_window, pane_of
from ui.main_window import MainWindow
from ui.panes.export.loading import Choices
from ui.panes.export.pane import ExportPane
from ui.panes.export.scope import ScopeDialog

_NARROW: Final = ((1366, 768),)


def pane(widget: QWidget) -> ExportPane:
    """The exports of a window."""
    assert isinstance(widget, MainWindow)
    return pane_of(widget)


def _window(**more: object) -> Callable[[Path], MainWindow]:
    return lambda folder: export_window(folder, FakeExport(**more))  # type: ignore[arg-type]


def _looked(widget: QWidget) -> bool:
    return pane(widget).looking.current is not None and bool(pane(widget).ahead.held.table.model.ids)


def _said(widget: QWidget) -> bool:
    return bool(pane(widget).ahead.state.title())


def _gis(widget: QWidget) -> None:
    found = pane(widget)
    found.choosing.system.select("gis")
    found.choosing._turn_system("gis")
    found.choosing.options.purpose.setEditText("GIS 图纸标注户名")
    found.choosing.use_scope(Scope((AREAS[0].feeder_no,), (AREAS[9].area_no, AREAS[10].area_no)))
    found.ahead.show_list("areas")


def _scope(_folder: Path) -> ScopeDialog:
    scope = Scope((AREAS[0].feeder_no,), (AREAS[9].area_no, AREAS[10].area_no))
    return ScopeDialog(None, AREAS, scope)


def _done(widget: QWidget) -> None:
    found = pane(widget)
    found.ahead.show_list("rejects")
    found.issuing.begin(found.choosing.request(Path()))


def _told(widget: QWidget) -> bool:
    return bool(pane(widget).banner.text()) and _looked(widget)


def _archive(widget: QWidget) -> None:
    pane(widget).show_view("packages")


def _chosen(widget: QWidget) -> bool:
    return pane(widget).packages.card.view is not None


def _second(widget: QWidget) -> None:
    _archive(widget)
    pane(widget).packages.show_package("DC261121-02")


def _working(folder: Path) -> MainWindow:
    fake = FakeExport()
    fake.hold.clear()
    return export_window(folder, fake)


def scenes() -> list[Scene]:
    """Everything this module can show."""
    made = _window()
    empty = Choices(FakeExport().chosen.formats, (), ledger=False)
    nothing = ahead(counts={})
    return [
        Scene("export-loaded", made, _looked, readme="export"),
        Scene("export-gis", made, _looked, _gis, _looked),
        Scene("export-scope", _scope, sizes=()),
        Scene("export-done", made, _looked, _done, _told),
        Scene("export-nothing", _window(answer=nothing), _looked, lambda widget: pane(widget).issue(), _told, sizes=_NARROW),
        Scene("export-looking", _working, lambda widget: pane(widget).working.isVisible(), sizes=_NARROW),
        Scene("export-archive", made, _looked, _second, _chosen),
        Scene("export-archive-empty", _window(listed=()), _looked, _archive, sizes=_NARROW),
        Scene("export-empty", _window(chosen=empty), _said, sizes=_NARROW),
        Scene("export-error", _window(broken=offline()), _said, sizes=_NARROW),
    ]
