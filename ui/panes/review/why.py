"""Why something is sent back or held: the frequent reasons as a list, the last ones first, or in one's own words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from PySide6.QtCore import QDate, QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QDateEdit, QFrame, QLineEdit, QListWidget, QWidget

from lvdesk.kit.settings import Settings
from lvdesk.review.model import ADDRESSEES, DESK, FIELD, Action
from ui.parts import button, column, label, row
from ui.widgets.segmented import Segmented

_HOLDING: Final = ("等现场补充资料", "等台账部门答复", "等停电计划", "等系统数据更新")
_KEPT: Final = 5
_SHOWN: Final = 7
_HIGH: Final = 26
_TERMS: Final = (("open", "不定期"), ("week", "一周"), ("month", "一个月"), ("day", "到某一天"))
_DAYS: Final = {"week": 7, "month": 30, "day": 14}


@dataclass(frozen=True)
class Why:
    """An answer."""

    reason: str
    addressee: str = ""
    until: str = ""


class Reasons:
    """Reasons by action, the last used first; remembered in the workspace."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.given: Sequence[str] = ()

    def of(self, action: Action) -> list[str]:
        """What to offer."""
        usual = _HOLDING if action is Action.HOLD else self.given
        return list(dict.fromkeys([*self._last(action), *usual]))[:_SHOWN]

    def used(self, action: Action, reason: str) -> None:
        """Remembers."""
        last = list(dict.fromkeys([reason, *self._last(action)]))[:_KEPT]
        self._settings.set(f"review.reasons.{action}", last)

    def _last(self, action: Action) -> list[str]:
        kept = self._settings.get(f"review.reasons.{action}", [])
        return [str(each) for each in kept] if isinstance(kept, list) else []


class WhyForm(QFrame):
    """Asks inline. A number or the arrows choose a reason, anything else is typed. Signals: agreed(Action, Why), left()."""

    agreed = Signal(object, object)
    left = Signal()

    def __init__(self, reasons: Reasons, today: date) -> None:
        super().__init__()
        self.setObjectName("whyForm")
        self._reasons, self._today = reasons, today
        self.action = Action.RETURN
        self.head = label("", "h2")
        self.hint = label("", "muted", wrap=True)
        self.reason = QLineEdit()
        self.reason.setAccessibleName("原因")
        self.list = QListWidget()
        self.list.setObjectName("reasons")
        self.list.setAccessibleName("常用原因")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.to = Segmented([(FIELD, ADDRESSEES[FIELD]), (DESK, ADDRESSEES[DESK])], name="退给")
        self.until, self.day = QComboBox(), QDateEdit()
        self.yes = button("", self.agree, "primary", name="确定")
        self.no = button("取消  Esc", self.left.emit, name="取消")
        self._to_line, self._until_line = QWidget(), QWidget()
        self._lay_out()
        self.list.currentRowChanged.connect(self._take)
        self.list.itemDoubleClicked.connect(lambda _item: self.agree())
        self.reason.textChanged.connect(lambda _text: self._follow())
        self.until.currentIndexChanged.connect(lambda _place: self._show_day())
        for part in (self.list, self.reason):
            part.installEventFilter(self)

    def ask(self, action: Action, *, often: int = 0, limit: int = 0) -> None:
        """Asks why; a return after ``often`` others may go to the grid leader whatever is chosen."""
        self.action = action
        returning = action is Action.RETURN
        self.head.setText("退回的原因" if returning else "挂起的原因")
        self.reason.setPlaceholderText("按数字选上面的原因，或直接写")
        self.list.blockSignals(True)
        self.list.clear()
        self.list.addItems([f"{place}  {text}" for place, text in enumerate(self._reasons.of(action), 1)])
        self.list.blockSignals(False)
        self.list.setFixedHeight(self.list.count() * _HIGH + 10)
        self.list.setCurrentRow(0)
        to_leader = returning and bool(limit) and often + 1 >= limit
        self.hint.setText(f"这是第 {often + 1} 次退回，交网格长处理" if to_leader else "")
        self.hint.setVisible(to_leader)
        self._to_line.setVisible(returning and not to_leader)
        self._until_line.setVisible(not returning)
        self.yes.setText("退回  Enter" if returning else "挂起  Enter")
        self.yes.setAccessibleName("退回" if returning else "挂起")
        self._take(0)
        self._show_day()
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def answer(self) -> Why:
        """What is filled in."""
        returning = self.action is Action.RETURN
        until = "" if returning or self.until.currentData() == "open" else self.day.date().toString("yyyy-MM-dd")
        return Why(self.reason.text().strip(), self.to.current() if returning else "", until)

    def agree(self) -> None:
        """Tells, once there is a reason."""
        why = self.answer()
        if why.reason:
            self._reasons.used(self.action, why.reason)
            self.agreed.emit(self.action, why)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and self._key(watched, event):
            return True
        return super().eventFilter(watched, event)

    def _key(self, watched: QObject, event: QKeyEvent) -> bool:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.agree()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        elif watched is self.list and event.text().isdigit() and 0 < int(event.text()) <= self.list.count():
            self.list.setCurrentRow(int(event.text()) - 1)
        elif watched is self.reason and event.key() == Qt.Key.Key_Up:
            self.list.setFocus()
        elif watched is self.list and event.text().isprintable() and event.text().strip():
            self.reason.setFocus()
            self.reason.setText(event.text())
        else:
            return False
        return True

    def _take(self, place: int) -> None:
        item = self.list.item(place)
        self.reason.setText(item.text().partition("  ")[2] if 0 <= place < self.list.count() else "")
        self._follow()

    def _follow(self) -> None:
        self.yes.setEnabled(bool(self.reason.text().strip()))

    def _show_day(self) -> None:
        key = str(self.until.currentData())
        self.day.setVisible(key != "open")
        self.day.setEnabled(key == "day")
        if key in _DAYS:
            day = self._today + timedelta(days=_DAYS[key])
            self.day.setDate(QDate(day.year, day.month, day.day))

    def _lay_out(self) -> None:
        for key, title in _TERMS:
            self.until.addItem(title, key)
        self.until.setAccessibleName("挂起多久")
        self.day.setAccessibleName("挂起至")
        self.day.setDisplayFormat("yyyy-MM-dd")
        tomorrow = self._today + timedelta(days=1)
        self.day.setMinimumDate(QDate(tomorrow.year, tomorrow.month, tomorrow.day))
        row(label("退给", "muted"), self.to, None, parent=self._to_line)
        row(label("挂起至", "muted"), self.until, self.day, None, parent=self._until_line)
        foot = row(None, self.no, self.yes)
        inside = column(self.head, self.hint, self.list, self.reason, self._to_line, self._until_line, foot, parent=self, gap=7)
        inside.setContentsMargins(16, 10, 14, 12)
