"""What an import would change: per kind of record new, changed, gone, with examples to unfold."""

from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QHeaderView, QStyledItemDelegate, QStyleOptionViewItem, QTreeWidget, QTreeWidgetItem

from lvdesk.ledger.model import SheetReport
from ui.theme.icons import paint
from ui.theme.tokens import tokens

_HEADS = ("记录", "新增", "变更", "只补空值", "未变", "不再列出", "按归属保留")
_WHAT = (("new", "新增"), ("changed", "变更"), ("gone", "不再列出"), ("kept", "归其他系统所有，保留原值"))
_INKS = {1: "success", 2: "info", 5: "warning"}


class DifferenceView(QTreeWidget):
    """One line per kind of record; below it up to twenty examples of each change."""

    def __init__(self) -> None:
        super().__init__()
        self.setColumnCount(len(_HEADS))
        self.setHeaderLabels(list(_HEADS))
        self.setAccessibleName("与现有台账的差异")
        self.setItemDelegate(_Tall(self))
        self.setIndentation(20)
        self.setUniformRowHeights(True)
        self.header().setStretchLastSection(False)
        self.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for place in range(1, len(_HEADS)):
            self.setColumnWidth(place, 92)
            self.headerItem().setTextAlignment(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def show_sheet(self, sheet: SheetReport, titles: Mapping[str, str]) -> None:
        """Shows a sheet's differences; ``titles`` names the kinds of records."""
        self.clear()
        look = tokens()
        for entity, counts in sheet.entities.items():
            numbers = (counts.new, counts.changed - counts.completed, counts.completed, counts.unchanged, counts.gone, counts.kept)
            item = QTreeWidgetItem([titles.get(entity, entity), *(f"{number:,}" if number else "—" for number in numbers)])
            for place, number in enumerate(numbers, 1):
                item.setTextAlignment(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                level = _INKS.get(place, "") if number else "none"
                item.setForeground(place, QColor(look.status(level)[0] if level and number else look.text3 if not number else look.text))
            self.addTopLevelItem(item)
            for key, title in _WHAT:
                self._examples(item, title, sheet.samples.get(f"{entity}.{key}", ()))
        if self.topLevelItemCount() == 1:
            self.expandAll()

    def _examples(self, item: QTreeWidgetItem, title: str, texts: tuple[str, ...]) -> None:
        if not texts:
            return
        group = QTreeWidgetItem([f"{title}（举例 {len(texts)} 条）"])
        item.addChild(group)
        group.setFirstColumnSpanned(True)
        for text in texts:
            line = QTreeWidgetItem([text])
            line.setToolTip(0, text)
            group.addChild(line)
            line.setFirstColumnSpanned(True)


class _Tall(QStyledItemDelegate):
    """Lines of the height of the other tables, with a fine rule."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(super().sizeHint(option, index).width(), 32)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        cell = QStyleOptionViewItem(option)
        if index.column():
            cell.rect = option.rect.adjusted(0, 0, -8, 0)
        super().paint(painter, cell, index)
        painter.setPen(QColor(tokens().line))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        if index.column() == 0 and index.model().hasChildren(index):
            view = option.widget
            opened = isinstance(view, QTreeWidget) and view.isExpanded(index)
            place = QRectF(option.rect.left() - 17, option.rect.center().y() - 6, 13, 13)
            paint(painter, "chevron-down" if opened else "chevron-right", place, tokens().text3)
