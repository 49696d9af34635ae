"""The exports over a real workspace: looked ahead, exported, listed, handed out once more, taken back; without personal data for GIS."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl
import pytest
from pytestqt.qtbot import QtBot

from lvdesk.checks.model import KEYS
from lvdesk.exchange import packages, registry
from lvdesk.exchange.model import Format, Options, System, Written
from lvdesk.exchange.picture import Picture
from lvdesk.kit.progress import Progress
from lvdesk.kit.settings import Settings
from lvdesk.workspace import Workspace
from tests.helpers import reviewing
from ui.main_window import MainWindow
from ui.panes.export.pane import ExportPane
from ui.panes.ledger.pane import LedgerPane

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")
PATIENCE = 60_000  # milliseconds, for a busy machine
ENTITIES = ("feeder", "transformer_area", "meter_box", "meter", "metering_point", "customer")


def write_keys(leaving: Picture, folder: Path, _options: Options, progress: Progress) -> list[Written]:
    """One line for each record: entity and key."""
    progress.start("正在写出", leaving.records)
    rows = [(entity, key) for entity, frame in leaving.frames.items() for key in frame[KEYS[entity]]]
    (folder / "记录.csv").write_text("\n".join(f"{entity},{key}" for entity, key in rows), encoding="utf-8")
    progress.step(len(rows))
    return [Written(folder / "记录.csv", len(rows))]


@pytest.fixture
def formats(monkeypatch: pytest.MonkeyPatch) -> Mapping[System, Mapping[str, Format]]:
    """One simple form for every receiver: this is about the page, not about the files."""
    made = registry.check([Format("keys", system, "编号清单", "每条记录一行", 1, ENTITIES, write_keys) for system in System])
    monkeypatch.setattr(registry, "discover", lambda: made)
    monkeypatch.setattr(packages, "discover", lambda: made)
    return made


@pytest.fixture
def workspace(qtbot: QtBot, tmp_path: Path, formats: object) -> Iterator[Workspace]:
    made = Workspace.open(tmp_path / "station", person=reviewing.CLERK)
    reviewing.queued(made, tmp_path)
    reviewing.confirm_all(made)
    yield made
    made.close()


@pytest.fixture
def window(qtbot: QtBot, workspace: Workspace, tmp_path: Path) -> Iterator[MainWindow]:
    made = MainWindow(workspace, (LedgerPane, ExportPane), Settings(tmp_path / "window.json"))
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    made.navigate("export")
    yield made
    made.jobs.close()


@pytest.fixture
def pane(qtbot: QtBot, window: MainWindow) -> ExportPane:
    found = window.stack.pane("export")
    assert isinstance(found, ExportPane)
    settled(qtbot, found)
    return found


def settled(qtbot: QtBot, pane: ExportPane) -> None:
    qtbot.waitUntil(lambda: not pane.context.jobs._running and not pane.looking.busy(), timeout=PATIENCE)


def numbers(pane: ExportPane) -> list[str]:
    archive = pane.packages.archive
    return [view.number for view in archive.packages] if archive is not None else []


def test_looked_ahead_exported_handed_out_and_taken_back(qtbot: QtBot, window: MainWindow, pane: ExportPane, tmp_path: Path) -> None:
    found = pane.looking.current
    assert found is not None
    seen = found.ahead.seen
    assert seen.counts["meter_box"] > 0
    assert sum(why.count for why in seen.reasons) == len(seen.held) == sum(len(records) for records in found.ahead.groups.values())
    assert {why.why: why.count for why in seen.reasons} == {why: len(records) for why, records in found.ahead.groups.items()}
    pane.issuing.write_draft(found.ahead, tmp_path / "缺项.xlsx")
    settled(qtbot, pane)
    assert pl.read_excel(tmp_path / "缺项.xlsx", sheet_name="暂缓导出").height == len(seen.held)

    (tmp_path / "交付").mkdir()
    pane.issuing.begin(pane.choosing.request(tmp_path / "交付"))
    settled(qtbot, pane)
    (number,) = numbers(pane)
    assert pane.banner.text() == f"已导出 {number}（营销系统）：1 个文件，{seen.records:,} 条记录"
    (delivered,) = (tmp_path / "交付").glob(f"{number}*/记录.csv")
    assert len(delivered.read_text(encoding="utf-8").splitlines()) == seen.records
    again = pane.looking.current
    assert again is not None
    assert (again.ahead.seen.previous, again.ahead.seen.added, again.ahead.seen.changed, again.ahead.seen.removed) == (number, 0, 0, 0)

    pane.show_view("packages")
    qtbot.waitUntil(lambda: pane.packages.card.view is not None)
    pane.packages.copy_to(number, tmp_path / "再取")
    settled(qtbot, pane)
    assert list((tmp_path / "再取").glob(f"{number}*/清单.json"))
    pane.show_view("issue")
    window.commands.trigger("edit.undo")
    qtbot.waitUntil(lambda: numbers(pane) == [], timeout=PATIENCE)
    settled(qtbot, pane)
    assert pane.looking.current is not None
    assert pane.looking.current.ahead.seen.previous == ""


def test_a_held_record_opens_in_the_ledger(qtbot: QtBot, window: MainWindow, pane: ExportPane) -> None:
    held = pane.ahead.held
    assert held.table.model.ids
    held.table.opened.emit(held.table.model.ids[0])
    qtbot.waitUntil(lambda: isinstance(window.stack.currentWidget(), LedgerPane))
    qtbot.waitUntil(lambda: not window.jobs._running, timeout=PATIENCE)


def test_who_may_not_hand_out_is_told_and_may_try(
    qtbot: QtBot, window: MainWindow, pane: ExportPane, workspace: Workspace, tmp_path: Path
) -> None:
    workspace.store.person = reviewing.OPERATIONS
    pane._read_choices(anew=False)
    settled(qtbot, pane)
    assert "没有“导出并交付”的权限" in pane.choosing.note.text()
    pane.choosing.test.click()
    settled(qtbot, pane)
    (tmp_path / "试").mkdir()
    pane.issuing.begin(pane.choosing.request(tmp_path / "试"))
    settled(qtbot, pane)
    assert pane.banner.text().startswith("测试导出已写好")
    assert numbers(pane) == []
