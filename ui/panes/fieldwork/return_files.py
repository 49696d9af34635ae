"""Where files are handed in: the place to drop them, how far taking them is, what became of them."""

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QComboBox, QFileDialog, QFrame, QProgressBar, QWidget

from lvdesk.fieldwork.return_model import Returned, ReturnRequest
from lvdesk.kit.progress import Snapshot
from lvdesk.kit.settings import Settings
from lvdesk.network.changed import Changed
from ui.jobs import Job
from ui.panes.base import Context
from ui.panes.fieldwork.return_loading import PackageChoice, ReturnServices
from ui.panes.fieldwork.return_words import SYSTEM_TITLES
from ui.parts import button, label, picture, row
from ui.theme.tokens import tokens

_FOLDER = "returns_folder"
_CHOICE = "returns_choice"
_PATTERNS = "采录结果、扫描件、照片 (*.xlsx *.xls *.csv *.et *.ods *.pdf *.jpg *.jpeg *.png *.tif *.tiff *.bmp *.webp);;所有文件 (*)"


class Choosing(QWidget):
    """To which package and in which coordinate system things come back; neither need be said."""

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self._settings = settings
        self._wanted, system = _remembered(settings)
        self.package, self.system = QComboBox(), QComboBox()
        self.package.setAccessibleName("属于哪个任务包")
        self.package.setToolTip("表单和文件自己写明的不用选；没有写明的算作这个任务包的结果")
        self.package.setMinimumWidth(150)
        self.system.setAccessibleName("没有写明坐标系的文件是什么坐标系")
        self.system.setToolTip("文件自己写明的不受影响；自动识别是拿文件里的坐标同台账比较")
        self.show_packages(())
        for key, title in SYSTEM_TITLES:
            self.system.addItem(title if key else "坐标系：自动识别", key)
        self.system.setCurrentIndex(max(self.system.findData(system), 0))
        self.package.activated.connect(lambda _place: self._remember())
        self.system.activated.connect(lambda _place: self._remember())
        row(self.package, self.system, parent=self, gap=8)

    def show_packages(self, packages: Sequence[PackageChoice]) -> None:
        """Offers packages; the one chosen stays while it is offered."""
        present = str(self.package.currentData() or "") or self._wanted
        self.package.clear()
        self.package.addItem("任务包：不指定", "")
        for each in packages:
            self.package.addItem(each.package_no, each.package_no)
            self.package.setItemData(self.package.count() - 1, each.title, Qt.ItemDataRole.ToolTipRole)
        self.package.setCurrentIndex(max(self.package.findData(present), 0))

    def request(self, paths: Sequence[Path]) -> ReturnRequest:
        """These files with what is chosen."""
        return ReturnRequest(tuple(paths), str(self.package.currentData() or ""), str(self.system.currentData() or ""))

    def _remember(self) -> None:
        self._wanted = str(self.package.currentData() or "")
        self._settings.set(_CHOICE, [self._wanted, str(self.system.currentData() or "")])


class Taking(QObject):
    """Takes files back one pile after the other; a pile that comes meanwhile waits.

    Signals: changed(): something began or ended; done(Returned); stopped(); failed(exception); progressed(Snapshot).
    """

    changed = Signal()
    done = Signal(object)
    stopped = Signal()
    failed = Signal(object)
    progressed = Signal(object)

    def __init__(self, context: Context, services: ReturnServices, parent: QObject) -> None:
        super().__init__(parent)
        self._context, self._services = context, services
        self._job: Job | None = None
        self._waiting: list[ReturnRequest] = []
        self.last: ReturnRequest | None = None

    @property
    def busy(self) -> bool:
        """Whether files are being taken."""
        return self._job is not None

    @property
    def waiting(self) -> int:
        """Piles that come afterwards."""
        return len(self._waiting)

    def take(self, request: ReturnRequest) -> None:
        """Takes a pile, now or after the one that is being taken."""
        if self.busy:
            self._waiting.append(request)
            self.changed.emit()
        else:
            self._start(request)

    def again(self) -> None:
        """Takes the last pile once more."""
        if self.last is not None:
            self.take(self.last)

    def cancel(self) -> None:
        """Stops; what was taken stays, what waits is forgotten."""
        self._waiting.clear()
        if self._job is not None:
            self._job.cancel()

    def _start(self, request: ReturnRequest) -> None:
        self.last = request
        names = request.paths[0].name if len(request.paths) == 1 else f"{len(request.paths):,} 项"
        job = self._context.jobs.run(f"正在回收 {names}", lambda progress: self._services.take_back(request, progress), failed=self._failed)
        self._job = job
        job.progressed.connect(self.progressed)
        job.succeeded.connect(self._done)
        job.cancelled.connect(self._stopped)
        job.ended.connect(self._ended)
        self.changed.emit()

    def _done(self, done: Returned) -> None:
        self._job = None
        self.done.emit(done)
        self._context.bus.tell(done.changed)

    def _stopped(self) -> None:
        self._job = None
        self.stopped.emit()
        self._context.bus.tell(Changed.RETURNS | Changed.BATCHES | Changed.PACKAGES | Changed.HISTORY)

    def _failed(self, error: Exception) -> None:
        self._job = None
        self.failed.emit(error)

    def _ended(self) -> None:
        if self._waiting and not self.busy:
            self._start(self._waiting.pop(0))
        self.changed.emit()


class Strip(QFrame):
    """The narrow place to drop files, or how far taking them is."""

    def __init__(self, files: Callable[[], object], folder: Callable[[], object], cancel: Callable[[], object]) -> None:
        super().__init__()
        self.setObjectName("dropZone")
        self.setProperty("small", "true")
        self.bar = QProgressBar()
        self.bar.setAccessibleName("回收进度")
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(220)
        self.doing = label("", "muted")
        self.cancel = button("取消  Esc", cancel, name="取消回收")
        self._idle, self._busy = QWidget(), QWidget()
        hint = label("采录结果、扫描件、照片或文件夹拖到这里；同样的文件可以重复回收，不会重复计入", "muted")
        files_, folder_ = (
            button("选择文件…  Ctrl+I", files, icon_name="file", name="选择文件"),
            button("选择文件夹…", folder, icon_name="folder", name="选择文件夹"),
        )
        row(picture("inbox", 20, tokens().brand), hint, None, files_, folder_, parent=self._idle, gap=10)
        row(self.bar, self.doing, None, self.cancel, parent=self._busy, gap=12)
        inside = row(self._idle, self._busy, parent=self, gap=0)
        inside.setContentsMargins(14, 6, 8, 6)
        self.show_idle()

    def show_idle(self) -> None:
        """Files can be dropped."""
        self._idle.show()
        self._busy.hide()

    def show_busy(self, text: str) -> None:
        """Files are being taken."""
        self.bar.setRange(0, 0)
        self.doing.setText(text)
        self.cancel.setEnabled(True)
        self._idle.hide()
        self._busy.show()

    def show_progress(self, snapshot: Snapshot, waiting: int) -> None:
        """How far it is."""
        self.bar.setRange(0, snapshot.total)
        self.bar.setValue(min(snapshot.done, snapshot.total))
        done = f"{snapshot.done:,} / {snapshot.total:,} {snapshot.unit}" if snapshot.total else f"{snapshot.done:,} {snapshot.unit}"
        left = f"约剩 {snapshot.seconds_left:.0f} 秒" if snapshot.seconds_left is not None else ""
        more = f"之后还有 {waiting} 批" if waiting else ""
        self.doing.setText("  ·  ".join(part for part in (snapshot.label, done if snapshot.done else "", left, more) if part))
        self.cancel.setEnabled(snapshot.cancellable)


def _remembered(settings: Settings) -> tuple[str, str]:
    """Package and coordinate system chosen last."""
    match settings.get(_CHOICE, None):
        case [str() as package, str() as system]:
            return package, system
    return "", ""


def pick(context: Context, parent: QWidget, taken: Callable[[list[Path]], object], *, folder: bool = False) -> None:
    """Asks for files, or for a folder, without blocking; remembers where."""
    settings = context.workspace.settings
    title = "选择收回的文件夹" if folder else "选择收回的文件"
    dialog = QFileDialog(parent, title, str(settings.get(_FOLDER, "")), "" if folder else _PATTERNS)
    dialog.setFileMode(QFileDialog.FileMode.Directory if folder else QFileDialog.FileMode.ExistingFiles)

    def chosen(names: list[str]) -> None:
        settings.set(_FOLDER, str(Path(names[0]).parent))
        taken([Path(name) for name in names])

    dialog.filesSelected.connect(chosen)
    dialog.finished.connect(dialog.deleteLater)
    dialog.open()
