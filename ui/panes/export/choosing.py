"""What is exported: for whom, in which form, which part of the station."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QFrame, QPushButton, QWidget

from lvdesk.exchange.model import SYSTEM_TITLES, ExportRequest, Scope, System
from ui.panes.export.loading import Choices, FormatChoice
from ui.panes.export.memory import Memory
from ui.panes.export.options import OptionsForm
from ui.panes.export.scope import ScopeDialog
from ui.panes.export.words import scope_words
from ui.parts import button, column, label, line, row, scrolled
from ui.widgets.segmented import Segmented

WHOLE, PART = "whole", "part"
_TEST_HINT = "范围内的全部记录，不论是否确认；文件中注明测试，不归档，不改变复核状态。"


class ChoiceCard(QFrame):
    """Signals: changed(): what would be exported is another; issue_asked; person_asked."""

    changed = Signal()
    issue_asked = Signal()
    person_asked = Signal()

    def __init__(self, memory: Memory) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.memory = memory
        self.choices: Choices | None = None
        self._scope = memory.scope()
        self._busy = False
        self.dialog: ScopeDialog | None = None
        self.system = Segmented([(str(system), title) for system, title in SYSTEM_TITLES.items()], name="接收系统")
        self.system.select(str(memory.system()))
        self.format = QComboBox()
        self.format.setAccessibleName("格式")
        self.format_hint = label("", "muted", wrap=True)
        self.format_hint.hide()
        self.extent = Segmented([(WHOLE, "全所"), (PART, "部分线路、台区")], name="范围")
        self.scope_said = label("", wrap=True)
        self.scope_change = button("更改…", self.ask_scope, "link", name="更改线路、台区")
        self._scope_line = QWidget()
        self.options = OptionsForm(memory)
        self.test = QCheckBox("测试导出")
        self.test.setAccessibleName("测试导出")
        self.note = label("", "muted", wrap=True)
        self.person = button("切换人员…", self.person_asked.emit, "link")
        self.issue = button("", self.issue_asked.emit, "primary", "export")
        self._lay_out()
        self.system.chosen.connect(self._turn_system)
        self.format.activated.connect(lambda _place: self._turn_format())
        self.extent.chosen.connect(self._turn_extent)
        self.options.changed.connect(self._changed)
        self.test.toggled.connect(lambda _on: self._changed())
        self._follow()

    def set_choices(self, choices: Choices) -> None:
        """Offers these; what was chosen stays where it still exists."""
        first = self.choices is None
        self.choices = choices
        areas, feeders = {area.area_no for area in choices.areas}, {area.feeder_no for area in choices.areas}
        kept = (key for key in self._scope.feeders if key in feeders), (key for key in self._scope.areas if key in areas)
        self._scope = Scope(*(tuple(keys) for keys in kept))
        if first:
            self.options.set_longitude(choices.longitude)
            self.extent.select(PART if self.memory.part() and self._chosen() else WHOLE)
        elif not self._chosen():
            self.extent.select(WHOLE)
        self._offer_formats()
        self._follow()

    def request(self, folder: Path = Path()) -> ExportRequest:
        """The export as chosen."""
        scope = self._scope if self.extent.current() == PART else Scope()
        return ExportRequest(
            self.receiver(), folder, str(self.format.currentData() or ""), scope, self.options.options(), self.test.isChecked()
        )

    def receiver(self) -> System:
        """Who receives it."""
        return System(self.system.current())

    def start(self) -> None:
        """Puts the keyboard where the choice begins."""
        next(each for each in self.system.findChildren(QPushButton) if each.isChecked()).setFocus(Qt.FocusReason.OtherFocusReason)

    def lacking(self) -> str:
        """Why it cannot be exported so; "" when it can."""
        if self.choices is None:
            return "正在读取"
        if not self.choices.ledger:
            return "台账是空的"
        if not self.test.isChecked() and self.choices.forbidden:
            return self.choices.forbidden
        return self.options.lacking()

    def set_busy(self, *, busy: bool) -> None:
        """While an export is under way there is no other."""
        self._busy = busy
        self._follow()

    def ask_scope(self) -> None:
        """Asks which feeders and areas."""
        if self.choices is None or self.dialog is not None:
            return
        self.dialog = ScopeDialog(self, self.choices.areas, self._scope)
        self.dialog.agreed.connect(self.use_scope)
        self.dialog.finished.connect(self._scope_asked)
        self.dialog.open()

    def use_scope(self, scope: Scope) -> None:
        """Only this part."""
        self._scope = scope
        self.extent.select(PART)
        self.memory.keep(part=True, feeders=list(scope.feeders), areas=list(scope.areas))
        self._changed()

    def _lay_out(self) -> None:
        row(self.scope_said, self.scope_change, parent=self._scope_line, gap=6).setStretch(0, 1)
        inner = QWidget()
        inner.setProperty("page", "true")
        inside = column(
            label("导出什么", "h2"), _titled("给谁", self.system), _titled("格式", self.format, self.format_hint),
            _titled("范围", self.extent, self._scope_line), self.options, line(),
            _titled("", self.test, label(_TEST_HINT, "muted", wrap=True)), None, parent=inner, gap=10,
        )  # fmt: skip
        inside.setContentsMargins(16, 12, 14, 10)
        self._foot = QWidget()
        noted = row(self.note, self.person, gap=6)
        noted.setStretch(0, 1)
        foot = column(line(), noted, self.issue, parent=self._foot, gap=8)
        foot.setContentsMargins(16, 0, 14, 14)
        self._inner = inner
        column(scrolled(inner), self._foot, parent=self, gap=0, margin=1).setStretch(0, 1)

    def _formats(self) -> Sequence[FormatChoice]:
        return self.choices.formats.get(self.receiver(), ()) if self.choices is not None else ()

    def _offer_formats(self) -> None:
        self.format.clear()
        for each in self._formats():
            self.format.addItem(each.title, each.key)
        self.format.setCurrentIndex(max(self.format.findData(self.memory.format(self.receiver())), 0))
        self._show_format()

    def _show_format(self) -> None:
        chosen = next((each for each in self._formats() if each.key == self.format.currentData()), None)
        self.format_hint.setText(chosen.hint if chosen is not None else "")
        self.format_hint.setVisible(bool(self.format_hint.text()))
        self.options.turn_to(self.receiver(), chosen.choices if chosen is not None else frozenset())

    def _turn_system(self, key: str) -> None:
        self.memory.keep(system=key)
        self._offer_formats()
        self._changed()

    def _turn_format(self) -> None:
        self.memory.keep_for("formats", self.receiver(), str(self.format.currentData()))
        self._show_format()
        self._changed()

    def _turn_extent(self, key: str) -> None:
        if key == PART and not self._chosen():
            self.extent.select(WHOLE)  # until something is chosen
            self.ask_scope()
            return
        self.memory.keep(part=key == PART)
        self._changed()

    def _scope_asked(self) -> None:
        self.dialog = None

    def _names(self) -> tuple[list[str], list[str]]:
        """The feeders and areas chosen, by name."""
        areas = self.choices.areas if self.choices is not None else ()
        names = {area.area_no: area.name for area in areas} | {area.feeder_no: area.feeder_name for area in areas}
        return [names.get(key) or key for key in self._scope.feeders], [names.get(key) or key for key in self._scope.areas]

    def _chosen(self) -> bool:
        return bool(self._scope.feeders or self._scope.areas)

    def _changed(self) -> None:
        self._follow()
        self.changed.emit()

    def _follow(self) -> None:
        self._scope_line.setVisible(self.extent.current() == PART)
        self.scope_said.setText(scope_words(*self._names()))
        self._inner.setEnabled(self.choices is not None and self.choices.ledger)
        self.options.setVisible(self.choices is not None and self.options.offered())
        lacking = self.lacking() if self.choices is not None and self.choices.ledger else ""
        self.note.setText(lacking)
        self.note.setVisible(bool(lacking))
        self.person.setVisible(bool(self.choices is not None and lacking and lacking == self.choices.forbidden))
        words = "测试导出…" if self.test.isChecked() else "导出…"
        self.issue.setText(f"{words}  Ctrl+Enter")
        self.issue.setAccessibleName(words)
        self.issue.setEnabled(not self.lacking() and not self._busy)


def _titled(title: str, *parts: QWidget) -> QWidget:
    made = QWidget()
    column(*((label(title, "muted"),) if title else ()), *parts, parent=made, gap=4)
    return made
