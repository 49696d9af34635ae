"""Beside a new package: how many things it would hold, why, what is left out, how far it is, how much paper."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QLayout, QStackedWidget, QWidget

from ui.panes.fieldwork.preview import Preview, distance
from ui.parts import button, column, label, line, picture, row, scrolled
from ui.theme.tokens import tokens
from ui.widgets.state_view import StateView


class PlanCard(QFrame):
    """Signals: create_asked, packages_asked, stop_asked."""

    create_asked = Signal()
    packages_asked = Signal()
    stop_asked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.preview: Preview | None = None
        self.state = StateView()
        self.numbers = {key: label("", "kpi") for key in ("things", "areas", "way", "sheets")}
        self._lists = QWidget()
        self._inside = column(parent=self._lists, gap=4)
        self.doing = label("", "muted")
        self.stop = button("取消", self.stop_asked.emit, "link", name="取消计算")
        self.make = button("建立任务包  Ctrl+Enter", self.create_asked.emit, "primary", name="建立任务包")
        self._pages = QStackedWidget()
        self._pages.addWidget(self.state)
        self._pages.addWidget(self._page())
        foot = column(row(self.doing, None, self.stop, gap=6), self.make, gap=6)
        foot.setContentsMargins(14, 0, 12, 12)
        inside = column(self._pages, foot, parent=self, gap=4, margin=1)
        inside.setStretch(0, 1)
        self.make.setEnabled(False)
        self.show_doing("")

    def say(self, icon: str, title: str, hint: str, *offers: tuple[str, Callable[[], object]], level: str = "") -> None:
        """Says why there is nothing to show."""
        self.preview = None
        self.state.say(icon, title, hint, *offers, level=level)
        self._pages.setCurrentIndex(0)
        self.make.setEnabled(False)

    def show_doing(self, text: str) -> None:
        """What is being counted; "" when nothing is."""
        self.doing.setText(text)
        self.stop.setVisible(bool(text))

    def show_preview(self, preview: Preview, reasons: Mapping[str, str], packages: int) -> None:
        """Shows what would be made."""
        plan = preview.plan
        if not plan.needs:
            self._say_nothing(preview)
            return
        self.preview = preview
        areas = len({need.area_no for need in plan.needs})
        values = (
            ("things", f"{len(plan.needs):,}"),
            ("areas", f"{areas:,}"),
            ("way", distance(plan.metres)),
            ("sheets", f"{plan.sheets:,}"),
        )
        for key, text in values:
            self.numbers[key].setText(text)
        _clear(self._inside)
        self._add_list("为什么去", {reasons.get(code, code): count for code, count in plan.reasons.items()})
        self._add_list("不用去的", {text: count for text, count in plan.left_out if count})
        nowhere = sum(area.without_place for area in plan.areas)
        if nowhere:
            self._inside.addWidget(line())
            told = label(f"{nowhere:,} 个对象没有坐标，排在同台区相邻对象之后，里程不含这几段", "muted", wrap=True)
            sign = picture("pin", 16, tokens().amber)
            noted = row(sign, told, gap=6)
            noted.setAlignment(sign, Qt.AlignmentFlag.AlignTop)
            noted.setStretch(1, 1)
            self._inside.addLayout(noted)
        self.make.setText(f"建立 {packages} 个任务包  Ctrl+Enter" if packages > 1 else "建立任务包  Ctrl+Enter")
        self.make.setAccessibleName(self.make.text().split("  ")[0])
        self.make.setEnabled(True)
        self._pages.setCurrentIndex(1)

    def _say_nothing(self, preview: Preview) -> None:
        plan = preview.plan
        held = sum(area.held for area in plan.areas)
        said = "；".join(f"{text} {count:,}" for text, count in plan.left_out if count)
        if held:
            hint = f"需要采录的 {held:,} 个对象都已在其他任务包中，先收回或结束那些任务包"
            self.say("check", "没有要去的", hint, ("查看任务包", self.packages_asked.emit))
        else:
            self.say("check", "没有需要到现场的对象", f"{said}。换台区，或多勾几种采录原因" if said else "换台区，或多勾几种采录原因")

    def _page(self) -> QWidget:
        inner = QWidget()
        inner.setProperty("page", "true")
        grid = QGridLayout()
        grid.setHorizontalSpacing(10)
        grid.setVerticalSpacing(8)
        titles = (("things", "到现场的对象"), ("areas", "台区"), ("way", "走访里程"), ("sheets", "表单约（张）"))
        for place, (key, title) in enumerate(titles):
            tile = QFrame()
            tile.setObjectName("stat")
            number = self.numbers[key]
            number.setProperty("kpi", None)
            number.setProperty("h1", "true")
            inside = column(label(title, "muted"), number, parent=tile, gap=2)
            inside.setContentsMargins(12, 8, 10, 8)
            grid.addWidget(tile, place // 2, place % 2)
        inside = column(label("将建立", "h2"), grid, self._lists, None, parent=inner, gap=10)
        inside.setContentsMargins(14, 12, 12, 8)
        return scrolled(inner)

    def _add_list(self, title: str, counts: Mapping[str, int]) -> None:
        if not counts:
            return
        self._inside.addSpacing(4)
        self._inside.addWidget(label(title, "h2"))
        for text, count in counts.items():
            self._inside.addLayout(_counted(text, count))


def _counted(text: str, count: int) -> QLayout:
    words: QLabel = label(text, wrap=True)
    made = row(words, label(f"{count:,}", "muted"), gap=8)
    made.setStretch(0, 1)
    made.setAlignment(Qt.AlignmentFlag.AlignTop)
    return made


def _clear(layout: QLayout) -> None:
    while (item := layout.takeAt(0)) is not None:
        widget, inner = item.widget(), item.layout()
        if widget is not None:
            widget.hide()
            widget.deleteLater()
        elif inner is not None:
            _clear(inner)
