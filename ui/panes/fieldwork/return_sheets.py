"""Sheets that wait to be typed, for the first or, blindly, for the second time."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget, QWidget

from lvdesk.fieldwork.keying_model import KeyingWaiting
from ui.panes.base import Context
from ui.panes.fieldwork.listing import Listing
from ui.panes.fieldwork.return_latest import Latest
from ui.panes.fieldwork.return_loading import ReturnServices
from ui.panes.fieldwork.return_words import KEYING_COLUMNS, SECOND, keying_line
from ui.parts import button, card, column
from ui.widgets.data_table import DataTable
from ui.widgets.state_view import StateView


class WaitingSheets(QWidget):
    """Signals: sheet_asked(number, second), counted(how many, None while unknown).

    Attributes:
        sheets: those that wait; None before they were read.
    """

    sheet_asked = Signal(str, bool)
    counted = Signal(object)

    def __init__(self, context: Context, services: ReturnServices) -> None:
        super().__init__()
        self._context, self._services = context, services
        self._latest = Latest(context.jobs)
        self.sheets: Sequence[KeyingWaiting] | None = None
        self._today = context.workspace.clock().date()
        self.rows = Listing(KEYING_COLUMNS)
        self.table = DataTable("fieldwork.waiting_sheets", context.jobs, context.workspace.settings, name="等待录入的表单")
        self.table.model.editing = False
        self.table.set_marked_levels(frozenset())
        self.key = button("录入这张  Enter", self.open, "primary", "keyboard", name="录入这张表单")
        self.table.bar.slot.addWidget(self.key)
        self.state = StateView()
        self.state.loading()
        self._pages = QStackedWidget()
        waiting = card()
        column(self.state, parent=waiting, gap=0, margin=1)
        self._pages.addWidget(waiting)
        self._pages.addWidget(self.table)
        column(self._pages, parent=self, gap=0)
        self.table.opened.connect(lambda _number: self.open())
        self.table.failed.connect(context.notices.show)
        self.table.told.connect(context.notices.success)
        self.table.set_source(self.rows)

    def refresh(self) -> None:
        """Reads again what waits."""
        self._latest.read(self._services.keying, self._take, self._failed)

    def start(self) -> None:
        """Puts the keyboard on the list."""
        self.table.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def open(self) -> None:
        """Goes on to type the current sheet."""
        kind, _bar, number = self.rows.key_of(self.table.current_id()).partition("|")
        if number:
            self.sheet_asked.emit(number, kind == SECOND)

    def _take(self, sheets: Sequence[KeyingWaiting]) -> None:
        self.sheets = sheets
        self.counted.emit(len(sheets))
        if not sheets:
            self.state.say("check", "没有等待录入的表单", "收回的纸表单扫描之后，或在“录入”里输过一半的，列在这里")
        self.rows.fill(keying_line(each, self._today) for each in sheets)
        self.table.reload()
        self._pages.setCurrentIndex(1 if sheets else 0)

    def _failed(self, error: Exception) -> None:
        if self.sheets is None:
            self.counted.emit(None)
            what = getattr(error, "message", "") or "读取待录表单时出错"
            self.state.say("error", what, getattr(error, "hint", "") or "请重试", ("重试", self.refresh), level="error")
        else:
            self._context.notices.show(error, "没有读到待录表单", retry=self.refresh)
