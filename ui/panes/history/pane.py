"""The history page: journal, backups, origin of a value."""

from collections.abc import Sequence
from typing import ClassVar

from PySide6.QtWidgets import QButtonGroup, QPushButton, QStackedWidget

from lvdesk.network.changed import Changed
from ui.actions import Action
from ui.panes.base import Context, Pane
from ui.panes.history.backup_view import BackupView
from ui.panes.history.journal_view import JournalView
from ui.panes.history.loading import Services, StationServices
from ui.panes.history.origin_view import OriginView
from ui.parts import column, row

_VIEWS = ("操作记录", "备份与还原", "数值溯源")


class HistoryPane(Pane):
    """Three views behind three chips."""

    key: ClassVar[str] = "history"
    title: ClassVar[str] = "历史"
    group: ClassVar[str] = "成果"
    icon: ClassVar[str] = "history"
    order: ClassVar[int] = 90
    shortcut: ClassVar[str] = "Ctrl+H"

    def __init__(self, context: Context, services: Services | None = None) -> None:
        super().__init__(context)
        real = services or StationServices(context.workspace)
        self.journal, self.backups, self.origin = JournalView(context, real), BackupView(context, real), OriginView(context, real)
        self._stack = QStackedWidget()
        self._chips = QButtonGroup(self)
        chips = row(gap=8)
        for index, (name, view) in enumerate(zip(_VIEWS, (self.journal, self.backups, self.origin), strict=True)):
            chip = QPushButton(name)
            chip.setProperty("chip", "true")
            chip.setCheckable(True)
            chip.setChecked(index == 0)
            chip.setAccessibleName(name)
            self._chips.addButton(chip, index)
            chips.addWidget(chip)
            self._stack.addWidget(view)
        chips.addStretch(1)
        self._chips.idClicked.connect(self._stack.setCurrentIndex)
        whole = column(chips, self._stack, parent=self, gap=12)
        whole.setStretch(1, 1)
        whole.setContentsMargins(20, 14, 16, 16)

    def toolbar_actions(self) -> Sequence[Action]:
        """Keys of this page; the buttons stand in the views."""
        return (
            Action("history.undo_one", "撤销选中的操作", self.journal.detail.ask_undo, "Del", "undo", "历史", in_bar=False),
            Action("history.filter", "筛选操作记录", self.journal.text.setFocus, "Ctrl+F", "filter", "历史", in_bar=False),
            Action("history.verify", "核验数据与历史", self.backups.verify, "", "shield", "历史", in_bar=False),
            Action("history.backups", "查看备份", lambda: self.show_view(1), "", "backup", "历史", in_bar=False),
            Action("history.origin", "查一个值的来源", lambda: self.show_view(2), "", "eye", "历史", in_bar=False),
        )

    def show_view(self, index: int) -> None:
        """0 journal, 1 backups, 2 origin."""
        self._chips.button(index).setChecked(True)
        self._stack.setCurrentIndex(index)

    def refresh(self, _changed: Changed) -> None:
        """Reads all three anew; each is one short read."""
        self.journal.load()
        self.backups.load()
        self.origin.load()

    def reveal(self, target: object) -> None:
        """("entry", id) selects an entry; (entity, key) shows where a record's values come from."""
        match target:
            case ("entry", int() as entry_id):
                self.show_view(0)
                self.journal.reveal(entry_id)
            case (str() as entity, str() as key):
                self.show_view(2)
                self.origin.reveal(entity, key)
