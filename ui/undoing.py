"""Undo and redo for the whole window, by the name of what they take back."""

from typing import Any, Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from lvdesk.network.changed import Changed
from ui.actions import Action, Actions
from ui.bus import Bus
from ui.jobs import Jobs
from ui.notices import Notices, Offer


class UndoServices(Protocol):
    """What undo needs of the station."""

    def labels(self) -> tuple[str, str]:
        """What undo and redo would do now."""

    def undo(self) -> Any:
        """Takes the last operation back."""

    def redo(self) -> Any:
        """Does it again."""


class Undoing(QObject):
    """Keeps the two actions in step with the journal."""

    def __init__(self, window: QWidget, actions: Actions, jobs: Jobs, notices: Notices, bus: Bus, services: UndoServices) -> None:
        super().__init__(window)
        self._jobs, self._notices, self._bus, self._services = jobs, notices, bus, services
        self.undo_action = actions.add(Action("edit.undo", "撤销", self._undo, "Ctrl+Z", "undo", "通用"), window)
        self.redo_action = actions.add(Action("edit.redo", "重做", self._redo, "Ctrl+Y, Ctrl+Shift+Z", "redo", "通用"), window)
        self._show(("", ""))
        bus.changed.connect(self._ask)
        self._ask()

    def _ask(self) -> None:
        self._jobs.read(self._services.labels, self._show, lambda _error: self._show(("", "")))

    def _show(self, labels: tuple[str, str]) -> None:
        for action, verb, label in ((self.undo_action, "撤销", labels[0]), (self.redo_action, "重做", labels[1])):
            action.setText(named(verb, label))
            action.setEnabled(bool(label))

    def _undo(self) -> None:
        self._run(self.undo_action.text(), self._services.undo, Offer("重做", self._redo))

    def _redo(self) -> None:
        self._run(self.redo_action.text(), self._services.redo, Offer("撤销", self._undo))

    def _run(self, title: str, work: Any, back: Offer) -> None:
        self._show(("", ""))
        self._jobs.run(
            f"正在{title}",
            lambda _progress: work(),
            done=lambda _result: self._done(title, back),
            failed=lambda error: self._failed(title, error),
        )

    def _done(self, title: str, back: Offer) -> None:
        self._notices.success(f"已{title}", offer=back)
        self._bus.tell(Changed.ALL)

    def _failed(self, title: str, error: Exception) -> None:
        self._notices.show(error, f"{title}没有完成")
        self._ask()


def named(verb: str, label: str) -> str:
    """撤销：导入 11 个文件; the verb alone when there is nothing to do."""
    if not label:
        return verb
    return label if label.startswith(f"{verb}：") else f"{verb}：{label}"
