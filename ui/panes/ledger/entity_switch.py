"""Which kind of record the table lists: the usual ones as chips, the rest in a menu."""

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from ui.parts import row
from ui.widgets.segmented import Segmented

_USUAL = ("feeder", "transformer_area", "meter_box", "meter", "customer")


class EntitySwitch(QWidget):
    """Signals: chosen(entity)."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._titles: dict[str, str] = {}
        self._counts: Mapping[str, int] = {}
        self._entity = ""
        self.usual = Segmented(name="记录种类")
        self.more = QPushButton("更多")
        self.more.setProperty("chip", "true")
        self.more.setCheckable(True)
        self.more.setAccessibleName("更多记录种类")
        self._menu = QMenu(self.more)
        self.more.setMenu(self._menu)
        row(self.usual, self.more, None, parent=self, gap=6)
        self.usual.chosen.connect(self._choose)

    def set_entities(self, entities: Sequence[tuple[str, str]]) -> None:
        """Offers kinds: key and title."""
        self._titles = dict(entities)
        usual = [(key, self._titles[key]) for key in _USUAL if key in self._titles]
        self.usual.set_items(usual)
        self.show_counts(self._counts)

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """Writes how many there are of each kind."""
        self._counts = counts
        for key in _USUAL:
            self.usual.set_count(key, counts.get(key))
        self._menu.clear()
        for key, title in self._titles.items():
            if key not in _USUAL:
                self._menu.addAction(f"{title}  {counts.get(key, 0):,}", partial(self._choose, key))

    def current(self) -> str:
        """The kind listed."""
        return self._entity

    def select(self, entity: str) -> None:
        """Makes a kind current, without telling."""
        self._entity = entity
        self.usual.select_only(entity)
        other = entity not in _USUAL
        self.more.setChecked(other)
        self.more.setText(self._titles.get(entity, "更多") if other else "更多")

    def _choose(self, entity: str) -> None:
        self.select(entity)
        self.chosen.emit(entity)
