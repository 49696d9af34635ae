"""What became of the files of the last return: taken, known before, refused and why, rows and pages that wait."""

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QWidget

from lvdesk.fieldwork.return_model import Returned
from ui.files import open_folder
from ui.panes.base import Context
from ui.panes.fieldwork.listing import Listing
from ui.panes.fieldwork.return_words import FILE_COLUMNS, file_line, suggestion_line, systems_of, unread_line
from ui.parts import button, column
from ui.widgets.data_table import DataTable, EmptyText
from ui.widgets.segmented import Segmented

_ALL, _OPEN = "all", "open"
_NONE = EmptyText("check", "都收下了", "没有要处理的文件和行")
_ORDER = {"refused": 0, "unread": 1, "taken": 2, "unchanged": 3}


class ReturnedFiles(QWidget):
    """Signals: queue_asked(): what waits; ledger_asked(entity, key)."""

    queue_asked = Signal()
    ledger_asked = Signal(str, str)

    def __init__(self, context: Context, again: Callable[[], object]) -> None:
        super().__init__()
        self._done = Returned()
        self._doing: dict[str, Callable[[], object]] = {}
        self.scope = Segmented([(_ALL, "全部"), (_OPEN, "要处理的")], name="范围")
        self.rows = Listing(FILE_COLUMNS)
        self.table = DataTable("fieldwork.returned_files", context.jobs, context.workspace.settings, name="这一次回收的文件")
        self.table.model.editing = False
        self.table.set_marked_levels(frozenset({"error", "warning"}), by_rows=True)
        self.again = button("再回收一次", again, icon_name="refresh")
        self.again.setToolTip("改好文件之后，把同样的文件再收一次；已收下的不会重复计入")
        self.table.bar.slot.addWidget(self.scope)
        self.table.bar.slot.addWidget(self.again)
        column(self.table, parent=self, gap=0)
        self.scope.chosen.connect(lambda _key: self._fill())
        self.table.opened.connect(lambda _number: self._open())
        self.table.failed.connect(context.notices.show)
        self.table.told.connect(context.notices.success)
        self.table.set_source(self.rows, empty=_NONE)

    def show_return(self, done: Returned) -> None:
        """Lists what came of a return, what needs a person first."""
        self._done = done
        self.scope.select(_ALL)
        self._fill()

    def start(self) -> None:
        """Puts the keyboard on the list."""
        self.table.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill(self) -> None:
        done = self._done
        files = sorted(done.files, key=lambda file: _ORDER.get(file.status, 0))
        waiting = [*map(unread_line, done.unread), *map(suggestion_line, done.suggestions)]
        systems = systems_of(done.coordinates)
        wrong = [file_line(file) for file in files if _ORDER.get(file.status, 0) < 2]
        rest = (
            []
            if self.scope.current() == _OPEN
            else [file_line(file, systems.get(file.path.name, "")) for file in files if _ORDER.get(file.status, 0) >= 2]
        )
        self.scope.set_count(_ALL, len(done.files) + len(waiting))
        self.scope.set_count(_OPEN, len(wrong) + len(waiting))
        self._doing = {file_line(file).key: self._shower(file.path.parent) for file in files}
        self._doing |= {unread_line(each).key: self.queue_asked.emit for each in done.unread}
        self._doing |= {suggestion_line(each).key: self._finder(each.entity, each.key) for each in done.suggestions}
        self.rows.fill([*wrong, *waiting, *rest])
        self.table.reload()

    def _open(self) -> None:
        self._doing.get(self.rows.key_of(self.table.current_id()), lambda: None)()

    def _shower(self, folder: Path) -> Callable[[], object]:
        return lambda: open_folder(folder)

    def _finder(self, entity: str, key: str) -> Callable[[], object]:
        return lambda: self.ledger_asked.emit(entity, key)
