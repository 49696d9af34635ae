"""Two thousand items of the review decided by keyboard alone, in the real window: how long the event loop stood still.

``run()`` measures in a process of its own; called with a number of items this module is that process.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.soak import window as feel

ROOT: Final = Path(__file__).resolve().parents[2]
_PERSON: Final = "孙营销"


def run(items: int) -> dict[str, Any]:
    """``decided`` of ``items``, seconds, ``frame``: longest from key to picture, gaps of the event loop in milliseconds."""
    with tempfile.TemporaryDirectory() as home:
        own = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "LVDESK_HOME": home, "PYTHONUTF8": "1"}
        command = [sys.executable, "-m", "tests.soak.review_keys", str(items), home]
        done = subprocess.run(command, cwd=ROOT, env=own, capture_output=True, text=True, timeout=1200, check=False)
    if done.returncode:
        raise RuntimeError(done.stderr[-3000:])
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def _prepare(folder: Path, items: int) -> None:
    """A station whose customers all have another name at site, returned by somebody else."""
    from lvdesk.workspace import Workspace
    from tests.helpers.reviewing import crowd

    ws = Workspace.open(folder, person="钱内勤")
    crowd(ws, folder, items)
    ws.close()


def _measured(items: int, folder: Path) -> dict[str, Any]:
    from lvdesk.review.model import State
    from ui.app import calm

    _prepare(folder, items)
    window = feel._window(str(folder))
    if window.people.sign_in is None:
        feel._until(lambda: window.people.sign_in is not None)
    window.people._enter(_PERSON, "")
    feel._until(lambda: window.workspace.person == _PERSON and window.people.sign_in is None)
    window.activateWindow()
    feel._until(window.isActiveWindow)
    window.navigate("review", str(State.MARKETING))
    desk = window.stack.pane("review").desk
    feel._until(lambda: desk.item.view is not None and not window.jobs._running)
    calm()  # as the program does once its first page stands
    gaps, begun = feel._Gaps(), time.monotonic()
    decided, frames = 0, list[float]()
    while decided < items:
        seen = desk.current
        frames.append(feel._frame(lambda: QTest.keyClick(desk, Qt.Key.Key_F9)))
        decided += 1
        feel._until(lambda seen=seen: desk.current is None or (desk.current != seen and desk.item.view is not None))
    seconds = time.monotonic() - begun
    found = gaps.end()
    feel._until(lambda: not window.jobs._running)
    stored = _confirmed(window.workspace)
    feel._leave(window)
    longest = round(max(frames), 1)
    return {"decided": stored, "items": items, "seconds": round(seconds, 1), "frame": longest, **feel._spread(found)}


def _confirmed(ws: Any) -> int:
    from lvdesk.review import browsing

    return browsing.counts(ws)["confirmed"]


if __name__ == "__main__":
    print(json.dumps(_measured(int(sys.argv[1]), Path(sys.argv[2]) / "station"), ensure_ascii=False))
