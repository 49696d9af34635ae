"""Scanned pages nobody could read: the page, why, and the line for its number."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QLineEdit, QSplitter, QStackedWidget, QWidget

from lvdesk.fieldwork.scan_model import ScannedPageView
from lvdesk.kit.progress import Progress
from lvdesk.network.changed import Changed
from ui.notices import Offer
from ui.panes.base import Context
from ui.panes.fieldwork.asking import SAMPLE, Asking, Extent, Question
from ui.panes.fieldwork.listing import Listing
from ui.panes.fieldwork.return_latest import Latest
from ui.panes.fieldwork.return_loading import ReturnServices
from ui.panes.fieldwork.return_words import PAGE_COLUMNS, page_line
from ui.parts import button, card, clearable, column, label, row
from ui.theme.icons import icon
from ui.widgets.data_table import DataTable
from ui.widgets.picture_view import PictureView
from ui.widgets.state_view import StateView

_REST_MS = 60
_ONE_BY_ONE = "；撤销一次恢复一页"
_REASONS = ("不是采录表单", "空白页", "重复扫描", "重扫了更清楚的")


class UnreadPages(QWidget):
    """Signals: counted(how many, None while unknown).

    Attributes:
        pages: those that wait; None before they were read.
    """

    counted = Signal(object)

    def __init__(self, context: Context, services: ReturnServices) -> None:
        super().__init__()
        self._context, self._services = context, services
        self._latest, self._pictures = Latest(context.jobs), Latest(context.jobs)
        self.pages: Sequence[ScannedPageView] | None = None
        self._shown: int | None = None
        self._today = context.workspace.clock().date()
        self.rows = Listing(PAGE_COLUMNS)
        self.table = DataTable("fieldwork.unread", context.jobs, context.workspace.settings, name="没有识别的页")
        self.table.model.editing = False
        self.table.set_marked_levels(frozenset())
        self.picture = PictureView("扫描的页")
        self.why, self.hint = label("", "h2", wrap=True), label("", "muted", wrap=True)
        self.number = clearable(QLineEdit())
        self.number.setPlaceholderText("输入或扫描纸上的表单编号，按 Enter")
        self.number.setAccessibleName("这一页的表单编号")
        self.number.addAction(QAction(icon("barcode"), "扫码", self.number), QLineEdit.ActionPosition.LeadingPosition)
        self.name = button("认定编号", self.name_page, "primary", "check")
        self.drop = button("移出…  Delete", self.ask_drop, icon_name="trash", name="移出选中的页")
        self.question: Asking | None = None
        self.state = StateView()
        self.state.loading()
        self._pages = QStackedWidget()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._look)
        self._lay_out()
        self._connect()
        self.table.set_source(self.rows)

    def refresh(self) -> None:
        """Reads again what waits."""
        self._latest.read(self._services.pages, self._take, self._failed)

    def start(self) -> None:
        """Puts the keyboard on the line for the number, where there is a page."""
        if self.pages:
            self.number.setFocus(Qt.FocusReason.OtherFocusReason)

    def current(self) -> ScannedPageView | None:
        """The page looked at."""
        return next(iter(self._of([self.table.current_id()])), None) if self.table.model.ids else None

    def selected(self) -> list[ScannedPageView]:
        """The selected pages, else the current one."""
        return self._of(self.table.selected_ids() or [self.table.current_id()])

    def name_page(self) -> None:
        """Says that the current page is the sheet with the typed number."""
        page, said = self.current(), self.number.text().strip()
        if page is None or not said:
            self.number.setFocus(Qt.FocusReason.OtherFocusReason)
            return

        def work(progress: Progress) -> tuple[str, Changed]:
            number = self._services.sheet_no(said)
            return number, self._services.name_page(page.id, number, progress)

        def done(told: tuple[str, Changed]) -> None:
            self.number.clear()
            self._told(f"{page.name} 第 {page.page} 页已认定为 {told[0]}", told[1])

        def fail(error: Exception) -> None:
            self.number.selectAll()
            self._context.notices.show(error, "这一页没有认定")

        self._context.jobs.run(f"正在读取 {page.name} 第 {page.page} 页", work, done=done, failed=fail)

    def ask_drop(self) -> None:
        """Asks why the selected pages need nothing."""
        pages = self.selected()
        if not pages:
            return
        lines = tuple(f"{page.name} 第 {page.page} 页　{page.why}" for page in pages[:SAMPLE])
        extent = Extent("chosen", "选中的", tuple(str(page.id) for page in pages), "", lines)
        said = "不是采录表单的页移出待处理；图像和原文件保留，可以撤销。"
        self.question = Asking(self, Question("移出扫描页", "移出", "页", (extent,), said, "原因", needed=True, reasons=_REASONS))
        self.question.agreed.connect(lambda keys, reason: self._drop([int(key) for key in keys], reason))
        self.question.open()

    def _drop(self, pages: Sequence[int], reason: str) -> None:
        def work(progress: Progress) -> Changed:
            changed = Changed.NOTHING
            progress.start("正在移出待处理", len(pages), "页")
            for page in pages:
                progress.check()
                changed |= self._services.drop_page(page, reason)
                progress.step()
            return changed

        job = self._context.jobs.run(
            f"正在移出 {len(pages):,} 页",
            work,
            done=lambda changed: self._told(f"{len(pages):,} 页已移出：{reason}{_ONE_BY_ONE * (len(pages) > 1)}", changed),
            failed=lambda error: self._context.notices.show(error, "没有移出"),
        )
        job.cancelled.connect(lambda: self._context.bus.tell(Changed.RETURNS | Changed.HISTORY))

    def _told(self, said: str, changed: Changed) -> None:
        self._context.notices.success(said, offer=Offer("撤销", lambda: self._context.actions.trigger("edit.undo")))
        self._context.bus.tell(changed | Changed.RETURNS)

    def _take(self, pages: Sequence[ScannedPageView]) -> None:
        self.pages = pages
        self.counted.emit(len(pages))
        if not pages:
            self.state.say("check", "没有未识别的页", "扫描件里认不出编号的页排在这里，输入编号就能读")
        self.rows.fill(page_line(each, self._today) for each in pages)
        self.table.reload()
        self._pages.setCurrentIndex(1 if pages else 0)

    def _failed(self, error: Exception) -> None:
        if self.pages is None:
            self.counted.emit(None)
            what = getattr(error, "message", "") or "读取扫描的页时出错"
            self.state.say("error", what, getattr(error, "hint", "") or "请重试", ("重试", self.refresh), level="error")
        else:
            self._context.notices.show(error, "没有读到扫描的页", retry=self.refresh)

    def _look(self) -> None:
        page = self.current()
        for part in (self.number, self.name, self.drop):
            part.setEnabled(page is not None)
        if page is None or page.id == self._shown:
            return
        self._shown = page.id
        self.why.setText(page.why or "没有识别")
        self.hint.setText(page.hint or "请照图上的字输入表单编号")
        self.number.setText(page.sheet_no)
        self.picture.say("正在读取图像")
        self._pictures.read(
            lambda: self._services.page_picture(page.id),
            self.picture.show_bytes,
            lambda error: self.picture.say(getattr(error, "message", "") or "图像没有读到"),
        )

    def _of(self, numbers: Sequence[int | None]) -> list[ScannedPageView]:
        found = {str(page.id): page for page in self.pages or ()}
        return [found[key] for number in numbers if (key := self.rows.key_of(number)) in found]

    def _lay_out(self) -> None:
        aside = QFrame()
        aside.setProperty("card", "true")
        line = row(self.number, self.name, gap=8)
        line.setStretch(0, 1)
        inside = column(self.why, self.hint, self.picture, line, row(self.drop, None), parent=aside, gap=8)
        inside.setContentsMargins(14, 12, 14, 12)
        inside.setStretch(2, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setHandleWidth(12)
        split.setChildrenCollapsible(False)
        for part, least in ((self.table, 360), (aside, 360)):
            part.setMinimumWidth(least)
            split.addWidget(part)
        split.setStretchFactor(0, 1)
        split.setStretchFactor(1, 1)
        split.setSizes([540, 560])
        waiting = card()
        column(self.state, parent=waiting, gap=0, margin=1)
        self._pages.addWidget(waiting)
        self._pages.addWidget(split)
        column(self._pages, parent=self, gap=0)

    def _connect(self) -> None:
        delete = QAction(self)
        delete.setShortcut(Qt.Key.Key_Delete)
        delete.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        delete.triggered.connect(self.ask_drop)
        self.table.view.addAction(delete)
        self.number.returnPressed.connect(self.name_page)
        self.table.current_changed.connect(lambda _number: self._rest.start())
        self.table.model.state_changed.connect(self._rest.start)
        self.table.opened.connect(lambda _number: self.number.setFocus(Qt.FocusReason.OtherFocusReason))
        self.table.failed.connect(self._context.notices.show)
        self.table.told.connect(self._context.notices.success)
