"""Reasons at the left, the records behind the chosen one at the right, the way to put them right below."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QWidget

from lvdesk.exchange.model import HeldBack
from ui.panes.base import Context
from ui.panes.export.held import HeldSource
from ui.panes.export.reasons import Cause, CauseList
from ui.parts import button, card, column
from ui.widgets.data_table import DataTable, EmptyText

_WAY: Final = "去处理"


@dataclass(frozen=True)
class Group:
    """A reason with its records; ``target``: page and what it shall show, None where there is no one way."""

    cause: Cause
    records: Sequence[HeldBack]
    target: tuple[str, object] | None = None
    note: str = ""


class Causes(QWidget):
    """Signals: led(page, target): go there; opened(entity, key): show the record."""

    led = Signal(str, object)
    opened = Signal(str, str)

    def __init__(self, context: Context, key: str, name: str, empty: EmptyText) -> None:
        super().__init__()
        self._empty = empty
        self._groups: dict[str, Group] = {}
        self._titles: dict[str, str] = {}
        self._source: HeldSource | None = None
        self.list = CauseList(name)
        self.way = button("", self.follow, "", "arrow-right", name=_WAY)
        self.table = DataTable(key, context.jobs, context.workspace.settings, name=f"{name}的记录", bar_apart=True)
        self.table.model.editing = False
        self.table.set_marked_levels(frozenset())
        self._side = card()
        inside = column(self.list, self.way, parent=self._side, gap=8)
        inside.setContentsMargins(6, 8, 6, 10)
        inside.setStretch(0, 1)
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setHandleWidth(12)
        split.setChildrenCollapsible(False)
        for part, least in ((self._side, 220), (self.table, 300)):
            part.setMinimumWidth(least)
            split.addWidget(part)
        split.setStretchFactor(1, 1)
        split.setSizes([248, 540])
        column(split, parent=self, gap=0)
        self.list.chosen.connect(self._turn)
        self.list.followed.connect(lambda _key: self.follow())
        self.table.opened.connect(self._open)
        self.table.failed.connect(context.notices.show)
        self.table.told.connect(context.notices.success)

    def show_groups(self, groups: Sequence[Group], titles: dict[str, str]) -> None:
        """Shows these, the present one if it is still there."""
        self._groups, self._titles = {group.cause.key: group for group in groups}, titles
        self._side.setVisible(bool(groups))
        self.list.show_causes([group.cause for group in groups])

    def follow(self) -> None:
        """Goes to where the chosen reason is put right."""
        group = self._groups.get(self.list.key())
        if group is not None and group.target is not None:
            self.led.emit(*group.target)

    def _turn(self, key: str) -> None:
        group = self._groups.get(key)
        self._source = HeldSource(group.records if group is not None else (), self._titles)
        self.table.note = group.note if group is not None else ""
        self.table.set_source(self._source, empty=self._empty)
        words = group.cause.step if group is not None and group.target is not None else ""
        self.way.setText(words)
        self.way.setAccessibleName(words or _WAY)
        self.way.setVisible(bool(words))

    def _open(self, identity: int) -> None:
        if self._source is not None:
            record = self._source.record(identity)
            self.opened.emit(record.entity, record.key)
