"""The faulty value, to be put right in place: checked while typed, stored as one undoable step."""

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from lvdesk.kit.errors import LVDeskError
from ui.panes.base import Context
from ui.panes.checks.loading import Present, Services, Typed
from ui.parts import button, clearable, column, label, restyle, row

if TYPE_CHECKING:
    from lvdesk.checks.findings import FindingView

_PAUSE_MS = 250


class ValueEditor(QWidget):
    """Signals: saved(Changed)."""

    saved = Signal(object)

    def __init__(self, context: Context, services: Services) -> None:
        super().__init__()
        self._context, self._services = context, services
        self._finding: FindingView | None = None
        self._present: Present | None = None
        self._asked = 0
        self.title = label("", "faint")
        self.value = label("", wrap=True)
        self.line, self.choice = clearable(QLineEdit()), QComboBox()
        for part in (self.line, self.choice):
            part.setAccessibleName("新值")
        self.choice.addItem("—")  # a screen reader calls a combo box by its text
        self.save = button("保存", self.store, name="保存新值")
        self.save.setToolTip("保存新值（Enter）；可以撤销")
        self.verdict = label("", wrap=True)
        self._why_not = label("", "muted", wrap=True)
        self._edit = QWidget()
        edit = row(self.line, self.choice, self.save, gap=6)
        for place in (0, 1):
            edit.setStretch(place, 1)
        column(edit, self.verdict, parent=self._edit, gap=4)
        column(self.title, self.value, self._edit, self._why_not, parent=self, gap=4)
        self.line.returnPressed.connect(self.store)
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(_PAUSE_MS)
        self._pause.timeout.connect(self._judge)
        self.line.textEdited.connect(lambda _text: self._pause.start())
        self.choice.activated.connect(lambda _place: self._pause.start())

    def show_value(self, finding: "FindingView", present: Present | None) -> None:
        """Shows a finding's value; what is being typed for the same finding stays."""
        same = self._finding is not None and self._finding.id == finding.id and present == self._present
        self._finding, self._present = finding, present
        name = finding.field_title or finding.entity_title
        self.title.setText(f"现值 · {name}")
        able = present is not None and present.editable and finding.state == "open"
        self._show_text(finding, present, able=able)
        self._edit.setVisible(able)
        self._why_not.setText("" if able else _why_not(finding, present))
        self._why_not.setVisible(bool(self._why_not.text()))
        if present is None or not able or same:
            return
        self._pause.stop()
        self._say("")
        self.line.setVisible(not present.choices)
        self.choice.setVisible(bool(present.choices))
        self.line.setText(present.value)
        self.line.setAccessibleName(f"{name}的新值")
        self.choice.setAccessibleName(f"{name}的新值")
        self.choice.clear()
        names = present.choices if present.value in present.choices else (present.value, *present.choices)
        self.choice.addItems(list(names) if present.choices else ["—"])
        self.choice.setCurrentText(present.value)
        self.save.setEnabled(False)

    def _show_text(self, finding: "FindingView", present: Present | None, *, able: bool) -> None:
        """The value in words; what the line holds already is not said twice."""
        now = present.value if present else finding.value
        before = f"检查时为：{finding.value}" if present and finding.value and finding.value != now else ""
        self.value.setText("\n".join(part for part in ("" if able else now or "（空）", before) if part))
        self.value.setVisible(bool(self.value.text()))

    def start(self) -> None:
        """Puts the keyboard on the value."""
        target: QWidget = self.choice if self.choice.isVisible() else self.line
        target.setFocus()
        self.line.selectAll()

    def text(self) -> str:
        """What is typed."""
        present = self._present
        return self.choice.currentText() if present is not None and present.choices else self.line.text().strip()

    def store(self) -> None:
        """Checks and stores the value."""
        typed = self._typed()
        if typed is None or (self._present is not None and typed.text == self._present.value):
            return
        self._pause.stop()
        self.save.setEnabled(False)
        self._context.jobs.run(
            f"正在保存{self._finding.field_title if self._finding else ''}",
            lambda _progress: self._services.edit(typed),
            done=self.saved.emit,
            failed=self._refused,
        )

    def _typed(self) -> Typed | None:
        finding, present = self._finding, self._present
        if finding is None or present is None or not present.editable:
            return None
        return Typed(finding.entity, present.record, finding.field, self.text(), present.version)

    def _judge(self) -> None:
        typed, present = self._typed(), self._present
        if typed is None or present is None:
            return
        self.save.setEnabled(typed.text != present.value)
        self._asked += 1
        asked = self._asked

        def take(reason: str) -> None:
            if asked == self._asked:
                self._say(reason)
                self.save.setEnabled(not reason and typed.text != present.value)

        self._context.jobs.read(lambda: self._services.verdict(typed), take, self._refused)

    def _refused(self, error: Exception) -> None:
        if isinstance(error, LVDeskError) and error.code == "edit.invalid":
            self._say(error.message.removeprefix("没有保存："))
        else:
            self.save.setEnabled(True)
            self._context.notices.show(error, "没有保存")

    def _say(self, reason: str) -> None:
        self.verdict.setText(reason)
        self.verdict.setProperty("ink", "error")
        self.verdict.setVisible(bool(reason))
        self.line.setProperty("invalid", "true" if reason else "false")
        restyle(self.line)
        restyle(self.verdict)


def _why_not(finding: "FindingView", present: Present | None) -> str:
    if finding.state == "excepted":
        return "已列为例外；撤销例外后可以修改"
    if finding.state == "resolved":
        return "最近一次检查已不再发现这个问题"
    if finding.record is None and not finding.row:
        return "这个问题不在单条记录上，请按“怎样改”处理"
    if finding.record is None:
        return "这一行没有成为台账记录，请在原表中改正后重新导入"
    if present is None:
        return "这个问题不在单个字段上，请按“怎样改”处理"
    return f"{finding.field_title}是记录的标识，不能直接修改；请在原表中改正后重新导入"
