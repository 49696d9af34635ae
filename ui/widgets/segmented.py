"""A row of choices of which one holds."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QPushButton, QWidget

from ui.parts import row


class Segmented(QWidget):
    """Chips with an optional count; arrow keys move, ``chosen(key)`` tells."""

    chosen = Signal(str)

    def __init__(self, items: Sequence[tuple[str, str]] = (), *, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self._titles: dict[str, str] = {}
        self._chips: dict[str, QPushButton] = {}
        self._group = QButtonGroup(self)
        self._line = row(parent=self, gap=6)
        self._line.addStretch(1)
        self.set_items(items)

    def set_items(self, items: Sequence[tuple[str, str]]) -> None:
        """Offers (key, title) anew; the first holds if the present one is gone."""
        present = self.current()
        for chip in self._chips.values():
            self._group.removeButton(chip)
            self._line.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._chips, self._titles = {}, dict(items)
        for place, (key, title) in enumerate(items):
            chip = QPushButton(title)
            chip.setProperty("chip", "true")
            chip.setCheckable(True)
            chip.setAccessibleName(title)
            chip.clicked.connect(lambda _on=False, each=key: self.chosen.emit(each))
            self._group.addButton(chip)
            self._line.insertWidget(place, chip)
            self._chips[key] = chip
        self.select(present if present in self._chips else next(iter(self._chips), ""))

    def select(self, key: str) -> None:
        """Makes ``key`` hold, without telling."""
        if key in self._chips:
            self._chips[key].setChecked(True)

    def select_only(self, key: str) -> None:
        """Makes ``key`` hold, or none if it is not offered."""
        self._group.setExclusive(False)
        for each, chip in self._chips.items():
            chip.setChecked(each == key)
        self._group.setExclusive(True)

    def current(self) -> str:
        """The key that holds; "" when there is none."""
        return next((key for key, chip in self._chips.items() if chip.isChecked()), "")

    def set_count(self, key: str, count: int | None) -> None:
        """Writes a count behind a title."""
        if key in self._chips:
            text = self._titles[key] if count is None else f"{self._titles[key]}  {count:,}"
            self._chips[key].setText(text)
            self._chips[key].setAccessibleName(text)
