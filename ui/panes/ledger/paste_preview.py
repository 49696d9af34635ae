"""Before a pasted block is stored: every change with the old and the new value, bad ones marked."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QWidget

from lvdesk.kit.table import Cell, Column, Row
from ui.models.source import ListSource, Paste
from ui.panes.base import Context
from ui.parts import button, column, label, row
from ui.widgets.data_table import DataTable

if TYPE_CHECKING:
    from lvdesk.network.editing import Checked

_COLUMNS = (
    Column("row", "行", "number", 64), Column("field", "字段", "text", 140), Column("before", "原值", "text", 170),
    Column("after", "新值", "text", 170), Column("verdict", "检查结果", "text", 260),
)  # fmt: skip


class PastePreview(QDialog):
    """Does not block. Signals: accepted_edits(list of CellEdit) that passed the check."""

    accepted_edits = Signal(list)

    def __init__(
        self,
        context: Context,
        paste: Paste,
        checked: "Sequence[Checked]",
        rows: Mapping[int, int],
        titles: Mapping[str, str],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("粘贴预览")
        self.resize(880, 520)
        self._good = [edit for edit, verdict in zip(paste.edits, checked, strict=True) if not verdict.reason]
        bad = len(paste.edits) - len(self._good)
        records = len({edit.id for edit in self._good})
        head = label(f"将修改 {records:,} 条记录的 {len(self._good):,} 个单元格" if self._good else "没有一处可以保存", "h2")
        said = [f"{bad:,} 处没有通过检查，不会保存"] if bad else []
        more = label("；".join([*said, *paste.ignored]) or "全部通过检查；保存后可以撤销", "muted", wrap=True)
        self.table = DataTable("paste", context.jobs, context.workspace.settings, name="将要修改的单元格")
        self.table.model.editing = False
        self.table.set_source(ListSource(_COLUMNS, _rows(paste, checked, rows, titles)))
        self.save = button(f"保存 {len(self._good):,} 处修改", self._save, "primary")
        self.save.setEnabled(bool(self._good))
        self.save.setDefault(True)
        foot = row(None, button("取消", self.reject), self.save)
        column(head, more, self.table, foot, parent=self, gap=10, margin=18).setStretch(2, 1)

    def _save(self) -> None:
        self.accepted_edits.emit(self._good)
        self.accept()


def _rows(paste: Paste, checked: "Sequence[Checked]", rows: Mapping[int, int], titles: Mapping[str, str]) -> list[Row]:
    made = []
    for place, (edit, verdict) in enumerate(zip(paste.edits, checked, strict=True)):
        mark = (
            {"after": Cell("error", verdict.reason)} if verdict.reason else {"after": Cell("healed", verdict.note)} if verdict.note else {}
        )
        said = verdict.reason or verdict.note or "通过"
        made.append(Row(place, (str(rows.get(edit.id, "")), titles.get(edit.column, edit.column), edit.before, edit.text, said), mark))
    return made
