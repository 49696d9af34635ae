"""Pictures of the statistics over a real station: a rate by feeder, the Pareto chart, orders by type, nothing yet."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QWidget

from lvdesk.kit.progress import Progress
from lvdesk.kit.settings import Settings
from tests.helpers.grids import organised
from tests.shots import station, workorders
from tests.shots.stage import Scene
from ui.main_window import MainWindow
from ui.panes import discover
from ui.panes.statistics.pane import StatisticsPane


def pane(widget: QWidget) -> StatisticsPane:
    """The page of a window."""
    assert isinstance(widget, MainWindow)
    found = widget.stack.pane("statistics")
    assert isinstance(found, StatisticsPane)
    return found


def _full(folder: Path) -> MainWindow:
    from lvdesk.checks.checking import check

    ws = station.workspace(folder)
    organised(ws, folder)
    workorders.filled(ws)
    check(ws, Progress())
    shown = MainWindow(ws, discover(), Settings(folder / "window.json"))
    shown.navigate("statistics")
    return shown


def _empty(folder: Path) -> MainWindow:
    return station.window(folder, "statistics", filled=False)


def _ready(widget: QWidget) -> bool:
    return pane(widget).shown is not None


def _turned(key: str) -> Callable[[QWidget], None]:
    return lambda widget: pane(widget).turn_to(key)


def _showing(key: str) -> Callable[[QWidget], bool]:
    def settled(widget: QWidget) -> bool:
        shown = pane(widget).shown
        return shown is not None and shown.figures.indicator.key == key

    return settled


def scenes() -> list[Scene]:
    """All pictures of the page."""
    made = [Scene("statistics", _full, _ready)]
    made += [
        Scene(f"statistics-{key}", _full, _ready, act=_turned(key), settled=_showing(key), readme="statistics" if key == "pareto" else "")
        for key in ("accuracy", "pareto", "timely")
    ]
    return [*made, Scene("statistics-empty", _empty, _ready, sizes=((1366, 768),))]
