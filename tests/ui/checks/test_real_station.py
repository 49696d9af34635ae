"""The checking page over a real workspace: dirty ledgers are checked, a fault is put right and taken back, all is written out."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from lvdesk.checks import findings
from lvdesk.kit.progress import Progress
from lvdesk.kit.settings import Settings
from lvdesk.ledger.importing import take
from lvdesk.ledger.model import ImportRequest
from lvdesk.sample.building import build
from lvdesk.workspace import Workspace
from ui.main_window import MainWindow
from ui.panes.checks.asking import ExceptAsking
from ui.panes.checks.pane import ChecksPane
from ui.panes.ledger.pane import LedgerPane

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # the screenless platform, of windows and popups
PATIENCE = 60_000  # milliseconds, for a busy machine


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    return build(tmp_path_factory.mktemp("sample"), customers=120).files


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, files: tuple[Path, ...]) -> Iterator[MainWindow]:
    workspace = Workspace.open(tmp_path / "station", person="陈思远")
    take(workspace, ImportRequest(files), Progress())
    made = MainWindow(workspace, (LedgerPane, ChecksPane), Settings(tmp_path / "window.json"))
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    made.navigate("checks")
    yield made
    made.jobs.close()
    workspace.close()


@pytest.fixture
def pane(qtbot: QtBot, window: MainWindow) -> ChecksPane:
    """The page after its first check."""
    found = window.stack.pane("checks")
    assert isinstance(found, ChecksPane)
    qtbot.waitUntil(lambda: found.problems.state.title() == "还没有检查过", timeout=PATIENCE)
    found.runner.check()
    settled(qtbot, found)
    qtbot.waitUntil(lambda: found.problems.table.model.rowCount() > 0, timeout=PATIENCE)
    return found


def settled(qtbot: QtBot, pane: ChecksPane) -> None:
    qtbot.waitUntil(lambda: not pane.context.jobs._running and not pane.runner.running, timeout=PATIENCE)


def open_of(ws: Workspace, rule: str) -> list[findings.FindingView]:
    return [each for each in findings.listed(ws) if each.rule == rule]


def looked_at(qtbot: QtBot, pane: ChecksPane, identity: int) -> None:
    pane.reveal(("finding", identity))
    qtbot.waitUntil(
        lambda: pane.problems.inspector.finding is not None and pane.problems.inspector.finding.id == identity, timeout=PATIENCE
    )


def test_what_the_page_shows_is_what_was_found(qtbot: QtBot, window: MainWindow, pane: ChecksPane) -> None:
    everything = list(findings.listed(window.workspace))
    assert pane.problems.table.model.rowCount() == len(everything)
    assert pane.badge() == sum(each.severity == "error" for each in everything)
    for by in ("rule", "area", "field"):
        pane.problems.by.chosen.emit(by)
        settled(qtbot, pane)
        counted = pane.problems.groups.groups.counts(0)
        assert sum(counted[:3]) == len(everything)


def test_a_value_put_right_resolves_its_finding_and_undo_brings_it_back(qtbot: QtBot, window: MainWindow, pane: ChecksPane) -> None:
    full = next(each for each in open_of(window.workspace, "Q33") if each.record is not None)
    looked_at(qtbot, pane, full.id)
    editor = pane.problems.inspector.editor
    editor.line.setText("30")
    pane.runner.seconds = 0.1
    editor.store()
    qtbot.waitUntil(lambda: full.id not in {each.id for each in open_of(window.workspace, "Q33")}, timeout=PATIENCE)
    settled(qtbot, pane)
    window.undoing.undo_action.trigger()
    qtbot.waitUntil(lambda: full.id in {each.id for each in open_of(window.workspace, "Q33")}, timeout=PATIENCE)


def test_an_exception_leaves_the_list_and_comes_back(qtbot: QtBot, window: MainWindow, pane: ChecksPane) -> None:
    chosen = next(iter(findings.listed(window.workspace)))
    looked_at(qtbot, pane, chosen.id)
    pane.deeds.ask_exception()
    question = pane.deeds.question
    assert isinstance(question, ExceptAsking)
    question.reason.setText("现场已核实")
    question.agree()
    qtbot.waitUntil(lambda: pane.runner.state is not None and pane.runner.state.excepted == 1, timeout=PATIENCE)
    pane.problems.states.chosen.emit("excepted")
    qtbot.waitUntil(lambda: pane.problems.table.model.rowCount() == 1, timeout=PATIENCE)
    settled(qtbot, pane)
    pane.deeds.withdraw()
    qtbot.waitUntil(lambda: pane.runner.state is not None and pane.runner.state.excepted == 0, timeout=PATIENCE)
    assert chosen.id in {each.id for each in findings.listed(window.workspace)}


def test_a_rule_switched_off_takes_its_findings_away(qtbot: QtBot, window: MainWindow, pane: ChecksPane) -> None:
    assert open_of(window.workspace, "Q33")
    qtbot.waitUntil(lambda: bool(pane.rules.pending.rules), timeout=PATIENCE)
    pane.runner.seconds = 0.1
    pane.rules.pending.set("Q33", "enabled", value=False)
    pane.rules.try_out()
    qtbot.waitUntil(lambda: len(pane.rules.trial.effects) == 1, timeout=PATIENCE)
    effect = pane.rules.trial.effects[0]
    assert (effect.code, effect.before, effect.after) == ("Q33", len(open_of(window.workspace, "Q33")), 0)
    pane.rules.put_in_force()
    qtbot.waitUntil(lambda: open_of(window.workspace, "Q33") == [], timeout=PATIENCE)


def test_list_and_marked_copies_are_written(qtbot: QtBot, window: MainWindow, pane: ChecksPane, tmp_path: Path) -> None:
    with qtbot.waitSignal(pane.exporting.asked, timeout=PATIENCE):
        pane.exporting.ask()
    question = pane.exporting.question
    assert question is not None
    assert len(question.batches()) > 1
    folder = tmp_path / "导出"
    folder.mkdir()
    question.set_folder(str(folder))
    question.yes.click()
    qtbot.waitUntil(lambda: any(notice.what.startswith("已导出 问题清单.xlsx") for notice in window.notices.open()), timeout=PATIENCE)
    names = sorted(path.name for path in folder.iterdir())
    assert "问题清单.xlsx" in names
    assert sum("标注" in name for name in names) > 1


def test_a_finding_opens_its_record_in_the_ledger(qtbot: QtBot, window: MainWindow, pane: ChecksPane) -> None:
    chosen = next(each for each in findings.listed(window.workspace) if each.record is not None)
    looked_at(qtbot, pane, chosen.id)
    pane.problems.inspector.jump.click()
    ledger = window.stack.pane("ledger")
    assert isinstance(ledger, LedgerPane)
    assert window.stack.currentWidget() is ledger
    qtbot.waitUntil(
        lambda: ledger.browser.inspector.record is not None and ledger.browser.inspector.record.id == chosen.record, timeout=PATIENCE
    )
