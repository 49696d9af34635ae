"""The preview: one page at a time, turned and zoomed by keys and wheel."""

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from lvdesk.kit.page import Page, Rectangle, TextBox
from ui.printing.preview import WHOLE, WIDTH, PagePreview


@pytest.fixture
def preview(qtbot: QtBot) -> PagePreview:
    made = PagePreview()
    qtbot.addWidget(made)
    made.resize(700, 500)
    made.set_pages(5, lambda number: Page(297, 210, (TextBox(20, 20, 50, 10, str(number)), Rectangle(0, 0, 297, 210, 0, "#FF0000"))))
    made.show()
    return made


def _wheel(preview: PagePreview, turns: int, keys: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    place = QPointF(300, 200)
    event = QWheelEvent(
        place,
        preview.viewport().mapToGlobal(place),
        QPoint(),
        QPoint(0, turns),
        Qt.MouseButton.NoButton,
        keys,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(preview.viewport(), event)


def test_page_keys_turn_pages(qtbot: QtBot, preview: PagePreview) -> None:
    for key, shown in (
        (Qt.Key.Key_PageDown, 1),
        (Qt.Key.Key_End, 4),
        (Qt.Key.Key_PageDown, 4),
        (Qt.Key.Key_PageUp, 3),
        (Qt.Key.Key_Home, 0),
    ):
        qtbot.keyClick(preview, key)
        assert preview.current == shown


def test_it_tells_which_page_is_shown(qtbot: QtBot, preview: PagePreview) -> None:
    with qtbot.waitSignal(preview.page_changed) as told:
        preview.show_page(2)
    assert told.args == [2]


def test_the_true_size_is_true(preview: PagePreview) -> None:
    preview.set_zoom(1.0)
    wide = preview.horizontalScrollBar().maximum() + preview.viewport().width() - 32
    assert wide == pytest.approx(297 / 25.4 * preview.logicalDpiX(), abs=2)


def test_the_whole_page_fits(preview: PagePreview) -> None:
    preview.set_zoom(WHOLE)
    assert (preview.horizontalScrollBar().maximum(), preview.verticalScrollBar().maximum()) == (0, 0)


def test_keys_and_wheel_zoom(qtbot: QtBot, preview: PagePreview) -> None:
    preview.set_zoom(1.0)
    qtbot.keyClick(preview, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert preview.zoom() > 1
    qtbot.keyClick(preview, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert preview.zoom() == 1
    _wheel(preview, -120, Qt.KeyboardModifier.ControlModifier)
    assert preview.zoom() < 1


def test_the_wheel_turns_the_page_at_its_end(preview: PagePreview) -> None:
    preview.set_zoom(WHOLE)
    _wheel(preview, -120)
    assert preview.current == 1
    _wheel(preview, 120)
    assert preview.current == 0


def test_only_pages_that_are_looked_at_are_made(qtbot: QtBot) -> None:
    made: list[int] = []

    def page_at(number: int) -> Page:
        made.append(number)
        return Page(297, 210, ())

    preview = PagePreview()
    qtbot.addWidget(preview)
    preview.set_pages(500, page_at)
    preview.grab()
    preview.show_page(499)
    preview.grab()
    assert made == [0, 499]


def test_a_touch_pad_turns_one_page_for_a_notch(preview: PagePreview) -> None:
    preview.set_zoom(WHOLE)
    for _ in range(15):
        _wheel(preview, -12)
    assert preview.current == 1


def test_fitting_the_width_settles_at_every_size(qtbot: QtBot, preview: PagePreview) -> None:
    preview.set_zoom(WIDTH)
    for height in range(420, 560, 3):
        preview.resize(700, height)
        QApplication.processEvents()
        seen: list[float] = []
        preview.zoom_changed.connect(seen.append)
        QApplication.processEvents()
        preview.zoom_changed.disconnect(seen.append)
        assert seen == []
        assert preview.horizontalScrollBar().maximum() == 0


def test_who_hears_the_page_knows_which_it_is(preview: PagePreview) -> None:
    preview.show_page(2)
    assert (preview.accessibleName(), preview.accessibleDescription()) == ("打印预览", "第 3 / 5 页")


def test_without_pages_it_says_so(qtbot: QtBot) -> None:
    preview = PagePreview()
    qtbot.addWidget(preview)
    preview.resize(400, 300)
    preview.set_pages(0, lambda _number: Page(297, 210, ()), empty="这张表单还没有准备")
    preview.show_page(3)
    image = preview.grab().toImage().convertToFormat(QImage.Format.Format_Grayscale8)
    middle = [image.pixelColor(x, y).lightness() for x in range(100, 300) for y in range(140, 160)]
    assert min(middle) < 200
