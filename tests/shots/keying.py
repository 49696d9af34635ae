"""Pictures of keying a paper sheet and of the crop wall: what waits, a sheet half typed, a second keying, ticks, writing, errors."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from lvdesk.fieldwork.keying_model import KeyingSheet
from lvdesk.kit.errors import KnownError
from tests.shots.stage import Scene
from tests.ui.fieldwork.crop_fakes import COMBS, TICKS, WORDS, FakeCrops, png
from tests.ui.fieldwork.keying_fakes import NUMBER, FakeKeying, a_sheet
from tests.ui.fieldwork.keying_window import crop_wall, keying_screen
from ui.panes.fieldwork.crop_wall import CropWall
from ui.panes.fieldwork.keying_view import KeyingView

_NARROW = ((1366, 768),)
_LOCKED = KnownError("db.locked", "数据库正被另一个程序占用", "请关闭它后重试")


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


def _at_ticks(widget: QWidget) -> None:
    _view(widget).start()
    _type(widget, "++17")


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
        Scene("keying-start", lambda folder: keying_screen(folder, FakeKeying()), shown),
        Scene("keying-empty", lambda folder: keying_screen(folder, nothing), shown, sizes=_NARROW),
        Scene(
            "keying-error", lambda folder: keying_screen(folder, locked), lambda w: bool(_view(w).start_page.state.title()), sizes=_NARROW
        ),
        Scene(
            "keying-unknown", lambda folder: keying_screen(folder, FakeKeying(), "CL261123-01-999"), lambda w: bool(_view(w).state.title())
        ),
        Scene("keying-first", lambda folder: keying_screen(folder, _scanned(), NUMBER), _opened, _half, readme="keying"),
        Scene("keying-ticks", lambda folder: keying_screen(folder, _scanned(), NUMBER), _opened, _at_ticks, sizes=_NARROW),
        Scene("keying-second", lambda folder: keying_screen(folder, differs, NUMBER, second=True), _opened, _second),
        Scene("crops-ticks", lambda folder: crop_wall(folder, FakeCrops(), TICKS), walled, _ticked),
        Scene("crops-combs", lambda folder: crop_wall(folder, FakeCrops(), COMBS), walled, _written, readme="crops"),
        Scene("crops-writing", lambda folder: crop_wall(folder, FakeCrops(), WORDS), walled, sizes=_NARROW),
        Scene("crops-empty", lambda folder: crop_wall(folder, none, ""), lambda w: bool(_the_wall(w).state.title()), sizes=_NARROW),
        Scene("crops-error", lambda folder: crop_wall(folder, blocked, ""), lambda w: bool(_the_wall(w).state.title()), sizes=_NARROW),
    ]
