"""The crop wall: one field of many sheets, one key decides, everything can be taken back."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lvdesk.kit.errors import KnownError
from tests.ui.fieldwork.crop_fakes import COMBS, TICKS, WORDS, FakeCrops, a_crop
from tests.ui.fieldwork.keying_window import Typist, crop_wall
from ui.main_window import MainWindow
from ui.panes.fieldwork.crop_wall import CropWall
from ui.theme.apply import apply

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # the screenless platform, of windows and popups
ENTER, RIGHT, DOWN, BACKSPACE = Qt.Key.Key_Return, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Backspace
SHIFT, CTRL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
LOCKED = KnownError("db.locked", "数据库正被另一个程序占用", "请关闭它后重试")


@pytest.fixture
def crops() -> FakeCrops:
    return FakeCrops()


@pytest.fixture
def window(qapp: QApplication, qtbot: QtBot, tmp_path: Path, crops: FakeCrops) -> Iterator[MainWindow]:
    apply(qapp)
    made = crop_wall(tmp_path, crops)
    qtbot.addWidget(made)
    made.resize(1366, 768)
    made.show()
    made.activateWindow()
    qtbot.waitActive(made)
    yield made
    crops.hold.set()
    made.jobs.close()


@pytest.fixture
def wall(window: MainWindow) -> CropWall:
    return window.findChildren(CropWall)[0]


def shown(qtbot: QtBot, wall: CropWall, group: str = TICKS) -> Typist:
    wall.start(group)
    qtbot.waitUntil(lambda: bool(wall.grid.crops) and wall.title.text() == wall.grid.crops[0].title == a_crop(group, 0).title)
    qtbot.waitUntil(lambda: wall.grid.hasFocus() or wall.grid.line.hasFocus())
    return Typist()


def sheets(crops: FakeCrops, group: str) -> dict[int, str]:
    """What is stored of a field, by page."""
    place = a_crop(group, 0).place
    return {page: value for (page, at), value in sorted(crops.decided.items()) if at == place}


def stored(qtbot: QtBot, wall: CropWall, crops: FakeCrops, group: str, expected: dict[int, str]) -> None:
    qtbot.waitUntil(lambda: not wall.store.waiting() and sheets(crops, group) == expected)


@pytest.mark.parametrize(
    "keys, expected",
    [
        (("1",), {1: "1"}),
        ((Qt.Key.Key_Space,), {1: "1"}),
        (("0",), {1: ""}),
        ((BACKSPACE,), {1: ""}),
        (("1", "0", "1"), {1: "1", 2: "", 3: "1"}),
        ((ENTER, RIGHT, RIGHT, RIGHT, RIGHT, ENTER), {1: "", 6: "1"}),
        ((DOWN, "1"), {6: "1"}),
    ],
    ids=["one", "space", "zero", "backspace", "one after the other", "as it looks", "moved"],
)
def test_one_key_decides_a_tick(
    qtbot: QtBot, wall: CropWall, crops: FakeCrops, keys: tuple[str | Qt.Key, ...], expected: dict[int, str]
) -> None:
    shown(qtbot, wall).keys(*keys)
    stored(qtbot, wall, crops, TICKS, expected)


def test_the_most_doubtful_comes_first_and_is_counted_down(qtbot: QtBot, wall: CropWall) -> None:
    typist = shown(qtbot, wall)
    assert [crop.sure for crop in wall.grid.crops] == sorted(crop.sure for crop in wall.grid.crops)
    typist.keys("11")
    assert wall.count.text() == "已判 2/14 格，拿不准的在前"
    assert wall.list.item(0).toolTip() == "核对结果：一致：12 格等待判读"


def test_several_are_decided_in_one_step(qtbot: QtBot, wall: CropWall, crops: FakeCrops) -> None:
    typist = shown(qtbot, wall)
    typist.keys(RIGHT, RIGHT, held=SHIFT)
    assert wall.side.picked.text() == "选中 3 格，一起判"
    typist.keys("1")
    stored(qtbot, wall, crops, TICKS, {1: "1", 2: "1", 3: "1"})
    assert len(crops.entries) == 1
    typist.keys(Qt.Key.Key_Z, held=CTRL)
    stored(qtbot, wall, crops, TICKS, {})
    assert wall.count.text().startswith("已判 0/14")


def test_all_that_are_left_are_decided_at_once(qtbot: QtBot, wall: CropWall, crops: FakeCrops) -> None:
    typist = shown(qtbot, wall)
    typist.keys("0")
    typist.keys(Qt.Key.Key_A, held=CTRL)
    typist.keys("1")
    stored(qtbot, wall, crops, TICKS, {1: ""} | dict.fromkeys(range(2, 15), "1"))
    assert wall.after.title() == "这一组判完了"
    typist.keys(Qt.Key.Key_Z, held=CTRL)
    stored(qtbot, wall, crops, TICKS, {1: ""})
    assert wall.grid.isVisible()


def test_the_mouse_picks_and_goes_too(qtbot: QtBot, wall: CropWall, crops: FakeCrops) -> None:
    typist = shown(qtbot, wall)
    grid = wall.grid
    for place, held in ((1, Qt.KeyboardModifier.NoModifier), (3, SHIFT), (5, CTRL)):
        QTest.mouseClick(grid.viewport(), Qt.MouseButton.LeftButton, held, grid.tile(place).center())
    typist.keys("1")
    stored(qtbot, wall, crops, TICKS, {2: "1", 3: "1", 4: "1", 6: "1"})


def test_a_decision_on_its_way_is_taken_back_too(qtbot: QtBot, wall: CropWall, crops: FakeCrops) -> None:
    crops.hold.clear()
    typist = shown(qtbot, wall)
    typist.keys("111")
    typist.keys(Qt.Key.Key_Z, Qt.Key.Key_Z, Qt.Key.Key_Z, held=CTRL)
    assert wall.grid.here == 0
    crops.hold.set()
    stored(qtbot, wall, crops, TICKS, {})


def test_nothing_written_is_filled_in(qtbot: QtBot, wall: CropWall, crops: FakeCrops) -> None:
    crops.of[WORDS] = [replace(crop, value="门锁已锈") for crop in crops.of[WORDS]]
    shown(qtbot, wall, WORDS)
    assert wall.grid.line.text() == ""
    assert wall.grid.values == {}


@pytest.mark.parametrize(
    "keys, expected",
    [
        (("507970", ENTER, "507971", ENTER), {1: "507970", 2: "507971"}),
        (("+", "="), {1: "507970", 2: "507971"}),
        (("-",), {1: ""}),
        ((Qt.Key.Key_Tab, "507971", ENTER), {2: "507971"}),
    ],
    ids=["typed", "as the ledger", "empty", "moved"],
)
def test_what_is_written_is_typed(
    qtbot: QtBot, wall: CropWall, crops: FakeCrops, keys: tuple[str | Qt.Key, ...], expected: dict[int, str]
) -> None:
    shown(qtbot, wall, COMBS).keys(*keys)
    stored(qtbot, wall, crops, COMBS, expected)


def test_too_few_digits_are_asked_once_more(qtbot: QtBot, wall: CropWall, crops: FakeCrops) -> None:
    typist = shown(qtbot, wall, COMBS)
    typist.keys("50797", ENTER)
    assert wall.side.message.text() == "应为 6 位，现为 5 位。裁片上确是这样，再按一次 Enter"
    assert crops.decided == {}
    typist.keys(ENTER)
    stored(qtbot, wall, crops, COMBS, {1: "50797"})


def test_nothing_typed_is_no_decision(qtbot: QtBot, wall: CropWall, crops: FakeCrops) -> None:
    shown(qtbot, wall, COMBS).keys(ENTER)
    assert wall.side.message.text() == "还没有录入；格里确实没有字，按 -"
    assert crops.decided == {}


def test_the_next_field_is_one_key_away(qtbot: QtBot, wall: CropWall) -> None:
    typist = shown(qtbot, wall)
    typist.keys(Qt.Key.Key_PageDown, held=CTRL)
    qtbot.waitUntil(lambda: wall.title.text() == "表号后六位" and wall.grid.line.hasFocus())


def test_what_is_taken_back_elsewhere_opens_again(qtbot: QtBot, wall: CropWall, crops: FakeCrops) -> None:
    typist = shown(qtbot, wall)
    typist.keys("11")
    stored(qtbot, wall, crops, TICKS, {1: "1", 2: "1"})
    crops.decided.pop((2, "0.tick.same"))
    wall.refresh()
    qtbot.waitUntil(lambda: wall.count.text().startswith("已判 1/14"))
    assert wall.grid.values == {0: "1"}
    assert wall.grid.here == 2


def test_what_could_not_be_stored_is_sent_again(qtbot: QtBot, window: MainWindow, wall: CropWall, crops: FakeCrops) -> None:
    typist = shown(qtbot, wall)
    crops.error = LOCKED
    typist.keys("1")
    qtbot.waitUntil(lambda: "1 格没有保存" in [notice.what for notice in window.notices.open()])
    assert wall.saved.text() == "1 格未保存"
    crops.error = None
    wall.again.click()
    stored(qtbot, wall, crops, TICKS, {1: "1"})
    assert wall.saved.text() == "已保存"


def test_storing_is_told(qtbot: QtBot, wall: CropWall) -> None:
    typist = shown(qtbot, wall)
    with qtbot.waitSignal(wall.decided):
        typist.keys("1")


def test_closing_waits_for_what_was_decided(qtbot: QtBot, window: MainWindow, wall: CropWall, crops: FakeCrops) -> None:
    crops.hold.clear()
    shown(qtbot, wall).keys("1")
    window.close()
    assert window.isVisible()
    crops.hold.set()
    qtbot.waitUntil(lambda: not window.isVisible())
    assert sheets(crops, TICKS) == {1: "1"}


def test_nothing_waits(qtbot: QtBot, wall: CropWall, crops: FakeCrops) -> None:
    crops.of.clear()
    wall.start()
    qtbot.waitUntil(lambda: wall.state.title() == "没有等待判读的格子")


def test_a_station_that_does_not_answer_is_asked_again(qtbot: QtBot, tmp_path: Path, qapp: QApplication) -> None:
    apply(qapp)
    broken = FakeCrops(error=LOCKED)
    made = crop_wall(tmp_path / "broken", broken)
    qtbot.addWidget(made)
    made.show()
    wall = made.findChildren(CropWall)[0]
    qtbot.waitUntil(lambda: wall.state.title() == LOCKED.message)
    broken.error = None
    wall.start()
    qtbot.waitUntil(lambda: bool(wall.grid.crops))
    made.jobs.close()
