"""Pictures of the checks: what was found at a dirty station, nothing yet, nothing at all, something broken, the rule book tried out."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from lvdesk.kit.errors import KnownError
from lvdesk.kit.settings import Settings
from tests.shots.stage import Scene
from tests.shots.station import window, workspace
from ui.main_window import MainWindow
from ui.panes.base import Context
from ui.panes.checks.loading import StationServices
from ui.panes.checks.pane import ChecksPane as RealPane

if TYPE_CHECKING:
    from lvdesk.checks.checking import CheckState

_NARROW = ((1366, 768),)
_TRIED = "Q41"


class ChecksPane(RealPane):
    """The checks when the database does not answer."""

    def __init__(self, context: Context) -> None:
        super().__init__(context, _NoChecks(context.workspace))


class _NoChecks(StationServices):
    def state(self) -> "CheckState":
        raise KnownError("db.locked", "数据库正被另一个程序占用", "请关闭它后重试")


def pane(widget: QWidget) -> RealPane:
    """The checking pane of a window."""
    assert isinstance(widget, MainWindow)
    found = widget.stack.pane("checks")
    assert isinstance(found, RealPane)
    return found


def _checked(folder: Path) -> MainWindow:
    made = window(folder, "checks")
    pane(made).runner.check()
    return made


def _broken(folder: Path) -> MainWindow:
    made = MainWindow(workspace(folder), (ChecksPane,), Settings(folder / "window.json"))
    made.navigate("checks")
    return made


def _listed(widget: QWidget) -> bool:
    shown = pane(widget)
    return not shown.runner.running and shown.problems.inspector.finding is not None and shown.problems.groups.groups.rowCount() > 1


def _book_read(widget: QWidget) -> bool:
    return _listed(widget) and bool(pane(widget).rules.pending.rules)


def _quiet(widget: QWidget) -> None:
    assert isinstance(widget, MainWindow)
    widget.notices.dismiss()


def _one_rule(widget: QWidget) -> None:
    _quiet(widget)
    pane(widget).problems.groups.choose("Q20")


def _of_one_rule(widget: QWidget) -> bool:
    found = pane(widget).problems.inspector.finding
    chosen = pane(widget).problems.groups.current()
    return found is not None and chosen is not None and found.rule == chosen.key


def _open_rule(widget: QWidget) -> None:
    _quiet(widget)
    shown = pane(widget)
    shown.show_view("rules")
    shown.rules.show_rule(_TRIED)


def _try(widget: QWidget) -> None:
    _open_rule(widget)
    rules = pane(widget).rules
    rules.pending.set(_TRIED, "lowest", 0.6)
    rules.pending.set("Q26", "enabled", value=False)
    rules.try_out()


def _view(key: str) -> Callable[[QWidget], None]:
    def act(widget: QWidget) -> None:
        _quiet(widget)
        pane(widget).show_view(key)

    return act


def _said(widget: QWidget) -> bool:
    return bool(pane(widget).problems.state.title())


def scenes() -> Iterator[Scene]:
    """Everything this module can show."""
    yield Scene("checks-loaded", _checked, _listed, _one_rule, _of_one_rule, readme="checks")
    yield Scene("checks-rules", _checked, _book_read, _open_rule)
    yield Scene("checks-what-if", _checked, _book_read, _try, lambda w: pane(w).rules.trial.table.model.row(0) is not None)
    yield Scene("checks-runs", _checked, _listed, _view("runs"), sizes=_NARROW)
    yield Scene("checks-empty", lambda folder: window(folder, "checks", filled=False), _said)
    yield Scene("checks-error", _broken, _said, sizes=_NARROW)
