"""A list as a workbook for colleagues without the program: out to a file, the filled one back in."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QDialog, QFileDialog, QListWidget

from lvdesk.review.model import State
from ui.files import open_folder
from ui.notices import Offer
from ui.panes.base import Context
from ui.panes.review.loading import Services
from ui.panes.review.words import stage_title
from ui.parts import button, column, label, row

if TYPE_CHECKING:
    from lvdesk.review.book_taking import BookTaken
    from ui.panes.review.desk import ReviewDesk

_FILTER: Final = "Excel 工作簿 (*.xlsx)"
_KEY: Final = "review.book_folder"
_GIVEN_OUT: Final = frozenset({State.MARKETING, State.OPERATIONS})
_TOLD: Final = 2


class BookExchange(QObject):
    """Signals: told(Rows): rows that were not taken stand on screen."""

    told = Signal(object)

    def __init__(self, context: Context, services: Services, desk: "ReviewDesk") -> None:
        super().__init__(desk)
        self._context, self._services, self._desk = context, services, desk
        self.rows: Rows | None = None

    def ask_write(self) -> None:
        """Asks where to, without blocking."""
        stage = self._desk.stage()
        if stage not in _GIVEN_OUT:
            self._context.notices.info("请先在左侧选“待营销确认”或“待运检确认”", "导出的是这两个清单，筛选过的只导出筛出的事项")
            return
        name = f"{stage_title(stage)}（{self._context.workspace.title} {self._context.workspace.clock():%m-%d}）.xlsx"
        dialog = QFileDialog(self._desk, "导出清单", str(self._folder() / name), _FILTER)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("xlsx")
        self._open(dialog, self.write)

    def ask_read(self) -> None:
        """Asks which file, without blocking."""
        dialog = QFileDialog(self._desk, "取回清单", str(self._folder()), _FILTER)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        self._open(dialog, self.read)

    def write(self, path: Path) -> None:
        """Writes what is listed."""
        stage, ids = self._desk.stage(), list(self._desk.table.model.ids)
        offer = Offer("打开文件夹", partial(open_folder, path.parent))
        self._desk.bulk.working.follow(
            self._context.jobs.run(
                f"正在导出{stage_title(stage)}清单",
                lambda progress: self._services.write_book(path, stage, ids, progress),
                writes=False,
                done=lambda rows: self._context.notices.success(
                    f"已导出 {rows:,} 项到 {path.name}", "填好“决定”一列后，用“取回清单”收回", offer=offer
                ),
                failed=lambda error: self._context.notices.show(error, "清单没有导出"),
            )
        )

    def read(self, path: Path) -> None:
        """Takes the decisions of a filled workbook."""
        self._desk.bulk.working.follow(
            self._context.jobs.run(
                f"正在取回 {path.name}",
                lambda progress: self._services.take_book(path, progress),
                done=lambda taken: self._taken(path, taken),
                failed=lambda error: self._context.notices.show(error, "清单没有取回"),
            )
        )

    def _taken(self, path: Path, taken: "BookTaken") -> None:
        lines = [f"第 {each.row} 行：{each.why}" for each in taken.refused]
        parts = [f"已处理 {taken.decided:,} 项"]
        parts += [f"{taken.unchanged:,} 行没有填写或与现在相同"] if taken.unchanged else []
        parts += [f"{len(lines):,} 行没有采用"] if lines else []
        if lines:
            offer = Offer("查看没有采用的行", lambda: self._show(path.name, lines))
            self._context.notices.warning("，".join(parts), "；".join(lines[:_TOLD]), offers=(offer,))
        else:
            self._context.notices.success("，".join(parts), path.name)
        self._context.bus.tell(taken.changed)

    def _show(self, name: str, lines: list[str]) -> None:
        self.rows = Rows(self._desk, name, lines)
        self.rows.open()
        self.told.emit(self.rows)

    def _folder(self) -> Path:
        return Path(str(self._context.workspace.settings.get(_KEY, "")))

    def _open(self, dialog: QFileDialog, take: Callable[[Path], object]) -> None:
        def chosen(name: str) -> None:
            self._context.workspace.settings.set(_KEY, str(Path(name).parent))
            take(Path(name))

        dialog.fileSelected.connect(chosen)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


class Rows(QDialog):
    """Rows of a workbook that were not taken, and why."""

    def __init__(self, parent: "ReviewDesk", name: str, lines: list[str]) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("没有采用的行")
        self.resize(620, 420)
        self.list = QListWidget()
        self.list.setObjectName("samples")
        self.list.setAccessibleName("没有采用的行")
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.addItems(lines)
        head = label(f"{name}：{len(lines):,} 行没有采用", "h2", wrap=True)
        note = label("改好这些行后再取回一次；已处理的不会重复处理。", "muted", wrap=True)
        column(head, self.list, note, row(None, button("知道了", self.accept, "primary")), parent=self, gap=10, margin=18)
