"""A question before something is done to several things or for a reason: how many, which condition, a sample, why."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QDialog, QWidget

from ui.parts import button, column, label, row
from ui.widgets.segmented import Segmented

SAMPLE = 5


@dataclass(frozen=True)
class Extent:
    """What an answer is about: ``keys`` under a ``condition`` in words, ``lines`` says some of them."""

    key: str
    title: str
    keys: tuple[str, ...]
    condition: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Question:
    """What is asked.

    Attributes:
        title: of the dialog; ``verb`` on its button, e.g. 标记收回; ``unit`` of what is counted.
        consequence: what it leads to, in one sentence.
        reason: what the line for the reason is called; "" without one.
        needed: whether the reason must be given; ``reasons`` to choose from, any other may be typed.
    """

    title: str
    verb: str
    unit: str
    extents: tuple[Extent, ...]
    consequence: str = ""
    reason: str = ""
    needed: bool = False
    reasons: tuple[str, ...] = ()


class Asking(QDialog):
    """Signals: agreed(keys, reason)."""

    agreed = Signal(object, str)

    def __init__(self, parent: QWidget, question: Question) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(question.title)
        self.setMinimumWidth(520)
        self._question = question
        self._extents = {extent.key: extent for extent in question.extents}
        self.head, self.condition = label("", "h2", wrap=True), label("", "muted", wrap=True)
        self.scope = Segmented([(each.key, f"{each.title} {len(each.keys):,}") for each in question.extents], name="范围")
        self.scope.setVisible(len(question.extents) > 1)
        self.sample = label("", "muted", wrap=True)
        self.note = label(question.consequence, wrap=True)
        self.note.setVisible(bool(question.consequence))
        self.reason = QComboBox()
        self.reason.setEditable(True)
        self.reason.addItems(list(question.reasons))
        self.reason.setCurrentIndex(-1)
        self.reason.setAccessibleName(question.reason)
        self._reason = QWidget()
        row(label(question.reason, "muted"), self.reason, parent=self._reason, gap=8).setStretch(1, 1)
        self._reason.setVisible(bool(question.reason))
        line = self.reason.lineEdit()
        if line is not None:
            line.setPlaceholderText("必填" if question.needed else "可不填")
        self.yes = button(question.verb, self.agree, "primary")
        self.yes.setDefault(True)
        foot = row(None, button("取消", self.reject), self.yes)
        column(self.head, self.condition, self.scope, self.sample, self.note, self._reason, 4, foot, parent=self, gap=10, margin=18)
        self.scope.chosen.connect(lambda _key: self._show())
        self.reason.editTextChanged.connect(lambda _text: self._follow())
        self._show()
        if question.reason:
            self.reason.setFocus()

    def extent(self) -> Extent:
        """The one chosen."""
        return self._extents[self.scope.current()]

    def agree(self) -> None:
        """Tells the answer."""
        if self.yes.isEnabled():
            self.agreed.emit(self.extent().keys, self.reason.currentText().strip())
            self.accept()

    def _show(self) -> None:
        extent, question = self.extent(), self._question
        self.head.setText(f"{question.verb} {len(extent.keys):,} {question.unit}")
        self.condition.setText(extent.condition)
        self.condition.setVisible(bool(extent.condition))
        more = len(extent.keys) - len(extent.lines)
        self.sample.setText("\n".join([*extent.lines, *([f"…… 另有 {more:,} {question.unit}"] if more > 0 and extent.lines else [])]))
        self.sample.setVisible(bool(extent.lines))
        self.yes.setText(f"{question.verb} {len(extent.keys):,} {question.unit}" if len(extent.keys) > 1 else question.verb)
        self.yes.setAccessibleName(self.yes.text())
        self._follow()

    def _follow(self) -> None:
        self.yes.setEnabled(not self._question.needed or bool(self.reason.currentText().strip()))
