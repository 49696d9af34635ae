"""The problem list for people outside: a plain list, and marked copies of their own workbooks."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QFileDialog, QListWidget, QListWidgetItem, QWidget

from ui.files import open_folder
from ui.notices import Offer
from ui.panes.base import Context
from ui.panes.checks.loading import Services
from ui.parts import Elided, button, column, label, row

if TYPE_CHECKING:
    from lvdesk.checks.marking import MarkSource

_KEY = "checks.export_folder"


class Exporting(QObject):
    """Signals: asked(ExportAsking): the choice stands on screen."""

    asked = Signal(object)

    def __init__(self, context: Context, services: Services, owner: QWidget) -> None:
        super().__init__(owner)
        self._context, self._services, self._owner = context, services, owner
        self.question: ExportAsking | None = None

    def ask(self) -> None:
        """Reads which files can be marked, then asks what to write."""
        self._context.jobs.read(self._services.sources, self._show, self._context.notices.show)

    def write(self, folder: Path, batches: Sequence[int], *, plain: bool) -> None:
        """Writes into the folder."""
        self._context.workspace.settings.set(_KEY, str(folder))
        self._context.jobs.run(
            "正在导出问题清单",
            lambda progress: self._services.export(folder, batches, progress, plain=plain),
            writes=False,
            done=lambda files: self._done(folder, files),
            failed=lambda error: self._context.notices.show(error, "问题清单没有导出"),
        )

    def _show(self, sources: "Sequence[MarkSource]") -> None:
        folder = str(self._context.workspace.settings.get(_KEY, ""))
        self.question = ExportAsking(self._owner, sources, folder)
        self.question.agreed.connect(lambda place, batches, plain: self.write(place, batches, plain=plain))
        self.question.open()
        self.asked.emit(self.question)

    def _done(self, folder: Path, files: Sequence[Path]) -> None:
        names = "、".join(path.name for path in files[:3]) + (f" 等 {len(files)} 个文件" if len(files) > 3 else "")
        offer = Offer("打开文件夹", partial(open_folder, folder))
        self._context.notices.success(f"已导出 {names}", str(folder), offer=offer)


class ExportAsking(QDialog):
    """What to write, and where to. Signals: agreed(folder, batches, plain list too)."""

    agreed = Signal(object, object, bool)

    def __init__(self, parent: QWidget, sources: "Sequence[MarkSource]", folder: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("导出问题清单")
        self.resize(600, 460)
        self._folder = folder
        self.plain = QCheckBox("问题清单：所有未处理的问题列成一张表")
        self.plain.setChecked(True)
        self.marked = QCheckBox("标注原表：在原表的副本上给有问题的单元格上色并加批注")
        self.marked.setTristate(True)
        self.files = QListWidget()
        self.files.setAccessibleName("要标注的原表")
        self.files.setObjectName("ticks")
        for source in sources:
            item = QListWidgetItem(f"{source.file}　{source.findings:,} 处")
            item.setData(Qt.ItemDataRole.UserRole, source.batch)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
            self.files.addItem(item)
        self.place = Elided("", Qt.TextElideMode.ElideMiddle, "muted")
        self.browse = button("选择文件夹…", self._browse)
        self.yes = button("导出", self._agree, "primary")
        self.yes.setDefault(True)
        where = row(label("存到"), self.place, self.browse)
        where.setStretchFactor(self.place, 1)
        note = label("" if sources else "没有可以标注的原表：只有 xlsx 等工作簿能做标注副本", "muted", wrap=True)
        note.setVisible(not sources)
        self.marked.setEnabled(bool(sources))
        self.files.setVisible(bool(sources))
        foot = row(None, button("取消", self.reject), self.yes)
        inside = column(label("导出什么", "h2"), self.plain, self.marked, self.files, note, where, foot, parent=self, gap=10, margin=18)
        if not sources:
            inside.insertStretch(5, 1)
        self.plain.toggled.connect(lambda _on: self._follow())
        self.marked.clicked.connect(lambda _on: self._mark_all())
        self.files.itemChanged.connect(lambda _item: self._follow())
        self._follow()

    def batches(self) -> list[int]:
        """The files ticked."""
        items = [self.files.item(place) for place in range(self.files.count())]
        return [int(item.data(Qt.ItemDataRole.UserRole)) for item in items if item.checkState() is Qt.CheckState.Checked]

    def set_folder(self, folder: str) -> None:
        """Where to write."""
        self._folder = folder
        self._follow()

    def _mark_all(self) -> None:
        all_on = len(self.batches()) == self.files.count()
        state = Qt.CheckState.Unchecked if all_on else Qt.CheckState.Checked
        for place in range(self.files.count()):
            self.files.item(place).setCheckState(state)
        self._follow()

    def _follow(self) -> None:
        ticked = len(self.batches())
        whole = Qt.CheckState.Checked if ticked == self.files.count() else Qt.CheckState.PartiallyChecked
        part = whole if ticked else Qt.CheckState.Unchecked
        self.marked.setCheckState(part)
        self.place.set_text(self._folder or "还没有选择文件夹")
        self.yes.setEnabled(bool(self._folder) and (self.plain.isChecked() or bool(ticked)))

    def _browse(self) -> None:
        dialog = QFileDialog(self, "选择导出到的文件夹", self._folder)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.filesSelected.connect(lambda names: self.set_folder(names[0]))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _agree(self) -> None:
        self.agreed.emit(Path(self._folder), self.batches(), self.plain.isChecked())
        self.accept()
