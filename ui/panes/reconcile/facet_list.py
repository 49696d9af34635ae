"""Which disagreements are listed: by class, by who corrects, by how far they are, by area; counts beside."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem

if TYPE_CHECKING:
    from lvdesk.exchange.reconcile.browsing import Facets
    from lvdesk.exchange.reconcile.reading import Scope

_KEY = Qt.ItemDataRole.UserRole
_AREAS = 40


class FacetList(QTreeWidget):
    """Signals: scoped(Scope): other rows are wanted."""

    scoped = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("facets")
        self.setHeaderHidden(True)
        self.setColumnCount(2)
        self.setRootIsDecorated(False)
        self.setIndentation(8)
        self.setAccessibleName("差异分类")
        self.setFrameShape(QTreeWidget.Shape.NoFrame)
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(0, self.header().ResizeMode.Stretch)
        self.header().setSectionResizeMode(1, self.header().ResizeMode.ResizeToContents)
        self._filling = False
        self.itemChanged.connect(lambda _item, _column: self._changed())

    def show_facets(self, facets: "Facets") -> None:
        """Fills the list anew; what was ticked stays ticked."""
        from lvdesk.exchange.reconcile.model import KLASS_TITLES, STATE_TITLES, TARGET_TITLES

        ticked = self._ticked()
        self._filling = True
        self.clear()
        self._group("类别", "klass", [(str(each), KLASS_TITLES[each], count) for each, count in facets.klasses], ticked)
        self._group("谁来改", "target", [(str(each), TARGET_TITLES[each], count) for each, count in facets.targets], ticked)
        self._group("状态", "state", [(str(each), STATE_TITLES[each], count) for each, count in facets.states], ticked)
        self._group("台区", "area", list(facets.areas[:_AREAS]), ticked)
        self.expandAll()
        self._filling = False

    def tick_only(self, kind: str, key: str) -> None:
        """Narrows to one thing."""
        self._filling = True
        for item in self._items():
            item.setCheckState(0, Qt.CheckState.Checked if item.data(0, _KEY) == (kind, key) else Qt.CheckState.Unchecked)
        self._filling = False
        self._changed()

    def scope(self) -> "Scope":
        """What is ticked; nothing of a kind narrows nothing."""
        from lvdesk.exchange.reconcile.model import Klass, State, Target
        from lvdesk.exchange.reconcile.reading import Scope

        ticked = self._ticked()

        def chosen(kind: str) -> list[str]:
            return [key for each, key in ticked if each == kind]

        return Scope(
            frozenset(map(Klass, chosen("klass"))), frozenset(map(State, chosen("state"))), frozenset(map(Target, chosen("target"))),
            areas=frozenset(chosen("area")),
        )  # fmt: skip

    def _group(self, title: str, kind: str, lines: list[tuple[str, str, int]], ticked: set[tuple[str, str]]) -> None:
        if not lines:
            return
        head = QTreeWidgetItem(self, [title, ""])
        head.setFlags(Qt.ItemFlag.ItemIsEnabled)
        bold = head.font(0)
        bold.setBold(True)
        head.setFont(0, bold)
        for key, name, count in lines:
            item = QTreeWidgetItem(head, [name, f"{count:,}"])
            item.setFlags(Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsSelectable)
            item.setData(0, _KEY, (kind, key))
            item.setCheckState(0, Qt.CheckState.Checked if (kind, key) in ticked else Qt.CheckState.Unchecked)
            item.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            item.setToolTip(0, name)

    def _items(self) -> list[QTreeWidgetItem]:
        heads = filter(None, map(self.topLevelItem, range(self.topLevelItemCount())))
        return [item for head in heads for item in filter(None, map(head.child, range(head.childCount())))]

    def _ticked(self) -> set[tuple[str, str]]:
        return {tuple(item.data(0, _KEY)) for item in self._items() if item.checkState(0) is Qt.CheckState.Checked}

    def _changed(self) -> None:
        if not self._filling:
            self.scoped.emit(self.scope())
