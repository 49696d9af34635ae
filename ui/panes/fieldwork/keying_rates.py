"""How often whose typing turned out wrong, beside the sheets that wait."""

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from lvdesk.fieldwork.keying_model import ErrorRate
from ui.panes.fieldwork.keying_words import rate_words
from ui.parts import Elided, column, label, line, row, scrolled

_WIDE = 256


class RatesCard(QFrame):
    """One line for each person and role.

    Attributes:
        lines: what is shown, as words.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.setFixedWidth(_WIDE)
        self.lines: list[tuple[str, str, str, str]] = []
        self._none = label("有表单由两个人录过之后，这里是各人的差错率", "muted", wrap=True)
        self._people = QWidget()
        self._people.setProperty("page", "true")
        self._rows = QVBoxLayout(self._people)
        self._rows.setContentsMargins(0, 0, 6, 0)
        self._rows.setSpacing(8)
        self._scroll = scrolled(self._people)
        inside = column(
            label("差错率", "h2"), label("两遍录入比对，按人统计", "muted"), self._none, self._scroll, parent=self, gap=6, margin=14
        )
        inside.addStretch(0)
        inside.setStretch(3, 1)
        self.show_rates(())

    def show_rates(self, rates: Sequence[ErrorRate]) -> None:
        """Shows other rates."""
        while (item := self._rows.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.lines = [rate_words(rate) for rate in rates]
        for words in self.lines:
            self._rows.addWidget(_line(*words))
        self._rows.addStretch(1)
        self._none.setVisible(not self.lines)
        self._scroll.setVisible(bool(self.lines))


def _line(person: str, role: str, share: str, counted: str) -> QWidget:
    made = QWidget()
    name = Elided(person, role="strong")
    first = row(name, label(share, "h2"), gap=6)
    second = row(label(role, "muted"), None, label(counted, "muted"), gap=6)
    column(line(), 4, first, second, parent=made, gap=2)
    made.setAccessibleName(f"{person}，{role}，差错率 {share}，{counted}")
    return made
