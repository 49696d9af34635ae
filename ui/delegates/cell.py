"""How a cell of a large table looks: zebra, status chips, corner marks, the current row."""

from functools import cache

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QTableView, QWidget

from lvdesk.kit.table import Cell
from ui.models.table_model import TableRole
from ui.theme.apply import font
from ui.theme.tokens import tokens

Index = QModelIndex | QPersistentModelIndex
_PAD = 10
_CORNER = 7
_CHIP = 20
CHIP_LEVELS = {
    "运行": "success", "在运": "success", "正常": "success", "正常用电客户": "success", "合格": "success", "公变": "info", "公用": "info",
    "专变": "neutral", "专用": "neutral", "停运": "warning", "停用": "warning", "备用": "warning", "待投运": "warning", "未投运": "warning",
    "销户": "error", "已销户": "error", "拆除": "error", "报废": "error", "退运": "error", "故障": "error",
    "已入库": "success", "可导入": "success", "已导入": "success", "未变化": "neutral", "拒收": "error", "新增": "success", "变更": "info",
    "消失": "warning", "已治愈": "success", "提醒": "warning", "错误": "error",
    "账有实无": "error", "实有账无": "success", "换表": "info", "箱表不符": "warning", "户变不符": "warning", "挂接点": "info",
    "待整理": "neutral", "待营销确认": "warning", "待运检确认": "info", "已确认": "success", "退回": "error", "挂起": "neutral",
    "属实": "success", "有误": "error", "未查": "neutral",
}  # fmt: skip


@cache
def _colour(name: str) -> QColor:
    """Colours are asked for a thousand times a frame."""
    return QColor(name)


class CellDelegate(QStyledItemDelegate):
    """Paints cells by their kind and mark; edits as plain text."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look = tokens()
        kind, mark = index.data(TableRole.KIND), index.data(TableRole.MARK)
        text = index.data(Qt.ItemDataRole.DisplayRole) or ""
        level = None
        if kind == "level" and mark is not None:  # the mark is what the column is about: a chip says it better than a coloured ground
            level, mark = mark.level, None
        elif kind == "code" and mark is None:
            level = CHIP_LEVELS.get(text)
        painter.save()
        ink = self._ground(painter, option, index, mark)
        painter.setPen(QPen(_colour(look.line), 1))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        if level:
            self._chip(painter, option, text, level)
        elif text:
            self._text(painter, option, index, text, look.text3 if index.data(TableRole.LOADING) else ink)
        if mark is not None:
            self._corner(painter, option.rect, mark)
        if _is_current(option, index) and option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(_colour(look.brand), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(option.rect).adjusted(1, 1, -1, -2))
        painter.restore()

    def createEditor(self, parent: QWidget, _option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setFrame(False)
        editor.setProperty("cell", "true")
        editor.setAccessibleName(f"编辑 {index.model().headerData(index.column(), Qt.Orientation.Horizontal)}")
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, _index: Index) -> None:
        editor.setGeometry(option.rect)

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        option.palette.setColor(QPalette.ColorRole.Highlight, _colour(tokens().brand_soft))

    @staticmethod
    def _ground(painter: QPainter, option: QStyleOptionViewItem, index: Index, mark: Cell | None) -> str:
        look = tokens()
        view = option.widget
        ground, ink = (look.alt if index.row() % 2 else look.surface), look.text
        current = view.currentIndex() if isinstance(view, QTableView) else QModelIndex()
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected or (current.isValid() and current.row() == index.row()):
            ground = look.brand_soft
        if mark is not None and mark.level in {"error", "warning", "healed"}:
            ink, soft = look.status(mark.level)
            ground = ground if selected else soft
        painter.fillRect(option.rect, _colour(ground))
        return ink

    @staticmethod
    def _text(painter: QPainter, option: QStyleOptionViewItem, index: Index, text: str, ink: str) -> None:
        place = option.rect.adjusted(_PAD, 0, -_PAD, -1)
        painter.setPen(_colour(ink))
        painter.setFont(option.font)
        shown = text if "\n" not in text else text.replace("\n", " ")
        # Measuring a text costs as much as drawing it: only what may not fit is measured (no glyph is wider than the font is high).
        if len(shown) * option.fontMetrics.height() > place.width():
            shown = option.fontMetrics.elidedText(shown, Qt.TextElideMode.ElideRight, place.width())
        painter.drawText(place, int(index.data(Qt.ItemDataRole.TextAlignmentRole)), shown)

    @staticmethod
    def _chip(painter: QPainter, option: QStyleOptionViewItem, text: str, level: str) -> None:
        ink, soft = tokens().status(level)
        painter.setFont(font(12))
        width = min(painter.fontMetrics().horizontalAdvance(text) + 27, option.rect.width() - 8)
        place = QRectF(option.rect.left() + 6, option.rect.center().y() - _CHIP / 2, width, _CHIP)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_colour(soft))
        painter.drawRoundedRect(place, _CHIP / 2, _CHIP / 2)
        painter.setBrush(_colour(ink))
        painter.drawEllipse(QPointF(place.left() + 10, place.center().y()), 2.8, 2.8)
        painter.setPen(_colour(ink))
        painter.drawText(place.adjusted(18, 0, -4, 0), int(Qt.AlignmentFlag.AlignVCenter), text)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    @staticmethod
    def _corner(painter: QPainter, place: QRect, mark: Cell) -> None:
        ink, _soft = tokens().status(mark.level)
        right, top = place.right() + 1, place.top()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(_colour(ink))
        painter.drawPolygon(QPolygonF([QPointF(right - _CORNER, top), QPointF(right, top), QPointF(right, top + _CORNER)]))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _is_current(option: QStyleOptionViewItem, index: Index) -> bool:
    view = option.widget
    return isinstance(view, QTableView) and view.currentIndex() == index
