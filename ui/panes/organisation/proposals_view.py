"""Proposals for the division: figures before and after, each move in one sentence, taken over with one key."""

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QFormLayout, QListWidget, QListWidgetItem, QSpinBox, QWidget

from ui.parts import button, card, column, label, row
from ui.widgets.segmented import Segmented
from ui.widgets.state_view import StateView

if TYPE_CHECKING:
    from lvdesk.organisation.division.proposals import Proposal
    from lvdesk.organisation.division.station import Proposed

_FACTORS: Final = (
    ("geography", "地理区域"),
    ("density", "客户密度"),
    ("workload", "人均工作量"),
    ("condition", "设备状况"),
    ("resources", "服务资源"),
)


class ProposalsView(QWidget):
    """Signals: asked(wish as a dict), shown(place or -1), adopted(place)."""

    asked = Signal(dict)
    shown = Signal(int)
    adopted = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.proposed: Proposed | None = None
        self.choice = Segmented(name="方案")
        self.choice.chosen.connect(lambda key: self._turn(int(key)))
        self.told = label("", wrap=True)
        self.moves = QListWidget()
        self.moves.setAccessibleName("移动的台区")
        self.moves.setWordWrap(True)
        self.moves.setProperty("plain", "true")
        self.take = button("采用这个方案", self._adopt, "primary", "check")
        self.state = StateView()
        self.state.say("map", "还没有算过方案", "按五个因素从现有网格算出几种调整，移动的台区逐个说明；也可以从头划分")
        full = QWidget()
        column(self.choice, self.told, self.moves, self.take, parent=full, gap=8).setStretch(2, 1)
        full.hide()
        self._full = full
        column(self._options(), self.state, full, parent=self, gap=8).setStretch(1, 1)

    def show_proposed(self, proposed: "Proposed") -> None:
        """Shows what came out, the first proposal in front."""
        self.proposed = proposed
        names = [(str(place), f"移 {len(each.moves)}" if each.moves else "从头划分") for place, each in enumerate(proposed.proposals)]
        self.choice.set_items(names)
        self.state.hide()
        self._full.show()
        self._turn(0)

    def clear(self) -> None:
        """Forgets proposals: the division is another one now."""
        self.proposed = None
        self._full.hide()
        self.state.show()

    def current(self) -> int:
        """Which proposal is in front, -1 for none."""
        return int(self.choice.current() or -1) if self.proposed else -1

    def wish(self) -> dict[str, object]:
        """What is asked for."""
        weights = {key: box.value() for key, box in self._weights.items()}
        return {"grids": self.grids.value(), "weights": weights, "islands": self.islands.isChecked(), "high": self.high.value()}

    def _options(self) -> QWidget:
        made = card()
        self.grids, self.high, self.islands = QSpinBox(), QDoubleSpinBox(), QCheckBox("允许飞地")
        self.grids.setRange(0, 200)
        self.grids.setSpecialValueText("从现有网格调整")
        self.high.setRange(0, 1e6)
        self.high.setDecimals(0)
        self.high.setSpecialValueText("不限")
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(5)
        form.addRow("网格数", self.grids)
        form.addRow("人均上限", self.high)
        self._weights = {}
        for key, title in _FACTORS:
            box = QDoubleSpinBox()
            box.setRange(0, 20)
            box.setSingleStep(0.5)
            box.setValue({"geography": 1.0, "density": 0.3, "workload": 3.0, "condition": 0.5, "resources": 1.0}[key])
            box.setAccessibleName(f"{title}权重")
            form.addRow(title, box)
            self._weights[key] = box
        self.grids.setAccessibleName("网格数")
        self.high.setAccessibleName("人均上限")
        run = button("计算方案", lambda: self.asked.emit(self.wish()), "primary")
        inside = column(form, row(self.islands, None, run), parent=made, gap=8)
        inside.setContentsMargins(12, 10, 12, 10)
        return made

    def _turn(self, place: int) -> None:
        if self.proposed is None:
            return
        self.choice.select(str(place))
        found = self.proposed.proposals[place]
        self.told.setText(_figures(found))
        self.moves.clear()
        for text in [*found.binding, *(move.says for move in found.moves)]:
            item = QListWidgetItem(text, self.moves)
            item.setData(Qt.ItemDataRole.AccessibleTextRole, text)
        self.shown.emit(place)

    def _adopt(self) -> None:
        if self.proposed is not None:
            self.adopted.emit(self.current())


def _figures(found: "Proposal") -> str:
    before, after = found.before, found.after
    return (
        f"最重网格 {before.balance:.2f} → {after.balance:.2f} 倍\n"
        f"每月路程 {before.kilometres:,.0f} → {after.kilometres:,.0f} km\n综合代价 {before.cost:.2f} → {after.cost:.2f}（越小越好）"
    )
