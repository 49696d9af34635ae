"""Why records stay, or would be refused: the reasons with their numbers, and where each is put right."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from ui.theme.apply import font
from ui.theme.tokens import tokens

Index = QModelIndex | QPersistentModelIndex
CAUSE = Qt.ItemDataRole.UserRole + 1
_PAD = 10
_COUNT_ROOM = 58
_WRAP = int(Qt.TextFlag.TextWordWrap)


@dataclass(frozen=True)
class Cause:
    """One reason; ``step``: the words of the way on, "" for none."""

    key: str
    title: str
    count: int
    step: str = ""


class CauseList(QListView):
    """Signals: chosen(key), followed(key): Enter or a double click."""

    chosen = Signal(str)
    followed = Signal(str)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._model = QStandardItemModel(self)
        self.setModel(self._model)
        self.setItemDelegate(_Drawing(self))
        self.setObjectName("exportCauses")
        self.setAccessibleName(name)
        self.setMouseTracking(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.selectionModel().currentChanged.connect(lambda *_places: self.chosen.emit(self.key()))
        self.doubleClicked.connect(lambda _index: self.followed.emit(self.key()))

    def show_causes(self, causes: Sequence[Cause]) -> None:
        """Shows these and stays where it stood, else at the first; tells which that is."""
        present = self.key()
        self.selectionModel().blockSignals(True)
        self._model.clear()
        for cause in causes:
            item = QStandardItem(cause.title)
            item.setData(cause, CAUSE)
            item.setData(f"{cause.title}，{cause.count:,} 条{f'，{cause.step}' if cause.step else ''}", Qt.ItemDataRole.AccessibleTextRole)
            item.setToolTip(cause.title)
            self._model.appendRow(item)
        self.setCurrentIndex(self._model.index(0, 0))
        self.stand_at(present)
        self.selectionModel().blockSignals(False)
        self.chosen.emit(self.key())

    def causes(self) -> list[Cause]:
        """What is shown."""
        return [self._model.item(place).data(CAUSE) for place in range(self._model.rowCount())]

    def key(self) -> str:
        """The current one's; "" when there is none."""
        cause = self.currentIndex().data(CAUSE)
        return cause.key if isinstance(cause, Cause) else ""

    def stand_at(self, key: str) -> None:
        """Makes one current."""
        for place, cause in enumerate(self.causes()):
            if cause.key == key:
                self.setCurrentIndex(self._model.index(place, 0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and not event.modifiers() and self.key():
            self.followed.emit(self.key())
        else:
            super().keyPressEvent(event)


class _Drawing(QStyledItemDelegate):
    """The reason in as many lines as it takes, its number at the right, the way on below."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        cause = index.data(CAUSE)
        view = option.widget
        width = view.viewport().width() if isinstance(view, QListView) else option.rect.width()
        if not isinstance(cause, Cause):
            return QSize(width, 0)
        room = QRect(0, 0, max(width - 2 * _PAD - _COUNT_ROOM, 60), 10_000)
        high = QFontMetrics(font(13)).boundingRect(room, _WRAP, cause.title).height()
        return QSize(width, high + 16 + (18 if cause.step else 0))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        cause = index.data(CAUSE)
        if not isinstance(cause, Cause):
            return
        look = tokens()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        place = QRectF(option.rect).adjusted(4, 1, -4, -1)
        painter.setPen(Qt.PenStyle.NoPen)
        if chosen or option.state & QStyle.StateFlag.State_MouseOver:
            painter.setBrush(QColor(look.brand_soft if chosen else look.hover))
            painter.drawRoundedRect(place, 6, 6)
        if chosen and option.state & QStyle.StateFlag.State_HasFocus:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QColor(look.brand))
            painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        inside = option.rect.adjusted(_PAD, 8, -_PAD, -8)
        painter.setFont(font(13, QFont.Weight.DemiBold))
        painter.setPen(QColor(look.brand if chosen else look.text))
        painter.drawText(inside, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignTop), f"{cause.count:,}")
        painter.setFont(font(13))
        painter.setPen(QColor(look.text))
        painter.drawText(inside.adjusted(0, 0, -_COUNT_ROOM, 0), _WRAP, cause.title)
        if cause.step:
            painter.setFont(font(12))
            painter.setPen(QColor(look.brand if chosen else look.text2))
            painter.drawText(inside, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom), cause.step)
        painter.restore()
