"""Findings by rule, area or field: one line each with its counts."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.theme.apply import font
from ui.theme.tokens import tokens

if TYPE_CHECKING:
    from lvdesk.checks.findings import Group

Index = QModelIndex | QPersistentModelIndex
_NOTHING = QModelIndex()
_HEIGHT = 46
_LEVELS = ("error", "warning", "info")
_WORDS = ("错误", "警告", "提示", "例外")
_CENTRE = Qt.AlignmentFlag.AlignVCenter


def counts_of(group: "Group") -> tuple[int, int, int, int]:
    """Errors, warnings, infos, exceptions."""
    return group.errors, group.warnings, group.infos, group.excepted


class GroupModel(QAbstractListModel):
    """The groups below one line for all of them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.groups: Sequence[Group] = ()

    def show_groups(self, groups: "Sequence[Group]") -> None:
        """Replaces all."""
        self.beginResetModel()
        self.groups = groups
        self.endResetModel()

    def rowCount(self, parent: Index = _NOTHING) -> int:
        return 0 if parent.isValid() else len(self.groups) + 1

    def group(self, row: int) -> "Group | None":
        """The group of a line; None for the first, which is all."""
        return self.groups[row - 1] if 0 < row <= len(self.groups) else None

    def row_of(self, key: str | None) -> int:
        """The line of a group; the first when it is not there."""
        return next((row for row, group in enumerate(self.groups, 1) if group.key == key), 0)

    def counts(self, row: int) -> tuple[int, int, int, int]:
        """What a line counts."""
        group = self.group(row)
        if group is not None:
            return counts_of(group)
        rows = [counts_of(each) for each in self.groups] or [(0, 0, 0, 0)]
        errors, warnings, infos, excepted = (sum(column) for column in zip(*rows, strict=True))
        return errors, warnings, infos, excepted

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        group = self.group(index.row())
        if role == Qt.ItemDataRole.DisplayRole:
            return group.title if group else "全部"
        if role == Qt.ItemDataRole.UserRole:
            return group.detail if group else f"{len(self.groups):,} 组"
        if role in {Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole}:
            counts = zip(_WORDS, self.counts(index.row()), strict=True)
            said = "，".join(f"{word} {count:,}" for word, count in counts if count)
            head = f"{group.title} {group.detail}".strip() if group else "全部"
            return f"{head}：{said}" if said else head
        return None


class GroupList(QListView):
    """Signals: chosen(key of the group, None for all)."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.groups = GroupModel(self)
        self.setModel(self.groups)
        self.setItemDelegate(_Line(self))
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("问题分组")
        self.selectionModel().currentChanged.connect(lambda new, _old: self._tell(new))

    def show_groups(self, groups: "Sequence[Group]", key: str | None) -> None:
        """Shows groups and stands at one of them, without telling."""
        self.selectionModel().blockSignals(True)
        self.groups.show_groups(groups)
        self.setCurrentIndex(self.groups.index(self.groups.row_of(key), 0))
        self.selectionModel().blockSignals(False)
        self.viewport().update()

    def choose(self, key: str | None) -> None:
        """Stands at a group and tells."""
        self.setCurrentIndex(self.groups.index(self.groups.row_of(key), 0))

    def current(self) -> "Group | None":
        """The group chosen, None for all."""
        return self.groups.group(self.currentIndex().row())

    def _tell(self, index: QModelIndex) -> None:
        if index.isValid():
            group = self.groups.group(index.row())
            self.chosen.emit(group.key if group else None)


class _Line(QStyledItemDelegate):
    """Title, a line below it, the counts as coloured numbers at the right."""

    def sizeHint(self, _option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(120, _HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look, place = tokens(), QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(look.brand_soft if chosen else look.hover))
            painter.drawRoundedRect(place.adjusted(6, 1, -6, -1), 6, 6)
        model = index.model()
        counts = model.counts(index.row())[:3] if isinstance(model, GroupModel) else ()
        right = self._counts(painter, place, counts)
        self._texts(painter, place.adjusted(16, 0, 0, 0), right - 8, index, chosen=chosen)
        painter.restore()

    @staticmethod
    def _counts(painter: QPainter, place: QRectF, counts: Sequence[int]) -> float:
        painter.setFont(font(12))
        metrics, right = painter.fontMetrics(), place.right() - 14
        for level, count in reversed(list(zip(_LEVELS, counts, strict=False))):
            if not count:
                continue
            ink, soft = tokens().status(level)
            text = f"{count:,}"
            width = max(metrics.horizontalAdvance(text) + 12, 22)
            chip = QRectF(right - width, place.center().y() - 9, width, 18)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(soft))
            painter.drawRoundedRect(chip, 9, 9)
            painter.setPen(QColor(ink))
            painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)
            right -= width + 4
        return right

    @staticmethod
    def _texts(painter: QPainter, place: QRectF, right: float, index: Index, *, chosen: bool) -> None:
        look, detail = tokens(), str(index.data(Qt.ItemDataRole.UserRole) or "")
        width = right - place.left()
        title = QRectF(place.left(), place.top() + (5 if detail else 0), width, 20 if detail else place.height())
        painter.setFont(font(13, QFont.Weight.DemiBold if chosen else QFont.Weight.Normal))
        painter.setPen(QColor(look.brand if chosen else look.text))
        shown = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, round(width))
        painter.drawText(title, _CENTRE, shown)
        if detail:
            painter.setFont(font(12))
            painter.setPen(QColor(look.text2))
            below = QRectF(place.left(), place.top() + 24, width, 18)
            painter.drawText(below, _CENTRE, painter.fontMetrics().elidedText(detail, Qt.TextElideMode.ElideRight, round(width)))
