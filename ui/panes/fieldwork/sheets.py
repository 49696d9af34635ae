"""The register of sheets: found by number or scanner, marked, printed again, replaced; beside them the page itself."""

from collections import Counter
from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QComboBox, QLineEdit, QSplitter, QStackedWidget, QWidget

from lvdesk.fieldwork.model import SheetState, SheetView
from lvdesk.kit.table import Row
from ui.panes.base import Context
from ui.panes.fieldwork.listing import Listing
from ui.panes.fieldwork.loading import Services
from ui.panes.fieldwork.printing import Printing
from ui.panes.fieldwork.sheet_card import SheetCard
from ui.panes.fieldwork.sheet_deeds import TITLES, SheetDeeds
from ui.panes.fieldwork.words import SHEET_COLUMNS, sheet_line
from ui.parts import card, clearable, column, row
from ui.theme.icons import icon
from ui.widgets.data_table import DataTable, EmptyText
from ui.widgets.segmented import Segmented
from ui.widgets.state_view import StateView

_REST_MS = 60
_ALL, _CHANGED = "all", "changed"
_NONE = EmptyText("check", "没有这样的表单", "换一种状态，或在右上方换一个任务包")
Read = tuple[dict[str, SheetView], Sequence[Row]]


class SheetsView(QWidget):
    """Signals: packages_asked, package_asked(number).

    Attributes:
        found: all sheets by number; None before they were read.
        head: states and package, for the line above the views.
        scan: the line for typed and scanned numbers.
    """

    packages_asked = Signal()
    package_asked = Signal(str)

    def __init__(self, context: Context, services: Services, printing: Printing) -> None:
        super().__init__()
        self._context, self._services = context, services
        self.found: dict[str, SheetView] | None = None
        self._every: Sequence[Row] = ()
        self._asked = 0
        self._wanted = self._package_wanted = ""
        self.states = Segmented(list(TITLES.items()), name="表单状态")
        self.scan = clearable(QLineEdit())
        self.scan.setPlaceholderText("扫码或输入编号  Ctrl+G")
        self.scan.setAccessibleName("扫码或输入表单编号")
        self.scan.addAction(QAction(icon("barcode"), "扫码", self.scan), QLineEdit.ActionPosition.LeadingPosition)
        self.at_once = QCheckBox("扫到即标记收回")
        self.package = QComboBox()
        self.package.setAccessibleName("任务包")
        self.package.setMinimumWidth(170)
        self.rows = Listing(SHEET_COLUMNS)
        self.table = DataTable("fieldwork.sheets", context.jobs, context.workspace.settings, name="表单")
        self.table.model.editing = False
        self.table.set_marked_levels(frozenset({"error", "warning"}), by_rows=True)
        self.table.bar.slot.addWidget(self.scan, 1)
        self.table.bar.slot.addWidget(self.at_once)
        for way, text in ((self.table.foot.previous, "上一张要处理 Shift+F8"), (self.table.foot.following, "下一张要处理 F8")):
            way.setText(text)
            way.setAccessibleName(text)
        self.card = SheetCard(context, services)
        self.deeds = SheetDeeds(context, services, self, printing)
        self.state = StateView()
        self.state.loading()
        self._pages = QStackedWidget()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._look)
        self._lay_out()
        self._connect()
        self.table.set_source(self.rows, empty=_NONE)

    def refresh(self) -> None:
        """Reads the register again."""
        self._asked += 1
        asked = self._asked
        today = self._context.workspace.clock().date()

        def read() -> Read:
            sheets = self._services.sheets()
            return {each.sheet_no: each for each in sheets}, self.rows.rows_of(sheet_line(each, today) for each in sheets)

        def take(read: Read) -> None:
            if asked == self._asked:
                self._take(read)

        def fail(error: Exception) -> None:
            if asked == self._asked:
                self._failed(error)

        self._context.jobs.read(read, take, fail)

    def start(self) -> None:
        """Puts the keyboard on the list."""
        self.table.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def show_package(self, package_no: str) -> None:
        """Lists the sheets of one package, now or when they are read."""
        self._package_wanted = package_no
        self.states.select(_ALL)
        self.refresh()

    def find_sheet(self, text: str) -> None:
        """Goes to the sheet of a typed or scanned text."""
        if text.strip():
            self._context.jobs.read(lambda: self._services.sheet_no(text), self._go, self._context.notices.show)

    def selected(self) -> list[SheetView]:
        """The selected sheets, else the current one."""
        return self._of(self.table.selected_ids() or [self.table.current_id()])

    def listed(self) -> list[SheetView]:
        """All that are listed."""
        return self._of(list(self.table.model.ids))

    def reprint(self, deed: str) -> None:
        """Prints the selected sheets again, "print" or "pdf"."""
        self.deeds.do(deed)

    def _of(self, numbers: Sequence[int | None]) -> list[SheetView]:
        found = self.found or {}
        return [found[key] for number in numbers if (key := self.rows.key_of(number)) in found]

    def _lay_out(self) -> None:
        self.head = QWidget()
        row(self.states, None, self.package, parent=self.head, gap=8)
        self.scan.setMinimumWidth(190)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setHandleWidth(12)
        split.setChildrenCollapsible(False)
        for part, least in ((self.table, 420), (self.card, 330)):
            part.setMinimumWidth(least)
            split.addWidget(part)
        split.setStretchFactor(0, 1)
        split.setSizes([640, 490])
        waiting = card()
        column(self.state, parent=waiting, gap=0, margin=1)
        self._pages.addWidget(waiting)
        self._pages.addWidget(split)
        column(self._pages, parent=self, gap=0)

    def _connect(self) -> None:
        self.states.chosen.connect(lambda _key: self._fill())
        self.package.currentIndexChanged.connect(lambda _place: self._fill())
        self.scan.returnPressed.connect(self._scanned)
        self.card.asked.connect(self.deeds.do)
        self.card.package_asked.connect(self.package_asked)
        self.table.current_changed.connect(lambda _number: self._rest.start())
        self.table.view.selectionModel().selectionChanged.connect(lambda *_parts: self._rest.start())
        self.table.model.state_changed.connect(self._rest.start)
        self.table.opened.connect(lambda _number: self.card.preview.setFocus())
        self.table.failed.connect(self._context.notices.show)
        self.table.told.connect(self._context.notices.success)

    def _take(self, read: Read) -> None:
        self.found, self._every = read
        if not self.found:
            hint = "在任务包里预览、打印表单或导出 PDF，编排出来的每一张都登记在这里"
            self.state.say("file", "还没有编排表单", hint, ("查看任务包", self.packages_asked.emit))
            self._show_list(shown=False)
            return
        packages = sorted({sheet.package_no for sheet in self.found.values()}, reverse=True)
        present = self._package_wanted or str(self.package.currentData() or "")
        self.package.blockSignals(True)
        self.package.clear()
        self.package.addItem(f"全部任务包（{len(packages):,}）", "")
        for number in packages:
            self.package.addItem(number, number)
        self.package.setCurrentIndex(max(self.package.findData(present), 0))
        self.package.blockSignals(False)
        self._package_wanted = ""
        self._show_list(shown=True)
        self._fill()

    def _show_list(self, *, shown: bool) -> None:
        """The register with what narrows it, or what is said in its place."""
        self._pages.setCurrentIndex(1 if shown else 0)
        self.states.setVisible(shown)
        self.package.setVisible(shown)

    def _failed(self, error: Exception) -> None:
        if self.found is None:
            what = getattr(error, "message", "") or "读取表单时出错"
            self.state.say("error", what, getattr(error, "hint", "") or "请重试", ("重试", self.refresh), level="error")
            self._show_list(shown=False)
        else:
            self._context.notices.show(error, "没有读到表单", retry=self.refresh)

    def _fill(self) -> None:
        found, package, chosen = self.found or {}, str(self.package.currentData() or ""), self.states.current()
        mine = [sheet for sheet in found.values() if not package or sheet.package_no == package]
        counts: Counter[str] = Counter(sheet.state for sheet in mine)
        counts[_ALL], counts[_CHANGED] = len(mine), sum(sheet.changed_since for sheet in mine)
        for key in TITLES:
            self.states.set_count(key, counts[key])
        keys = {sheet.sheet_no for sheet in mine if _answers(sheet, chosen)}
        self.rows.hold(self._every if len(keys) == len(found) else [row for row in self._every if row.values[0] in keys])
        number = self.rows.number_of(self._wanted) if self._wanted else None
        self._wanted = ""
        self.table.reload()
        if number is not None:
            self.table.go_to(number)

    def _look(self) -> None:
        current = self._of([self.table.current_id()]) if self.table.model.ids else []
        self.card.show_sheet(current[0] if current else None, self.selected() if current else ())

    def _scanned(self) -> None:
        self.find_sheet(self.scan.text())
        self.scan.selectAll()

    def _go(self, number: str) -> None:
        sheet = (self.found or {}).get(number)
        if sheet is None:
            self._context.notices.warning(f"没有编号为 {number} 的表单", "可能不是这个供电所的表单", "请核对编号，或换一个工作区")
            return
        if self.rows.number_of(number) is None:
            self.states.select(_ALL)
            self.package.setCurrentIndex(0)
            self._wanted = number
            self._fill()
        else:
            self.table.clear_filters()
            self.table.go_to(self.rows.number_of(number) or 0)
        if self.at_once.isChecked():
            self.deeds.mark([sheet], SheetState.BACK)


def _answers(sheet: SheetView, chosen: str) -> bool:
    return chosen == _ALL or (chosen == _CHANGED and sheet.changed_since) or str(sheet.state) == chosen
