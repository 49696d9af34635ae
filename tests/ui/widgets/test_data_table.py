from collections.abc import Iterator
from typing import cast

import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, QMimeData, QModelIndex, QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from lvdesk.kit.errors import KnownError
from lvdesk.kit.table import Cell, Condition, Filter, Query, Row, Values
from tests.ui.widgets.conftest import COLUMNS, Memory, Numbers
from ui.jobs import Jobs
from ui.models.source import CellEdit, ListSource, Paste
from ui.models.table_model import LOADING_TEXT, State, TableModel, TableRole
from ui.widgets.data_table import DataTable, EmptyText

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")  # the screenless platform, of windows and popups
NO, NAME, KWH, STATUS, ADDRESS = range(5)
LONG = 100_000


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def table(qtbot: QtBot, jobs: Jobs, memory: Memory) -> Iterator[DataTable]:
    made = DataTable("test", jobs, memory, name="测试表")
    qtbot.addWidget(made)
    made.resize(900, 500)
    made.show()
    yield made
    made.memory.write()


def filled(qtbot: QtBot, table: DataTable, source: Numbers | ListSource) -> DataTable:
    table.set_source(source)
    qtbot.waitUntil(lambda: table.model.state is State.READY)
    if table.model.ids:
        qtbot.waitUntil(lambda: table.model.row(0) is not None)
    return table


def people() -> ListSource:
    lines = (
        ("001", "张三", "12", "运行", "东风路1号"),
        ("002", "李四", "7", "停运", "东风路2号"),
        ("003", "", "110", "运行", "西湖\n路3号"),
    )
    marks = {"address": Cell("error", "缺门牌号")}
    return ListSource(COLUMNS, [Row(place, line, marks if place == 2 else {}) for place, line in enumerate(lines)])


def shown(table: DataTable, column: int) -> list[str]:
    return [str(table.model.index(row, column).data()) for row in range(table.model.rowCount())]


def select(table: DataTable, first: tuple[int, int], last: tuple[int, int]) -> None:
    model = table.model
    block = QItemSelection(model.index(*first), model.index(*last))
    table.view.selectionModel().select(block, QItemSelectionModel.SelectionFlag.ClearAndSelect)


def test_a_long_table_reads_only_what_is_on_screen(qtbot: QtBot, table: DataTable) -> None:
    source = Numbers(LONG)
    filled(qtbot, table, source)
    assert table.model.rowCount() == LONG
    table.view.scrollToBottom()
    qtbot.waitUntil(lambda: table.model.index(LONG - 1, NAME).data() == f"张{LONG - 1}")
    assert source.read <= 1200  # a few pages at both ends, not the hundred thousand
    assert table.foot.counts.text() == "共 100,000 行"


def test_a_row_on_its_way_shows_a_placeholder(qtbot: QtBot, table: DataTable) -> None:
    filled(qtbot, table, Numbers(LONG))
    far = table.model.index(60_000, NAME)
    assert far.data() == LOADING_TEXT
    assert far.data(TableRole.LOADING)
    qtbot.waitUntil(lambda: far.data() == "张60000")


def test_qt_finds_no_fault_with_the_model(qtbot: QtBot, jobs: Jobs) -> None:
    model = TableModel(jobs)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.set_source(Numbers(700))
    qtbot.waitUntil(lambda: model.state is State.READY and model.row(0) is not None)
    model.set_columns(("status", "no"))
    model.set_query(Query(order=(("no", True),)))
    qtbot.waitUntil(lambda: model.state is State.READY)
    model.set_source(None)
    assert model.rowCount() == 0
    del tester


def test_clicks_on_heads_order_by_one_then_several_columns(qtbot: QtBot, table: DataTable) -> None:
    filled(qtbot, table, people())
    table.view.header.sort_asked.emit(KWH, False)
    qtbot.waitUntil(lambda: shown(table, KWH) == ["7", "12", "110"])
    table.view.header.sort_asked.emit(KWH, False)
    qtbot.waitUntil(lambda: shown(table, KWH) == ["110", "12", "7"])
    table.sort_by("status")
    table.view.header.sort_asked.emit(KWH, True)
    qtbot.waitUntil(lambda: table.model.query.order == (("status", False), ("kwh", False)))
    qtbot.waitUntil(lambda: shown(table, KWH) == ["7", "12", "110"])
    table.sort_by("kwh")
    table.sort_by("kwh")
    assert table.model.query.order == ()


def test_a_real_click_sorts_and_a_click_on_the_sign_opens_the_filter(qtbot: QtBot, table: DataTable) -> None:
    filled(qtbot, table, people())
    head = table.view.header
    middle = head.sectionViewportPosition(KWH) + 20
    qtbot.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(middle, 18))
    assert table.model.query.order == (("kwh", False),)
    qtbot.mouseClick(head.viewport(), Qt.MouseButton.LeftButton, pos=head.filter_rect(KWH).center())
    assert table.filter_popup.isVisible()
    table.filter_popup.hide()


CONDITIONS = [
    (Filter("name", Condition.CONTAINS, ("张",)), ["001"]),
    (Filter("name", Condition.EMPTY), ["003"]),
    (Filter("kwh", Condition.AT_LEAST, ("12",)), ["001", "003"]),
    (Filter("kwh", Condition.BETWEEN, ("5", "20")), ["001", "002"]),
    (Filter("status", Condition.ONE_OF, ("停运",)), ["002"]),
    (Filter("no", Condition.NOT_EQUALS, ("002",)), ["001", "003"]),
]


@pytest.mark.parametrize("chosen,left", CONDITIONS, ids=lambda each: str(getattr(each, "condition", "")))
def test_filters_leave_what_they_say(qtbot: QtBot, table: DataTable, chosen: Filter, left: list[str]) -> None:
    filled(qtbot, table, people())
    table.set_filter(chosen.column, chosen)
    qtbot.waitUntil(lambda: shown(table, NO) == left)
    assert f"共 {3} 行" in table.foot.counts.text()
    table.clear_filters()
    qtbot.waitUntil(lambda: table.model.rowCount() == 3)


def test_the_popup_filters_by_ticks_search_and_condition(qtbot: QtBot, table: DataTable) -> None:
    filled(qtbot, table, people())
    popup = table.filter_popup
    table._open_filter(STATUS, table.view.header)
    qtbot.waitUntil(lambda: popup.values.rowCount() == 2)
    popup.values.toggle(popup.values.index(0))
    assert popup.values.ticked() == ("停运",)
    popup.apply()
    qtbot.waitUntil(lambda: shown(table, NO) == ["002"])
    table._open_filter(NAME, table.view.header)
    popup.condition.setCurrentIndex(popup.condition.findData(Condition.CONTAINS.value))
    popup.operands[0].setText("无此人")
    popup.apply()
    qtbot.waitUntil(lambda: table.state.title() == "没有符合条件的行")
    table.bar.all_dropped.emit()
    qtbot.waitUntil(lambda: table.model.rowCount() == 3)


def test_typing_in_the_popup_and_enter_at_once_still_filters(qtbot: QtBot, table: DataTable) -> None:
    filled(qtbot, table, people())
    table._open_filter(NAME, table.view.header)
    table.filter_popup.words.setText("李")
    qtbot.keyClick(table.filter_popup.words, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: shown(table, NO) == ["002"])


def test_words_are_looked_for_in_the_whole_row(qtbot: QtBot, table: DataTable) -> None:
    filled(qtbot, table, people())
    table.bar.words.setText("东风 停运")
    qtbot.waitUntil(lambda: shown(table, NO) == ["002"])
    qtbot.keyClick(table.bar.words, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: table.model.rowCount() == 3)


def test_the_current_row_stays_current_through_sorting(qtbot: QtBot, table: DataTable) -> None:
    filled(qtbot, table, people())
    table.go_to(1)
    table.sort_by("kwh", descending=True)
    qtbot.waitUntil(lambda: shown(table, KWH)[0] == "110")
    assert table.current_id() == 1


def test_f8_finds_marks_far_beyond_what_was_read(qtbot: QtBot, table: DataTable) -> None:
    filled(qtbot, table, Numbers(5000))
    table.find_marked(1)
    qtbot.waitUntil(lambda: table.view.currentIndex().row() == 999)
    assert table.view.currentIndex().column() == ADDRESS
    table.find_marked(-1)
    qtbot.waitUntil(lambda: table.view.currentIndex().row() == 4999)


def test_a_marked_cell_tells_its_reason(qtbot: QtBot, table: DataTable) -> None:
    filled(qtbot, table, people())
    cell = table.model.index(2, ADDRESS)
    assert "错误：缺门牌号" in cell.data(Qt.ItemDataRole.ToolTipRole)
    assert "缺门牌号" in cell.data(Qt.ItemDataRole.AccessibleTextRole)


def test_copied_cells_keep_long_digits_and_quotes(qtbot: QtBot, table: DataTable) -> None:
    filled(qtbot, table, Numbers(3))
    select(table, (0, NO), (2, NAME))
    with qtbot.waitSignal(table.told):
        table.copy(titles=True)
    data = cast("QMimeData", QGuiApplication.clipboard().mimeData())
    lines = data.text().splitlines()
    assert lines[0] == "户号\t户名"
    assert lines[2] == "3301400000000000000001\t张1"
    assert r'mso-number-format:"\@"' in data.html()
    filled(qtbot, table, people())
    select(table, (2, ADDRESS), (2, ADDRESS))
    with qtbot.waitSignal(table.told):
        table.copy()
    assert QGuiApplication.clipboard().text().strip() == '"西湖\n路3号"'


PASTES = [
    ("王五\t9", (0, NAME), (0, NAME), [(0, "name", "王五"), (0, "kwh", "9")], ""),
    ("同名", (0, NAME), (1, NAME), [(0, "name", "同名"), (1, "name", "同名")], ""),
    ("X\tY", (0, NO), (0, NO), [(0, "name", "Y")], "不可修改的列"),
    ("a\nb\nc", (1, NAME), (1, NAME), [(1, "name", "a"), (2, "name", "b")], "超出"),
    ('"两\n行"', (0, ADDRESS), (0, ADDRESS), [(0, "address", "两\n行")], ""),
    ("张三", (0, NAME), (0, NAME), [], ""),
]


@pytest.mark.parametrize("text,first,last,edits,said", PASTES)
def test_a_pasted_block_lies_where_it_was_aimed(
    qtbot: QtBot, table: DataTable, text: str, first: tuple[int, int], last: tuple[int, int], edits: list[tuple[int, str, str]], said: str
) -> None:
    filled(qtbot, table, people())
    QGuiApplication.clipboard().setText(text)
    select(table, first, last)
    with qtbot.waitSignal(table.pasted) as told:
        table.paste()
    paste = cast("Paste", told.args[0])
    assert [(edit.id, edit.column, edit.text) for edit in paste.edits] == edits
    assert said in "".join(paste.ignored)


def test_a_typed_cell_is_shown_and_told_and_a_refusal_marks_it(qtbot: QtBot, table: DataTable) -> None:
    filled(qtbot, table, people())
    cell = table.model.index(0, KWH)
    with qtbot.waitSignal(table.edited) as told:
        assert table.model.setData(cell, " 13 ")
    assert told.args[0] == CellEdit(0, "kwh", "13", "12")
    assert cell.data() == "13"
    table.model.settle(cast("CellEdit", told.args[0]), Cell("error", "不是数字"))
    assert cell.data(TableRole.MARK).reason == "不是数字"
    assert not table.model.setData(table.model.index(0, NO), "9")


def test_columns_widths_and_order_come_back_the_next_day(qtbot: QtBot, jobs: Jobs, memory: Memory, table: DataTable) -> None:
    filled(qtbot, table, people())
    table.chooser.chosen.emit(("no", "status", "name"))
    table.view.setColumnWidth(0, 222)
    table.sort_by("name")
    table.memory.write()
    again = DataTable("test", jobs, memory, name="测试表")
    qtbot.addWidget(again)
    filled(qtbot, again, people())
    assert [column.key for column in again.model.columns] == ["no", "status", "name"]
    assert again.view.columnWidth(0) == 222
    assert again.model.query.order == (("name", False),)


def test_an_empty_table_says_the_next_step(qtbot: QtBot, table: DataTable) -> None:
    pressed: list[int] = []
    table.set_source(ListSource(COLUMNS, []), empty=EmptyText("inbox", "台账还是空的", "先导入", ("导入台账", lambda: pressed.append(1))))
    qtbot.waitUntil(lambda: table.state.title() == "台账还是空的")
    button = next(each for each in table.state.findChildren(QAbstractButton) if each.text() == "导入台账")
    button.click()
    assert pressed


def test_a_failure_says_why_and_offers_to_retry(qtbot: QtBot, table: DataTable) -> None:
    class Broken(Numbers):
        down = True

        def ids(self, query: Query) -> "object":  # type: ignore[override]
            if self.down:
                raise KnownError("db.locked", "数据库正被占用", "请稍后重试")
            return super().ids(query)

        def values(self, column: str, query: Query, limit: int) -> Values:
            raise KnownError("db.locked", "数据库正被占用")

    source = Broken(10)
    table.set_source(source)
    qtbot.waitUntil(lambda: table.state.title() == "数据库正被占用")
    source.down = False
    next(each for each in table.state.findChildren(QAbstractButton) if each.text() == "重试").click()
    qtbot.waitUntil(lambda: table.model.rowCount() == 10)


def test_the_frozen_column_stays_while_the_others_scroll(qtbot: QtBot, table: DataTable) -> None:
    table.resize(420, 400)
    filled(qtbot, table, Numbers(50))
    table.view.horizontalScrollBar().setValue(200)
    assert table.view.frozen.isVisible()
    assert table.view.frozen.columnViewportPosition(0) == 0
    index = table.model.index(3, NAME)
    table.view.setCurrentIndex(index)
    table.view.scrollTo(index)
    assert table.view.visualRect(index).left() >= table.view.columnWidth(0)


def test_every_control_has_a_name(qtbot: QtBot, table: DataTable) -> None:
    filled(qtbot, table, people())
    controls = [each for kind in (QAbstractButton, QLineEdit, QComboBox) for each in table.findChildren(kind)]
    nameless = [each for each in controls if not each.accessibleName() and each.parent() and each.objectName() != "qt_spinbox_lineedit"]
    assert [type(each).__name__ for each in nameless if _ours(each)] == []


def _ours(widget: QWidget) -> bool:
    """Qt's own inner buttons (clear button, table corner) are not asked for."""
    return not isinstance(widget.parentWidget(), QLineEdit) and widget.metaObject().className() != "QTableCornerButton"


def test_no_row_means_no_current_row(qtbot: QtBot, table: DataTable) -> None:
    filled(qtbot, table, ListSource(COLUMNS, []))
    assert table.current_id() is None
    assert table.selected_ids() == []
    table.copy()
    table.find_marked(1)
    assert not table.view.currentIndex().isValid() or table.view.currentIndex() == QModelIndex()
