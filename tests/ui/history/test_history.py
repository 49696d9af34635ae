"""The history page: filters, what an entry changed, undo, backups, where a value comes from."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from lvdesk.kit.settings import Settings
from tests.ui.shell.fakes import ENTRIES, NOW, FakeHistory, FakeServices, FakeWorkspace, entry
from ui.main_window import MainWindow
from ui.panes.base import Context
from ui.panes.history.loading import PAGE, Wanted, page
from ui.panes.history.model import EntriesModel
from ui.panes.history.pane import HistoryPane

Open = Callable[[FakeHistory], tuple[MainWindow, HistoryPane]]


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Iterator[Open]:
    windows: list[MainWindow] = []

    def make(services: FakeHistory) -> tuple[MainWindow, HistoryPane]:
        class Given(HistoryPane):
            def __init__(self, context: Context) -> None:
                super().__init__(context, services)

        window = MainWindow(FakeWorkspace(tmp_path), (Given,), Settings(tmp_path / "window.json"), FakeServices())
        qtbot.addWidget(window)
        windows.append(window)
        window.show()
        pane = window.stack.pane("history")
        assert isinstance(pane, HistoryPane)
        return window, pane

    yield make
    for window in windows:
        window.jobs.close()


def labels(pane: HistoryPane) -> list[str]:
    return [found.label for found in pane.journal.model.entries()]


def whats(window: MainWindow) -> list[str]:
    return [notice.what for notice in window.notices.open()]


@pytest.mark.parametrize(
    "wanted, ids",
    [
        (Wanted(), [44, 43, 42, 41, 38, 31]),
        (Wanted(text="导入"), [41, 38, 31]),
        (Wanted(person="李海燕"), [42, 31]),
        (Wanted(days=1), [44, 43, 42, 41]),
        (Wanted(days=2, text="导入"), [41, 38]),
        (Wanted(person="没有此人"), []),
    ],
)
def test_entries_are_chosen_by_text_person_and_days(wanted: Wanted, ids: list[int]) -> None:
    assert [found.id for found in page(FakeHistory().entries, wanted, None, date(2026, 11, 22)).entries] == ids


def test_a_long_journal_comes_in_pages_without_gaps() -> None:
    journal = FakeHistory([entry(number, f"导入 {number}", NOW.isoformat(), "") for number in range(500, 0, -1)])
    seen: list[int] = []
    before: int | None = None
    while True:
        found = page(journal.entries, Wanted(), before, NOW.date())
        seen += [one.id for one in found.entries]
        assert len(found.entries) <= PAGE
        if found.more is None:
            break
        before = found.more
    assert seen == list(range(500, 0, -1))


def test_the_model_is_sound(qtmodeltester: ModelTester) -> None:
    model = EntriesModel()
    model.start(ENTRIES, 31)
    qtmodeltester.check(model)
    model.extend([entry(30, "更早", "2026-11-01T00:00:00+00:00", "")], None)
    assert model.rowCount() == len(ENTRIES) + 1


def test_the_newest_entry_is_shown_with_its_changes(qtbot: QtBot, opened: Open) -> None:
    _window, pane = opened(FakeHistory())
    qtbot.waitUntil(lambda: pane.journal.detail.changes.rowCount() == 12)
    assert pane.journal.detail._title.text() == "销户标注 12 户"
    assert pane.journal.detail.changes.index(0, 3).data() == "正常用电客户"


def test_filters_work_together_and_can_be_cleared(qtbot: QtBot, opened: Open) -> None:
    _window, pane = opened(FakeHistory())
    qtbot.waitUntil(lambda: len(labels(pane)) == 6)
    pane.journal.text.setText("导入")
    qtbot.waitUntil(lambda: len(labels(pane)) == 3)
    pane.journal.person.setCurrentIndex(pane.journal.person.findData("李海燕"))
    qtbot.waitUntil(lambda: labels(pane) == ["导入 01_变电站线路清单.xlsx"])
    pane.journal.span.setCurrentIndex(1)
    qtbot.waitUntil(lambda: pane.journal.state.title() == "没有符合条件的记录")
    pane.journal._clear_filters()
    qtbot.waitUntil(lambda: len(labels(pane)) == 6)


def test_one_operation_is_taken_back_after_a_question(qtbot: QtBot, opened: Open) -> None:
    window, pane = opened(FakeHistory())
    qtbot.waitUntil(lambda: len(labels(pane)) == 6)
    pane.reveal(("entry", 41))
    pane.journal.detail.undo_button.click()
    assert pane.journal.detail.confirm.isVisible()
    pane.journal.detail.confirm.no.click()
    assert not pane.journal.detail.confirm.isVisible()
    pane.journal.detail.undo_button.click()
    pane.journal.detail.confirm.yes.click()
    qtbot.waitUntil(lambda: "已撤销：导入 11 个文件" in whats(window))
    qtbot.waitUntil(lambda: not pane.journal.detail.undo_button.isEnabled())
    current = pane.journal.current()
    assert current is not None
    assert (current.id, current.undone) == (41, True)


def test_an_empty_journal_and_a_broken_one_say_so(qtbot: QtBot, opened: Open) -> None:
    _window, pane = opened(FakeHistory(()))
    qtbot.waitUntil(lambda: pane.journal.state.title() == "还没有任何操作")
    window, pane = opened(FakeHistory(broken=True))
    qtbot.waitUntil(lambda: pane.journal.state.title() == "没有读到操作记录")
    assert "没有读到操作记录" in whats(window)


def test_a_backup_is_made_listed_and_restored_after_a_question(qtbot: QtBot, opened: Open) -> None:
    services = FakeHistory()
    window, pane = opened(services)
    pane.show_view(1)
    view = pane.backups
    qtbot.waitUntil(lambda: view.model.rowCount() == 2)
    assert not view.restore_button.isEnabled()
    view.backup_button.click()
    qtbot.waitUntil(lambda: view.model.rowCount() == 3)
    view.table.selectRow(1)
    view.restore_button.click()
    view.confirm.yes.click()
    qtbot.waitUntil(lambda: "已还原备份" in whats(window))
    assert services.restored == [Path("station-20261122-1026-导入前.db")]


@pytest.mark.parametrize("problems, what", [((), "核验通过"), (("记录 12 的摘要不符",), "核验发现 1 处问题")])
def test_the_check_says_what_it_found(qtbot: QtBot, opened: Open, problems: tuple[str, ...], what: str) -> None:
    window, pane = opened(FakeHistory(problems=problems))
    pane.backups.verify_button.click()
    qtbot.waitUntil(lambda: what in whats(window))


def test_a_value_tells_where_it_comes_from(qtbot: QtBot, opened: Open) -> None:
    window, pane = opened(FakeHistory())
    qtbot.waitUntil(lambda: pane.origin.entity.count() == 3)
    pane.reveal(("customer", "4209747019"))
    qtbot.waitUntil(lambda: pane.origin.model.rowCount() == 3)
    assert pane.origin.model.index(2, 2).data() == "文一路１８号2单元301"
    pane.origin.key.setText("0000")
    pane.origin.ask()
    qtbot.waitUntil(lambda: "没有编号为 0000 的记录" in whats(window))
