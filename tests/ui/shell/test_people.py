"""Who sits at the desk: asked at the start once people are registered, by PIN where there is one; people and roles in their dialog."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from lvdesk.kit.settings import Settings
from lvdesk.security import people
from lvdesk.workspace import Workspace
from tests.helpers.stations import local_ws
from tests.ui.shell.fakes import FakeServices
from tests.ui.shell.panes import Notes
from ui.main_window import MainWindow
from ui.people_dialog import PeopleDialog
from ui.sign_in import SignInDialog

__all__ = ["local_ws"]

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the screenless platform says it of every window of fixed size

Open = Callable[[], MainWindow]
_TIME = 5_000


@pytest.fixture
def opened(qtbot: QtBot, local_ws: Workspace, tmp_path: Path) -> Iterator[Open]:
    windows: list[MainWindow] = []

    def make() -> MainWindow:
        window = MainWindow(local_ws, (Notes,), Settings(tmp_path / "window.json"), FakeServices())
        qtbot.addWidget(window)
        windows.append(window)
        window.show()
        return window

    yield make
    for window in windows:
        window.jobs.close()


def staff(ws: Workspace) -> None:
    """An administrator without, a marketing clerk with a PIN."""
    people.register(ws.store, ws.overrides, "赵管理", ["admin"])
    ws.store.person = "赵管理"
    people.register(ws.store, ws.overrides, "孙营销", ["marketing"], "营业班", "2468")
    ws.store.person = "机器"


def asked(qtbot: QtBot, window: MainWindow) -> SignInDialog:
    qtbot.waitUntil(lambda: window.people.sign_in is not None and window.people.sign_in.isVisible(), timeout=_TIME)
    assert window.people.sign_in is not None
    return window.people.sign_in


def managing(qtbot: QtBot, window: MainWindow, count: int) -> PeopleDialog:
    qtbot.waitUntil(lambda: window.people.dialog is not None and window.people.dialog.names.count() == count, timeout=_TIME)
    assert window.people.dialog is not None
    return window.people.dialog


def choose(dialog: PeopleDialog, name: str) -> None:
    rows = [dialog.names.item(row).text().splitlines()[0] for row in range(dialog.names.count())]
    dialog.names.setCurrentRow(rows.index(name))


def pick(dialog: SignInDialog, name: str) -> None:
    rows = [dialog.names.item(row).text().splitlines()[0] for row in range(dialog.names.count())]
    dialog.names.setCurrentRow(rows.index(name))


def test_nobody_is_asked_while_nobody_is_registered(qtbot: QtBot, opened: Open) -> None:
    window = opened()
    qtbot.waitUntil(lambda: not window.jobs.running(), timeout=_TIME)
    assert window.people.sign_in is None
    window.commands.trigger("person.switch")
    assert managing(qtbot, window, 0).empty.isVisible()


def test_the_right_pin_seats_and_the_window_says_who(qtbot: QtBot, opened: Open, local_ws: Workspace) -> None:
    staff(local_ws)
    window = opened()
    dialog = asked(qtbot, window)
    pick(dialog, "孙营销")
    qtbot.keyClicks(dialog.pin, "1111")
    qtbot.keyClick(dialog.pin, Qt.Key.Key_Return)
    qtbot.waitUntil(dialog.problem.isVisible, timeout=_TIME)
    assert "口令不对" in dialog.problem.text()
    assert local_ws.person == "机器"
    qtbot.keyClicks(dialog.pin, "2468")
    qtbot.keyClick(dialog.pin, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: local_ws.person == "孙营销" and window.people.sign_in is None, timeout=_TIME)
    assert "孙营销（营销班组）" in window.rail.findChild(type(window.rail._user)).accessibleName()


def test_a_name_with_a_pin_is_not_taken_over_from_the_last_time(qtbot: QtBot, opened: Open, local_ws: Workspace) -> None:
    staff(local_ws)
    local_ws.store.person = "孙营销"
    asked(qtbot, opened()).reject()
    assert local_ws.person.endswith("（未登录）")


def test_who_sat_here_last_is_chosen_again(qtbot: QtBot, opened: Open, local_ws: Workspace) -> None:
    staff(local_ws)
    first = opened()
    dialog = asked(qtbot, first)
    pick(dialog, "赵管理")
    dialog.go.click()
    qtbot.waitUntil(lambda: first.people.sign_in is None, timeout=_TIME)
    again = asked(qtbot, opened())
    current = again.names.currentItem()
    assert current is not None
    assert current.text().startswith("赵管理")
    assert not again.pin.isVisible()


def test_people_are_registered_and_changed_in_their_dialog(qtbot: QtBot, opened: Open, local_ws: Workspace) -> None:
    window = opened()
    window.commands.trigger("person.manage")
    dialog = managing(qtbot, window, 0)
    dialog.form.name.setText("赵管理")
    dialog.keep.click()
    qtbot.waitUntil(dialog.problem.isVisible, timeout=_TIME)
    assert "没有给出角色" in dialog.problem.text()
    dialog.form.roles["admin"].setChecked(True)
    dialog.keep.click()
    managing(qtbot, window, 1)
    assert people.find(local_ws.store, local_ws.overrides, "赵管理").role_titles == ("管理员",)
    qtbot.waitUntil(lambda: window.people.role == "管理员", timeout=_TIME)
    assert local_ws.person == "赵管理"
    dialog.start_new()
    dialog.form.name.setText("钱内勤")
    dialog.form.roles["clerk"].setChecked(True)
    dialog.form.pin.setText("1357")
    dialog.keep.click()
    managing(qtbot, window, 2)
    assert people.find(local_ws.store, local_ws.overrides, "钱内勤").has_pin


def test_who_manages_nobody_changes_his_own_pin_only(qtbot: QtBot, opened: Open, local_ws: Workspace) -> None:
    staff(local_ws)
    window = opened()
    dialog = asked(qtbot, window)
    pick(dialog, "孙营销")
    qtbot.keyClicks(dialog.pin, "2468")
    qtbot.keyClick(dialog.pin, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.people.role == "营销班组", timeout=_TIME)
    window.commands.trigger("person.manage")
    managed = managing(qtbot, window, 2)
    choose(managed, "孙营销")
    managed.form.no_pin.setChecked(True)
    managed.keep.click()
    qtbot.waitUntil(lambda: not people.find(local_ws.store, local_ws.overrides, "孙营销").has_pin, timeout=_TIME)
    qtbot.waitUntil(lambda: not managed.form.no_pin.isVisible(), timeout=_TIME)
    assert not managed.problem.isVisible()
    choose(managed, "赵管理")
    managed.leave.click()
    qtbot.waitUntil(managed.problem.isVisible, timeout=_TIME)
    assert "应由管理员处理" in managed.problem.text()


def test_other_roles_are_shown_at_once(qtbot: QtBot, opened: Open, local_ws: Workspace) -> None:
    staff(local_ws)
    window = opened()
    dialog = asked(qtbot, window)
    pick(dialog, "赵管理")
    dialog.go.click()
    qtbot.waitUntil(lambda: window.people.role == "管理员", timeout=_TIME)
    window.commands.trigger("person.manage")
    managed = managing(qtbot, window, 2)
    choose(managed, "赵管理")
    managed.form.roles["clerk"].setChecked(True)
    managed.keep.click()
    qtbot.waitUntil(lambda: "内勤" in window.people.role, timeout=_TIME)
