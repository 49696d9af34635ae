"""Before many findings are touched: how many, which, a sample, the condition; nothing blocks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from PySide6.QtCore import QDate, QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QDateEdit, QDialog, QFrame, QLabel, QLineEdit, QWidget

from ui.panes.base import Context
from ui.parts import button, column, label, row
from ui.widgets.segmented import Segmented

SAMPLE = 5
_MONTHS = (("long", "长期有效"), ("month", "一个月"), ("quarter", "三个月"), ("day", "到某一天"))
_DAYS = {"month": 30, "quarter": 91, "day": 91}


@dataclass(frozen=True)
class Extent:
    """Findings to be touched together: a name for the choice, their ids, and in words which they are."""

    key: str
    title: str
    ids: Sequence[int]
    condition: str


class Sample(QFrame):
    """Some of the findings, one line each, and how many more there are."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("sample")
        self._lines = [label("", wrap=True) for _ in range(SAMPLE)]
        self._more = label("", "muted")
        self.show_lines((), 0)
        inside = column(*self._lines, self._more, parent=self, gap=5)
        inside.setContentsMargins(12, 9, 12, 9)

    def show_lines(self, lines: Sequence[str], total: int) -> None:
        """Shows some of ``total``."""
        for place, part in enumerate(self._lines):
            part.setText(lines[place] if place < len(lines) else "")
            part.setVisible(place < len(lines))
        self._more.setText(f"…… 另有 {total - len(lines):,} 条" if total > len(lines) else "")
        self._more.setVisible(total > len(lines))


class Asking(QDialog):
    """A window-modal question with a sample; subclasses add what they need to know."""

    def __init__(self, parent: QWidget, title: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setMinimumWidth(560)
        self.head, self.condition = label("", "h2", wrap=True), label("", "muted", wrap=True)
        self.sample = Sample()
        self.yes = button("", self.agree, "primary")
        self.yes.setDefault(True)

    def lay_out(self, *parts: QWidget) -> None:
        """Head, condition, sample, the parts, buttons."""
        foot = row(None, button("取消", self.reject), self.yes)
        column(self.head, self.condition, self.sample, *parts, None, foot, parent=self, gap=10, margin=18)

    def agree(self) -> None:
        """The answer is yes."""
        self.accept()


class ApplyAsking(Asking):
    """Signals: agreed(ids)."""

    agreed = Signal(object)

    def __init__(self, parent: QWidget, ids: Sequence[int], lines: Sequence[str], condition: str) -> None:
        super().__init__(parent, "应用建议")
        self._ids = list(ids)
        self.head.setText(f"将按建议修改 {len(self._ids):,} 处")
        self.condition.setText(f"条件：{condition}。没有通过检查的不会修改；可以整体撤销。")
        self.sample.show_lines(lines, len(self._ids))
        self.yes.setText(f"修改 {len(self._ids):,} 处")
        self.yes.setAccessibleName(self.yes.text())
        self.lay_out()

    def agree(self) -> None:
        """Tells which findings are to be put right."""
        self.agreed.emit(self._ids)
        self.accept()


class ExceptAsking(Asking):
    """Signals: agreed(ids, reason, day it ends as ISO text or None)."""

    agreed = Signal(object, str, object)

    def __init__(self, context: Context, parent: QWidget, extents: Sequence[Extent], lines: "Callable[[Sequence[int]], list[str]]") -> None:
        super().__init__(parent, "列为例外")
        self._context, self._lines = context, lines
        self._extents = {extent.key: extent for extent in extents}
        self._asked = 0
        self.scope = Segmented([(each.key, f"{each.title} {len(each.ids):,}") for each in extents], name="列入范围")
        self.scope.chosen.connect(lambda _key: self._show())
        self.reason = QLineEdit()
        self.reason.setPlaceholderText("必填，例如：山区共用电杆，坐标已现场核实")
        self.reason.setAccessibleName("原因（必填）")
        self.reason.textChanged.connect(lambda _text: self._follow())
        self.until = QComboBox()
        self.until.setAccessibleName("有效期")
        for key, title in _MONTHS:
            self.until.addItem(title, key)
        self.day = QDateEdit()
        self.day.setAccessibleName("到期日")
        self.day.setDisplayFormat("yyyy-MM-dd")
        self.day.setMinimumDate(_qdate(context.workspace.clock().date() + timedelta(days=1)))
        self.until.currentIndexChanged.connect(lambda _place: self._show_day())
        note = label("例外只对现在的值有效：值变了或到期后会重新列出。可以撤销。", "muted", wrap=True)
        about = QWidget()
        column(_named("原因", self.reason), row(_caption("有效期"), self.until, self.day, None, gap=8), note, parent=about, gap=8)
        self.lay_out(*([self.scope] if len(extents) > 1 else []), about)
        self._show_day()
        self._show()
        self.reason.setFocus()
        self.finished.connect(self._stop_asking)  # the sample may come when the question is gone

    def agree(self) -> None:
        """Tells which findings are excepted, why and how long, once there is a reason."""
        if self.yes.isEnabled():
            self.agreed.emit(list(self._extent().ids), self.reason.text().strip(), self._ends())
            self.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and event.type() == QEvent.Type.KeyPress:
            self.agree()
        else:
            super().keyPressEvent(event)

    def _stop_asking(self) -> None:
        self._asked += 1

    def _extent(self) -> Extent:
        return self._extents[self.scope.current()]

    def _ends(self) -> str | None:
        return None if self.until.currentData() == "long" else self.day.date().toString("yyyy-MM-dd")

    def _show_day(self) -> None:
        key = str(self.until.currentData())
        self.day.setVisible(key != "long")
        self.day.setEnabled(key == "day")
        if key in _DAYS:
            self.day.setDate(_qdate(self._context.workspace.clock().date() + timedelta(days=_DAYS[key])))

    def _show(self) -> None:
        extent = self._extent()
        self.head.setText(f"将把 {len(extent.ids):,} 条问题列为例外")
        self.condition.setText(f"条件：{extent.condition}")
        self._asked += 1
        asked = self._asked

        def take(lines: list[str]) -> None:
            if asked == self._asked:
                self.sample.show_lines(lines, len(extent.ids))

        self._context.jobs.read(lambda: self._lines(extent.ids[:SAMPLE]), take, self._context.notices.show)
        self._follow()

    def _follow(self) -> None:
        self.yes.setText(f"列为例外 {len(self._extent().ids):,} 条")
        self.yes.setAccessibleName(self.yes.text())
        self.yes.setEnabled(bool(self.reason.text().strip()))


def _qdate(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)


def _caption(text: str) -> QLabel:
    made = label(text, "muted")
    made.setFixedWidth(44)
    return made


def _named(title: str, part: QWidget) -> QWidget:
    made = QWidget()
    row(_caption(title), part, parent=made, gap=8)
    return made
