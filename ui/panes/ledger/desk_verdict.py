"""Where a verdict is given: the reason, four buttons, and the whole filtered set."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QComboBox, QFrame, QGridLayout, QPushButton

from lvdesk.ledger.deskcheck_model import CONFIRMED, NORMAL, SUSPECTED
from ui.parts import button, column, label, restyle, row
from ui.widgets.table_memory import Remembering

UNMARK = ""
VERDICTS = ((CONFIRMED, "确认销户", "1"), (SUSPECTED, "疑似销户", "2"), (NORMAL, "不是销户", "3"), (UNMARK, "撤销标注", "0"))
"""Verdict, what its button says, its key; the empty verdict takes the mark away."""
QUICK = ("营销系统已销户", "户主确认已销户", "房屋已拆除", "重复立户", "长期零电量，电话核实", "户主在用，台账未更新")
_REMEMBERED = "desk_reasons"
_KEPT = 8


class VerdictBox(QFrame):
    """Signals: given(verdict) for the selection, all_asked for everything listed."""

    given = Signal(str)
    all_asked = Signal()

    def __init__(self, settings: Remembering) -> None:
        super().__init__()
        self.setObjectName("evidence")
        self._settings = settings
        self._suggested_reason = ""
        self.title = label("标注", "h2")
        self.all = button("标注全部…", self.all_asked.emit, "link", name="标注列出的全部用户")
        self.reason = QComboBox()
        self.reason.setEditable(True)
        self.reason.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.reason.setAccessibleName("标注的原因")
        self._offer_reasons()
        grid = QGridLayout()
        grid.setSpacing(8)
        self.buttons: dict[str, QPushButton] = {}
        for place, (verdict, title, key) in enumerate(VERDICTS):
            made = button(f"{title}  {key}", partial(self.given.emit, verdict), name=title)
            made.setToolTip(f"{title}（{key}）")
            self.buttons[verdict] = made
            grid.addWidget(made, place // 2, place % 2)
        self.hint = label("", "muted", wrap=True)
        inside = column(row(self.title, None, self.all), self.reason, grid, self.hint, parent=self, gap=8)
        inside.setContentsMargins(16, 10, 14, 12)

    def show_selection(self, rows: int, listed: int, suggested: str, reason: str) -> None:
        """Shows how many a button would mark and what is proposed; ``reason`` counts when none is typed."""
        self.title.setText("标注该户" if rows <= 1 else f"标注选中的 {rows:,} 户")
        self.all.setText(f"标注全部 {listed:,} 户…")
        self.all.setVisible(listed > 1)
        for verdict, made in self.buttons.items():
            made.setEnabled(rows > 0)
            made.setProperty("kind", "primary" if verdict == suggested and suggested else "")
            restyle(made)
        self.reason.setEnabled(rows > 0)
        self._suggested_reason = reason
        edit = self.reason.lineEdit()
        if edit is not None:
            edit.setPlaceholderText(reason or "原因（必填）")
        self.hint.setText(f"回车：{f'{rows:,} 户都' if rows > 1 else '按建议'}标注为{suggested}" if suggested else "")
        self.hint.setVisible(bool(suggested))

    def chosen_reason(self) -> str:
        """The reason typed, else the one proposed."""
        return self.reason.currentText().strip() or self._suggested_reason

    def used(self, reason: str) -> None:
        """Remembers a reason that was given and empties the line for the next one."""
        if self.reason.currentText().strip():
            kept = [reason, *(each for each in self._remembered() if each != reason)]
            self._settings.set(_REMEMBERED, kept[:_KEPT])
        self._offer_reasons()

    def start_reason(self) -> None:
        """Brings the keyboard to the reason."""
        self.reason.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _remembered(self) -> Sequence[str]:
        return [str(each) for each in self._settings.get(_REMEMBERED, [])]

    def _offer_reasons(self) -> None:
        self.reason.clear()
        self.reason.addItems(list(dict.fromkeys([*self._remembered(), *QUICK])))
        self.reason.setCurrentIndex(-1)
        self.reason.clearEditText()
