"""Where a package goes: feeder, areas to tick, what there is to visit in each."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QFont, QKeyEvent, QKeySequence, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from lvdesk.fieldwork.model import AreaNeed
from ui.panes.fieldwork.area_model import AREA, NEED, AreaModel
from ui.panes.fieldwork.loading import AreaChoice
from ui.parts import button, clearable, column, label, row
from ui.theme.apply import font
from ui.theme.icons import icon, paint
from ui.theme.tokens import tokens

Index = QModelIndex | QPersistentModelIndex
_HEIGHT = 52


class AreaPicks(QFrame):
    """Signals: changed(): other areas are ticked, feeder_changed(number or "")."""

    changed = Signal()
    feeder_changed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("card", "true")
        self.areas = AreaModel()
        self.feeder = QComboBox()
        self.feeder.setAccessibleName("线路")
        self.words = clearable(QLineEdit())
        self.words.setPlaceholderText("按名称、编号找台区")
        self.words.setAccessibleName("找台区")
        self.words.addAction(QAction(icon("search"), "查找", self.words), QLineEdit.ActionPosition.LeadingPosition)
        self.list = AreaList(self.areas)
        self.every = button("全选", lambda: self.areas.tick_shown(on=True), "link", name="选中列出的台区")
        self.none = button("全不选", lambda: self.areas.tick_shown(on=False), "link", name="不选列出的台区")
        self.count = label("", "muted")
        foot = row(self.count, None, self.every, self.none, gap=6)
        inside = column(label("去哪里", "h2"), self.feeder, self.words, self.list, foot, parent=self, gap=8)
        inside.setContentsMargins(14, 12, 12, 10)
        inside.setStretch(3, 1)
        self.feeder.currentIndexChanged.connect(lambda _place: self._turn())
        self.words.textChanged.connect(lambda _text: self._narrow())
        self.areas.ticked.connect(self._ticked)
        self._count()

    def set_areas(self, areas: Sequence[AreaChoice], feeder: str) -> None:
        """Offers these, those of ``feeder`` first."""
        feeders = list(dict.fromkeys((area.feeder_no, area.feeder_name) for area in areas))
        present = str(self.feeder.currentData() or "") if self.feeder.count() else feeder
        self.feeder.blockSignals(True)
        self.feeder.clear()
        self.feeder.addItem(f"全部线路（{len(areas):,} 个台区）", "")
        for number, name in feeders:
            self.feeder.addItem(name or number or "未归属线路", number or " ")
        self.feeder.setCurrentIndex(max(self.feeder.findData(present), 0))
        self.feeder.blockSignals(False)
        self.areas.set_areas(areas)
        self._narrow()
        self._count()

    def set_needs(self, needs: Mapping[str, AreaNeed]) -> None:
        """What there is to visit, by area."""
        self.areas.set_needs(needs)

    def chosen(self) -> list[AreaChoice]:
        """The areas ticked."""
        return self.areas.chosen()

    def _turn(self) -> None:
        self._narrow()
        self.feeder_changed.emit(str(self.feeder.currentData() or ""))

    def _narrow(self) -> None:
        feeder = str(self.feeder.currentData() or "")
        self.areas.narrow(feeder.strip() if feeder else None, self.words.text())
        self._count()

    def _ticked(self) -> None:
        self._count()
        self.changed.emit()

    def _count(self) -> None:
        self.count.setText(f"已选 {len(self.chosen()):,} 个台区")


class AreaList(QListView):
    """Rows with a box to tick; space, Enter or a click anywhere on the row, Ctrl+A for all."""

    def __init__(self, areas: AreaModel) -> None:
        super().__init__()
        self._areas = areas
        self.setModel(areas)
        self.setItemDelegate(_Lines(self))
        self.setObjectName("ownRows")
        self.setAccessibleName("台区")
        self.setUniformItemSizes(True)
        self.setMouseTracking(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setFrameShape(QListView.Shape.NoFrame)
        self.activated.connect(self._toggle)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.SelectAll):
            self._areas.tick_shown(on=True)
        else:
            super().keyPressEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        place: QPoint = event.position().toPoint()
        if event.button() is Qt.MouseButton.LeftButton and self.indexAt(place).isValid():
            self._toggle(self.indexAt(place))

    def _toggle(self, index: Index) -> None:
        on = index.data(Qt.ItemDataRole.CheckStateRole) is not Qt.CheckState.Checked
        self._areas.tick([index.data(AREA).area_no], on=on)


class _Lines(QStyledItemDelegate):
    """Box to tick, name, what waits; the other counts under it."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: Index) -> QSize:
        return QSize(option.rect.width(), _HEIGHT)

    def editorEvent(self, event: QEvent, model: object, option: QStyleOptionViewItem, index: Index) -> bool:
        if event.type() in {QEvent.Type.MouseButtonRelease, QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick}:
            return False  # the whole row answers to the mouse
        return bool(super().editorEvent(event, model, option, index))  # type: ignore[arg-type]

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        look = tokens()
        area: AreaChoice = index.data(AREA)
        need: AreaNeed | None = index.data(NEED)
        on = index.data(Qt.ItemDataRole.CheckStateRole) is Qt.CheckState.Checked
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        _ground(painter, option, on=on)
        box = QRectF(option.rect.left() + 8, option.rect.center().y() - 7.5, 16, 16)
        painter.setPen(QColor(look.brand if on else look.line_hover))
        painter.setBrush(QColor(look.brand if on else look.surface))
        painter.drawRoundedRect(box, 4, 4)
        if on:
            paint(painter, "control-check", box, look.on_brand)
        inside = option.rect.adjusted(34, 6, -10, -6)
        upper, lower = QRect(inside.left(), inside.top(), inside.width(), 20), QRect(inside.left(), inside.top() + 21, inside.width(), 18)
        painter.setFont(font(12))
        waits = "" if need is None else f"{need.needed:,} 需采录" if need.needed else "无需采录"
        width = painter.fontMetrics().horizontalAdvance(waits)
        _text(painter, upper, waits, look.brand if need and need.needed else look.text3, Qt.AlignmentFlag.AlignRight)
        painter.setFont(font(13, QFont.Weight.DemiBold if on else QFont.Weight.Normal))
        _text(painter, upper.adjusted(0, 0, -width - 8, 0), area.name, look.text)
        painter.setFont(font(12))
        _text(painter, lower, _counts(area, need), look.text2)
        painter.restore()


def _counts(area: AreaChoice, need: AreaNeed | None) -> str:
    if need is None:
        return area.area_no
    parts = [f"计量箱 {need.boxes:,}"]
    parts += [f"已在任务包 {need.held:,}"] if need.held else []
    parts += [f"无坐标 {need.without_place:,}"] if need.without_place else []
    return "  ·  ".join(parts)


def _ground(painter: QPainter, option: QStyleOptionViewItem, *, on: bool) -> None:
    look = tokens()
    place = QRectF(option.rect).adjusted(0, 1, -2, -1)
    painter.setPen(Qt.PenStyle.NoPen)
    if on or option.state & QStyle.StateFlag.State_MouseOver:
        painter.setBrush(QColor(look.brand_soft if on else look.hover))
        painter.drawRoundedRect(place, 6, 6)
    if option.state & QStyle.StateFlag.State_HasFocus:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QColor(look.brand))
        painter.drawRoundedRect(place.adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)


def _text(painter: QPainter, place: QRect, text: str, ink: str, side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft) -> None:
    painter.setPen(QColor(ink))
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, place.width())
    painter.drawText(place, int(side | Qt.AlignmentFlag.AlignVCenter), shown)
