"""A cell that shows a share from 0 to 100 as a bar."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionViewItem

from ui.delegates.cell import CellDelegate, Index
from ui.models.table_model import TableRole
from ui.theme.tokens import tokens

_WORDS = 48
_HIGH = 6
_WHOLE = 100


class ShareDelegate(CellDelegate):
    """Columns of kind ``share`` get a bar, all others look as everywhere."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if index.data(TableRole.KIND) != "share":
            super().paint(painter, option, index)
            return
        look, text = tokens(), str(index.data(Qt.ItemDataRole.DisplayRole) or "")
        share = min(int(text), _WHOLE) if text.isdigit() else 0
        painter.save()
        self._ground(painter, option, index, None)
        painter.setPen(QPen(QColor(look.line), 1))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        painter.setPen(QColor(look.text))
        painter.setFont(option.font)
        words = option.rect.adjusted(0, 0, -(option.rect.width() - _WORDS), -1)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), f"{text}%" if text else "")
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        width = max(option.rect.width() - _WORDS - 24, 20)
        ground = QRectF(option.rect.left() + _WORDS + 10, option.rect.center().y() - _HIGH / 2, width, _HIGH)
        painter.setBrush(QColor(look.pressed))
        painter.drawRoundedRect(ground, _HIGH / 2, _HIGH / 2)
        if share:
            painter.setBrush(QColor(look.brand))
            done = QRectF(ground.left(), ground.top(), max(ground.width() * share / _WHOLE, _HIGH), _HIGH)
            painter.drawRoundedRect(done, _HIGH / 2, _HIGH / 2)
        painter.restore()
