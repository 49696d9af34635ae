"""The look ahead in large numbers."""

from PySide6.QtWidgets import QFrame, QLabel, QProgressBar, QWidget

from ui.panes.export.loading import Ahead
from ui.panes.export.words import counted, everything
from ui.parts import card, column, label, row

_KINDS = 3
_SIGNS = (("added", "新增", "+", "success"), ("changed", "变更", "~", "info"), ("removed", "移除", "−", "error"))


class Figures(QWidget):
    """What leaves, what stays, what is another than last time, what would be refused."""

    def __init__(self) -> None:
        super().__init__()
        self.leaving, self.staying, self.refused = label("", "kpi"), label("", "kpi"), label("", "kpi")
        self.why, self.rules = label("", "muted", wrap=True), label("", "muted", wrap=True)
        self.kinds = [(label(), label("", "muted")) for _place in range(_KINDS)]
        self._kinds = QWidget()
        row(*(_under(number, title) for number, title in self.kinds), None, parent=self._kinds, gap=14)
        self.previous = label("", "muted", wrap=True)
        self.share = QProgressBar()
        self.share.setTextVisible(False)
        self.share.setAccessibleName("可导出的份额")
        self.difference = {key: label("", "h1") for key, _title, _sign, _level in _SIGNS}
        for key, _title, _sign, level in _SIGNS:
            self.difference[key].setProperty("ink", level)
        self.staying.setProperty("ink", "warning")
        self.refused.setProperty("ink", "error")
        between = row(*(_under(self.difference[key], label(title, "muted")) for key, title, _sign, _level in _SIGNS), None, gap=16)
        whole = row(
            _tile("可导出", self.leaving, self.share, self._kinds), _tile("暂缓", self.staying, self.why), self._compared(between),
            _tile("接收方可能退回", self.refused, self.rules), parent=self, gap=12,
        )  # fmt: skip
        for place, stretch in enumerate((5, 3, 5, 3)):
            whole.setStretch(place, stretch)

    def show_ahead(self, ahead: Ahead, *, test: bool) -> None:
        """Shows what was found."""
        seen = ahead.seen
        records, held, rejects = seen.records, len(seen.held), sum(each.count for each in seen.rejects)
        self.leaving.setText(f"{records:,}")
        kinds = counted(ahead)
        for place, (number, title) in enumerate(self.kinds):
            there = place < len(kinds)
            number.setText(f"{kinds[place][1]:,}" if there else "")
            title.setText(kinds[place][0] if there else "")
        self._kinds.setToolTip(everything(ahead))
        self.share.setRange(0, max(records + held, 1))
        self.share.setValue(records)
        self.staying.setText(f"{held:,}")
        self.why.setText("测试导出不暂缓" if test else f"{len(seen.reasons):,} 种原因" if held else "没有暂缓的记录")
        for key, _title, sign, _level in _SIGNS:
            count = getattr(seen, key)
            self.difference[key].setText(f"{sign}{count:,}" if count else "0")
        self.previous.setText(f"上一包 {seen.previous}" if seen.previous else "还没有上一包，全部算新增")
        self.refused.setText(f"{rejects:,}")
        self.rules.setText(f"违反 {len(seen.rejects):,} 条接收方规则" if rejects else "没有发现")
        signed = [(self.difference[key], getattr(seen, key)) for key, _title, _sign, _level in _SIGNS]
        for number, count in ((self.staying, held), (self.refused, rejects), *signed):
            number.setProperty("zero", "true" if not count else None)
            number.style().unpolish(number)
            number.style().polish(number)

    def _compared(self, between: object) -> QFrame:
        made = card()
        inside = column(label("与上一包相比", "muted"), between, self.previous, None, parent=made, gap=4)  # type: ignore[arg-type]
        inside.setContentsMargins(14, 10, 12, 10)
        return made


def _under(number: QLabel, title: QLabel) -> QWidget:
    made = QWidget()
    column(number, title, parent=made, gap=0)
    return made


def _tile(title: str, number: QLabel, *more: QWidget) -> QFrame:
    made = card()
    inside = column(label(title, "muted"), number, *more, None, parent=made, gap=4)
    inside.setContentsMargins(14, 10, 12, 10)
    return made
