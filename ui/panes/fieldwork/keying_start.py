"""Before a sheet is opened: sheets that wait for a person, and how often whose typing was wrong."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QStackedWidget, QWidget

from lvdesk.fieldwork.keying_model import ErrorRate, KeyingWaiting
from ui.panes.base import Context
from ui.panes.fieldwork.keying_loading import KeyingServices
from ui.panes.fieldwork.keying_words import RATE_COLUMNS, WAITING_COLUMNS, rate_line, waiting_line
from ui.panes.fieldwork.listing import Listing
from ui.parts import card, column, label, row
from ui.widgets.data_table import DataTable, EmptyText
from ui.widgets.state_view import StateView

_NONE = EmptyText("check", "没有等待录入的表单", "收回的纸表单，扫码或输入编号即可录入")
_NO_RATES = EmptyText("people", "还没有比对过", "有表单录过两遍之后，这里是各人的差错率")
Read = tuple[Sequence[KeyingWaiting], Sequence[ErrorRate]]


class KeyingStart(QWidget):
    """Signals: opened(sheet_no, second); counted().

    Attributes:
        waiting: sheets that wait; None before they were read.
    """

    opened = Signal(str, bool)
    counted = Signal()

    def __init__(self, context: Context, services: KeyingServices) -> None:
        super().__init__()
        self._context, self._services = context, services
        self.waiting: Sequence[KeyingWaiting] | None = None
        self._asked = 0
        self.rows, self.rates = Listing(WAITING_COLUMNS), Listing(RATE_COLUMNS)
        self.table = DataTable("fieldwork.keying", context.jobs, context.workspace.settings, name="待录表单")
        self.rate_table = DataTable("fieldwork.keying_rates", context.jobs, context.workspace.settings, name="差错率")
        for table in (self.table, self.rate_table):
            table.model.editing = False
            table.told.connect(context.notices.success)
            table.failed.connect(context.notices.show)
        self.state = StateView()
        self.state.loading()
        self._pages = QStackedWidget()
        self._lay_out()
        self.table.opened.connect(self._open)
        self.table.set_source(self.rows, empty=_NONE)
        self.rate_table.set_source(self.rates, empty=_NO_RATES)

    def refresh(self) -> None:
        """Reads what waits again."""
        self._asked += 1
        asked = self._asked

        def take(read: Read) -> None:
            if asked != self._asked:
                return
            self.waiting, rates = read
            self.rows.fill(waiting_line(each) for each in self.waiting)
            self.rates.fill(rate_line(each) for each in rates)
            self.table.reload()
            self.rate_table.reload()
            self._pages.setCurrentIndex(1)
            self.counted.emit()

        def fail(error: Exception) -> None:
            if asked == self._asked:
                self._failed(error)

        self._context.jobs.read(lambda: (self._services.waiting(), self._services.error_rates()), take, fail)

    def _failed(self, error: Exception) -> None:
        if self.waiting is not None:
            self._context.notices.show(error, "没有读到待录表单", retry=self.refresh)
            return
        what = getattr(error, "message", "") or "读取待录表单时出错"
        self.state.say("error", what, getattr(error, "hint", "") or "请重试", ("重试", self.refresh), level="error")
        self._pages.setCurrentIndex(0)

    def _open(self, _number: int) -> None:
        kind, _bar, number = self.rows.key_of(self.table.current_id()).partition("|")
        if number:
            self.opened.emit(number, kind == "second")

    def _lay_out(self) -> None:
        rates = QWidget()
        column(row(label("差错率", "h2"), None), self.rate_table, parent=rates, gap=6)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setHandleWidth(12)
        split.setChildrenCollapsible(False)
        for part, least in ((self.table, 460), (rates, 300)):
            part.setMinimumWidth(least)
            split.addWidget(part)
        split.setStretchFactor(0, 1)
        split.setSizes([720, 400])
        before = card()
        column(self.state, parent=before, gap=0, margin=1)
        self._pages.addWidget(before)
        self._pages.addWidget(split)
        column(self._pages, parent=self, gap=0)
