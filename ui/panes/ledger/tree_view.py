"""The tree of the network at the left: where one stands."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QAbstractItemView, QFrame, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTreeView

from ui.panes.ledger.tree_model import COUNT, NODE, Branch, TreeModel
from ui.theme.apply import font
from ui.theme.icons import paint
from ui.theme.tokens import tokens

Index = QModelIndex | QPersistentModelIndex
ICONS = {
    "": "bolt", "substation": "substation", "feeder": "feeder", "transformer_area": "area", "transformer": "transformer",
    "meter_box": "box", "meter": "meter", "customer": "customer", "metering_point": "metering-point", "pole": "pole",
    "access_point": "pin", "branch_box": "box",
}  # fmt: skip
_HEIGHT, _STEP = 32, 13


class NetworkTree(QTreeView):
    """Signals: chosen(Node, or None for the whole station); arrived: the end of a way that was to be revealed."""

    chosen = Signal(object)
    arrived = Signal()

    def __init__(self, model: TreeModel) -> None:
        super().__init__()
        self._tree = model
        self._wanted: list[tuple[str, str]] = []
        self._awaited: Branch | None = None
        self._at: tuple[tuple[str, str], ...] = ()
        self.setModel(model)
        self.setHeaderHidden(True)
        self.setUniformRowHeights(True)
        self.setIndentation(_STEP)
        self.setRootIsDecorated(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setItemDelegate(_Branches(self))
        self.setObjectName("ownRows")
        self.setAccessibleName("站线变箱户")
        self.setExpandsOnDoubleClick(True)
        self.selectionModel().currentChanged.connect(self._moved)
        model.opened.connect(self._opened)

    def refresh(self) -> None:
        """Reads again and returns to where one stood."""
        self._tree.reload()
        self.expand(self._tree.root())

    def reveal(self, path: Sequence[tuple[str, str]]) -> None:
        """Opens the way down ``path`` (entity, key) as its branches arrive, and stands on the last that exists."""
        self._wanted, self._awaited = list(path), None
        self._walk(self._tree.root())

    def drawBranches(self, _painter: QPainter, _rect: QRect, _index: Index) -> None:
        """Nothing: the delegate draws the chevron."""

    def _walk(self, index: QModelIndex) -> None:
        while self._wanted:
            below = self._tree.child(index, self._wanted[0])
            if below.isValid():
                self._wanted.pop(0)
                self.expand(index)
                index = below
            elif self._tree.canFetchMore(index) or self._tree.waiting(index):
                self._awaited = self._tree.branch(index)
                self._tree.fetchMore(index)
                return
            else:
                self._wanted.clear()
        self.setCurrentIndex(index)
        self.scrollTo(index)
        self.arrived.emit()

    def _opened(self, index: QModelIndex) -> None:
        if not self._tree.parent(index).isValid():
            self.expand(index)
        if self._awaited is not None and self._tree.branch(index) is self._awaited:
            self._awaited = None
            self._walk(index)
        elif self._at and not self.currentIndex().isValid():
            self.reveal(self._at)
        elif not self.currentIndex().isValid():
            self.setCurrentIndex(self._tree.root())

    def _moved(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        path = []
        branch = self._tree.branch(index)
        while branch is not None and branch.node is not None:
            path.append(branch.address)
            branch = branch.parent
        self._at = tuple(reversed(path))
        self.chosen.emit(index.data(NODE))


class _Branches(QStyledItemDelegate):
    """Chevron, icon, title, number of branches below."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(option.rect.width(), _HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, view = tokens(), option.widget
        node = index.data(NODE)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if selected:
            painter.setPen(QColor(look.brand) if option.state & QStyle.StateFlag.State_HasFocus else Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.brand_soft))
            width = view.width() if isinstance(view, QTreeView) else option.rect.right()
            painter.drawRoundedRect(QRectF(6.5, option.rect.top() + 1.5, width - 21, _HEIGHT - 3), 6, 6)
        left = option.rect.left() + 12
        middle = option.rect.center().y()
        if node is not None and index.model().hasChildren(index):
            opened = isinstance(view, QTreeView) and view.isExpanded(index)
            paint(painter, "chevron-down" if opened else "chevron-right", QRectF(left - 8, middle - 6, 12, 12), look.text3)
        paint(
            painter,
            ICONS.get(node.entity if node else "", "box"),
            QRectF(left + 8, middle - 8, 16, 16),
            look.brand if selected else look.text2,
        )
        count = index.data(COUNT)
        painter.setFont(font(12))
        text = f"{count:,}" if count and node is not None else ""
        room = option.rect.adjusted(left - option.rect.left() + 32, 0, -30 - painter.fontMetrics().horizontalAdvance(text), 0)
        painter.setPen(QColor(look.text3))
        painter.drawText(option.rect.adjusted(0, 0, -24, 0), int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), text)
        painter.setFont(font(13, QFont.Weight.DemiBold if selected else QFont.Weight.Normal))
        painter.setPen(QColor(look.brand if selected else look.text))
        shown = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideLeft, room.width())
        painter.drawText(room, int(Qt.AlignmentFlag.AlignVCenter), shown)
        painter.restore()
