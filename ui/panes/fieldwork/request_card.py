"""Why, who, when, with which forms: the middle of the page for a new package."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QGridLayout, QLabel, QLineEdit, QSpinBox, QWidget

from lvdesk.fieldwork.model import Request
from ui.panes.fieldwork.day_line import DayLine
from ui.panes.fieldwork.loading import Choices
from ui.panes.fieldwork.preview import sheets_of
from ui.panes.fieldwork.words import people_in
from ui.parts import button, column, label, line, row, scrolled

_KEPT = ("team", "people")


class RequestCard(QFrame):
    """Signals: changed(): what would be made is another; said(): who or when is another."""

    changed = Signal()
    said = Signal()

    def __init__(self, today: date, kept: Mapping[str, Any]) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._choices = Choices((), {}, (), 7, 2)
        self._due_typed = False
        self.reasons: dict[str, QCheckBox] = {}
        self.forms: dict[str, QCheckBox] = {}
        self._pages_of: dict[str, QLabel] = {}
        self.every = button("全选", lambda: self._tick_all(on=True), "link", name="选中全部原因")
        self.none = button("全不选", lambda: self._tick_all(on=False), "link", name="不选任何原因")
        self.lines = {key: _line(name, hint) for key, name, hint in _LINES}
        for key in _KEPT:
            self.lines[key].setText(str(kept.get(key, "")))
        self.planned, self.due = DayLine("计划日期", today), DayLine("应回日期", today)
        self.hint = label("", "muted", wrap=True)
        self.blank = QSpinBox()
        self.blank.setRange(0, 20)
        self.blank.setValue(1)
        self.blank.setAccessibleName("每个台区的空白新增用户表张数")
        self.split = QCheckBox("每个台区建一个任务包")
        self._reason_grid, self._form_grid = QGridLayout(), QGridLayout()
        self._lay_out()
        self.planned.set_text((today + timedelta(days=1)).isoformat())
        self.planned.changed.connect(self._follow_planned)
        self.due.changed.connect(self._due_changed)
        self.lines["people"].textChanged.connect(lambda _text: self._follow())
        self.blank.valueChanged.connect(lambda _count: self.changed.emit())
        self.split.toggled.connect(lambda _on: self.changed.emit())
        self._follow_planned()

    def set_choices(self, choices: Choices) -> None:
        """Offers reasons and forms; what is ticked stays ticked."""
        reasons_off = {code for code, box in self.reasons.items() if not box.isChecked()}
        forms_on = {key for key, box in self.forms.items() if box.isChecked()} if self.forms else {f.key for f in choices.forms if f.usual}
        same = list(self.reasons) == list(choices.reasons) and list(self.forms) == [form.key for form in choices.forms]
        self._choices = choices
        if same:
            return
        for grid in (self._reason_grid, self._form_grid):
            _clear(grid)
        self.reasons = {code: QCheckBox(title) for code, title in choices.reasons.items()}
        for place, (code, box) in enumerate(self.reasons.items()):
            box.setChecked(code not in reasons_off)
            box.toggled.connect(lambda _on: self.changed.emit())
            self._reason_grid.addWidget(box, place // 2, place % 2)
        self.forms = {}
        for place, form in enumerate(choices.forms):
            box, pages = QCheckBox(form.title), label("", "muted")
            box.setChecked(form.key in forms_on)
            box.setAccessibleDescription(form.purpose)
            box.toggled.connect(lambda _on: self.changed.emit())
            self.forms[form.key], self._pages_of[form.key] = box, pages
            for at, part in enumerate((box, label(form.purpose, "muted"), pages)):
                self._form_grid.addWidget(part, place, at)
        self._form_grid.setColumnStretch(1, 1)
        self._follow_planned()

    def show_reasons(self, counts: Mapping[str, int]) -> None:
        """How many things each reason sends somebody to."""
        for code, box in self.reasons.items():
            title, count = self._choices.reasons.get(code, code), counts.get(code, 0)
            box.setText(f"{title}  {count:,}" if counts else title)
            box.setAccessibleName(box.text())

    def show_blocks(self, blocks: Mapping[str, int]) -> None:
        """About how many sheets each form takes."""
        for form in self._choices.forms:
            sheets = sheets_of(form, blocks)
            self._pages_of[form.key].setText((f"约 {sheets:,} 张" if sheets else "没有内容") if blocks else "")

    def request(self, areas: tuple[str, ...]) -> Request:
        """What is asked for."""
        reasons = tuple(code for code, box in self.reasons.items() if box.isChecked())
        return Request(
            areas=areas,
            reasons=() if len(reasons) == len(self.reasons) else reasons,
            title=self.lines["title"].text().strip(),
            team=self.lines["team"].text().strip(),
            people=people_in(self.lines["people"].text()),
            planned_on=self.planned.text(),
            due_on=self.due.text(),
            forms=tuple(key for key, box in self.forms.items() if box.isChecked()),
            blank_sheets=self.blank.value(),
            note=self.lines["note"].text().strip(),
            split=self.split.isChecked(),
        )

    def kept(self) -> dict[str, str]:
        """What the next package starts with."""
        return {key: self.lines[key].text().strip() for key in _KEPT}

    def lacking(self) -> str:
        """Why nothing can be made of it; "" when it can."""
        if self.reasons and not any(box.isChecked() for box in self.reasons.values()):
            return "请至少勾选一种采录原因"
        if self.forms and not any(box.isChecked() for box in self.forms.values()):
            return "请至少勾选一种表单"
        if not (self.planned.valid() and self.due.valid()):
            return "日期请写成 2026-11-25 或 11-25"
        planned, due = self.planned.day(), self.due.day()
        return "应回日期早于计划日期" if planned and due and due < planned else ""

    def renew(self) -> None:
        """Empties what belongs to one package only."""
        for key in ("title", "note"):
            self.lines[key].clear()

    def _lay_out(self) -> None:
        inner = QWidget()
        inner.setProperty("page", "true")
        who = QGridLayout()
        who.setHorizontalSpacing(10)
        who.setVerticalSpacing(6)
        cells = (
            ("采录人", self.lines["people"], 0, 0), ("班组", self.lines["team"], 0, 2), ("计划日期", self.planned, 1, 0),
            ("应回日期", self.due, 1, 2), ("名称", self.lines["title"], 2, 0), ("备注", self.lines["note"], 2, 2),
        )  # fmt: skip
        for title, part, at, across in cells:
            who.addWidget(label(title, "muted"), at, across)
            who.addWidget(part, at, across + 1)
        who.setColumnStretch(1, 1)
        who.setColumnStretch(3, 1)
        for grid in (self._reason_grid, self._form_grid):
            grid.setHorizontalSpacing(14)
            grid.setVerticalSpacing(2)
        blank = row(label("空白新增用户表：每个台区"), self.blank, label("张"), None, self.split, gap=6)
        inside = column(
            row(label("为什么去", "h2"), None, self.every, self.none, gap=6), self._reason_grid, line(), label("谁去、什么时候", "h2"), who,
            self.hint, line(), label("带什么表单", "h2"), self._form_grid, blank, None, parent=inner, gap=8,
        )  # fmt: skip
        inside.setContentsMargins(16, 12, 14, 12)
        column(scrolled(inner), parent=self, gap=0, margin=1)

    def _tick_all(self, *, on: bool) -> None:
        for box in self.reasons.values():
            box.blockSignals(True)
            box.setChecked(on)
            box.blockSignals(False)
        self.changed.emit()

    def _follow_planned(self) -> None:
        planned = self.planned.day()
        if planned is not None and not self._due_typed:
            self.due.set_text((planned + timedelta(days=self._choices.days)).isoformat())
        self._follow()

    def _due_changed(self) -> None:
        self._due_typed = bool(self.due.line.text().strip())
        self._follow()

    def _follow(self) -> None:
        few = 0 < len(people_in(self.lines["people"].text())) < self._choices.people
        text = self.lacking() or (f"发出前至少要有 {self._choices.people} 名采录人" if few else "")
        self.hint.setText(text)
        self.hint.setVisible(bool(text))
        self.said.emit()


_LINES = (
    ("people", "采录人", "至少两名，空格隔开"), ("team", "班组", "外勤一班"), ("title", "名称", "不填按台区命名"),
    ("note", "备注", "印在封面上"),
)  # fmt: skip


def _line(name: str, hint: str) -> QLineEdit:
    made = QLineEdit()
    made.setAccessibleName(name)
    made.setPlaceholderText(hint)
    return made


def _clear(grid: QGridLayout) -> None:
    while (item := grid.takeAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
