"""The archive: the packages that left, and everything about the chosen one beside them."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFileDialog, QSplitter, QStackedWidget, QWidget

from ui.files import open_folder
from ui.models.source import ListSource
from ui.notices import Offer
from ui.panes.base import Context
from ui.panes.export.loading import Archive, Services
from ui.panes.export.memory import Memory
from ui.panes.export.package_card import PackageCard
from ui.panes.export.words import PACKAGE_COLUMNS, package_row
from ui.parts import card, column
from ui.widgets.data_table import DataTable
from ui.widgets.state_view import StateView

if TYPE_CHECKING:
    from lvdesk.exchange.packages import PackageView

_REST_MS = 60


class PackagesView(QWidget):
    """Signals: issue_asked: to the export, history_asked, counted(how many)."""

    issue_asked = Signal()
    history_asked = Signal()
    counted = Signal(int)

    def __init__(self, context: Context, services: Services, memory: Memory) -> None:
        super().__init__()
        self._context, self._services, self._memory = context, services, memory
        self.archive: Archive | None = None
        self._asked = 0
        self._wanted = ""
        self._start = False
        self.table = DataTable("export.packages", context.jobs, context.workspace.settings, name="导出包", bar_apart=True)
        self.table.model.editing = False
        self.table.set_marked_levels(frozenset())
        self.card = PackageCard(context.workspace.clock().date())
        self.state = StateView()
        self.state.loading()
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._look)
        self._lay_out()
        self._connect()

    def refresh(self) -> None:
        """Reads the packages again."""
        self._asked += 1
        asked, today = self._asked, self._context.workspace.clock().date()

        def read() -> tuple[Archive, ListSource]:
            archive = self._services.archive()
            return archive, ListSource(PACKAGE_COLUMNS, [package_row(view, today) for view in archive.packages])

        def take(found: tuple[Archive, ListSource]) -> None:
            if asked == self._asked:
                self._take(*found)

        def fail(error: Exception) -> None:
            if asked == self._asked:
                self._failed(error)

        self._context.jobs.read(read, take, fail)

    def start(self) -> None:
        """Puts the keyboard where work begins."""
        self._start = True
        self._look()

    def show_package(self, number: str) -> None:
        """Goes to a package, now or when it is listed."""
        self._wanted = number
        self._go()

    def current(self) -> "PackageView | None":
        """The chosen package."""
        identity = self.table.current_id()
        return next((view for view in self._packages() if view.id == identity), None)

    def open_folder(self) -> None:
        """Shows where the chosen package lies."""
        view = self.current()
        if view is not None and view.folder is not None:
            open_folder(view.folder)

    def ask_copy(self) -> None:
        """Asks where a copy of the chosen package goes."""
        view = self.current()
        if view is None or view.folder is None:
            return
        dialog = QFileDialog(self, f"把 {view.number} 另存到", self._memory.folder())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.filesSelected.connect(lambda names: self.copy_to(view.number, Path(names[0])))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def copy_to(self, number: str, folder: Path) -> None:
        """Copies a package, its files compared with the manifest before."""
        self._memory.keep_folder(folder)

        def done(place: Path) -> None:
            offer = Offer("打开文件夹", partial(open_folder, place))
            self._context.notices.success(f"已另存 {number}", f"文件与导出时一致：{place}", offer=offer)

        self._context.jobs.run(
            f"正在另存 {number}",
            lambda progress: self._services.hand_out(number, folder, progress),
            writes=False,
            done=done,
            failed=lambda error: self._context.notices.show(error, f"{number} 没有另存", retry=partial(self.copy_to, number, folder)),
        )

    def _lay_out(self) -> None:
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setHandleWidth(12)
        split.setChildrenCollapsible(False)
        for part, least in ((self.table, 420), (self.card, 320)):
            part.setMinimumWidth(least)
            split.addWidget(part)
        split.setStretchFactor(0, 1)
        split.setSizes([764, 346])
        waiting = card()
        column(self.state, parent=waiting, gap=0, margin=1)
        self._pages = QStackedWidget()
        self._pages.addWidget(waiting)
        self._pages.addWidget(split)
        column(self._pages, parent=self, gap=0)

    def _connect(self) -> None:
        self.table.current_changed.connect(lambda _number: self._rest.start())
        self.table.model.state_changed.connect(self._rest.start)
        self.table.opened.connect(lambda _number: self.open_folder())
        self.table.failed.connect(self._context.notices.show)
        self.table.told.connect(self._context.notices.success)
        self.card.folder_asked.connect(self.open_folder)
        self.card.copy_asked.connect(self.ask_copy)
        self.card.previous_asked.connect(self.show_package)
        self.card.history_asked.connect(self.history_asked)
        self.card.copied.connect(self._context.notices.success)

    def _packages(self) -> "Sequence[PackageView]":
        return self.archive.packages if self.archive is not None else ()

    def _take(self, archive: Archive, source: ListSource) -> None:
        wanted = self._wanted or next((view.number for view in (self.current(),) if view is not None), "")
        self.archive = archive
        self.counted.emit(len(archive.packages))
        if not archive.packages:
            self.state.say(
                "archive", "还没有导出过", "导出的每一包都留在这里：清单、校验值、与上一包的差异，随时可以再取一份",
                ("去导出", self.issue_asked.emit),
            )  # fmt: skip
            self._pages.setCurrentIndex(0)
            return
        self._pages.setCurrentIndex(1)
        self.table.set_source(source)
        self._wanted = wanted
        self._go()

    def _go(self) -> None:
        found = next((view.id for view in self._packages() if view.number == self._wanted), None)
        if found is not None:
            self._wanted = ""
            self.table.clear_filters()
            self.table.go_to(found)

    def _look(self) -> None:
        view = self.current()
        if view is None or self.archive is None:
            self.card.clear()
        elif self.card.view is not view:
            self.card.show_package(view, self.archive)
        if self._start and self.table.model.rowCount():
            self._start = False
            self.table.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _failed(self, error: Exception) -> None:
        if self.archive is not None:
            self._context.notices.show(error, "没有读到导出包", retry=self.refresh)
            return
        what, hint = getattr(error, "message", "") or "读取导出包时出错", getattr(error, "hint", "") or "请重试"
        self.state.say("error", what, hint, ("重试", self.refresh), level="error")
        self._pages.setCurrentIndex(0)
