"""Which orders are shown: words, type, grid, person, swimlanes, only late ones; kept from one day to the next."""

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QWidget

from ui.panes.workorders.cards import SWIMS
from ui.panes.workorders.loading import Board
from ui.parts import clearable, row

if TYPE_CHECKING:
    from lvdesk.kit.settings import Settings
    from lvdesk.workorders.reading import Order

_SETTING: Final = "workorders.filters"


class FilterBar(QWidget):
    """Signals: changed()."""

    changed = Signal()

    def __init__(self, settings: "Settings") -> None:
        super().__init__()
        self._settings = settings
        self._begun = False
        self.words, self.late = clearable(QLineEdit()), QCheckBox("只看超期")
        self.kind, self.grid, self.person, self.swim = QComboBox(), QComboBox(), QComboBox(), QComboBox()
        self.words.setPlaceholderText("查找工单")
        self.words.setAccessibleName("查找工单")
        self.words.setFixedWidth(150)
        for box, name in ((self.kind, "类型"), (self.grid, "网格"), (self.person, "负责人"), (self.swim, "泳道")):
            box.setAccessibleName(name)
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(7)
            box.activated.connect(lambda _place: self.changed.emit())
        for key, title in SWIMS:
            self.swim.addItem(title, key)
        self.words.textChanged.connect(lambda _text: self.changed.emit())
        self.late.toggled.connect(lambda _on: self.changed.emit())
        row(self.words, self.kind, self.grid, self.person, self.swim, self.late, None, parent=self, gap=8)

    def offer(self, seen: Board) -> None:
        """Offers what there is; a grid leader begins with his own grid."""
        kept: Any = self._settings.get(_SETTING, None)
        kinds = {each.kind: each.kind_title for each in seen.orders}
        people = dict.fromkeys([*seen.staff, *(each.responsible for each in seen.orders)])
        own = seen.own_grids[0] if len(seen.own_grids) == 1 else ""
        values: dict[str, Any] = kept if isinstance(kept, dict) else {"grid": own}
        for box, title, items, key in (
            (self.kind, "全部类型", kinds, "kind"), (self.grid, "全部网格", seen.grids, "grid"),
            (self.person, "全部人员", {name: name for name in people}, "person"),
        ):  # fmt: skip
            wanted = (box.currentData() or "") if self._begun else str(values.get(key, ""))
            box.clear()
            box.addItem(title, "")
            for each, text in items.items():
                box.addItem(text, each)
            box.setCurrentIndex(max(box.findData(wanted), 0))
        if not self._begun:
            self.swim.setCurrentIndex(max(self.swim.findData(values.get("swim", "")), 0))
            self.late.blockSignals(True)
            self.late.setChecked(bool(values.get("late")))
            self.late.blockSignals(False)
        self._begun = True

    def through(self, seen: Board) -> "list[Order]":
        """The orders they let through; remembers the choice."""
        chosen = {name: box.currentData() or "" for name, box in (("kind", self.kind), ("grid", self.grid), ("person", self.person))}
        late, words = self.late.isChecked(), self.words.text().split()
        self._settings.set(_SETTING, {**chosen, "swim": self.swimlane(), "late": late})
        return [
            each for each in seen.orders
            if (not chosen["kind"] or each.kind == chosen["kind"])
            and (not chosen["grid"] or seen.grid_of.get(each.area_no, "") == chosen["grid"])
            and (not chosen["person"] or chosen["person"] in {each.responsible, *each.helpers}) and (not late or each.late)
            and all(word in f"{each.order_no}{each.title}{each.address}{each.key}{each.contact}" for word in words)
        ]  # fmt: skip

    def swimlane(self) -> str:
        """By what the board is cut across."""
        return str(self.swim.currentData() or "")
