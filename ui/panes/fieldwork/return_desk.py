"""The return desk: whatever comes back is dropped here; at once it says what differs and what waits."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QKeyEvent
from PySide6.QtWidgets import QPushButton, QSizePolicy, QStackedWidget, QWidget

from lvdesk.fieldwork.return_model import Returned
from lvdesk.kit.progress import Snapshot
from lvdesk.network.changed import Changed
from ui.notices import Offer
from ui.panes.base import Context
from ui.panes.fieldwork.return_differences import DifferencesView
from ui.panes.fieldwork.return_files import Choosing, Strip, Taking, pick
from ui.panes.fieldwork.return_list import ReturnedFiles
from ui.panes.fieldwork.return_loading import Incoming, PackageChoice
from ui.panes.fieldwork.return_queue import ReturnQueue
from ui.panes.fieldwork.return_words import headline, level_of, story
from ui.parts import column, restyle, row
from ui.widgets.banner import Banner
from ui.widgets.drop_zone import DropZone
from ui.widgets.segmented import Segmented

DIFFERENCES, QUEUE, FILES = "differences", "queue", "files"
View = DifferencesView | ReturnQueue | ReturnedFiles
TABS = ((DIFFERENCES, "差异"), (QUEUE, "待处理"), (FILES, "本次文件"))


class ReturnDesk(QWidget):
    """Signals: package_asked(number), sheet_asked(number, second), counted(): ``waiting`` is another.

    Attributes:
        head: tabs and what files belong to, for the line above the views.
        done: the last return of this session.
    """

    package_asked = Signal(str)
    sheet_asked = Signal(str, bool)
    counted = Signal()

    def __init__(self, context: Context, incoming: Incoming) -> None:
        super().__init__()
        services = incoming.returns
        self._context, self._services = context, services
        self.done: Returned | None = None
        self._open: int | None = None
        self._waiting: int | None = None
        self.tabs = Segmented(TABS[:2], name="回收结果")
        self.tabs.setToolTip("差异 Alt+6，待处理 Alt+7，本次文件 Alt+8")
        self.choosing = Choosing(context.workspace.settings)
        self.taking = Taking(context, services, self)
        self.drop = DropZone(
            "把现场收回的东西拖到这里", "采录结果工作簿、表单扫描件、现场照片，或它们所在的文件夹，可以混在一起；同样的文件不会重复计入",
            ("选择文件…  Ctrl+I", self.pick_files), ("选择文件夹…  Ctrl+Shift+O", self.pick_folder),
        )  # fmt: skip
        self.strip = Strip(self.pick_files, self.pick_folder, self.taking.cancel)
        self.banner = Banner()
        self.differences = DifferencesView(context, services)
        self.queue = ReturnQueue(context, incoming)
        self.files = ReturnedFiles(context, self.taking.again)
        self._tabs, self._whole = QStackedWidget(), QStackedWidget()
        self._views: dict[str, DifferencesView | ReturnQueue | ReturnedFiles] = {
            DIFFERENCES: self.differences,
            QUEUE: self.queue,
            FILES: self.files,
        }
        self.setAcceptDrops(True)
        self._lay_out()
        self._connect()

    @property
    def waiting(self) -> int:
        """How many things of what came back wait for a person, as far as known."""
        return self._waiting or 0

    def refresh(self) -> None:
        """Reads again what is shown."""
        self._context.jobs.read(self._services.packages, self._take_packages, lambda _error: None)
        self.differences.refresh()
        self.queue.refresh()

    def start(self) -> None:
        """Puts the keyboard on what is shown."""
        if self._whole.currentWidget() is self.drop:
            self.drop.findChildren(QPushButton)[0].setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._views[self.tabs.current()].start()

    def show_tab(self, key: str) -> None:
        """Turns to the differences, to what waits, or to the files of the last return."""
        if key == FILES and self.done is None:
            return
        self.tabs.select(key)
        self._tabs.setCurrentWidget(self._views[key])
        if self._whole.currentWidget() is self.drop and key != DIFFERENCES:
            self._whole.setCurrentIndex(1)
        self._show_strip()
        self._views[key].start()

    def take(self, paths: Sequence[Path]) -> None:
        """Takes files and folders back."""
        if paths:
            self.taking.take(self.choosing.request(paths))

    def pick_files(self) -> None:
        """Asks for files."""
        pick(self._context, self, self.take)

    def pick_folder(self) -> None:
        """Asks for a folder."""
        pick(self._context, self, self.take, folder=True)

    # files dropped anywhere on the desk

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self._over(on=True)

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self._over(on=False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._over(on=False)
        event.acceptProposedAction()
        self.take([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.taking.busy:
            self.taking.cancel()
        else:
            super().keyPressEvent(event)

    def _over(self, *, on: bool) -> None:
        self.strip.setProperty("over", "true" if on else "false")
        restyle(self.strip)

    # what taking tells

    def _follow(self) -> None:
        if self.taking.busy:
            self._whole.setCurrentIndex(1)
            self.banner.hide()
            self.strip.show_busy("正在回收")
            self.differences.wait()
        else:
            self.strip.show_idle()
            self._show_whole()
        self._show_strip()

    def _progressed(self, snapshot: Snapshot) -> None:
        self.strip.show_progress(snapshot, self.taking.waiting)

    def _returned(self, done: Returned) -> None:
        self.done = done
        self.tabs.set_items(TABS)
        self.tabs.set_count(FILES, len(done.files))
        self._count_tabs()
        self.files.show_return(done)
        self.differences.show_return(done.differences)
        self._say(done)
        queued = done.pages_queued + done.photos_queued
        refused = any(file.status == "refused" for file in done.files)
        self.show_tab(DIFFERENCES if done.differences or not (queued or refused) else QUEUE if queued else FILES)

    def _say(self, done: Returned) -> None:
        offers: list[tuple[str, Callable[[], object]]] = []
        if any(file.status == "refused" for file in done.files) or done.suggestions:
            offers.append(("查看文件", lambda: self.show_tab(FILES)))
        if done.pages_queued or done.photos_queued:
            offers.append((f"去处理 {done.pages_queued + done.photos_queued:,} 项", lambda: self.show_tab(QUEUE)))
        if done.steps:
            offers.append(("撤销这次回收", lambda: self._undo(done.steps)))
        offers.append(("知道了", self.banner.hide))
        self.banner.say(level_of(done), headline(done), story(done), *offers)

    def _undo(self, steps: tuple[int, ...]) -> None:
        def done(changed: Changed) -> None:
            again = Offer("重做", lambda: self._context.actions.trigger("edit.redo"))
            self._context.notices.success("已撤销这次回收", offer=again if len(steps) == 1 else None)
            self.done = None
            self.banner.hide()
            self.tabs.set_items(TABS[:2])
            self.differences.show_return(())
            self.show_tab(DIFFERENCES)
            self._context.bus.tell(changed | Changed.RETURNS)

        self._context.jobs.run(
            "正在撤销回收",
            lambda progress: self._services.undo(steps) | self._services.recount(progress),
            done=done,
            failed=lambda error: self._context.notices.show(error, "没有撤销"),
        )

    def _stopped(self) -> None:
        self.banner.say(
            "info", "已停止回收", "已收下的保留，没有收下的没有留下痕迹；再回收同样的文件会接着收", ("接着回收", self.taking.again),
            ("知道了", self.banner.hide),
        )  # fmt: skip
        self.refresh()

    def _failed(self, error: Exception) -> None:
        what = getattr(error, "message", "") or f"回收时出错（{type(error).__name__}）"
        hint = getattr(error, "hint", "") or "已收下的保留；请再回收一次"
        self.banner.say("error", what, hint, ("再回收一次", self.taking.again), ("知道了", self.banner.hide))
        self.refresh()

    # what is known

    def _take_packages(self, packages: Sequence[PackageChoice]) -> None:
        self.choosing.show_packages(packages)

    def _count_differences(self, count: int | None) -> None:
        self._open = count
        self._show_whole()

    def _count_waiting(self, count: int | None) -> None:
        self._waiting = count
        self._show_whole()
        self.counted.emit()

    def _count_tabs(self) -> None:
        self.tabs.set_count(DIFFERENCES, self._open)
        self.tabs.set_count(QUEUE, self._waiting)

    def _show_whole(self) -> None:
        """The large place to drop files as long as there is nothing else to show."""
        self._count_tabs()
        nothing = self._open == 0 and not self._waiting and self.done is None and not self.taking.busy and self.banner.isHidden()
        if nothing and self.tabs.current() == DIFFERENCES:
            self._whole.setCurrentWidget(self.drop)
        elif not nothing:
            self._whole.setCurrentIndex(1)

    def _show_strip(self) -> None:
        """What waits gets all the room; files can be dropped on it all the same."""
        self.strip.setVisible(self.taking.busy or self.tabs.current() != QUEUE)

    def _lay_out(self) -> None:
        self.head = QWidget()
        self.tabs.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        row(self.tabs, None, self.choosing, parent=self.head, gap=8)
        for view in self._views.values():
            self._tabs.addWidget(view)
        work = QWidget()
        column(self.strip, self.banner, self._tabs, parent=work, gap=8).setStretch(2, 1)
        self._whole.addWidget(self.drop)
        self._whole.addWidget(work)
        self._whole.setCurrentIndex(1)
        column(self._whole, parent=self, gap=0)

    def _connect(self) -> None:
        self.tabs.chosen.connect(self.show_tab)
        self.drop.dropped.connect(self.take)
        self.taking.changed.connect(self._follow)
        self.taking.progressed.connect(self._progressed)
        self.taking.done.connect(self._returned)
        self.taking.stopped.connect(self._stopped)
        self.taking.failed.connect(self._failed)
        self.differences.counted.connect(self._count_differences)
        self.differences.package_asked.connect(self.package_asked)
        self.differences.files_asked.connect(self.pick_files)
        self.queue.counted.connect(self._count_waiting)
        self.queue.sheet_asked.connect(self.sheet_asked)
        self.files.queue_asked.connect(lambda: self.show_tab(QUEUE))
        self.files.ledger_asked.connect(lambda entity, key: self._context.navigate("ledger", (entity, key)))
