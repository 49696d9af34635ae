"""Before a sheet is opened: sheets that wait for a person, and how often whose typing was wrong."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from lvdesk.fieldwork.keying_model import ErrorRate, KeyingWaiting
from ui.panes.base import Context
from ui.panes.fieldwork.keying_loading import KeyingServices
from ui.panes.fieldwork.keying_rates import RatesCard
from ui.panes.fieldwork.keying_words import WAITING_COLUMNS, waiting_line
from ui.panes.fieldwork.listing import Listing
from ui.parts import card, column, label, row
from ui.widgets.data_table import DataTable, EmptyText
from ui.widgets.state_view import StateView

_NONE = EmptyText("check", "没有等待录入的表单", "收回的纸表单，扫码或输入编号即可录入")
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
        self.rows, self.rates = Listing(WAITING_COLUMNS), RatesCard()
        self.table = DataTable("fieldwork.keying", context.jobs, context.workspace.settings, name="待录表单", bar_apart=True)
        self.table.model.editing = False
        self.table.set_marked_levels(frozenset())
        self.table.told.connect(context.notices.success)
        self.table.failed.connect(context.notices.show)
        self.state = StateView()
        self.state.loading()
        self._pages = QStackedWidget()
        self._lay_out()
        self.table.opened.connect(self._open)
        self.table.set_source(self.rows, empty=_NONE)

    def refresh(self) -> None:
        """Reads what waits again."""
        self._asked += 1
        asked = self._asked

        def take(read: Read) -> None:
            if asked != self._asked:
                return
            self.waiting, rates = read
            self.rows.fill(waiting_line(each) for each in self.waiting)
            self.rates.show_rates(rates)
            self.table.reload()
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
        waiting = QWidget()
        head = row(label("待录表单", "h2"), self.table.bar, gap=10)
        head.setStretch(1, 1)
        column(head, self.table, parent=waiting, gap=8).setStretch(1, 1)
        both = QWidget()
        row(waiting, self.rates, parent=both, gap=12).setStretch(0, 1)
        before = card()
        column(self.state, parent=before, gap=0, margin=1)
        self._pages.addWidget(before)
        self._pages.addWidget(both)
        column(self._pages, parent=self, gap=0)
