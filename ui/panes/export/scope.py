"""The choice of feeders and areas, on a page of its own so that long lists have room."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QFont, QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QDialog, QLineEdit, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from lvdesk.exchange.model import Scope
from ui.panes.export.loading import AreaChoice
from ui.panes.export.scope_model import PLACE, Index, Place, ScopeModel
from ui.panes.export.words import scope_words
from ui.parts import button, clearable, column, label, row
from ui.theme.apply import font
from ui.theme.icons import icon, paint
from ui.theme.tokens import tokens

_HIGH = 32
_INSET = 26


class ScopeDialog(QDialog):
    """Signals: agreed(Scope)."""

    agreed = Signal(object)

    def __init__(self, parent: QWidget | None, areas: Sequence[AreaChoice], scope: Scope) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("选择线路、台区")
        self.resize(520, 560)
        self._names = {area.area_no: area.name for area in areas} | {area.feeder_no: area.feeder_name for area in areas}
        self.places = ScopeModel(areas, scope)
        self.words = clearable(QLineEdit())
        self.words.setPlaceholderText("按名称、编号找线路或台区")
        self.words.setAccessibleName("找线路或台区")
        self.words.addAction(QAction(icon("search"), "查找", self.words), QLineEdit.ActionPosition.LeadingPosition)
        self.words.installEventFilter(self)
        self.list = ScopeList(self.places)
        self.count = label("", "muted", wrap=True)
        self.none = button("全不选", self.places.clear, "link", name="一个也不选")
        self.yes = button("确定", self.agree, "primary")
        self.yes.setDefault(True)
        top = row(label("导出哪些线路、台区", "h2"), None, self.none)
        foot = row(self.count, button("取消", self.reject), self.yes)
        foot.setStretch(0, 1)
        column(top, self.words, self.list, foot, parent=self, gap=10, margin=18).setStretch(2, 1)
        self.words.textChanged.connect(self.places.narrow)
        self.places.ticked.connect(self._follow)
        self._follow()
        self.words.setFocus()

    def agree(self) -> None:
        """Tells what is ticked."""
        if self.yes.isEnabled():
            self.agreed.emit(self.places.scope())
            self.accept()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if (
            watched is self.words
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() == Qt.Key.Key_Down
        ):
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)
            if not self.list.currentIndex().isValid() and self.places.rowCount():
                self.list.setCurrentIndex(self.places.index(0))
            return True
        return super().eventFilter(watched, event)

    def _follow(self) -> None:
        scope = self.places.scope()
        feeders, areas = ([self._names.get(key, key) or key for key in keys] for keys in (scope.feeders, scope.areas))
        self.count.setText(f"已选 {scope_words(feeders, areas)}" if feeders or areas else "还没有选；不限范围请取消，选“全所”")
        self.yes.setEnabled(bool(feeders or areas))


class ScopeList(QListView):
    """Lines with a box to tick; space, Enter or a click anywhere on the line."""

    def __init__(self, places: ScopeModel) -> None:
        super().__init__()
        self._places = places
        self.setModel(places)
        self.setItemDelegate(_Lines(self))
        self.setObjectName("scopeRows")
        self.setAccessibleName("线路和台区")
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in {Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter} and self.currentIndex().isValid():
            self._places.turn(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if event.button() is Qt.MouseButton.LeftButton and index.isValid():
            self._places.turn(index)


class _Lines(QStyledItemDelegate):
    """Box to tick and name; areas stand under their feeder."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(option.rect.width(), _HIGH)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look = tokens()
        place: Place = index.data(PLACE)
        state = index.data(Qt.ItemDataRole.CheckStateRole)
        on = state is not Qt.CheckState.Unchecked
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _ground(painter, option)
        inset = _INSET if place.area is not None else 0
        box = QRectF(option.rect.left() + 8 + inset, option.rect.center().y() - 7.5, 16, 16)
        painter.setPen(QColor(look.brand if on else look.line_hover))
        painter.setBrush(QColor(look.brand if on else look.surface))
        painter.drawRoundedRect(box, 4, 4)
        if on:
            paint(painter, "control-check" if state is Qt.CheckState.Checked else "control-partial", box, look.on_brand)
        words = option.rect.adjusted(34 + inset, 0, -10, 0)
        count = "" if place.area is not None else f"{place.count:,} 个台区"
        painter.setFont(font(12))
        painter.setPen(QColor(look.text2))
        painter.drawText(words, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), count)
        room = words.width() - (painter.fontMetrics().horizontalAdvance(count) + 10 if count else 0)
        painter.setFont(font(13, QFont.Weight.DemiBold if place.area is None else QFont.Weight.Normal))
        painter.setPen(QColor(look.text))
        shown = painter.fontMetrics().elidedText(place.title, Qt.TextElideMode.ElideMiddle, room)
        painter.drawText(words, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), shown)
        painter.restore()


def _ground(painter: QPainter, option: QStyleOptionViewItem) -> None:
    look, place = tokens(), QRectF(option.rect).adjusted(0, 1, -2, -1)
    if option.state & QStyle.StateFlag.State_MouseOver:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(look.hover))
        painter.drawRoundedRect(place, 6, 6)
    if option.state & QStyle.StateFlag.State_HasFocus:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QColor(look.brand))
        painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
