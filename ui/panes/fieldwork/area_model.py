"""Transformer areas to choose, each with what there is to visit."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from lvdesk.fieldwork.model import AreaNeed
from ui.panes.fieldwork.loading import AreaChoice

Index = QModelIndex | QPersistentModelIndex
AREA = Qt.ItemDataRole.UserRole + 1
NEED = Qt.ItemDataRole.UserRole + 2
_NOWHERE = QModelIndex()


class AreaModel(QAbstractListModel):
    """The areas of one feeder or of all whose names have the words looked for. Signals: ticked(): other areas are chosen."""

    ticked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._areas: Sequence[AreaChoice] = ()
        self._shown: list[AreaChoice] = []
        self._needs: Mapping[str, AreaNeed] = {}
        self._chosen: set[str] = set()
        self._feeder: str | None = None
        self._words = ""

    def set_areas(self, areas: Sequence[AreaChoice]) -> None:
        """Offers these; chosen ones that are gone are forgotten."""
        self._areas = areas
        self._chosen &= {area.area_no for area in areas}
        self._show()

    def set_needs(self, needs: Mapping[str, AreaNeed]) -> None:
        """What there is to visit."""
        self._needs = needs
        if self._shown:
            self.dataChanged.emit(self.index(0), self.index(len(self._shown) - 1))

    def narrow(self, feeder: str | None, words: str) -> None:
        """Shows those of a feeder (None: of all) with all these words."""
        self._feeder, self._words = feeder, words
        self._show()

    def chosen(self) -> list[AreaChoice]:
        """The chosen areas, shown or not, in order."""
        return [area for area in self._areas if area.area_no in self._chosen]

    def tick(self, numbers: Iterable[str], *, on: bool) -> None:
        """Chooses areas or not."""
        wanted = self._chosen | set(numbers) if on else self._chosen - set(numbers)
        if wanted != self._chosen:
            self._chosen = wanted
            self.dataChanged.emit(self.index(0), self.index(max(len(self._shown) - 1, 0)))
            self.ticked.emit()

    def tick_shown(self, *, on: bool) -> None:
        """Chooses all shown, those without anything to visit left out where that is known."""
        numbers = [area.area_no for area in self._shown]
        useful = [number for number in numbers if number not in self._needs or self._needs[number].needed]
        self.tick(useful if on else numbers, on=on)

    def shown(self) -> list[AreaChoice]:
        """The areas listed now."""
        return self._shown

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        area = self._shown[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return area.name
            case Qt.ItemDataRole.CheckStateRole:
                return Qt.CheckState.Checked if area.area_no in self._chosen else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return said(area, self._needs.get(area.area_no))
            case _:
                return {AREA: area, NEED: self._needs.get(area.area_no)}.get(Qt.ItemDataRole(role) if role < AREA else role)

    def flags(self, _index: Index) -> Qt.ItemFlag:
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsUserCheckable

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.CheckStateRole:
            return False
        self.tick([self._shown[index.row()].area_no], on=Qt.CheckState(value) is Qt.CheckState.Checked)
        return True

    def _show(self) -> None:
        words = self._words.casefold().split()
        self.beginResetModel()
        self._shown = [
            area
            for area in self._areas
            if (self._feeder is None or area.feeder_no == self._feeder)
            and all(word in f"{area.name} {area.area_no} {area.feeder_name}".casefold() for word in words)
        ]
        self.endResetModel()


def said(area: AreaChoice, need: AreaNeed | None) -> str:
    """An area in words, for tooltip and screen reader."""
    parts = [area.name, area.area_no, area.feeder_name]
    if need is not None:
        parts += [f"计量箱 {need.boxes:,}", f"需采录 {need.needed:,}", f"已在任务包 {need.held:,}", f"无坐标 {need.without_place:,}"]
    return "，".join(part for part in parts if part)
