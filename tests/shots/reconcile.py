"""Pictures of the reconciliation over a station that went round the loop: every view, empty, broken."""

from pathlib import Path
from typing import Final

from PySide6.QtWidgets import QWidget

from lvdesk.kit.errors import KnownError
from tests.shots.stage import Scene
from tests.ui.reconcile.reconcile_fakes import FakeReconcile
from tests.ui.reconcile.reconcile_window import pane_of, reconcile_window
from ui.main_window import MainWindow
from ui.panes.reconcile.pane import ReconcilePane

_NARROW: Final = ((1366, 768),)


def pane(widget: QWidget) -> ReconcilePane:
    """The page of a window."""
    assert isinstance(widget, MainWindow)
    return pane_of(widget)


def _full(folder: Path) -> MainWindow:
    return reconcile_window(folder, FakeReconcile())


def _empty(folder: Path) -> MainWindow:
    return reconcile_window(folder, FakeReconcile(empty=True))


def _broken(folder: Path) -> MainWindow:
    return reconcile_window(folder, FakeReconcile(error=KnownError("store.busy", "数据库正忙，没有读到差异", "请稍后重试")))


def _listed(widget: QWidget) -> bool:
    return pane(widget).differences.inspector.view is not None


def _said(widget: QWidget) -> bool:
    return bool(pane(widget).differences.state.title())


def _turned(key: str) -> object:
    return lambda widget: pane(widget).show_view(key)


def _calm(widget: QWidget) -> bool:
    return not pane(widget).context.jobs._running


def scenes() -> list[Scene]:
    """All pictures of the page."""
    made = [Scene("reconcile", _full, _listed)]
    made += [
        Scene(f"reconcile-{key}", _full, _listed, act=_turned(key), settled=_calm)
        for key in ("rates", "receipts", "suspects", "sync", "cases")
    ]
    made += [Scene("reconcile-empty", _empty, _said, sizes=_NARROW), Scene("reconcile-error", _broken, _said, sizes=_NARROW)]
    return made
