"""Starting: which workspace opens, what is asked, what happens when one cannot be opened."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from lvdesk.kit.paths import user_data
from lvdesk.kit.progress import Progress
from lvdesk.kit.settings import Settings
from tests.ui.shell.panes import Files, Notes
from ui.app import Desk, MakeSample, WorkspaceArguments
from ui.first_run import FirstChoice

pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")  # the screenless platform says it of every window of fixed size
MakeDesk = Callable[..., Desk]


def sample(folder: Path, progress: Progress) -> None:
    from lvdesk.workspace import Workspace

    progress.start("生成样例", 1)
    Workspace.open(folder).close()


@pytest.fixture
def make_desk(qtbot: QtBot, tmp_path: Path) -> Iterator[MakeDesk]:
    desks: list[Desk] = []

    def make(make_sample: MakeSample | None = sample) -> Desk:
        desk = Desk(Settings(tmp_path / "window.json"), make_sample, (Notes, Files))
        desks.append(desk)
        return desk

    yield make
    for desk in desks:
        if desk.window is not None:
            desk.window.close()
        if desk.first is not None:
            desk.first.close()
            desk.first.deleteLater()
        desk.close()
        desk.deleteLater()


def folder_of(desk: Desk) -> Path | None:
    return desk.window.workspace.folder if desk.window is not None else None


def test_the_first_start_asks_and_remembers_the_answer(make_desk: MakeDesk, tmp_path: Path) -> None:
    desk = make_desk()
    desk.start(WorkspaceArguments())
    assert desk.first is not None
    assert desk.first.isVisible()
    desk.first.choose(tmp_path / "station")
    assert folder_of(desk) == tmp_path / "station"
    assert desk.first is None
    assert desk.window is not None
    desk.window.close()
    again = make_desk()
    again.start(WorkspaceArguments())
    assert folder_of(again) == tmp_path / "station"


def test_a_workspace_on_the_command_line_is_opened(make_desk: MakeDesk, tmp_path: Path) -> None:
    desk = make_desk()
    desk.start(WorkspaceArguments(tmp_path / "given"))
    assert folder_of(desk) == tmp_path / "given"


def test_the_sample_is_made_once_then_opened(qtbot: QtBot, make_desk: MakeDesk) -> None:
    made: list[Path] = []

    def counting(folder: Path, progress: Progress) -> None:
        made.append(folder)
        sample(folder, progress)

    for _ in range(2):
        desk = make_desk(counting)
        desk.start(WorkspaceArguments(None))
        if desk.first is not None:
            desk.first._on_choice(FirstChoice(None, sample=True))
        qtbot.waitUntil(lambda desk=desk: desk.window is not None)
        assert folder_of(desk) == user_data() / "workspaces" / "sample"
    assert len(made) == 1


def test_a_running_window_changes_to_the_sample(qtbot: QtBot, make_desk: MakeDesk, tmp_path: Path) -> None:
    desk = make_desk()
    desk.start(WorkspaceArguments(tmp_path / "own"))
    assert desk.window is not None
    desk.window.commands.trigger("workspace.sample")
    qtbot.waitUntil(lambda: folder_of(desk) == user_data() / "workspaces" / "sample")


def test_a_file_in_place_of_a_database_is_refused_with_a_reason(make_desk: MakeDesk, tmp_path: Path) -> None:
    bad = tmp_path / "bad"
    bad.mkdir()
    (bad / "station.db").write_bytes(b"no database at all" * 100)
    desk = make_desk()
    desk.start(WorkspaceArguments(bad))
    assert desk.window is None
    assert desk.first is not None
    assert desk.first._error.text()


@pytest.mark.expects_log
def test_a_bug_opens_one_dialog(make_desk: MakeDesk, tmp_path: Path) -> None:
    desk = make_desk()
    desk.start(WorkspaceArguments(tmp_path / "own"))
    for _ in range(2):
        desk.caught(ZeroDivisionError("boom"))
    assert desk.window is not None
    dialogs = [child for child in desk.window.children() if type(child).__name__ == "CrashDialog"]
    assert len(dialogs) == 1
    dialogs[0].close()  # type: ignore[attr-defined]


def test_another_workspace_takes_the_place_of_the_first(make_desk: MakeDesk, tmp_path: Path) -> None:
    desk = make_desk()
    desk.start(WorkspaceArguments(tmp_path / "own"))
    old = desk.window
    assert old is not None
    old.commands.trigger("workspace.open")
    assert desk.first is not None
    desk.first.choose(tmp_path / "other")
    assert folder_of(desk) == tmp_path / "other"
    assert not old.isVisible()
