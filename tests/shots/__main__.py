"""``python -m tests.shots [NAME…]``: renders every scene of ``tests/shots/<pane>.py`` (function ``scenes()``), offscreen.

NAME keeps the scenes whose name begins so; ``--out DIR`` puts the pictures elsewhere than resources/docs/screenshots.
"""

import argparse
import importlib
import os
import pkgutil
import shutil
import sys
import tempfile
import time
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop
from PySide6.QtWidgets import QApplication, QWidget

import tests.shots
from lvdesk.kit.paths import resources
from tests.shots.stage import Scene
from ui.app import prepare

_PATIENCE = 60.0
_CALM = 0.35


def scenes() -> list[Scene]:
    """All scenes of all modules beside this one; none at all is an error."""
    found: list[Scene] = []
    for info in pkgutil.iter_modules(tests.shots.__path__):
        module = importlib.import_module(f"tests.shots.{info.name}") if not info.name.startswith("__") else None
        if module is not None and hasattr(module, "scenes"):
            found.extend(module.scenes())
    names = [scene.name for scene in found]
    if not names or len(names) != len(set(names)):
        raise SystemExit("no scenes, or two with one name")
    return found


def spin(seconds: float) -> None:
    """Lets the window work."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)


def wait(scene: Scene, widget: QWidget, *, settled: bool) -> None:
    """Until the scene says so, and a moment longer for what is still being painted."""
    end = time.monotonic() + _PATIENCE
    ask = scene.settled if settled else scene.ready
    while not ask(widget):
        if time.monotonic() > end:
            raise SystemExit(f"{scene.name} never became ready")
        spin(0.05)
    spin(_CALM)


def take(scene: Scene, size: tuple[int, int] | None, folder: Path) -> Path:
    """One picture."""
    with tempfile.TemporaryDirectory() as place:
        os.environ["LVDESK_HOME"] = place
        widget = scene.build(Path(place))
        if size:
            widget.resize(*size)
        widget.show()
        wait(scene, widget, settled=False)
        if scene.act is not None:
            scene.act(widget)
            wait(scene, widget, settled=True)
        shown = widget.size()
        target = folder / f"{scene.name}-{shown.width()}x{shown.height()}.png"
        widget.grab().save(str(target))
        jobs = getattr(widget, "jobs", None)
        if jobs is not None:
            jobs.close()
        workspace = getattr(widget, "workspace", None)
        if workspace is not None:
            workspace.close()
        widget.close()
        widget.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    return target


def main() -> int:
    """Renders and lists the pictures."""
    parser = argparse.ArgumentParser(prog="python -m tests.shots")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--out", type=Path, default=resources() / "docs" / "screenshots")
    chosen = parser.parse_args()
    app = QApplication(sys.argv[:1])
    prepare(app)
    chosen.out.mkdir(parents=True, exist_ok=True)
    for scene in scenes():
        if chosen.names and not scene.name.startswith(tuple(chosen.names)):
            continue
        for size in scene.sizes or (None,):
            picture = take(scene, size, chosen.out)
            print(picture.name)
            if scene.readme:
                shutil.copyfile(picture, chosen.out / f"{scene.readme}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
