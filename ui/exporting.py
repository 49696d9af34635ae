"""The export of the survey workbook from the window: where to, progress, what was held back."""

from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QFileDialog, QWidget

from lvdesk.kit.progress import Progress
from lvdesk.kit.settings import Settings
from ui.actions import Action, Actions
from ui.files import open_folder
from ui.jobs import Jobs
from ui.notices import Notices, Offer

if TYPE_CHECKING:
    from lvdesk.exchange.model import Manifest

_KEY = "export_folder"


class ExportServices(Protocol):
    """What the export needs of the station; called on worker threads."""

    def survey_exists(self, folder: Path) -> bool:
        """Whether an export lies in the folder already."""

    def export_survey(self, folder: Path, progress: Progress) -> "Manifest":
        """Writes the survey workbook into the folder."""


class Exporting(QObject):
    """Owns the command ``file.export``."""

    def __init__(
        self, window: QWidget, actions: Actions, jobs: Jobs, notices: Notices, settings: Settings, services: ExportServices
    ) -> None:  # fmt: skip
        super().__init__(window)
        self._window, self._jobs, self._notices, self._settings, self._services = window, jobs, notices, settings, services
        actions.add(Action("file.export", "导出计量箱普查表…", self.ask, "Ctrl+E", "export", "通用"), window)

    def ask(self) -> None:
        """Asks for the folder without blocking."""
        dialog = QFileDialog(self._window, "选择导出到的文件夹", str(self._settings.get(_KEY, "")))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.filesSelected.connect(lambda names: self.begin(Path(names[0])))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def begin(self, folder: Path) -> None:
        """Exports into the folder; asks first when an export lies there."""
        self._settings.set(_KEY, str(folder))
        self._jobs.read(lambda: self._services.survey_exists(folder), lambda there: self._decide(folder, there=there), self._failed)

    def _decide(self, folder: Path, *, there: bool) -> None:
        if not there:
            self._write(folder)
            return
        offers = (Offer("替换", partial(self._write, folder)), Offer("换一个文件夹", self.ask))
        self._notices.warning("这个文件夹里已有一份导出的计量箱普查表", str(folder), "替换后旧文件不再保留", offers=offers)

    def _write(self, folder: Path) -> None:
        self._jobs.run(
            "正在导出计量箱普查表",
            lambda progress: self._services.export_survey(folder, progress),
            writes=False,
            done=self._done,
            failed=self._failed,
        )

    def _failed(self, error: Exception) -> None:
        self._notices.show(error, "计量箱普查表没有导出")

    def _done(self, manifest: "Manifest") -> None:
        file = manifest.files[0].path
        what, offer = f"已导出 {file.name}，{manifest.records:,} 行", Offer("打开文件夹", partial(open_folder, file.parent))
        held = Counter(each.why for each in manifest.held_back)
        if held:
            why = "；".join(f"{reason} {count:,} 条" for reason, count in held.most_common())
            self._notices.warning(what, f"未导出 {held.total():,} 条：{why}", offers=(offer,))
        else:
            self._notices.success(what, str(file.parent), offer=offer)
