"""A window with the keying screen or the crop wall in it, and the keys of a person or a scanner gun."""

from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from lvdesk.kit.settings import Settings
from tests.ui.shell.fakes import FakeServices, FakeWorkspace
from ui.main_window import MainWindow
from ui.panes.base import Context, Pane
from ui.panes.fieldwork.crop_loading import CropServices
from ui.panes.fieldwork.crop_wall import CropWall
from ui.panes.fieldwork.keying_loading import KeyingServices
from ui.panes.fieldwork.keying_view import KeyingView
from ui.parts import column, row
from ui.widgets.segmented import Segmented

_VIEWS = (("packages", "任务包"), ("new", "新建任务包"), ("sheets", "表单"), ("returns", "回收"), ("keying", "录入"))


def window_with(folder: Path, make: Callable[[Context], tuple[QWidget, QWidget]], chosen: str) -> MainWindow:
    """The window with one view, its head above it, in its place of the collection page."""

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


def keying_screen(folder: Path, services: KeyingServices, number: str = "", *, second: bool = False) -> MainWindow:
    """The window with the keying screen, at a sheet where one is named."""

    def make(context: Context) -> tuple[QWidget, QWidget]:
        view = KeyingView(context, services)
        view.refresh()
        if number:
            view.open_sheet(number, second)
        return view.head, view

    return window_with(folder, make, "keying")


def crop_wall(folder: Path, services: CropServices, group: str = "") -> MainWindow:
    """The window with the crop wall."""

    def make(context: Context) -> tuple[QWidget, QWidget]:
        wall = CropWall(context, services)
        wall.start(group)
        return QWidget(), wall

    return window_with(folder, make, "returns")


class Typist:
    """Presses real keys where the keyboard is, at the pace of fingers or of a scanner gun."""

    def __init__(self, view: KeyingView | None = None) -> None:
        self._moment, self._pace = 0.0, 120.0
        if view is not None:
            view.page.hands.clock = self._tick

    def keys(self, *said: str | Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        """Texts and keys, one after the other."""
        for each in said:
            for key in [each] if isinstance(each, Qt.Key) else [Qt.Key(ord(letter)) for letter in each]:
                focus = QApplication.focusWidget()
                assert focus is not None
                QTest.keyClick(focus, key, held)

    def gun(self, code: str) -> None:
        """A code and the Enter behind it."""
        self._moment += 1000
        self._pace = 4.0
        self.keys(code, Qt.Key.Key_Return)
        self._pace = 120.0

    def _tick(self, _event: object) -> float:
        self._moment += self._pace
        return self._moment
