"""A row of any sheet as a form: what can be chosen is offered, what is wrong is said, and the form stays until it is right."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import QComboBox, QCompleter, QDialog, QGridLayout, QLineEdit, QWidget

from ui.parts import button, column, label, row

if TYPE_CHECKING:
    from lvdesk.organisation.setup import Field, Setup, Sheet
    from lvdesk.organisation.state import State

_DAY = "2026-12-31"


class RowForm(QDialog):
    """Signals: agreed(values by field)."""

    agreed = Signal(dict)

    def __init__(self, parent: QWidget, title: str, sheet: "Sheet", choices: "tuple[Setup, State]", values: Mapping[str, str]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setMinimumWidth(480)
        self.sheet = sheet
        self.inputs: dict[str, QLineEdit | QComboBox] = {}
        self.wrong = label("", wrap=True)
        self.wrong.setProperty("error", "true")
        self.wrong.hide()
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        for place, field in enumerate(sheet.fields):
            made = self._input(field, choices, values.get(field.name, field.default))
            name = label(field.title + ("　*" if field.required else ""), "muted")
            name.setBuddy(made)
            grid.addWidget(name, place, 0)
            grid.addWidget(made, place, 1)
            self.inputs[field.name] = made
        grid.setColumnStretch(1, 1)
        self.yes = button("保存", self.agree, "primary")
        self.yes.setDefault(True)
        column(grid, self.wrong, 4, row(None, button("取消", self.reject), self.yes), parent=self, gap=10, margin=18)

    def values(self) -> dict[str, str]:
        """What is filled in."""
        return {name: (each.currentText() if isinstance(each, QComboBox) else each.text()).strip() for name, each in self.inputs.items()}

    def agree(self) -> None:
        """Says yes where all that is needed is there."""
        values = self.values()
        missing = [field.title for field in self.sheet.fields if field.required and not values[field.name]]
        if missing:
            self.refuse(f"没有填写{'、'.join(missing)}")
            return
        self.yes.setEnabled(False)
        self.agreed.emit(values)

    def refuse(self, why: str) -> None:
        """Says what is wrong and stays."""
        self.wrong.setText(why)
        self.wrong.show()
        self.yes.setEnabled(True)

    def _input(self, field: "Field", choices: "tuple[Setup, State]", value: str) -> QLineEdit | QComboBox:
        setup, state = choices
        words = list(setup.lists.get(field.words, ())) or sorted(map(str, state.known.get(field.refers, ())))
        if field.choice or (words and not field.many and not field.several and len(words) <= 60):
            made = QComboBox(self)
            made.setEditable(not field.choice)
            made.addItems(["", *words] if not (field.choice and field.required) else words)
            made.setCurrentText(value)
            made.setAccessibleName(field.title)
            return made
        text = QLineEdit(value, self)
        text.setAccessibleName(field.title)
        if field.kind == "day":
            text.setPlaceholderText(f"写成 {_DAY}")
        elif field.several or field.many:
            text.setPlaceholderText(f"多个用“、”隔开，如 {'、'.join(words[:2])}")
        if words:
            completer = QCompleter(QStringListModel(words, self), self)
            completer.setFilterMode(Qt.MatchFlag.MatchContains)
            text.setCompleter(completer)
        return text
