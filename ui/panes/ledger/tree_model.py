"""站-线-变-箱-户 as a tree whose branches are read when they are opened."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from ui.jobs import Jobs

if TYPE_CHECKING:
    from lvdesk.network.browsing import Node

Index = QModelIndex | QPersistentModelIndex
NODE = Qt.ItemDataRole.UserRole + 1
COUNT = Qt.ItemDataRole.UserRole + 2
_NOTHING = QModelIndex()


@dataclass(eq=False)
class Branch:
    """A node with what is below it, None while not read; ``node`` None is the whole station."""

    node: "Node | None"
    parent: "Branch | None" = None
    place: int = 0
    below: "list[Branch] | None" = None
    asked: bool = field(default=False)

    @property
    def address(self) -> tuple[str, str]:
        """Entity and key."""
        return (self.node.entity, self.node.key) if self.node else ("", "")


class TreeModel(QAbstractItemModel):
    """One root, the station itself.

    Attributes:
        opened: the branches below an index have arrived.
        failed: they could not be read.
    """

    opened = Signal(QModelIndex)
    failed = Signal(object)

    def __init__(self, jobs: Jobs, children: "Callable[[Node | None], Sequence[Node]]", title: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._children, self._title = jobs, children, title
        self._generation = 0
        self._root = Branch(None)

    def reload(self) -> None:
        """Forgets everything and reads the first level again."""
        self._generation += 1
        self.beginResetModel()
        self._root = Branch(None)
        self.endResetModel()
        self.fetchMore(self.root())

    def root(self) -> QModelIndex:
        """The station."""
        return self.createIndex(0, 0, self._root)

    def branch(self, index: Index) -> Branch | None:
        """The branch behind an index."""
        found = index.internalPointer() if index.isValid() else None
        return found if isinstance(found, Branch) else None

    def child(self, index: Index, address: tuple[str, str]) -> QModelIndex:
        """The branch with this entity and key directly below ``index``; invalid if it is not there."""
        branch = self.branch(index)
        for each in (branch.below or []) if branch else []:
            if each.address == address:
                return self.createIndex(each.place, 0, each)
        return QModelIndex()

    def index(self, row: int, column: int, parent: Index = _NOTHING) -> QModelIndex:
        if column != 0 or row < 0:
            return QModelIndex()
        if not parent.isValid():
            return self.root() if row == 0 else QModelIndex()
        branch = self.branch(parent)
        below = (branch.below or []) if branch else []
        return self.createIndex(row, 0, below[row]) if row < len(below) else QModelIndex()

    def parent(self, index: Index = _NOTHING) -> QModelIndex:  # type: ignore[override]
        branch = self.branch(index)
        above = branch.parent if branch else None
        return self.createIndex(above.place, 0, above) if above else QModelIndex()

    def rowCount(self, parent: Index = _NOTHING) -> int:
        if not parent.isValid():
            return 1
        branch = self.branch(parent)
        return len(branch.below or []) if branch else 0

    def columnCount(self, _parent: Index = _NOTHING) -> int:
        return 1

    def hasChildren(self, parent: Index = _NOTHING) -> bool:
        branch = self.branch(parent)
        if branch is None or branch.node is None:
            return True
        return bool(branch.below) if branch.below is not None else not branch.node.leaf and branch.node.count > 0

    def canFetchMore(self, parent: Index) -> bool:
        branch = self.branch(parent)
        return branch is not None and branch.below is None and not branch.asked and self.hasChildren(parent)

    def waiting(self, index: Index) -> bool:
        """Whether the branches below are on their way."""
        branch = self.branch(index)
        return branch is not None and branch.asked and branch.below is None

    def fetchMore(self, parent: Index) -> None:
        branch = self.branch(parent)
        if branch is None or branch.asked:
            return
        branch.asked = True
        generation = self._generation

        def take(nodes: "Sequence[Node]") -> None:
            if generation == self._generation:
                self._take(branch, nodes)

        def fail(error: Exception) -> None:
            if generation == self._generation:
                branch.asked = False
                self.failed.emit(error)

        self._jobs.read(lambda: self._children(branch.node), take, fail)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        branch = self.branch(index)
        if branch is None:
            return None
        node = branch.node
        title = node.title if node else self._title
        count = node.count if node else len(branch.below or [])
        if role == Qt.ItemDataRole.DisplayRole:
            return title
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{title}\n{node.key}" if node and node.key and node.key != title else title
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{title}，下级 {count}"
        if role == NODE:
            return node
        return count if role == COUNT else None

    def _take(self, branch: Branch, nodes: "Sequence[Node]") -> None:
        made = [Branch(node, branch, place) for place, node in enumerate(nodes)]
        index = self.createIndex(branch.place, 0, branch)
        if made:
            self.beginInsertRows(index, 0, len(made) - 1)
        branch.below = made
        if made:
            self.endInsertRows()
        self.opened.emit(index)
