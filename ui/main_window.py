"""The window: rail, top bar, notices, the pane, status bar; it only joins them."""

import base64
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDragLeaveEvent, QDropEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QMainWindow, QVBoxLayout, QWidget

from lvdesk.kit.settings import Settings
from lvdesk.network.changed import Changed
from ui.actions import Action, Actions
from ui.bus import Bus
from ui.desk_people import DeskPeople
from ui.files import has_pictures, pick_files, table_files
from ui.jobs import Jobs
from ui.moments import said
from ui.navigation import Rail
from ui.notice_bar import NoticeBar
from ui.notices import Notices, Offer
from ui.overlay import DropHint
from ui.pane_stack import PaneStack
from ui.panes.base import Context, Pane, key_of
from ui.parts import row
from ui.search_box import Choice, SearchBox
from ui.services import StationServices
from ui.settings_dialog import SettingsDialog
from ui.shortcut_sheet import ShortcutSheet
from ui.status_bar import StatusBar
from ui.top_bar import TopBar
from ui.undoing import Undoing

if TYPE_CHECKING:
    from lvdesk.workspace import Workspace

_FRAME = QSize(16, 40)  # what a window manager draws around a window


class MainWindow(QMainWindow):
    """One workspace on screen.

    Attributes:
        files_dropped: files came in by drag and drop or by the file dialog: list of paths.
        closed: the window is gone and nothing runs any more.
    """

    files_dropped = Signal(list)
    closed = Signal()

    def __init__(
        self, workspace: "Workspace", panes: Sequence[type[Pane]], settings: Settings, services: StationServices | None = None
    ) -> None:
        super().__init__()
        self.workspace, self._settings = workspace, settings
        self._services = services or StationServices(workspace)
        self.jobs, self.notices, self.bus, self.commands = Jobs(self), Notices(self), Bus(self), Actions(self)
        self._leaving = False
        self.undoing = Undoing(self, self.commands, self.jobs, self.notices, self.bus, self._services)
        self.people = DeskPeople(self, workspace, settings, self.jobs, self.bus, self._name)
        self._register()
        context = Context(workspace, self.jobs, self.notices, self.bus, self.commands, self.navigate)
        self.stack = PaneStack(panes, context)
        self._build(panes)
        self._listen()
        self._restore(panes)

    def _register(self) -> None:
        """The window's own commands; panes add theirs."""
        for action in (
            Action("search.open", "全局搜索", self._open_search, "Ctrl+K", "search", "通用"),
            Action("file.import", "导入台账文件…", self._pick, "Ctrl+O", "import", "通用"),
            Action("file.export", "导出…", lambda: self.navigate("export", "issue"), "Ctrl+E", "export", "通用"),
            Action("view.refresh", "刷新本页", self._refresh, "F5", "refresh", "通用"),
            Action("help.keys", "快捷键与帮助", self._open_sheet, "F1", "help", "通用"),
            Action("notice.dismiss", "关闭最近的提示", self.notices.dismiss, "Shift+Esc", "close", "通用"),
            Action("view.next_area", "在左侧栏、顶栏、页面之间切换", self._next_area, "F6", "sidebar", "移动"),
            Action("data.backup", "立即备份", self._backup, "Ctrl+Shift+B", "backup", "通用"),
            Action("window.settings", "设置", self._open_settings, "Ctrl+,", "settings", "通用"),
            Action("person.switch", "切换人员…", self.people.switch, "Ctrl+Shift+U", "user", "通用"),
            Action("person.manage", "人员与角色…", self.people.manage, "", "people", "通用"),
        ):
            self.commands.add(action, self)

    def _build(self, panes: Sequence[type[Pane]]) -> None:
        live = self.commands.qaction
        search, keys = live("search.open"), live("help.keys")
        assert search is not None and keys is not None  # noqa: S101, PT018 - registered just above
        self.rail = Rail(panes, self.workspace.title, self.workspace.person)
        self.top = TopBar(self.undoing.undo_action, self.undoing.redo_action, search, keys)
        self.status = StatusBar(self.jobs)
        right = QWidget()
        layout = QVBoxLayout(right)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.top)
        layout.addWidget(NoticeBar(self.notices))
        layout.addWidget(self.stack, 1)
        self._whole = whole = QWidget()
        row(self.rail, right, parent=whole, gap=0).setStretch(1, 1)
        self.setCentralWidget(whole)
        self.setStatusBar(self.status)
        self.search = SearchBox(whole, self.jobs, self._choices, self._services.search, self._reveal_record)
        self.sheet = ShortcutSheet(whole, self.commands)
        self.drop_hint = DropHint(whole)
        self.setAcceptDrops(True)
        for number, pane in enumerate(panes, 1):
            key = key_of(pane, number)
            self.commands.add(Action(f"pane.{pane.key}", f"打开{pane.title}", self._opener(pane.key), key, pane.icon, "页面"), self)

    def _listen(self) -> None:
        self.rail.chosen.connect(self.navigate)
        self.rail.user_clicked.connect(self._open_person_menu)
        self.stack.badge_changed.connect(self.rail.set_badge)
        self.bus.changed.connect(self._changed)
        self.jobs.unhandled.connect(lambda job, error: self.notices.show(error, f"{job.title}没有完成" if job.title else ""))
        self.files_dropped.connect(self._take_files)

    def _restore(self, panes: Sequence[type[Pane]]) -> None:
        self.resize(QSize(1440, 900).boundedTo(self.screen().availableSize() - _FRAME))
        self.setMinimumSize(880, 540)
        if saved := self._settings.get("geometry"):
            self.restoreGeometry(QByteArray(base64.b64decode(saved)))
        self._name()
        self.people.begin()
        keys = [pane.key for pane in panes]
        last = self._settings.get("pane", keys[0])
        self.navigate(last if last in keys else keys[0])
        self._follow_backup()

    def _name(self) -> None:
        title, person = self.workspace.title, self.workspace.person
        self.setWindowTitle(f"{title} — 营配网格工作台")
        self.rail.set_names(title, person, self.people.role)
        who = f"{person}（{self.people.role}）" if self.people.role else person
        self.status.set_place(title, str(self.workspace.folder), who)

    # --- pages -------------------------------------------------------------

    def navigate(self, key: str, target: object = None) -> None:
        """Shows a pane, built now if it never was, and lets it show ``target``."""
        if not self.stack.has(key):
            self.notices.info("这一页尚未启用")
            return
        pane = self.stack.bring(key)
        self.rail.select(key)
        self.top.set_page(pane.group, pane.title, self.workspace.title)
        self.top.set_buttons(self.stack.buttons(key))
        self._settings.set("pane", key)
        if target is not None:
            pane.reveal(target)

    def _opener(self, key: str) -> Callable[[], object]:
        return lambda: self.navigate(key)

    def _refresh(self) -> None:
        self.bus.tell(Changed.ALL)

    def _changed(self, changed: Changed) -> None:
        self.stack.changed(changed)
        if changed & Changed.SETTINGS:
            self._name()
        if changed & Changed.HISTORY:
            self._follow_backup()

    def _next_area(self) -> None:
        areas: list[QWidget] = [self.rail, self.top, self.stack]
        focus = QApplication.focusWidget()
        at = next((index for index, area in enumerate(areas) if focus is not None and area.isAncestorOf(focus)), 2)
        for step in range(1, 4):
            parts = areas[(at + step) % 3].findChildren(QWidget)
            inside = [part for part in parts if part.isVisible() and part.isEnabled() and part.focusPolicy() & Qt.FocusPolicy.TabFocus]
            if inside:
                inside[0].setFocus(Qt.FocusReason.TabFocusReason)
                return

    # --- search, sheet, settings --------------------------------------------

    def _choices(self) -> list[Choice]:
        return [
            Choice(live.text(), "页面" if action.group == "页面" else "命令", action.icon, live.trigger, action.id, action.shortcut)
            for action, live in self.commands.available()
            if action.id != "search.open"
        ]

    def _reveal_record(self, entity: str, key: str) -> None:
        takers = [pane.key for pane in self.stack.kinds() if pane.files]
        if takers:
            self.navigate(takers[0], (entity, key))

    def _open_search(self) -> None:
        self.sheet.close_card()
        self.search.show_box()

    def _open_sheet(self) -> None:
        self.search.close_card()
        self.sheet.show_sheet()

    def _open_person_menu(self) -> None:
        self.people.menu(self.rail.mapToGlobal(self.rail.rect().bottomRight()), self._open_settings)

    def _open_settings(self) -> None:
        SettingsDialog(self.workspace, self._settings, self.bus, self, fixed=self.people.registered).open()

    # --- backup ---------------------------------------------------------------

    def _backup(self) -> None:
        self.jobs.run("正在备份", lambda _progress: self._services.backup(), done=self._backed_up)

    def _backed_up(self, _info: object) -> None:
        self.notices.success("备份完成，已核验")
        self.bus.tell(Changed.HISTORY)

    def _follow_backup(self) -> None:
        self.jobs.read(self._services.last_backup, self._show_backup, lambda _error: self.status.set_backup("备份情况未知"))

    def _show_backup(self, at: str) -> None:
        self.status.set_backup(f"上次备份 {said(at, self.workspace.clock().date())}" if at else "尚未备份")

    # --- files ----------------------------------------------------------------

    def _pick(self) -> None:
        pick_files(self, self._settings, self.files_dropped.emit)

    def _take_files(self, paths: list[Path]) -> None:
        desks = [pane.key for pane in self.stack.kinds() if pane.pictures]
        if desks and has_pictures(paths):
            self.navigate(desks[0])
            self.stack.pane(desks[0]).accept_files(paths)
            return
        takers = [pane.key for pane in self.stack.kinds() if pane.files]
        files = table_files(paths)
        if not files:
            self.notices.warning("没有可导入的文件", "拖入的文件夹里没有表格文件", "请拖入 xlsx、xls、csv、ods 等文件")
        elif takers:
            self.navigate(takers[0])
            self.stack.pane(takers[0]).accept_files(files)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()
            self.drop_hint.cover(self.stack.rect().translated(self.stack.mapTo(self._whole, self.stack.rect().topLeft())))

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self.drop_hint.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self.drop_hint.hide()
        event.acceptProposedAction()
        self.files_dropped.emit([Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()])

    def showEvent(self, event: QShowEvent) -> None:
        """The keyboard starts on the page, not on the rail."""
        super().showEvent(event)
        if not event.spontaneous():
            self.stack.setFocus(Qt.FocusReason.OtherFocusReason)

    # --- leaving ----------------------------------------------------------------

    def closeEvent(self, event: QCloseEvent) -> None:
        running = self.jobs.running()
        if running:
            event.ignore()
            if not self._leaving:
                self._ask_to_leave(running[0].title)
            return
        self._settings.set("geometry", base64.b64encode(self.saveGeometry().data()).decode())
        self.jobs.close()
        event.accept()
        self.closed.emit()

    def _ask_to_leave(self, title: str) -> None:
        offers = (Offer("取消任务并关闭", self._leave), Offer("继续工作", lambda: None))
        self.notices.warning(f"{title}，还没有完成", "现在关闭会取消它，不会保存任何数据。", offers=offers)

    def _leave(self) -> None:
        self._leaving = True
        # queued: whoever hears that a job ended may still start a short read, which needs its threads
        self.jobs.changed.connect(self._leave_when_done, Qt.ConnectionType.QueuedConnection)
        self.jobs.cancel_all()
        self._leave_when_done()

    def _leave_when_done(self) -> None:
        if self._leaving and not self.jobs.running():
            self._leaving = False
            self.close()
