"""统计: an indicator with its number, chart and table; the month's report."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QComboBox, QFileDialog, QListWidget, QListWidgetItem, QStackedWidget, QVBoxLayout, QWidget

from lvdesk.kit.table import Column, Row
from lvdesk.network.changed import Changed
from lvdesk.statistics.model import SCOPES
from ui.actions import Action
from ui.models.source import ListSource
from ui.notices import Offer
from ui.panes.base import Context, Pane
from ui.panes.statistics.loading import Services, Shown, StationStatistics
from ui.parts import button, card, column, label, row
from ui.printing.asking import PdfAsking
from ui.widgets.data_table import DataTable
from ui.widgets.segmented import Segmented
from ui.widgets.state_view import StateView
from ui.widgets.working import Working

_MONTHS: Final = 12
_LINE: Final = 27
_LEADS: Final = {
    "area": ("ledger", "transformer_area"),
    "feeder": ("ledger", "feeder"),
    "grid": ("organisation", ""),
    "rule": ("checks", ""),
}


class StatisticsPane(Pane):
    """Every number with its definition, its rows, and where it leads."""

    key: ClassVar[str] = "statistics"
    title: ClassVar[str] = "统计"
    group: ClassVar[str] = "成果"
    icon: ClassVar[str] = "chart"
    order: ClassVar[int] = 5
    cares: ClassVar[Changed] = Changed.ALL

    def __init__(self, context: Context, services: Services | None = None) -> None:
        super().__init__(context)
        self._services: Services = services or StationStatistics(context.workspace)
        self._known = self._services.indicators()
        self._asked = 0
        self.shown: Shown | None = None
        self.list, self.month, self.scope = QListWidget(), QComboBox(), Segmented(name="按什么分")
        self.value, self.told, self.formula = label("", "kpi"), label("", "muted"), label("", "muted", wrap=True)
        self.holder = QWidget()
        self._chart: Any = None
        self.table = DataTable("statistics.lines", context.jobs, context.workspace.settings, name="统计表")
        self.table.model.editing = False
        self.state, self.working = StateView(), Working("取消")
        self.printing = PdfAsking(context, self, "statistics")
        self.pages = QStackedWidget()
        self._fill()
        self._lay_out()
        self._connect()

    def refresh(self, _changed: Changed) -> None:
        """Works the indicator in front out again."""
        self._ask()

    def toolbar_actions(self) -> Sequence[Action]:
        """Report and copy."""
        group = "统计"
        return (
            Action("statistics.report", "月报（PDF）…", self.ask_report, "Ctrl+P", "print", group, in_bar=False),
            Action("statistics.book", "月报（Excel）…", self.ask_book, "", "export", group, in_bar=False),
            Action("statistics.freeze", "封存本月选中的月份", self.freeze, "", "lock", group, in_bar=False),
            Action("statistics.words", "本月概要", self.tell, "F9", "info", group, in_bar=False),
        )

    def reveal(self, target: object) -> None:
        """An indicator's key."""
        if isinstance(target, str) and target in self._known:
            self.turn_to(target)

    def turn_to(self, key: str) -> None:
        """Shows an indicator."""
        for place in range(self.list.count()):
            if self.list.item(place).data(Qt.ItemDataRole.UserRole) == key:
                self.list.setCurrentRow(place)

    def key_shown(self) -> str:
        """The indicator in front."""
        item = self.list.currentItem()
        return str(item.data(Qt.ItemDataRole.UserRole) or "") if self.list.currentRow() >= 0 else ""

    def show_shown(self, shown: Shown) -> None:
        """Shows what was worked out."""
        from ui.widgets.chart_view import ChartView

        self.shown, found = shown, shown.figures
        kind = found.indicator
        self.value.setText(kind.said(found.total.value))
        reached = {True: "达到目标", False: "未达目标", None: ""}[kind.good(found.total.value)]
        target = f"目标 {kind.said(kind.target)}" if kind.target is not None else ""
        self.told.setText("　".join(part for part in (kind.title, found.period or "至今", target, reached) if part))
        self.formula.setText(f"口径：{kind.formula}　来源：{kind.source}")
        if not found.lines:
            self.state.say("chart", "没有数据", f"{kind.title}取自{kind.source}，有了数据后这里显示")
            self.pages.setCurrentIndex(0)
            return
        if self._chart is None:
            self._chart = ChartView("统计图")
            self._chart.opened.connect(self._open)
            layout = QVBoxLayout(self.holder)
            layout.setContentsMargins(0, 0, 0, 0)
            layout.addWidget(self._chart)
        self._chart.show_figure(shown.chart, shown.bars)
        self._show_table(shown)
        self.pages.setCurrentIndex(1)

    def ask_report(self) -> None:
        """Asks for the file of the month's report."""
        month = self._month()
        self.printing.read(f"{month} 月报", "导出月报", lambda: self._services.pages(month))

    def ask_book(self) -> None:
        """Asks for the file of the month's workbook."""
        month, folder = self._month(), str(self.context.workspace.settings.get("statistics.folder", ""))
        dialog = QFileDialog(self, "导出月报", str(Path(folder) / f"{month} 月报.xlsx"), "Excel 工作簿 (*.xlsx)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("xlsx")
        dialog.fileSelected.connect(lambda name: self.write(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def write(self, path: Path) -> None:
        """Writes the month's workbook."""
        month = self._month()
        self.context.workspace.settings.set("statistics.folder", str(path.parent))

        def done(rows: int) -> None:
            self.context.notices.success(f"已导出 {path.name}，{rows:,} 行", str(path.parent))

        self._run("正在导出月报", lambda progress: self._services.write(month, path, progress), done)

    def freeze(self) -> None:
        """Keeps the numbers of the month chosen."""
        month = self._month()

        def done(changed: Changed) -> None:
            undo = Offer("撤销", lambda: self.context.actions.trigger("edit.undo"))
            self.context.notices.success(f"已封存 {month}", "以后的月报使用封存时的数字", offer=undo)
            self.context.bus.tell(changed)

        self._run(f"正在封存 {month}", lambda progress: self._services.freeze(month, progress), done)

    def tell(self) -> None:
        """Says in words what changed in the month chosen."""
        month = self._month()

        def done(found: list[str]) -> None:
            self.context.notices.info(f"{month}：{'；'.join(found[:3])}" if found else f"{month} 没有数据", "；".join(found[3:8]))

        self._run("正在统计", lambda progress: self._services.sentences(month, progress), done)

    def _fill(self) -> None:
        group = ""
        for key, each in self._known.items():
            if each.group != group:
                group = each.group
                head = QListWidgetItem(group, self.list)
                head.setFlags(Qt.ItemFlag.NoItemFlags)
                head.setSizeHint(QSize(0, _LINE))
            item = QListWidgetItem(f"　{each.title}", self.list)
            item.setData(Qt.ItemDataRole.UserRole, key)
            item.setToolTip(each.formula)
            item.setSizeHint(QSize(0, _LINE))
        self.list.setCurrentRow(1)
        self.month.addItem("至今", "")
        now = self.context.workspace.clock()
        year, number = now.year, now.month
        for _each in range(_MONTHS):
            self.month.addItem(f"{year} 年 {number} 月", f"{year}-{number:02d}")
            year, number = (year - 1, 12) if number == 1 else (year, number - 1)

    def _lay_out(self) -> None:
        self.list.setAccessibleName("指标")
        self.list.setFixedWidth(176)
        self.month.setAccessibleName("月份")
        tools = row(self.month, self.scope, None, button("月报 Excel…", self.ask_book, icon_name="export", name="导出月报工作簿"),
                    button("月报 PDF…", self.ask_report, "primary", name="导出月报"), gap=8)  # fmt: skip
        head = card()
        inside = row(self.value, column(self.told, self.formula, gap=2), parent=head, gap=20)
        inside.setContentsMargins(16, 10, 16, 10)
        inside.setStretch(1, 1)
        chart = card()
        column(self.holder, parent=chart, gap=0, margin=8)
        full = QWidget()
        both = column(chart, self.table, parent=full, gap=10)
        both.setStretch(0, 3)
        both.setStretch(1, 2)
        waiting = card()
        column(self.state, parent=waiting, gap=0, margin=1)
        self.pages.addWidget(waiting)
        self.pages.addWidget(full)
        right = QWidget()
        column(tools, self.working, head, self.pages, parent=right, gap=10).setStretch(3, 1)
        listed = card()
        column(self.list, parent=listed, gap=0, margin=6)
        outer = row(listed, right, parent=self, gap=12)
        outer.setContentsMargins(20, 12, 16, 14)
        outer.setStretch(1, 1)
        self.state.loading()

    def _connect(self) -> None:
        self.list.currentRowChanged.connect(lambda _place: self._turned())
        self.month.activated.connect(lambda _place: self._ask())
        self.scope.chosen.connect(lambda _key: self._ask())
        self.table.told.connect(self.context.notices.success)
        self.table.failed.connect(self.context.notices.show)
        self._turned(ask=False)

    def _turned(self, *, ask: bool = True) -> None:
        known = self._known.get(self.key_shown())
        if known is None:
            return
        self.scope.set_items([(scope, f"按{SCOPES[scope]}") for scope in known.scopes])
        self.month.setEnabled(known.period)
        if ask:
            self._ask()

    def _ask(self) -> None:
        self._asked += 1
        asked, key, scope, period = self._asked, self.key_shown(), self.scope.current(), str(self.month.currentData() or "")
        if not key:
            return

        def take(shown: Shown) -> None:
            if asked == self._asked:
                self.show_shown(shown)

        self.context.jobs.read(lambda: self._services.show(key, scope, period), take, self._failed)

    def _show_table(self, shown: Shown) -> None:
        found = shown.figures
        columns = (
            Column("name", SCOPES[found.scope], "text", 240), Column("key", "编号", "identifier", 150),
            Column("part", "分子", "number", 90), Column("whole", "分母", "number", 90),
            Column("value", found.indicator.title, "number", 120),
        )  # fmt: skip
        rows = [
            Row(place, (line.name, line.key, f"{line.part:,.0f}", _whole(line.whole), found.indicator.said(line.value)))
            for place, line in enumerate(found.lines, 1)
        ]  # fmt: skip
        self.table.set_source(ListSource(columns, rows), key=found.indicator.key)

    def _open(self, key: str) -> None:
        """Leads to the rows behind a bar."""
        if self.shown is None:
            return
        pane, entity = _LEADS.get(self.shown.figures.scope, ("workorders", ""))
        target: object = (entity, key) if entity else ("map" if pane == "organisation" else key)
        self.context.navigate(pane, target)

    def _month(self) -> str:
        return str(self.month.currentData() or self.context.workspace.clock().strftime("%Y-%m"))

    def _run(self, title: str, work: Callable[..., Any], done: Callable[[Any], object]) -> None:
        job = self.context.jobs.run(title, work, done=done, failed=self.context.notices.show)
        self.working.follow(job, title)

    def _failed(self, error: Exception) -> None:
        what, hint = getattr(error, "message", "") or "统计时出错", getattr(error, "hint", "") or "请重试"
        self.state.say("error", what, hint, ("重试", self._ask), level="error")
        self.pages.setCurrentIndex(0)


def _whole(number: float | None) -> str:
    return "" if number is None else f"{number:,.0f}"
