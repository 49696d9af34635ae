"""How the window feels: ``measure()`` starts it, scrolls, imports and cancels in processes of their own.

``python -m tests.soak.window`` prints the figures; with a name and arguments it is one of those processes.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QEventLoop, QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

ROOT = Path(__file__).resolve().parents[2]
Figures = dict[str, Any]
_STARTS, _ROWS, _IMPORTED_ROWS = 5, 100_000, 20_000
_TICK = 0.005
_LONGEST = 180.0


def measure() -> Figures:
    """Milliseconds, all of the real main window.

    ``start.*``: from process start to the first painted window (``shown``) and to its first page filled (``filled``), medians of 5
    warm starts; xcb is left out where there is no Xvfb. ``scroll``: frames while the wheel and PageDown go through 100,000 rows.
    ``import``: gaps of the event loop while 20,000 rows are previewed and stored. ``cancel``: from the press to the end, and what
    was saved, while reading and while storing.
    """
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        station = _ask("prepare", folder / "station", _ROWS)["folder"]
        figures: Figures = {"start.offscreen": _starts(station, {"QT_QPA_PLATFORM": "offscreen"})}
        with _screen() as seen:
            if seen:
                figures["start.xcb"] = _starts(station, seen)
                figures["scroll.xcb"] = _ask("scroll", station, environment=seen)
        figures["scroll.offscreen"] = _ask("scroll", station)
        figures["import"] = _ask("stall", folder / "import", _IMPORTED_ROWS)
        figures["cancel"] = _ask("cancel", folder / "cancel", _IMPORTED_ROWS)
    return figures


@contextmanager
def _screen() -> Iterator[dict[str, str]]:
    """What a program needs to see an X server without a screen; nothing where there is none."""
    server = shutil.which("Xvfb")
    if server is None:
        yield {}
        return
    reading, writing = os.pipe()
    options = ["-displayfd", str(writing), "-screen", "0", "1366x768x24", "-dpi", "96", "-nolisten", "tcp", "-noreset"]
    with subprocess.Popen([server, *options], pass_fds=(writing,), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        os.close(writing)
        with os.fdopen(reading) as told:
            number = told.readline().strip()
        try:
            yield {"DISPLAY": f":{number}", "QT_QPA_PLATFORM": "xcb"} if number else {}
        finally:
            process.terminate()


def _starts(station: str, environment: dict[str, str]) -> Figures:
    runs = [_ask("start", station, environment=environment) for _ in range(_STARTS + 1)][1:]  # the first one warms the disk
    return {name: round(statistics.median(run[name] for run in runs)) for name in runs[0]}


def _ask(name: str, *arguments: object, environment: dict[str, str] | None = None) -> Figures:
    """One measurement in a process of its own, with a home of its own."""
    with tempfile.TemporaryDirectory() as home:
        own = {**os.environ, "QT_QPA_PLATFORM": "offscreen", **(environment or {}), "LVDESK_HOME": home, "PYTHONUTF8": "1"}
        own["LVDESK_STARTED"] = repr(time.monotonic())
        command = [sys.executable, "-m", "tests.soak.window", name, *map(str, arguments)]
        done = subprocess.run(command, cwd=ROOT, env=own, capture_output=True, text=True, timeout=600, check=False)
    if done.returncode:
        raise RuntimeError(f"{name}: {done.stderr[-3000:]}")
    found: Figures = json.loads(done.stdout.splitlines()[-1])
    return found


# --- in the measuring process ----------------------------------------------------------------------------------------------------


def prepare(folder: str, rows: str) -> Figures:
    """A workspace with a ledger of so many customers."""
    from lvdesk.kit.progress import Progress
    from lvdesk.ledger.importing import take
    from lvdesk.ledger.model import ImportRequest
    from lvdesk.workspace import Workspace

    workspace = Workspace.open(Path(folder))
    take(workspace, ImportRequest((_ledger(Path(folder), int(rows)),)), Progress())
    workspace.close()
    return {"folder": folder}


def start(folder: str) -> Figures:
    """``main.py`` itself, left as soon as its window stands."""
    import main

    begun = float(os.environ["LVDESK_STARTED"])
    seen: dict[str, float] = {}

    def look(window: "QWidget") -> None:
        _Painted(window, lambda: seen.setdefault("shown", time.monotonic()))
        _until(lambda: "shown" in seen and not window.jobs._running)  # type: ignore[attr-defined]
        seen["filled"] = time.monotonic()
        window.close()

    _when_loop_runs(lambda: look(_main_window()))
    sys.argv = ["main.py", "--workspace", folder]
    main.main()
    return {name: (at - begun) * 1000 for name, at in seen.items()}


def _when_loop_runs(act: Callable[[], object]) -> None:
    """Acts as soon as the program enters its event loop."""
    whole = QApplication.exec

    def entered() -> int:
        QTimer.singleShot(0, act)
        return int(whole())

    QApplication.exec = staticmethod(entered)  # type: ignore[method-assign, assignment]


class _Painted(QObject):
    """Tells when a widget's first picture is done."""

    def __init__(self, watched: QWidget, told: Callable[[], object]) -> None:
        super().__init__(watched)
        self._told = told
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, self._told)
        return False


def scroll(folder: str) -> Figures:
    """The table of the ledger page, in the window, from the first row on: wheel, then PageDown, then jumps of the scroll bar."""
    window = _window(folder)
    window.navigate("ledger")
    browser = window.stack.pane("ledger").browser
    _until(lambda: bool(browser.switch.current()) and browser.tree.currentIndex().isValid() and not window.jobs._running)
    browser.switch._choose("customer")
    table, view = browser.table, browser.table.view
    _until(lambda: table.model.rowCount() >= _ROWS and not window.jobs._running)
    bar = view.verticalScrollBar()
    wheel = [_frame(lambda: _turn(view.viewport())) for _ in range(600)]
    view.setFocus()
    pages = [_frame(lambda: QTest.keyClick(view, Qt.Key.Key_PageDown)) for _ in range(300)]
    jumps = [_frame(lambda place=place: bar.setValue(bar.maximum() * place // 60)) for place in range(60)]
    reached, rows = view.currentIndex().row(), table.model.rowCount()
    _leave(window)
    return {"rows": rows, "paged to row": reached, "wheel": _spread(wheel), "page": _spread(pages), "jump": _spread(jumps)}


def stall(folder: str, rows: str) -> Figures:
    """Gaps between ticks of the event loop while files are previewed, stored and shown."""
    window = _window(folder)
    pane = window.stack.pane("ledger")
    window.navigate("ledger")
    file = _ledger(Path(folder), int(rows))
    _until(lambda: not window.jobs._running)
    gaps = _Gaps()
    begun = time.monotonic()
    window.files_dropped.emit([file])
    _until(lambda: pane.imports.importing.stage.value == "ready")
    read = time.monotonic()
    pane.imports.foot.start.click()
    _until(lambda: pane.imports.importing.stage.value == "done" and not window.jobs._running)
    stored = time.monotonic()
    found = gaps.end()
    _leave(window)
    return {"rows": int(rows), "preview": round((read - begun) * 1000), "store": round((stored - read) * 1000), "gap": _spread(found)}


def cancel(folder: str, rows: str) -> Figures:
    """From the press of 取消 to the end of the job, and records saved: once while reading, once while storing."""
    from lvdesk.network.counting import counts

    window = _window(folder)
    pane = window.stack.pane("ledger")
    window.navigate("ledger")
    importing, foot = pane.imports.importing, pane.imports.foot
    found: Figures = {}

    def press(when: Callable[[], bool], ended: str) -> float:
        _until(when)
        pressed = time.monotonic()
        foot.cancel.click()
        _until(lambda: importing.stage.value == ended)
        return round((time.monotonic() - pressed) * 1000)

    window.files_dropped.emit([_ledger(Path(folder), int(rows))])
    begun = time.monotonic()
    found["reading"] = press(lambda: time.monotonic() - begun > 1.0, "cancelled")
    importing.read()
    _until(lambda: importing.stage.value == "ready")
    foot.start.click()
    begun = time.monotonic()
    found["storing"] = press(lambda: time.monotonic() - begun > 0.3, "ready")
    found["saved"] = sum(counts(window.workspace).values())
    _leave(window)
    return found


class _Gaps:
    """Times between ticks of a timer that wants to tick at once."""

    def __init__(self) -> None:
        self._last, self._found = time.monotonic(), []
        self._timer = QTimer()
        self._timer.timeout.connect(self._tick)
        self._timer.start(int(_TICK * 1000))

    def _tick(self) -> None:
        now = time.monotonic()
        self._found.append((now - self._last) * 1000)
        self._last = now

    def end(self) -> list[float]:
        self._timer.stop()
        return self._found


def _ledger(folder: Path, rows: int) -> Path:
    from lvdesk.sample.big_ledger import big_ledger

    folder.mkdir(parents=True, exist_ok=True)
    return big_ledger(folder / "低压用户台账.xlsx", rows)


def _window(folder: str) -> Any:
    from lvdesk.kit.settings import Settings
    from lvdesk.workspace import Workspace
    from ui.app import prepare
    from ui.main_window import MainWindow
    from ui.panes import discover

    prepare(QApplication([]))
    window = MainWindow(Workspace.open(Path(folder)), discover(), Settings(Path(folder) / "window.json"))
    window.resize(1366, 768)
    window.show()
    return window


def _main_window() -> QWidget:
    from ui.main_window import MainWindow

    return next(each for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow))


def _leave(window: Any) -> None:
    window.close()
    window.workspace.close()


def _turn(viewport: QWidget) -> None:
    place, still = QPointF(viewport.width() / 2, viewport.height() / 2), Qt.KeyboardModifier.NoModifier
    down = (QPoint(), QPoint(0, -360), Qt.MouseButton.NoButton, still, Qt.ScrollPhase.NoScrollPhase, False)
    QApplication.sendEvent(viewport, QWheelEvent(place, viewport.mapToGlobal(place), *down))


def _frame(act: Callable[[], object]) -> float:
    """Milliseconds from an action until all it led to is painted; then the rest of a sixtieth second passes, as for a person."""
    begun = time.monotonic()
    act()
    QApplication.processEvents()
    taken = time.monotonic() - begun
    QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 1)
    time.sleep(max(0.0, 1 / 60 - taken))
    return taken * 1000


def _spread(values: list[float]) -> Figures:
    ranked = sorted(values)
    places = {"longest": -1, "p99": len(ranked) * 99 // 100, "middle": len(ranked) // 2}
    return {name: round(ranked[place], 1) for name, place in places.items()} | {"over 100": sum(value > 100 for value in ranked)}


def _until(reached: Callable[[], bool]) -> None:
    end = time.monotonic() + _LONGEST
    while not reached():
        if time.monotonic() > end:
            raise TimeoutError("the window did not get there")
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents | QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 20)
        time.sleep(0.001)


if __name__ == "__main__":
    told = globals()[sys.argv[1]](*sys.argv[2:]) if len(sys.argv) > 1 else measure()
    print(json.dumps(told, ensure_ascii=False))
