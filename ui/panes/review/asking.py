"""Before many items are decided: how many, the exact condition, some of them; why, where that is needed. Nothing blocks."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QDialog, QFrame, QWidget

from lvdesk.review.model import ADDRESSEES, DESK, FIELD, Action
from ui.panes.base import Context
from ui.panes.review.why import Reasons, Why
from ui.parts import Elided, button, column, label, row
from ui.widgets.segmented import Segmented

SAMPLE: Final = 5
_WORDY: Final = frozenset({Action.RETURN, Action.HOLD})


@dataclass(frozen=True)
class Extent:
    """Items to be decided together: a name for the choice, their ids, and in words which they are."""

    key: str
    title: str
    ids: Sequence[int]
    condition: str


@dataclass(frozen=True)
class Question:
    """What is asked: ``verb`` as on the button, ``note`` what happens with it."""

    action: Action
    verb: str
    note: str
    extents: Sequence[Extent]


class Asking(QDialog):
    """Signals: agreed(Action, ids, Why)."""

    agreed = Signal(object, object, object)

    def __init__(
        self, context: Context, parent: QWidget, question: Question, reasons: Reasons, lines: Callable[[Sequence[int]], list[str]]
    ) -> None:
        super().__init__(parent)
        self._context, self._question, self._lines, self._reasons = context, question, lines, reasons
        self._extents = {extent.key: extent for extent in question.extents}
        self._asked = 0
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(f"批量{question.verb}")
        self.setFixedWidth(620)
        self.head, self.condition = label("", "h2", wrap=True), label("", wrap=True)
        self.sample = [Elided() for _ in range(SAMPLE)]
        self.more = label("", "muted")
        self.scope = Segmented([(each.key, f"{each.title} {len(each.ids):,}") for each in question.extents], name="范围")
        self.reason, self.to = QComboBox(), Segmented([(FIELD, ADDRESSEES[FIELD]), (DESK, ADDRESSEES[DESK])], name="退给")
        self.yes = button("", self.agree, "primary")
        self.yes.setDefault(True)
        self._lay_out()
        self.scope.chosen.connect(lambda _key: self._show())
        self.reason.editTextChanged.connect(lambda _text: self._follow())
        self.finished.connect(self._stop_asking)
        self._show()

    def agree(self) -> None:
        """Tells which, and why."""
        if not self.yes.isEnabled():
            return
        action, why = self._question.action, Why("")
        if action in _WORDY:
            why = Why(self.reason.currentText().strip(), self.to.current() if action is Action.RETURN else "")
            self._reasons.used(action, why.reason)
        self.agreed.emit(action, list(self._extent().ids), why)
        self.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.agree()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        ground = QFrame()
        ground.setObjectName("sample")
        inside = column(*self.sample, self.more, parent=ground, gap=3)
        inside.setContentsMargins(12, 9, 12, 9)
        self.reason.setEditable(True)
        self.reason.setAccessibleName("原因（必填）")
        self.reason.addItems(self._reasons.of(self._question.action))
        why = QWidget()
        parts = [row(label("原因", "muted"), self.reason, gap=8)]
        parts[0].setStretch(1, 1)
        if self._question.action is Action.RETURN:
            parts.append(row(label("退给", "muted"), self.to, None, gap=8))
        column(*parts, parent=why, gap=8)
        why.setVisible(self._question.action in _WORDY)
        if self._question.action is not Action.RETURN:
            self.to.setParent(None)
            self.to.deleteLater()
        self.scope.setVisible(len(self._extents) > 1)
        note = label(self._question.note, "muted", wrap=True)
        foot = row(None, button("取消", self.reject), self.yes)
        column(
            self.head,
            self.scope,
            self.condition,
            label("其中的几项", "muted"),
            ground,
            why,
            note,
            None,
            foot,
            parent=self,
            gap=10,
            margin=18,
        )

    def _extent(self) -> Extent:
        return self._extents[self.scope.current()]

    def _stop_asking(self) -> None:
        self._asked += 1

    def _show(self) -> None:
        extent = self._extent()
        self.head.setText(f"将{self._question.verb} {len(extent.ids):,} 项")
        self.condition.setText(f"条件：{extent.condition}")
        self._asked += 1
        asked = self._asked

        def take(lines: list[str]) -> None:
            if asked != self._asked:
                return
            for place, part in enumerate(self.sample):
                part.set_text(lines[place] if place < len(lines) else "")
                part.setVisible(place < len(lines))
            left = len(extent.ids) - len(lines)
            self.more.setText(f"…… 另有 {left:,} 项")
            self.more.setVisible(left > 0)

        ids = spread(extent.ids)
        self._context.jobs.read(lambda: self._lines(ids), take, self._context.notices.show)
        self._follow()

    def _follow(self) -> None:
        self.yes.setText(f"{self._question.verb} {len(self._extent().ids):,} 项")
        self.yes.setAccessibleName(self.yes.text())
        self.yes.setEnabled(self._question.action not in _WORDY or bool(self.reason.currentText().strip()))


def spread(ids: Sequence[int]) -> list[int]:
    """Some of them from all over the list."""
    count = min(len(ids), SAMPLE)
    return [ids[place * len(ids) // count] for place in range(count)]
