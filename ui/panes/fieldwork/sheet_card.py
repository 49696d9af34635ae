"""The selected sheet as it is printed, where it stands, and what can be done with it and the others selected."""

from collections.abc import Sequence
from datetime import date
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QPushButton, QStackedWidget, QWidget

from lvdesk.fieldwork.model import SHEET_STATES, SheetState, SheetView
from lvdesk.kit.page import Page
from ui.moments import said
from ui.panes.base import Context
from ui.panes.fieldwork.loading import Services
from ui.panes.fieldwork.words import SHEET_LEVELS
from ui.parts import button, chip, column, label, restyle, row
from ui.printing.preview import WHOLE, WIDTH, PagePreview
from ui.widgets.segmented import Segmented
from ui.widgets.state_view import StateView

BACK, MISSING, FOUND, AGAIN, PDF, REPLACE = "back", "missing", "found", "print", "pdf", "replace"
DEEDS = (
    (BACK, "标记收回", "inbox"), (MISSING, "遗失…", "warning"), (FOUND, "找到", "search"), (AGAIN, "重新打印…", "print"),
    (PDF, "导出 PDF…", "export"), (REPLACE, "换新编号…", "refresh"),
)  # fmt: skip
_LIVE = frozenset(SheetState) - {SheetState.REPLACED}
ALLOWED = {
    BACK: frozenset({SheetState.OUT, SheetState.MISSING}),
    MISSING: frozenset({SheetState.PRINTED, SheetState.OUT, SheetState.BACK}),
    FOUND: frozenset({SheetState.MISSING, SheetState.BACK}),
    AGAIN: _LIVE,
    PDF: _LIVE,
    REPLACE: frozenset({SheetState.PRINTED, SheetState.OUT, SheetState.MISSING}),
}
"""In which states of a sheet something can be done with it."""


class SheetCard(QFrame):
    """Signals: asked(what is to be done), package_asked(number).

    Attributes:
        sheet: the one shown.
        preview: its page.
    """

    asked = Signal(str)
    package_asked = Signal(str)

    def __init__(self, context: Context, services: Services) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self._context, self._services = context, services
        self._asked = 0
        self._shown = ""
        self.sheet: SheetView | None = None
        self.title = label("", "h2")
        self.chip = chip("")
        self.where = label("", "muted", wrap=True)
        self.changed = label("", wrap=True)
        self.changed.setProperty("ink", "error")
        self.package = button("", self._open_package, "link", "clipboard", name="打开任务包")
        self.buttons: dict[str, QPushButton] = {
            key: button(title, partial(self.asked.emit, key), "", icon, name=title) for key, title, icon in DEEDS
        }
        self.preview = PagePreview()
        self._paper = QWidget()
        self.state = StateView()
        self._pages = QStackedWidget()
        self._pages.addWidget(self.state)
        self._pages.addWidget(self._paper)
        self.zooms = Segmented([(WHOLE, "整页"), (WIDTH, "适合宽度"), ("1", "实际大小")], name="预览大小")
        self.zooms.chosen.connect(lambda key: self.preview.set_zoom(1.0 if key == "1" else key))
        self._head = QWidget()
        self._lay_out()
        self.show_sheet(None, ())

    def show_sheet(self, sheet: SheetView | None, selected: Sequence[SheetView]) -> None:
        """Shows one; ``selected`` are those the buttons are about."""
        self.sheet = sheet
        self._head.setVisible(sheet is not None)
        for key, each in self.buttons.items():
            each.setEnabled(any(one.state in ALLOWED[key] for one in selected))
        if sheet is None:
            self._shown = ""
            self._asked += 1
            self.state.say("file", "没有选中表单", "在表中选一张，这里按打印的样子显示")
            self._pages.setCurrentIndex(0)
            return
        found = "改回在外" if sheet.state is SheetState.BACK else "找到"
        self.buttons[FOUND].setText(found)
        self.buttons[FOUND].setAccessibleName(found)
        self.title.setText(sheet.sheet_no)
        self.chip.setText(SHEET_STATES[sheet.state])
        self.chip.setProperty("chip", SHEET_LEVELS[sheet.state])
        restyle(self.chip)
        self.where.setText(_where(sheet, self._context.workspace.clock().date(), len(selected)))
        self.changed.setText("打印之后台账有变，建议换新编号重新打印")
        self.changed.setVisible(sheet.changed_since)
        self.package.setText(sheet.package_no)
        self.package.setAccessibleName(f"打开任务包 {sheet.package_no}")
        key = f"{sheet.sheet_no} {sheet.copies} {sheet.state} {sheet.changed_since}"
        if key != self._shown:
            if not self._shown.startswith(f"{sheet.sheet_no} "):
                self.preview.set_pages(0, _no_page, empty="正在读取表单")  # never another sheet's page under this number
            self._shown = key
            self._read(sheet)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setSpacing(6)
        for place, each in enumerate(self.buttons.values()):
            grid.addWidget(each, place // 3, place % 3)
        head = row(self.title, self.chip, None, self.package, gap=8)
        zoom = row(self.zooms, gap=6)
        zoom.setContentsMargins(14, 0, 12, 8)
        column(zoom, self.preview, parent=self._paper, gap=0).setStretch(1, 1)
        self.preview.set_zoom(WHOLE)
        inside = column(head, self.where, self.changed, grid, parent=self._head, gap=6)
        inside.setContentsMargins(14, 12, 12, 8)
        column(self._head, self._pages, parent=self, gap=0, margin=1).setStretch(1, 1)
        for part in (self.title, self.where):
            part.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def _read(self, sheet: SheetView) -> None:
        self._asked += 1
        asked = self._asked

        def take(page: Page) -> None:
            if asked == self._asked:
                self.preview.set_pages(1, lambda _number: page)
                self._pages.setCurrentIndex(1)

        def fail(error: Exception) -> None:
            if asked == self._asked:
                what = getattr(error, "message", "") or "不能显示这张表单"
                self.state.say("error", what, getattr(error, "hint", ""), ("重试", lambda: self._read(sheet)), level="error")
                self._pages.setCurrentIndex(0)

        if self._pages.currentIndex() == 0:
            self.state.loading()
        self._context.jobs.read(lambda: self._services.page(sheet.sheet_no, sheet.package_no), take, fail)

    def _open_package(self) -> None:
        if self.sheet is not None:
            self.package_asked.emit(self.sheet.package_no)


def _no_page(_number: int) -> Page:
    return Page(297, 210, ())


def _where(sheet: SheetView, today: date, selected: int) -> str:
    parts = [f"{sheet.form_title} · 第 {sheet.page} 页，共 {sheet.pages} 页"]
    parts += [f"打印 {said(sheet.printed_at, today)} {sheet.printed_by}，{sheet.copies} 份"] if sheet.printed_at else ["还没有打印"]
    parts += [f"收回 {said(sheet.back_at, today)}"] if sheet.back_at else []
    parts += [f"已换成 {sheet.replaced_by}"] if sheet.replaced_by else []
    parts += [sheet.reason] if sheet.reason else []
    parts += [f"下面的操作用于选中的 {selected:,} 张"] if selected > 1 else []
    return " · ".join(parts)
