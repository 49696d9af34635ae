"""One record: its place in 站-线-变-箱-户, every value with its owner and evidence."""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QLayout, QScrollArea, QStackedWidget, QWidget

from lvdesk.ledger.deskcheck_model import LEVELS, Mark
from ui.jobs import Jobs
from ui.panes.ledger.field_table import FieldTable
from ui.panes.ledger.tree_view import ICONS
from ui.parts import Elided, button, chip, column, label, line, picture, restyle, row, tool
from ui.theme.tokens import tokens
from ui.widgets.state_view import StateView

if TYPE_CHECKING:
    from lvdesk.network.records import FieldValue, Record

_STEPS = {
    "substation": "站", "feeder": "线", "transformer_area": "变", "transformer": "变", "meter_box": "箱", "meter": "表",
    "metering_point": "点", "customer": "户", "pole": "杆", "branch_box": "分", "access_point": "接",
}  # fmt: skip


class Inspector(QFrame):
    """Signals: link_asked(entity, key), history_asked(entity, key)."""

    link_asked = Signal(str, str)
    history_asked = Signal(str, str)

    def __init__(
        self, jobs: Jobs, show: "Callable[[str, str | int], Record]", mark_of: Callable[[int], Mark | None] = lambda _record: None
    ) -> None:
        super().__init__()
        self._mark_of = mark_of
        self.setProperty("card", "true")
        self._jobs, self._ask = jobs, show
        self._asked = 0
        self.record: Record | None = None
        self.state = StateView()
        self.title = label("", "h2", wrap=True)
        self.title.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.kind, self.absent = chip(""), chip("不再列出", "warning")
        self.absent.setToolTip("最近一次覆盖该范围的台账中已没有这条记录")
        self.copy_key = tool("copy", "复制编号", self._copy, side=16)
        self.key = label("", "muted")
        self._ladder = column(gap=0)
        self.below = label("", "muted", wrap=True)
        self.verdict, self.verdict_said = chip(""), label("", "muted", wrap=True)
        self._verdict_line = QWidget()
        self.fields = FieldTable()
        self.evidence = Evidence()
        self.history = button("修改历史", self._open_history, "link", "history")
        self._pages = QStackedWidget()
        self._pages.addWidget(self.state)
        self._pages.addWidget(self._page())
        column(self._pages, parent=self, gap=0, margin=1)
        self.fields.chosen.connect(self.evidence.show_field)
        self.clear()

    def clear(self) -> None:
        """Shows that nothing is chosen."""
        self._asked += 1
        self.record = None
        self.state.say("info", "没有选中记录", "在表格中选一行，这里显示它的位置、来源和历史")
        self._pages.setCurrentIndex(0)

    def show_record(self, entity: str, key: str | int) -> None:
        """Asks for a record and shows it; the one before stays until it is here."""
        self._asked += 1
        asked = self._asked

        def take(found: "tuple[Record, Mark | None]") -> None:
            if asked == self._asked:
                self._show(*found)

        def fail(error: Exception) -> None:
            if asked == self._asked:
                self.record = None
                hint = getattr(error, "hint", "")
                self.state.say("error", getattr(error, "message", "") or "读取这条记录时出错", hint, level="error")
                self._pages.setCurrentIndex(0)

        if self.record is None:
            self.state.loading()
        self._jobs.read(lambda: self._look(entity, key), take, fail)

    def _page(self) -> QWidget:
        head = row(self.title, self.absent, self.kind, gap=6)
        head.setStretch(0, 1)
        head.setAlignment(self.kind, Qt.AlignmentFlag.AlignTop)
        head.setAlignment(self.absent, Qt.AlignmentFlag.AlignTop)
        ladder = QWidget()
        ladder.setLayout(self._ladder)
        top = QWidget()
        judged = row(self.verdict, self.verdict_said, parent=self._verdict_line, gap=8)
        judged.setStretch(1, 1)
        number = row(self.key, self.copy_key, None, self.history, gap=2)
        inside = column(head, number, self._verdict_line, ladder, self.below, line(), parent=top, gap=6)
        inside.setContentsMargins(16, 12, 14, 0)
        page = QWidget()
        column(top, self.fields, self.evidence, parent=page, gap=0).setStretch(1, 1)
        return page

    def _look(self, entity: str, key: str | int) -> "tuple[Record, Mark | None]":
        record = self._ask(entity, key)
        return record, self._mark_of(record.id) if entity == "customer" else None

    def _show(self, record: "Record", mark: Mark | None) -> None:
        self.record = record
        self._verdict_line.setVisible(mark is not None)
        if mark is not None:
            self.verdict.setText(mark.verdict)
            self.verdict.setProperty("chip", LEVELS.get(mark.verdict, "neutral"))
            restyle(self.verdict)
            self.verdict_said.setText(f"室内核实 · {mark.reason} · {mark.person} · {mark.at[:10]}")
        self.title.setText(record.title)
        self.kind.setText(record.entity_title)
        self.kind.setProperty("chip", "info")
        restyle(self.kind)
        self.absent.setVisible(record.absent)
        self.key.setText(record.key)
        self._show_ladder(record)
        said = "  ·  ".join(f"{title} {count:,}" for _entity, title, count in record.children if count)
        self.below.setText(f"下辖  {said}" if record.entity != "customer" else f"相关  {said}")
        self.below.setVisible(bool(said))
        self.fields.show_fields(record.fields)
        self._pages.setCurrentIndex(1)

    def _show_ladder(self, record: "Record") -> None:
        _empty(self._ladder)
        path = record.path
        for depth, link in enumerate(path):
            here = depth == len(path) - 1
            step = label(_STEPS.get(link.entity, ""), "faint")
            step.setFixedWidth(16)
            sign = picture(ICONS.get(link.entity, "box"), 14, tokens().brand if here else tokens().text3)
            holder = QWidget()
            if here:
                step_line = row(step, sign, Elided(link.title), parent=holder, gap=6)
            else:
                jump = button(link.title, partial(self.link_asked.emit, link.entity, link.key), "link", name=f"到 {link.title}")
                step_line = row(step, sign, jump, None, parent=holder, gap=6)
            step_line.setContentsMargins(0, 0, 0, 0)
            holder.setFixedHeight(26)
            self._ladder.addWidget(holder)

    def _copy(self) -> None:
        if self.record is not None:
            QGuiApplication.clipboard().setText(self.record.key)

    def _open_history(self) -> None:
        if self.record is not None:
            self.history_asked.emit(self.record.entity, self.record.key)


class Evidence(QFrame):
    """Where the chosen value comes from."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("evidence")
        self.title, self.place, self.raw = label("", "muted"), label("", wrap=True), label("", "muted", wrap=True)
        self.when, self.others = label("", "faint"), label("", wrap=True)
        self.others.setProperty("ink", "warning")
        for part in (self.place, self.raw, self.others):
            part.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        inner = QWidget()
        self._lines = column(self.title, self.place, self.raw, self.others, self.when, parent=inner, gap=3)
        self._lines.setContentsMargins(16, 9, 14, 9)
        scroll = QScrollArea()
        scroll.setWidget(inner)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column(scroll, parent=self, gap=0)

    def show_field(self, field: "FieldValue | None") -> None:
        """Shows a value's evidence."""
        self.setVisible(field is not None)
        if field is None:
            return
        self.title.setText(f"{field.title} 的来源 · 归{field.owner_title}所有")
        place = " › ".join(part for part in (field.file, field.sheet, f"第 {field.row} 行" if field.row else "") if part)
        self.place.setText(place or ("在本程序中录入" if field.who else "没有来源记录" if field.value else "还没有值"))
        self.raw.setText(f"原始单元格：{field.raw}" if field.raw and field.raw != field.value else "")
        self.raw.setVisible(bool(self.raw.text()))
        self.others.setText(f"另有来源给出：{'、'.join(field.others)}")
        self.others.setVisible(bool(field.others))
        self._say_when(field)
        wanted = self._lines.heightForWidth(max(self.width() - 14, 200))
        self.setFixedHeight(min(max(wanted + 3, 60), 126))

    def _say_when(self, field: "FieldValue") -> None:
        self.when.setText(" · ".join(part for part in (field.when.replace("T", " ")[:16], field.who) if part))


def _empty(layout: QLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
