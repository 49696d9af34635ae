"""Before everything listed is marked: how many, some of them, under which condition."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit, QWidget

from lvdesk.ledger.deskcheck_model import CONFIRMED, NORMAL, SUSPECTED
from ui.parts import button, column, label, row

_VERDICTS = (CONFIRMED, SUSPECTED, NORMAL)


@dataclass(frozen=True)
class Listed:
    """What would be marked: record ids, the condition in words, the first few as sentences."""

    ids: tuple[int, ...]
    condition: str
    sample: Sequence[str]


class MarkAll(QDialog):
    """Does not block. Signals: agreed(ids, verdict, reason)."""

    agreed = Signal(object, str, str)

    def __init__(self, listed: Listed, reason: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("标注列出的全部用户")
        self.resize(560, 0)
        self._ids = listed.ids
        count = len(listed.ids)
        self.head = label(f"将标注 {count:,} 户", "h2")
        self.condition = label(f"条件：{listed.condition}", wrap=True)
        more = f"\n… 另有 {count - len(listed.sample):,} 户" if count > len(listed.sample) else ""
        self.sample = label("\n".join(listed.sample) + more, "muted", wrap=True)
        self.verdict = QComboBox()
        self.verdict.addItems(list(_VERDICTS))
        self.verdict.setAccessibleName("核实结论")
        self.reason = QLineEdit(reason)
        self.reason.setPlaceholderText("原因（必填）")
        self.reason.setAccessibleName("标注的原因")
        self.save = button(f"标注 {count:,} 户", self._agree, "primary")
        self.save.setDefault(True)
        self.reason.textChanged.connect(self._check)
        choice = row(label("结论"), self.verdict, label("原因"), self.reason, gap=8)
        choice.setStretch(3, 1)
        note = label("保存后可以撤销（Ctrl+Z）", "muted")
        foot = row(note, None, button("取消", self.reject), self.save)
        column(self.head, self.condition, self.sample, choice, 4, foot, parent=self, gap=10, margin=18)
        self._check()

    def _check(self) -> None:
        self.save.setEnabled(bool(self.reason.text().strip()))

    def _agree(self) -> None:
        self.agreed.emit(self._ids, self.verdict.currentText(), self.reason.text().strip())
        self.accept()
