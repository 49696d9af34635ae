"""What is said about a package — who goes, when, with which forms — changed in place."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QGridLayout, QLineEdit, QMenu, QPushButton, QWidget

from lvdesk.fieldwork.model import PackageDetail, PackageState
from ui.panes.fieldwork.day_line import DayLine
from ui.panes.fieldwork.loading import FormChoice
from ui.panes.fieldwork.words import people_in
from ui.parts import button, column, label, row

_FIXED = frozenset({PackageState.CLOSED, PackageState.CANCELLED})


class Facts(QWidget):
    """Signals: save_asked(package number, what is to be changed)."""

    save_asked = Signal(str, object)

    def __init__(self, today: date) -> None:
        super().__init__()
        self._before: dict[str, Any] = {}
        self._number = ""
        self._choices: dict[str, FormChoice] = {}
        self._forms: tuple[str, ...] = ()
        self.lines = {key: _line(name) for key, name in (("team", "班组"), ("people", "采录人"), ("note", "备注"))}
        self.days = {"planned_on": DayLine("计划日期", today, short=True), "due_on": DayLine("应回日期", today, short=True)}
        self.forms = QPushButton("")
        self.forms.setAccessibleName("要打印的表单")
        self.forms.setProperty("kind", "link")
        self.forms.clicked.connect(self._open_forms)
        self.hint = label("", "muted", wrap=True)
        self.save = button("保存", self.store, "primary")
        self.undo = button("放弃修改", self._restore)
        self._foot = QWidget()
        row(None, self.undo, self.save, parent=self._foot, gap=8)
        self._lay_out()
        for line in self.lines.values():
            line.textEdited.connect(lambda _text: self._follow())
            line.returnPressed.connect(self.store)
        for day in self.days.values():
            day.changed.connect(self._follow)
            day.entered.connect(self.store)
        for key, run in (("Ctrl+S", self.store), ("Escape", self._restore)):
            made = QShortcut(QKeySequence(key), self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            made.activated.connect(run)

    def show_package(self, detail: PackageDetail) -> None:
        """Shows one; what is being typed about the same package stays."""
        view = detail.view
        if self._number == view.package_no and self.changes():
            self._before = _said(detail)
        else:
            self._number, self._before = view.package_no, _said(detail)
            self._restore()
        able = view.state not in _FIXED
        for part in (*self.lines.values(), *self.days.values(), self.forms):
            part.setEnabled(able)
        self._follow()

    def set_forms(self, choices: Sequence[FormChoice]) -> None:
        """Which forms there are."""
        self._choices = {each.key: each for each in choices}
        self._show_forms()

    def start(self) -> None:
        """Puts the keyboard on the people."""
        self.lines["people"].setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.lines["people"].selectAll()

    def changes(self) -> dict[str, Any]:
        """What is typed and not stored."""
        return {key: value for key, value in self._typed().items() if value != self._before.get(key)}

    def store(self) -> None:
        """Asks for the changes to be kept."""
        changes = self.changes()
        if changes and all(day.valid() for day in self.days.values()):
            self.save_asked.emit(self._number, changes)

    def stored(self) -> None:
        """The changes are kept."""
        self._before = self._typed()
        self._follow()

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        dates = QWidget()
        row(self.days["planned_on"], label("至", "muted"), self.days["due_on"], parent=dates, gap=6)
        parts = (
            ("采录人", self.lines["people"]), ("班组", self.lines["team"]), ("日期", dates), ("备注", self.lines["note"]),
            ("表单", self.forms),
        )  # fmt: skip
        for place, (title, part) in enumerate(parts):
            grid.addWidget(label(title, "muted"), place, 0)
            grid.addWidget(part, place, 1)
        grid.setColumnStretch(1, 1)
        grid.setAlignment(self.forms, Qt.AlignmentFlag.AlignLeft)
        column(grid, self.hint, self._foot, parent=self, gap=8)

    def _typed(self) -> dict[str, Any]:
        return {
            "team": self.lines["team"].text().strip(),
            "people": people_in(self.lines["people"].text()),
            "note": self.lines["note"].text().strip(),
            **{key: day.text() for key, day in self.days.items()},
            "forms": self._forms,
        }

    def _restore(self) -> None:
        before = self._before
        self.lines["team"].setText(before.get("team", ""))
        self.lines["people"].setText("、".join(before.get("people", ())))
        self.lines["note"].setText(before.get("note", ""))
        for key, day in self.days.items():
            day.set_text(before.get(key, ""))
        self._forms = before.get("forms", ())
        self._show_forms()
        self._follow()

    def _follow(self) -> None:
        changes = self.changes()
        self._foot.setVisible(bool(changes))
        self.save.setEnabled(bool(changes) and all(day.valid() for day in self.days.values()))
        few = len(people_in(self.lines["people"].text())) < 2 and self.lines["people"].isEnabled()
        wrong = not all(day.valid() for day in self.days.values())
        self.hint.setText("日期请写成 2026-11-25 或 11-25" if wrong else "发出前至少要有两名采录人" if few else "")
        self.hint.setVisible(bool(self.hint.text()))

    def _show_forms(self) -> None:
        titles = [self._choices[key].title if key in self._choices else key for key in self._forms]
        self.forms.setAccessibleName(f"要打印的表单：{'、'.join(titles) or '没有选择'}")
        self.forms.setToolTip("、".join(titles))
        self.forms.setText(f"{len(titles)} 种表单 ▾" if titles else "选择表单 ▾")

    def _open_forms(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for choice in self._choices.values():
            action = QAction(choice.title, menu)
            action.setCheckable(True)
            action.setChecked(choice.key in self._forms)
            action.toggled.connect(lambda on, key=choice.key: self._choose(key, on=on))
            menu.addAction(action)
        menu.popup(self.forms.mapToGlobal(self.forms.rect().bottomLeft()))

    def _choose(self, key: str, *, on: bool) -> None:
        kept = {each for each in self._forms if each != key} | ({key} if on else set())
        self._forms = tuple(each for each in self._choices if each in kept)
        self._show_forms()
        self._follow()


def _line(name: str) -> QLineEdit:
    made = QLineEdit()
    made.setAccessibleName(name)
    return made


def _said(detail: PackageDetail) -> dict[str, Any]:
    view = detail.view
    return {
        "team": view.team, "people": view.people, "note": view.note, "planned_on": view.planned_on, "due_on": view.due_on,
        "forms": detail.forms,
    }  # fmt: skip
