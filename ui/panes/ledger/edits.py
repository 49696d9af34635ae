"""Changes made in the table: one cell typed, or a block pasted and looked at first."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from lvdesk.kit.errors import LVDeskError
from lvdesk.kit.table import Cell
from ui.models.source import CellEdit, Paste
from ui.panes.base import Context
from ui.panes.ledger.inspector import Inspector
from ui.panes.ledger.loading import Services
from ui.panes.ledger.paste_preview import PastePreview
from ui.widgets.data_table import DataTable

if TYPE_CHECKING:
    from lvdesk.network.editing import Checked


class Edits(QObject):
    """Signals: previewed(PastePreview): a block waits for a yes."""

    previewed = Signal(object)

    def __init__(self, context: Context, services: Services, table: DataTable, inspector: Inspector) -> None:
        super().__init__(table)
        self._context, self._services, self._table, self._inspector = context, services, table, inspector
        self.entity = ""
        self.preview: PastePreview | None = None
        self._outdated: object = None  # the record the inspector shows, once we changed it ourselves
        table.edited.connect(self.typed)
        table.pasted.connect(self.pasted)

    def typed(self, edit: CellEdit) -> None:
        """Checks and stores one cell; a refused text stays in the cell, marked."""
        self._store([edit])

    def pasted(self, paste: Paste) -> None:
        """Checks a block and shows what would happen."""
        if not paste.edits:
            why = "；".join(paste.ignored) or "粘贴的内容与表中相同"
            self._context.notices.warning("没有可修改的单元格", why, "请先选中要粘贴到的可修改的单元格")
            return
        entity = self.entity
        self._context.jobs.run(
            f"正在检查 {len(paste.edits):,} 处修改",
            lambda _progress: self._services.check(entity, paste.edits),
            writes=False,
            done=lambda checked: self._show(paste, checked),
            failed=self._context.notices.show,
        )

    def _show(self, paste: Paste, checked: "Sequence[Checked]") -> None:
        columns = {column.key: column.title for column in self._table.model.columns}
        rows = {edit.id: (self._table.model.row_of(edit.id) or 0) + 1 for edit in paste.edits}
        self.preview = PastePreview(self._context, paste, checked, rows, columns, self._table)
        self.preview.accepted_edits.connect(self._store)
        self.preview.open()
        self.previewed.emit(self.preview)

    def _store(self, edits: Sequence[CellEdit]) -> None:
        entity, record = self.entity, self._inspector.record
        seen = record is not None and record.entity == entity and record is not self._outdated
        versions = {record.id: record.version} if record is not None and seen else {}
        if record is not None and any(edit.id == record.id for edit in edits):
            self._outdated = record

        def failed(error: Exception) -> None:
            if isinstance(error, LVDeskError):
                for edit in edits:
                    self._table.model.settle(edit, Cell("error", f"没有保存：{error.message}"))
            self._context.notices.show(error, retry=self._table.reload)

        self._context.jobs.run(
            f"正在保存 {len(edits):,} 处修改",
            lambda _progress: self._services.edit(entity, edits, versions),
            done=self._context.bus.tell,
            failed=failed,
        )
