"""Feeders and their areas to tick: a feeder stands for everything on it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from lvdesk.exchange.model import Scope
from ui.panes.export.loading import AreaChoice

Index = QModelIndex | QPersistentModelIndex
PLACE = Qt.ItemDataRole.UserRole + 1
_NOWHERE = QModelIndex()
_STATES = {Qt.CheckState.Checked: "已选", Qt.CheckState.Unchecked: "未选", Qt.CheckState.PartiallyChecked: "选了一部分"}


@dataclass(frozen=True)
class Place:
    """A line: a feeder where ``area`` is None; ``count`` of its areas."""

    feeder_no: str
    title: str
    area: AreaChoice | None = None
    count: int = 0


class ScopeModel(QAbstractListModel):
    """Signals: ticked(): another scope is chosen."""

    ticked = Signal()

    def __init__(self, areas: Sequence[AreaChoice], scope: Scope) -> None:
        super().__init__()
        self._of: dict[str, list[AreaChoice]] = {}
        for area in areas:
            self._of.setdefault(area.feeder_no, []).append(area)
        known = {area.area_no for area in areas}
        self._chosen = {number for number in scope.areas if number in known}
        self._chosen |= {area.area_no for feeder in scope.feeders for area in self._of.get(feeder, ())}
        self._shown: list[Place] = []
        self.narrow("")

    def narrow(self, words: str) -> None:
        """Shows areas with all these words in their names or their feeder's."""
        wanted = words.casefold().split()
        self.beginResetModel()
        self._shown = []
        for feeder, areas in self._of.items():
            name = areas[0].feeder_name or feeder or "未归属线路"
            found = [each for each in areas if all(word in f"{each.name} {each.area_no} {name} {feeder}".casefold() for word in wanted)]
            if found:
                self._shown.append(Place(feeder, name, None, len(areas)))
                self._shown += [Place(feeder, each.name, each) for each in found]
        self.endResetModel()

    def scope(self) -> Scope:
        """What is ticked: feeders of which every area is, and single areas."""
        whole = [feeder for feeder, areas in self._of.items() if feeder and all(each.area_no in self._chosen for each in areas)]
        single = [
            each.area_no for feeder, areas in self._of.items() if feeder not in whole for each in areas if each.area_no in self._chosen
        ]
        return Scope(tuple(whole), tuple(single))

    def clear(self) -> None:
        """Nothing is ticked."""
        self._change(set())

    def turn(self, index: Index) -> None:
        """Ticks a line or takes its tick away."""
        place = self._shown[index.row()]
        numbers = {place.area.area_no} if place.area is not None else {each.area_no for each in self._of[place.feeder_no]}
        self._change(self._chosen - numbers if numbers <= self._chosen else self._chosen | numbers)

    def state(self, place: Place) -> Qt.CheckState:
        """Whether a line is ticked."""
        numbers = [place.area.area_no] if place.area is not None else [each.area_no for each in self._of[place.feeder_no]]
        on = sum(number in self._chosen for number in numbers)
        return Qt.CheckState.Checked if on == len(numbers) else Qt.CheckState.PartiallyChecked if on else Qt.CheckState.Unchecked

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        place = self._shown[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return place.title
            case Qt.ItemDataRole.CheckStateRole:
                return self.state(place)
            case Qt.ItemDataRole.ToolTipRole:
                return place.area.area_no if place.area is not None else place.feeder_no
            case Qt.ItemDataRole.AccessibleTextRole:
                kind = "台区" if place.area is not None else f"线路，{place.count:,} 个台区"
                return f"{place.title}，{kind}，{_STATES[self.state(place)]}"
            case _:
                return place if role == PLACE else None

    def flags(self, _index: Index) -> Qt.ItemFlag:
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def _change(self, chosen: set[str]) -> None:
        if chosen != self._chosen:
            self._chosen = chosen
            if self._shown:
                self.dataChanged.emit(self.index(0), self.index(len(self._shown) - 1))
            self.ticked.emit()
