"""The feeders of the desk check, each with what is done and what waits."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from lvdesk.ledger.deskcheck_model import FeederProgress
from ui.theme.apply import font
from ui.theme.tokens import tokens

Index = QModelIndex | QPersistentModelIndex
_FEEDER = Qt.ItemDataRole.UserRole + 1
_HEIGHT = 62
_ALL = "全部线路"


class FeederList(QListView):
    """Signals: chosen(feeder number, None for all)."""

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._wanted: str | None = None
        self._model = QStandardItemModel(self)
        self.setModel(self._model)
        self.setItemDelegate(_Lines(self))
        self.setObjectName("ownRows")
        self.setAccessibleName("线路的核实进度")
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.selectionModel().currentChanged.connect(lambda now, _before: self.chosen.emit(self._number(now)))

    def show_feeders(self, feeders: Sequence[FeederProgress]) -> None:
        """Shows them under a line for all; stays at the one that was current."""
        present, self._wanted = (self.current() if self._wanted is None else self._wanted), None
        lines: list[FeederProgress] = [total(feeders), *feeders]
        self.selectionModel().blockSignals(True)
        self._model.clear()
        for place, feeder in enumerate(lines):
            item = QStandardItem(feeder.name)
            item.setData((place > 0, feeder), _FEEDER)
            item.setData(_said(feeder), Qt.ItemDataRole.AccessibleTextRole)
            item.setToolTip(_said(feeder))
            self._model.appendRow(item)
        wanted = next((place for place, feeder in enumerate(lines) if place and feeder.feeder_no == present), 0)
        self.setCurrentIndex(self._model.index(wanted, 0))
        self.selectionModel().blockSignals(False)

    def go_to(self, feeder_no: str) -> None:
        """Makes a feeder current, now or when the feeders are shown."""
        for place in range(1, self._model.rowCount()):
            if self._number(self._model.index(place, 0)) == feeder_no:
                self.setCurrentIndex(self._model.index(place, 0))
                return
        self._wanted = feeder_no

    def current(self) -> str | None:
        """The chosen feeder's number, None for all."""
        return self._number(self.currentIndex())

    def title(self) -> str:
        """The chosen feeder's name."""
        return str(self.currentIndex().data() or _ALL)

    @staticmethod
    def _number(index: Index) -> str | None:
        found = index.data(_FEEDER)
        return found[1].feeder_no if found and found[0] else None


def total(feeders: Sequence[FeederProgress]) -> FeederProgress:
    """All feeders together."""
    sums = [sum(getattr(each, name) for each in feeders) for name in ("customers", "candidates", "marked", "confirmed", "open")]
    return FeederProgress("", _ALL, *sums)


def _said(feeder: FeederProgress) -> str:
    counts = f"{feeder.customers:,} 户，候选 {feeder.candidates:,}，待核实 {feeder.open:,}"
    return f"{feeder.name}，{counts}，已标注 {feeder.marked:,}，其中确认销户 {feeder.confirmed:,}"


class _Lines(QStyledItemDelegate):
    """Name, what waits, a bar of what is done, and the counts under it."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(option.rect.width(), _HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look = tokens()
        feeder: FeederProgress = index.data(_FEEDER)[1]
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _ground(painter, option)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        inside = option.rect.adjusted(18, 7, -16, -7)
        waiting = f"{feeder.open:,} 待核实" if feeder.open else "已完成" if feeder.candidates else "无候选"
        ink = look.amber if feeder.open else look.green if feeder.candidates else look.text3
        painter.setFont(font(12))
        width = painter.fontMetrics().horizontalAdvance(waiting)
        upper = QRect(inside.left(), inside.top(), inside.width(), 20)
        _text(painter, upper, waiting, ink, Qt.AlignmentFlag.AlignRight)
        painter.setFont(font(13, QFont.Weight.DemiBold if selected or index.row() == 0 else QFont.Weight.Normal))
        _text(painter, upper.adjusted(0, 0, -width - 10, 0), feeder.name, look.brand_dark if selected else look.text)
        bar = QRectF(inside.left(), inside.top() + 24, inside.width(), 5)
        done = (feeder.candidates - feeder.open) / feeder.candidates if feeder.candidates else 0.0
        _bar(painter, bar, done, look.brand if feeder.open else look.green)
        painter.setFont(font(12))
        counts = f"候选 {feeder.candidates:,}  ·  已标注 {feeder.marked:,}"
        _text(painter, QRect(inside.left(), inside.top() + 31, inside.width(), 17), counts, look.text2)
        painter.restore()


def _ground(painter: QPainter, option: QStyleOptionViewItem) -> None:
    look = tokens()
    place = QRectF(option.rect).adjusted(6, 1, -6, -1)
    painter.setPen(Qt.PenStyle.NoPen)
    if option.state & QStyle.StateFlag.State_Selected:
        painter.setBrush(QColor(look.brand_soft))
        painter.drawRoundedRect(place, 6, 6)
    elif option.state & QStyle.StateFlag.State_MouseOver:
        painter.setBrush(QColor(look.hover))
        painter.drawRoundedRect(place, 6, 6)
    if option.state & QStyle.StateFlag.State_HasFocus:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QColor(look.brand))
        painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)


def _bar(painter: QPainter, place: QRectF, done: float, ink: str) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tokens().grey_soft if done < 1 else ink))
    painter.drawRoundedRect(place, 2.5, 2.5)
    if 0 < done < 1:
        painter.setBrush(QColor(ink))
        painter.drawRoundedRect(QRectF(place.left(), place.top(), max(place.width() * done, 5), place.height()), 2.5, 2.5)


def _text(painter: QPainter, place: QRect, text: str, ink: str, side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft) -> None:
    painter.setPen(QColor(ink))
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, place.width())
    painter.drawText(place, int(side | Qt.AlignmentFlag.AlignVCenter), shown)
