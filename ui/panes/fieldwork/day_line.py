"""A line for a day: typed in the ways people write days, or picked from a calendar."""

import re
from datetime import date, timedelta

from PySide6.QtCore import QDate, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QCalendarWidget, QLineEdit, QMenu, QWidget, QWidgetAction

from ui.parts import restyle, row
from ui.theme.icons import icon

_FULL = re.compile(r"(\d{4})\D?(\d{1,2})\D?(\d{1,2})\D?")
_SHORT = re.compile(r"(\d{1,2})\D(\d{1,2})\D?|(\d{2})(\d{2})")
_LATER = re.compile(r"\+(\d{1,3})")


def day_of(text: str, today: date) -> date | None:
    """2026-11-25, 20261125, 11-25, 1125, 11月25日, +3; None where it is no day. A day without a year is the next one of that name."""
    said = text.strip()
    try:
        if found := _LATER.fullmatch(said):
            return today + timedelta(days=int(found[1]))
        if found := _FULL.fullmatch(said):
            return date(int(found[1]), int(found[2]), int(found[3]))
        if found := _SHORT.fullmatch(said):
            month, day = int(found[1] or found[3]), int(found[2] or found[4])
            this = date(today.year, month, day)
            return this if this >= today - timedelta(days=180) else date(today.year + 1, month, day)
    except ValueError:
        return None
    return None


class DayLine(QWidget):
    """With ``short`` days near today are shown without their year. Signals: changed(): it says another day, entered(): Enter."""

    changed = Signal()
    entered = Signal()

    def __init__(self, name: str, today: date, *, short: bool = False) -> None:
        super().__init__()
        self._today, self._short = today, short
        self.line = _Line()
        self.line.setAccessibleName(name)
        self.line.setPlaceholderText("月-日")
        self.line.setToolTip("可写 11-25、2026-11-25、+3（三天后）；↑↓ 改一天")
        pick = QAction(icon("calendar"), f"选择{name}", self.line)
        pick.triggered.connect(self._open)
        self.line.addAction(pick, QLineEdit.ActionPosition.TrailingPosition)
        self.line.textChanged.connect(lambda _text: self._follow())
        self.line.editingFinished.connect(self._tidy)
        self.line.returnPressed.connect(self.entered)
        self.line.stepped.connect(self._step)
        row(self.line, parent=self, gap=0)
        self.setFocusProxy(self.line)

    def text(self) -> str:
        """The day as ISO text; "" for none, what is typed where it is no day."""
        said = self.line.text().strip()
        day = day_of(said, self._today)
        return day.isoformat() if day else said

    def day(self) -> date | None:
        """The day; None where nothing or no day is written."""
        return day_of(self.line.text(), self._today)

    def valid(self) -> bool:
        """Whether it is a day or empty."""
        return not self.line.text().strip() or self.day() is not None

    def set_text(self, text: str) -> None:
        """Shows a day without telling."""
        self.line.blockSignals(True)
        day = day_of(text, self._today)
        self.line.setText(self._shown(day) if day else text)
        self.line.blockSignals(False)
        self._mark()

    def _shown(self, day: date) -> str:
        said = f"{day:%m-%d}"
        return said if self._short and day_of(said, self._today) == day else day.isoformat()

    def _follow(self) -> None:
        self._mark()
        self.changed.emit()

    def _mark(self) -> None:
        self.line.setProperty("invalid", "false" if self.valid() else "true")
        restyle(self.line)

    def _tidy(self) -> None:
        day = self.day()
        if day is not None and self.line.text() != self._shown(day):
            self.line.setText(self._shown(day))

    def _step(self, days: int) -> None:
        self.line.setText(self._shown((self.day() or self._today) + timedelta(days=days)))

    def _open(self) -> None:
        calendar = QCalendarWidget()
        calendar.setVerticalHeaderFormat(QCalendarWidget.VerticalHeaderFormat.NoVerticalHeader)
        calendar.setAccessibleName("日历")
        day = self.day() or self._today
        calendar.setSelectedDate(QDate(day.year, day.month, day.day))
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        action = QWidgetAction(menu)
        action.setDefaultWidget(calendar)
        menu.addAction(action)

        def chosen(picked: QDate) -> None:
            self.line.setText(self._shown(date(picked.year(), picked.month(), picked.day())))
            menu.close()

        calendar.clicked.connect(chosen)
        calendar.activated.connect(chosen)
        menu.popup(self.mapToGlobal(self.rect().bottomLeft()))
        calendar.setFocus()


class _Line(QLineEdit):
    stepped = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {int(Qt.Key.Key_Up): 1, int(Qt.Key.Key_Down): -1}.get(event.key())
        if step is None:
            super().keyPressEvent(event)
        else:
            self.stepped.emit(step)
