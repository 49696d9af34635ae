"""What is measured of the window, without a screen: ``python -m tests.bench.window FUNCTION ARGUMENTS``."""

import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest.mock import patch

from PySide6.QtCore import QElapsedTimer, QEvent, QEventLoop, QObject, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from tests.bench.apart import memory, tell

Result = dict[str, Any]
_STEPS = 500
_LONGEST_MS = 120_000


def start(folder: str) -> Result:
    """From the start of the process to the first picture of the main window, as ``main.py`` does it."""
    import main
    from ui.main_window import MainWindow

    def shown_and_gone() -> int:
        window = next(each for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow))
        seen: list[float] = []
        eye = _Painted(window, lambda: seen.extend((time.perf_counter(), time.process_time())))
        _until(lambda: bool(seen))
        del eye
        painted.extend(seen[:2])
        _until(lambda: not window.jobs._running)
        filled.append(time.perf_counter())
        window.close()
        return 0

    painted: list[float] = []
    filled: list[float] = []
    with patch.object(sys, "argv", ["main.py", "--workspace", folder]), patch.object(QApplication, "exec", staticmethod(shown_and_gone)):
        main.main()
    begun = float(os.environ["LVDESK_BENCH_STARTED"])
    return {"seconds": painted[0] - begun, "cpu": painted[1], "filled": filled[0] - begun, "before": 0.0, "memory": memory()}


class _Painted(QObject):
    """Tells when a widget has been painted."""

    def __init__(self, watched: QWidget, told: Callable[[], object]) -> None:
        super().__init__(watched)
        self._told = told
        watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, self._told)
        return False


def scroll(folder: str) -> Result:
    """The longest frame while the wheel turns through a table of all customers, pages coming from the database; then jumps anywhere."""
    from lvdesk.network.browsing import table
    from lvdesk.workspace import Workspace
    from ui.app import prepare
    from ui.jobs import Jobs
    from ui.widgets.data_table import DataTable

    app = QApplication([])
    prepare(app)
    ws, jobs = Workspace.open(Path(folder), person="bench"), Jobs()
    shown = DataTable("bench", jobs, ws.settings, name="用户")
    shown.resize(1366, 768)
    shown.set_source(table(ws, "customer"))
    shown.show()
    _until(lambda: len(shown.model.ids) > 0 and not jobs._running)
    before, view = memory(), shown.view
    chance = random.Random(1)
    bar = view.verticalScrollBar()
    busy = time.thread_time()
    wheel = sorted([_frame(lambda: _turn(view.viewport())) for _ in range(_STEPS)])
    busy = (time.thread_time() - busy) * 1000 / _STEPS
    _until(lambda: not jobs._running)
    jumps = [_frame(lambda: bar.setValue(chance.randrange(bar.maximum()))) for _ in range(100)]
    _until(lambda: not jobs._running)
    rows = len(shown.model.ids)
    jobs.close()
    ws.close()
    return {
        "longest": wheel[-1], "middle": wheel[len(wheel) // 2], "busy": busy, "longest_jump": max(jumps), "rows": rows,
        "before": before, "seconds": 0.0,
    }  # fmt: skip


def _turn(viewport: QWidget) -> None:
    place = QPointF(viewport.width() / 2, viewport.height() / 2)
    down = QPoint(0, -360)
    event = QWheelEvent(
        place, viewport.mapToGlobal(place), QPoint(), down, Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(viewport, event)


def _frame(act: Callable[[], object]) -> float:
    """Milliseconds from an action until everything it led to is painted."""
    started = time.perf_counter()
    act()
    QApplication.processEvents()
    taken = (time.perf_counter() - started) * 1000
    time.sleep(max(0.0, 0.016 - taken / 1000))
    return taken


def freeze(path: str, folder: str) -> Result:
    """The longest time the window did not answer while a file was imported on its worker thread."""
    from lvdesk.ledger.importing import load, preview
    from lvdesk.ledger.model import ImportRequest

    ws, jobs = _desk(folder)
    gaps: list[float] = []
    clock, pulse = QElapsedTimer(), QTimer()
    pulse.setTimerType(Qt.TimerType.PreciseTimer)

    def beat() -> None:
        gaps.append(clock.nsecsElapsed() / 1e6)
        clock.restart()

    pulse.timeout.connect(beat)
    before, started = memory(), time.perf_counter()
    clock.start()
    pulse.start(10)
    prepared = _ended(jobs, lambda progress: preview(ws, ImportRequest((Path(path),)), progress))
    result = _ended(jobs, lambda progress: load(ws, prepared, progress))
    seconds = time.perf_counter() - started
    pulse.stop()
    jobs.close()
    ws.close()
    gaps.sort()
    over = sum(1 for gap in gaps if gap > 100)
    return {
        "seconds": seconds, "before": before, "longest": gaps[-1], "p99": gaps[len(gaps) * 99 // 100], "over": over,
        "status": result.files[0].status,
    }  # fmt: skip


def cancel(path: str, folder: str, after: str) -> Result:
    """Milliseconds from the click on cancel, ``after`` seconds into an import, until it has stopped; and what was saved."""
    from lvdesk.ledger.importing import take
    from lvdesk.ledger.model import ImportRequest
    from lvdesk.network.counting import counts

    ws, jobs = _desk(folder)
    before, outcome = memory(), []
    job = jobs.run("导入", lambda progress: take(ws, ImportRequest((Path(path),)), progress))
    job.cancelled.connect(lambda: outcome.append("cancelled"))
    job.succeeded.connect(lambda _result: outcome.append("done"))
    job.failed.connect(lambda error: outcome.append(f"failed {error}"))
    clicked: list[float] = []
    stages: list[str] = []

    def click() -> None:
        stages.append(job.snapshot().label)
        clicked.append(time.perf_counter())
        job.cancel()

    QTimer.singleShot(int(float(after) * 1000), click)
    _until(lambda: bool(outcome))
    ended = time.perf_counter()
    saved = sum(counts(ws).values())
    jobs.close()
    ws.close()
    seconds = ended - clicked[0] if clicked else 0.0
    return {"seconds": seconds, "before": before, "outcome": outcome[0], "saved": saved, "stage": (stages or [""])[0]}


def _desk(folder: str) -> tuple[Any, Any]:
    from lvdesk.workspace import Workspace
    from ui.app import prepare
    from ui.jobs import Jobs

    app = QApplication([])
    prepare(app)
    return Workspace.open(Path(folder), person="bench"), Jobs(app)


def _ended(jobs: Any, work: Callable[[Any], Any]) -> Any:
    found: list[Any] = []
    jobs.run("导入", work, done=found.append, failed=found.append)
    _until(lambda: bool(found))
    if isinstance(found[0], Exception):
        raise found[0]
    return found[0]


def _until(reached: Callable[[], bool]) -> None:
    """Lets the event loop run until the condition holds.

    Raises:
        TimeoutError: it did not in two minutes.
    """
    loop, look, clock, there = QEventLoop(), QTimer(), QElapsedTimer(), []

    def check() -> None:
        if reached():
            there.append(True)
        if there or clock.elapsed() > _LONGEST_MS:
            loop.quit()

    clock.start()
    look.timeout.connect(check)
    look.start(5)
    loop.exec()
    if not there:
        raise TimeoutError("the window did not get there")


if __name__ == "__main__":
    tell(globals()[sys.argv[1]](*sys.argv[2:]))
