"""The ledger to look through: tree, table, inspector."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QSplitter, QWidget

from lvdesk.ledger.deskcheck_model import Mark
from ui.models.marked import OnlyMarked
from ui.models.table_model import State
from ui.panes.base import Context
from ui.panes.ledger.edits import Edits
from ui.panes.ledger.entity_switch import EntitySwitch
from ui.panes.ledger.inspector import Inspector
from ui.panes.ledger.loading import PLACES, Services
from ui.panes.ledger.tree_model import TreeModel
from ui.panes.ledger.tree_view import NetworkTree
from ui.parts import Elided, button, card, column, label, row
from ui.widgets.data_table import DataTable, EmptyText

if TYPE_CHECKING:
    from lvdesk.network.browsing import Node
    from lvdesk.network.records import Record

_REST_MS = 90  # a row passed over with a held key is not read
_BELOW = {
    "": "transformer_area",
    "substation": "feeder",
    "feeder": "transformer_area",
    "transformer_area": "meter_box",
    "meter_box": "customer",
}


class Browser(QWidget):
    """Signals: import_asked: nothing is here yet and the user wants to import."""

    import_asked = Signal()

    def __init__(self, context: Context, services: Services, mark_of: Callable[[int], Mark | None] = lambda _record: None) -> None:
        super().__init__()
        self._context, self._services = context, services
        self._scope: Node | None = None
        self._shown: tuple[str, str, str, bool] | None = None
        self._target: Record | None = None
        self._target_field = ""
        self._cell: tuple[int, str] | None = None
        self._first = _BELOW[""]
        self._absent = False
        self.tree_model = TreeModel(context.jobs, services.children, context.workspace.title, self)
        self.tree = NetworkTree(self.tree_model)
        self.switch = EntitySwitch()
        self.where = Elided("全部", Qt.TextElideMode.ElideMiddle, "muted")
        self.table = DataTable("ledger", context.jobs, context.workspace.settings, name="台账记录")
        self.all = button("显示全部", self._show_all, "link", name="不再只看不再列出的记录")
        self.all.hide()
        self.table.bar.slot.addWidget(self.where, 1)
        self.table.bar.slot.addWidget(self.all)
        self.inspector = Inspector(context.jobs, services.show, mark_of)
        self.edits = Edits(context, services, self.table, self.inspector)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST_MS)
        self._rest.timeout.connect(self._show_row)
        self._lay_out()
        self._connect()

    def refresh(self) -> None:
        """Reads everything again and stays where one is."""
        self._context.jobs.read(lambda: (self._services.entities(), self._services.counts()), self._take_words, self._context.notices.show)
        self.tree.refresh()
        if self._shown is not None:
            self.table.reload()
        if self.inspector.record is not None:
            self.inspector.show_record(self.inspector.record.entity, self.inspector.record.key)

    def reveal(self, entity: str, key: str | int, field: str = "") -> None:
        """Shows one record: its kind in the table, its place in the tree, itself in the inspector; with ``field`` that cell."""
        self._target_field = field
        self._context.jobs.read(lambda: self._services.show(entity, key), self._go, self._context.notices.show)

    def list_all(self, entity: str, *, absent: bool = False) -> None:
        """Lists every record of one kind, or those that their ledger no longer lists."""
        self._first, self._absent = entity, absent
        self.tree.setCurrentIndex(self.tree_model.root())
        if self.switch.current():
            self._absent = absent
            self.switch.select(entity)
            self._show_table()
            self.table.clear_filters()

    def list_unplaced(self, entity: str) -> None:
        """Lists the records of one kind whose parent is not known."""
        self._first, self._absent = entity, False
        self.tree.reveal([(entity, "")])

    def _lay_out(self) -> None:
        left = card()
        head = row(label("站-线-变-箱-户", "h2"))
        head.setContentsMargins(16, 11, 12, 4)
        column(head, self.tree, parent=left, gap=2, margin=1).setStretch(1, 1)
        middle = QWidget()
        column(self.table, parent=middle, gap=0)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setHandleWidth(12)
        split.setChildrenCollapsible(False)
        for part, least in ((left, 165), (middle, 330), (self.inspector, 260)):
            part.setMinimumWidth(least)
            split.addWidget(part)
        split.setStretchFactor(1, 1)
        split.setSizes([250, 600, 330])
        column(split, parent=self, gap=0)

    def _connect(self) -> None:
        self.tree.chosen.connect(self._scope_chosen)
        self.tree.arrived.connect(self._arrived)
        self.tree_model.failed.connect(lambda error: self._context.notices.show(error, retry=self.refresh))
        self.switch.chosen.connect(lambda _entity: self._show_all())
        self.table.current_changed.connect(lambda _identity: self._rest.start())
        self.table.opened.connect(lambda _identity: self.inspector.fields.setFocus(Qt.FocusReason.OtherFocusReason))
        self.table.model.state_changed.connect(self._go_to_cell)
        self.table.failed.connect(self._context.notices.show)
        self.table.told.connect(self._context.notices.success)
        self.inspector.link_asked.connect(self.reveal)
        self.inspector.history_asked.connect(lambda entity, key: self._context.navigate("history", (entity, key)))

    def _take_words(self, words: tuple[Sequence[tuple[str, str]], Mapping[str, int]]) -> None:
        entities, counts = words
        if not self.switch.current():
            self.switch.set_entities(entities)
            self.switch.select(self._first)
        self.switch.show_counts(counts)
        self._show_table()

    def _scope_chosen(self, node: "Node | None") -> None:
        if node is not None and node.leaf:
            self._rest.stop()
            self.inspector.show_record(node.entity, node.key)
            return
        moved = (node.entity, node.key) != (self._scope.entity, self._scope.key) if node and self._scope else node is not self._scope
        self._scope = node
        self._absent = self._absent and node is None and not moved
        below = _BELOW.get(node.entity if node else "", "")
        if node is not None and not node.key:  # a collection of records without a parent
            below = node.entity
        if self._target is not None:
            return
        if moved and below and self.switch.current():
            self.switch.select(below)
        self._show_table()

    def _show_all(self) -> None:
        self._absent = False
        self._show_table()

    def _show_table(self) -> None:
        entity, scope = self.switch.current(), self._scope
        if not entity:
            return
        self.where.set_text("只看台账不再列出的记录" if self._absent else scope.title if scope else "全部")
        self.all.setVisible(self._absent)
        asked = (entity, scope.entity if scope else "", scope.key if scope else "", self._absent)
        if asked == self._shown:
            return
        self._shown, self.edits.entity = asked, entity
        self.inspector.clear()
        source = self._services.table(entity, scope)
        if self._absent:
            source = OnlyMarked(source, "warning")
        self.table.set_source(source, key=f"ledger.{entity}", empty=self._empty(scope))

    def _empty(self, scope: "Node | None") -> EmptyText:
        if scope is not None:
            return EmptyText("list", "这里没有这类记录", "换一种记录，或在左侧选择上一级")
        return EmptyText(
            "inbox", "台账还是空的", "把营销、PMS 导出的台账文件导入后，在这里按站-线-变-箱-户查看", ("导入台账", self.import_asked.emit)
        )

    def _show_row(self) -> None:
        identity, present = self.table.current_id(), self.inspector.record
        known = present is not None and (present.entity, present.id) == (self.edits.entity, identity)
        if identity is not None and self.edits.entity and not known:
            self.inspector.show_record(self.edits.entity, identity)

    def _go(self, record: "Record") -> None:
        self._target = record
        self.tree.reveal([(link.entity, link.key) for link in record.path[:-1] if link.entity in PLACES])

    def _go_to_cell(self) -> None:
        """The rows have come: from the row that was asked for to the cell."""
        if self._cell is not None and self.table.model.state is State.READY:
            wanted, self._cell = self._cell, None
            self.table.go_to(*wanted)

    def _arrived(self) -> None:
        record, self._target = self._target, None
        if record is not None:
            self.switch.select(record.entity)
            self._show_table()
            self._cell = (record.id, self._target_field) if self._target_field else None
            self.table.go_to(record.id, self._target_field)
            self.inspector.show_record(record.entity, record.id)
