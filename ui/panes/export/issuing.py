"""The export itself: where to, progress, what came of it; the list of what is missing."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from lvdesk.exchange.model import SYSTEM_TITLES, ExportRequest
from lvdesk.kit.errors import ConflictError
from lvdesk.network.changed import Changed
from ui.files import open_folder
from ui.jobs import Job
from ui.notices import Offer
from ui.panes.base import Context
from ui.panes.export.loading import Ahead, Issued, Services
from ui.panes.export.memory import Memory

_BOOK: Final = "Excel 工作簿 (*.xlsx)"


class Issuing(QObject):
    """Signals: began(Job), ended, issued(Issued)."""

    began = Signal(object)
    ended = Signal()
    issued = Signal(object)

    def __init__(self, context: Context, services: Services, memory: Memory, owner: QWidget) -> None:
        super().__init__(owner)
        self._context, self._services, self._memory, self._owner = context, services, memory, owner
        self._job: Job | None = None

    def busy(self) -> bool:
        """Whether an export is under way."""
        return self._job is not None

    def ask(self, request: Callable[[Path], ExportRequest]) -> None:
        """Asks for the folder without blocking, then exports."""
        dialog = QFileDialog(self._owner, "选择导出到的文件夹", self._memory.folder())
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.filesSelected.connect(lambda names: self.begin(request(Path(names[0]))))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def begin(self, request: ExportRequest) -> None:
        """Exports; one at a time."""
        if self._job is not None:
            return
        self._memory.keep_folder(request.folder)
        self._memory.keep_purpose(request.options.purpose)
        words = "测试导出" if request.test else "导出"
        job = self._context.jobs.run(
            f"正在{words}：{SYSTEM_TITLES[request.system]}",
            lambda progress: self._services.export(request, progress),
            done=self._done,
            failed=lambda error: self._failed(request, error),
        )
        job.cancelled.connect(lambda: self._context.notices.info("已取消导出，没有写出任何文件"))
        job.ended.connect(self._ended)
        self._job = job
        self.began.emit(job)

    def ask_draft(self, ahead: Ahead) -> None:
        """Asks where the list of what is missing goes."""
        workspace = self._context.workspace
        name = f"缺项清单（{workspace.title} {workspace.clock():%m-%d}）.xlsx"
        dialog = QFileDialog(self._owner, "另存缺项清单", str(Path(self._memory.folder()) / name), _BOOK)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("xlsx")
        dialog.fileSelected.connect(lambda chosen: self.write_draft(ahead, Path(chosen)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def write_draft(self, ahead: Ahead, path: Path) -> None:
        """Writes the list of what is missing."""
        offer = Offer("打开文件夹", partial(open_folder, path.parent))
        self._context.jobs.run(
            "正在写出缺项清单",
            lambda _progress: self._services.draft(ahead, path),
            writes=False,
            done=lambda _nothing: self._context.notices.success(
                f"已写出 {path.name}", "暂缓的、接收方可能退回的、各台区就绪情况", offer=offer
            ),
            failed=lambda error: self._context.notices.show(error, "缺项清单没有写出", retry=lambda: self.write_draft(ahead, path)),
        )

    def _done(self, issued: Issued) -> None:
        self.issued.emit(issued)
        manifest = issued.manifest
        if manifest.folder is not None and not manifest.test:
            self._context.bus.tell(Changed.EXPORTS | Changed.REVIEW | Changed.HISTORY)

    def _failed(self, request: ExportRequest, error: Exception) -> None:
        again = partial(self.begin, request)
        if isinstance(error, ConflictError):
            offers = (Offer("重新导出", again),)
            self._context.notices.warning("没有导出：数据在导出期间有变化", error.message, error.hint, offers=offers)
        else:
            self._context.notices.show(error, "没有导出", retry=again)

    def _ended(self) -> None:
        self._job = None
        self.ended.emit()
