"""The rule book as a workbook: out to a file, back in after a look at what it would change."""

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QListWidget, QWidget

from ui.files import open_folder
from ui.notices import Offer
from ui.panes.base import Context
from ui.panes.checks.loading import Services
from ui.panes.checks.pending import Pending
from ui.parts import button, column, label, row

if TYPE_CHECKING:
    from lvdesk.checks.book import BookChanges

_FILTER = "Excel 工作簿 (*.xlsx)"
_KEY = "checks.book_folder"


class BookExchange(QObject):
    """Signals: previewed(BookPreview)."""

    previewed = Signal(object)

    def __init__(self, context: Context, services: Services, pending: Pending, owner: QWidget) -> None:
        super().__init__(owner)
        self._context, self._services, self._pending, self._owner = context, services, pending, owner
        self.preview: BookPreview | None = None

    def ask_write(self) -> None:
        """Asks where to, without blocking."""
        start = Path(str(self._context.workspace.settings.get(_KEY, ""))) / f"规则手册（{self._context.workspace.title}）.xlsx"
        dialog = QFileDialog(self._owner, "导出规则手册", str(start), _FILTER)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("xlsx")
        self._open(dialog, self.write)

    def ask_read(self) -> None:
        """Asks which file, without blocking."""
        dialog = QFileDialog(self._owner, "导入规则手册", str(self._context.workspace.settings.get(_KEY, "")), _FILTER)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        self._open(dialog, self.read)

    def write(self, path: Path) -> None:
        """Writes the rule book in force."""
        offer = Offer("打开文件夹", partial(open_folder, path.parent))
        said = "改动未生效的部分不在其中" if self._pending.given() else "可在 Excel 中修改后再导入"
        self._context.jobs.run(
            "正在导出规则手册",
            lambda _progress: self._services.write_book(path),
            writes=False,
            done=lambda _result: self._context.notices.success(f"已导出 {path.name}", said, offer=offer),
            failed=lambda error: self._context.notices.show(error, "规则手册没有导出"),
        )

    def read(self, path: Path) -> None:
        """Reads a workbook and shows what it would change."""
        self._context.jobs.run(
            "正在读取规则手册",
            lambda _progress: self._services.read_book(path),
            writes=False,
            done=lambda changes: self._show(path, changes),
            failed=lambda error: self._context.notices.show(error, "规则手册没有读入"),
        )

    def _open(self, dialog: QFileDialog, take: object) -> None:
        def chosen(name: str) -> None:
            self._context.workspace.settings.set(_KEY, str(Path(name).parent))
            take(Path(name))  # type: ignore[operator]

        dialog.fileSelected.connect(chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _show(self, path: Path, changes: "BookChanges") -> None:
        self.preview = BookPreview(self._owner, path.name, changes)
        self.preview.taken.connect(lambda: self._take(changes))
        self.preview.open()
        self.previewed.emit(self.preview)

    def _take(self, changes: "BookChanges") -> None:
        self._pending.take(changes.changes)
        self._context.notices.info(f"已读入 {len(changes.changes)} 条规则的改动，还没有生效", "请先试算，再点“生效”")


class BookPreview(QDialog):
    """Signals: taken."""

    taken = Signal()

    def __init__(self, parent: QWidget, name: str, changes: "BookChanges") -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("导入规则手册")
        self.resize(680, 460)
        count = len(changes.changes)
        head = label(f"{name}：将改动 {count} 条规则" if count else f"{name} 与现在的规则手册相同", "h2", wrap=True)
        parts: list[QWidget] = []
        if changes.problems:
            why = label(f"{len(changes.problems)} 处填写有问题，不会采用", "h2")
            parts += [why, _lines("填写有问题的地方", changes.problems)]
        if changes.lines:
            parts += [label("将要改动", "h2"), _lines("将要改动", changes.lines)]
        note = label("采用后先列为未生效的改动，可以试算，再决定是否生效。", "muted", wrap=True)
        self.take = button("采用这些改动", self._agree, "primary")
        self.take.setEnabled(bool(count))
        self.take.setDefault(True)
        column(
            head, *parts, None if not parts else 0, note, row(None, button("取消", self.reject), self.take), parent=self, gap=10, margin=18
        )

    def _agree(self) -> None:
        self.taken.emit()
        self.accept()


def _lines(name: str, lines: Sequence[str]) -> QListWidget:
    made = QListWidget()
    made.setObjectName("samples")
    made.setAccessibleName(name)
    made.setWordWrap(True)
    made.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    made.addItems(list(lines))
    return made
