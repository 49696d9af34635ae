"""Pictures of keying a paper sheet and of the crop wall: what waits, a sheet half typed, a second keying, ticks, writing, errors."""

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QSizePolicy, QWidget

from lvdesk.fieldwork.keying_model import KeyingSheet
from lvdesk.kit.errors import KnownError
from lvdesk.kit.settings import Settings
from tests.shots.stage import Scene
from tests.ui.fieldwork.crop_fakes import COMBS, TICKS, WORDS, FakeCrops, png
from tests.ui.fieldwork.keying_fakes import NUMBER, FakeKeying, a_sheet
from tests.ui.shell.fakes import FakeServices, FakeWorkspace
from ui.main_window import MainWindow
from ui.panes.base import Context, Pane
from ui.panes.fieldwork.crop_wall import CropWall
from ui.panes.fieldwork.keying_view import KeyingView
from ui.parts import column, row
from ui.widgets.segmented import Segmented

_NARROW = ((1366, 768),)
_VIEWS = (("packages", "任务包"), ("new", "新建任务包"), ("sheets", "表单"), ("returns", "回收"), ("keying", "录入"))
_LOCKED = KnownError("db.locked", "数据库正被另一个程序占用", "请关闭它后重试")
Make = Callable[[Context], tuple[QWidget, QWidget]]


def _window(folder: Path, make: Make, chosen: str) -> MainWindow:
    """The window with one of the views in its place of the collection page."""

    class FieldworkPane(Pane):
        key: ClassVar[str] = "fieldwork"
        title: ClassVar[str] = "现场采录"
        group: ClassVar[str] = "数据"
        icon: ClassVar[str] = "clipboard"

        def __init__(self, context: Context) -> None:
            super().__init__(context)
            switch = Segmented(_VIEWS, name="视图")
            switch.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
            switch.select(chosen)
            head, view = make(context)
            inside = column(row(switch, 14, head, gap=0), view, parent=self, gap=10)
            inside.setContentsMargins(20, 12, 16, 14)
            inside.setStretch(1, 1)

    made = MainWindow(FakeWorkspace(folder), (FieldworkPane,), Settings(folder / "window.json"), FakeServices())  # type: ignore[arg-type]
    made.navigate("fieldwork")
    return made


def _keying(folder: Path, services: FakeKeying, number: str = "", *, second: bool = False) -> MainWindow:
    def make(context: Context) -> tuple[QWidget, QWidget]:
        view = KeyingView(context, services)
        view.refresh()
        if number:
            view.open_sheet(number, second)
        return view.head, view

    return _window(folder, make, "keying")


def _wall(folder: Path, services: FakeCrops, group: str) -> MainWindow:
    def make(context: Context) -> tuple[QWidget, QWidget]:
        wall = CropWall(context, services)
        wall.start(group)
        return QWidget(), wall

    return _window(folder, make, "returns")


def _view(widget: QWidget) -> KeyingView:
    return widget.findChildren(KeyingView)[0]


def _the_wall(widget: QWidget) -> CropWall:
    return widget.findChildren(CropWall)[0]


def _scanned() -> FakeKeying:
    sheet: KeyingSheet = a_sheet(page=1)
    written = {field.place: png("comb", (field.ledger or "507970")[-field.length :]) for field in sheet.fields if field.length > 2}
    boxes = {field.place: png("tick", ink=0.2) for field in sheet.fields if field.kind == "tick"}
    return FakeKeying(sheets={NUMBER: sheet}, crops=written | boxes)


def _opened(widget: QWidget) -> bool:
    return _view(widget).form is not None


def _type(widget: QWidget, keys: str) -> None:
    """Presses keys where the keyboard is; N is Enter."""
    for key in keys:
        focus = widget.focusWidget()
        assert focus is not None
        QTest.keyClick(focus, Qt.Key.Key_Return if key == "N" else Qt.Key(ord(key)), delay=40)


def _half(widget: QWidget) -> None:
    _view(widget).start()
    _type(widget, "+2N954730N7N-4130005154778547N")


def _second(widget: QWidget) -> None:
    _view(widget).start()
    _type(widget, "507970N95")


def _ticked(widget: QWidget) -> None:
    _the_wall(widget).grid.start()
    _type(widget, "1101")


def _written(widget: QWidget) -> None:
    _the_wall(widget).grid.start()
    _type(widget, "507970N50797N")


def scenes() -> list[Scene]:
    """Everything this module can show."""
    locked, blocked = FakeKeying(error=_LOCKED), FakeCrops(error=_LOCKED)
    nothing, none = FakeKeying(list_of=[]), FakeCrops(of={})
    differs = FakeKeying(first={f"0.slot.1.{column_}.meter": "507971" for column_ in (1, 2)})
    shown = lambda widget: _view(widget).start_page.waiting is not None  # noqa: E731
    walled = lambda widget: bool(_the_wall(widget).grid.crops)  # noqa: E731
    return [
        Scene("keying-start", lambda folder: _keying(folder, FakeKeying()), shown),
        Scene("keying-empty", lambda folder: _keying(folder, nothing), shown, sizes=_NARROW),
        Scene("keying-error", lambda folder: _keying(folder, locked), lambda w: bool(_view(w).start_page.state.title()), sizes=_NARROW),
        Scene("keying-unknown", lambda folder: _keying(folder, FakeKeying(), "CL261123-01-999"), lambda w: bool(_view(w).state.title())),
        Scene("keying-first", lambda folder: _keying(folder, _scanned(), NUMBER), _opened, _half),
        Scene("keying-second", lambda folder: _keying(folder, differs, NUMBER, second=True), _opened, _second),
        Scene("crops-ticks", lambda folder: _wall(folder, FakeCrops(), TICKS), walled, _ticked),
        Scene("crops-combs", lambda folder: _wall(folder, FakeCrops(), COMBS), walled, _written),
        Scene("crops-writing", lambda folder: _wall(folder, FakeCrops(), WORDS), walled, sizes=_NARROW),
        Scene("crops-empty", lambda folder: _wall(folder, none, ""), lambda w: bool(_the_wall(w).state.title()), sizes=_NARROW),
        Scene("crops-error", lambda folder: _wall(folder, blocked, ""), lambda w: bool(_the_wall(w).state.title()), sizes=_NARROW),
    ]
